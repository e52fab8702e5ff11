using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Ecotrack;

/// <summary>One call: who asks, and its parameters, which Ecotrack takes from the query string (or, at some tenants, from a JSON body).</summary>
public sealed class EcotrackCall(HttpContext http, EcotrackCourier courier, CourierAccount account, JsonNode? body)
{
    private static readonly RateWindow[] Windows =
        [new("minute", TimeSpan.FromMinutes(1), 50), new("hour", TimeSpan.FromHours(1), 1_500), new("day", TimeSpan.FromDays(1), 15_000)];

    /// <summary>Whose token it was.</summary>
    public CourierAccount Account { get; } = account;

    /// <summary>The JSON body.</summary>
    public JsonNode? Body { get; } = body;

    /// <summary>Limits now: 50 a minute, 1 500 an hour, 15 000 a day, or the switch <c>rate-limit</c> (<c>"5,100,1000"</c>).</summary>
    public static IReadOnlyList<RateWindow> Limits(EcotrackCourier courier) => courier.Vendor.Faults.Value("rate-limit")?.Split(',') is { Length: 3 } own
        ? [.. Windows.Zip(own, (w, n) => w with { Limit = int.Parse(n, CultureInfo.InvariantCulture) })]
        : Windows;

    /// <summary>Opens a call: the bearer token, or for <paramref name="byQuery"/> the <c>api_token</c> of the query; then the limits.</summary>
    public static EcotrackCall Open(HttpContext http, EcotrackCourier courier, JsonNode? body, bool byQuery)
    {
        var token = byQuery ? http.Request.Query["api_token"].ToString() : Laravel.Bearer(http.Request);
        if (courier.AccountOf(token) is not { } account || courier.IsDead(account)) throw Laravel.Unauthenticated();
        if (account.IsSuspended) throw new CourierRefusal(403, new JsonObject { ["message"] = "This action is unauthorized." });
        Laravel.Count(http, courier, account, Limits(courier), ["", "-Hour", "-Day"]);
        return new(http, courier, account, body);
    }

    /// <summary>A parameter of the address itself, never of the body.</summary>
    public string? Query(string name) => http.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Parameters of a create or update, from where this tenant reads them: <c>query-only</c>, <c>json-only</c>, or both.</summary>
    public JsonObject Fields()
    {
        var fields = courier.Vendor.Faults.IsOn("query-only") ? [] : Body?.DeepClone() as JsonObject ?? [];
        if (!courier.Vendor.Faults.IsOn("json-only"))
            foreach (var (name, value) in http.Request.Query)
                fields[name] = value.ToString();
        // Symbols beyond the basic plane have brought real tenants down.
        if (fields.Any(f => CourierJson.Words(f.Value)?.Any(char.IsSurrogate) is true)) throw new CourierRefusal(500, null);
        return fields;
    }

    /// <summary>The parcel of <c>?tracking=</c>; 422 for one that is not this merchant's.</summary>
    public PlayedParcel Parcel(string? tracking = null)
    {
        tracking ??= Query("tracking");
        if (tracking is null) throw Laravel.Invalid("tracking", "The tracking field is required.");
        return courier.Find(tracking, Account) is { } parcel && parcel.Tracking == tracking ? parcel : throw Laravel.Invalid("tracking", "The selected tracking is invalid.");
    }

    /// <summary>A no at 200: 10001 can no longer be changed, 10002 wilaya not served, 10003 no return possible.</summary>
    public static CourierRefusal No(int code) => new(200, NoBody(code));

    /// <summary>Its body.</summary>
    public static JsonObject NoBody(int code) => new()
    {
        ["success"] = false, ["error"] = code,
        ["message"] = code switch { 10001 => "La commande ne peut plus être modifiée", 10002 => "Wilaya non desservie", _ => "Retour impossible pour cette commande" },
    };
}
