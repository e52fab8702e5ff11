using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>Who am I, territories, hubs, prices, workflows (facts: zr-express.md sections A1, A2, A4).</summary>
public static class ZrReference
{
    /// <summary>Maps them.</summary>
    public static void MapReference(this RouteGroupBuilder api, ZrCourier courier)
    {
        api.MapGet("/users/profile", (HttpContext http) =>
        {
            var account = ZrGate.AccountOf(http);
            return Answer(courier, new JsonObject
            {
                ["id"] = ZrLists.Id("user", account.Id), ["name"] = account.Name, ["email"] = "owner@example.invalid",
                ["memberships"] = new JsonArray(new JsonObject { ["tenantId"] = account.Id, ["tenantName"] = account.Name, ["role"] = "supplier" }),
            });
        });
        ZrGate.Map(api, "POST", "/workflows/search", (http, asked) => Answer(courier, ZrShown.Page(asked, [ZrWorkflow.Listed(courier, ZrGate.AccountOf(http).Id)])));
        ZrGate.Map(api, "POST", "/territories/search", (_, asked) => Answer(courier, Territories(courier, asked)));
        ZrGate.Map(api, "POST", "/hubs/search", (_, asked) => Answer(courier, ZrShown.Page(asked, courier.Lists.Hubs.Select(h => ZrShown.Hub(h, asked.FlagOf("includeServices") == true)))));
        // Wilayas and communes mixed; a commune has a row of its own only where its price differs from the wilaya's.
        api.MapGet("/delivery-pricing/rates", () => Answer(courier, new JsonObject
        {
            ["rates"] = new JsonArray([.. courier.Lists.Territories.Where(t => courier.CanSend(t) && (t.Parent is null || ZrPrices.IsOwn(t))).Select(ZrShown.Rate)]), ["appliedDiscounts"] = new JsonArray(),
        }));
        api.MapGet("/delivery-pricing/rates/{territory}", (string territory) =>
        {
            var to = courier.Lists.Territory(Guid.TryParse(territory, out var id) ? id : null) ?? throw ZrProblem.Missing("Territory");
            return Answer(courier, new JsonObject { ["rates"] = new JsonArray([.. new[] { to, to.Parent }.OfType<ZrTerritory>().Where(courier.CanSend).Select(ZrShown.Rate)]), ["appliedDiscounts"] = new JsonArray() });
        });
        api.MapGet("/delivery-pricing/service-pricing", () => Answer(courier, new JsonObject { ["labelingPrice"] = 20, ["weightingPrice"] = 30, ["swapSameCityPrice"] = 150, ["swapDifferentCityPrice"] = 300, ["phoneChangePrice"] = 0 }));
    }

    /// <summary>An answer, with the odd types that are switched on.</summary>
    public static IResult Answer(ZrCourier courier, JsonNode json, int status = 200) => Results.Text(OddTypes.Apply(json, courier.Vendor.Faults)!.ToJsonString(CourierJson.Relaxed), "application/json", statusCode: status);

    private static JsonObject Territories(ZrCourier courier, JsonObject asked)
    {
        var found = courier.Lists.Territories.AsEnumerable();
        // Names have no accents and the search takes the keyword as it is: "Sétif" finds nothing.
        if (asked.TextOf("keyword") is { Length: > 0 } keyword) found = found.Where(t => t.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase) || t.Arabic.Contains(keyword, StringComparison.Ordinal) || t.PostalCode == keyword);
        if (asked["deliveryType"] is JsonObject type)
            found = type.TextOf("value") switch
            {
                "home" => found.Where(t => t.HasHome && courier.CanSend(t)),
                "pickup-point" => found.Where(courier.Lists.HasPickup),
                _ => throw ZrProblem.Fields(("DeliveryType.Value", "DeliveryType must be home or pickup-point")),
            };
        var rows = found.Select(t => ZrShown.Territory(courier, t));
        if (asked["advancedFilter"] is JsonObject filter) rows = Filtered(rows, filter);
        foreach (var order in (asked["orderBy"] as JsonArray ?? []).Select(o => o?.GetValue<string>() ?? "").Reverse())
        {
            var (field, down) = (order.Split(' ')[0], order.EndsWith(" desc", StringComparison.OrdinalIgnoreCase));
            if (field is not ("code" or "name" or "postalCode" or "level")) throw ZrProblem.Fields(("OrderBy", $"\"{field}\" cannot be ordered by"));
            Func<JsonObject, string> key = field == "code" ? r => r.WholeOf("code")!.Value.ToString("D6", System.Globalization.CultureInfo.InvariantCulture) : r => r.TextOf(field) ?? "";
            rows = down ? rows.OrderByDescending(key, StringComparer.Ordinal) : rows.OrderBy(key, StringComparer.Ordinal);
        }
        return ZrShown.Page(asked, rows);
    }

    private static IEnumerable<JsonObject> Filtered(IEnumerable<JsonObject> rows, JsonObject filter)
    {
        var any = string.Equals(filter.TextOf("logic"), "or", StringComparison.OrdinalIgnoreCase);
        var tests = (filter["filters"] as JsonArray ?? []).OfType<JsonObject>().Select(Test).ToList();
        return tests.Count == 0 ? rows : rows.Where(r => any ? tests.Any(t => t(r)) : tests.All(t => t(r)));

        static Func<JsonObject, bool> Test(JsonObject f)
        {
            var field = f.TextOf("field") ?? "";
            if (field is not ("id" or "code" or "name" or "level" or "parentId" or "postalCode")) throw ZrProblem.Fields(("AdvancedFilter", $"\"{field}\" cannot be filtered by"));
            var value = Words(f["value"]);
            return f.TextOf("operator")?.ToLowerInvariant() switch
            {
                "eq" => r => Words(r[field]) == value,
                "neq" => r => Words(r[field]) != value,
                "contains" => r => Words(r[field]).Contains(value, StringComparison.OrdinalIgnoreCase),
                "isnull" => r => r[field] is null,
                var other => throw ZrProblem.Fields(("AdvancedFilter", $"\"{other}\" is no operator")),
            };
        }

        static string Words(JsonNode? node) => CourierJson.Words(node) ?? "";
    }
}
