using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>Territories, hubs, prices (facts/couriers/zr-express.md section A2). The keyword search knows no accents, so whole lists are read.</summary>
internal sealed class ZrLists(ZrClient client)
{
    private const int PageSize = 1_000, MostPages = 4;

    /// <summary>All in one part: about 1,600 territories, 100 hubs, one list of prices.</summary>
    internal async Task<ListPart> ReadAsync(CourierAccess access, CancellationToken stop)
    {
        var territories = await AllAsync(access, "territories/search", stop);
        var wilayas = territories.Where(t => t.Text("level") == "wilaya" && t.Text("id") is not null).ToDictionary(t => t.Text("id")!, StringComparer.Ordinal);
        var communes = territories.Where(t => t.Text("level") == "commune" && t.Text("id") is not null && wilayas.ContainsKey(t.Text("parentId") ?? "")).ToDictionary(t => t.Text("id")!, StringComparer.Ordinal);
        var hubs = await AllAsync(access, "hubs/search", stop);
        var places = new List<PlaceRow>();
        foreach (var (id, row) in wilayas) places.Add(Place(CourierPlaceKind.Wilaya, id, id, row, row.Whole("code") ?? 0));
        foreach (var (id, row) in communes)
        {
            var wilaya = row.Text("parentId")!;
            places.Add(Place(CourierPlaceKind.Commune, id, wilaya, row, wilayas[wilaya].Whole("code") ?? 0));
        }
        foreach (var hub in hubs.Where(h => h.Flag("isPickupPoint") == true && h.Flag("isVisible") != false))
            if (hub.Text("id") is { } id && hub.At("address").Text("cityTerritoryId") is { } city && wilayas.TryGetValue(city, out var of))
                places.Add(new(CourierPlaceKind.Desk, id, city, hub.Text("name") ?? id)
                {
                    CommuneRef = hub.At("address").Text("districtTerritoryId") ?? "", Address = string.Join(", ", new[] { hub.At("address").Text("street"), hub.At("address").Text("district") }.OfType<string>()),
                    PostalCode = hub.At("address").Text("postalCode") ?? "", WilayaCode = of.Whole("code") ?? 0, ServesDesk = true,
                });
        return new(places, await FeesAsync(access, wilayas, communes, stop), null);
    }

    /// <summary>Hubs for the "source hub" that some accounts want (section D row 2): one in the wilaya the parcels leave from.</summary>
    internal async Task<string?> OwnHubAsync(CourierAccess access, CancellationToken stop)
    {
        if (access.Origin is not { } origin) return null;
        var here = (await AllAsync(access, "hubs/search", stop)).Where(h => h.At("address").Text("cityTerritoryId") == origin.Ref && h.Text("id") is not null && h.Flag("isVisible") != false);
        return here.OrderBy(h => h.Flag("isPickupPoint") == true ? 0 : 1).ThenBy(h => h.Text("name"), StringComparer.Ordinal).Select(h => h.Text("id")).FirstOrDefault();
    }

    private static PlaceRow Place(CourierPlaceKind kind, string id, string wilaya, JsonElement row, int code)
    {
        var delivery = row.At("delivery");
        var isServed = delivery.Flag("canSend") != false;
        return new(kind, id, wilaya, row.Text("name") ?? id)
        {
            NameAr = row.Text("nameArabic") ?? "", PostalCode = row.Text("postalCode") ?? "", WilayaCode = code,
            ServesHome = isServed && delivery.Flag("hasHomeDelivery") != false, ServesDesk = isServed && delivery.Flag("hasPickupPoint") == true,
        };
    }

    /// <summary>With tax, as it is billed; rows of wilayas and communes are mixed.</summary>
    private async Task<List<FeeLine>> FeesAsync(CourierAccess access, Dictionary<string, JsonElement> wilayas, Dictionary<string, JsonElement> communes, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, "delivery-pricing/rates", stop);
        if (!reply.IsSuccess || !reply.Body.At("rates").IsThere) throw reply.Unclear();
        var fees = new List<FeeLine>();
        foreach (var rate in reply.Body.At("rates").Items)
        {
            var to = rate.Text("toTerritoryId") ?? "";
            var (wilaya, commune) = wilayas.ContainsKey(to) ? (to, "") : communes.TryGetValue(to, out var row) ? (row.Text("parentId")!, to) : ("", "");
            if (wilaya.Length > 0) fees.Add(new(wilaya, commune, Price(rate, "home"), Price(rate, "pickup-point"), Price(rate, "return")));
        }
        return fees;

        static Dinars? Price(JsonElement rate, string type) =>
            rate.At("deliveryPrices").Items.Where(p => p.Text("deliveryType") == type).Select(p => p.Money("priceTtc") ?? p.Money("price")).FirstOrDefault();
    }

    private async Task<List<JsonElement>> AllAsync(CourierAccess access, string path, CancellationToken stop)
    {
        var all = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var reply = await client.AskAsync(access, path, new Dictionary<string, object> { ["pageNumber"] = page, ["pageSize"] = PageSize }, stop);
            var rows = ZrWire.Rows(reply);
            all.AddRange(rows.Where(r => r.ValueKind == JsonValueKind.Object));
            if (rows.Count == 0 || reply.Body.Flag("hasNext") != true) break;
        }
        return all;
    }
}
