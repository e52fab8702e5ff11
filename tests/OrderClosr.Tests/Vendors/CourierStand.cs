using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Sandbox.Couriers;

namespace OrderClosr.Tests.Vendors;

/// <summary>One courier's adapter before the sandbox over HTTP, and nothing else of the product; shared by a class of tests, which switch all faults off first.</summary>
public abstract class CourierStand : IAsyncLifetime
{
    private OutboundGate? _gate;
    private (List<PlaceRow> Places, List<FeeLine> Fees)? _lists;
    private int _references;

    protected abstract string Vendor { get; }

    /// <summary>The name its adapter calls out under, where the sandbox has another.</summary>
    protected virtual string Rule => Vendor;

    /// <summary>The played courier counts calls.</summary>
    protected virtual bool HasLimit => true;
    protected abstract Dictionary<string, string> Credentials { get; }

    /// <summary>Headers with which a test itself asks the sandbox.</summary>
    protected abstract Dictionary<string, string> Headers { get; }

    private protected abstract ICourier Make(OutboundGate gate, Uri sandbox);

    internal CourierPlay Play { get; private set; } = null!;
    internal ICourier Courier { get; private set; } = null!;
    internal Uri Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Play = await CourierPlay.StartAsync(Vendor, Headers);
        Sandbox = new Uri(Play.Http.BaseAddress!, Vendor + "/");
        _gate = new([OutboundRule.For(Rule, [Sandbox])], TimeProvider.System);
        Courier = Make(_gate, Sandbox);
    }

    /// <summary>No fault is on, and no limit in the way. Its lists are read before a test's first fault: whichever test comes first, all orders go to places as they are.</summary>
    internal virtual async Task BeginAsync()
    {
        await Play.ClearAsync();
        if (HasLimit) await Play.FaultAsync("rate-limit", Vendor == "ecotrack" ? "100000,100000,100000" : "100000");
        _lists ??= await ReadListsAsync();
    }

    internal CourierAccess Access(params (string Name, string Choice)[] variants) => With(Credentials, variants);

    internal virtual CourierAccess With(Dictionary<string, string> credentials, params (string Name, string Choice)[] variants) => new(CourierAccountId.New(DateTimeOffset.UnixEpoch), credentials, new CourierPace([], TimeProvider.System))
    {
        Variants = variants.ToDictionary(v => v.Name, v => v.Choice), ShopName = "Dar Lina", WebhookSecret = "invented-ecotrack-webhook-secret",
    };

    /// <summary>The whole lists as the adapter reads them, part by part.</summary>
    internal async Task<(List<PlaceRow> Places, List<FeeLine> Fees)> ReadListsAsync(CourierAccess? access = null, int parts = 100)
    {
        var (places, fees, from) = (new List<PlaceRow>(), new List<FeeLine>(), (string?)null);
        for (var i = 0; i < parts; i++)
        {
            var part = await Courier.ReadListsAsync(access ?? Access(), from, default);
            places.AddRange(part.Places);
            fees.AddRange(part.Fees);
            if ((from = part.Next) is null) break;
        }
        return (places, fees);
    }

    internal async Task<List<PlaceRow>> PlacesAsync() => (_lists ??= await ReadListsAsync()).Places;

    /// <summary>A parcel to a home in Alger, or to a desk there.</summary>
    internal async Task<ParcelToBook> OrderAsync(string? reference = null, Delivery delivery = Delivery.Home)
    {
        var places = await PlacesAsync();
        var wilaya = places.Single(p => p is { Kind: CourierPlaceKind.Wilaya, WilayaCode: 16 });
        var desk = delivery == Delivery.Desk ? places.FirstOrDefault(p => p is { Kind: CourierPlaceKind.Desk, WilayaCode: 16 }) : null;
        var commune = desk is not null ? places.First(p => p.Kind == CourierPlaceKind.Commune && p.WilayaRef == wilaya.Ref && p.Ref == desk.CommuneRef)
            : places.First(p => p.Kind == CourierPlaceKind.Commune && p.WilayaRef == wilaya.Ref && (delivery == Delivery.Desk ? p.ServesDesk : p.Name == "Bordj El Kiffan"));
        return new()
        {
            Reference = reference ?? $"{Interlocked.Increment(ref _references)}-AB2CD3", Name = "Amine Benali", Phone = Phone.Stored("+213500000012"), SecondPhone = Phone.Stored("+213500000013"),
            Address = "Cité 120 logts & Bt 4, près du café", Delivery = delivery, Wilaya = wilaya, Commune = commune, Desk = desk, Goods = "Robe d'été, M / Noir x1, Hijab x2",
            Lines = [new("Robe d'été, M / Noir", "ROBE-M", 1, new(3500)), new("Hijab", "HIJAB", 2, new(500))], ToCollect = new(4900), GoodsValue = new(4500), DeliveryFee = new(400), Weight = 1200, Note = "Appeler le soir",
        };
    }

    internal async Task<BookingAnswer> BookAsync(ParcelToBook parcel, CourierAccess? access = null) => (await Courier.BookAsync(access ?? Access(), [parcel], default)).Single();

    /// <summary>Booked, as the room would know it.</summary>
    internal async Task<BookedParcel> BookedAsync(ParcelToBook? parcel = null, CourierAccess? access = null)
    {
        var answer = await BookAsync(parcel ??= await OrderAsync(), access);
        Assert.Equal(BookingEnd.Registered, answer.End);
        return new(parcel.Reference, answer.Parcel!.Tracking, answer.Parcel.TheirId, DateTimeOffset.UnixEpoch) { State = ParcelState.Registered, Delivery = parcel.Delivery };
    }

    internal async Task<CourierParcel> TrackedAsync(BookedParcel parcel, CourierAccess? access = null) => (await Courier.TrackAsync(access ?? Access(), [parcel], default)).Single();

    /// <summary>What the courier itself has under a reference.</summary>
    internal async Task<List<JsonNode>> AtCourierAsync(string reference) => [.. (await Play.ParcelsAsync()).Where(p => (string?)p!["reference"] == reference).Select(p => p!)];

    internal static Task<VendorFailure> FailsAsync(Func<Task> call) => Assert.ThrowsAsync<VendorFailure>(call);

    /// <summary>Every fault of the wire before a read, and before a write: what each becomes.</summary>
    internal async Task BearsAsync(Func<Task> read, Func<Task> write)
    {
        foreach (var (kind, status) in ((string, int?)[])[("error", 500), ("error", 502), ("error", 503), ("html", 200), ("html", 502), ("garbage", 200), ("drop", null), ("timeout-after-work", null)])
        {
            await Play.FaultAsync(kind, count: 1, status: status, seconds: 0);
            Assert.Equal((kind, status, FailureCategory.Transient), (kind, status, (await FailsAsync(read)).Category));
            await Play.FaultAsync(kind, count: 1, status: status, seconds: 0);
            Assert.Equal((kind, status, FailureCategory.OutcomeUnknown), (kind, status, (await FailsAsync(write)).Category));
        }
        await Play.FaultAsync("error", count: 1, status: 401);
        var credentials = await FailsAsync(write);
        Assert.Equal((FailureCategory.Credentials, "token_refused"), (credentials.Category, credentials.Code));
        await Play.FaultAsync("error", count: 1, status: 429, seconds: 30);
        var limited = await FailsAsync(read);
        Assert.Equal((FailureCategory.RateLimited, TimeSpan.FromSeconds(30)), (limited.Category, limited.RetryAfter));
        await Play.FaultAsync("slow", count: 1, seconds: 0.2);
        await read();
    }

    public async ValueTask DisposeAsync()
    {
        _gate?.Dispose();
        await Play.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
