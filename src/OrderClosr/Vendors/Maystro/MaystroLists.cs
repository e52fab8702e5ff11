using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Wilayas, communes with Maystro's own ids, prices (facts/couriers/maystro.md section 2).</summary>
internal sealed class MaystroLists(MaystroClient client)
{
    /// <summary>Three calls each.</summary>
    private const int WilayasAtOnce = 3;

    /// <summary>First the wilayas; then communes and prices of three wilayas at a time, for a price is the same all over a wilaya.</summary>
    internal async Task<ListPart> ReadAsync(CourierAccess access, string? from, CancellationToken stop)
    {
        if (from is null) return await WilayasAsync(access, stop);
        var left = from.Split(',');
        var (places, fees) = (new List<PlaceRow>(), new List<FeeLine>());
        foreach (var wilaya in left.Take(WilayasAtOnce)) await CommunesAsync(access, wilaya, places, fees, stop);
        return new(places, fees, left.Length > WilayasAtOnce ? string.Join(',', left.Skip(WilayasAtOnce)) : null);
    }

    private async Task<ListPart> WilayasAsync(CourierAccess access, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, "shared/wilayas/?country=1&language=fr", stop);
        if (!reply.IsSuccess) throw reply.NotOurs();
        var wilayas = reply.Body.Items.Select(Wilaya).OfType<PlaceRow>().ToList();
        return wilayas.Count == 0 ? throw reply.Unclear() : new(wilayas, [], string.Join(',', wilayas.Select(w => w.Ref)));
    }

    /// <summary><c>[16,"Alger"]</c>; an object is understood, too.</summary>
    private static PlaceRow? Wilaya(JsonElement row)
    {
        var (id, name) = row.ValueKind == JsonValueKind.Array ? (row.Items.FirstOrDefault().Words, row.Items.Skip(1).FirstOrDefault().Words) : (row.Text("id") ?? row.Text("code"), row.Text("name"));
        return id is null || name is null ? null : new(CourierPlaceKind.Wilaya, id, id, name) { WilayaCode = LooseJson.WholeIn(id) ?? 0, ServesHome = true, ServesDesk = true };
    }

    private async Task CommunesAsync(CourierAccess access, string wilaya, List<PlaceRow> places, List<FeeLine> fees, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, $"shared/communes/?wilaya={wilaya}", stop);
        if (!reply.IsSuccess) throw reply.NotOurs();
        var communes = reply.Body.Items.Where(c => c.Text("id") is not null && c.Text("name") is not null && (c.Text("wilaya") ?? wilaya) == wilaya).ToList();
        if (communes.Count == 0) return;
        var any = communes[0].Text("id")!;
        var home = await PriceAsync(access, any, Delivery.Home, stop);
        var desk = await PriceAsync(access, any, Delivery.Desk, stop);
        places.AddRange(communes.Select(c => new PlaceRow(CourierPlaceKind.Commune, c.Text("id")!, wilaya, c.Text("name")!)
        {
            WilayaCode = LooseJson.WholeIn(wilaya) ?? 0, PostalCode = c.Text("postcode") ?? "", ServesHome = home is not null, ServesDesk = desk is not null,
        }));
        fees.Add(new(wilaya, "", home, desk));
    }

    /// <summary>Null: not offered (their 404).</summary>
    private async Task<Dinars?> PriceAsync(CourierAccess access, string commune, Delivery delivery, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, string.Create(CultureInfo.InvariantCulture, $"stores/delivery_price/?commune={Uri.EscapeDataString(commune)}&delivery_type={MaystroWire.TypeOf(access, delivery)}&express=false"), stop);
        if (reply.Status == 404) return null;
        return reply.IsSuccess && reply.Body.Money("delivery_price") is { } price ? price : throw reply.Unclear();
    }
}
