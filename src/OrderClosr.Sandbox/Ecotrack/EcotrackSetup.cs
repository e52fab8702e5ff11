using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>Opens <c>/ecotrack</c>: one tenant, Anderson. <c>/api/v1</c> in the path is optional; <c>/old/…</c> answers 301 as a host that has moved.</summary>
internal static class EcotrackSetup
{
    /// <summary>Knobs and switches of this courier; README.md tells what each does.</summary>
    private static readonly string[] Knobs =
        ["query-only", "json-only", "fees-shape", "signature", "batch-key", "batch-500", "delete-shape", "communes-shape", "has-stop-desk", "ignore-return", "rate-limit"];

    public static IServiceCollection AddEcotrack(this IServiceCollection services) => services
        .AddSingleton<EcotrackWebhooks>().AddSingleton<EcotrackCourier>().AddSingleton<EcotrackPlaces>().AddSingleton<EcotrackOrders>().AddSingleton<EcotrackReading>().AddSingleton<EcotrackApi>();

    public static void MapEcotrack(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<EcotrackApi>();
        var group = app.MapCourier(app.ServiceProvider.GetRequiredService<EcotrackCourier>(), Knobs, vendor =>
        {
            vendor.ErrorBody = Laravel.Injected;
            vendor.Faults.Shape = EcotrackApi.WithoutVersion;
        });
        group.Map("/{**path}", (HttpContext http, string? path) => api.AnswerAsync(http, "/" + path));
    }
}

/// <summary>Finds who answers a path of Ecotrack's API.</summary>
public sealed class EcotrackApi(EcotrackCourier courier, EcotrackPlaces places, EcotrackOrders orders, EcotrackReading reading, IServiceProvider services)
{
    private const string Version = "/api/v1";

    /// <summary><c>/api/v1/get/fees</c> → <c>/get/fees</c>.</summary>
    public static string WithoutVersion(string path) => path.StartsWith(Version + "/", StringComparison.Ordinal) || path == Version ? path[Version.Length..] : path;

    /// <summary>One call.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, string path)
    {
        // The host has moved: whoever follows with a POST arrives with a GET and without a body.
        if (path.StartsWith("/old/", StringComparison.Ordinal)) return Results.Redirect(services.OwnAddress() + "/ecotrack" + path[4..] + http.Request.QueryString, permanent: true);
        path = WithoutVersion(path).Trim('/');
        var body = await CourierJson.BodyAsync(http.Request);
        try
        {
            lock (courier.Gate) return Answer(http, path, body);
        }
        catch (CourierRefusal no) { return no.Answer(courier); }
    }

    private IResult Answer(HttpContext http, string path, JsonNode? body)
    {
        if (path == "validate/token" && http.Request.Method == "GET") return courier.Answer(ValidateToken(http.Request.Query["api_token"]));
        var method = http.Request.Method;
        Func<EcotrackCall, JsonNode>? answer = (method, path) switch
        {
            ("GET", "") => _ => new JsonObject { ["limits"] = new JsonObject(EcotrackCall.Limits(courier).Select(w => KeyValuePair.Create("per_" + w.Name, (JsonNode?)w.Limit))) },
            ("GET", "get/wilayas") => _ => places.Wilayas(),
            ("GET", "get/communes") => call => places.CommuneList(call.Query("wilaya_id") is { } asked ? int.TryParse(asked, System.Globalization.CultureInfo.InvariantCulture, out var w) ? w : throw Laravel.Invalid("wilaya_id", "The wilaya id must be an integer.") : null),
            ("GET", "get/desks") => call => places.Desks(call.Account),
            ("GET", "get/fees") => _ => places.Fees(),
            ("GET", "get/products/list") => _ => new JsonArray(),
            ("GET", "get/orders") => reading.Orders,
            ("GET", "get/orders/status") => reading.States,
            ("GET", "get/tracking/info") => reading.Tracking,
            ("GET", "get/maj") => EcotrackReading.Remarks,
            ("POST", "create/order") => orders.Create,
            ("POST", "create/orders") => orders.CreateMany,
            ("POST", "update/order") => orders.Update,
            ("POST", "valid/order") => orders.Ship,
            ("DELETE", "delete/order") => orders.Delete,
            ("POST", "ask/for/order/return") => orders.AskReturn,
            ("POST", "valid/returns") => orders.ConfirmReturns,
            ("POST", "add/maj") => reading.AddRemark,
            _ => null,
        };
        var isLabel = (method, path) == ("GET", "get/order/label");
        if (answer is null && !isLabel) throw Laravel.NoRoute(path, Known.Contains(path));
        var asked = EcotrackCall.Open(http, courier, body, byQuery: path == "get/orders/status");
        return isLabel ? courier.Label(LabelPdf.Make(LabelPdf.Of("Anderson", asked.Parcel())), "/" + path) : courier.Answer(answer!(asked));
    }

    private static readonly HashSet<string> Known =
    [
        "validate/token", "get/wilayas", "get/communes", "get/desks", "get/fees", "get/products/list", "get/orders", "get/orders/status", "get/tracking/info", "get/maj", "get/order/label",
        "create/order", "create/orders", "update/order", "valid/order", "delete/order", "ask/for/order/return", "valid/returns", "add/maj",
    ];

    private JsonObject ValidateToken(string? token) => courier.AccountOf(token) is not { } account ? Said(false, "INVALID_TOKEN")
        : courier.IsDead(account) || account.IsSuspended ? Said(false, "TOKEN_NOT_ALLOWED") : Said(true, "VALID_TOKEN");

    private static JsonObject Said(bool success, string message) => new() { ["success"] = success, ["message"] = message };
}
