using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Turns a draft that was agreed to into an order, or an order a person looked at into a sure one.</summary>
/// <remarks>
/// One transaction: number, stock, frozen totals, duplicate mark, risk, story. Asked again for the same version it answers what it
/// answered before. A draft that changes an earlier order (<see cref="Order.ChangeOf"/>) is written into that order.
/// </remarks>
public sealed class ConfirmOrder(OrderClosrDb db, Stock stock, Facts facts, OrderHolds holds, RiskReader risks)
{
    /// <summary>Confirms <paramref name="version"/> of the order; without a version (a person who sees the order) the one that is there.</summary>
    /// <returns>The order: <c>confirmed</c>, or <c>to_confirm</c> when the merchant's rule, a duplicate or the risk asks for a person.
    /// Refused: <c>not_found, stale_version, not_read_back, no_yes, incomplete, out_of_stock, move_not_allowed</c>.</returns>
    public Task<Result<Order>> RunAsync(OrderId id, int? version, Cause cause, CancellationToken stop) => RunAsync(id, version, cause, waits: false, stop);

    /// <summary>The same; <paramref name="waits"/>: the agent was told that a person must look at it first, whatever the rules say.</summary>
    public Task<Result<Order>> RunAsync(OrderId id, int? version, Cause cause, bool waits, CancellationToken stop) => db.InTransactionAsync<Result<Order>>(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (order.ChangeOf is { } changed) return await MergeAsync(order, changed, version, cause, stop);

        if (version is { } agreed && agreed == order.ConfirmedVersion && order.State is not (OrderState.Draft or OrderState.Cancelled)
            && (cause.Actor is ActorKind.Agent || order.State == OrderState.Confirmed)) return order;
        if (version is null && order.State == OrderState.Confirmed) return order;
        if (await NotAgreedAsync(order, version, cause, stop) is { } refusal) return refusal;

        return await MoveAsync(order, OrderState.Confirmed, cause, waits, stop);
    }, stop);

    /// <summary>Writes a complete draft into the queue of a person: what programs and imports send.</summary>
    public Task<Result<Order>> QueueAsync(OrderId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Order>>(async () =>
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (order.State != OrderState.Draft) return Refusal.NotAllowed("Only a draft is put into the queue.", [.. OrderTransitions.Allowed(order.State, cause.Actor).Select(OrderTransitions.Word)]);
        return await MoveAsync(order, OrderState.ToConfirm, cause, waits: false, stop);
    }, stop);

    /// <summary>All that may say no comes before the first thing that is written: a refusal leaves nothing behind, also inside a caller's transaction.</summary>
    private async Task<Result<Order>> MoveAsync(Order order, OrderState to, Cause cause, bool waits, CancellationToken stop)
    {
        if (OrderTransitions.Refuses(order, to, cause) is { } refusal) return refusal;
        var isNew = order.Number == 0;
        var number = isNew ? await OrderNumbers.NextAsync(db, cause.At, stop) : order.Number;
        var look = isNew ? await LookAsync(order, cause.At, stop) : null;
        if (look is not null && to == OrderState.Confirmed && cause.Actor is ActorKind.Agent or ActorKind.Customer && (waits || look.NeedsAPerson)) to = OrderState.ToConfirm;
        if (to == OrderState.Confirmed && await stock.TakeAsync(OrderStock.PiecesOf(order), stop) is { } none)
        {
            if (isNew) await OrderNumbers.GiveBackAsync(db, stop);
            return none;
        }

        var moved = OrderTransitions.Move(order, to, cause);
        if (!moved.Ok) return moved.Refusal;
        db.Add(moved.Value);
        order.Number = number;
        order.ConfirmedVersion = order.DraftVersion;
        order.HasStock = to == OrderState.Confirmed;
        if (look is not null)
        {
            order.DuplicateOf = look.DuplicateOf;
            order.RiskScore = look.Risk.Score;
            order.RiskReasons.Clear();
            order.RiskReasons.AddRange(look.Risk.Reasons);
        }
        await RememberPhoneAsync(order, stop);
        await db.SaveChangesAsync(stop);
        if (to == OrderState.Confirmed) await facts.TellAsync(new OrderConfirmed(order.Id), stop);
        else await facts.TellAsync(new OrderChanged(order.Id), stop);
        db.Tell("order", order.Id);
        return order;
    }

    /// <summary>The change becomes the order's content; its number, story and place in the queue stay. The change itself ends.</summary>
    private async Task<Result<Order>> MergeAsync(Order change, OrderId id, int? version, Cause cause, CancellationToken stop)
    {
        var order = await db.LockedOrderAsync(id, stop);
        if (order is null) return Refusal.NotFound("order");
        if (change.State == OrderState.Cancelled)
            return change.ConfirmedVersion > 0 && (version is null || version == change.ConfirmedVersion) ? order : Refusal.NotAllowed("This change was dropped.", []);
        if (await NotAgreedAsync(change, version, cause, stop) is { } refusal) return refusal;
        if (DraftView.MissingOf(change) is { Count: > 0 } missing)
            return new Refusal("incomplete", "The order lacks fields that it needs before this.", Suggestions: missing, Kind: RefusalKind.Conflict);
        if (await holds.RefuseAsync(id, cancels: false, cause.Actor, stop) is { } held) return held;
        // A customer who agrees anew is back from being called or from a later date.
        var to = order.State is OrderState.Confirmed ? OrderState.Confirmed : OrderState.ToConfirm;
        var because = cause with { Reason = "changed" };
        if (OrderTransitions.Refuses(order, to, because) is { } notAllowed) return notAllowed;
        if (order.HasStock && await OrderStock.SwapAsync(db, stock, order, change, stop) is { } none) return none;

        var moved = OrderTransitions.Move(order, to, because);
        if (!moved.Ok) return moved.Refusal;
        OrderContent.Copy(change, order);
        order.ConfirmedVersion = order.DraftVersion;
        db.Add(moved.Value);
        change.ConfirmedVersion = change.DraftVersion;
        var ended = OrderTransitions.Move(change, OrderState.Cancelled, new(ActorKind.System, cause.At, "merged", MessageId: cause.MessageId));
        if (!ended.Ok) return ended.Refusal;
        db.Add(ended.Value);
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new OrderChanged(order.Id), stop);
        db.Tell("order", order.Id);
        return order;
    }

    /// <summary>The order guard: only the version that is there, and for the agent only one that was read back and answered after that.</summary>
    private async Task<Refusal?> NotAgreedAsync(Order order, int? version, Cause cause, CancellationToken stop)
    {
        if (version is { } agreed && agreed != order.DraftVersion)
            return new Refusal("stale_version", $"The order changed: read version {order.DraftVersion} back and ask again.", "version", Kind: RefusalKind.Conflict);
        if (cause.Actor != ActorKind.Agent) return null;
        if (version is null || order.ReadBackVersion != order.DraftVersion)
            return new Refusal("not_read_back", "Read this version back to the customer with its total and ask for a yes.", Kind: RefusalKind.Conflict);
        var yes = cause.MessageId is { } message
            ? await db.Messages.Where(m => m.Id == message && m.ConversationId == order.ConversationId && m.Direction == Direction.In).Select(m => (int?)m.Seq).SingleOrDefaultAsync(stop) : null;
        return yes is { } seq && seq > order.ReadBackSeq && await IsLastWordAsync(db, order, seq, stop) ? null
            : new Refusal("no_yes", "The customer has not answered yes since it was read back, or something else was said to them in between: read it back again and ask.", Kind: RefusalKind.Conflict);
    }

    /// <summary>True when the shop said nothing to the customer between the read-back and the message numbered <paramref name="seq"/>: the same "oui" may answer another question.</summary>
    /// <remarks>Words of a person of the shop count as those of the agent do. The system's own fixed sentences ask nothing, and what never reached the customer was not said.</remarks>
    public static async Task<bool> IsLastWordAsync(OrderClosrDb db, Order order, int seq, CancellationToken stop)
    {
        var (conversation, readBack) = (order.ConversationId, order.ReadBackSeq);
        return !await db.Messages.AnyAsync(m => m.ConversationId == conversation && m.Seq > readBack && m.Seq < seq && m.Direction == Direction.Out
            && (m.Author == Author.Agent || m.Author == Author.Member) && m.Kind != MessageKind.Note && m.Status != MessageStatus.Failed && m.DeletedAt == null, stop);
    }

    /// <summary>Duplicate mark and risk. Runs behind the counter's lock, so of two twins at the same moment the second sees the first.</summary>
    private async Task<Look> LookAsync(Order order, DateTimeOffset now, CancellationToken stop)
    {
        var settings = await OrderSettings.OfAsync(db, stop);
        var since = now - TimeSpan.FromHours(settings.DuplicateHours);
        var phones = new[] { order.Phone, order.SecondPhone }.Where(p => p is not null).ToList();
        var products = order.Lines.Select(l => l.ProductId).Distinct().ToList();
        // The same goods in another size are what an exchange is for.
        var duplicate = order.ExchangeOf is not null ? null : await db.Orders.AsNoTracking()
            .Where(o => o.Id != order.Id && o.Number > 0 && o.State != OrderState.Cancelled && o.CreatedAt >= since && (phones.Contains(o.Phone) || phones.Contains(o.SecondPhone)))
            .Where(o => o.Lines.Any(l => products.Contains(l.ProductId)))
            .OrderByDescending(o => o.Number).Select(o => (OrderId?)o.Id).FirstOrDefaultAsync(stop);
        var risk = await risks.OfAsync(order, stop);
        return new(duplicate, risk, !settings.ConfirmsAlone || duplicate is not null || risk.Score >= settings.RiskFrom);
    }

    /// <summary>A phone given for an order is a phone of its customer, for search and for the next order.</summary>
    private async Task RememberPhoneAsync(Order order, CancellationToken stop)
    {
        if (order.CustomerId.IsNone || order.Phone is not { } phone) return;
        await db.Dialect.LockRowAsync(db, "customers", order.CustomerId.Value, stop);
        var customer = await db.Customers.SingleOrDefaultAsync(c => c.Id == order.CustomerId, stop);
        if (customer is null) return;
        if (db.Entry(customer).State == EntityState.Unchanged) await db.Entry(customer).ReloadAsync(stop);
        if (!customer.Phones.Contains(phone.E164)) customer.Phones.Add(phone.E164);
        if (customer.Name.Length == 0) customer.Name = order.Name;
        customer.Search = KnownCustomers.SearchOf(customer);
    }

    /// <summary>What the workspace's own records say about a new order.</summary>
    private sealed record Look(OrderId? DuplicateOf, RiskResult Risk, bool NeedsAPerson);
}
