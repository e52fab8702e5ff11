
namespace OrderClosr.Billing;

/// <summary>The tables of what a subscription, an invoice and a payment may become. Nothing else changes their states.</summary>
public static class BillingTransitions
{
    private const SubscriptionState Trialing = SubscriptionState.Trialing, Active = SubscriptionState.Active, PastDue = SubscriptionState.PastDue, Suspended = SubscriptionState.Suspended, Cancelled = SubscriptionState.Cancelled;

    /// <summary>Every move of a subscription. Only money, a free plan or the owner's own word ends a suspension; only the owner cancels.</summary>
    public static readonly IReadOnlySet<(SubscriptionState From, SubscriptionState To)> Subscriptions = new HashSet<(SubscriptionState, SubscriptionState)>
    {
        (Trialing, Active), (Trialing, PastDue), (Trialing, Cancelled),
        (Active, PastDue), (Active, Cancelled),
        (PastDue, Active), (PastDue, Suspended), (PastDue, Cancelled),
        (Suspended, Active), (Suspended, Cancelled),
        (Cancelled, Active),
    };

    /// <summary>Every move of an invoice: what is paid or void stays so.</summary>
    public static readonly IReadOnlySet<(InvoiceState From, InvoiceState To)> Invoices = new HashSet<(InvoiceState, InvoiceState)> { (InvoiceState.Open, InvoiceState.Paid), (InvoiceState.Open, InvoiceState.Void) };

    /// <summary>Every move of a payment. What is paid stays so; whatever else ended may still turn out to be paid: the bank was under way.</summary>
    public static readonly IReadOnlySet<(PaymentState From, PaymentState To)> Payments = Build();

    internal static void Move(Subscription subscription, SubscriptionState to)
    {
        if (!Subscriptions.Contains((subscription.State, to))) throw new InvalidOperationException($"A subscription that is {subscription.State} cannot become {to}.");
        subscription.State = to;
    }

    internal static void Move(Invoice invoice, InvoiceState to)
    {
        if (!Invoices.Contains((invoice.State, to))) throw new InvalidOperationException($"An invoice that is {invoice.State} cannot become {to}.");
        invoice.State = to;
    }

    /// <summary>False when the table has no such move: nothing happens then.</summary>
    internal static bool TryMove(Payment payment, PaymentState to)
    {
        if (!Payments.Contains((payment.State, to))) return false;
        payment.State = to;
        return true;
    }

    private static HashSet<(PaymentState, PaymentState)> Build()
    {
        var table = new HashSet<(PaymentState, PaymentState)>();
        PaymentState[] ends = [PaymentState.Failed, PaymentState.Cancelled, PaymentState.Expired, PaymentState.Lost];
        foreach (var to in (PaymentState[])[PaymentState.Open, PaymentState.Paid, PaymentState.Differs, .. ends]) table.Add((PaymentState.Asking, to));
        foreach (var to in (PaymentState[])[PaymentState.Paid, PaymentState.Failed, PaymentState.Cancelled, PaymentState.Expired, PaymentState.Differs]) table.Add((PaymentState.Open, to));
        foreach (var from in ends)
        {
            table.Add((from, PaymentState.Paid));
            table.Add((from, PaymentState.Differs));
        }
        table.Add((PaymentState.Lost, PaymentState.Open));
        table.Add((PaymentState.Differs, PaymentState.Paid));
        return table;
    }
}
