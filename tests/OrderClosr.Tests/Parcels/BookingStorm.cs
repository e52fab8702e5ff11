using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
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

/// <summary>Books orders at every courier over lines that fail in all ways, work done and undone, and then counts at the couriers themselves.</summary>
/// <remarks>The app is built and not started: the lanes are run here, on a clock that jumps to what is due next, so that the couriers' limits and our waits cost nothing.</remarks>
internal sealed class BookingStorm(IServiceProvider services, WorkspaceId shop, ProductId product, HttpClient sandbox, FakeTimeProvider clock)
{
    /// <summary>Share of a courier's calls that go wrong in this way.</summary>
    private static readonly (string Kind, int? Status, double Rate)[] Faults =
        [("timeout-after-work", null, 0.12), ("drop", null, 0.04), ("error", 500, 0.04), ("error", 503, 0.03), ("error", 429, 0.04), ("garbage", 200, 0.04), ("html", 200, 0.03)];

    /// <summary>So long it blows, from the first booking; later tries then find a calm line.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, CourierAccountId> _accounts = [];

    /// <summary>Connects all couriers and reads their lists, on a calm line.</summary>
    internal async Task ConnectAsync()
    {
        await using (var scope = Open())
        {
            scope.Db.Add(new ParcelSettings { Id = Id<ParcelSettings>.New(clock.GetUtcNow()), BooksAlone = false, ReleasesAlone = false });
            await scope.Db.SaveChangesAsync();
        }
        foreach (var courier in CourierRoad.All)
        {
            await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind = "unserved", value = string.Join(',', Enumerable.Range(1, 58).Except([16, 31])) });
            await using var scope = Open();
            var made = await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, 16) { WebhookSecret = courier.Secret }, default);
            _accounts[courier.Name] = made.Ok ? made.Value.Id : throw new InvalidOperationException($"{courier.Name}: {made.Refusal.Words}");
        }
        await RunLanesAsync(ReadLists.Kind, TimeSpan.MaxValue);
    }

    /// <summary>Ships so many confirmed orders, one courier after the other, and waits until every booking has come to its end.</summary>
    internal async Task<IReadOnlyList<StormCount>> RunAsync(int orders)
    {
        var shipped = new Dictionary<string, List<OrderId>>(StringComparer.Ordinal);
        for (var i = 0; i < orders; i++)
        {
            var courier = CourierRoad.All[i % CourierRoad.All.Count].Name;
            if (!shipped.TryGetValue(courier, out var list)) shipped[courier] = list = [];
            list.Add(await OrderAsync(i));
        }
        foreach (var courier in CourierRoad.All)
        {
            // Whatever chance brings, each loses the answer of one booking.
            await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind = "timeout-after-work", method = "POST", path = courier.Booking, count = 1, seconds = 0 });
            foreach (var (kind, status, rate) in Faults)
                await DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind, status, rate, seconds = kind == "error" ? 5 : 0 });
        }
        foreach (var (courier, list) in shipped)
        {
            await using var scope = Open();
            foreach (var row in await scope.Get<ShipOrder>().RunAsync(list, _accounts[courier], new(ActorKind.Member, clock.GetUtcNow()), default))
                if (!row.Result.Ok) throw new InvalidOperationException($"{courier}: {row.Result.Refusal.Words}");
        }
        await RunLanesAsync(BookParcels.Kind, Lasts);
        var counts = new List<StormCount>();
        foreach (var courier in CourierRoad.All.Where(c => shipped.ContainsKey(c.Name))) counts.Add(await CountAsync(courier, shipped[courier.Name]));
        return counts;
    }

    private async Task<StormCount> CountAsync(CourierRoad courier, List<OrderId> orders)
    {
        var there = (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_parcels"))!["items"]!.AsArray().GroupBy(p => (string)p!["reference"]!).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        var faults = (await DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_log"))!["items"]!.AsArray().Count(c => c!["fault"] is not null);
        await using var scope = Open();
        var account = _accounts[courier.Name];
        var ours = await scope.Db.Parcels.AsNoTracking().Where(p => p.AccountId == account).ToListAsync();
        // Known by its number where the courier tells it; else a person reads it off the courier's screen.
        var booked = ours.Where(p => p.State == ParcelState.Registered && (p.Tracking is not null || (!courier.FindsAgain && p.Trouble == "tracking_missing"))
            && there.GetValueOrDefault(p.Reference) is [var one] && (p.Tracking is null || p.Tracking == (string)one!["tracking"]!)).Select(p => p.OrderId).ToHashSet();
        var references = ours.ToLookup(p => p.OrderId, p => p.Reference);
        int At(OrderId order) => references[order].Sum(r => there.GetValueOrDefault(r)?.Count ?? 0);
        return new(courier.Name, orders.Count, there.Values.Sum(g => g.Count), orders.Count(o => At(o) > 1), orders.Count(o => At(o) == 0), orders.Count(o => !booked.Contains(o)), faults);
    }

    private async Task<OrderId> OrderAsync(int n)
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

    /// <summary>Runs all lanes side by side until no job of this kind waits in them.</summary>
    private async Task RunLanesAsync(string kind, TimeSpan storm)
    {
        var runner = services.GetRequiredService<JobRunner>();
        var lanes = _accounts.Values.Select(CourierAccount.LaneOf).ToList();
        var (began, isCalm) = (clock.GetUtcNow(), false);
        while (true)
        {
            if (!isCalm && clock.GetUtcNow() - began > storm)
            {
                foreach (var courier in CourierRoad.All)
                    foreach (var fault in Faults) await DoorAsync(HttpMethod.Delete, $"/{courier.Vendor}/_faults?kind={fault.Kind}");
                isCalm = true;
            }
            await using (var scope = Open())
                if (!await scope.Db.Jobs.AnyAsync(j => j.Kind == kind && lanes.Contains(j.Lane) && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown))) return;
            var next = new List<DateTimeOffset>();
            foreach (var lane in lanes)
                if (await runner.NextDueAsync(lane, default) is { } due) next.Add(due);
            if (next.Count == 0) throw new InvalidOperationException($"A job of kind {kind} waits and nothing is due.");
            if (next.Min() is var first && first > clock.GetUtcNow()) clock.Advance(first - clock.GetUtcNow());
            await GoOnAsync(Task.WhenAll(lanes.Select(lane => Task.Run(() => runner.RunDueAsync(lane, default)))));
        }
    }

    /// <summary>Lets the clock walk on while work waits for a courier's limit.</summary>
    private async Task GoOnAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(8));
            if (!work.IsCompleted) clock.Advance(Step);
        }
        await work;
    }

    private WorkspaceScope Open() => services.GetRequiredService<WorkspaceScopes>().Open(shop);

    private async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await sandbox.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {text}");
        return text.Length > 0 ? JsonNode.Parse(text) : null;
    }
}
