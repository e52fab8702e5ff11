using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Orders;

namespace OrderClosr.Parcels.Pages;

/// <summary>An exchange with both its orders, as pages show it.</summary>
/// <param name="Parcel">The newest parcel that carries it; null: none yet.</param>
/// <param name="Way">How that parcel's courier was told.</param>
public sealed record ExchangeView(Exchange Exchange, Order Old, Order New, Parcel? Parcel, ExchangeWay Way, string Courier)
{
    /// <summary>Its new order was cancelled: the old goods stay with the customer.</summary>
    public bool IsOff => New.State == OrderState.Cancelled;

    /// <summary>The old goods are still to come.</summary>
    public bool Waits => !IsOff && Exchange.TakenBackAt is null;

    /// <summary>A person has money to give back.</summary>
    public bool OwesMoney => !IsOff && New.GiveBack.Amount > 0 && Exchange.GivenBackAt is null;
}

/// <summary>An order's parcels and exchanges, for its page.</summary>
/// <param name="Couriers">Names of accounts.</param>
/// <param name="Exchangeable">The delivered parcel of which something may still be exchanged.</param>
public sealed record OrdersParcels(IReadOnlyList<Parcel> Parcels, IReadOnlyDictionary<CourierAccountId, string> Couriers, IReadOnlyList<ExchangeView> Exchanges, ParcelId? Exchangeable);

/// <summary>Reads exchanges for pages.</summary>
public sealed class ExchangeViews(OrderClosrDb db, Couriers couriers)
{
    /// <summary>Exchanges of this order's goods, and the one this order was made for; oldest first.</summary>
    public async Task<IReadOnlyList<ExchangeView>> OfAsync(OrderId order, CancellationToken stop)
    {
        var exchanges = await db.Exchanges.AsNoTracking().Where(e => e.OrderId == order || e.NewOrderId == order).OrderBy(e => e.Id).ToListAsync(stop);
        if (exchanges.Count == 0) return [];
        var ids = exchanges.SelectMany(e => (OrderId[])[e.OrderId, e.NewOrderId]).Distinct().ToList();
        var orders = await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).Where(o => ids.Contains(o.Id)).ToDictionaryAsync(o => o.Id, stop);
        var parcels = (await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.OrderId)).ToListAsync(stop)).GroupBy(p => p.OrderId).ToDictionary(g => g.Key, g => g.MaxBy(p => p.Sequence)!);
        var names = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        return [.. exchanges.Where(e => orders.ContainsKey(e.OrderId) && orders.ContainsKey(e.NewOrderId)).Select(e =>
        {
            var parcel = parcels.GetValueOrDefault(e.NewOrderId);
            return new ExchangeView(e, orders[e.OrderId], orders[e.NewOrderId], parcel, parcel is null ? default : couriers.Find(parcel.Courier)?.Abilities.Exchange ?? default, parcel is null ? "" : names.GetValueOrDefault(parcel.AccountId, parcel.Courier));
        })];
    }

    public async Task<OrdersParcels> ParcelsOfAsync(Order order, CancellationToken stop)
    {
        var parcels = await db.Parcels.AsNoTracking().Where(p => p.OrderId == order.Id).OrderBy(p => p.Sequence).ToListAsync(stop);
        var exchanges = await OfAsync(order.Id, stop);
        var taken = ExchangedPieces.Taken(exchanges.Where(e => e.Exchange.OrderId == order.Id && !e.IsOff).Select(e => e.Exchange));
        var delivered = parcels.FindLast(p => p.State == ParcelState.Delivered);
        return new(parcels, await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop), exchanges,
            delivered is not null && order.Lines.Any(l => l.Quantity > taken.GetValueOrDefault(l.Id)) ? delivered.Id : null);
    }
}
