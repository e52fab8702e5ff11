using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Vendors.Noest;

namespace OrderClosr.Tests.Vendors.Noest;

/// <summary>The adapter for Noest before the played one.</summary>
public sealed class NoestStand : CourierStand
{
    private const string Token = "invented-noest-token-dar-lina";

    protected override string Vendor => "noest";
    protected override Dictionary<string, string> Credentials => new() { ["api_token"] = Token, ["user_guid"] = "DLN0A1B2" };
    protected override Dictionary<string, string> Headers => new() { ["Authorization"] = "Bearer " + Token };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new NoestCourier(new(gate, new(new(sandbox, "api/public/"))));
}
