using OrderClosr.Ground.Outbound;

namespace OrderClosr.Ground.Jobs;

/// <summary>What follows a failure, by its category: the only place that retries anything (design: engine, "Retries").</summary>
public static class Retries
{
    private static readonly TimeSpan[] Steps = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>5 s, 30 s, 2 min, 10 min, then hourly.</summary>
    public static TimeSpan Wait(int attempt) => attempt <= Steps.Length ? Steps[attempt - 1] : TimeSpan.FromHours(1);

    internal static JobOutcome After(VendorFailure failure, Job job, TimeSpan giveUpAfter, DateTimeOffset now) => failure.Category switch
    {
        FailureCategory.Transient => AgainOrGiveUp(failure.Message, job, giveUpAfter, now, now + Wait(job.Attempts)),
        FailureCategory.RateLimited => AgainOrGiveUp(failure.Message, job, giveUpAfter, now, now + (failure.RetryAfter ?? Wait(job.Attempts + 1))),
        FailureCategory.Credentials => new(JobState.Parked, failure.Message),
        FailureCategory.OutcomeUnknown => JobOutcome.Unknown(failure.Message, now + Steps[0]),
        _ => JobOutcome.Refused(failure.Message),
    };

    /// <summary>A bug may be of the moment (the database was away): tried like a transient failure, and visible.</summary>
    internal static JobOutcome AfterBug(Exception error, Job job, TimeSpan giveUpAfter, DateTimeOffset now) =>
        AgainOrGiveUp($"Our own fault: {error.GetType().Name}.", job, giveUpAfter, now, now + Wait(job.Attempts));

    private static JobOutcome AgainOrGiveUp(string words, Job job, TimeSpan giveUpAfter, DateTimeOffset now, DateTimeOffset at) =>
        at - job.CreatedAt > giveUpAfter || now - job.CreatedAt > giveUpAfter ? new(JobState.GivenUp, words) : JobOutcome.Again(at, words);
}
