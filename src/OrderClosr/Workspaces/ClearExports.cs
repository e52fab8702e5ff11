using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Workspaces;

/// <summary>Every hour: what was ready for 48 hours is gone, and with it what a crash or a cancelled export left lying.</summary>
internal sealed record ClearExports : IJob
{
    public static string Kind => "clear_exports";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

/// <inheritdoc cref="ClearExports"/>
internal sealed class ClearExportsHandler(ExportClearing clearing) : IJobHandler<ClearExports>
{
    public async Task<JobOutcome> RunAsync(ClearExports job, JobRun run, CancellationToken stop)
    {
        await clearing.RunAsync(stop);
        return JobOutcome.Done();
    }
}

/// <summary>Takes files away that nobody may fetch any more.</summary>
internal sealed class ExportClearing(WorkspaceScopes scopes, ExportFolder folder, TimeProvider time)
{
    /// <summary>Answers how many exports are over.</summary>
    internal async Task<int> RunAsync(CancellationToken stop)
    {
        var (now, over) = (time.GetUtcNow(), 0);
        foreach (var workspace in await scopes.WithAnyAsync<AskedExport>(e => e.State == ExportState.Ready && e.ExpiresAt <= now, stop))
        {
            await using var scope = scopes.Open(workspace);
            over += await scope.Db.InTransactionAsync(() => scope.Db.AskedExports.Where(e => e.State == ExportState.Ready && e.ExpiresAt <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, ExportState.Gone).SetProperty(e => e.Version, e => e.Version + 1), stop), stop);
        }
        // A file without its row is of nobody: of a workspace that is gone, or of a day that a backup put back.
        foreach (var (file, workspace, export, isFinished) in folder.All())
        {
            await using var scope = scopes.Open(workspace);
            var row = await scope.Db.AskedExports.AsNoTracking().SingleOrDefaultAsync(e => e.Id == export, stop);
            if (row is { IsUnderWay: true } || (isFinished && row?.State == ExportState.Ready && row.ExpiresAt > now)) continue;
            File.Delete(file);
        }
        return over;
    }
}
