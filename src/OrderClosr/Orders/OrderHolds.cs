using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>A room below that may hold an order as it is, e.g. because its parcel is with the courier.</summary>
public interface IOrderHold
{
    /// <summary>Why the order must not be changed (or cancelled) now; null: it may.</summary>
    Task<Refusal?> HoldsAsync(OrderId order, bool cancels, ActorKind actor, CancellationToken stop);
}

/// <summary>Asks every room below before an order changes.</summary>
public sealed class OrderHolds(IEnumerable<IOrderHold> holds)
{
    /// <summary>The first reason against it; null when nobody has one.</summary>
    public async Task<Refusal?> RefuseAsync(OrderId order, bool cancels, ActorKind actor, CancellationToken stop)
    {
        foreach (var hold in holds)
            if (await hold.HoldsAsync(order, cancels, actor, stop) is { } refusal) return refusal;
        return null;
    }
}
