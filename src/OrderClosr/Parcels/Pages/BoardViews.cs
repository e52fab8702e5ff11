using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels.Pages;

/// <summary>What of the board somebody wants to see.</summary>
/// <param name="Trouble">Only what waits for a person.</param>
/// <param name="OlderThan">Days since it came into its state.</param>
public sealed record BoardFilter(ParcelState? State, bool Trouble, string? Query, CourierAccountId? Courier, int? Wilaya, int? OlderThan)
{
    /// <summary>As a query, with another part where one is given; <c>null</c> keeps all.</summary>
    public string Link(string path, ParcelState? state, bool trouble, ParcelId? before = null)
    {
        var parts = new List<string>();
        if (state is { } s) parts.Add($"state={ParcelTransitions.Word(s)}");
        if (trouble) parts.Add("state=trouble");
        if (Query is not null) parts.Add($"q={Uri.EscapeDataString(Query)}");
        if (Courier is { } courier) parts.Add($"courier={courier}");
        if (Wilaya is { } wilaya) parts.Add($"wilaya={wilaya.ToString(CultureInfo.InvariantCulture)}");
        if (OlderThan is { } days) parts.Add($"age={days.ToString(CultureInfo.InvariantCulture)}");
        if (before is { } last) parts.Add($"before={last}");
        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }
}

/// <summary>A parcel with what a row says of its order.</summary>
public sealed record BoardRow(Parcel Parcel, Order Order, string Courier, Place? Place);

/// <summary>Reads parcels for lists.</summary>
public sealed class BoardViews(OrderClosrDb db, Places places, TimeProvider time)
{
    public const int PerPage = 40;

    /// <summary>How many wait for a person, for the navigation.</summary>
    public static Task<int> WaitingAsync(OrderClosrDb db, CancellationToken stop) => db.Parcels.CountAsync(p => p.Trouble != null, stop);

    /// <summary>Confirmed orders that nothing was sent for.</summary>
    public static IQueryable<Order> ToShip(OrderClosrDb db) => db.Set<Order>().Where(o => o.State == OrderState.Confirmed && o.ChangeOf == null && o.Number > 0 && !db.Set<Parcel>().Any(p => p.OrderId == o.Id && p.State != ParcelState.Cancelled));

    /// <summary>One more than a page when there are more.</summary>
    public async Task<IReadOnlyList<BoardRow>> ListAsync(BoardFilter filter, ParcelId? before, CancellationToken stop)
    {
        var parcels = Of(filter);
        if (before is { } last) parcels = parcels.Where(p => p.Id < last);
        return await RowsAsync(await parcels.OrderByDescending(p => p.Id).Take(PerPage + 1).ToListAsync(stop), stop);
    }

    /// <summary>How many stand in each state, under the other filters.</summary>
    public async Task<(IReadOnlyDictionary<ParcelState, int> States, int Trouble, int ToShip)> CountsAsync(BoardFilter filter, CancellationToken stop)
    {
        var all = Of(filter with { State = null, Trouble = false });
        return (await all.GroupBy(p => p.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop), await all.CountAsync(p => p.Trouble != null, stop), await ToShip(db).CountAsync(stop));
    }

    /// <summary>Parcels with their orders, in the order given.</summary>
    public async Task<IReadOnlyList<BoardRow>> RowsAsync(IReadOnlyList<Parcel> parcels, CancellationToken stop)
    {
        var ids = parcels.Select(p => p.OrderId).Distinct().ToList();
        var orders = await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, stop);
        var names = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        return [.. parcels.Where(p => orders.ContainsKey(p.OrderId)).Select(p => new BoardRow(p, orders[p.OrderId], names.GetValueOrDefault(p.AccountId, p.Courier), places.Of(p.WilayaCode, p.CommuneCode)))];
    }

    private IQueryable<Parcel> Of(BoardFilter filter)
    {
        var parcels = db.Parcels.AsNoTracking();
        if (filter.State is { } state) parcels = parcels.Where(p => p.State == state);
        if (filter.Trouble) parcels = parcels.Where(p => p.Trouble != null);
        if (filter.Courier is { } courier) parcels = parcels.Where(p => p.AccountId == courier);
        if (filter.Wilaya is { } wilaya) parcels = parcels.Where(p => p.WilayaCode == wilaya);
        if (filter.OlderThan is { } days)
        {
            var then = time.GetUtcNow().AddDays(-days);
            parcels = parcels.Where(p => p.StateAt <= then && p.State != ParcelState.Delivered && p.State != ParcelState.Returned && p.State != ParcelState.Cancelled && p.State != ParcelState.LostOrDamaged);
        }
        return filter.Query is { Length: > 0 } words ? Holding(parcels, words) : parcels;
    }

    private IQueryable<Parcel> Holding(IQueryable<Parcel> parcels, string words)
    {
        var plain = Folding.AsciiDigits(words.Trim().TrimStart('#'));
        if (int.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000_000) return parcels.Where(p => db.Set<Order>().Any(o => o.Id == p.OrderId && o.Number == number) || p.Tracking == plain);
        if (Phone.TryRead(words, out var phone)) return parcels.Where(p => db.Set<Order>().Any(o => o.Id == p.OrderId && (o.Phone == phone || o.SecondPhone == phone)));
        var (lower, upper) = (plain.ToLowerInvariant(), plain.ToUpperInvariant());
#pragma warning disable CA1304, CA1311, CA1862 // becomes the database's lower(): there is no culture in it
        return parcels.Where(p => (p.Tracking != null && p.Tracking.ToLower().Contains(lower)) || p.Reference.StartsWith(upper) || db.Set<Order>().Any(o => o.Id == p.OrderId && o.Name.ToLower().Contains(lower)));
#pragma warning restore CA1304, CA1311, CA1862
    }
}
