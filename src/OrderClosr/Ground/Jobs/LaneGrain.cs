using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>The one owner of a lane over all machines: takes its due jobs in order, within its budget.</summary>
public interface ILaneGrain : IGrainWithStringKey
{
    /// <summary>There may be due jobs. Cheap and harmless to repeat.</summary>
    [Orleans.Concurrency.OneWay]
    Task NudgeAsync();
}

/// <inheritdoc cref="ILaneGrain"/>
/// <remarks>Holds nothing that SQL lacks: pace and circuit are rebuilt by waiting a little. The work is done by <see cref="JobRunner"/>.</remarks>
internal sealed class LaneGrain(JobRunner runner, IEnumerable<LaneRule> rules, TimeProvider time, ILogger<LaneGrain> log) : Grain, ILaneGrain
{
    private const int CircuitOpensAfter = 5;

    private IGrainTimer? _timer;
    private LaneBudget _budget = LaneBudget.Default;
    private LanePace _pace = null!;
    private int _transientInARow;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var lane = this.GetPrimaryKeyString();
        _budget = rules.Where(r => lane.StartsWith(r.Prefix, StringComparison.Ordinal)).MaxBy(r => r.Prefix.Length)?.Budget ?? LaneBudget.Default;
        _pace = new(_budget, time);
        return Task.CompletedTask;
    }

    public Task NudgeAsync()
    {
        _timer ??= this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        var lane = this.GetPrimaryKeyString();
        try
        {
            var running = new Dictionary<Id<Job>, Task>();
            while (true)
            {
                // After several transient failures in a row the lane tries one job at a time until one succeeds.
                var isCareful = _transientInARow >= CircuitOpensAfter;
                foreach (var job in await runner.DueAsync(lane, 2 * _budget.AtOnce, stop))
                {
                    if (running.Count >= (isCareful ? 1 : _budget.AtOnce)) break;
                    if (running.ContainsKey(job.Id)) continue;
                    while (_pace.TryStart() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, stop);
                    running.Add(job.Id, RunAsync(job, stop));
                }
                if (running.Count == 0) break;
                await Task.WhenAny(running.Values);
                foreach (var (id, _) in running.Where(r => r.Value.IsCompleted).ToList()) running.Remove(id);
            }
            await WaitForNextAsync(lane, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping; what is claimed is looked at again when its lease ends.
        }
        catch (Exception error)
        {
            log.LogError("Lane {Lane} stumbled: {Error}.", lane, error.GetType().Name);
            _timer?.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RunAsync(DueJob job, CancellationToken stop)
    {
        var state = await runner.RunAsync(job, stop);
        if (state is JobState.Waiting) _transientInARow++;
        else if (state is not null) _transientInARow = 0;
    }

    private async Task WaitForNextAsync(string lane, CancellationToken stop)
    {
        if (await runner.NextDueAsync(lane, stop) is not { } next) return;
        var wait = next - time.GetUtcNow();
        if (wait < TimeSpan.FromMilliseconds(50)) wait = TimeSpan.FromMilliseconds(50);
        // Later ones are the sweep's: an idle lane may be forgotten by the silo.
        if (wait < TimeSpan.FromSeconds(30)) _timer?.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
