using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Changes an order until it ships: a member at once, the agent by a draft that the customer must agree to first.</summary>
public sealed class ChangeOrder(OrderClosrDb db, Drafts drafts, Stock stock, Facts facts, OrderHolds holds, TimeProvider time)
{
    /// <summary>A draft with the order's content, to be changed with <see cref="Drafts.ApplyAsync"/>, read back and confirmed; not added to the database.</summary>
    /// <remarks>The order stands unchanged until <see cref="ConfirmOrder"/> confirms this draft.</remarks>
    public static Result<Order> Begin(Order order, DateTimeOffset now)
    {
        if (order.ChangeOf is not null || order.State == OrderState.Draft) return order;
        if (!OrderTransitions.CanChange(order)) return Refusal.NotAllowed("A cancelled order does not change.", []);
        var change = new Order { Id = OrderId.New(now), ChangeOf = order.Id, CustomerId = order.CustomerId, ConversationId = order.ConversationId, Origin = order.Origin, CreatedAt = now };
        OrderContent.Copy(order, change);
        return change;
    }

    /// <summary>A member's change, at once and with its row in the story; stock is swapped when the order holds some.</summary>
    /// <param name="seenVersion">The version the member looked at; an older one is refused, so that nobody writes over a colleague.</param>
    public Task<Result<DraftView>> RunAsync(OrderId id, DraftChange change, int? seenVersion, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<DraftView>>(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (seenVersion is { } seen && seen != order.DraftVersion)
            return new Refusal("stale_version", "Somebody changed the order meanwhile: look again.", Kind: RefusalKind.Conflict);
        if (await holds.RefuseAsync(id, cancels: false, cause.Actor, stop) is { } held) return held;
        var wasComplete = DraftView.MissingOf(order).Count == 0;

        // Tried on a copy first: what is refused must not half-change a tracked order.
        var trial = new Order { Id = order.Id, ChangeOf = order.State == OrderState.Draft ? null : order.Id, CustomerId = order.CustomerId, ConversationId = order.ConversationId, CreatedAt = order.CreatedAt };
        OrderContent.Copy(order, trial);
        trial.DraftVersion = order.DraftVersion;
        var tried = await drafts.ApplyAsync(trial, change, stop);
        if (!tried.Ok) return tried.Refusal;
        if (order.State != OrderState.Draft && wasComplete && DraftView.MissingOf(trial) is { Count: > 0 } missing)
            return new Refusal("incomplete", "An order cannot lose a field it needs.", missing[0], missing);
        if (order.HasStock && await OrderStock.SwapAsync(db, stock, order, trial, stop) is { } none) return none;

        OrderContent.Copy(trial, order);
        order.DraftVersion = trial.DraftVersion;
        if (order.State != OrderState.Draft)
        {
            order.ConfirmedVersion = order.DraftVersion;
            db.Add(OrderTransitions.Changed(order, cause));
            await facts.TellAsync(new OrderChanged(order.Id), stop);
        }
        await db.SaveChangesAsync(stop);
        db.Tell("order", order.Id);
        return await drafts.ShowAsync(order, stop);
    }, stop);

    /// <summary>The order a customer's conversation may change, by its number; never another customer's.</summary>
    public Task<Order?> FindAsync(ConversationId conversation, int number, CancellationToken stop) => db.Orders.Include(o => o.Lines)
        .SingleOrDefaultAsync(o => o.Number == number && o.Number > 0 && (o.ConversationId == conversation || db.Set<Conversations.Conversation>().Any(c => c.Id == conversation && c.CustomerId == o.CustomerId)), stop);

    /// <summary>The open change of an order, if its conversation has begun one.</summary>
    public Task<Order?> OpenAsync(OrderId order, CancellationToken stop) => db.Orders.Include(o => o.Lines)
        .Where(o => o.ChangeOf == order && o.State == OrderState.Draft).OrderByDescending(o => o.Id).FirstOrDefaultAsync(stop);

    /// <summary>Now, for callers that begin a change.</summary>
    public DateTimeOffset Now => time.GetUtcNow();
}
