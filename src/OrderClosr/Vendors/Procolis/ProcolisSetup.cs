using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Procolis, the old platform of ZR Express (facts/couriers/zr-express.md part B).</summary>
public static class ProcolisSetup
{
    private const string Url = "https://procolis.com/api_v1/";

    public static IServiceCollection AddProcolis(this IServiceCollection services, IConfiguration configuration)
    {
        var url = new Uri((configuration["Couriers:ZrLegacy:Url"] ?? Url).TrimEnd('/') + "/");
        services.AddSingleton(OutboundRule.For(ProcolisClient.Vendor, [url], "procolis.com", "*.procolis.com"));
        services.AddSingleton(new ProcolisSettings(url)).AddSingleton<ProcolisClient>().AddSingleton<ICourier, ProcolisCourier>();
        return services;
    }
}

/// <summary>What the operator says about Procolis.</summary>
internal sealed record ProcolisSettings(Uri Url);
