using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>How a shop stands with its plan.</summary>
public enum SubscriptionState
{
    /// <summary>Tries for nothing.</summary>
    Trialing,

    /// <summary>Paid, or on a free plan.</summary>
    Active,

    /// <summary>The span is over and not paid: everything goes on for <see cref="Plans.GraceDays"/> days.</summary>
    PastDue,

    /// <summary>The agent rests; all pages, the export and the orders stay open.</summary>
    Suspended,

    /// <summary>The owner ended it: what is paid is used up, then the agent rests.</summary>
    Cancelled,
}

/// <summary>The plan of a workspace. One row each; none where the server has no plans.</summary>
public sealed class Subscription : IOfWorkspace, IVersioned, IHasId<Subscription>
{
    public required Id<Subscription> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Key of the <see cref="Billing.Plan"/>.</summary>
    public required string Plan { get; set; }

    public required BillingCycle Cycle { get; set; }

    /// <summary>Only <see cref="BillingTransitions"/> sets it.</summary>
    public SubscriptionState State { get; internal set; }

    /// <summary>The first day of what runs now.</summary>
    public required DateOnly FromOn { get; set; }

    /// <summary>The first day that nothing is paid for.</summary>
    public required DateOnly ToOn { get; set; }

    /// <summary>The day of the month its months begin with.</summary>
    public required int Day { get; set; }

    /// <summary>What the shop has paid too much, or for days it did not use: the next invoice takes it.</summary>
    public Dinars Credit { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; set; }

    /// <summary>May the agent work on that day?</summary>
    public bool Serves(DateOnly today) => State is SubscriptionState.Trialing or SubscriptionState.Active or SubscriptionState.PastDue || (State == SubscriptionState.Cancelled && today < ToOn);
}

/// <summary>One move of a subscription.</summary>
public sealed class SubscriptionMove : IOfWorkspace, IAppendOnly, IHasId<SubscriptionMove>
{
    public required Id<SubscriptionMove> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required SubscriptionState From { get; init; }
    public required SubscriptionState To { get; init; }
    public required AuditActor Actor { get; init; }

    /// <summary>The member's account; null for the product itself.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>A word: <c>paid, unpaid, grace_over, cancelled, resumed, chosen</c>.</summary>
    public required string Cause { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Something that came to a shop's credit or was used of it.</summary>
public sealed class CreditEntry : IOfWorkspace, IAppendOnly, IHasId<CreditEntry>
{
    public required Id<CreditEntry> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CreditCause Cause { get; init; }

    /// <summary>How much; <see cref="Cause"/> says whether it came or went.</summary>
    public required Dinars Amount { get; init; }

    public Id<Invoice>? InvoiceId { get; init; }
    public Id<Payment>? PaymentId { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Why a credit changed.</summary>
public enum CreditCause
{
    /// <summary>Came: an invoice was paid a second time, or one that was void.</summary>
    PaidTwice,

    /// <summary>Came: days of the plan before that were paid and not used.</summary>
    Unused,

    /// <summary>Came back: the invoice that had taken it is void.</summary>
    GivenBack,

    /// <summary>Went into an invoice.</summary>
    Used,
}

/// <summary>The agent may work again: a plan was paid or chosen after it had rested, or a limit grew. Told in the transaction of its cause.</summary>
public sealed record PlanOpened;
