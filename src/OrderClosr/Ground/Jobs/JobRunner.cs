using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>Runs the due jobs of one lane and writes how they ended. The lane's grain calls it; tests call it directly.</summary>
/// <remarks>A claim is a conditional update, so two runners never start one job. Once claimed a job may have reached the vendor:
/// if the process dies, the job is "outcome unknown" when its lease ends, and its handler looks before repeating.</remarks>
public sealed class JobRunner(WorkspaceScopes scopes, IEnumerable<JobKind> kinds, TimeProvider time, ILogger<JobRunner> log)
{
    /// <summary>Longer than any call to a vendor may take.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, JobKind> _kinds = kinds.ToDictionary(k => k.Kind);
    private readonly List<string> _leaving = [.. kinds.Where(k => k.Leaves).Select(k => k.Kind)];

    /// <summary>Jobs of the lane that may start now, at most one per order key, oldest first, those that give way last.</summary>
    public async Task<IReadOnlyList<DueJob>> DueAsync(string lane, int most, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var scope = scopes.OpenEverywhere("a lane holds jobs of the workspace whose connection it is; the runner must find them");
        var jobs = scope.Db.Everywhere<Job>();
        return await jobs.AsNoTracking().ThatMayRun(scope.Db, _leaving)
            .Where(j => j.Lane == lane && (((j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown) && j.DueAt <= now) || (j.State == JobState.Running && j.LeasedUntil < now)))
            .FirstOfTheirKey(jobs)
            // Refused credentials stop the whole lane until the connection is mended.
            .Where(j => !jobs.Any(p => p.Lane == lane && p.State == JobState.Parked))
            .OrderBy(j => j.GivesWay).ThenBy(j => j.Id).Take(most).Select(j => new DueJob(j.Id, j.WorkspaceId)).ToListAsync(stop);
    }

    /// <summary>When the lane's next job is due; null when nothing waits.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(string lane, CancellationToken stop)
    {
        await using var scope = scopes.OpenEverywhere("the next due time of a lane");
        var waiting = scope.Db.Everywhere<Job>().Where(j => j.Lane == lane);
        if (await waiting.AnyAsync(j => j.State == JobState.Parked, stop)) return null;
        // One that stands behind an earlier one of its key is not due before that is done: it must not keep the lane awake.
        var due = await waiting.ThatMayRun(scope.Db, _leaving).Where(j => j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown)
            .FirstOfTheirKey(waiting)
            .MinAsync(j => (DateTimeOffset?)j.DueAt, stop);
        var leased = await waiting.ThatMayRun(scope.Db, _leaving).Where(j => j.State == JobState.Running).MinAsync(j => j.LeasedUntil, stop);
        return due is null || leased < due ? leased : due;
    }

    /// <summary>Runs every job of the lane that is due, one after the other; answers how many ran. For tests and verbs.</summary>
    public async Task<int> RunDueAsync(string lane, CancellationToken stop)
    {
        var count = 0;
        while (await DueAsync(lane, 50, stop) is { Count: > 0 } due)
            foreach (var job in due)
            {
                if (await RunAsync(job, stop) is not { } end) continue;
                count++;
                if (end.State == JobState.Parked) break;
            }
        return count;
    }

    /// <summary>Claims and runs one job. Null when somebody else had it; else how it ended.</summary>
    public async Task<JobEnd?> RunAsync(DueJob due, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        if (await ClaimAsync(due, stop) is not { } claimed) return null;
        var (job, before) = claimed;
        CrashPoint.Pass("job-running", job.Kind);
        using var work = Meters.Work.StartActivity($"job {job.Kind}");
        var outcome = _kinds.TryGetValue(job.Kind, out var kind)
            ? await TryAsync(kind, job, before, stop)
            : JobOutcome.Refused($"Nothing handles jobs of kind {job.Kind}.");
        if (outcome is null) return null;
        CrashPoint.Pass("job-ran", job.Kind);
        await FinishAsync(job, before, kind, outcome, stop);
        CrashPoint.Pass("job-done", job.Kind);
        Meters.JobSeconds.Record(time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("kind", job.Kind));
        Meters.JobsEnded.Add(1, new("kind", job.Kind), new("state", outcome.State.ToString()));
        return new(outcome.State, outcome.Cause, outcome.RetryAt);
    }

    private async Task<(Job Job, JobState Before)?> ClaimAsync(DueJob due, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var scope = OpenFor(due.Workspace);
        var db = scope.Db;
        var jobs = due.Workspace.IsNone ? db.Everywhere<Job>() : db.Jobs;
        var job = await jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == due.Id, stop);
        if (job is null) return null;
        var until = now + Lease;
        var attempts = job.Attempts;
        var state = job.State;
        var claimed = await db.InTransactionAsync(() => jobs.ThatMayRun(db, _leaving)
            .Where(j => j.Id == due.Id && j.Attempts == attempts && j.State == state
                && (((j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown) && j.DueAt <= now) || (j.State == JobState.Running && j.LeasedUntil < now)))
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Running).SetProperty(j => j.LeasedUntil, until).SetProperty(j => j.Attempts, attempts + 1), stop), stop);
        if (claimed == 0) return null;
        job.Attempts++;
        return (job, state);
    }

    /// <summary>Null when we are stopping: the lease runs out and the job is looked at again.</summary>
    private async Task<JobOutcome?> TryAsync(JobKind kind, Job job, JobState before, CancellationToken stop)
    {
        try
        {
            await using var scope = OpenFor(job.WorkspaceId);
            return await kind.Run(scope, job.Payload, new(job.Id, job.Attempts, before != JobState.Waiting, before == JobState.Running), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (VendorFailure failure)
        {
            return Retries.After(failure, job, kind, time.GetUtcNow());
        }
        catch (Exception error)
        {
            log.LogError("Job {Kind} {Job} failed by our own fault: {Fault}", job.Kind, job.Id, error.Fault());
            return Retries.AfterBug(error, job, kind, time.GetUtcNow());
        }
    }

    private async Task FinishAsync(Job job, JobState before, JobKind? kind, JobOutcome outcome, CancellationToken stop)
    {
        // Stopped without having found out: what was unknown before still is.
        var mayBeDone = outcome.State == JobState.OutcomeUnknown || outcome.MayBeDone
            || (outcome.State is JobState.Parked or JobState.Refused or JobState.GivenUp && before != JobState.Waiting);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = OpenFor(job.WorkspaceId);
                var db = scope.Db;
                await db.InTransactionAsync(async () =>
                {
                    if (outcome.Apply is not null) await outcome.Apply(scope, stop);
                    if (outcome.State is JobState.Refused or JobState.GivenUp && kind is not null) await kind.Failed(scope, job.Payload, outcome.Words ?? "", stop);
                    if (outcome.State == JobState.Parked) await scope.Get<Facts>().TellAsync(new LaneBroken(job.Lane, outcome.Words ?? ""), stop);
                    await db.SaveChangesAsync(stop);
                    var now = time.GetUtcNow();
                    var finished = outcome.State is JobState.Done or JobState.Refused or JobState.GivenUp or JobState.Dropped ? now : (DateTimeOffset?)null;
                    var dueAt = outcome.RetryAt ?? now;
                    var jobs = job.WorkspaceId.IsNone ? db.Everywhere<Job>() : db.Jobs;
                    await jobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.State, outcome.State).SetProperty(j => j.LastFailure, outcome.Words)
                        .SetProperty(j => j.MayBeDone, mayBeDone).SetProperty(j => j.DueAt, dueAt).SetProperty(j => j.FinishedAt, finished).SetProperty(j => j.LeasedUntil, (DateTimeOffset?)null), stop);
                }, stop);
                return;
            }
            catch (DbUpdateConcurrencyException) when (attempt < 5)
            {
                // A person or another event changed the same row meanwhile: apply again on what it is now.
            }
        }
    }

    private WorkspaceScope OpenFor(WorkspaceId workspace) =>
        workspace.IsNone ? scopes.OpenEverywhere("the system's own jobs belong to no workspace") : scopes.Open(workspace);
}

/// <summary>A job that may start now.</summary>
public sealed record DueJob(Id<Job> Id, WorkspaceId Workspace);

/// <summary>How one run of a job ended.</summary>
/// <param name="Cause">The vendor's failure behind it, when there was one.</param>
/// <param name="RetryAt">When it is tried or looked at again.</param>
public sealed record JobEnd(JobState State, FailureCategory? Cause, DateTimeOffset? RetryAt);
