using System.Text.Json;
using System.Text.Json.Serialization;
using OrderClosr.Ground.Running;

namespace OrderClosr.Ground.Tenancy;

/// <summary>What the book can say of a workspace.</summary>
public enum DeletionWord
{
    /// <summary>An owner asked for the deletion.</summary>
    Asked,

    /// <summary>It was taken back.</summary>
    Undone,

    /// <summary>The workspace is gone: the tombstone.</summary>
    Purged,

    /// <summary>The owners have the proof.</summary>
    Proved,

    /// <summary>One customer of the workspace was erased.</summary>
    Erased,

    /// <summary>A person closed the own account, which is of no workspace.</summary>
    Closed,
}

/// <summary>One line of the book: ids and instants, nothing of a person.</summary>
/// <param name="Workspace">None where an account was closed.</param>
/// <param name="Customer">Who was erased, where one was.</param>
/// <param name="Account">Which was closed, where one was.</param>
public sealed record DeletionLine(WorkspaceId Workspace, DeletionWord What, DateTimeOffset At, Guid? Customer = null, Guid? Account = null);

/// <summary>Which workspaces were asked to go, which are gone, which customers were erased and which accounts closed, in a small file beside the database (<c>deletions.jsonl</c>) that a restore does not replace.</summary>
/// <remarks>
/// A restored backup is older than the book: what the book says is done again before anybody is served (<see cref="DeletionReplay"/>), so that
/// no backup brings a deleted workspace, an erased customer or a closed account back (facts/backups-and-erasure.md section 3). Lines are only added. Every backup carries the
/// book as it was then.
/// </remarks>
public sealed class DeletionBook(DataFolder folder, TimeProvider time)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "deletions.jsonl";

    private const int MostTries = 200;
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(25);
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly string _file = Path.Combine(folder.Path, FileName);

    /// <summary>Every line, oldest first; a line that a crash cut off says nothing.</summary>
    public IReadOnlyList<DeletionLine> Read()
    {
        if (!File.Exists(_file)) return [];
        using var content = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return Parse(bytes.ToArray());
    }

    /// <summary>Adds a line that the book does not hold yet; on disk when this returns.</summary>
    public Task WriteAsync(WorkspaceId workspace, DeletionWord what, DateTimeOffset at, CancellationToken stop) => MergeAsync([new(workspace, what, at)], stop);

    /// <summary>The same for one customer of it.</summary>
    public Task WriteErasedAsync(WorkspaceId workspace, Guid customer, CancellationToken stop) => MergeAsync([new(workspace, DeletionWord.Erased, time.GetUtcNow(), customer)], stop);

    /// <summary>The same for a closed account.</summary>
    public Task WriteClosedAsync(Guid account, CancellationToken stop) => MergeAsync([new(default, DeletionWord.Closed, time.GetUtcNow(), Account: account)], stop);

    /// <summary>Adds the lines of another copy of the book, e.g. of a backup.</summary>
    public async Task MergeAsync(IReadOnlyList<DeletionLine> lines, CancellationToken stop)
    {
        if (lines.Count == 0) return;
        await _one.WaitAsync(stop);
        try
        {
            await using var file = await OpenAsync(stop);
            var held = new byte[file.Length];
            await file.ReadExactlyAsync(held, stop);
            var added = lines.Except(Parse(held)).ToList();
            if (added.Count == 0) return;
            // What a crash cut off stays a line of its own.
            if (held.Length > 0 && held[^1] != '\n') file.WriteByte((byte)'\n');
            await file.WriteAsync(Bytes(added), stop);
            file.Flush(flushToDisk: true);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What the book says last of each workspace it knows.</summary>
    public IReadOnlyDictionary<WorkspaceId, DeletionState> States() => Read().Where(l => !l.Workspace.IsNone).GroupBy(l => l.Workspace).ToDictionary(g => g.Key, g =>
    {
        var last = g.Where(l => l.What is DeletionWord.Asked or DeletionWord.Undone).MaxBy(l => l.At);
        return new DeletionState(last?.What == DeletionWord.Asked ? last.At : null, last?.What == DeletionWord.Undone ? last.At : null, At(DeletionWord.Purged), At(DeletionWord.Proved));

        DateTimeOffset? At(DeletionWord what) => g.Where(l => l.What == what).Select(l => (DateTimeOffset?)l.At).Min();
    });

    /// <summary>The lines as a file holds them.</summary>
    internal static byte[] Bytes(IEnumerable<DeletionLine> lines)
    {
        using var bytes = new MemoryStream();
        foreach (var line in lines)
        {
            JsonSerializer.Serialize(bytes, line, Json);
            bytes.WriteByte((byte)'\n');
        }
        return bytes.ToArray();
    }

    internal static IReadOnlyList<DeletionLine> Parse(byte[] content)
    {
        var lines = new List<DeletionLine>();
        foreach (var line in System.Text.Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                if (JsonSerializer.Deserialize<DeletionLine>(line, Json) is { } read && (!read.Workspace.IsNone || read.Account is not null)) lines.Add(read);
            }
            catch (JsonException)
            {
                // Cut off by a crash.
            }
        }
        return lines;
    }

    // The app and the verb purge may write at the same moment: each waits for the other.
    private async Task<FileStream> OpenAsync(CancellationToken stop)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new(_file, options);
            }
            catch (IOException) when (tries < MostTries)
            {
                await Task.Delay(TryAgain, time, stop);
            }
        }
    }
}

/// <summary>What the book says last: of asked and undone only the later one.</summary>
public sealed record DeletionState(DateTimeOffset? AskedAt, DateTimeOffset? UndoneAt, DateTimeOffset? PurgedAt, DateTimeOffset? ProvedAt);
