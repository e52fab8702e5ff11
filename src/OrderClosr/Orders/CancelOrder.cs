using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Cancels an order or a draft, with a reason; pieces taken from stock go back.</summary>
public sealed class CancelOrder(OrderClosrDb db, Stock stock, Facts facts, OrderHolds holds)
{
    /// <summary>Codes of reasons the pages offer; a member may type another.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["changed_mind", "too_expensive", "too_far", "out_of_stock", "unreachable", "wrong_number", "duplicate", "fake"];

    /// <summary>Cancelling what is cancelled already answers the order again.</summary>
    public Task<Result<Order>> RunAsync(OrderId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Order>>(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (order.State == OrderState.Cancelled) return order;
        if (await holds.RefuseAsync(id, cancels: true, cause.Actor, stop) is { } held) return held;
        if (cause.Reason?.Length > 300) return new Refusal("too_long", "At most 300 characters.", "reason");
        var moved = OrderTransitions.Move(order, OrderState.Cancelled, cause);
        if (!moved.Ok) return moved.Refusal;
        db.Add(moved.Value);
        if (order.HasStock) await stock.GiveBackAsync(OrderStock.PiecesOf(order), stop);
        order.HasStock = false;
        await db.SaveChangesAsync(stop);
        if (order.Number > 0) await facts.TellAsync(new OrderCancelled(order.Id), stop);
        db.Tell("order", order.Id);
        return order;
    }, stop);
}
