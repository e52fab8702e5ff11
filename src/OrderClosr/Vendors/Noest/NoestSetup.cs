using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Noest;

/// <summary>Noest, Nord et Ouest Express (facts/couriers/noest.md).</summary>
public static class NoestSetup
{
    private const string Url = "https://app.noest-dz.com/api/public/";

    public static IServiceCollection AddNoest(this IServiceCollection services, IConfiguration configuration)
    {
        var url = new Uri((configuration["Couriers:Noest:Url"] ?? Url).TrimEnd('/') + "/");
        // Labels lie at a store whose host no document names: the operator permits it once a real account shows it.
        var labels = (configuration["Couriers:Noest:LabelHosts"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        services.AddSingleton(OutboundRule.For(NoestClient.Vendor, [url], ["app.noest-dz.com", "*.noest-dz.com", .. labels]));
        services.AddSingleton(new NoestSettings(url)).AddSingleton<NoestClient>().AddSingleton<ICourier, NoestCourier>();
        return services;
    }
}

/// <summary>What the operator says about Noest.</summary>
internal sealed record NoestSettings(Uri Url);
