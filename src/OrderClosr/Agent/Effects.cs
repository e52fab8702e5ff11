using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Agent;

/// <summary>Something a tool wants to have done, kept until the turn commits and then done by the same verbs that pages call.</summary>
public abstract record Effect;

/// <summary>A change of the open draft; begins one when there is none.</summary>
/// <param name="ChangeOf">The number of an order that this draft will change; null for a new order.</param>
public sealed record SaveDraftEffect(DraftChange Change, int? ChangeOf) : Effect;

/// <summary>The customer's yes to a draft version.</summary>
/// <param name="Number">What the order would be called; another order may take the number first.</param>
/// <param name="State">What it would become.</param>
public sealed record ConfirmEffect(OrderId Draft, string Code, int Version, MessageId Yes, int Number, OrderState State, Dinars Total) : Effect
{
    /// <summary>A person is to look at the order before it counts.</summary>
    public bool Waits { get; init; }
}

/// <summary>The customer's wish to cancel.</summary>
public sealed record CancelEffect(OrderId Order, int Number, string Reason) : Effect;

/// <summary>Interest without an order.</summary>
public sealed record LeadEffect(string? Product, string Note) : Effect;

/// <summary>The customer's answer about a parcel that could come back.</summary>
/// <param name="GoesToCourier">What the model was told: it is written to the courier.</param>
/// <param name="ByPerson">What the model was told: the shop tells the courier.</param>
public sealed record RescueEffect(RescueId Rescue, RescueWish Wish, bool GoesToCourier, bool ByPerson) : Effect;

/// <summary>Photos that go before the words.</summary>
public sealed record PhotosEffect(IReadOnlyList<Conversations.StoredPhoto> Photos) : Effect;

/// <summary>The conversation goes to people.</summary>
/// <param name="Reason">A code of the pages' words.</param>
/// <param name="Note">What the model tells the person, in a sentence.</param>
public sealed record HandOverEffect(string Reason, string? Note) : Effect;
