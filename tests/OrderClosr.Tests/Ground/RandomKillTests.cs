using System.Globalization;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Ground.Crashes;

namespace OrderClosr.Tests.Ground;

/// <summary>The app as a real process under load, killed with SIGKILL at moments nobody chose.</summary>
public sealed class RandomKillTests
{
    private const int Kills = 5, AtOnce = 6;

    /// <summary>The moments follow a seed, named in a failure; <c>ORDERCLOSR_TEST_SEED</c> takes the same again.</summary>
    [Theory, OnBothDatabases]
    public async Task Killed_at_random_while_customers_buy_nothing_is_lost_and_no_order_is_there_twice(Database database)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORDERCLOSR_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next(1_000_000);
        var random = new Random(seed);
        await using var world = await RoadWorld.StartAsync(database, new() { Started = false, VendorsPlay = true, ClocksStrike = true });
        var host = world.App;
        var buyers = new Buyers(world, [world.Shop, await RoadWorld.StockedAsync(host, await host.NewShopAsync())]);
        await world.FaultAsync("meta", new { kind = "retry-schedule", value = string.Join(',', Enumerable.Repeat("0.5", 1000)) });
        var story = new List<string>();
        var run = await AppProcess.StartAsync(host);
        try
        {
            var buying = buyers.BuyAsync(AtOnce);
            for (var kill = 1; kill <= Kills; kill++)
            {
                // Counted in calls to the vendors, so that a slow machine gets as far as a quick one; some die while they start.
                var (calls, milliseconds) = kill > 1 && random.Next(4) == 0 ? (0, random.Next(3000)) : (random.Next(2, 40), random.Next(100));
                var until = host.CallsToVendors + calls;
                await Eventually.HoldsAsync(() => host.CallsToVendors >= until || buying.IsFaulted, Patience);
                await Task.Delay(milliseconds);
                await run.DisposeAsync();
                story.Add($"{calls} calls and {milliseconds} ms with {buyers.Count} customers");
                Assert.False(buying.IsFaulted, buying.Exception?.InnerException?.Message);
                await LeasesRunOutAsync(host);
                run = await AppProcess.StartAsync(host, waits: false);
            }
            await run.IsReadyAsync();
            buyers.IsEnough();
            var ready = host.Get<TimeProvider>().GetUtcNow();
            for (var second = 1; await Task.WhenAny(buying, Task.Delay(TimeSpan.FromSeconds(1))) != buying; second++)
                if (second > 5) await LookingEndsAsync(host, ready);
            await buying;
            await buyers.NothingIsLostAndNothingTwiceAsync();
        }
        catch (Exception error)
        {
            Assert.Fail($"seed {seed}, killed after {string.Join(", ", story)}: {error}\n\nThe app's last words:\n{string.Join('\n', run.Output.Split('\n').TakeLast(40))}");
        }
        finally
        {
            await run.DisposeAsync();
        }
    }
}
