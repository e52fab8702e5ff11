using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A shop with one or two couriers connected, and the steps of a parcel in one line each. Nothing runs by itself: the clock is the test's.</summary>
internal sealed class ParcelsWorld : IAsyncDisposable
{
    private readonly OrdersWorld _orders;
    private int _phones;
    private bool _isStarted;

    private ParcelsWorld(OrdersWorld orders, TestCourier a, TestCourier b) => (_orders, Courier, Other) = (orders, a, b);

    internal TestApp App => _orders.App;
    internal Shop Shop => _orders.Shop;
    internal TestCourier Courier { get; }
    internal TestCourier Other { get; }
    internal CourierAccountId Account { get; private set; }
    internal FakeTimeProvider Clock => App.Time;

    internal static async Task<ParcelsWorld> StartAsync(Database database, bool connected = true, bool isStarted = false)
    {
        // Behind a real door cookies go by the real clock.
        var clock = new TestClock(isStarted ? DateTimeOffset.UtcNow : new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        var (a, b) = (new TestCourier("test-a", clock), new TestCourier("test-b", clock));
        var app = await TestApp.StartAsync(database, new() { Started = isStarted, Time = clock, Services = s => s.AddSingleton<ICourier>(a).AddSingleton<ICourier>(b) });
        var world = new ParcelsWorld(new(app, await app.NewShopAsync()), a, b) { _isStarted = isStarted };
        var places = app.Get<Places>();
        foreach (var courier in (TestCourier[])[a, b])
        {
            courier.Rows = Rows(places, 16, 31);
            courier.Fees = [new("w16", "", new(450), new(300), new(200), new(50), 5), new("w31", "", new(700), new(450))];
        }
        if (connected) world.Account = await world.ConnectAsync(a);
        return world;
    }

    /// <summary>Wilayas and communes as a courier lists them: its own ids, shouted names without accents, a desk in Oran.</summary>
    internal static List<PlaceRow> Rows(Places places, params int[] wilayas) =>
    [
        .. wilayas.Select(w => new PlaceRow(CourierPlaceKind.Wilaya, $"w{w}", $"w{w}", places.WilayaOf(w)!.Name) { WilayaCode = w, ServesHome = true, ServesDesk = true }),
        .. wilayas.SelectMany(w => places.CommunesOf(w).Select((c, i) => new PlaceRow(CourierPlaceKind.Commune, $"c{w * 100 + i}", $"w{w}", c.Name.ToUpperInvariant()) { ServesHome = true, DaysFrom = 1, DaysTo = 3 })),
        new(CourierPlaceKind.Desk, "d1", "w31", "Agence Oran Centre") { CommuneRef = $"c{3100 + places.CommunesOf(31).ToList().FindIndex(c => c.Name == "Oran")}", Address = "Rue Larbi Ben M'hidi" },
    ];

    internal async Task<CourierAccountId> ConnectAsync(TestCourier courier)
    {
        await using (var scope = Open())
        {
            var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, new Dictionary<string, string> { ["token"] = "good" }, 16) { WebhookSecret = TestCourier.Secret }, default);
            Assert.True(made.Ok, made.Refusal?.Words);
            Id = made.Value.Id;
        }
        await RunAsync(Id);
        courier.Calls.Clear();
        return Id;
    }

    internal CourierAccountId Id { get; private set; }

    internal WorkspaceScope Open() => App.In(Shop.Id);

    /// <summary>A confirmed order to Bir El Djir, each with a phone of its own.</summary>
    internal Task<Order> OrderAsync(Func<DraftChange, DraftChange>? change = null)
    {
        var usual = OrdersWorld.Complete(phone: $"05000001{_phones++:00}", product: "hijab", variant: "");
        return _orders.OrderAsync(change is null ? usual : change(usual));
    }

    /// <summary>The same, made in a conversation with this customer.</summary>
    internal async Task<Order> OrderOfAsync(CustomerId customer, ConversationId conversation)
    {
        var draft = await _orders.DraftAsync(OrdersWorld.Complete(phone: $"05000001{_phones++:00}", product: "hijab", variant: ""), customer, conversation);
        var confirmed = await _orders.ConfirmAsync(draft);
        Assert.True(confirmed.Ok, confirmed.Refusal?.Words);
        return confirmed.Value;
    }

    internal Cause By(ActorKind actor, string? reason = null) => _orders.By(actor, reason);

    internal Task<Result<Order>> CancelOrderAsync(OrderId id) => _orders.CancelAsync(id);

    internal async Task<Parcel> ParcelAsync(OrderId order)
    {
        await using var scope = Open();
        return await scope.Db.Parcels.AsNoTracking().Where(p => p.OrderId == order).OrderByDescending(p => p.Sequence).FirstAsync();
    }

    internal async Task<T> DoAsync<T>(Func<WorkspaceScope, Task<T>> act)
    {
        await using var scope = Open();
        return await act(scope);
    }

    internal async Task ChangeSettingsAsync(Action<ParcelSettings> change)
    {
        await using var scope = Open();
        var settings = new ParcelSettings { Id = Id<ParcelSettings>.New(Clock.GetUtcNow()) };
        change(settings);
        scope.Db.Add(settings);
        await scope.Db.SaveChangesAsync();
    }

    /// <summary>Runs the account's lane, moving the clock to whatever is due next, until nothing waits (or for so long).</summary>
    internal async Task RunAsync(CourierAccountId? account = null, TimeSpan? atMost = null)
    {
        await RunLanesAsync(account, atMost);
        for (var again = 0; again < 20 && account is null && _isStarted && await IsAtWorkAsync(); again++) await RunLanesAsync(null, atMost);
    }

    private async Task RunLanesAsync(CourierAccountId? account, TimeSpan? atMost)
    {
        var runner = App.Get<JobRunner>();
        var end = Clock.GetUtcNow() + (atMost ?? TimeSpan.FromHours(20));
        foreach (var lane in (string[])[CourierAccount.LaneOf(account ?? Account), $"work/{Shop.Id}"])
            for (var round = 0; round < 500; round++)
            {
                await runner.RunDueAsync(lane, default);
                if (await runner.NextDueAsync(lane, default) is not { } next || next > end) break;
                if (next <= Clock.GetUtcNow()) continue;
                await OthersAreDoneAsync();
                Clock.Advance(next - Clock.GetUtcNow());
            }
        if (account is null && Account.IsNone == false && await App.Get<JobRunner>().DueAsync(CourierAccount.LaneOf(Account), 1, default) is { Count: > 0 }) await RunLanesAsync(Account, atMost);
    }

    /// <summary>A started app takes jobs, too: one that it has in hand leaves nothing that is due, and yet is not done. True when there was one, or when it left another.</summary>
    private async Task<bool> IsAtWorkAsync()
    {
        var (lanes, now) = ((string[])[CourierAccount.LaneOf(Account), $"work/{Shop.Id}"], Clock.GetUtcNow());
        await using (var scope = Open())
            if (!await scope.Db.Jobs.AnyAsync(j => lanes.Contains(j.Lane) && (j.State == JobState.Running || (j.State == JobState.Waiting && j.DueAt <= now)))) return false;
        await OthersAreDoneAsync();
        return true;
    }

    /// <summary>Runs what is due until it holds. What a busy machine made fail once is put off by minutes: each look that finds nothing yet goes further ahead.</summary>
    internal Task ComesTrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var ahead = TimeSpan.FromMinutes(1);
        return Eventually.HoldsAsync(async () =>
        {
            await RunAsync(atMost: ahead);
            if (ahead < TimeSpan.FromHours(1)) ahead *= 2;
            return await condition();
        }, what: what);
    }

    /// <summary>A started app runs jobs of its own: minutes that pass meanwhile would end their leases, and whoever waits for them. One that waits for the clock itself is not waited for.</summary>
    private async Task OthersAreDoneAsync()
    {
        for (var look = 0; look < 200; look++)
        {
            await using var scope = Open();
            if (!await scope.Db.Jobs.AnyAsync(j => j.State == JobState.Running)) return;
            await Task.Delay(10);
        }
    }

    /// <summary>Forgets every parcel of ours and its jobs, as a restored backup does.</summary>
    internal async Task ForgetParcelsAsync()
    {
        await using var scope = Open();
        await scope.Db.InTransactionAsync(async () =>
        {
            await scope.Db.ParcelEvents.ExecuteDeleteAsync();
            await scope.Db.Parcels.ExecuteDeleteAsync();
            await scope.Db.Jobs.ExecuteDeleteAsync();
        }, default);
    }

    internal Task<Result<Parcel>> ShipAsync(OrderId order, CourierAccountId? wanted = null) => DoAsync(s => s.Get<ShipOrder>().RunAsync(order, wanted, By(ActorKind.Member), default));

    public ValueTask DisposeAsync() => _orders.DisposeAsync();
}
