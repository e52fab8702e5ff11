using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Webhook endpoints by API (facts: zr-express.md section A6).</summary>
public static class ZrEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapEndpoints(this RouteGroupBuilder api, ZrCourier courier, ZrHooks hooks)
    {
        ZrGate.Map(api, "POST", "/webhooks/endpoints", (http, asked) =>
        {
            var (url, description, types, headers) = Read(asked);
            var hook = new ZrHook(ZrGate.AccountOf(http)) { Url = url, Description = description, EventTypes = types, Headers = headers };
            return hooks.Add(hook) ? ZrReference.Answer(courier, Shown(hook), 201) : throw new ZrProblem(400, "Endpoints.LimitReached", $"A tenant may have {ZrHooks.Most} endpoints.");
        });
        api.MapGet("/webhooks/endpoints", (HttpContext http) => ZrReference.Answer(courier, new JsonArray([.. hooks.All.Where(h => h.Account == ZrGate.AccountOf(http)).Select(Shown)])));
        api.MapGet("/webhooks/endpoints/{id}", (HttpContext http, string id) => ZrReference.Answer(courier, Shown(Own(http, id))));
        api.MapGet("/webhooks/endpoints/{id}/secret", (HttpContext http, string id) => ZrReference.Answer(courier, new JsonObject { ["secret"] = Own(http, id).Secret }));
        ZrGate.Map(api, "PUT", "/webhooks/endpoints/{id}", (http, asked) =>
        {
            var hook = Own(http, (string)http.Request.RouteValues["id"]!);
            (hook.Url, hook.Description, hook.EventTypes, hook.Headers) = Read(asked);
            return ZrReference.Answer(courier, Shown(hook));
        });
        api.MapDelete("/webhooks/endpoints/{id}", (HttpContext http, string id) =>
        {
            hooks.Remove(Own(http, id));
            return Results.NoContent();
        });

        ZrHook Own(HttpContext http, string id) => hooks.Find(ZrGate.AccountOf(http), id) ?? throw ZrProblem.Missing("Endpoint");
    }

    private static (string Url, string Description, IReadOnlyList<string> Types, IReadOnlyDictionary<string, string> Headers) Read(JsonObject asked)
    {
        var errors = new List<(string, string)>();
        // https in the world; a product under test has none.
        if (!Uri.TryCreate(asked.TextOf("url"), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")) errors.Add(("Url", "Url is required and must be an address"));
        var types = (asked["eventTypes"] as JsonArray ?? []).Select(t => CourierJson.Words(t) ?? "").ToList();
        if (types.Count == 0) errors.Add(("EventTypes", "EventTypes is required"));
        errors.AddRange(types.Where(t => !ZrHooks.Types.Contains(t)).Select(t => ("EventTypes", $"\"{t}\" is not an event type")));
        if (errors.Count > 0) throw ZrProblem.Fields(errors);
        return (asked.TextOf("url")!, asked.TextOf("description") ?? "", types, (asked["headers"] as JsonObject ?? []).ToDictionary(h => h.Key, h => CourierJson.Words(h.Value) ?? ""));
    }

    private static JsonObject Shown(ZrHook hook) => new()
    {
        ["id"] = hook.Id, ["url"] = hook.Url, ["description"] = hook.Description, ["eventTypes"] = new JsonArray([.. hook.EventTypes.Select(t => (JsonNode)t)]), ["disabled"] = false,
    };
}
