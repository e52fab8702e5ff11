using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Maystro Delivery, the courier of whose API least is certain (facts/couriers/maystro.md): shown with a warning, and the operator can take it away.</summary>
public static class MaystroSetup
{
    private const string Old = "https://backend.maystro-delivery.com/api/", New = "https://b.maystro-delivery.com/api/";

    public static IServiceCollection AddMaystro(this IServiceCollection services, IConfiguration configuration)
    {
        if (!configuration.GetValue("Couriers:Maystro:Enabled", true)) return services;
        var url = configuration["Couriers:Maystro:Url"];
        var old = Address(url ?? Old);
        // A setting for one address (the sandbox, a proxy) is for both, unless it names the newer one, too.
        var newer = Address(configuration["Couriers:Maystro:NewUrl"] ?? url ?? New);
        services.AddSingleton(OutboundRule.For(MaystroClient.Vendor, [old, newer], "backend.maystro-delivery.com", "b.maystro-delivery.com"));
        services.AddSingleton(new MaystroSettings(old, newer)).AddSingleton<MaystroClient>().AddSingleton<ICourier, MaystroCourier>();
        return services;
    }

    private static Uri Address(string text) => new(text.TrimEnd('/') + "/");
}

/// <summary>Maystro's two hosts.</summary>
/// <param name="Old">Lists, prices, labels.</param>
/// <param name="New">Orders, histories, hooks.</param>
internal sealed record MaystroSettings(Uri Old, Uri New);
