using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>The one table of a parcel's money: from where, to where, who may, on what condition. Nothing else changes a cash state.</summary>
/// <remarks>What a courier says of money is a claim: it moves a parcel as far as <see cref="CashState.InPayment"/>. Only money a person counted makes it <see cref="CashState.Paid"/>.</remarks>
public static class CashTransitions
{
    private const ActorKind Member = ActorKind.Member, Courier = ActorKind.Courier, System = ActorKind.System;

    /// <summary>The courier owes the money, and has owed all of it so far.</summary>
    private static readonly CashState[] Owed = [CashState.Collected, CashState.Ready, CashState.InPayment, CashState.Overdue];

    /// <summary>Every move there is.</summary>
    public static readonly IReadOnlyList<CashTransition> Table = Build();

    /// <summary>Something of the parcel's amount is still to come.</summary>
    public static bool IsDue(CashState state) => Owed.Contains(state) || state == CashState.ShortPaid;

    /// <summary>The states of <see cref="IsDue"/>, for queries.</summary>
    public static IReadOnlyList<CashState> Due { get; } = [.. Owed, CashState.ShortPaid];

    /// <summary>States the actor may move a parcel's money to.</summary>
    public static IReadOnlyList<CashState> Allowed(CashState from, ActorKind actor) => [.. Table.Where(t => t.From == from && !t.TakesBack && t.Actors.Contains(actor)).Select(t => t.To).Distinct()];

    /// <summary>Why a move would be refused; null when the table has it. Changes nothing.</summary>
    /// <param name="takesBack">A slip is being undone.</param>
    public static Refusal? Refuses(CashState from, CashState to, ActorKind actor, string? reason = null, bool takesBack = false)
    {
        var row = Table.FirstOrDefault(t => t.From == from && t.To == to && t.TakesBack == takesBack && t.Actors.Contains(actor));
        if (row is null) return Refusal.NotAllowed($"Money that is {Word(from)} cannot become {Word(to)}.", [.. Allowed(from, actor).Select(Word)]);
        return row.NeedsReason && string.IsNullOrWhiteSpace(reason) ? new Refusal("reason_missing", "Say why.", "reason") : null;
    }

    /// <summary>Moves the parcel's money, or says why not. The history row is written by <see cref="CashBook"/>.</summary>
    internal static Refusal? Move(Parcel parcel, CashState to, ActorKind actor, string? reason, bool takesBack)
    {
        if (Refuses(parcel.CashState, to, actor, reason, takesBack) is { } refusal) return refusal;
        parcel.CashState = to;
        return null;
    }

    /// <summary>A state as programs spell it: <c>short_paid</c>.</summary>
    public static string Word(CashState state) => global::System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static List<CashTransition> Build()
    {
        var rows = new List<CashTransition>
        {
            // Delivered: the courier has the customer's money.
            new(CashState.NotDue, CashState.Collected, [System, Courier]),
            new(CashState.Collected, CashState.Ready, [Courier]),
            new(CashState.Collected, CashState.InPayment, [Courier, Member]),
            new(CashState.Ready, CashState.InPayment, [Courier, Member]),
            new(CashState.Overdue, CashState.InPayment, [Member]),
            // Paid for on a slip before anybody said that it was delivered; settled when that is heard.
            new(CashState.NotDue, CashState.InPayment, [Member]),
            new(CashState.InPayment, CashState.Paid, [System]),
            new(CashState.InPayment, CashState.ShortPaid, [System]),
            // The agreed days went by; or the merchant agreed on more of them.
            new(CashState.Collected, CashState.Overdue, [System]),
            new(CashState.Ready, CashState.Overdue, [System]),
            new(CashState.InPayment, CashState.Overdue, [System]),
            new(CashState.Overdue, CashState.Collected, [System]),
            // The rest came, or a person gave it up.
            new(CashState.ShortPaid, CashState.Paid, [Member]),
            // A lost parcel that the courier made good.
            new(CashState.NotDue, CashState.Paid, [Member], NeedsReason: true),
            new(CashState.NotDue, CashState.ReturnFeeDue, [System]),
            new(CashState.ReturnFeeDue, CashState.NotDue, [Member, System]),
            new(CashState.Paid, CashState.ReturnFeeDue, [System], NeedsReason: true),
            new(CashState.ShortPaid, CashState.ReturnFeeDue, [System], NeedsReason: true),
            new(CashState.Paid, CashState.ShortPaid, [Member], TakesBack: true),
            new(CashState.InPayment, CashState.NotDue, [Member], TakesBack: true),
            new(CashState.Paid, CashState.NotDue, [Member], TakesBack: true),
            new(CashState.NotDue, CashState.ReturnFeeDue, [Member], TakesBack: true),
        };
        foreach (var from in Owed)
        {
            rows.Add(new(from, CashState.Paid, [Member]));
            rows.Add(new(from, CashState.ShortPaid, [Member]));
            // Delivered, then brought back after all.
            rows.Add(new(from, CashState.ReturnFeeDue, [System]));
            rows.Add(new(from, CashState.NotDue, [System]));
            rows.Add(new(CashState.Paid, from, [Member], TakesBack: true));
            rows.Add(new(CashState.ShortPaid, from, [Member], TakesBack: true));
            if (from != CashState.InPayment) rows.Add(new(CashState.InPayment, from, [Member], TakesBack: true));
        }
        return rows;
    }
}

/// <summary>One row of the table.</summary>
/// <param name="TakesBack">Only while a slip is being undone.</param>
public sealed record CashTransition(CashState From, CashState To, IReadOnlyList<ActorKind> Actors, bool NeedsReason = false, bool TakesBack = false);
