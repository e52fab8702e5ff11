using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Yalidine, and by address Guepex and Yalitec, which run the same engine (facts/couriers/yalidine.md).</summary>
public static class YalidineSetup
{
    /// <summary>Hosts an account may choose, and those its labels lie on. The operator may permit more.</summary>
    private static readonly string[] Known = ["api.yalidine.app", "yalidine.app", "api.guepex.app", "guepex.app", "api.yalitec.me", "yalitec.me"];

    public static IServiceCollection AddYalidine(this IServiceCollection services, IConfiguration configuration)
    {
        var url = new Uri((configuration["Couriers:Yalidine:Url"] ?? YalidineCourier.Yalidine).TrimEnd('/') + "/");
        var more = (configuration["Couriers:Yalidine:Hosts"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        services.AddSingleton(OutboundRule.For(YalidineClient.Vendor, [url], [.. Known, .. more]));
        services.AddSingleton(new YalidineSettings(url)).AddSingleton<YalidineClient>().AddSingleton<ICourier, YalidineCourier>();
        return services;
    }
}

/// <summary>What the operator says about Yalidine.</summary>
/// <param name="Url">Where accounts without an address of their own call.</param>
internal sealed record YalidineSettings(Uri Url);
