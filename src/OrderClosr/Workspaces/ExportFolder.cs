using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Where exports wait for their owner, <c>exports/{workspace}</c> in the data folder: one file each, sealed as a backup is, readable by our own user only. No backup takes them along.</summary>
public sealed class ExportFolder(DataFolder data, FernetKeys keys)
{
    private const string Finished = ".export", Unfinished = ".part";

    private string Folder => Path.Combine(data.Path, "exports");

    /// <summary>Writes a file whole or not at all; answers how many bytes came before they were sealed.</summary>
    internal async Task<long> WriteAsync(WorkspaceId workspace, Id<AskedExport> id, Func<Stream, Task> write, CancellationToken stop)
    {
        var folder = Path.GetDirectoryName(FileOf(workspace, id))!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else foreach (var level in (string[])[Folder, folder]) Directory.CreateDirectory(level, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var unfinished = Path.Combine(folder, $"{id}-{Guid.NewGuid():N}{Unfinished}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            long bytes;
            await using (var file = new FileStream(unfinished, options))
            {
                await using var seal = new SealingStream(file, keys.All[0]);
                await using var counting = new CountingStream(seal);
                await write(counting);
                await seal.FinishAsync(stop);
                file.Flush(flushToDisk: true);
                bytes = counting.Bytes;
            }
            File.Move(unfinished, FileOf(workspace, id), overwrite: true);
            return bytes;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>What was written; null when it is not there, or sealed with a key that is no longer ours.</summary>
    internal async Task<Stream?> OpenAsync(WorkspaceId workspace, Id<AskedExport> id, CancellationToken stop)
    {
        if (!File.Exists(FileOf(workspace, id))) return null;
        var file = new FileStream(FileOf(workspace, id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        try
        {
            return new ClosingStream(await UnsealingStream.OpenAsync(file, keys.All, stop), file);
        }
        catch (BackupBroken)
        {
            await file.DisposeAsync();
            return null;
        }
    }

    /// <summary>Every file that lies there, of which export, and whether it is finished.</summary>
    internal IReadOnlyList<(string File, WorkspaceId Workspace, Id<AskedExport> Export, bool IsFinished)> All() => !Directory.Exists(Folder) ? [] :
    [
        .. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(f => (f, WorkspaceId.TryParse(Path.GetFileName(Path.GetDirectoryName(f)), null, out var w) ? w : default, Id<AskedExport>.TryParse(Path.GetFileNameWithoutExtension(f).Split('-')[0], null, out var e) ? e : default, f.EndsWith(Finished, StringComparison.Ordinal)))
            .Where(f => !f.Item2.IsNone),
    ];

    private string FileOf(WorkspaceId workspace, Id<AskedExport> id) => Path.Combine(Folder, workspace.ToString(), $"{id}{Finished}");

    private sealed class CountingStream(Stream to) : ForwardWriting
    {
        internal long Bytes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return to.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Closes the file with what reads it.</summary>
    private sealed class ClosingStream(UnsealingStream open, FileStream file) : ForwardReading
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => open.ReadAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            open.Dispose();
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
