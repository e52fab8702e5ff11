using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Jobs;

/// <summary>Turns what a commit told into wake-ups of lanes: best effort, never in the way of a request.</summary>
/// <remarks>While the silo starts or fails over a grain call throws; the sweep finds the same rows 2 s later.</remarks>
public sealed class Waking(Bell bell, IGrainFactory grains, IHostApplicationLifetime life) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        bell.Listen(notice =>
        {
            if (notice.What == "lane" && life.ApplicationStarted.IsCancellationRequested && !life.ApplicationStopping.IsCancellationRequested)
                _ = WakeAsync(() => grains.GetGrain<ILaneGrain>(notice.Key).NudgeAsync());
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs a wake-up and forgets its failure.</summary>
    public static async Task WakeAsync(Func<Task> wake)
    {
        try
        {
            await wake();
        }
        catch (Exception)
        {
            // The sweep is the guarantee.
        }
    }
}
