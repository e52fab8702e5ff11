global using CourierAccountId = OrderClosr.Ground.Values.Id<OrderClosr.Parcels.CourierAccount>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>A merchant's account at one courier: what it takes to book there, and how it stands.</summary>
public sealed class CourierAccount : IOfWorkspace, IVersioned, IHasId<CourierAccount>
{
    public required CourierAccountId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Which courier: the <see cref="ICourier.Name"/> of its adapter.</summary>
    public required string Courier { get; init; }

    /// <summary>What the merchant calls it; the courier's own name unless changed.</summary>
    public required string Name { get; set; }

    /// <summary>Another address of the same kind of courier (one platform serves many brands); null: the operator's setting.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>What the merchant typed in, as JSON (field → text), sealed under <c>courier_account.credentials</c>.</summary>
    public required Sealed Credentials { get; set; }

    /// <summary>The wilaya parcels leave from, by code of the 69 model; 0 while not said.</summary>
    public int OriginWilaya { get; set; }

    /// <summary>The unguessable last part of the address the courier sends its events to.</summary>
    public required string ChannelKey { get; init; }

    /// <summary>What the courier signs its events with, sealed under <c>courier_account.webhook_secret</c>; null where there is none.</summary>
    public Sealed? WebhookSecret { get; set; }

    /// <summary>The courier's id of our registration for events, where we made it by its API.</summary>
    public string? WebhookId { get; set; }

    /// <summary>Answers to what the courier's documents leave open: variant → choice, as JSON; only those that differ from the adapter's default.</summary>
    public Dictionary<string, string> Variants { get; set; } = [];

    public CourierState State { get; internal set; } = CourierState.Connected;

    /// <summary>What is wrong, as a code of the pages' words (<c>token_refused</c>); null when nothing is.</summary>
    public string? Trouble { get; internal set; }

    /// <summary>The last failure as a sentence, without personal data.</summary>
    public string? TroubleWords { get; internal set; }

    public DateTimeOffset? TroubleAt { get; internal set; }

    /// <summary>When the courier last told us of a parcel, by webhook or when asked.</summary>
    public DateTimeOffset? LastEventAt { get; internal set; }

    /// <summary>When the last call to it succeeded.</summary>
    public DateTimeOffset? LastAnswerAt { get; internal set; }

    /// <summary>The courier a parcel goes to when no rule says otherwise; one per workspace. Its fees become the customers' fees.</summary>
    public bool IsDefault { get; set; }

    /// <summary>When its wilayas, communes, desks and fees were last read whole; null: never.</summary>
    public DateTimeOffset? SyncedAt { get; internal set; }

    /// <summary>Counts the readings of its lists; rows of an older one are no longer served.</summary>
    public int SyncRun { get; internal set; }

    /// <summary>What the last whole reading changed: rows new and gone, communes nobody could match to ours, the shop's fees that followed.</summary>
    public int ListsAdded { get; internal set; }

    /// <inheritdoc cref="ListsAdded"/>
    public int ListsGone { get; internal set; }

    /// <inheritdoc cref="ListsAdded"/>
    public int ListsUnmatched { get; internal set; }

    /// <inheritdoc cref="ListsAdded"/>
    public int FeesChanged { get; internal set; }

    /// <summary>Orders made before this instant are looked up at the courier before they are booked, whatever our rows say: set after a restored backup.</summary>
    public DateTimeOffset? LookFirstBefore { get; set; }

    /// <summary>Since when no new parcel goes there unless a person names it; null: not paused. What is under way is followed as before.</summary>
    public DateTimeOffset? PausedAt { get; internal set; }

    /// <summary>What it bills for each kilogram above <see cref="IncludedKilos"/>, by the merchant's word, where its list does not say.</summary>
    public Dinars? ExtraKilo { get; set; }

    /// <summary>Kilograms included, by the merchant's word.</summary>
    public int? IncludedKilos { get; set; }

    public required DateTimeOffset ConnectedAt { get; set; }
    public int Version { get; private set; }

    /// <summary>The queue of everything that is asked of this account.</summary>
    public string Lane => LaneOf(Id);

    /// <inheritdoc cref="Lane"/>
    public static string LaneOf(CourierAccountId id) => $"courier/{id}";
}

/// <summary>Whether parcels can be booked.</summary>
public enum CourierState
{
    Connected,

    /// <summary>The courier refuses our credentials: jobs wait until it is connected again.</summary>
    Broken,

    /// <summary>The merchant disconnected it.</summary>
    Disconnected,
}
