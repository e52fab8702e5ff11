using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Running;

/// <summary>Makes, checks and puts back backups: database and media in one encrypted file each (promise P12).</summary>
/// <remarks>Memory stays flat for any size. What lies open on disk meanwhile lies in a folder of our own that only our user reads, and goes at the end.</remarks>
public sealed class Backups(IConfiguration settings, BackupFolder folder, DataFolder data, MediaFiles media, DeletionBook book, FernetKeys keys, TimeProvider time)
{
    private readonly string _connectionString = settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection;

    /// <summary>Makes one now; null when another one is being made.</summary>
    /// <exception cref="BackupBroken">What is in the way. Nothing half-made is left under a backup's name.</exception>
    public async Task<MadeBackup?> MakeAsync(CancellationToken stop)
    {
        using var held = folder.TryBegin();
        if (held is null) return null;
        using var scratch = new Scratch(data.Path);
        var at = time.GetUtcNow();
        var name = folder.NameFor(at);
        var unfinished = $"{name}.part";
        var database = DatabaseCopy.For(_connectionString);
        try
        {
            long rows = 0;
            BackupEnd end;
            await using (var file = new FileStream(unfinished, NewFile))
            {
                await using var seal = new SealingStream(file, keys.All[0]);
                var parts = new BackupParts(seal);
                await database.TakeAsync(scratch.Path, async (migration, tables, copy) =>
                {
                    rows = tables.Values.Sum();
                    await parts.WriteJsonAsync(BackupParts.Manifest, new BackupManifest(at, database.Kind, migration, tables), stop);
                    using (var lines = new MemoryStream(DeletionBook.Bytes(book.Read()))) await parts.WriteAsync(BackupParts.Deletions, lines, stop);
                    await parts.WriteAsync(BackupParts.Database, copy, stop);
                }, stop);
                end = await WriteMediaAsync(parts, stop);
                await parts.WriteJsonAsync(BackupParts.End, end, stop);
                await seal.FinishAsync(stop);
                file.Flush(flushToDisk: true);
            }
            File.Move(unfinished, name, overwrite: true);
            return new(name, at, rows, end.MediaFiles, new FileInfo(name).Length);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    // After the database: what its rows name is there by now, and a file never changes.
    private async Task<BackupEnd> WriteMediaAsync(BackupParts parts, CancellationToken stop)
    {
        long files = 0, bytes = 0;
        if (!Directory.Exists(media.Root)) return new(0, 0);
        foreach (var path in Directory.EnumerateFiles(media.Root, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".part", StringComparison.Ordinal)))
        {
            FileStream content;
            try
            {
                content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                continue; // erased meanwhile
            }
            await using (content) bytes += await parts.WriteAsync(BackupParts.Media + Path.GetRelativePath(media.Root, path).Replace('\\', '/'), content, stop);
            files++;
        }
        return new(files, bytes);
    }

    /// <summary>Restores a backup into a scratch database, counts every table and throws it away.</summary>
    /// <param name="scratchDatabase">On PostgreSQL an empty database to use; null: one is made and dropped.</param>
    /// <exception cref="BackupBroken">It cannot be used.</exception>
    public async Task<CheckedBackup> VerifyAsync(string file, string? scratchDatabase, CancellationToken stop)
    {
        using var scratch = new Scratch(data.Path);
        var (manifest, end) = await UnpackAsync(file, scratch.Path, withMedia: false, stop);
        var found = await DatabaseCopy.For(_connectionString).TryOutAsync(Path.Combine(scratch.Path, BackupParts.Database), manifest, scratchDatabase, stop);
        return new(manifest.At, [.. manifest.Tables.Select(t => new CheckedTable(t.Key, t.Value, found.GetValueOrDefault(t.Key)))], end.MediaFiles, end.MediaBytes);
    }

    /// <summary>Reads a backup to its end and keeps it ready beside our data; nothing of ours is touched before <see cref="ReadyBackup.PutBackAsync"/>.</summary>
    /// <exception cref="BackupBroken">It cannot be used, or an app works on the database.</exception>
    public async Task<ReadyBackup> OpenAsync(string file, IReadOnlyCollection<string> knownMigrations, CancellationToken stop)
    {
        var scratch = new Scratch(Path.GetDirectoryName(media.Root)!);
        try
        {
            var database = DatabaseCopy.For(_connectionString);
            if (await database.IsInUseAsync(stop)) throw new BackupBroken("An OrderClosr works on this database: stop it first.");
            var (manifest, _) = await UnpackAsync(file, scratch.Path, withMedia: true, stop);
            if (!knownMigrations.Contains(manifest.Migration)) throw new BackupBroken("The backup was made by a newer version of OrderClosr: put it back with that one.");
            return new(manifest.At, scratch, media.Root, async () =>
            {
                // Before the older database is in place: what it has forgotten is done again at the next start, whatever happens in between.
                await book.MergeAsync(await BooksAsync(file, stop), stop);
                await database.PutBackAsync(Path.Combine(scratch.Path, BackupParts.Database), manifest, stop);
            });
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>What this backup and all others of its place and ours say of deletions: on a new machine the newest of them knows most.</summary>
    private async Task<IReadOnlyList<DeletionLine>> BooksAsync(string file, CancellationToken stop)
    {
        var lines = new HashSet<DeletionLine>();
        var beside = Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(file))!, "*.backup");
        foreach (var one in beside.Concat(folder.All().Select(b => b.File)).Append(file).Select(Path.GetFullPath).Distinct())
            try
            {
                await using var content = new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
                await using var opened = await UnsealingStream.OpenAsync(content, keys.All, stop);
                var parts = new BackupParts(opened);
                // The book stands before the database: no more than the first piece is read. Older backups have none.
                for (var name = await parts.NextAsync(stop); name is BackupParts.Manifest or BackupParts.Deletions; name = await parts.NextAsync(stop))
                    if (name == BackupParts.Deletions) lines.UnionWith(DeletionBook.Parse(await parts.ReadBytesAsync(stop)));
                    else await parts.ReadBytesAsync(stop);
            }
            catch (BackupBroken) when (Path.GetFullPath(one) != Path.GetFullPath(file))
            {
                // Another one that is damaged, or made with another key, is not asked.
            }
        return [.. lines];
    }

    private async Task<(BackupManifest Manifest, BackupEnd End)> UnpackAsync(string file, string to, bool withMedia, CancellationToken stop)
    {
        if (!File.Exists(file)) throw new BackupBroken($"There is no file {file}.");
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        await using var opened = await UnsealingStream.OpenAsync(content, keys.All, stop);
        var parts = new BackupParts(opened);
        BackupManifest? manifest = null;
        BackupEnd? end = null;
        long files = 0, bytes = 0;
        while (await parts.NextAsync(stop) is { } name)
            switch (name)
            {
                case BackupParts.Manifest:
                    manifest = await parts.ReadJsonAsync<BackupManifest>(stop);
                    if (manifest.Database != DatabaseCopy.For(_connectionString).Kind) throw new BackupBroken($"The backup is of a {manifest.Database} database, and ConnectionStrings__OrderClosr names another kind.");
                    break;
                case BackupParts.Deletions:
                    await parts.CopyToAsync(Stream.Null, stop);
                    break;
                case BackupParts.End:
                    end = await parts.ReadJsonAsync<BackupEnd>(stop);
                    break;
                case BackupParts.Database:
                    await using (var copy = new FileStream(Path.Combine(to, name), NewFile)) await parts.CopyToAsync(copy, stop);
                    break;
                default:
                    bytes += await MediaAsync(parts, name, withMedia ? to : null, stop);
                    files++;
                    break;
            }
        if (manifest is null || end is null || (files, bytes) != (end.MediaFiles, end.MediaBytes)) throw new BackupBroken("The backup is not complete. Nothing of it is used.");
        return (manifest, end);
    }

    private static async Task<long> MediaAsync(BackupParts parts, string name, string? to, CancellationToken stop)
    {
        if (!name.StartsWith(BackupParts.Media, StringComparison.Ordinal) || name.Split('/').Any(p => p is "" or "." or "..")) throw new BackupBroken("The backup holds a file that is none of ours.");
        if (to is null) return await parts.CopyToAsync(Stream.Null, stop);
        var path = Path.Combine(to, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, NewFile);
        return await parts.CopyToAsync(file, stop);
    }

    private static readonly FileStreamOptions NewFile = OperatingSystem.IsWindows()
        ? new() { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous }
        : new() { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
}

/// <summary>A backup that was made.</summary>
public sealed record MadeBackup(string File, DateTimeOffset At, long Rows, long MediaFiles, long Bytes);

/// <summary>A backup that was restored into a scratch database.</summary>
public sealed record CheckedBackup(DateTimeOffset At, IReadOnlyList<CheckedTable> Tables, long MediaFiles, long MediaBytes)
{
    public bool IsRight => Tables.All(t => t.Expected == t.Found);
}

/// <summary>One of its tables: rows when it was made, rows after restoring it.</summary>
public sealed record CheckedTable(string Name, long Expected, long Found);

/// <summary>A backup read to its end, ready to be put back.</summary>
public sealed class ReadyBackup : IDisposable
{
    private readonly Scratch _scratch;
    private readonly string _media;
    private readonly Func<Task> _putBack;

    internal ReadyBackup(DateTimeOffset at, Scratch scratch, string media, Func<Task> putBack) => (At, _scratch, _media, _putBack) = (at, scratch, media, putBack);

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Replaces database and media by it. The database is all or nothing; the media follow at once.</summary>
    public async Task PutBackAsync()
    {
        await _putBack();
        var (ours, theirs) = (Path.Combine(_scratch.Path, "replaced"), Path.Combine(_scratch.Path, "media"));
        if (Directory.Exists(_media)) Directory.Move(_media, ours);
        if (Directory.Exists(theirs)) Directory.Move(theirs, _media);
    }

    public void Dispose() => _scratch.Dispose();
}

/// <summary>A folder of our own for what lies open on disk for a moment; gone with this, or at the next one's beginning after a crash.</summary>
internal sealed class Scratch : IDisposable
{
    private const string Prefix = "backup-scratch-";
    private readonly FileStream _lock;

    internal Scratch(string parent)
    {
        Directory.CreateDirectory(parent);
        Clean(parent);
        Path = System.IO.Path.Combine(parent, $"{Prefix}{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _lock = new(System.IO.Path.Combine(Path, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    internal string Path { get; }

    /// <summary>Removes what processes that died left behind.</summary>
    internal static void Clean(string parent)
    {
        if (!Directory.Exists(parent)) return;
        foreach (var left in Directory.EnumerateDirectories(parent, $"{Prefix}*"))
            try
            {
                using (new FileStream(System.IO.Path.Combine(left, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
                    Directory.Delete(left, recursive: true);
            }
            catch (IOException)
            {
                // Somebody works in it.
            }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
