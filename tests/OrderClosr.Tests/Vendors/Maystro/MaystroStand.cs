using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Vendors.Maystro;

namespace OrderClosr.Tests.Vendors.Maystro;

/// <summary>The adapter for Maystro before the played one, with its two hosts.</summary>
public sealed class MaystroStand : CourierStand
{
    private const string Token = "invented-maystro-token-dar-lina";

    protected override string Vendor => "maystro";
    protected override Dictionary<string, string> Credentials => new() { ["token"] = Token, ["store_id"] = "4101" };
    protected override Dictionary<string, string> Headers => new() { ["Authorization"] = "Token " + Token };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new MaystroCourier(new(gate, new(new(sandbox, "api/"), new(sandbox, "b/api/"))));
}
