using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Couriers on the platform Ecotrack; Anderson is the preset (facts/couriers/ecotrack-anderson.md).</summary>
public static class EcotrackSetup
{
    /// <summary>Hosts an account may choose: tenants under the platform's own name, and those with a name of theirs. The operator may permit more.</summary>
    private static readonly string[] Tenants = ["*.ecotrack.dz", "platform.dhd-dz.com", "app.conexlog-dz.com"];

    public static IServiceCollection AddEcotrack(this IServiceCollection services, IConfiguration configuration)
    {
        var url = new Uri((configuration["Couriers:Anderson:Url"] ?? EcotrackCourier.Anderson).TrimEnd('/') + "/");
        var more = (configuration["Couriers:Anderson:Hosts"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        services.AddSingleton(OutboundRule.For(EcotrackClient.Vendor, [url], [.. Tenants, .. more]));
        services.AddSingleton(new EcotrackSettings(url)).AddSingleton<EcotrackClient>().AddSingleton<ICourier, EcotrackCourier>();
        return services;
    }
}

/// <summary>What the operator says about Ecotrack.</summary>
/// <param name="Url">Where accounts without an address of their own call.</param>
internal sealed record EcotrackSettings(Uri Url);
