using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>What happens to an order between the yes in the chat and a person's decision: tries to reach the customer, a later date, a step taken back.</summary>
public sealed class FollowOrder(OrderClosrDb db, Stock stock, Facts facts, OrderHolds holds)
{
    /// <summary>Codes of what a try to reach a customer came to.</summary>
    public static readonly IReadOnlyList<string> Tries = ["no_answer", "busy", "switched_off"];

    /// <summary>The customer was not reached: one more try counted, the next one due later (<see cref="Cause.Until"/>, else the workspace's pause).</summary>
    public Task<Result<Order>> NotReachedAsync(OrderId id, Cause cause, CancellationToken stop) => MoveAsync(id, OrderState.Contacting, cause, async order =>
    {
        var settings = await OrderSettings.OfAsync(db, stop);
        if (order.ContactAttempts >= settings.MostAttempts)
            return (new Refusal("no_more_tries", $"{settings.MostAttempts} tries were made: confirm, postpone or cancel.", Kind: RefusalKind.Conflict), cause);
        return (null, cause with { Until = cause.Until ?? cause.At + TimeSpan.FromMinutes(settings.RetryMinutes) });
    }, stop);

    /// <summary>Puts the order off until a day (<see cref="Cause.Until"/>), on which it returns to the queue.</summary>
    public Task<Result<Order>> PostponeAsync(OrderId id, Cause cause, CancellationToken stop) => MoveAsync(id, OrderState.Postponed, cause, _ =>
        Task.FromResult<(Refusal?, Cause)>((cause.Until > cause.At + TimeSpan.FromDays(90) ? new Refusal("date_too_far", "At most 90 days from now.", "date") : null, cause)), stop);

    /// <summary>Takes a step back: a confirmed, cancelled, postponed or called order waits for confirmation again; stock taken goes back.</summary>
    public Task<Result<Order>> ReopenAsync(OrderId id, Cause cause, CancellationToken stop) => MoveAsync(id, OrderState.ToConfirm, cause, order =>
        Task.FromResult<(Refusal?, Cause)>((order.Number == 0 ? Refusal.NotAllowed("A dropped draft is not an order.", []) : null, cause)), stop);

    private Task<Result<Order>> MoveAsync(OrderId id, OrderState to, Cause cause, Func<Order, Task<(Refusal? No, Cause Cause)>> look, CancellationToken stop) => db.InTransactionAsync<Result<Order>>(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (OrderTransitions.Refuses(order, to, cause) is { } notAllowed && notAllowed.Code == "move_not_allowed") return notAllowed;
        if (await holds.RefuseAsync(id, cancels: false, cause.Actor, stop) is { } held) return held;
        var (no, because) = await look(order);
        if (no is not null) return no;
        var moved = OrderTransitions.Move(order, to, because);
        if (!moved.Ok) return moved.Refusal;
        db.Add(moved.Value);
        if (to == OrderState.Postponed) db.Later(new WakePostponed(db.WorkspaceId, order.Id), cause.At, order.NextTryAt);
        if (to == OrderState.Contacting && order.NextTryAt is { } next) db.Later(new TryAgain(db.WorkspaceId, order.Id), cause.At, next);
        if (order.HasStock) await stock.GiveBackAsync(OrderStock.PiecesOf(order), stop);
        order.HasStock = false;
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new OrderChanged(order.Id), stop);
        db.Tell("order", order.Id);
        return order;
    }, stop);
}
