using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Vendors.Yalidine;

namespace OrderClosr.Tests.Vendors.Yalidine;

/// <summary>The adapter for Yalidine before the played one; parcels leave from Alger.</summary>
public sealed class YalidineStand : CourierStand
{
    internal const string Id = "10000000000000000001", Token = "invented-yalidine-token-dar-lina", Secret = "invented-webhook-secret";

    protected override string Vendor => "yalidine";
    protected override Dictionary<string, string> Credentials => new() { ["api_id"] = Id, ["api_token"] = Token };
    protected override Dictionary<string, string> Headers => new() { ["X-API-ID"] = Id, ["X-API-TOKEN"] = Token };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new YalidineCourier(new(gate, new(new(sandbox, "v1/"))), new Places());

    /// <summary>No fault is on, and calls are counted but not refused.</summary>
    internal override async Task BeginAsync()
    {
        await Play.ClearAsync();
        await Play.FaultAsync("no-limits");
    }

    internal override CourierAccess With(Dictionary<string, string> credentials, params (string Name, string Choice)[] variants) => Of(credentials, new CourierPace([], TimeProvider.System), null, variants);

    internal static CourierAccess Of(Dictionary<string, string> credentials, CourierPace pace, Uri? baseUrl, params (string Name, string Choice)[] variants) => new(CourierAccountId.New(DateTimeOffset.UnixEpoch), credentials, pace)
    {
        Variants = variants.ToDictionary(v => v.Name, v => v.Choice), ShopName = "Dar Lina", WebhookSecret = Secret, BaseUrl = baseUrl, OriginWilaya = 16,
        Origin = new(CourierPlaceKind.Wilaya, "16", "16", "Alger") { WilayaCode = 16 },
    };
}
