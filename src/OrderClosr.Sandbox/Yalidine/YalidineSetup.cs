using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>Puts Yalidine into the sandbox under <c>/yalidine</c>, with or without <c>/v1</c>; Guepex and Yalitec are the same engine.</summary>
public static class YalidineSetup
{
    private static readonly IReadOnlyList<string> Knobs =
    [
        .. OddTypes.Knobs, "no-limits", "missing-signature", "handshake", "freeshipping-adds-fee", "bad-credentials", "batch-all-or-nothing", "empty-array-answer", "retry-after", "quota-headers", "occurred-at", "signature-header",
    ];

    /// <summary>Yalidine's state and parts.</summary>
    public static IServiceCollection AddYalidine(this IServiceCollection services) =>
        services.AddSingleton<YalidineHooks>().AddSingleton<YalidineCourier>().AddSingleton<YalidineGate>().AddSingleton<YalidineParcels>();

    /// <summary>Yalidine's addresses.</summary>
    public static void MapYalidine(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var courier = services.GetRequiredService<YalidineCourier>();
        var gate = services.GetRequiredService<YalidineGate>();
        var group = app.MapCourier(courier, Knobs, vendor =>
        {
            vendor.Faults.Shape = path => path.StartsWith("/v1/", StringComparison.Ordinal) ? path[3..] : path;
            vendor.Forget = () => { courier.Reset(); gate.Forget(); };
            vendor.ErrorBody = (_, status) => $$"""{"error":{"message":"injected fault","code":{{status}} } }""";
        });
        foreach (var prefix in (string[])["", "/v1"])
        {
            var api = group.MapGroup(prefix).AddEndpointFilter(gate);
            api.MapReference(courier);
            services.GetRequiredService<YalidineParcels>().Map(api);
        }
        group.MapGet("/app/bordereau.php", (string? tracking, string? import_id, string? token) => Label(courier, tracking, import_id, token));
        group.MapHooks(courier, services.GetRequiredService<YalidineHooks>());
        group.MapFallback("/{**rest}", () => YalidineGate.Refuse(404, "This endpoint does not exist"));
    }

    // Opens without a login: whoever has the address has the label.
    private static IResult Label(YalidineCourier courier, string? tracking, string? import, string? token)
    {
        lock (courier.Gate)
        {
            var parcels = courier.Parcels.Where(p => tracking is not null ? p.Tracking == tracking : YalidinePage.Text(p.More["import_id"]) == import).ToList();
            return parcels.Count == 0 || token != YalidineCourier.LabelToken(parcels[0].Account, tracking ?? "import-" + import)
                ? Results.Text("<h1>404</h1>", "text/html", statusCode: 404)
                : courier.Label(LabelPdf.Make([.. parcels.Select(p => LabelPdf.Of("YALIDINE", p))]), "/app/bordereau.php");
        }
    }
}
