using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;

namespace OrderClosr.Ground.Jobs;

/// <summary>Once a day: takes away what the engine no longer needs.</summary>
internal sealed record Prune : IJob
{
    public static string Kind => "prune";
    public string Lane => "work/system";
    public string OrderKey => Kind;
}

/// <summary>Events go after 14 days: read ones were kept only to know a repeated delivery, unreadable ones for a person to look at.
/// Finished jobs go then too; those that failed stay 90 days for whoever asks why.</summary>
internal sealed class PruneHandler(OrderClosrDb db, TimeProvider time) : IJobHandler<Prune>
{
    public async Task<JobOutcome> RunAsync(Prune job, JobRun run, CancellationToken stop)
    {
        var (old, veryOld) = (time.GetUtcNow().AddDays(-14), time.GetUtcNow().AddDays(-90));
        await db.InTransactionAsync(() => db.InboundEvents.Where(e => e.State != EventState.Unread && e.ReceivedAt < old).ExecuteDeleteAsync(stop), stop);
        await db.InTransactionAsync(() => db.Set<ClockRun>().Where(r => r.At < old).ExecuteDeleteAsync(stop), stop);
        await db.InTransactionAsync(() => db.Everywhere<Job>().Where(j => (j.State == JobState.Done || j.State == JobState.Dropped) ? j.FinishedAt < old
            : (j.State == JobState.Refused || j.State == JobState.GivenUp) && j.FinishedAt < veryOld).ExecuteDeleteAsync(stop), stop);
        return JobOutcome.Done();
    }
}
