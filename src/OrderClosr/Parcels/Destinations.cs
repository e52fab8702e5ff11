using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Where a parcel goes in the courier's own words.</summary>
/// <param name="Desk">For delivery to a desk of a courier that lists desks.</param>
public sealed record Destination(CourierPlace Wilaya, CourierPlace Commune, CourierPlace? Desk);

/// <summary>Finds the courier's own rows for a place of ours, before anything is posted. What is not certain is refused with suggestions.</summary>
public sealed class Destinations(OrderClosrDb db, Couriers couriers, Places places)
{
    /// <summary>The courier's rows, or why not: <c>lists_missing, destination_unclear, not_served, desk_unclear</c>.</summary>
    /// <param name="desk">The desk the customer chose, as ours; null: none chosen.</param>
    public async Task<Result<Destination>> ResolveAsync(CourierAccount account, int wilayaCode, int communeCode, Delivery delivery, Id<Desk>? desk, CancellationToken stop)
    {
        if (account.SyncedAt is null) return new Refusal("lists_missing", $"The places of {account.Name} are still being read: try again in some minutes.", Kind: RefusalKind.Conflict);
        if (places.CommuneOf(communeCode) is not { } commune) return new Refusal("destination_unclear", "The order names no commune.", "commune");
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Active && p.Kind == CourierPlaceKind.Commune && p.CommuneCode == communeCode).ToListAsync(stop);
        if (rows.Count != 1) return new Refusal("destination_unclear", $"{account.Name} has no commune that surely is {commune.Name}.", "commune", await NearAsync(account, commune, rows, stop));
        var row = rows[0];
        var wilaya = await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.AccountId == account.Id && p.Active && p.Kind == CourierPlaceKind.Wilaya && p.Ref == row.WilayaRef, stop);
        if (wilaya is null) return new Refusal("not_served", $"{account.Name} does not serve the wilaya of {commune.Name}.", "wilaya");
        if (delivery == Delivery.Home)
            return row.ServesHome && wilaya.ServesHome ? new Destination(wilaya, row, null) : new Refusal("not_served", $"{account.Name} does not deliver to doors in {row.Name}.", "delivery", row.ServesDesk ? ["desk"] : null);
        return await DeskAsync(account, wilaya, row, desk, stop);
    }

    private async Task<Result<Destination>> DeskAsync(CourierAccount account, CourierPlace wilaya, CourierPlace commune, Id<Desk>? chosen, CancellationToken stop)
    {
        if (!couriers.Of(account).Abilities.ListsDesks)
            return commune.ServesDesk ? new Destination(wilaya, commune, null) : new Refusal("not_served", $"{account.Name} has no desk in {commune.Name}.", "delivery", ["home"]);
        var desks = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Active && p.Kind == CourierPlaceKind.Desk && p.WilayaRef == commune.WilayaRef).OrderBy(p => p.Name).ToListAsync(stop);
        if (chosen is { } wanted && desks.Find(d => d.DeskId == wanted) is { } exact) return await AtAsync(account, wilaya, commune, exact, stop);
        var here = desks.Where(d => (d.CommuneRef.Length > 0 && d.CommuneRef == commune.Ref) || (d.CommuneCode != 0 && d.CommuneCode == commune.CommuneCode)).ToList();
        // One desk in the commune is the desk, whatever another courier calls its own there; several are the customer's to choose.
        if (here.Count == 1) return await AtAsync(account, wilaya, commune, here[0], stop);
        if (desks.Count == 0) return new Refusal("not_served", $"{account.Name} has no desk in this wilaya.", "delivery", ["home"]);
        return new Refusal("desk_unclear", $"Choose a desk of {account.Name}.", "desk", [.. (here.Count > 0 ? here : desks).Take(10).Select(d => d.Name)]);
    }

    /// <summary>A parcel to a desk goes to the commune of the desk where the courier says which that is.</summary>
    private async Task<Result<Destination>> AtAsync(CourierAccount account, CourierPlace wilaya, CourierPlace commune, CourierPlace desk, CancellationToken stop)
    {
        var of = desk.CommuneRef.Length == 0 || desk.CommuneRef == commune.Ref ? commune
            : await db.CourierPlaces.AsNoTracking().FirstOrDefaultAsync(p => p.AccountId == account.Id && p.Active && p.Kind == CourierPlaceKind.Commune && p.WilayaRef == desk.WilayaRef && p.Ref == desk.CommuneRef, stop) ?? commune;
        return new Destination(wilaya, of, desk);
    }

    /// <summary>Up to six rows a person may have meant.</summary>
    private async Task<IReadOnlyList<string>> NearAsync(CourierAccount account, Commune commune, List<CourierPlace> several, CancellationToken stop)
    {
        if (several.Count > 1) return [.. several.Select(p => p.Name)];
        var (old, now) = (commune.WilayaCode58, commune.WilayaCode);
        var wilayas = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Kind == CourierPlaceKind.Wilaya && p.Active && (p.WilayaCode == old || p.WilayaCode == now)).Select(p => p.Ref).ToListAsync(stop);
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => p.AccountId == account.Id && p.Kind == CourierPlaceKind.Commune && p.Active && wilayas.Contains(p.WilayaRef)).ToListAsync(stop);
        return PlaceMatching.Nearest(commune, rows, 6);
    }
}
