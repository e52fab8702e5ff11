using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A started shop with couriers connected at the sandbox, lists read and events on their way; shared by all roads on one database.</summary>
internal sealed class CourierTown : IAsyncDisposable
{
    private readonly OrdersWorld _orders;
    private readonly Lazy<Task<IReadOnlyDictionary<string, string>>> _lost;
    private int _phones;

    private CourierTown(TestApp app, Shop shop, ApiClient api, IReadOnlyList<CourierRoad> couriers)
    {
        (_orders, Api, Couriers) = (new(app, shop), api, couriers);
        _lost = new(LoseAsync);
    }

    internal ApiClient Api { get; }
    internal IReadOnlyList<CourierRoad> Couriers { get; }
    internal TestApp App => _orders.App;
    internal Shop Shop => _orders.Shop;

    internal static async Task<CourierTown> StartAsync(Database database, IReadOnlyList<CourierRoad> couriers)
    {
        var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var town = new CourierTown(app, shop, await ApiClient.OfAsync(app, shop), couriers);
        await using (var scope = app.In(shop.Id))
        {
            scope.Db.Add(new ParcelSettings { Id = Id<ParcelSettings>.New(app.Get<TimeProvider>().GetUtcNow()), BooksAlone = false });
            await scope.Db.SaveChangesAsync();
        }
        // Each serves Alger and Oran alone: lists of 58 wilayas would only wait for the couriers' limits.
        foreach (var courier in couriers) await town.FaultAsync(courier, new { kind = "unserved", value = string.Join(',', Enumerable.Range(1, 58).Except([16, 31])) });
        foreach (var courier in couriers) await town.ConnectAsync(courier);
        await Eventually.HoldsAsync(async () =>
        {
            await using var scope = app.In(shop.Id);
            return await scope.Db.CourierAccounts.AllAsync(a => a.SyncedAt != null && (a.WebhookId != null || (a.Courier != "zr-express" && a.Courier != "maystro")));
        });
        return town;
    }

    private async Task ConnectAsync(CourierRoad courier)
    {
        await using var scope = App.In(_orders.Shop.Id);
        var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, 16) { WebhookSecret = courier.Secret }, default);
        Assert.True(made.Ok, $"{courier.Name}: {made.Refusal?.Code} {made.Refusal?.Words}");
        var ours = $"{App.Url}/webhooks/couriers/{courier.Name}/{made.Value.ChannelKey}";
        // What a merchant does on the courier's screen; the others are asked by their API.
        if (courier.Name == "yalidine")
        {
            var hook = await DoorAsync(HttpMethod.Post, "/yalidine/_webhooks", new { url = ours, activate = true });
            Assert.True((bool)hook!["tested"]! && (bool)hook["active"]!, hook.ToJsonString());
        }
        if (courier.Name == "ecotrack") await DoorAsync(HttpMethod.Post, "/ecotrack/_accounts/dar-lina", new { webhook = ours });
    }

    /// <summary>A confirmed order to Bir El Djir over 1200 + 600 DA, each with a phone of its own.</summary>
    internal async Task<(OrderId Id, string Phone)> OrderAsync()
    {
        var phone = $"05000002{Interlocked.Increment(ref _phones):00}";
        return ((await _orders.OrderAsync(OrdersWorld.Complete(phone: phone, product: "hijab", variant: ""))).Id, phone);
    }

    /// <summary>The same, made in a conversation with this customer.</summary>
    internal async Task<Order> OrderOfAsync(CustomerId customer, ConversationId conversation)
    {
        var draft = await _orders.DraftAsync(OrdersWorld.Complete(phone: $"05000002{Interlocked.Increment(ref _phones):00}", product: "hijab", variant: ""), customer, conversation);
        var confirmed = await _orders.ConfirmAsync(draft);
        Assert.True(confirmed.Ok, confirmed.Refusal?.Words);
        return confirmed.Value;
    }

    internal async Task<string> ShipAsync(CourierRoad courier, OrderId order)
    {
        var shipped = await Api.PostAsync($"/orders/{order}/ship", new { courier = courier.Name });
        Assert.Equal((200, courier.Name, 1800L), (shipped.Code, shipped.Text("courier"), shipped["to_collect"].GetValue<long>()));
        return shipped.Text("id");
    }

    internal async Task<JsonNode> ParcelAsync(string id) => (await Api.GetAsync($"/parcels/{id}")).Json!;

    /// <summary>How often it was moved there.</summary>
    internal async Task<int> MovesAsync(string id, ParcelState to)
    {
        await using var scope = App.In(_orders.Shop.Id);
        Assert.True(ParcelId.TryParse(id, null, out var parcel));
        return await scope.Db.ParcelEvents.CountAsync(e => e.ParcelId == parcel && e.Effect == EventEffect.Moved && e.State == to);
    }

    /// <summary>The town runs on the real clock, and its tests share each courier's limit of a minute: whoever comes when it is used up waits for the next.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Waits until the parcel stands so, and reads it then as the shop's program does: looking there all the while would use up the program's own minute.</summary>
    internal async Task<JsonNode> BecomesAsync(string id, string state)
    {
        Assert.True(ParcelId.TryParse(id, null, out var parcel));
        JsonNode? last = null;
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                await using var scope = App.In(_orders.Shop.Id);
                return ParcelTransitions.Word(await scope.Db.Parcels.Where(p => p.Id == parcel).Select(p => p.State).SingleAsync()) == state && (string?)(last = await ParcelAsync(id))["state"] == state;
            }, Patience);
        }
        catch (Xunit.Sdk.FailException)
        {
            Assert.Fail($"The parcel is not {state}: {(last ?? await ParcelAsync(id)).ToJsonString()}");
        }
        return last!;
    }

    /// <summary>What the courier itself has of this order.</summary>
    internal async Task<List<JsonNode>> AtCourierAsync(CourierRoad courier, string reference) =>
        [.. (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_parcels?reference={reference}"))!["items"]!.AsArray().Select(p => p!)];

    /// <summary>The courier's people move it; a courier that sends nothing is asked, as our clock does.</summary>
    internal async Task MoveAsync(CourierRoad courier, string tracking, string to)
    {
        await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_parcels/{tracking}/move", new { to });
        if (courier.IsAsked) await AskAsync();
    }

    /// <summary>The clock's own step, as if nothing had been heard of any parcel for half a day.</summary>
    internal async Task AskAsync()
    {
        await using var scope = App.In(_orders.Shop.Id);
        var now = App.Get<TimeProvider>().GetUtcNow();
        // Nor was anything called for so long: the budget is whole.
        await scope.Db.InTransactionAsync(async () =>
        {
            await scope.Db.Parcels.ExecuteUpdateAsync(set => set.SetProperty(p => p.HeardAt, now.AddHours(-13)));
            return await scope.Db.CallBudgets.ExecuteUpdateAsync(set => set.SetProperty(b => b.Calls, ""));
        }, default);
        await scope.Get<Polling>().AskAsync(now, default);
    }

    /// <summary>Deliveries of this courier about this parcel that we took.</summary>
    internal async Task<int> TakenAsync(CourierRoad courier) =>
        (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_deliveries"))!["items"]!.AsArray().Count(d => (int)d!["status"]! == 200);

    /// <summary>Everything that came was read, and nothing is to be done for the couriers.</summary>
    internal Task QuietAsync() => Eventually.HoldsAsync(async () =>
    {
        await using var scope = App.In(_orders.Shop.Id);
        var now = App.Get<TimeProvider>().GetUtcNow();
        // A look that is put off until later has its moment when the clock gets there: nobody waits for it here.
        return !await scope.Db.Set<InboundEvent>().AnyAsync(e => e.State == EventState.Unread) && !await scope.Db.Jobs.AnyAsync(j => j.Kind == TrackParcels.Kind && ((j.State == JobState.Waiting && j.DueAt <= now) || j.State == JobState.Running));
    }, Patience);

    internal Task FaultAsync(CourierRoad courier, object fault) => DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", fault);

    /// <summary>One order at every courier at once whose booking is done and never answered: the parcel of each, by courier. Waits for the second try of all together.</summary>
    internal Task<IReadOnlyDictionary<string, string>> LostAnswersAsync() => _lost.Value;

    private async Task<IReadOnlyDictionary<string, string>> LoseAsync()
    {
        var parcels = new Dictionary<string, string>();
        foreach (var courier in Couriers)
        {
            await FaultAsync(courier, new { kind = "timeout-after-work", method = "POST", path = courier.Booking, count = 1, seconds = 0 });
            parcels[courier.Name] = await ShipAsync(courier, (await OrderAsync()).Id);
        }
        foreach (var courier in Couriers) await BecomesAsync(parcels[courier.Name], courier.FindsAgain ? courier.Booked : "registered");
        return parcels;
    }

    internal async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await App.Sandbox.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length > 0 ? JsonNode.Parse(text) : null;
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}

/// <summary>The towns, each built when the first road in it is walked.</summary>
public sealed class CourierTowns : IAsyncLifetime
{
    private readonly Dictionary<Database, Lazy<Task<CourierTown>>> _towns = new()
    {
        [Database.Sqlite] = new(() => CourierTown.StartAsync(Database.Sqlite, CourierRoad.All)),
        // Two are enough to see that the other database does the same: one whose webhook is typed in, one that is asked to send.
        [Database.Postgres] = new(() => CourierTown.StartAsync(Database.Postgres, [CourierRoad.Of("yalidine"), CourierRoad.Of("zr-express")])),
    };

    internal Task<CourierTown> OnAsync(Database database) => _towns[database].Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var town in _towns.Values.Where(t => t.IsValueCreated && t.Value.IsCompletedSuccessfully)) await (await town.Value).DisposeAsync();
    }
}
