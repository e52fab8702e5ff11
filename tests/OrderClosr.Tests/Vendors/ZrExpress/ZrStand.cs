using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Vendors.ZrExpress;

namespace OrderClosr.Tests.Vendors.ZrExpress;

/// <summary>The adapter for ZR Express before the played one.</summary>
public sealed class ZrStand : CourierStand
{
    internal const string Tenant = "0d0a11a0-0000-4000-8000-000000000001", Key = "invented-zr-key-dar-lina";

    protected override string Vendor => "zr";
    protected override string Rule => "zr-express";
    protected override Dictionary<string, string> Credentials => new() { ["tenant_id"] = Tenant, ["api_key"] = Key };
    protected override Dictionary<string, string> Headers => new() { ["X-Tenant"] = Tenant, ["X-Api-Key"] = Key };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new ZrCourier(new(gate, new(new(sandbox, "api/v1/"))));
}
