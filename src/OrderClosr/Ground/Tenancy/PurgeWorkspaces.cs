using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;

namespace OrderClosr.Ground.Tenancy;

/// <summary>Every hour: purges the workspaces whose time to undo is over, and looks again at those that are purged and not yet proven.</summary>
internal sealed record PurgeWorkspaces : IJob
{
    public static string Kind => "purge_workspaces";

    // Beside the system's other work: a large workspace takes a while.
    public string Lane => "work/purge";
    public string OrderKey => Kind;
}

internal sealed class PurgeWorkspacesHandler(OrderClosrDb db, Purging purging, TimeProvider time) : IJobHandler<PurgeWorkspaces>
{
    public async Task<JobOutcome> RunAsync(PurgeWorkspaces job, JobRun run, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        foreach (var gone in await db.Deletions.AsNoTracking().Where(d => d.PurgedAt != null).Select(d => d.WorkspaceId).ToListAsync(stop)) await purging.SettleAsync(gone, stop);
        foreach (var due in await DueAsync(db, now, stop))
            if (!await purging.PurgeAsync(due, null, stop)) return JobOutcome.Again(time.GetUtcNow(), "A workspace is being purged.");
        // What the files still hold goes in the night.
        if (await db.Deletions.AnyAsync(d => d.PurgedAt != null && d.ScrubbedAt == null, stop)
            && !await db.Everywhere<Job>().AnyAsync(j => j.Kind == Scrub.Kind && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown), stop))
            return JobOutcome.Done((scope, inner) => scope.Db.LaterOfNobodyAsync(new Scrub(time.GetUtcNow()), time.GetUtcNow(), inner, Scrub.NextNight(time.GetUtcNow())));
        return JobOutcome.Done();
    }

    /// <summary>Those whose time to undo is over.</summary>
    internal static Task<List<WorkspaceId>> DueAsync(OrderClosrDb db, DateTimeOffset now, CancellationToken stop)
    {
        var latest = now - Deletions.PurgeAfter;
        return db.Set<Workspace>().Where(w => w.DeleteAskedAt != null && w.DeleteAskedAt <= latest).OrderBy(w => w.DeleteAskedAt).Select(w => w.Id).ToListAsync(stop);
    }
}
