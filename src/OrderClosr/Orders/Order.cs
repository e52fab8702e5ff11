global using OrderId = OrderClosr.Ground.Values.Id<OrderClosr.Orders.Order>;

using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>What a customer wants delivered: from the first field known (draft) to confirmed or cancelled.</summary>
/// <remarks>Its state changes only through <c>OrderTransitions</c>; its amounts only through <c>Totals</c>.</remarks>
public sealed partial class Order : IOfWorkspace, IVersioned, IHasId<Order>
{
    public required OrderId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The number people say, from 1001, per workspace; 0 while it is a draft.</summary>
    public int Number { get; set; }

    public OrderState State { get; internal set; } = OrderState.Draft;
    public CustomerId CustomerId { get; set; }

    /// <summary>The order this draft would change once the customer (or a member) agrees; until then that order stands as it is.</summary>
    public OrderId? ChangeOf { get; init; }

    /// <summary>The conversation it came from; none for orders typed by a member or sent by a program.</summary>
    public ConversationId ConversationId { get; init; }

    public List<OrderLine> Lines { get; init; } = [];
    public Dinars Goods { get; internal set; }
    public Dinars Discount { get; internal set; }

    /// <summary>What the customer pays for delivery; meaningless until the place is known (<see cref="OrderClosr.Orders.Order.IsFeeKnown"/>).</summary>
    public Dinars DeliveryFee { get; internal set; }

    /// <summary>False until place and way are known and served.</summary>
    public bool IsFeeKnown { get; internal set; }

    /// <summary><c>goods − discount + delivery fee</c>: the amount to collect.</summary>
    public Dinars Total { get; internal set; }

    /// <summary>The order whose goods come back for these; null: no exchange.</summary>
    public OrderId? ExchangeOf { get; init; }

    /// <summary>What the goods that come back were paid.</summary>
    public Dinars Credit { get; internal set; }

    /// <summary>The part of <see cref="Credit"/> that pays this order; it stands inside <see cref="Discount"/>.</summary>
    public Dinars CreditUsed { get; internal set; }

    /// <summary>The part of <see cref="Credit"/> that this order does not use: a person gives it back.</summary>
    public Dinars GiveBack { get; internal set; }

    /// <summary>The customer pays nothing for delivery: a member decided that for an exchange.</summary>
    public bool ShopPaysDelivery { get; internal set; }

    /// <summary>The receiver's name.</summary>
    public string Name { get; set; } = "";

    public Phone? Phone { get; set; }
    public Phone? SecondPhone { get; set; }

    /// <summary>Code of the 69 model; 0 while unknown.</summary>
    public int WilayaCode { get; set; }

    /// <summary>ONS code; 0 while unknown.</summary>
    public int CommuneCode { get; set; }

    /// <summary>Street, quarter, landmark, in the customer's words.</summary>
    public string Address { get; set; } = "";

    public Delivery Delivery { get; set; } = Delivery.Home;
    public Id<Desk>? DeskId { get; set; }

    /// <summary>Rises with each change of what the customer gets or pays: a yes counts for one version only.</summary>
    public int DraftVersion { get; internal set; } = 1;

    /// <summary>The version that was agreed to; 0: none. A repeated yes to it finds the order and changes nothing.</summary>
    public int ConfirmedVersion { get; internal set; }

    /// <summary>The version last read back to the customer in a sent reply; 0: none.</summary>
    public int ReadBackVersion { get; internal set; }

    /// <summary>The message of ours that read it back; the yes must come after it.</summary>
    public int ReadBackSeq { get; internal set; }

    /// <summary>An earlier order of the same phone and product within the merchant's window.</summary>
    public OrderId? DuplicateOf { get; set; }

    /// <summary>0 to 100; see <see cref="RiskReasons"/>.</summary>
    public int RiskScore { get; set; }

    public List<string> RiskReasons { get; init; } = [];

    /// <summary>Which message said what: field name → message id, as JSON; shown beside each field.</summary>
    public Dictionary<string, MessageId> Sources { get; set; } = [];

    public string Note { get; set; } = "";
    public OrderOrigin Origin { get; init; }

    /// <summary>Calls and messages without an answer so far.</summary>
    public int ContactAttempts { get; internal set; }

    /// <summary>When to try the customer again, or when a postponed order returns to the queue.</summary>
    public DateTimeOffset? NextTryAt { get; internal set; }

    /// <summary>Why cancelled, postponed or not reached: a code of the pages' words.</summary>
    public string? Reason { get; internal set; }

    /// <summary>True while its pieces are taken from stock.</summary>
    public bool HasStock { get; internal set; }

    /// <summary>The member who has it in hand: calls the customer and decides; meaningless after <see cref="TakenUntil"/>: ask <see cref="HolderAt"/>.</summary>
    public Guid? TakenBy { get; internal set; }

    public DateTimeOffset? TakenUntil { get; internal set; }

    /// <summary>Who has it in hand; null: it is free.</summary>
    public Guid? HolderAt(DateTimeOffset now) => TakenUntil > now ? TakenBy : null;

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; internal set; }
    public int Version { get; private set; }
}

/// <summary>A variant and how many, with the price it is sold at.</summary>
public sealed class OrderLine : IOfWorkspace, IHasId<OrderLine>
{
    public required Id<OrderLine> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required OrderId OrderId { get; init; }
    public required ProductId ProductId { get; init; }
    public required VariantId VariantId { get; init; }

    /// <summary>The product as it was called when it was ordered.</summary>
    public required string Name { get; set; }

    /// <summary>The variant as it was called, <c>M / Noir</c>; empty for a product without choices.</summary>
    public string VariantLabel { get; set; } = "";

    /// <summary>Both in one, <c>Robe d'été, M / Noir</c>.</summary>
    public string FullName => VariantLabel.Length == 0 ? Name : $"{Name}, {VariantLabel}";

    public required int Quantity { get; set; }

    /// <summary>The catalogue's price when it was ordered.</summary>
    public required Dinars ListPrice { get; set; }

    /// <summary>The price agreed: the list price, or one not under the floor.</summary>
    public required Dinars UnitPrice { get; set; }
}

/// <summary>One move of an order: who, when, why. Never changed afterwards.</summary>
public sealed class OrderMove : IOfWorkspace, IHasId<OrderMove>
{
    public required Id<OrderMove> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required OrderId OrderId { get; init; }
    public required OrderState From { get; init; }
    public required OrderState To { get; init; }
    public required ActorKind Actor { get; init; }

    /// <summary>The member, when one moved it.</summary>
    public Guid? AccountId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The message that caused it, when one did.</summary>
    public MessageId? MessageId { get; init; }

    /// <summary>A code of the pages' words, or what the member typed.</summary>
    public string? Reason { get; init; }
}

/// <summary>Interest without an order.</summary>
public sealed class Lead : IOfWorkspace, IHasId<Lead>
{
    public required Id<Lead> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>None for a comment of somebody who never wrote to the shop.</summary>
    public required CustomerId CustomerId { get; init; }

    /// <summary>None for a comment.</summary>
    public required ConversationId ConversationId { get; init; }
    public ProductId? ProductId { get; init; }
    public LeadSource Source { get; init; }

    /// <summary>The comment that shows it; its words stay there alone, and go with it.</summary>
    public Id<Comment>? CommentId { get; init; }

    /// <summary>What the customer wants, in a sentence of the agent; empty for a comment.</summary>
    public string Note { get; set; } = "";
    public required DateTimeOffset At { get; init; }

    /// <summary>The day somebody wants to come back to it.</summary>
    public DateOnly? FollowUpOn { get; internal set; }

    /// <summary>What a member noted about it.</summary>
    public string FollowUpNote { get; internal set; } = "";

    /// <summary>The member who last noted something.</summary>
    public Guid? FollowedBy { get; internal set; }
    public DateTimeOffset? FollowedAt { get; internal set; }

    /// <summary>A member has seen to it: nothing more to do.</summary>
    public DateTimeOffset? DoneAt { get; internal set; }
    public Guid? DoneBy { get; internal set; }

    /// <summary>When the customer ordered after all; null: not yet, or the order was cancelled.</summary>
    public DateTimeOffset? ConvertedAt { get; internal set; }
    public OrderId? OrderId { get; internal set; }
}

/// <summary>Where interest came from.</summary>
public enum LeadSource
{
    Conversation,

    /// <summary>A conversation that began at an ad.</summary>
    Ad,

    /// <summary>A public comment below a post or an ad.</summary>
    Comment,
}

/// <summary>The next order number of a workspace; its row is locked while one is taken.</summary>
public sealed class OrderCounter : IOfWorkspace, IHasId<OrderCounter>
{
    public required Id<OrderCounter> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public int Last { get; set; } = 1000;
}

/// <summary>Track 1 of an order's life.</summary>
public enum OrderState { Draft, ToConfirm, Contacting, Postponed, Confirmed, Cancelled }

/// <summary>Where an order came from.</summary>
public enum OrderOrigin { Agent, Member, Api, Cart, Import }

/// <summary>Who moved something.</summary>
public enum ActorKind { Agent, Member, Customer, Courier, System, Api }
