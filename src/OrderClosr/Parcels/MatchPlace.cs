using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>A person says which commune of ours a row of a courier's list is; kept over every later reading of the list.</summary>
public sealed class MatchPlace(OrderClosrDb db, Places places, TimeProvider time)
{
    /// <summary>Rows of the courier that nobody could match, each with ours that may be meant, the nearest name first.</summary>
    public async Task<IReadOnlyList<OpenPlace>> OpenAsync(CourierAccountId account, int most, CancellationToken stop)
    {
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account && p.Active && p.Kind != CourierPlaceKind.Desk).ToListAsync(stop);
        var wilayas = rows.Where(r => r.Kind == CourierPlaceKind.Wilaya).ToDictionary(r => r.Ref);
        var taken = rows.Where(r => r.CommuneCode != 0).Select(r => r.CommuneCode).ToHashSet();
        var open = new List<OpenPlace>();
        foreach (var row in rows.Where(r => r.Kind == CourierPlaceKind.Commune && r.CommuneCode == 0 && !r.IsMatchedByHand).OrderBy(r => r.WilayaCode).ThenBy(r => r.Name, StringComparer.Ordinal).Take(most))
        {
            var wilaya = wilayas.GetValueOrDefault(row.WilayaRef);
            open.Add(new(row, wilaya, Near(row, CodeOf(wilaya), taken)));
        }
        return open;
    }

    /// <summary>The row is this commune; 0: none of ours, nobody is asked again.</summary>
    public Task<Refusal?> RunAsync(CourierAccountId account, Id<CourierPlace> id, int commune, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierPlaces.SingleOrDefaultAsync(p => p.Id == id && p.AccountId == account && p.Kind == CourierPlaceKind.Commune && p.Active, stop) is not { } row) return Refusal.NotFound("place");
        if (commune != 0 && places.CommuneOf(commune) is null) return new Refusal("place_unknown", "There is no such commune.", "commune");
        if (commune != 0)
        {
            // One row of theirs is one of ours: whoever was taken for it before is not.
            await db.CourierPlaces.Where(p => p.AccountId == account && p.Kind == CourierPlaceKind.Commune && p.CommuneCode == commune && p.Id != id).ExecuteUpdateAsync(set => set.SetProperty(p => p.CommuneCode, 0), stop);
            await db.CourierPlaces.Where(p => p.AccountId == account && p.Kind == CourierPlaceKind.Desk && p.WilayaRef == row.WilayaRef && p.CommuneRef == row.Ref).ExecuteUpdateAsync(set => set.SetProperty(p => p.CommuneCode, commune), stop);
        }
        (row.CommuneCode, row.IsMatchedByHand) = (commune, true);
        var now = time.GetUtcNow();
        if (commune != 0)
            foreach (var waiting in await db.Parcels.Where(p => p.AccountId == account && p.CommuneCode == commune && p.Trouble == "destination_unclear" && (p.State == ParcelState.Draft || p.State == ParcelState.Requested)).Select(p => p.Id).Take(500).ToListAsync(stop))
                db.Later(new PlaceParcel(db.WorkspaceId, waiting), now);
        await db.SaveChangesAsync(stop);
        db.Tell("courier", account);
        return null;
    }, stop);

    /// <summary>Our wilaya by either model, 0 unknown.</summary>
    private int CodeOf(CourierPlace? wilaya) => wilaya is null ? 0 : wilaya.WilayaCode > 0 ? wilaya.WilayaCode : places.Resolve(wilaya.Name) is { Ok: true } named ? named.Value.WilayaCode58 : 0;

    private IReadOnlyList<Commune> Near(CourierPlace row, int code, HashSet<int> taken)
    {
        var sound = Folding.Sound(row.Name);
        // A wilaya of the 58 model may hold communes of two of ours.
        var here = code == 0 ? [] : places.Wilayas.Where(w => w.Code == code || w.Code58 == code).SelectMany(w => places.CommunesOf(w.Code)).Where(c => !taken.Contains(c.Code));
        return [.. here.Select(c => (Commune: c, Far: Spelling.Distance(sound, Folding.Sound(c.Name), 8))).OrderBy(c => c.Far).ThenBy(c => c.Commune.Name, StringComparer.Ordinal).Select(c => c.Commune)];
    }
}

/// <summary>A commune of a courier that is none of ours yet.</summary>
/// <param name="Near">What may be meant, nearest first.</param>
public sealed record OpenPlace(CourierPlace Row, CourierPlace? Wilaya, IReadOnlyList<Commune> Near);
