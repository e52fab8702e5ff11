using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Puts the new platform of ZR Express into the sandbox under <c>/zr</c>, with or without <c>/api/v1</c>.</summary>
public static class ZrSetup
{
    private const string Version = "/api/v1";

    private static readonly IReadOnlyList<string> Knobs =
    [
        .. OddTypes.Knobs, "no-ready-step", "home-needs-hub", "annule", "pascal-case-states", "renamed-workflow", "pascal-case-webhooks", "rate-limit", "create-status", "errors-as-array", "accept-any-customer",
        "all-wilayas", "no-amount-limit", "read-fails-once", "label-expired", "missing-signature", "stale-timestamp", "two-signatures", "webhook-headers",
    ];

    /// <summary>ZR's state and parts.</summary>
    public static IServiceCollection AddZrExpress(this IServiceCollection services) =>
        services.AddSingleton<ZrHooks>().AddSingleton<ZrCourier>().AddSingleton<ZrGate>().AddSingleton<ZrParcels>().AddSingleton<ZrChanges>().AddSingleton<ZrLabels>();

    /// <summary>ZR's addresses.</summary>
    public static void MapZrExpress(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var courier = services.GetRequiredService<ZrCourier>();
        var group = app.MapCourier(courier, Knobs, vendor =>
        {
            vendor.Faults.Shape = path => path.StartsWith(Version + "/", StringComparison.Ordinal) ? path[Version.Length..] : path;
            vendor.ErrorBody = (_, status) => new JsonObject { ["type"] = "about:blank", ["title"] = "Injected.Fault", ["status"] = status, ["detail"] = "injected fault", ["instance"] = "" }.ToJsonString();
        });
        foreach (var prefix in (string[])["", Version])
        {
            var api = group.MapGroup(prefix).AddEndpointFilter(services.GetRequiredService<ZrGate>());
            api.MapReference(courier);
            services.GetRequiredService<ZrParcels>().Map(api);
            services.GetRequiredService<ZrChanges>().Map(api);
            services.GetRequiredService<ZrLabels>().Map(api);
            api.MapEndpoints(courier, services.GetRequiredService<ZrHooks>());
        }
        services.GetRequiredService<ZrLabels>().MapFiles(group);
        group.MapFallback("/{**rest}", (HttpContext http) => new ZrProblem(404, "Routing.NotFound", "This endpoint does not exist.").Answer(http, courier));
    }
}
