global using CustomerId = OrderClosr.Ground.Values.Id<OrderClosr.Customers.Customer>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Customers;

/// <summary>A person who writes to the merchant, over one or several channels.</summary>
public sealed class Customer : IOfWorkspace, IVersioned, IHasId<Customer>
{
    public required CustomerId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>As the channel or the customer gave it; empty when unknown.</summary>
    public required string Name { get; set; }

    /// <summary>Phones the customer gave or writes from, E.164, the preferred one first.</summary>
    public List<string> Phones { get; init; } = [];

    /// <summary>Blocked by a member since then: messages are stored, the agent does not answer.</summary>
    public DateTimeOffset? BlockedAt { get; set; }

    /// <summary>The channel said this person cannot be reached any more (blocked us, left).</summary>
    public DateTimeOffset? UnreachableAt { get; set; }

    /// <summary>Asked the channel not to be sent advertising, since then.</summary>
    public DateTimeOffset? AdvertisingStoppedAt { get; set; }

    /// <summary>Wrote STOP: gets no message that they did not ask for, on any channel, since then.</summary>
    public DateTimeOffset? OptedOutAt { get; set; }

    /// <summary>Parcels delivered to and returned by this customer in this workspace.</summary>
    public int Delivered { get; set; }

    /// <inheritdoc cref="Delivered"/>
    public int Returned { get; set; }

    /// <summary>Name and phones folded for search.</summary>
    public string Search { get; set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; private set; }
}

/// <summary>How one channel names a customer: page-scoped id, Instagram-scoped id, WhatsApp id or business-scoped user id.</summary>
/// <remarks>Unique per channel: the same person on another Page has another handle (facts/meta.md sections 4.1 and 5.4).</remarks>
public sealed class CustomerHandle : IOfWorkspace, IHasId<CustomerHandle>
{
    public required Id<CustomerHandle> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CustomerId CustomerId { get; set; }

    /// <summary>The channel's id; customers do not depend on channels' rows.</summary>
    public required ChannelId ChannelId { get; init; }

    public required HandleKind Kind { get; init; }
    public required string Handle { get; init; }
}

/// <summary>What kind of id a handle is.</summary>
public enum HandleKind
{
    /// <summary>Page-scoped id of a Messenger customer.</summary>
    PageScoped,

    /// <summary>Instagram-scoped id.</summary>
    InstagramScoped,

    /// <summary>WhatsApp id: the phone in digits without plus.</summary>
    WaId,

    /// <summary>WhatsApp business-scoped user id, <c>DZ.…</c>; sent to by <c>recipient</c>, never by <c>to</c>.</summary>
    BusinessScoped,
}
