using System.IO.Compression;
using Microsoft.Data.Sqlite;
using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Running;

/// <summary>Copies a whole database at one moment, and puts such a copy back. The two databases have nothing in common here.</summary>
internal abstract class DatabaseCopy
{
    internal static DatabaseCopy For(string connectionString) => DatabaseSetup.IsPostgres(connectionString) ? new PostgresCopy(connectionString) : new SqliteCopy(connectionString);

    /// <summary><c>sqlite</c> or <c>postgres</c>: a backup of one cannot be put back into the other.</summary>
    internal abstract string Kind { get; }

    /// <summary>Hands over the copy as a stream, with what its tables hold at that very moment.</summary>
    /// <param name="scratch">A folder of our own for what must lie on disk meanwhile.</param>
    internal abstract Task TakeAsync(string scratch, Func<string, IReadOnlyDictionary<string, long>, Stream, Task> use, CancellationToken stop);

    /// <summary>Replaces everything in the database by the copy in <paramref name="file"/>: all of it or nothing.</summary>
    internal abstract Task PutBackAsync(string file, BackupManifest manifest, CancellationToken stop);

    /// <summary>Makes a database beside ours from the copy, counts its tables and throws it away.</summary>
    /// <param name="scratchDatabase">PostgreSQL: an empty database to use; null: one is made, for which the role must be allowed to.</param>
    internal abstract Task<IReadOnlyDictionary<string, long>> TryOutAsync(string file, BackupManifest manifest, string? scratchDatabase, CancellationToken stop);

    /// <summary>Refuses when an app works on the database.</summary>
    internal virtual Task<bool> IsInUseAsync(CancellationToken stop) => Task.FromResult(false);
}

/// <summary>SQLite: <c>VACUUM INTO</c> copies rows, not pages, so that nothing deleted comes along (facts/backups-and-erasure.md section 1).</summary>
internal sealed class SqliteCopy(string connectionString) : DatabaseCopy
{
    internal override string Kind => "sqlite";

    private string File_ => Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    internal override async Task TakeAsync(string scratch, Func<string, IReadOnlyDictionary<string, long>, Stream, Task> use, CancellationToken stop)
    {
        var copy = Path.Combine(scratch, "copy.db");
        await using (var ours = await OpenAsync(connectionString + ";Pooling=False", stop))
        {
            await using var command = ours.CreateCommand();
            command.CommandText = "vacuum into $to";
            command.CommandTimeout = 0;
            command.Parameters.AddWithValue("$to", copy);
            await command.ExecuteNonQueryAsync(stop);
        }
        DataFolder.Protect(copy);
        var (migration, tables) = await LookAsync(copy, stop);
        await using var content = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        await using var packed = new PackingStream(content);
        await use(migration, tables, packed);
    }

    internal override async Task PutBackAsync(string file, BackupManifest manifest, CancellationToken stop)
    {
        var unpacked = await UnpackAsync(file, stop);
        Check(manifest, (await LookAsync(unpacked, stop)).Tables);
        // The copy has the journal of a new file; ours is looked at through connections that may only read.
        await using (var copy = await OpenAsync($"Data Source={unpacked};Pooling=False", stop)) await ScalarAsync(copy, "pragma journal_mode=wal", stop);
        SqliteConnection.ClearAllPools();
        var ours = File_;
        if (File.Exists(ours))
        {
            try
            {
                // The journal belongs to the file that goes: folded in first, so that what lies there is whole until the last moment.
                await using var old = await OpenAsync(connectionString + ";Pooling=False", stop);
                await ScalarAsync(old, "pragma wal_checkpoint(truncate)", stop);
            }
            catch (SqliteException)
            {
                // A damaged database is what a backup is put back for.
            }
        }
        Directory.CreateDirectory(Path.GetDirectoryName(ours)!);
        var beside = $"{ours}.restoring";
        File.Move(unpacked, beside, overwrite: true);
        DataFolder.Protect(beside);
        foreach (var journal in (string[])[$"{ours}-wal", $"{ours}-shm"]) File.Delete(journal);
        File.Move(beside, ours, overwrite: true);
    }

    internal override async Task<IReadOnlyDictionary<string, long>> TryOutAsync(string file, BackupManifest manifest, string? scratchDatabase, CancellationToken stop) =>
        (await LookAsync(await UnpackAsync(file, stop), stop)).Tables;

    private static async Task<string> UnpackAsync(string file, CancellationToken stop)
    {
        var unpacked = $"{file}.db";
        try
        {
            await using var from = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            await using var to = new FileStream(unpacked, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await from.CopyToAsync(to, stop);
            to.Flush(flushToDisk: true);
        }
        catch (InvalidDataException)
        {
            throw new BackupBroken("The database inside the backup cannot be read.");
        }
        return unpacked;
    }

    private static async Task<(string Migration, IReadOnlyDictionary<string, long> Tables)> LookAsync(string file, CancellationToken stop)
    {
        await using var connection = await OpenAsync($"Data Source={file};Mode=ReadOnly;Pooling=False", stop);
        if (await ScalarAsync(connection, "pragma quick_check(1)", stop) as string != "ok") throw new BackupBroken("The database inside the backup is damaged.");
        var tables = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in await NamesAsync(connection, stop)) tables[table] = (long)(await ScalarAsync(connection, $"select count(*) from \"{table}\"", stop))!;
        return ((string)(await ScalarAsync(connection, "select \"MigrationId\" from \"__EFMigrationsHistory\" order by 1 desc limit 1", stop) ?? ""), tables);
    }

    private static async Task<List<string>> NamesAsync(SqliteConnection connection, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name <> '__EFMigrationsLock' order by 1";
        await using var reader = await command.ExecuteReaderAsync(stop);
        var names = new List<string>();
        while (await reader.ReadAsync(stop)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync(stop);
    }

    private static async Task<SqliteConnection> OpenAsync(string connectionString, CancellationToken stop)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(stop);
        return connection;
    }

    internal static void Check(BackupManifest manifest, IReadOnlyDictionary<string, long> found)
    {
        var wrong = manifest.Tables.Where(t => found.GetValueOrDefault(t.Key, -1) != t.Value).Select(t => t.Key).ToList();
        if (wrong.Count > 0) throw new BackupBroken($"The database inside the backup has not the rows it should have ({string.Join(", ", wrong.Take(5))}).");
    }
}

/// <summary>Reads a file packed: what gzip makes of it, a block at a time.</summary>
internal sealed class PackingStream(Stream content) : ForwardReading
{
    private readonly MemoryStream _packed = new();
    private readonly byte[] _block = new byte[256 * 1024];
    private GZipStream? _gzip;
    private int _given;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _gzip ??= new(_packed, CompressionLevel.Fastest, leaveOpen: true);
        while (_given == _packed.Length && !_ended)
        {
            (_packed.Position, _given) = (0, 0);
            _packed.SetLength(0);
            var read = await content.ReadAsync(_block, cancellationToken);
            await _gzip.WriteAsync(_block.AsMemory(0, read), cancellationToken);
            if (read > 0) continue;
            await _gzip.DisposeAsync();
            _ended = true;
        }
        var count = Math.Min(buffer.Length, (int)_packed.Length - _given);
        _packed.GetBuffer().AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (!_ended) _gzip?.Dispose();
        _packed.Dispose();
        base.Dispose(disposing);
    }
}
