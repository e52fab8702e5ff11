using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Noest;

/// <summary>Wilayas, communes, desks, fees (facts/couriers/noest.md section 2).</summary>
internal sealed class NoestLists(NoestClient client)
{
    private const int WilayasAtOnce = 9;

    /// <summary>First wilayas, desks and fees, then the communes of nine wilayas at a time; "next" lists those left, with a <c>d</c> where there is a desk.</summary>
    internal async Task<ListPart> ReadAsync(CourierAccess access, string? from, CancellationToken stop)
    {
        if (from is null) return await FirstAsync(access, stop);
        var left = from.Split(',');
        var places = new List<PlaceRow>();
        foreach (var wilaya in left.Take(WilayasAtOnce)) places.AddRange(await CommunesAsync(access, wilaya.TrimEnd('d'), wilaya.EndsWith('d'), stop));
        return new(places, [], left.Length > WilayasAtOnce ? string.Join(',', left.Skip(WilayasAtOnce)) : null);
    }

    private async Task<ListPart> FirstAsync(CourierAccess access, CancellationToken stop)
    {
        var reply = await ListAsync(access, "get/wilayas", stop);
        var desks = Desks((await ListAsync(access, "desks", stop)).Body);
        var withDesk = desks.Select(d => d.WilayaRef).ToHashSet();
        var wilayas = reply.Body.Items.Where(w => w.Text("code") is not null && w.Text("nom") is not null).Select(w => new PlaceRow(CourierPlaceKind.Wilaya, w.Text("code")!, w.Text("code")!, w.Text("nom")!)
        {
            WilayaCode = w.Whole("code") ?? 0, ServesHome = w.Flag("is_active") == true, ServesDesk = w.Flag("is_active") == true && withDesk.Contains(w.Text("code")!),
        }).ToList();
        if (wilayas.Count == 0) throw reply.Unclear();
        var fees = Fees((await ListAsync(access, "fees", stop)).Body);
        return new([.. wilayas, .. desks], fees, string.Join(',', wilayas.Where(w => w.ServesHome).Select(w => w.Ref + (w.ServesDesk ? "d" : ""))) is { Length: > 0 } next ? next : null);
    }

    private async Task<IEnumerable<PlaceRow>> CommunesAsync(CourierAccess access, string wilaya, bool hasDesk, CancellationToken stop)
    {
        var reply = await ListAsync(access, $"get/communes/{wilaya}", stop);
        return reply.Body.Items.Where(c => c.Text("nom") is not null).Select(c => new PlaceRow(CourierPlaceKind.Commune, c.Text("nom")!, wilaya, c.Text("nom")!)
        {
            WilayaCode = LooseJson.WholeIn(wilaya) ?? 0, PostalCode = c.Text("code_postal") ?? "", ServesHome = c.Flag("is_active") == true, ServesDesk = hasDesk && c.Flag("is_active") == true,
        });
    }

    /// <summary>Keyed <c>01A</c>, with the code to send inside; the wilaya is the number before the letter.</summary>
    private static List<PlaceRow> Desks(JsonElement body) => [.. body.Items.Where(d => d.Text("code") is not null).Select(d => (Row: d, Code: d.Text("code")!.TrimStart('0')))
        .Select(d => (d.Row, d.Code, Wilaya: string.Concat(d.Code.TakeWhile(char.IsAsciiDigit)))).Where(d => d.Wilaya.Length > 0)
        .Select(d => new PlaceRow(CourierPlaceKind.Desk, d.Code, d.Wilaya, d.Row.Text("name") ?? d.Code)
        {
            CommuneRef = d.Row.Text("commune") ?? "", Address = d.Row.Text("address") ?? "", WilayaCode = LooseJson.WholeIn(d.Wilaya) ?? 0, ServesDesk = true,
        })];

    private static List<FeeLine> Fees(JsonElement body)
    {
        var tables = body.At("tarifs");
        var back = tables.At("return").Items.Where(r => r.Text("wilaya_id") is not null).ToLookup(r => r.Text("wilaya_id")!);
        return [.. tables.At("delivery").Items.Where(r => r.Text("wilaya_id") is not null).Select(r => new FeeLine(r.Text("wilaya_id")!, "", r.Money("tarif"), r.Money("tarif_stopdesk"), back[r.Text("wilaya_id")!].FirstOrDefault().Money("tarif")))];
    }

    private async Task<CourierReply> ListAsync(CourierAccess access, string path, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, path, stop);
        return reply.IsSuccess ? reply : throw reply.NotOurs();
    }
}
