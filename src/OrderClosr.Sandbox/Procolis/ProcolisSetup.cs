using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Procolis;

/// <summary>Puts Procolis into the sandbox under <c>/procolis</c>, with or without <c>/api_v1</c>.</summary>
public static class ProcolisSetup
{
    private const string Version = "/api_v1";

    /// <summary>Its state.</summary>
    public static IServiceCollection AddProcolis(this IServiceCollection services) => services.AddSingleton<ProcolisCourier>().AddSingleton<ProcolisApi>();

    /// <summary>Its addresses.</summary>
    public static void MapProcolis(this IEndpointRouteBuilder app)
    {
        var courier = app.ServiceProvider.GetRequiredService<ProcolisCourier>();
        var group = app.MapCourier(courier, [.. OddTypes.Knobs, "bad-credentials", "driver-number"], vendor =>
        {
            vendor.Faults.Shape = path => path.StartsWith(Version + "/", StringComparison.Ordinal) ? path[Version.Length..] : path;
            vendor.ErrorBody = (_, status) => $$"""{"Statut":"Erreur {{status}}"}""";
        });
        var api = app.ServiceProvider.GetRequiredService<ProcolisApi>();
        api.Map(group.MapGroup(""));
        api.Map(group.MapGroup(Version));
    }
}
