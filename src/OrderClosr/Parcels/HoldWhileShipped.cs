using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Once the courier has the goods the order stands as it is: only a member may still cancel it, and then the parcel has to come back.</summary>
internal sealed class HoldWhileShipped(OrderClosrDb db) : IOrderHold
{
    public async Task<Refusal?> HoldsAsync(OrderId order, bool cancels, ActorKind actor, CancellationToken stop)
    {
        var states = await db.Parcels.Where(p => p.OrderId == order).Select(p => p.State).ToListAsync(stop);
        if (cancels && await db.Exchanges.AnyAsync(e => e.OrderId == order && db.Set<Order>().Any(o => o.Id == e.NewOrderId && o.State != OrderState.Cancelled), stop))
            return new("has_exchange", "Goods of this order were exchanged: cancel the exchange's order first.", Kind: RefusalKind.Conflict);
        if (states.Contains(ParcelState.Delivered)) return new("already_delivered", "The parcel was delivered: the order cannot be changed any more.", Kind: RefusalKind.Conflict);
        if (!states.Exists(ParcelTransitions.HasLeft) || (cancels && actor == ActorKind.Member)) return null;
        return new("already_shipped", "The courier has the parcel: the order cannot be changed any more. A person can ask the courier.", Kind: RefusalKind.Conflict);
    }
}
