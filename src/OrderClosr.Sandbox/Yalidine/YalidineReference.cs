using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary><c>wilayas/</c>, <c>communes/</c>, <c>centers/</c>, <c>fees/</c> (facts: yalidine.md section 3).</summary>
public static class YalidineReference
{
    /// <summary>Maps them.</summary>
    public static void MapReference(this RouteGroupBuilder api, YalidineCourier courier)
    {
        api.MapGet("/wilayas", (HttpContext http) => YalidinePage.Of(http, courier, courier.Lists.Wilayas.Select(w => new JsonObject
        {
            ["id"] = w.Id, ["name"] = w.Name, ["zone"] = w.Zone, ["is_deliverable"] = courier.Serves(w) ? 1 : 0,
        }), "id", "name", "zone", "is_deliverable"));
        api.MapGet("/wilayas/{id:int}", (HttpContext http, int id) => YalidinePage.Of(http, courier, courier.Lists.Wilayas.Where(w => w.Id == id).Select(w => new JsonObject
        {
            ["id"] = w.Id, ["name"] = w.Name, ["zone"] = w.Zone, ["is_deliverable"] = courier.Serves(w) ? 1 : 0,
        })));
        api.MapGet("/communes", (HttpContext http) => YalidinePage.Of(http, courier, courier.Lists.Communes.Select(c => Row(courier, c)), "id", "name", "wilaya_id", "has_stop_desk", "is_deliverable"));
        api.MapGet("/communes/{id:int}", (HttpContext http, int id) => YalidinePage.Of(http, courier, courier.Lists.Communes.Where(c => c.Id == id).Select(c => Row(courier, c))));
        api.MapGet("/centers", (HttpContext http) => YalidinePage.Of(http, courier, courier.Lists.Centers.Select(c => Row(courier, c)), "center_id", "name", "commune_id", "commune_name", "wilaya_id", "wilaya_name"));
        api.MapGet("/centers/{id:int}", (HttpContext http, int id) => YalidinePage.Of(http, courier, courier.Lists.Centers.Where(c => c.Id == id).Select(c => Row(courier, c))));
        api.MapGet("/fees", (HttpContext http) => Fees(http, courier));
    }

    private static JsonObject Row(YalidineCourier courier, YalidineCommune c) => new()
    {
        ["id"] = c.Id, ["name"] = courier.Spell(c.Name), ["wilaya_id"] = c.Wilaya.Id, ["wilaya_name"] = c.Wilaya.Name, ["has_stop_desk"] = courier.Lists.HasDesk(c) ? 1 : 0,
        ["is_deliverable"] = courier.Serves(c) ? 1 : 0, ["delivery_time_parcel"] = c.DaysToDeliver, ["delivery_time_payment"] = c.DaysToPay,
    };

    private static JsonObject Row(YalidineCourier courier, YalidineCenter c) => new()
    {
        ["center_id"] = c.Id, ["name"] = c.Name, ["address"] = c.Address, ["gps"] = c.Gps, ["commune_id"] = c.Commune.Id, ["commune_name"] = courier.Spell(c.Commune.Name),
        ["wilaya_id"] = c.Commune.Wilaya.Id, ["wilaya_name"] = c.Commune.Wilaya.Name,
    };

    private static IResult Fees(HttpContext http, YalidineCourier courier)
    {
        if (Of("from_wilaya_id") is not { } from || Of("to_wilaya_id") is not { } to) return YalidineGate.Refuse(400, "from_wilaya_id and to_wilaya_id are required and must be ids of wilayas");
        var communes = new JsonObject();
        foreach (var c in courier.Lists.CommunesOf(to.Id))
        {
            var (home, desk) = (YalidineFees.Home(from, c), YalidineFees.Desk(from, c));
            communes[c.Id.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["commune_id"] = c.Id, ["commune_name"] = courier.Spell(c.Name), ["express_home"] = home, ["express_desk"] = desk,
                ["economic_home"] = c.HasEconomy ? home - 100 : null, ["economic_desk"] = c.HasEconomy ? desk - 100 : null,
            };
        }
        return YalidinePage.Answer(courier, new JsonObject
        {
            ["from_wilaya_name"] = from.Name, ["to_wilaya_name"] = to.Name, ["zone"] = YalidineFees.Zone(from, to), ["retour_fee"] = YalidineFees.Return,
            ["cod_percentage"] = YalidineFees.CodPercent, ["insurance_percentage"] = 0.75m, ["oversize_fee"] = YalidineFees.Oversize, ["per_commune"] = communes,
        });

        YalidineWilaya? Of(string name) => int.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? courier.Lists.Wilayas.FirstOrDefault(w => w.Id == id) : null;
    }
}
