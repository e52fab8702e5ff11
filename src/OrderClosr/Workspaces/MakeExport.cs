using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>Writes the file of an export. After a crash it begins anew: a file that was not finished is none.</summary>
public sealed record MakeExport(WorkspaceId Workspace, Id<AskedExport> Export) : IJob
{
    public static string Kind => "make_export";
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(2);

    /// <summary>Who leaves may take what is theirs along.</summary>
    public static bool Leaves => true;

    // One lane for all shops: nobody is in a hurry for it, and a machine has enough with one.
    public string Lane => LaneName;
    public string OrderKey => Export.ToString();

    internal const string LaneName = "export/all";
}

/// <summary>Starts the writing and looks now and then whether it is done: it may take longer than a job may be held.</summary>
internal sealed class MakeExportHandler(OrderClosrDb db, ExportWriting writing, TimeProvider time) : IJobHandler<MakeExport>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Look = TimeSpan.FromSeconds(3);

    public async Task<JobOutcome> RunAsync(MakeExport job, JobRun run, CancellationToken stop)
    {
        if (await db.AskedExports.AsNoTracking().SingleOrDefaultAsync(e => e.Id == job.Export, stop) is not { IsUnderWay: true } export)
        {
            writing.Cancel(job.Export);
            return JobOutcome.Dropped("Nobody waits for it any more.");
        }
        var work = writing.Begin(db.WorkspaceId, export.Id, export.Format);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (await Task.WhenAny(work, Task.Delay(Patience, time, enough.Token)) != work)
        {
            stop.ThrowIfCancellationRequested();
            return JobOutcome.Again(time.GetUtcNow() + Look, "The export is being written.");
        }
        await enough.CancelAsync();
        writing.Forget(export.Id);
        if (await work is not { } bytes) return JobOutcome.Again(time.GetUtcNow() + Look, "The app was stopped meanwhile, or nobody waits any more.");
        return JobOutcome.Done(async (scope, inner) =>
        {
            var (store, now) = (scope.Db, scope.Get<TimeProvider>().GetUtcNow());
            if (await store.AskedExports.SingleOrDefaultAsync(e => e.Id == job.Export, inner) is not { IsUnderWay: true } row) return;
            (row.State, row.Bytes, row.ReadyAt, row.ExpiresAt, row.Done) = (ExportState.Ready, bytes, now, now + Exporting.KeptFor, row.Total);
            var here = store.WorkspaceId;
            var slug = await store.Workspaces.Where(w => w.Id == here).Select(w => w.Slug).SingleAsync(inner);
            await store.TellOwnersAsync((key, owner) => new SendAccountLetter(key, owner, AccountLetter.Export, null, At: row.ExpiresAt, Place: $"w/{slug}/settings/workspaces/export"), now, inner);
            store.Tell("export", row.Id);
        });
    }

    public async Task OnFailedAsync(MakeExport job, string words, CancellationToken stop)
    {
        if (await db.AskedExports.SingleOrDefaultAsync(e => e.Id == job.Export, stop) is not { IsUnderWay: true } row) return;
        row.State = ExportState.Failed;
        db.Tell("export", row.Id);
    }
}

/// <summary>The exports that this process writes, going on while their jobs are looked at again; one file at a time.</summary>
internal sealed class ExportWriting(ExportWriter writer, ExportFolder folder, WorkspaceScopes scopes, IHostApplicationLifetime life, TimeProvider time) : IDisposable
{
    private sealed record Work(CancellationTokenSource Stop, Task<long?> Task);

    /// <summary>How often the row is told how far it is, and asked whether anybody still waits.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<Id<AskedExport>, Work> _running = [];

    /// <summary>Ends with how many bytes the owner will download; null when it was cancelled or the app is stopping. Fails when it could not be written.</summary>
    internal Task<long?> Begin(WorkspaceId workspace, Id<AskedExport> id, ExportFormat format)
    {
        lock (_running)
        {
            if (_running.TryGetValue(id, out var work)) return work.Task;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopping);
            _running[id] = work = new(stop, Task.Run(() => WriteAsync(workspace, id, format, stop.Token), CancellationToken.None));
            return work.Task;
        }
    }

    internal void Forget(Id<AskedExport> id)
    {
        lock (_running)
            if (_running.Remove(id, out var work)) work.Stop.Dispose();
    }

    internal void Cancel(Id<AskedExport> id)
    {
        lock (_running)
            if (_running.Remove(id, out var work)) work.Stop.Cancel();
    }

    private async Task<long?> WriteAsync(WorkspaceId workspace, Id<AskedExport> id, ExportFormat format, CancellationToken stop)
    {
        try
        {
            await _one.WaitAsync(stop);
            try
            {
                var told = time.GetTimestamp();
                await TellAsync(workspace, id, 0, 0, stop);
                return await folder.WriteAsync(workspace, id, to => format == ExportFormat.Archive
                    ? writer.WriteArchiveAsync(workspace, to, ProgressAsync, stop)
                    : writer.WriteDocumentAsync(workspace, null, to, ProgressAsync, stop), stop);

                async ValueTask ProgressAsync(long done, long total, CancellationToken inner)
                {
                    if (time.GetElapsedTime(told) < Step) return;
                    told = time.GetTimestamp();
                    await TellAsync(workspace, id, done, total, inner);
                }
            }
            finally
            {
                _one.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException || (error is ObjectDisposedException && stop.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    private async Task TellAsync(WorkspaceId workspace, Id<AskedExport> id, long done, long total, CancellationToken stop)
    {
        await using var scope = scopes.Open(workspace);
        var db = scope.Db;
        var waits = await db.InTransactionAsync(async () =>
        {
            var rows = await db.AskedExports.Where(e => e.Id == id && (e.State == ExportState.Waiting || e.State == ExportState.Running))
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, ExportState.Running).SetProperty(e => e.Done, done).SetProperty(e => e.Total, total), stop);
            if (rows > 0) db.Tell("export", id);
            return rows > 0;
        }, stop);
        if (!waits) throw new OperationCanceledException("Nobody waits for it any more.");
    }

    public void Dispose() => _one.Dispose();
}
