using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Maystro;

/// <summary>Opens <c>/maystro</c>: the older host is <c>/maystro/api</c>, the newer one <c>/maystro/b/api</c>.</summary>
internal static class MaystroSetup
{
    private static readonly string[] Knobs =
        ["delivery-type", "product-price", "product-id", "external-order-id", "search-shape", "webhook-envelope", "one-host", "auth", "all-wilayas", "rate-limit", "cancel-404"];

    public static IServiceCollection AddMaystro(this IServiceCollection services) => services
        .AddSingleton<MaystroHooks>().AddSingleton<MaystroCourier>().AddSingleton<MaystroPlaces>().AddSingleton<MaystroOrders>().AddSingleton<MaystroApi>();

    public static void MapMaystro(this IEndpointRouteBuilder app)
    {
        var api = app.ServiceProvider.GetRequiredService<MaystroApi>();
        var courier = app.ServiceProvider.GetRequiredService<MaystroCourier>();
        var hooks = app.ServiceProvider.GetRequiredService<MaystroHooks>();
        var group = app.MapCourier(courier, Knobs, vendor =>
        {
            vendor.ErrorBody = (_, status) => new JsonObject { ["detail"] = status == 401 ? "Invalid token." : status == 429 ? "Request was throttled." : "A server error occurred.", ["status_code"] = status }.ToJsonString();
            vendor.Faults.Shape = path => MaystroApi.Split(path).Path;
        });
        // Nobody signs: anybody who knows the address can say anything.
        group.MapPost("/_forge", (Forgery forgery) =>
        {
            lock (courier.Gate)
                return courier.Find(forgery.Tracking) is not { } parcel ? Results.Json(new { error = $"maystro has no parcel \"{forgery.Tracking}\"" }, statusCode: 404)
                    : Results.Json(new { told = hooks.Tell(courier, parcel, "OrderStatusChanged", forgery.Status) }, statusCode: 202);
        });
        // With the path beside it the answer is written; alone, it would be taken for a RequestDelegate and dropped.
        group.Map("/{**path}", (HttpContext http, string? path) => api.AnswerAsync(http));
    }

    private sealed record Forgery(string Tracking, int Status);
}

/// <summary>Finds who answers a path of Maystro's API. Django is strict: a path without its last slash is another path.</summary>
public sealed class MaystroApi(MaystroCourier courier, MaystroPlaces places, MaystroOrders orders, MaystroHooks hooks, IServiceProvider services)
{
    /// <summary>Which host a path stands for, and the path itself: <c>/b/api/stores/orders/</c> → b, <c>/stores/orders/</c>.</summary>
    public static (string Host, string Path) Split(string path)
    {
        var host = path.StartsWith("/b/", StringComparison.Ordinal) ? "b" : "backend";
        if (host == "b") path = path[2..];
        return (host, path.StartsWith("/api/", StringComparison.Ordinal) ? path[4..] : path);
    }

    /// <summary>One call.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http)
    {
        var (host, path) = Split(http.Request.Path.Value!["/maystro".Length..]);
        var body = await CourierJson.BodyAsync(http.Request);
        try
        {
            if (courier.Vendor.Faults.Value("one-host") == host) throw MaystroOrders.No(404, "Not found.");
            lock (courier.Gate) return Answer(http, path, body, Open(http));
        }
        catch (CourierRefusal no) { return no.Answer(courier); }
    }

    private IResult Answer(HttpContext http, string path, JsonNode? body, CourierAccount account)
    {
        var query = http.Request.Query;
        var parts = path.Trim('/').Split('/');
        // The history is the one address whose documents have no slash at the end.
        if (!path.EndsWith('/') && parts is not ["stores", "history_order", _]) throw MaystroOrders.No(404, "Not found.");
        switch (http.Request.Method, parts)
        {
            case ("GET", ["shared" or "base", "wilayas"]):
                return courier.Answer(query["country"] == "1" || parts[0] == "base" ? places.Wilayas(query["language"]) : new JsonArray());
            case ("GET", ["shared", "communes"]):
                return courier.Answer(places.Communes(Number(query, "wilaya")));
            case ("GET", ["stores", "delivery_price"]):
                return courier.Answer(Price(query));
            case ("POST", ["stores", "orders" or "orders_store"]):
                return courier.Answer(orders.Create(account, body, oldPath: parts[1] == "orders_store"), 201);
            case ("GET", ["stores", "orders"]):
                return courier.Answer(orders.Search(account, query, services.OwnAddress() + http.Request.Path));
            case ("GET", ["stores", "orders", var id]):
                return courier.Answer(orders.Shown(Order(id)));
            case ("PATCH", ["stores", "orders", var id]):
                return courier.Answer(orders.Change(Order(id), body));
            case ("PATCH", ["shared", "status", var id]) when !courier.Vendor.Faults.IsOn("cancel-404"):
                return courier.Answer(orders.Cancel(Order(id), body));
            case ("PATCH", ["stores", "orders", var id, "status"]):
                return courier.Answer(orders.Cancel(Order(id), body));
            case ("GET", ["stores", "history_order", var id]):
                return courier.Answer(MaystroOrders.History(Order(id)));
            case ("POST", ["delivery", "starter", "v2", "starter_bordureau"]):
                return courier.Label(orders.Labels(account, body, isV1: false), path);
            case ("POST", ["delivery", "starter", "starter_bordureau"]):
                return courier.Label(orders.Labels(account, body, isV1: true), path);
            case ("POST", ["stores", "product"]):
                return courier.Answer(orders.AddProduct(account, body), 201);
            case ("GET", ["stores", "product"]):
                return courier.Answer(orders.Products(account, query["search"]));
            case ("GET", ["stores", "hooks", "types"]):
                return courier.Answer(new JsonObject { ["results"] = new JsonArray([.. MaystroHooks.Types.Select(t => new JsonObject { ["id"] = t.Id, ["name"] = t.Name })]) });
            case ("GET", ["stores", "hooks", "costume"]):
                return courier.Answer(new JsonObject { ["results"] = new JsonArray([.. hooks.Of(account).Select(Shown)]) });
            case ("POST", ["stores", "hooks", "costume"]):
                return courier.Answer(Register(account, body), 201);
            case ("DELETE", ["stores", "hooks", "costume", var id]):
                return hooks.Remove(account, id) ? Results.NoContent() : throw MaystroOrders.No(404, "Not found.");
            case ("POST", ["stores", "hooks", "test", "request"]):
                if (hooks.Of(account).Count == 0) throw MaystroOrders.No(400, "No hook is registered.");
                hooks.Tell(courier, account, "OrderStatusChanged", new() { ["external_order_id"] = "TEST", ["display_id_order"] = 1, ["id"] = Guid.Empty.ToString(), ["status"] = MaystroStates.Created }, Guid.Empty.ToString());
                return courier.Answer(new JsonObject { ["detail"] = "sent" });
            default:
                throw MaystroOrders.No(404, "Not found.");
        }

        PlayedParcel Order(string id) => courier.Find(id, account) is { } parcel && parcel.Id == id ? parcel : throw MaystroOrders.No(404, "Not found.");
    }

    private CourierAccount Open(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var bare = courier.Vendor.Faults.Value("auth") == "bare";
        if (header.Length == 0 || (!bare && !header.StartsWith("Token ", StringComparison.Ordinal))) throw MaystroOrders.No(401, "Authentication credentials were not provided.");
        if (courier.AccountOf(bare ? header : header[6..]) is not { } account || courier.IsDead(account) || account.IsSuspended) throw MaystroOrders.No(401, "Invalid token.");
        var limit = int.TryParse(courier.Vendor.Faults.Value("rate-limit"), CultureInfo.InvariantCulture, out var own) ? own : int.MaxValue; // none is published: counted all the same
        var counted = courier.Rates.Count(account.Id, [new("minute", TimeSpan.FromMinutes(1), limit)]);
        if (!counted.IsRefused) return account;
        var wait = (int)Math.Ceiling(counted.Wait.TotalSeconds);
        http.Response.Headers.RetryAfter = MaystroCourier.Text(wait);
        throw MaystroOrders.No(429, $"Request was throttled. Expected available in {wait} seconds.");
    }

    private JsonObject Price(IQueryCollection query)
    {
        var wrong = new FieldErrors();
        foreach (var name in (string[])["commune", "delivery_type", "express"])
            if (query[name].ToString().Length == 0) wrong.Add(name, "This field is required.");
        if (wrong.Any) throw new CourierRefusal(400, wrong.Json());
        var (home, desk) = courier.Vendor.Faults.Value("delivery-type") == "0/1" ? (0, 1) : (1, 2);
        var type = Number(query, "delivery_type");
        return Number(query, "commune") is { } id && places.Commune(id) is { } commune && (type == home || type == desk) && places.Price(commune.WilayaIn(courier.Model), type == desk, query["express"] == "true") is { } price
            ? new() { ["delivery_price"] = price } : throw MaystroOrders.No(404, "Not found.");
    }

    private JsonObject Register(CourierAccount account, JsonNode? body)
    {
        var wrong = new FieldErrors();
        var endpoint = CourierJson.Words(body?["endpoint"]);
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http")) wrong.Add("endpoint", "Enter a valid URL.");
        var type = CourierJson.Words(body?["trigger_type_id"]);
        if (type is not null && MaystroHooks.Types.All(t => t.Id != type)) wrong.Add("trigger_type_id", $"Invalid pk \"{type}\" - object does not exist.");
        if (wrong.Any) throw new CourierRefusal(400, wrong.Json());
        return Shown(hooks.Add(account, endpoint!, type));
    }

    private static JsonObject Shown(MaystroHook h) => new() { ["id"] = h.Id, ["endpoint"] = h.Endpoint, ["trigger_type_id"] = h.TypeId };

    private static int? Number(IQueryCollection query, string name) => int.TryParse(query[name], CultureInfo.InvariantCulture, out var number) ? number : null;
}
