using System.Globalization;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Procolis publishes tariffs of wilayas and no communes: those are the country's own, by the wilayas this account knows.</summary>
internal sealed class ProcolisLists(ProcolisClient client, Places places)
{
    internal async Task<ListPart> ReadAsync(CourierAccess access, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "tarification", new Dictionary<string, object>(), isRead: true, stop);
        var (rows, fees) = (new List<PlaceRow>(), new List<FeeLine>());
        foreach (var row in reply.Body.Items)
        {
            if (row.Whole("IDWilaya") is not (> 0 and < 100 and var code) || row.Text("Wilaya") is not { } name) continue;
            var id = code.ToString("D2", CultureInfo.InvariantCulture);
            var (home, desk) = (row.Money("Domicile"), row.Money("Stopdesk"));
            rows.Add(new(CourierPlaceKind.Wilaya, id, id, name) { WilayaCode = code, ServesHome = home is { Amount: > 0 }, ServesDesk = desk is { Amount: > 0 } });
            fees.Add(new(id, "", home is { Amount: > 0 } ? home : null, desk is { Amount: > 0 } ? desk : null, row.Money("Annuler")));
        }
        if (rows.Count == 0) throw reply.Unclear();
        var most = rows.Max(r => r.WilayaCode);
        var wilayas = rows.ToDictionary(r => r.WilayaCode);
        foreach (var commune in places.Wilayas.SelectMany(w => places.CommunesOf(w.Code)))
        {
            var code = most > 58 ? commune.WilayaCode : most > 48 ? commune.WilayaCode58 : Of48(commune.WilayaCode58);
            if (wilayas.TryGetValue(code, out var wilaya))
                rows.Add(new(CourierPlaceKind.Commune, commune.Code.ToString(CultureInfo.InvariantCulture), wilaya.Ref, commune.Name)
                {
                    NameAr = commune.NameAr, PostalCode = commune.PostalCode, WilayaCode = code, ServesHome = wilaya.ServesHome, ServesDesk = wilaya.ServesDesk,
                });
        }
        return new(rows, fees, null);
    }

    /// <summary>Old accounts know 48 wilayas: the districts of 2019 belong to the one they were split from (facts/geography.md section 6).</summary>
    private static int Of48(int code) => code switch { 49 or 50 => 1, 51 => 7, 52 => 8, 53 or 54 => 11, 55 => 30, 56 => 33, 57 => 39, 58 => 47, _ => code };
}
