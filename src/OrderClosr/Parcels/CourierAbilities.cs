using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>What a merchant sees of a courier.</summary>
/// <param name="Title">As the courier writes itself.</param>
/// <param name="Fields">What is typed in to connect, in this order.</param>
/// <param name="Variants">What its documents leave open: shown as settings with the default chosen.</param>
/// <param name="Brands">Other companies on the same platform: name and base address.</param>
public sealed record CourierProfile(string Title, IReadOnlyList<CourierField> Fields, IReadOnlyList<CourierVariant> Variants, IReadOnlyDictionary<string, string>? Brands = null)
{
    /// <summary>True when little of its documents was ever checked: shown with a warning.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>A parcel needs the wilaya it leaves from.</summary>
    public bool NeedsOrigin { get; init; }

    /// <summary>Days in which it usually hands over what it collected, where its documents say; the merchant may agree on others.</summary>
    public int? PaysWithinDays { get; init; }

    /// <summary>What it keeps of the amount for carrying money, in hundredths of a percent, where its documents say and its fee does not hold it yet.</summary>
    public int? CodBasisPoints { get; init; }
}

/// <summary>One field of connecting.</summary>
/// <param name="Name">snake_case; the key in <see cref="CourierAccess.Credentials"/>.</param>
/// <param name="IsSecret">Never shown again.</param>
public sealed record CourierField(string Name, bool IsSecret = true, bool IsOptional = false);

/// <summary>One open question with its answers; the first is the default.</summary>
/// <param name="Name">snake_case, e.g. <c>handshake</c>.</param>
public sealed record CourierVariant(string Name, params IReadOnlyList<string> Choices);

/// <summary>What a courier can do and what it allows.</summary>
public sealed record CourierAbilities
{
    /// <summary>How a parcel is found by our reference.</summary>
    public required Lookup Lookup { get; init; }

    /// <summary>What happens when the same parcel is posted twice.</summary>
    public required Repeat Repeat { get; init; }

    /// <summary>Most parcels in one booking call.</summary>
    public int BookAtOnce { get; init; } = 1;

    /// <summary>Most parcels in one tracking call of the port; an adapter may need several HTTP calls for them, at most ten.</summary>
    public int TrackAtOnce { get; init; } = 10;

    /// <summary>Whether a booked parcel must be released.</summary>
    public ReadyStep ReadyStep { get; init; }

    /// <summary>The last state in which it can still be cancelled; null: never by API.</summary>
    public ParcelState? CancelUntil { get; init; } = ParcelState.Registered;

    /// <summary>What can be changed.</summary>
    public ParcelFields Editable { get; init; }

    /// <summary>The last state in which those fields can be changed.</summary>
    public ParcelState EditUntil { get; init; } = ParcelState.Registered;

    /// <summary>What can still be changed later, until it is finished.</summary>
    public ParcelFields EditableLater { get; init; }

    /// <summary>What of <see cref="EditableLater"/> can be changed even while the driver is out with it.</summary>
    public ParcelFields EditableWithDriver { get; init; }

    /// <summary>It can be asked for a new attempt after one that failed (<see cref="ICourier.AskAttemptAsync"/>).</summary>
    public bool AsksNewAttempt { get; init; }

    /// <summary>What can be changed of a parcel that stands so.</summary>
    public ParcelFields EditableAt(ParcelState state) => state == ParcelState.Returning ? ParcelFields.None : state <= EditUntil ? Editable
        : EditableLater & (state == ParcelState.OutForDelivery ? EditableWithDriver : ParcelFields.All);

    /// <summary>How it is told that it has to bring something back.</summary>
    public ExchangeWay Exchange { get; init; }

    public bool HasLabels { get; init; } = true;

    /// <summary>How its events reach us besides polling.</summary>
    public WebhookKind Webhook { get; init; }

    /// <summary>It has desks in its lists; else a commune that serves desks is its own desk.</summary>
    public bool ListsDesks { get; init; } = true;

    /// <summary>Most calls per second, minute, hour, day of one account; empty where nothing is published.</summary>
    public IReadOnlyList<LaneLimit> Limits { get; init; } = [];

    /// <summary>The most it collects; null: no limit known.</summary>
    public Dinars? MostToCollect { get; init; }

    /// <summary>The least it collects: 1 where an amount of 0 is refused.</summary>
    public Dinars LeastToCollect { get; init; } = Dinars.Zero;
}

/// <summary>How a parcel is found by our reference.</summary>
public enum Lookup
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Asked for directly, for little.</summary>
    Direct,

    /// <summary>By reading the recent list: dear, done only when there was an earlier attempt.</summary>
    Scan,
}

/// <summary>What happens when the same parcel is posted again.</summary>
public enum Repeat
{
    /// <summary>A second parcel: never post again without a look.</summary>
    MakesAnother,

    /// <summary>The courier refuses the second; the answer says so.</summary>
    IsRefused,
}

/// <summary>Whether a booked parcel must be released before the courier sees it.</summary>
public enum ReadyStep
{
    /// <summary>There is no such call: booked is released, or the merchant releases it on the courier's screen.</summary>
    None,

    /// <summary>May be asked for.</summary>
    Optional,

    /// <summary>Without it the courier does not see the parcel.</summary>
    Needed,
}

/// <summary>How a courier is told that a parcel is an exchange.</summary>
public enum ExchangeWay
{
    /// <summary>In words for the driver alone: a person should say it at the courier, too.</summary>
    Note,

    /// <summary>By a field of its API, with the goods to bring back.</summary>
    Flag,
}

/// <summary>How a courier's events reach us.</summary>
public enum WebhookKind
{
    /// <summary>Only by asking.</summary>
    None,

    /// <summary>The merchant types our address into the courier's screen.</summary>
    ByHand,

    /// <summary>We register by its API.</summary>
    ByApi,
}

/// <summary>Fields of a parcel that a change may touch.</summary>
[Flags]
public enum ParcelFields { None = 0, Name = 1, Phone = 2, Address = 4, Destination = 8, Amount = 16, Goods = 32, Note = 64, All = 127 }

/// <summary>Paper of a label.</summary>
public enum LabelFormat { A6, A4 }
