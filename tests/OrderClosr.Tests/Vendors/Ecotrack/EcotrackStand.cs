using Microsoft.Extensions.Logging.Abstractions;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;
using OrderClosr.Vendors.Ecotrack;

namespace OrderClosr.Tests.Vendors.Ecotrack;

/// <summary>The adapter for Ecotrack before the played Anderson.</summary>
public sealed class EcotrackStand : CourierStand
{
    private const string Token = "invented-ecotrack-token-dar-lina";

    protected override string Vendor => "ecotrack";
    protected override Dictionary<string, string> Credentials => new() { ["api_token"] = Token };
    protected override Dictionary<string, string> Headers => new() { ["Authorization"] = "Bearer " + Token };

    private protected override ICourier Make(OutboundGate gate, Uri sandbox) => new EcotrackCourier(new(gate, new(new(sandbox, "api/v1/"))), NullLogger<EcotrackLists>.Instance);
}
