using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>ZR Express, the new platform (facts/couriers/zr-express.md part A).</summary>
public static class ZrSetup
{
    private const string Url = "https://api.zrexpress.app/api/v1/";

    public static IServiceCollection AddZrExpress(this IServiceCollection services, IConfiguration configuration)
    {
        var url = new Uri((configuration["Couriers:ZrExpress:Url"] ?? Url).TrimEnd('/') + "/");
        // Labels lie at a store whose host no document names: the operator permits it once a real account shows it.
        var labels = (configuration["Couriers:ZrExpress:LabelHosts"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        services.AddSingleton(OutboundRule.For(ZrClient.Vendor, [url], ["api.zrexpress.app", "*.zrexpress.app", .. labels]));
        services.AddSingleton(new ZrSettings(url)).AddSingleton<ZrClient>().AddSingleton<ICourier, ZrCourier>();
        return services;
    }
}

/// <summary>What the operator says about ZR Express.</summary>
internal sealed record ZrSettings(Uri Url);
