using System.Globalization;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>How an invoice stands.</summary>
public enum InvoiceState
{
    Open, Paid,

    /// <summary>Replaced by another one, or nobody wants it any more; its number stays.</summary>
    Void,
}

/// <summary>What an invoice is for.</summary>
public enum InvoiceKind
{
    /// <summary>The next span of the plan.</summary>
    Renewal,

    /// <summary>Another plan, from the day it is paid; good for that day and the next.</summary>
    Change,
}

/// <summary>A demand for money, numbered without gaps over the whole server and year. What it says never changes; that it was paid, and for which days, is added.</summary>
public sealed class Invoice : IOfWorkspace, IHasId<Invoice>
{
    public required Id<Invoice> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary><c>2026-0114</c>.</summary>
    public required string Number { get; init; }

    public required InvoiceKind Kind { get; init; }

    /// <summary>Only <see cref="BillingTransitions"/> sets it.</summary>
    public InvoiceState State { get; internal set; }

    /// <summary>Key of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>Its name then.</summary>
    public required string PlanName { get; init; }

    public required BillingCycle Cycle { get; init; }

    /// <summary>The shop's name then.</summary>
    public required string ShopName { get; init; }

    public required Dinars Price { get; init; }

    /// <inheritdoc cref="Bill.Unused"/>
    public Dinars Unused { get; init; }

    /// <inheritdoc cref="Bill.FromCredit"/>
    public Dinars FromCredit { get; init; }

    /// <inheritdoc cref="Bill.Waived"/>
    public Dinars Waived { get; init; }

    /// <inheritdoc cref="Bill.ToPay"/>
    public required Dinars ToPay { get; init; }

    /// <inheritdoc cref="Bill.ToCredit"/>
    public Dinars ToCredit { get; init; }

    /// <summary>In percent; 0: the operator charges none. Inside of the price.</summary>
    public int Vat { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The day it is to be paid by; what it is for begins then at the earliest.</summary>
    public required DateOnly DueOn { get; init; }

    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The days it paid for, once it is paid: from the later one of <see cref="DueOn"/> and the day of payment.</summary>
    public DateOnly? FromOn { get; set; }

    /// <summary>The first day it did not pay for; earlier than planned when the plan was changed.</summary>
    public DateOnly? ToOn { get; set; }

    public DateTimeOffset? VoidedAt { get; set; }
}

/// <summary>The operator's series of numbers: one row each, never deleted, and without a word on whose it is. It outlives the shop, so that the series shows no gap.</summary>
public sealed class InvoiceNumber
{
    public required int Year { get; init; }
    public required int Sequence { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required Dinars ToPay { get; init; }

    /// <summary><c>2026-0114</c>.</summary>
    public static string Text(int year, int sequence) => $"{year.ToString(CultureInfo.InvariantCulture)}-{sequence.ToString("0000", CultureInfo.InvariantCulture)}";
}
