using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Running;

/// <summary>Takes out of the database's files what deleted rows left there: a deleted row stays readable in the file until its place is used again (facts/backups-and-erasure.md section 1).</summary>
/// <param name="At">What was deleted before this is to go.</param>
public sealed record Scrub(DateTimeOffset At) : IJob
{
    public static string Kind => "scrub";
    public string Lane => "work/purge";
    public string OrderKey => Kind;
    public static bool Leaves => true;
    public static TimeSpan GiveUpAfter => TimeSpan.FromDays(7);

    private static readonly TimeOnly Quiet = new(4, 40);

    /// <summary>The next quiet moment of the night in Algiers.</summary>
    public static DateTimeOffset NextNight(DateTimeOffset now)
    {
        var today = AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(now)) + Quiet.ToTimeSpan();
        return today > now ? today : AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(now).AddDays(1)) + Quiet.ToTimeSpan();
    }
}

/// <summary>Begins it and looks now and then whether it is done: on a large database it takes longer than a job may be held.</summary>
internal sealed class ScrubHandler(Scrubbing scrubbing, TimeProvider time) : IJobHandler<Scrub>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Look = TimeSpan.FromSeconds(20), AfterFailure = TimeSpan.FromMinutes(10);

    public async Task<JobOutcome> RunAsync(Scrub job, JobRun run, CancellationToken stop)
    {
        var work = scrubbing.Begin(job.At);
        if (await Task.WhenAny(work, Task.Delay(Patience, time, stop)) != work) return JobOutcome.Again(time.GetUtcNow() + Look, "The database's files are being rewritten.");
        stop.ThrowIfCancellationRequested();
        return await work is { } words ? JobOutcome.Again(time.GetUtcNow() + AfterFailure, words) : JobOutcome.Done();
    }
}

/// <summary>Rewrites the database's files once for all that was deleted so far, whoever asks.</summary>
public sealed class Scrubbing(WorkspaceScopes scopes, TimeProvider time, ILogger<Scrubbing> log)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _began = DateTimeOffset.MinValue;
    private Task<string?>? _running;

    /// <summary>Ends with null once nothing deleted before <paramref name="at"/> is left in the files, else with what is in the way.</summary>
    internal Task<string?> Begin(DateTimeOffset at)
    {
        lock (_lock)
        {
            var isAnswered = _running is not null && _began >= at && (!_running.IsCompleted || _running is { IsCompletedSuccessfully: true, Result: null });
            if (!isAnswered && _running is null or { IsCompleted: true })
            {
                _began = time.GetUtcNow();
                _running = Task.Run(() => RunAsync(_began, default));
            }
            return _running!;
        }
    }

    /// <summary>Now; null when it is done.</summary>
    internal async Task<string?> RunAsync(DateTimeOffset began, CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.OpenEverywhere("the files of the database are one for all workspaces");
            var db = scope.Db;
            if (!await db.Dialect.ScrubAsync([.. db.Model.GetEntityTypes().Select(t => t.GetTableName()).OfType<string>().Distinct()], stop)) return "Tables are in use, or somebody on this server still reads or changes what was begun before: what was deleted is rewritten later.";
            await db.InTransactionAsync(() => db.Deletions.Where(d => d.PurgedAt != null && d.ScrubbedAt == null && d.PurgedAt <= began).ExecuteUpdateAsync(set => set.SetProperty(d => d.ScrubbedAt, began), stop), stop);
            return null;
        }
        catch (System.Data.Common.DbException error)
        {
            log.LogError("The database's files could not be rewritten: {Fault}", error.Fault());
            return $"The database's files could not be rewritten ({error.GetType().Name}): is there room on the disk for a second copy of it?";
        }
    }
}
