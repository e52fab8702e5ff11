using System.Globalization;
using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Wilayas, communes (each with its desk's code) and fees of a tenant (facts/couriers/ecotrack-anderson.md section 2).</summary>
internal sealed class EcotrackLists(EcotrackClient client, ILogger<EcotrackLists> log)
{
    private const int WilayasAtOnce = 9;

    /// <summary>First the wilayas and fees, then the communes of nine wilayas at a time; "next" lists the wilayas that are left.</summary>
    internal async Task<ListPart> ReadAsync(CourierAccess access, string? from, CancellationToken stop)
    {
        if (from is null) return await WilayasAsync(access, stop);
        var left = from.Split(',');
        var places = new List<PlaceRow>();
        foreach (var wilaya in left.Take(WilayasAtOnce)) places.AddRange(await CommunesAsync(access, wilaya, stop));
        return new(places, [], left.Length > WilayasAtOnce ? string.Join(',', left.Skip(WilayasAtOnce)) : null);
    }

    private async Task<ListPart> WilayasAsync(CourierAccess access, CancellationToken stop)
    {
        var reply = await ListAsync(access, "get/wilayas", stop);
        var wilayas = reply.Body.Items.Select(w => (Code: w.Text("wilaya_id"), Name: w.Text("wilaya_name"))).Where(w => w.Code is not null && w.Name is not null)
            .Select(w => new PlaceRow(CourierPlaceKind.Wilaya, w.Code!, w.Code!, w.Name!) { WilayaCode = LooseJson.WholeIn(w.Code) ?? 0, ServesHome = true, ServesDesk = true }).ToList();
        if (wilayas.Count == 0) throw reply.Unclear();
        var fees = Fees((await ListAsync(access, "get/fees", stop)).Body);
        if (fees.Count == 0) log.LogWarning("The fees of an Ecotrack tenant have a shape that is not known; they were left out.");
        return new(wilayas, fees, string.Join(',', wilayas.Select(w => w.Ref)));
    }

    private async Task<IEnumerable<PlaceRow>> CommunesAsync(CourierAccess access, string wilaya, CancellationToken stop)
    {
        var reply = await ListAsync(access, "get/communes", stop, ("wilaya_id", wilaya));
        return reply.Body.Items.Where(c => c.Text("nom") is not null && (c.Text("wilaya_id") ?? wilaya) == wilaya).Select(c => new PlaceRow(CourierPlaceKind.Commune, c.Text("nom")!, wilaya, c.Text("nom")!)
        {
            WilayaCode = LooseJson.WholeIn(wilaya) ?? 0, PostalCode = c.Text("code_postal") ?? "", ServesHome = true, ServesDesk = c.Flag("has_stop_desk") == true && c.Text("code_postal") is not null,
        }).ToList();
    }

    private async Task<CourierReply> ListAsync(CourierAccess access, string path, CancellationToken stop, params IReadOnlyList<(string, string?)> query)
    {
        var reply = await client.GetAsync(access, path, stop, query);
        return reply.IsSuccess ? reply : throw reply.NotOurs();
    }

    /// <summary>The fees, whole table by kind of service or nested by wilaya.</summary>
    internal static List<FeeLine> Fees(JsonElement body)
    {
        var isWhole = body.At("livraison").IsThere;
        var returns = Rows(isWhole ? body.At("retours").Items.Select(r => ("", r)) : body.Members.Select(w => (w.Name, w.Value.At("retours"))));
        var weights = isWhole ? body.At("poids").Members.ToDictionary(m => m.Name, m => m.Value) : body.Members.Where(w => w.Value.At("poids").IsThere).ToDictionary(w => w.Name, w => w.Value.At("poids"));
        var lines = new List<FeeLine>();
        foreach (var (wilaya, row) in Rows(isWhole ? body.At("livraison").Items.Select(r => ("", r)) : body.Members.Select(w => (w.Name, w.Value.At("livraison")))))
        {
            if (row.Money("tarif") is null && row.Money("tarif_stopdesk") is null) continue;
            var weight = weights.GetValueOrDefault(wilaya);
            // So much for each kilogram; a step of several kilograms cannot be said in our words.
            var perKilo = weight.Whole("pour_chaque_KG") is 1 ? weight.Money("surfacturation_a_domicile_DA") : null;
            lines.Add(new(wilaya, "", row.Money("tarif"), row.Money("tarif_stopdesk"), returns.GetValueOrDefault(wilaya).Money("tarif"), perKilo, perKilo is null ? null : weight.Whole("a_partir_de_KG")));
        }
        return lines;
    }

    private static Dictionary<string, JsonElement> Rows(IEnumerable<(string Key, JsonElement Row)> rows)
    {
        var found = new Dictionary<string, JsonElement>();
        foreach (var (key, listed) in rows)
        {
            // One row, or a list with one row.
            var row = listed.ValueKind == JsonValueKind.Array ? listed.Items.FirstOrDefault() : listed;
            if ((row.Text("wilaya_id") ?? key) is { Length: > 0 } wilaya && int.TryParse(wilaya, NumberStyles.None, CultureInfo.InvariantCulture, out _)) found[wilaya] = row;
        }
        return found;
    }
}
