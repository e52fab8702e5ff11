using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>The service that takes our own plans' money: makes a page to pay on, says what became of it.</summary>
public interface IPayments
{
    /// <summary>A key is configured: there are plans.</summary>
    bool IsOn { get; }

    /// <summary>The key is for real money.</summary>
    bool IsLive { get; }

    /// <summary>The least that can be paid.</summary>
    Dinars Least { get; }

    /// <summary>Makes a page to pay on.</summary>
    /// <exception cref="VendorFailure">Refused with the service's own words; <see cref="FailureCategory.OutcomeUnknown"/>: it may have been made, look for it by <see cref="FindAsync"/>.</exception>
    Task<SeenCheckout> CreateAsync(NewCheckout wish, CancellationToken stop);

    /// <summary>What became of it.</summary>
    Task<SeenCheckout> ReadAsync(string checkout, CancellationToken stop);

    /// <summary>The one made for a payment of ours whose answer was lost, among the newest; null when there is none.</summary>
    Task<SeenCheckout?> FindAsync(Id<Payment> payment, CancellationToken stop);

    /// <summary>Those made for payments of ours since then, of every workspace, the oldest first: what they were made for stands in them, whatever we forgot.</summary>
    Task<IReadOnlyList<FoundCheckout>> ListAsync(DateTimeOffset since, CancellationToken stop);

    /// <summary>Nobody shall pay on it any more. False: it is not waiting any more, read what became of it.</summary>
    Task<bool> ExpireAsync(string checkout, CancellationToken stop);
}

/// <summary>A page to pay on, as we want it.</summary>
/// <param name="Back">Where the person comes back to, paid or not.</param>
/// <param name="Events">Where the service tells what became of it.</param>
public sealed record NewCheckout(Id<Payment> Payment, Id<Invoice> Invoice, WorkspaceId Workspace, Dinars Amount, PayMethod Method, string Description, string Language, Uri Back, Uri Events);

/// <summary>A page to pay on, as the service shows it.</summary>
/// <param name="IsDinars">Its currency is ours.</param>
/// <param name="IsLive">Null when the service does not say.</param>
public sealed record SeenCheckout(string Id, CheckoutStatus Status, Dinars? Amount, bool IsDinars, bool? IsLive, string? PageUrl);

/// <summary>A page to pay on as the service lists it, with what we had written into it.</summary>
public sealed record FoundCheckout(Id<Payment> Payment, Id<Invoice> Invoice, WorkspaceId Workspace, PayMethod Method, DateTimeOffset MadeAt, SeenCheckout Seen);

/// <summary>What a page to pay on says of itself.</summary>
public enum CheckoutStatus
{
    /// <summary>Somebody may still pay.</summary>
    Pending,
    Paid, Failed, Cancelled, Expired,

    /// <summary>A word we do not know: nothing is done.</summary>
    Unknown,
}
