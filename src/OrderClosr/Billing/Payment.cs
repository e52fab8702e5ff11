using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>The card a shop pays with.</summary>
public enum PayMethod { Edahabia, Cib }

/// <summary>How a payment stands.</summary>
public enum PaymentState
{
    /// <summary>The page to pay on is being asked for, or its answer was lost: looked for by our own reference.</summary>
    Asking,

    /// <summary>There is a page to pay on.</summary>
    Open,

    Paid, Failed, Cancelled, Expired,

    /// <summary>Nobody ever made the page.</summary>
    Lost,

    /// <summary>Paid with another amount, another currency or in another mode: nothing is credited, the operator looks.</summary>
    Differs,
}

/// <summary>One try to pay an invoice. Stored before the payment service is asked, so that no page is ever made that nobody knows of.</summary>
public sealed class Payment : IOfWorkspace, IVersioned, IHasId<Payment>
{
    /// <summary>The <see cref="AccountRoute.Source"/> by which an event finds its payment.</summary>
    public const string RouteSource = "payments/checkout";

    /// <summary>A page younger than this is used again; the service lets one die after half an hour.</summary>
    public static readonly TimeSpan ReusedFor = TimeSpan.FromMinutes(25);

    /// <summary>When we look by ourselves, after the page was made: events get lost.</summary>
    public static readonly IReadOnlyList<TimeSpan> Looks = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(31)];

    /// <summary>The nightly look goes back so far.</summary>
    public static readonly TimeSpan SweptFor = TimeSpan.FromHours(48);

    public required Id<Payment> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<Invoice> InvoiceId { get; init; }

    /// <summary>The service's own id of it; null while it is not known. Unique.</summary>
    public string? CheckoutId { get; set; }

    /// <summary>Only <see cref="BillingTransitions"/> sets it.</summary>
    public PaymentState State { get; internal set; }

    public required Dinars Amount { get; init; }

    /// <summary>Real money; false: the service's test mode.</summary>
    public required bool IsLive { get; init; }

    public required PayMethod Method { get; init; }

    /// <summary>Where the page is.</summary>
    public string? PageUrl { get; set; }

    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>What it did: paid its invoice, or came to the credit. Once.</summary>
    public DateTimeOffset? CreditedAt { get; set; }

    /// <summary>A word for what is wrong: <c>amount_differs</c>.</summary>
    public string? Trouble { get; set; }

    public int Version { get; set; }
}
