using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A working day of 500 parcels over five couriers, told by nobody: every status is asked for, within what each courier allows.</summary>
public sealed class DayOfParcelsTests
{
    private const int Each = 100;
    private static readonly DateTimeOffset Morning = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Step = TimeSpan.FromMilliseconds(250);

    /// <summary>Drivers leave together: what was booked by then goes out at once.</summary>
    private static readonly TimeSpan DepartEvery = TimeSpan.FromMinutes(50);

    [Fact]
    public async Task Every_status_is_known_within_ten_minutes_and_no_courier_is_asked_too_often()
    {
        var clock = new WaitedClock(Morning);
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false, VendorsPlay = true, Time = clock });
        var shop = await app.NewShopAsync();
        var town = new StormTown(app.Services, shop.Id, shop.Products["hijab"], app.Sandbox, clock);
        await town.ConnectAsync(releasesAlone: true);
        var couriers = CourierRoad.All.Where(c => c.Name != "procolis").ToList();
        var random = new Random(5);
        var toShip = new Queue<(TimeSpan At, CourierRoad Courier, OrderId Order)>();
        for (var i = 0; i < couriers.Count * Each; i++) toShip.Enqueue((TimeSpan.FromHours(8.0 * i / (couriers.Count * Each)), couriers[i % couriers.Count], await town.OrderAsync(i)));
        await RunLanesAsync(app, town, clock);

        var (out_, toDeliver, moves) = (new HashSet<string>(), new List<(TimeSpan At, CourierRoad Courier, string Tracking)>(), new List<(string Tracking, ParcelState State, DateTimeOffset At)>());
        for (var now = TimeSpan.Zero; now <= TimeSpan.FromHours(9.5); now += Minute)
        {
            if (Morning + now > clock.GetUtcNow()) clock.SetUtcNow(Morning + now);
            foreach (var courier in couriers)
            {
                var due = new List<OrderId>();
                while (toShip.TryPeek(out var next) && next.At <= now && next.Courier == courier) due.Add(toShip.Dequeue().Order);
                if (due.Count == 0) continue;
                await using var scope = town.Open();
                Assert.All(await scope.Get<ShipOrder>().RunAsync(due, town.Accounts[courier.Name], new(ActorKind.Member, clock.GetUtcNow()), default), row => Assert.True(row.Result.Ok));
            }
            if (now.Ticks % DepartEvery.Ticks == 0)
                foreach (var (courier, tracking) in await BookedAsync(town, couriers))
                    if (out_.Add(tracking))
                    {
                        await town.DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_parcels/{tracking}/move", new { to = courier.Out });
                        moves.Add((tracking, ParcelState.OutForDelivery, clock.GetUtcNow()));
                        toDeliver.Add((now + TimeSpan.FromMinutes(10 + random.Next(25)), courier, tracking));
                    }
            foreach (var delivery in toDeliver.Where(d => d.At <= now).ToList())
            {
                await town.DoorAsync(HttpMethod.Post, $"/{delivery.Courier.Vendor}/_parcels/{delivery.Tracking}/move", new { to = delivery.Courier.Delivered });
                moves.Add((delivery.Tracking, ParcelState.Delivered, clock.GetUtcNow()));
                toDeliver.Remove(delivery);
            }
            if (now.Minutes == 0) TestContext.Current.SendDiagnosticMessage($"{now}: {moves.Count} moves");
            await using (var scope = town.Open()) await scope.Get<Polling>().AskAsync(clock.GetUtcNow(), default);
            await RunLanesAsync(app, town, clock);
        }

        Assert.Equal(couriers.Count * Each * 2, moves.Count);
        await using var end = town.Open();
        var heard = (await end.Db.ParcelEvents.AsNoTracking().Where(e => e.Effect == EventEffect.Moved).Join(end.Db.Parcels, e => e.ParcelId, p => p.Id, (e, p) => new { p.Tracking, e.State, e.HeardAt }).ToListAsync())
            .ToLookup(e => (e.Tracking!, e.State), e => e.HeardAt);
        var late = moves.Where(m => !heard[(m.Tracking, m.State)].Any(at => at - m.At <= TimeSpan.FromMinutes(10))).ToList();
        Assert.True(late.Count == 0, $"{late.Count} of {moves.Count} statuses were late or never heard, first {late.FirstOrDefault()}, heard {string.Join(", ", heard[(late.FirstOrDefault().Tracking, late.FirstOrDefault().State)])}");
        foreach (var courier in couriers)
            foreach (var limit in (await town.DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_limits"))!["items"]!.AsArray())
            {
                TestContext.Current.SendDiagnosticMessage($"{courier.Name}: {limit!.ToJsonString()}");
                Assert.True((int)limit["refused"]! == 0 && (int)limit["most"]! <= (int)limit["limit"]!, $"{courier.Name}: {limit.ToJsonString()}");
            }
    }

    private static async Task<List<(CourierRoad Courier, string Tracking)>> BookedAsync(StormTown town, List<CourierRoad> couriers)
    {
        await using var scope = town.Open();
        var booked = await scope.Db.Parcels.Where(p => p.Tracking != null).Select(p => new { p.Courier, p.Tracking }).ToListAsync();
        return [.. booked.Select(p => (couriers.Single(c => c.Name == p.Courier), p.Tracking!))];
    }

    /// <summary>The lanes side by side until nothing is due; what waits for a courier's limit lets the clock walk on.</summary>
    private static async Task RunLanesAsync(TestApp app, StormTown town, WaitedClock clock)
    {
        var (runner, at) = (app.Get<JobRunner>(), clock.GetUtcNow());
        // Only where something is due: to ask every lane every minute cost more than what they do.
        var lanes = town.Accounts.Values.Select(CourierAccount.LaneOf).ToList();
        await using (var scope = town.Open())
            lanes = await scope.Db.Jobs.Where(j => lanes.Contains(j.Lane) && (j.State == JobState.Waiting || j.State == JobState.OutcomeUnknown) && j.DueAt <= at).Select(j => j.Lane).Distinct().ToListAsync();
        var work = Task.WhenAll(lanes.Select(lane => Task.Run(() => runner.RunDueAsync(lane, default))));
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(8));
            if (!work.IsCompleted && clock.IsWaitedFor) clock.Advance(Step);
        }
        await work;
    }

    /// <summary>Knows whether anybody waits for it for seconds, as one does for a courier's limit; the guard of a call waits longer. So work costs no time of the day, only waiting does.</summary>
    private sealed class WaitedClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private int _waits;

        internal bool IsWaitedFor => Volatile.Read(ref _waits) > 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(10)) return base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _waits);
            var over = 0;
            return base.CreateTimer(s =>
            {
                if (Interlocked.Exchange(ref over, 1) == 0) Interlocked.Decrement(ref _waits);
                callback(s);
            }, state, dueTime, period);
        }
    }
}
