using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Tests.Parcels;

/// <summary>What stands at one courier after the storm.</summary>
/// <param name="Orders">Shipped with it.</param>
/// <param name="Parcels">At the courier.</param>
/// <param name="Doubled">Orders with more than one parcel there.</param>
/// <param name="Missing">Orders without one.</param>
/// <param name="Unbooked">Orders whose parcel we do not know to be there.</param>
/// <param name="Faults">Calls that went wrong.</param>
internal sealed record StormCount(string Courier, int Orders, int Parcels, int Doubled, int Missing, int Unbooked, int Faults);

/// <summary>A shop with all six played couriers connected: makes its orders, lets their lines fail in all ways, work done and undone, and counts at the couriers themselves.</summary>
internal sealed class StormTown(IServiceProvider services, WorkspaceId shop, ProductId product, HttpClient sandbox, TimeProvider clock)
{
    /// <summary>Share of a courier's calls that go wrong in this way.</summary>
    private static readonly (string Kind, int? Status, double Rate)[] Faults =
        [("timeout-after-work", null, 0.12), ("drop", null, 0.04), ("error", 500, 0.04), ("error", 503, 0.03), ("error", 429, 0.04), ("garbage", 200, 0.04), ("html", 200, 0.03)];

    /// <summary>Our accounts by courier.</summary>
    internal Dictionary<string, CourierAccountId> Accounts { get; } = [];

    /// <summary>The same town seen through another app on the same database.</summary>
    internal StormTown With(IServiceProvider other)
    {
        var town = new StormTown(other, shop, product, sandbox, clock);
        foreach (var (name, account) in Accounts) town.Accounts[name] = account;
        return town;
    }

    /// <summary>Connects all couriers, on a calm line; their lists are read by whoever runs the lanes.</summary>
    internal async Task ConnectAsync(bool releasesAlone = false)
    {
        await using (var scope = Open())
        {
            scope.Db.Add(new ParcelSettings { Id = Id<ParcelSettings>.New(clock.GetUtcNow()), BooksAlone = false, ReleasesAlone = releasesAlone });
            await scope.Db.SaveChangesAsync();
        }
        foreach (var courier in CourierRoad.All)
        {
            await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind = "unserved", value = string.Join(',', Enumerable.Range(1, 58).Except([16, 31])) });
            await using var scope = Open();
            var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, 16) { WebhookSecret = courier.Secret }, default);
            Accounts[courier.Name] = made.Ok ? made.Value.Id : throw new InvalidOperationException($"{courier.Name}: {made.Refusal.Words}");
        }
    }

    /// <summary>From now on every line fails now and then.</summary>
    internal async Task BlowAsync()
    {
        foreach (var courier in CourierRoad.All)
        {
            // Whatever chance brings, each loses the answer of one booking.
            await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind = "timeout-after-work", method = "POST", path = courier.Booking, count = 1, seconds = 0 });
            foreach (var (kind, status, rate) in Faults)
                await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind, status, rate, seconds = kind == "error" ? 5 : 0 });
        }
    }

    /// <summary>The lines are whole again.</summary>
    internal async Task CalmAsync()
    {
        foreach (var courier in CourierRoad.All)
            foreach (var fault in Faults) await DoorAsync(HttpMethod.Delete, $"/{courier.Vendor}/_faults?kind={fault.Kind}");
    }

    /// <summary>A confirmed order to Bir El Djir.</summary>
    internal async Task<OrderId> OrderAsync(int n)
    {
        await using var scope = Open();
        var now = clock.GetUtcNow();
        var customer = new Customer { Id = CustomerId.New(now), Name = "Amina", CreatedAt = now };
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(customer.Id, default, OrderOrigin.Agent);
        var name = (await scope.Db.Products.AsNoTracking().SingleAsync(p => p.Id == product)).Name;
        var applied = await drafts.ApplyAsync(draft, new() { Items = [new(name, "", 1)], Name = "Amina Belkacem", Phone = $"0500{n:000000}", Wilaya = "Oran", Commune = "Bir El Djir", Address = "Cité 1600, bât. 12" }, default);
        if (!applied.Ok) throw new InvalidOperationException(applied.Refusal.Words);
        scope.Db.AddRange(customer, draft);
        await scope.Db.SaveChangesAsync();
        var confirmed = await scope.Get<ConfirmOrder>().RunAsync(draft.Id, null, new(ActorKind.Member, now), default);
        return confirmed.Ok ? draft.Id : throw new InvalidOperationException(confirmed.Refusal.Words);
    }

    /// <summary>What stands at one courier.</summary>
    internal async Task<StormCount> CountAsync(CourierRoad courier, List<OrderId> orders)
    {
        var there = (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_parcels"))!["items"]!.AsArray().GroupBy(p => (string)p!["reference"]!).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var faults = (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_log"))!["items"]!.AsArray().Count(c => c!["fault"] is not null);
        await using var scope = Open();
        var account = Accounts[courier.Name];
        var ours = await scope.Db.Parcels.AsNoTracking().Where(p => p.AccountId == account).ToListAsync();
        // Known by its number where the courier tells it; else a person reads it off the courier's screen.
        var booked = ours.Where(p => p.State == ParcelState.Registered && (p.Tracking is not null || (!courier.FindsAgain && p.Trouble == "tracking_missing"))
            && there.GetValueOrDefault(p.Reference) is [var one] && (p.Tracking is null || p.Tracking == (string)one!["tracking"]!)).Select(p => p.OrderId).ToHashSet();
        var references = ours.ToLookup(p => p.OrderId, p => p.Reference);
        int At(OrderId order) => references[order].Sum(r => there.GetValueOrDefault(r)?.Count ?? 0);
        return new(courier.Name, orders.Count, there.Values.Sum(g => g.Count), orders.Count(o => At(o) > 1), orders.Count(o => At(o) == 0), orders.Count(o => !booked.Contains(o)), faults);
    }

    internal WorkspaceScope Open() => services.GetRequiredService<WorkspaceScopes>().Open(shop);

    /// <summary>One of the sandbox's own addresses.</summary>
    internal async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await sandbox.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
        return text.Length > 0 ? JsonNode.Parse(text) : null;
    }
}
