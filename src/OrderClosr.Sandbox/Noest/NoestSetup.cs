using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Noest;

/// <summary>Opens <c>/noest</c>; <c>/api/public</c> in the path is optional.</summary>
internal static class NoestSetup
{
    private static readonly string[] Knobs =
    [
        "duplicate-compares", "duplicate-tracking", "station-code", "exchange-field", "batch-shape", "activity-order", "guid-check", "rate-limit", "error-shape", "unknown-tracking-status", "max-amount", "stock-module", "attempt-content",
    ];

    public static IServiceCollection AddNoest(this IServiceCollection services) => services
        .AddSingleton<NoestCourier>().AddSingleton<NoestPlaces>().AddSingleton<NoestOrders>().AddSingleton<NoestParcels>().AddSingleton<NoestLabels>().AddSingleton<NoestApi>();

    public static void MapNoest(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<NoestApi>();
        var labels = app.ServiceProvider.GetRequiredService<NoestLabels>();
        var group = app.MapCourier(app.ServiceProvider.GetRequiredService<NoestCourier>(), Knobs, vendor =>
        {
            vendor.ErrorBody = Laravel.Injected;
            vendor.Faults.Shape = NoestApi.WithoutPrefix;
        });
        group.MapGet("/files/labels/{file}", (HttpContext http, string file) => labels.Open(http, file));
        group.Map("/{**path}", (HttpContext http, string? path) => api.AnswerAsync(http, "/" + path));
    }
}

/// <summary>Finds who answers a path of Noest's API.</summary>
public sealed class NoestApi(NoestCourier courier, NoestPlaces places, NoestOrders orders, NoestParcels parcels, NoestLabels labels)
{
    private const string Prefix = "/api/public";

    /// <summary><c>/api/public/desks</c> → <c>/desks</c>.</summary>
    public static string WithoutPrefix(string path) => path.StartsWith(Prefix + "/", StringComparison.Ordinal) ? path[Prefix.Length..] : path;

    /// <summary>One call.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, string path)
    {
        path = WithoutPrefix(path).Trim('/');
        var body = await CourierJson.BodyAsync(http.Request);
        try
        {
            lock (courier.Gate) return http.Request.Method == "GET" ? Read(http, path) : Write(http, path, body as JsonObject ?? []);
        }
        catch (CourierRefusal no) { return no.Answer(courier); }
    }

    private IResult Read(HttpContext http, string path)
    {
        if (path == "get/order/label")
        {
            var account = Open(http);
            return Results.Redirect(labels.Address(parcels.Parcel(account, http.Request.Query["tracking"].ToString() is { Length: > 0 } tracking ? tracking : null)));
        }
        Func<JsonNode> answer = path.Split('/') switch
        {
            ["get", "wilayas"] => places.Wilayas,
            ["get", "communes", var wilaya] when int.TryParse(wilaya, CultureInfo.InvariantCulture, out var code) => () => places.Communes(code),
            ["desks"] => places.DeskList,
            ["fees"] => places.Fees,
            _ => throw Laravel.NoRoute(path, isOtherMethod: Writes(path) is not null),
        };
        Open(http);
        return courier.Answer(answer());
    }

    private IResult Write(HttpContext http, string path, JsonObject body)
    {
        var answer = http.Request.Method == "POST" ? Writes(path) : null;
        if (answer is null) throw Laravel.NoRoute(path, isOtherMethod: Writes(path) is not null || path is "get/wilayas" or "desks" or "fees" or "get/order/label");
        var account = Open(http);
        // Writes name the user as well as the token; asking for trackings does not at every source.
        if (path != "get/trackings/info" || courier.Vendor.Faults.Value("guid-check") != "off")
        {
            if (CourierJson.Words(body["user_guid"]) is not { } guid) throw Laravel.Invalid("user_guid", NoestRefusals.Missing("user_guid"));
            if (guid != account.Id) throw Laravel.Invalid("user_guid", NoestRefusals.Invalid("user_guid"));
        }
        return courier.Answer(answer(account, body));
    }

    private Func<CourierAccount, JsonObject, JsonObject>? Writes(string path) => path switch
    {
        "create/order" => orders.Create,
        "create/orders" => orders.CreateMany,
        "valid/order" => parcels.Validate,
        "valid/orders" => parcels.ValidateMany,
        "update/order/before/expedition" => parcels.ChangeDraft,
        "update/order" => parcels.AskChange,
        "delete/order" => parcels.Delete,
        "add/maj" => parcels.AddNote,
        "ask/new-tentative" => parcels.AskAgain,
        "ask/return" => parcels.AskReturn,
        "get/trackings/info" => parcels.Track,
        _ => null,
    };

    private CourierAccount Open(HttpContext http)
    {
        if (courier.AccountOf(Laravel.Bearer(http.Request)) is not { } account || courier.IsDead(account)) throw Laravel.Unauthenticated();
        var limit = int.TryParse(courier.Vendor.Faults.Value("rate-limit"), CultureInfo.InvariantCulture, out var own) ? own : 60;
        Laravel.Count(http, courier, account, [new("minute", TimeSpan.FromMinutes(1), limit)], [""]);
        return account;
    }
}
