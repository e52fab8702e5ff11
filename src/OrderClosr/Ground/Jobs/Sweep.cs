using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>A row that its grain must attend to from <see cref="DueAt"/> on, e.g. a conversation with unanswered messages.</summary>
public interface IDue : IOfWorkspace
{
    /// <summary>From when; null when there is nothing to do.</summary>
    DateTimeOffset? DueAt { get; }
}

/// <summary>What the sweep looks for and whom it wakes. Registered with <see cref="SweepSetup.AddSweep{T}"/>.</summary>
public abstract class SweepTarget
{
    internal abstract Task SweepAsync(OrderClosrDb everywhere, IGrainFactory grains, DateTimeOffset now, CancellationToken stop);
}

/// <summary>The guarantee behind every wake-up: every 2 s it finds lanes with due jobs and rows that are due, and wakes their grains.</summary>
/// <remarks>The nudge after a commit is only speed. Any node may sweep; waking twice is harmless.</remarks>
public sealed class Sweep(WorkspaceScopes scopes, IGrainFactory grains, IEnumerable<SweepTarget> targets, IEnumerable<JobKind> kinds, Clocks clocks, TimeProvider time, ILogger<Sweep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly List<string> _leaving = [.. kinds.Where(k => k.Leaves).Select(k => k.Kind)];

    /// <summary>One round.</summary>
    public async Task SweepAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await clocks.TickAsync(now, stop);
        await using var scope = scopes.OpenEverywhere("the sweep wakes what is due in any workspace");
        var jobs = scope.Db.Everywhere<Job>();
        var lanes = await jobs.ThatMayRun(scope.Db, _leaving)
            .Where(j => ((j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown) && j.DueAt <= now) || (j.State == JobState.Running && j.LeasedUntil < now))
            .Where(j => !jobs.Any(p => p.Lane == j.Lane && p.State == JobState.Parked))
            .Select(j => j.Lane).Distinct().OrderBy(lane => lane).Take(1000).ToListAsync(stop);
        foreach (var lane in lanes) await grains.GetGrain<ILaneGrain>(lane).NudgeAsync();
        foreach (var target in targets) await target.SweepAsync(scope.Db, grains, now, stop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // The silo is still joining or the database is away: the next round finds the same rows.
                log.LogWarning("A sweep did not finish: {Error}.", error.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

/// <summary>Registration of what the sweep looks for.</summary>
public static class SweepSetup
{
    /// <summary>Wakes <paramref name="wake"/> for each row of <typeparamref name="T"/> that is due.</summary>
    public static IServiceCollection AddSweep<T>(this IServiceCollection services, Func<IGrainFactory, WorkspaceId, Id<T>, Task> wake) where T : class, IDue, IHasId<T> =>
        services.AddSingleton<SweepTarget>(new Of<T>(wake));

    private sealed class Of<T>(Func<IGrainFactory, WorkspaceId, Id<T>, Task> wake) : SweepTarget where T : class, IDue, IHasId<T>
    {
        internal override async Task SweepAsync(OrderClosrDb everywhere, IGrainFactory grains, DateTimeOffset now, CancellationToken stop)
        {
            var due = await everywhere.Everywhere<T>().Where(row => row.DueAt != null && row.DueAt <= now)
                .OrderBy(row => row.DueAt).Take(1000).Select(row => new { row.WorkspaceId, row.Id }).ToListAsync(stop);
            foreach (var row in due) await wake(grains, row.WorkspaceId, row.Id);
        }
    }
}
