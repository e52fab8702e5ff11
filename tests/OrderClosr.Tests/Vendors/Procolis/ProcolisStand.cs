using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Vendors.Procolis;

namespace OrderClosr.Tests.Vendors.Procolis;

/// <summary>The adapter for Procolis before the played one.</summary>
public sealed class ProcolisStand : CourierStand
{
    internal const string Token = "invented-procolis-token-dar-lina", Key = "invented-procolis-key-dar-lina";

    protected override string Vendor => "procolis";
    protected override bool HasLimit => false;
    protected override Dictionary<string, string> Credentials => new() { ["token"] = Token, ["key"] = Key };
    protected override Dictionary<string, string> Headers => new() { ["token"] = Token, ["key"] = Key };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new ProcolisCourier(new(gate, new(new(sandbox, "api_v1/"))), new());
}
