using OrderClosr.Ground.Outbound;

namespace OrderClosr.Ground.Jobs;

/// <summary>What follows a failure, by its category: the only place that retries anything (design: engine, "Retries").</summary>
public static class Retries
{
    private static readonly TimeSpan[] Steps = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>5 s, 30 s, 2 min, 10 min, then hourly.</summary>
    public static TimeSpan Wait(int attempt) => attempt <= Steps.Length ? Steps[attempt - 1] : TimeSpan.FromHours(1);

    internal static JobOutcome After(VendorFailure failure, Job job, JobKind kind, DateTimeOffset now)
    {
        var outcome = failure.Category switch
        {
            FailureCategory.Transient => AgainOrGiveUp(JobOutcome.Again(now + kind.WaitAfter(job.Attempts), failure.Message), job, kind.GiveUpAfter),
            FailureCategory.RateLimited => AgainOrGiveUp(JobOutcome.Again(now + (failure.RetryAfter ?? kind.WaitAfter(job.Attempts + 1)), failure.Message), job, kind.GiveUpAfter),
            FailureCategory.Credentials => new(JobState.Parked, failure.Message),
            FailureCategory.OutcomeUnknown => AgainOrGiveUp(JobOutcome.Unknown(failure.Message, now + kind.WaitAfter(job.Attempts)), job, kind.GiveUpAfter),
            _ => JobOutcome.Refused(failure.Message),
        };
        return outcome with { Cause = failure.Category };
    }

    /// <summary>A bug may be of the moment (the database was away) and may have come after the vendor did the work: looked at again later, and visible.</summary>
    internal static JobOutcome AfterBug(Exception error, Job job, JobKind kind, DateTimeOffset now) =>
        AgainOrGiveUp(JobOutcome.Unknown($"Our own fault: {error.GetType().Name}.", now + kind.WaitAfter(job.Attempts)), job, kind.GiveUpAfter);

    private static JobOutcome AgainOrGiveUp(JobOutcome again, Job job, TimeSpan giveUpAfter) =>
        again.RetryAt - job.CreatedAt > giveUpAfter ? new(JobState.GivenUp, again.Words) { MayBeDone = again.State == JobState.OutcomeUnknown } : again;
}
