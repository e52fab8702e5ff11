using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>The one owner of a lane over all machines: takes its due jobs in order, within its budget.</summary>
public interface ILaneGrain : IGrainWithStringKey
{
    /// <summary>There may be due jobs. Cheap and harmless to repeat; heard also while jobs run.</summary>
    [Orleans.Concurrency.OneWay, Orleans.Concurrency.AlwaysInterleave]
    Task NudgeAsync();
}

/// <inheritdoc cref="ILaneGrain"/>
/// <remarks>Holds nothing that SQL lacks: pace and circuit are rebuilt by waiting a little. The work is done by <see cref="JobRunner"/>.</remarks>
// The default placement keeps nearly everything on the node that asked first.
[Orleans.Placement.RandomPlacement]
internal sealed class LaneGrain(JobRunner runner, IEnumerable<LaneRule> rules, IHostApplicationLifetime life, TimeProvider time, ILogger<LaneGrain> log) : Grain, ILaneGrain
{
    private const int CircuitOpensAfter = 5;

    /// <summary>A job under way when we stop may finish: longer than a vendor's call, shorter than the stop itself.</summary>
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(20);

    private IGrainTimer _timer = null!;
    private LaneBudget _budget = LaneBudget.Default;
    private LanePace _pace = null!;
    private TaskCompletionSource _nudged = new();
    private bool _isWorking;
    private int _transientInARow;
    private DateTimeOffset _slowUntil;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var lane = this.GetPrimaryKeyString();
        _budget = rules.Where(r => lane.StartsWith(r.Prefix, StringComparison.Ordinal)).MaxBy(r => r.Prefix.Length)?.Budget ?? LaneBudget.Default;
        _pace = new(_budget, time);
        _timer = this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task NudgeAsync()
    {
        _nudged.TrySetResult();
        if (!_isWorking) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private async Task WorkAsync(CancellationToken leaving)
    {
        _isWorking = true;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaving, life.ApplicationStopping);
        var stop = either.Token;
        var running = new Dictionary<Id<Job>, Task>();
        using var hard = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopping = stop.Register(() => hard.CancelAfter(FinishWithin));
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _nudged = new(TaskCreationOptions.RunContinuationsAsynchronously);
                await StartDueAsync(running, hard.Token, stop);
                if (running.Count == 0 && !_nudged.Task.IsCompleted) break;
                // A nudge is heard while jobs run: one customer's slow call must not hold back another's.
                await Task.WhenAny([.. running.Values, _nudged.Task]);
                foreach (var (id, _) in running.Where(r => r.Value.IsCompleted).ToList()) running.Remove(id);
            }
            await WaitForNextAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping: nothing new is started.
        }
        catch (Exception error)
        {
            log.LogError("Lane {Lane} stumbled: {Error}.", this.GetPrimaryKeyString(), error.GetType().Name);
            _nudged = new();
            _timer.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        }
        finally
        {
            await Task.WhenAll(running.Values);
            _isWorking = false;
            if (_nudged.Task.IsCompleted && !stop.IsCancellationRequested) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task StartDueAsync(Dictionary<Id<Job>, Task> running, CancellationToken hard, CancellationToken stop)
    {
        // After several transient failures in a row the lane tries one job at a time until one succeeds.
        var most = _transientInARow >= CircuitOpensAfter ? 1 : _budget.AtOnce;
        if (running.Count >= most || time.GetUtcNow() < _slowUntil) return;
        foreach (var job in await runner.DueAsync(this.GetPrimaryKeyString(), 2 * _budget.AtOnce, stop))
        {
            if (running.Count >= most) return;
            if (running.ContainsKey(job.Id)) continue;
            while (_pace.TryStart() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, stop);
            running.Add(job.Id, RunAsync(job, hard));
        }
    }

    private async Task RunAsync(DueJob job, CancellationToken hard)
    {
        try
        {
            if (await runner.RunAsync(job, hard) is not { } end) return;
            if (end.Cause is FailureCategory.Transient) _transientInARow++;
            else if (end.State is JobState.Done) _transientInARow = 0;
            // The vendor counts per account, so the whole lane waits.
            if (end is { Cause: FailureCategory.RateLimited, RetryAt: { } at } && at > _slowUntil) _slowUntil = at;
        }
        catch (Exception error)
        {
            // The claim or the outcome could not be written: the row says what is true, its lease ends, it is looked at again.
            log.LogError("Job {Job} was not finished: {Error}.", job.Id, error.GetType().Name);
        }
    }

    private async Task WaitForNextAsync(CancellationToken stop)
    {
        if (await runner.NextDueAsync(this.GetPrimaryKeyString(), stop) is not { } next) return;
        var now = time.GetUtcNow();
        var wait = (next > _slowUntil ? next : _slowUntil) - now;
        if (wait < TimeSpan.FromMilliseconds(50)) wait = TimeSpan.FromMilliseconds(50);
        // Later ones are the sweep's: an idle lane may be forgotten by the silo.
        if (wait < TimeSpan.FromSeconds(30)) _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
