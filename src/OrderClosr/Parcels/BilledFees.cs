using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What couriers bill, by our wilayas and communes: for the pages that lay it beside what customers pay.</summary>
public sealed class BilledFees(OrderClosrDb db, Places places)
{
    /// <summary>The whole list of an account; empty while its lists were never read.</summary>
    public async Task<BilledTable> OfAsync(CourierAccount account, CancellationToken stop)
    {
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Active && p.Kind != CourierPlaceKind.Wilaya).ToListAsync(stop);
        var lines = await db.CourierFees.AsNoTracking().Where(f => f.AccountId == account.Id).ToDictionaryAsync(f => (f.WilayaRef, f.CommuneRef), stop);
        var withDesk = rows.Where(r => r.Kind == CourierPlaceKind.Desk || r.ServesDesk).Select(r => r.WilayaRef).ToHashSet();
        var communes = new Dictionary<int, Billed>();
        var wilayas = new Dictionary<int, List<Billed>>();
        foreach (var row in rows.Where(r => r.Kind == CourierPlaceKind.Commune && r.CommuneCode != 0))
        {
            if (places.CommuneOf(row.CommuneCode) is not { } commune || (lines.GetValueOrDefault((row.WilayaRef, row.Ref)) ?? lines.GetValueOrDefault((row.WilayaRef, ""))) is not { } line) continue;
            var billed = new Billed(row.ServesHome ? line.Home : null, withDesk.Contains(row.WilayaRef) ? line.Desk : null, line.Return, line.PerExtraKilo ?? account.ExtraKilo, line.OverweightFrom ?? account.IncludedKilos, row.DaysFrom, row.DaysTo);
            communes[commune.Code] = billed;
            if (!wilayas.TryGetValue(commune.WilayaCode, out var all)) wilayas[commune.WilayaCode] = all = [];
            all.Add(billed);
        }
        // What most of its communes cost stands for the wilaya, as in the shop's own table.
        return new(wilayas.ToDictionary(w => w.Key, w => w.Value.GroupBy(b => b).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key.Home?.Amount).First().Key), communes);
    }
}

/// <summary>What one courier bills, everywhere.</summary>
public sealed record BilledTable(IReadOnlyDictionary<int, Billed> Wilayas, IReadOnlyDictionary<int, Billed> Communes)
{
    /// <summary>For a commune, else for its wilaya; null: not served, or not said.</summary>
    public Billed? Of(int wilaya, int commune) => commune == 0 ? Wilayas.GetValueOrDefault(wilaya) : Communes.GetValueOrDefault(commune);
}

/// <summary>What a courier bills for one place; null: not served that way, or not said.</summary>
/// <param name="PerExtraKilo">For each kilogram begun above <paramref name="IncludedKilos"/>.</param>
public sealed record Billed(Dinars? Home, Dinars? Desk, Dinars? Return, Dinars? PerExtraKilo, int? IncludedKilos, int? DaysFrom, int? DaysTo)
{
    /// <summary>For one way of delivery.</summary>
    public Dinars? For(Delivery way) => way == Delivery.Home ? Home : Desk;

    /// <summary><c>1-3</c>, <c>2</c>; null: not said.</summary>
    public string? Days => (DaysFrom, DaysTo) switch { (null, null) => null, ({ } from, { } to) when from != to => $"{from}-{to}", var (from, to) => $"{from ?? to}" };
}
