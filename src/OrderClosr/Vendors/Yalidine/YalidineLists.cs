using System.Globalization;
using System.Net;
using System.Text.Json;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Wilayas, communes, desks, and the fees from the account's own wilaya to each other (facts/couriers/yalidine.md sections 2 and 3).</summary>
/// <remarks>"Next" is <c>communes:page:origin:wilayas</c>, then <c>desks:…</c>, then <c>fees:…</c> with the wilayas that are left.</remarks>
internal sealed class YalidineLists(YalidineClient client, Places places)
{
    private const int PagesAtOnce = 4, FeesAtOnce = 9, MostPages = 200, KilogramsIncluded = 5;

    internal async Task<ListPart> ReadAsync(CourierAccess access, string? from, CancellationToken stop)
    {
        if (from is null) return await WilayasAsync(access, stop);
        if (from.Split(':') is not [var what, var page, var origin, var wilayas] || LooseJson.WholeIn(page) is not { } first) throw new FormatException("Not a place in the lists.");
        if (what == "fees") return await FeesAsync(access, origin, wilayas.Split(',', StringSplitOptions.RemoveEmptyEntries), stop);
        var (rows, next) = await RowsAsync(access, what == "communes" ? "communes/" : "centers/", first, stop);
        if (what == "communes" && first == 1 && rows.Count == 0) throw CourierHttp.Unclear("Yalidine", isRead: true); // an empty country would close every door
        var read = rows.Select(r => what == "communes" ? Commune(r) : Desk(r)).OfType<PlaceRow>().ToList();
        return new(read, [], Next(next is null ? what == "communes" ? "desks" : "fees" : what, next ?? 1, origin, wilayas));
    }

    private async Task<ListPart> WilayasAsync(CourierAccess access, CancellationToken stop)
    {
        var (rows, _) = await RowsAsync(access, "wilayas/", 1, stop);
        var wilayas = rows.Where(w => w.Text("id") is not null && w.Text("name") is not null).Select(w => new PlaceRow(CourierPlaceKind.Wilaya, w.Text("id")!, w.Text("id")!, w.Text("name")!)
        {
            WilayaCode = w.Whole("id") ?? 0, ServesHome = w.Flag("is_deliverable") == true, ServesDesk = w.Flag("is_deliverable") == true,
        }).ToList();
        if (wilayas.Count == 0) throw CourierHttp.Unclear("Yalidine", isRead: true);
        var old = places.WilayaOf(access.OriginWilaya)?.Code58;
        var origin = wilayas.Find(w => w.WilayaCode == access.OriginWilaya) ?? wilayas.Find(w => w.WilayaCode == old);
        return new(wilayas, [], Next("communes", 1, origin?.Ref ?? "", string.Join(',', wilayas.Where(w => w.ServesHome).Select(w => w.Ref))));
    }

    private static PlaceRow? Commune(JsonElement c)
    {
        if (c.Text("id") is not { } id || c.Text("name") is not { } name || c.Text("wilaya_id") is not { } wilaya) return null;
        var isServed = c.Flag("is_deliverable") == true;
        return new(CourierPlaceKind.Commune, id, wilaya, name) { WilayaCode = c.Whole("wilaya_id") ?? 0, ServesHome = isServed, ServesDesk = isServed && c.Flag("has_stop_desk") == true, DaysTo = c.Whole("delivery_time_parcel") };
    }

    private static PlaceRow? Desk(JsonElement c) => c.Text("center_id") is { } id && c.Text("wilaya_id") is { } wilaya && Clean(c.Text("name")) is { Length: > 0 } name
        ? new(CourierPlaceKind.Desk, id, wilaya, name) { WilayaCode = c.Whole("wilaya_id") ?? 0, CommuneRef = c.Text("commune_id") ?? "", Address = Clean(c.Text("address")), ServesDesk = true } : null;

    /// <summary>Names of desks hold HTML entities and a written-out tab.</summary>
    private static string Clean(string? text) => WebUtility.HtmlDecode(text ?? "").Replace("\\t", " ", StringComparison.Ordinal).Trim();

    private async Task<ListPart> FeesAsync(CourierAccess access, string origin, string[] left, CancellationToken stop)
    {
        if (origin.Length == 0) return new([], [], null); // nobody said from where
        var fees = new List<FeeLine>();
        foreach (var wilaya in left.Take(FeesAtOnce))
        {
            var reply = await client.GetAsync(access, "fees/", stop, ("from_wilaya_id", origin), ("to_wilaya_id", wilaya));
            if (!reply.IsSuccess) continue; // a wilaya it has no fees for; the others count
            if (reply.Body.ValueKind != JsonValueKind.Object) throw reply.Unclear();
            fees.AddRange(Fees(wilaya, reply.Body));
        }
        return new([], fees, left.Length > FeesAtOnce ? Next("fees", 1, origin, string.Join(',', left.Skip(FeesAtOnce))) : null);
    }

    /// <summary>The wilaya's line is what most of its communes cost; a commune that differs has its own.</summary>
    internal static IEnumerable<FeeLine> Fees(string wilaya, JsonElement body)
    {
        var communes = body.At("per_commune").Items.Select(c => (Ref: c.Text("commune_id"), Fee: (Home: c.Money("express_home"), Desk: c.Money("express_desk")))).Where(c => c.Ref is not null && (c.Fee.Home ?? c.Fee.Desk) is not null).ToList();
        if (communes.Count == 0) yield break;
        var usual = communes.GroupBy(c => c.Fee).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key.Home?.Amount).First().Key;
        var (back, kilo) = (body.Money("retour_fee"), body.Money("oversize_fee"));
        foreach (var (commune, fee) in communes.Where(c => c.Fee != usual).Prepend((Ref: "", Fee: usual)))
            yield return new(wilaya, commune!, fee.Home, fee.Desk, back, kilo, kilo is null ? null : KilogramsIncluded);
    }

    /// <summary>Pages from one on, and the page to go on with; null: that was the last.</summary>
    private async Task<(List<JsonElement> Rows, int? Next)> RowsAsync(CourierAccess access, string path, int first, CancellationToken stop)
    {
        var rows = new List<JsonElement>();
        for (var page = first; page < first + PagesAtOnce; page++)
        {
            var reply = await client.GetAsync(access, path, stop, ("page", page.ToString(CultureInfo.InvariantCulture)), ("page_size", "1000"));
            if (!reply.IsSuccess || !YalidineWire.IsList(reply.Body)) throw reply.Unclear();
            rows.AddRange(reply.Body.At("data").Items);
            if (reply.Body.Flag("has_more") != true || page >= MostPages) return (rows, null);
        }
        return (rows, first + PagesAtOnce);
    }

    private static string Next(string what, int page, string origin, string wilayas) => string.Create(CultureInfo.InvariantCulture, $"{what}:{page}:{origin}:{wilayas}");
}
