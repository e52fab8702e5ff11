global using ParcelId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.Parcel>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What a courier carries for an order. An order has none, one, or after a cancelled or lost one the next.</summary>
/// <remarks>Its state changes only through <see cref="ParcelTransitions"/>. The row is also the outbox: it stands, with our reference, before the courier is asked.</remarks>
public sealed class Parcel : IOfWorkspace, IVersioned, IHasId<Parcel>
{
    public required ParcelId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required OrderId OrderId { get; init; }
    public required CourierAccountId AccountId { get; set; }

    /// <summary>The adapter's name, kept for lists.</summary>
    public required string Courier { get; set; }

    /// <summary>Our name for it at the courier, made from the order alone (<see cref="ParcelReference"/>), so that a lost row finds its parcel again. Unique per account.</summary>
    public required string Reference { get; set; }

    /// <summary>1 for the order's first parcel.</summary>
    public required int Sequence { get; init; }

    public ParcelState State { get; internal set; } = ParcelState.Draft;

    /// <summary>When it came into its state, by the courier's clock where the courier moved it.</summary>
    public DateTimeOffset StateAt { get; internal set; }

    /// <summary>The courier's clock at its last word that counted; older words are late.</summary>
    public DateTimeOffset? CourierAt { get; internal set; }

    /// <summary>The courier's number, as printed on the label.</summary>
    public string? Tracking { get; internal set; }

    /// <summary>The courier's own id, where it has one besides the tracking.</summary>
    public string? TheirId { get; internal set; }

    /// <summary>The courier's last word as it said it, beside our state.</summary>
    public string? Raw { get; internal set; }

    /// <summary>The courier's reason as it said it.</summary>
    public string? RawReason { get; internal set; }

    /// <summary>True while the courier may have it although it never answered: look for our reference before asking again.</summary>
    public bool MayExist { get; internal set; }

    /// <summary>When it was last posted.</summary>
    public DateTimeOffset? PostedAt { get; internal set; }

    /// <summary>When the courier's whole list was last read through without it.</summary>
    public DateTimeOffset? NotListedAt { get; internal set; }

    /// <summary>Why it waits for a person, as a code of the pages' words (<c>destination_unclear</c>, <c>phone_refused</c>, <c>tracking_missing</c>); null when it does not.</summary>
    public string? Trouble { get; internal set; }

    /// <summary>The courier's or our own sentence about it, without personal data.</summary>
    public string? TroubleWords { get; internal set; }

    /// <summary>What may be meant instead: the courier's own names of communes or desks.</summary>
    public List<string> Suggestions { get; init; } = [];

    /// <summary>Goods, discount and delivery as the order had them when it was booked: what the driver collects.</summary>
    public Dinars ToCollect { get; internal set; }

    /// <summary>What the customer pays for delivery inside <see cref="ToCollect"/>.</summary>
    public Dinars DeliveryFee { get; internal set; }

    /// <summary>What the courier bills for carrying it, from its list or its own word; null while unknown.</summary>
    public Dinars? CourierFee { get; internal set; }

    /// <summary>What the driver collected, once known.</summary>
    public Dinars? Collected { get; internal set; }

    /// <summary>Track 3; moved by the room of cash.</summary>
    public CashState CashState { get; internal set; }

    public Delivery Delivery { get; internal set; }

    /// <summary>Ours: code of the 69 model and ONS code, as on the order when it was booked.</summary>
    public int WilayaCode { get; internal set; }

    /// <inheritdoc cref="WilayaCode"/>
    public int CommuneCode { get; internal set; }

    /// <summary>The courier's own rows it goes to; null while not resolved.</summary>
    public Id<CourierPlace>? WilayaPlaceId { get; internal set; }

    /// <inheritdoc cref="WilayaPlaceId"/>
    public Id<CourierPlace>? CommunePlaceId { get; internal set; }

    /// <inheritdoc cref="WilayaPlaceId"/>
    public Id<CourierPlace>? DeskPlaceId { get; internal set; }

    /// <summary>A fingerprint of the order's content it was booked with: another one means that the courier has to be told.</summary>
    public string OrderMark { get; internal set; } = "";

    /// <summary>Grams; 0: not said.</summary>
    public int Weight { get; set; }

    /// <summary>The courier brings something back.</summary>
    public bool IsExchange { get; set; }

    /// <summary>What it brings back.</summary>
    public string ToTakeBack { get; set; } = "";

    /// <summary>The customer may open it before paying.</summary>
    public bool MayOpen { get; set; }

    public bool IsFragile { get; set; }

    /// <summary>For the driver.</summary>
    public string Note { get; set; } = "";

    /// <summary>The label as a file of the workspace's media folder; null until fetched. A secret of the merchant.</summary>
    public string? LabelFile { get; internal set; }

    /// <summary>When somebody looked into it after it came back (<see cref="TakeBack"/>); null: not yet.</summary>
    public DateTimeOffset? TakenBackAt { get; internal set; }

    /// <summary>Pieces that came back and cannot be sold again.</summary>
    public int DamagedPieces { get; internal set; }

    /// <summary>When its label was last put on paper.</summary>
    public DateTimeOffset? PrintedAt { get; internal set; }

    /// <summary>The courier's address of the label, sealed under <c>parcel.label_address</c>: it opens without a login.</summary>
    public Sealed? LabelAddress { get; internal set; }

    /// <summary>The unguessable part of the customer's tracking page.</summary>
    public required string PublicKey { get; init; }

    /// <summary>When the courier was last asked, or told us by itself.</summary>
    public DateTimeOffset? HeardAt { get; internal set; }

    /// <summary>A person wants it cancelled; it is, as soon as the courier says so.</summary>
    public DateTimeOffset? CancelAskedAt { get; internal set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; private set; }

    /// <summary>False once nothing more can happen to it but a return after delivery.</summary>
    public bool IsOpen => !ParcelTransitions.IsFinished(State);
}

/// <summary>One line of a parcel's story: a move, or what the courier said without one. Never changed afterwards.</summary>
public sealed class ParcelEvent : IOfWorkspace, IHasId<ParcelEvent>
{
    public required Id<ParcelEvent> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ParcelId ParcelId { get; init; }

    /// <summary>The same word heard twice is one event; unique per parcel.</summary>
    public required string Key { get; init; }

    /// <summary>When it happened, by the courier's clock where it told one.</summary>
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset HeardAt { get; init; }
    public required ActorKind Actor { get; init; }

    /// <summary>The member, when one did it.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Where the parcel stood before; equal to <see cref="State"/> when it did not move.</summary>
    public required ParcelState From { get; init; }

    /// <summary>Where the parcel stands after this event.</summary>
    public required ParcelState State { get; init; }

    /// <summary>What we took the courier's word for.</summary>
    public required Movement Movement { get; init; }

    public required EventEffect Effect { get; init; }

    /// <summary>The courier's label as it said it; empty for moves of ours.</summary>
    public string Raw { get; init; } = "";

    /// <summary>The courier's reason, a code of ours, or a member's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it was: the courier's name of the hub or desk.</summary>
    public string? Where { get; init; }
}

/// <summary>What an event did to its parcel.</summary>
public enum EventEffect
{
    /// <summary>It moved the parcel.</summary>
    Moved,

    /// <summary>It said again what was known, or something that is no movement.</summary>
    Noted,

    /// <summary>It is older than what is known.</summary>
    Late,

    /// <summary>The table has no such move (a finished parcel, a return without a reason): a person should look.</summary>
    NotAllowed,

    /// <summary>A label we do not know: shown as it is.</summary>
    Unknown,
}
