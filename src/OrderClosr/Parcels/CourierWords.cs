using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Whether credentials work.</summary>
/// <param name="Trouble">Null when all is well; else a code of the pages' words: <c>token_refused, account_suspended, courier_down, address_wrong, field_missing</c>.</param>
/// <param name="Words">What is wrong and what to do, one English sentence without secrets.</param>
/// <param name="Field">The field of connecting that is wrong, where that is known.</param>
public sealed record CourierPing(string? Trouble = null, string? Words = null, string? Field = null)
{
    public static readonly CourierPing Fine = new();
    public bool Ok => Trouble is null;
}

/// <summary>One part of a courier's lists.</summary>
/// <param name="Next">Where to go on; null: this was the last part.</param>
public sealed record ListPart(IReadOnlyList<PlaceRow> Places, IReadOnlyList<FeeLine> Fees, string? Next);

/// <summary>A wilaya, commune or desk as the courier lists it; see <see cref="CourierPlace"/>.</summary>
public sealed record PlaceRow(CourierPlaceKind Kind, string Ref, string WilayaRef, string Name)
{
    /// <summary>The courier's commune a desk lies in.</summary>
    public string CommuneRef { get; init; } = "";
    public string NameAr { get; init; } = "";
    public string Address { get; init; } = "";
    public string PostalCode { get; init; } = "";

    /// <summary>The wilaya's number as the courier counts; 0: not told.</summary>
    public int WilayaCode { get; init; }
    public bool ServesHome { get; init; }
    public bool ServesDesk { get; init; }
    public int? DaysFrom { get; init; }
    public int? DaysTo { get; init; }
}

/// <summary>What the courier bills; see <see cref="CourierFee"/>.</summary>
public sealed record FeeLine(string WilayaRef, string CommuneRef, Dinars? Home, Dinars? Desk, Dinars? Return = null, Dinars? PerExtraKilo = null, int? OverweightFrom = null);

/// <summary>A parcel as it is to be made. The destination is the courier's own rows, resolved before anything is posted.</summary>
public sealed record ParcelToBook
{
    /// <summary>5 to 20 characters: upper-case letters, digits, hyphens.</summary>
    public required string Reference { get; init; }
    public required string Name { get; init; }
    public required Phone Phone { get; init; }
    public Phone? SecondPhone { get; init; }

    /// <summary>Street, quarter, landmark in the customer's words; never empty (the commune's name when nothing was said).</summary>
    public required string Address { get; init; }
    public required Delivery Delivery { get; init; }

    /// <summary>The courier's wilaya row.</summary>
    public required PlaceRow Wilaya { get; init; }

    /// <summary>The courier's commune row.</summary>
    public required PlaceRow Commune { get; init; }

    /// <summary>The courier's desk row, for delivery to a desk of a courier that lists desks.</summary>
    public PlaceRow? Desk { get; init; }

    /// <summary>All lines in one text, without emoji: <c>Robe d'été, M / Noir x1</c>.</summary>
    public required string Goods { get; init; }
    public required IReadOnlyList<ParcelLine> Lines { get; init; }

    /// <summary>What the driver takes from the customer: goods − discount + delivery.</summary>
    public required Dinars ToCollect { get; init; }

    /// <summary>The part of it that is goods: the declared value.</summary>
    public required Dinars GoodsValue { get; init; }

    /// <summary>The part of it that is delivery; nothing when the shop pays it.</summary>
    public required Dinars DeliveryFee { get; init; }

    /// <summary>Grams; 0: not said.</summary>
    public int Weight { get; init; }
    public bool IsExchange { get; init; }
    public string ToTakeBack { get; init; } = "";
    public bool MayOpen { get; init; }
    public bool IsFragile { get; init; }
    public string Note { get; init; } = "";

    /// <summary>Release it in the same call, where the courier can.</summary>
    public bool IsReady { get; init; }
}

/// <summary>One line of goods.</summary>
public sealed record ParcelLine(string Name, string Sku, int Quantity, Dinars UnitPrice);

/// <summary>How one parcel's booking ended.</summary>
/// <param name="Parcel">Registered: the parcel.</param>
/// <param name="No">Refused for good: why, in our words (codes in <see cref="BookingCodes"/>), with the courier's own sentence in <see cref="Refusal.Words"/>.</param>
public sealed record BookingAnswer(BookingEnd End, CourierParcel? Parcel = null, Refusal? No = null)
{
    public static BookingAnswer Registered(CourierParcel parcel) => new(BookingEnd.Registered, parcel);
    public static BookingAnswer Refused(string code, string words, string? field = null, params IReadOnlyList<string> suggestions) =>
        new(BookingEnd.Refused, No: new(code, words, field, suggestions));

    /// <summary>The courier says it has this parcel already.</summary>
    public static readonly BookingAnswer Exists = new(BookingEnd.Exists);

    /// <summary>It may have been made: look before asking again.</summary>
    public static readonly BookingAnswer Unclear = new(BookingEnd.Unclear);
}

/// <summary>How one parcel's booking ended.</summary>
public enum BookingEnd { Registered, Refused, Exists, Unclear }

/// <summary>Why couriers refuse, as codes of the pages' words. A code outside this list is shown as <see cref="Refused"/> with its sentence.</summary>
public static class BookingCodes
{
    public const string Refused = "courier_refused", Phone = "phone_refused", Name = "name_refused", Address = "address_refused", Commune = "commune_refused", Wilaya = "wilaya_not_served",
        Desk = "desk_refused", Amount = "amount_refused", Goods = "goods_refused", Weight = "weight_refused", Suspended = "account_suspended", NotEditable = "not_editable", NotCancellable = "not_cancellable";
}

/// <summary>A parcel that exists at the courier, for calls about it.</summary>
/// <param name="Since">When it was booked, or last heard of: events before are known.</param>
public sealed record BookedParcel(string Reference, string? Tracking, string? TheirId, DateTimeOffset Since)
{
    /// <summary>Where it goes and what we think of it, for adapters whose labels mean different things at different times.</summary>
    public Delivery Delivery { get; init; }

    /// <inheritdoc cref="Delivery"/>
    public ParcelState State { get; init; }

    /// <summary>The courier's address of the label, where it gave one; only for <see cref="ICourier.LabelAsync"/>.</summary>
    public string? LabelAddress { get; init; }
}

/// <summary>A parcel as the courier tells it.</summary>
public sealed record CourierParcel
{
    /// <summary>Our reference, where the courier tells it; else the one it was asked with.</summary>
    public string? Reference { get; init; }

    /// <summary>Null while the courier has given only its own id: it is asked for later.</summary>
    public string? Tracking { get; init; }
    public string? TheirId { get; init; }

    /// <summary>The last events it tells of, oldest first; may be empty right after booking.</summary>
    public IReadOnlyList<CourierEvent> Events { get; init; } = [];

    /// <summary>What it bills for carrying.</summary>
    public Dinars? CourierFee { get; init; }

    /// <summary>What it will collect, or did: compared with what we asked for.</summary>
    public Dinars? ToCollect { get; init; }

    /// <summary>Its address of the label, where it has one; a secret.</summary>
    public string? LabelAddress { get; init; }
}

/// <summary>One thing a courier says about a parcel.</summary>
/// <param name="At">By its clock (UTC here); null: it did not say, our clock counts.</param>
/// <param name="Movement">What it means; <see cref="Parcels.Movement.Unknown"/> for a label nobody mapped.</param>
/// <param name="Raw">The label as it came.</param>
/// <param name="Reason">The reason as it came.</param>
/// <param name="Where">The hub or desk as it came.</param>
public sealed record CourierEvent(DateTimeOffset? At, Movement Movement, string Raw, string? Reason = null, string? Where = null)
{
    /// <summary>What it says about the parcel's money, when that is what it is about.</summary>
    public CourierMoney? Money { get; init; }
}

/// <summary>A step of a parcel's money at the courier.</summary>
/// <param name="Slip">The courier's number of the payment.</param>
public sealed record CourierMoney(CashState Step, string? Slip = null);

/// <summary>A change of a parcel; a null field stays.</summary>
public sealed record ParcelChange
{
    public string? Name { get; init; }
    public Phone? Phone { get; init; }
    public Phone? SecondPhone { get; init; }
    public string? Address { get; init; }

    /// <summary>All of the destination at once; null: stays.</summary>
    public ChangedDestination? Destination { get; init; }
    public Dinars? ToCollect { get; init; }
    public string? Goods { get; init; }
    public string? Note { get; init; }

    /// <summary>The parcel as it will be, for couriers that want every field again.</summary>
    public required ParcelToBook Whole { get; init; }

    /// <summary>What it touches.</summary>
    public ParcelFields Fields => (Name is null ? 0 : ParcelFields.Name) | (Phone is null && SecondPhone is null ? 0 : ParcelFields.Phone) | (Address is null ? 0 : ParcelFields.Address)
        | (Destination is null ? 0 : ParcelFields.Destination) | (ToCollect is null ? 0 : ParcelFields.Amount) | (Goods is null ? 0 : ParcelFields.Goods) | (Note is null ? 0 : ParcelFields.Note);
}

/// <summary>Where a changed parcel goes.</summary>
public sealed record ChangedDestination(Delivery Delivery, PlaceRow Wilaya, PlaceRow Commune, PlaceRow? Desk);

/// <summary>A registration for events.</summary>
/// <param name="Secret">What the courier signs with; null: it signs nothing.</param>
public sealed record WebhookRegistration(string Id, string? Secret);

/// <summary>A call at our webhook address.</summary>
/// <param name="Header">A header's value by name without case; null when there is none.</param>
/// <param name="Query">A query value by name; null when there is none.</param>
/// <param name="Now">Our clock, for signatures with a time.</param>
public sealed record WebhookRequest(ReadOnlyMemory<byte> Body, Func<string, string?> Header, Func<string, string?> Query, DateTimeOffset Now);

/// <summary>What is answered to a courier's question.</summary>
public sealed record WebhookAnswer(string Body, string ContentType = "text/plain");

/// <summary>One thing a delivery says about one parcel.</summary>
/// <param name="Reference">Ours, where the courier tells it.</param>
/// <param name="Event">What happened; null: only that something did (or an unsigned courier said so): the parcel is asked for at the courier.</param>
public sealed record WebhookNews(string? Tracking, string? TheirId, string? Reference, CourierEvent? Event);
