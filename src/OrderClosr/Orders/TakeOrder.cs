using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders;

/// <summary>One member at a time has an order of the queue in hand: sees the customer's number, calls, decides. It ends with the decision, and by itself after a while.</summary>
public sealed class TakeOrder(OrderClosrDb db, TimeProvider time)
{
    /// <summary>How long an order stays in a hand that does nothing more.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>Orders in one hand: enough for calls that overlap, too few to collect numbers.</summary>
    public const int MostAtOnce = 3;

    /// <summary>Takes an order that waits; of two at the same moment one gets it. Taking what one has starts the time anew.</summary>
    /// <param name="takesOver">May take it out of another's hand, and as many as there are.</param>
    /// <returns>Refused: <c>not_found, not_waiting, taken</c> (with the holder's name), <c>too_many_taken</c>.</returns>
    public Task<Refusal?> TakeAsync(OrderId id, Guid account, bool takesOver, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (order.State is not (OrderState.ToConfirm or OrderState.Contacting or OrderState.Postponed)) return new Refusal("not_waiting", "This order waits for nobody any more.", Kind: RefusalKind.Conflict);
        var holder = order.HolderAt(now);
        if (!takesOver && holder is { } other && other != account)
            return new Refusal("taken", "Somebody else has this order in hand.", Suggestions: [await db.Accounts.Where(a => a.Id == other).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? ""], Kind: RefusalKind.Conflict);
        if (!takesOver && holder is null && await db.Orders.CountAsync(o => o.TakenBy == account && o.TakenUntil > now, stop) >= MostAtOnce)
            return new Refusal("too_many_taken", $"At most {MostAtOnce} orders at once: decide one or give it back.", Kind: RefusalKind.Conflict);
        (order.TakenBy, order.TakenUntil) = (account, now + Lasts);
        db.Later(new TryAgain(db.WorkspaceId, id), now, order.TakenUntil);
        await db.SaveChangesAsync(stop);
        db.Tell("order", id);
        return (Refusal?)null;
    }, stop);

    /// <summary>Gives an order back; one that is not in this hand stays where it is.</summary>
    public Task<Refusal?> GiveBackAsync(OrderId id, Guid account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (order.TakenBy != account) return null;
        (order.TakenBy, order.TakenUntil) = (null, null);
        await db.SaveChangesAsync(stop);
        db.Tell("order", id);
        return (Refusal?)null;
    }, stop);

    /// <summary>Frees all that an account has in hand. In the caller's transaction; the caller saves.</summary>
    internal async Task FreeAsync(Guid account, CancellationToken stop)
    {
        var ids = await db.Orders.Where(o => o.TakenBy == account).Select(o => o.Id).ToListAsync(stop);
        if (ids.Count == 0) return;
        await db.Dialect.LockRowsAsync(db, "orders", [.. ids.Select(id => id.Value)], stop);
        foreach (var order in await db.Orders.Where(o => o.TakenBy == account).ToListAsync(stop))
        {
            (order.TakenBy, order.TakenUntil) = (null, null);
            db.Tell("order", order.Id);
        }
    }
}
