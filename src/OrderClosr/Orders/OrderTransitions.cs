using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The one table of an order's moves: from where, to where, who may, on what condition. Nothing else changes a state.</summary>
/// <remarks>A row from a state to itself is a change of the order's content (or another try to reach the customer) that its story must keep.</remarks>
public static class OrderTransitions
{
    private const ActorKind Agent = ActorKind.Agent, Member = ActorKind.Member, Customer = ActorKind.Customer, System = ActorKind.System, Api = ActorKind.Api;

    /// <summary>Every move there is.</summary>
    public static readonly IReadOnlyList<OrderTransition> Table =
    [
        new(OrderState.Draft, OrderState.ToConfirm, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.Draft, OrderState.Confirmed, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.Draft, OrderState.Cancelled, [Member, Customer, Api, System], OrderGuard.Reason),
        new(OrderState.Draft, OrderState.Cancelled, [Agent], OrderGuard.Reason | OrderGuard.CustomersWord),

        new(OrderState.ToConfirm, OrderState.Contacting, [Agent, Member], OrderGuard.Reason),
        new(OrderState.ToConfirm, OrderState.Postponed, [Agent, Member, Customer], OrderGuard.Reason | OrderGuard.Date),
        new(OrderState.ToConfirm, OrderState.Confirmed, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.ToConfirm, OrderState.Cancelled, [Member, Customer, Api], OrderGuard.Reason),
        new(OrderState.ToConfirm, OrderState.Cancelled, [Agent], OrderGuard.Reason | OrderGuard.CustomersWord),
        new(OrderState.ToConfirm, OrderState.ToConfirm, [Agent, Member, Customer, Api], OrderGuard.Complete),

        new(OrderState.Contacting, OrderState.ToConfirm, [Agent, Member, Customer, Api, System], OrderGuard.Complete),
        new(OrderState.Contacting, OrderState.Contacting, [Agent, Member], OrderGuard.Reason),
        new(OrderState.Contacting, OrderState.Postponed, [Agent, Member, Customer], OrderGuard.Reason | OrderGuard.Date),
        new(OrderState.Contacting, OrderState.Confirmed, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.Contacting, OrderState.Cancelled, [Member, Customer, Api], OrderGuard.Reason),
        new(OrderState.Contacting, OrderState.Cancelled, [Agent], OrderGuard.Reason | OrderGuard.CustomersWord),

        new(OrderState.Postponed, OrderState.ToConfirm, [Agent, Member, Customer, Api, System], OrderGuard.Complete),
        new(OrderState.Postponed, OrderState.Contacting, [Agent, Member], OrderGuard.Reason),
        new(OrderState.Postponed, OrderState.Postponed, [Agent, Member, Customer], OrderGuard.Reason | OrderGuard.Date),
        new(OrderState.Postponed, OrderState.Confirmed, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.Postponed, OrderState.Cancelled, [Member, Customer, Api], OrderGuard.Reason),
        new(OrderState.Postponed, OrderState.Cancelled, [Agent], OrderGuard.Reason | OrderGuard.CustomersWord),

        new(OrderState.Confirmed, OrderState.Confirmed, [Agent, Member, Customer, Api], OrderGuard.Complete),
        new(OrderState.Confirmed, OrderState.ToConfirm, [Member], OrderGuard.Complete | OrderGuard.Reason),
        new(OrderState.Confirmed, OrderState.Cancelled, [Member, Customer, Api], OrderGuard.Reason),
        new(OrderState.Confirmed, OrderState.Cancelled, [Agent], OrderGuard.Reason | OrderGuard.CustomersWord),

        new(OrderState.Cancelled, OrderState.ToConfirm, [Member], OrderGuard.Complete | OrderGuard.Reason),
    ];

    /// <summary>States the actor may move an order to; without the state itself.</summary>
    public static IReadOnlyList<OrderState> Allowed(OrderState from, ActorKind actor) =>
        [.. Table.Where(t => t.From == from && t.To != from && t.Actors.Contains(actor)).Select(t => t.To).Distinct()];

    /// <summary>True when the table has the move for that actor, whatever its condition.</summary>
    public static bool Has(OrderState from, OrderState to, ActorKind actor) => Table.Any(t => t.From == from && t.To == to && t.Actors.Contains(actor));

    /// <summary>Whether the content of an order may still change: until it is cancelled (a parcel that left refuses it by itself).</summary>
    public static bool CanChange(Order order) => order.State != OrderState.Cancelled;

    /// <summary>Moves the order and answers the row of its story, or says why not and where it could go instead.</summary>
    /// <remarks>Call it on a locked order, inside the transaction that adds the row and does the consequences.</remarks>
    public static Result<OrderMove> Move(Order order, OrderState to, Cause cause)
    {
        if (Refuses(order, to, cause) is { } refusal) return refusal;

        var move = new OrderMove
        {
            Id = Id<OrderMove>.New(cause.At), OrderId = order.Id, From = order.State, To = to, Actor = cause.Actor,
            AccountId = cause.AccountId, At = cause.At, MessageId = cause.MessageId, Reason = cause.Reason,
        };
        if (to == OrderState.Contacting) order.ContactAttempts++;
        if (order.State != to || to is OrderState.Contacting or OrderState.Postponed)
        {
            order.NextTryAt = to is OrderState.Contacting or OrderState.Postponed ? cause.Until : null;
            order.Reason = to is OrderState.Contacting or OrderState.Postponed or OrderState.Cancelled ? cause.Reason : null;
            (order.TakenBy, order.TakenUntil) = (null, null);
        }
        if (to == OrderState.Confirmed) order.ConfirmedAt ??= cause.At;
        else if (order.State == OrderState.Confirmed) order.ConfirmedAt = null;
        order.State = to;
        return move;
    }

    /// <summary>Why a move would be refused; null when <see cref="Move"/> would do it. Changes nothing.</summary>
    public static Refusal? Refuses(Order order, OrderState to, Cause cause)
    {
        var row = Table.FirstOrDefault(t => t.From == order.State && t.To == to && t.Actors.Contains(cause.Actor));
        return row is null
            ? Refusal.NotAllowed($"An order that is {Word(order.State)} cannot become {Word(to)}.", [.. Allowed(order.State, cause.Actor).Select(Word)])
            : Broken(row.Guard, order, cause);
    }

    /// <summary>The row of the story for a changed content: the state stays, whatever it is.</summary>
    internal static OrderMove Changed(Order order, Cause cause) => new()
    {
        Id = Id<OrderMove>.New(cause.At), OrderId = order.Id, From = order.State, To = order.State, Actor = cause.Actor,
        AccountId = cause.AccountId, At = cause.At, MessageId = cause.MessageId, Reason = "changed",
    };

    /// <summary>A state as programs and columns of the API spell it: <c>to_confirm</c>.</summary>
    public static string Word(OrderState state) => state switch
    {
        OrderState.ToConfirm => "to_confirm",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>The state a word of the API means.</summary>
    public static OrderState? Read(string? word) => Enum.GetValues<OrderState>().Cast<OrderState?>().FirstOrDefault(s => Word(s!.Value) == word);

    private static Refusal? Broken(OrderGuard guard, Order order, Cause cause)
    {
        if (guard.HasFlag(OrderGuard.Complete) && DraftView.MissingOf(order) is { Count: > 0 } missing)
            return new Refusal("incomplete", "The order lacks fields that it needs before this.", Suggestions: missing, Kind: RefusalKind.Conflict);
        if (guard.HasFlag(OrderGuard.Reason) && string.IsNullOrWhiteSpace(cause.Reason))
            return new Refusal("reason_missing", "Say why.", Field: "reason");
        if (guard.HasFlag(OrderGuard.Date) && (cause.Until is not { } until || until <= cause.At))
            return new Refusal("date_missing", "Say until which day after today.", Field: "date");
        if (guard.HasFlag(OrderGuard.CustomersWord) && cause.MessageId is null)
            return new Refusal("customer_did_not_ask", "The agent cancels only when the customer asked for it.");
        return null;
    }
}

/// <summary>One row of the table.</summary>
/// <param name="From">Where the order stands.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Actors">Who may.</param>
/// <param name="Guard">What must be true.</param>
public sealed record OrderTransition(OrderState From, OrderState To, IReadOnlyList<ActorKind> Actors, OrderGuard Guard);

/// <summary>Conditions of a move.</summary>
[Flags]
public enum OrderGuard
{
    None = 0,

    /// <summary>Nothing is missing: items, receiver, place and a fee the server looked up.</summary>
    Complete = 1,

    /// <summary>A reason is mandatory.</summary>
    Reason = 2,

    /// <summary>A time in the future is mandatory.</summary>
    Date = 4,

    /// <summary>A message of the customer asked for it.</summary>
    CustomersWord = 8,
}

/// <summary>Who moves an order, when and why: kept with each move.</summary>
/// <param name="Actor">What kind of actor.</param>
/// <param name="At">When.</param>
/// <param name="Reason">A code of the pages' words (<c>no_answer</c>, <c>too_expensive</c>), or words of a member.</param>
/// <param name="AccountId">The member, when one does it.</param>
/// <param name="MessageId">The customer's message that caused it, when one did.</param>
/// <param name="Until">When to try again or when a postponed order returns.</param>
public sealed record Cause(ActorKind Actor, DateTimeOffset At, string? Reason = null, Guid? AccountId = null, MessageId? MessageId = null, DateTimeOffset? Until = null)
{
    /// <summary>A code, or one line of a member's or a program's words.</summary>
    public string? Reason { get; init; } = Reason is null ? null : OneLine.Of(Reason);
}

/// <summary>An order became sure: by the customer, a member, or the agent under the merchant's rule. Stock is taken.</summary>
public sealed record OrderConfirmed(OrderId OrderId);

/// <summary>An order was cancelled; stock, if it was taken, is given back.</summary>
public sealed record OrderCancelled(OrderId OrderId);

/// <summary>Anything else about an order with a number changed: its content or its state.</summary>
public sealed record OrderChanged(OrderId OrderId);
