using OrderClosr.Ground.Jobs;

namespace OrderClosr.Parcels;

/// <summary>Services of the parcels' room.</summary>
public static class ParcelsSetup
{
    public static IServiceCollection AddParcels(this IServiceCollection services)
    {
        services.AddSingleton<CourierPaces>().AddSingleton<Couriers>();
        // The courier's own limits count calls, not jobs: see CourierPace.
        services.AddSingleton(new LaneRule("courier/", new(4)));
        return services;
    }
}
