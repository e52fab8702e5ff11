using System.Text.Json;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>Does one kind of job: a few lines that call a verb of the room.</summary>
public interface IJobHandler<in TJob> where TJob : IJob
{
    /// <summary>Runs the job in a scope of its workspace, outside any transaction, and answers how it ended.</summary>
    /// <remarks>A <c>VendorFailure</c> it throws is turned into the right retry. When <see cref="JobRun.OutcomeWasUnknown"/>
    /// is set, an earlier run may have reached the vendor: look before repeating.</remarks>
    Task<JobOutcome> RunAsync(TJob job, JobRun run, CancellationToken stop);

    /// <summary>Called in the transaction that gives the job up or marks it refused, so that a person is told.</summary>
    Task OnFailedAsync(TJob job, string words, CancellationToken stop) => Task.CompletedTask;
}

/// <summary>One start of a job.</summary>
/// <param name="Id">Constant over all starts: the idempotency key for the vendor.</param>
/// <param name="Attempt">1 for the first start.</param>
/// <param name="OutcomeWasUnknown">An earlier start may have done the work.</param>
/// <param name="LeaseRanOut">The process that had it died: nobody has looked since, and what the vendor told us meanwhile may still be on its way.</param>
public sealed record JobRun(Id<Job> Id, int Attempt, bool OutcomeWasUnknown, bool LeaseRanOut = false);

/// <summary>How a run ended. <see cref="Apply"/> writes its results in the commit that finishes the job; it may run again on a write conflict.</summary>
public sealed record JobOutcome(JobState State, string? Words = null, DateTimeOffset? RetryAt = null, Func<WorkspaceScope, CancellationToken, Task>? Apply = null)
{
    /// <summary>The vendor's failure behind it, for the lane's pace; null when there was none.</summary>
    internal FailureCategory? Cause { get; init; }

    /// <summary>Given up although it may have been done.</summary>
    internal bool MayBeDone { get; init; }

    public static JobOutcome Done(Func<WorkspaceScope, CancellationToken, Task>? apply = null) => new(JobState.Done, Apply: apply);
    public static JobOutcome Dropped(string words, Func<WorkspaceScope, CancellationToken, Task>? apply = null) => new(JobState.Dropped, words, Apply: apply);
    public static JobOutcome Refused(string words, Func<WorkspaceScope, CancellationToken, Task>? apply = null) => new(JobState.Refused, words, Apply: apply);
    public static JobOutcome Again(DateTimeOffset at, string words) => new(JobState.Waiting, words, at);
    public static JobOutcome Unknown(string words, DateTimeOffset lookAt) => new(JobState.OutcomeUnknown, words, lookAt);
}

/// <summary>A job kind with its handler, registered by its room: <c>services.AddJob&lt;SendMessage, SendMessageHandler&gt;()</c>.</summary>
public sealed class JobKind
{
    private JobKind(string kind, TimeSpan giveUpAfter, Func<int, TimeSpan> waitAfter, bool leaves, Func<WorkspaceScope, string, JobRun, CancellationToken, Task<JobOutcome>> run,
        Func<WorkspaceScope, string, string, CancellationToken, Task> failed) => (Kind, GiveUpAfter, WaitAfter, Leaves, Run, Failed) = (kind, giveUpAfter, waitAfter, leaves, run, failed);

    public string Kind { get; }

    /// <inheritdoc cref="IJob.GiveUpAfter"/>
    public TimeSpan GiveUpAfter { get; }

    /// <inheritdoc cref="IJob.WaitAfter"/>
    internal Func<int, TimeSpan> WaitAfter { get; }

    /// <inheritdoc cref="IJob.Leaves"/>
    public bool Leaves { get; }
    internal Func<WorkspaceScope, string, JobRun, CancellationToken, Task<JobOutcome>> Run { get; }
    internal Func<WorkspaceScope, string, string, CancellationToken, Task> Failed { get; }

    internal static JobKind Of<TJob>() where TJob : IJob => new(TJob.Kind, TJob.GiveUpAfter, TJob.WaitAfter, TJob.Leaves,
        (scope, payload, run, stop) => scope.Get<IJobHandler<TJob>>().RunAsync(Read<TJob>(payload), run, stop),
        (scope, payload, words, stop) => scope.Get<IJobHandler<TJob>>().OnFailedAsync(Read<TJob>(payload), words, stop));

    private static TJob Read<TJob>(string payload) => JsonSerializer.Deserialize<TJob>(payload, JobRows.PayloadJson)!;
}

/// <summary>Registration of jobs, listeners, sweeps and clocks.</summary>
public static class JobsSetup
{
    public static IServiceCollection AddJob<TJob, THandler>(this IServiceCollection services)
        where TJob : IJob where THandler : class, IJobHandler<TJob> =>
        services.AddSingleton(JobKind.Of<TJob>()).AddScoped<IJobHandler<TJob>, THandler>();
}

/// <summary>Hears a fact of a room above, in the same transaction, and only writes rows.</summary>
/// <remarks>Named <c>…On&lt;Fact&gt;</c>, e.g. <c>BookOnOrderConfirmed</c>.</remarks>
public interface IListener<in TFact>
{
    Task OnAsync(TFact fact, CancellationToken stop);
}

/// <summary>Tells a fact to whoever listens, inside the running transaction. Facts are records in the past tense.</summary>
public sealed class Facts(IServiceProvider services, OrderClosrDb db)
{
    /// <summary>Tells it and saves what the listeners wrote: they cannot know whether the teller saves once more, and the teller does not know them.</summary>
    public async Task TellAsync<TFact>(TFact fact, CancellationToken stop)
    {
        await TellUnsavedAsync(fact, stop);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>One of many, whose teller saves once behind them all.</summary>
    internal async Task TellUnsavedAsync<TFact>(TFact fact, CancellationToken stop)
    {
        foreach (var listener in services.GetServices<IListener<TFact>>()) await listener.OnAsync(fact, stop);
    }
}

/// <summary>The credentials of a lane were refused: the room that owns the connection marks it broken and tells the owner.</summary>
public sealed record LaneBroken(string Lane, string Words);
