using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>One courier company, in the product's words. Each vendor's folder implements it; nobody else knows the courier's own words.</summary>
/// <remarks>
/// An adapter is a singleton without state: all it needs comes in <see cref="CourierAccess"/>. It calls only through
/// <c>OutboundGate.ClientOf(its vendor)</c>, after <see cref="CourierAccess.StartCallAsync"/> for each single call, and retries nothing.
/// A final no to one parcel is an answer (<see cref="BookingAnswer"/>, <see cref="Refusal"/>); everything that may be tried again, or whose
/// outcome is unclear, is a thrown <see cref="VendorFailure"/>.
/// </remarks>
public interface ICourier
{
    /// <summary>The word for it in addresses, settings and rows: <c>zr-express</c>. Lower case, never changed.</summary>
    string Name { get; }

    /// <summary>What a merchant sees when choosing and connecting it.</summary>
    CourierProfile Profile { get; }

    /// <summary>What it can do and what it allows.</summary>
    CourierAbilities Abilities { get; }

    /// <summary>Asks whether the credentials work. Never throws for a no: it says what is wrong and what to do.</summary>
    Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop);

    /// <summary>Reads one part of its lists, at most ten calls; <see cref="ListPart.Next"/> says where to go on.</summary>
    /// <param name="from">Null for the beginning, else what the part before gave as next; the adapter's own word.</param>
    Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop);

    /// <summary>Makes parcels, at most <see cref="CourierAbilities.BookAtOnce"/>; one answer for each, in their order.</summary>
    /// <remarks>Registered needs all three: 2xx, the courier's own success flag, and a tracking or an id of its own. A 5xx, HTML, a cut answer
    /// or one that lacks a parcel means it may have happened: <see cref="BookingAnswer.Unclear"/> or a failure with the category outcome unknown.</remarks>
    Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop);

    /// <summary>Finds parcels by our references: those that exist, by reference. Only where <see cref="CourierAbilities.Lookup"/> is not none.</summary>
    /// <param name="since">No parcel of ours is older: where a list must be scanned, no further back than this (less one day for clocks).</param>
    Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop);

    /// <summary>Asks how parcels stand, at most <see cref="CourierAbilities.TrackAtOnce"/>: those it knows, each with its events, oldest first.</summary>
    Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop);

    /// <summary>Changes a parcel; null when done, else why not. Only fields of <see cref="CourierAbilities.Editable"/> are ever set.</summary>
    Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop);

    /// <summary>Cancels a parcel; null when it is gone (also when it was gone already), else why not.</summary>
    Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop);

    /// <summary>Releases a parcel for pick-up; null when done or done before. Only where <see cref="CourierAbilities.ReadyStep"/> is not none.</summary>
    Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop);

    /// <summary>Asks for a new attempt of a parcel that could not be delivered; null when asked, or asked before, else why not. Only where <see cref="CourierAbilities.AsksNewAttempt"/>.</summary>
    /// <param name="day">The day the customer named; null: whenever it can.</param>
    Task<Refusal?> AskAttemptAsync(CourierAccess access, BookedParcel parcel, DateOnly? day, CancellationToken stop) => throw new NotSupportedException("This courier has no such call.");

    /// <summary>The label as a PDF. Throws when there is none or it is empty. Only where <see cref="CourierAbilities.HasLabels"/>.</summary>
    Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop);

    /// <summary>Asks the courier by its API to send events to our address. Only where <see cref="CourierAbilities.Webhook"/> is by API.</summary>
    Task<WebhookRegistration> RegisterWebhookAsync(CourierAccess access, Uri ours, CancellationToken stop) => throw new NotSupportedException("This courier has no such call.");

    /// <summary>Answers the courier's question at the webhook address (GET); null: not a question we know. Calls nobody.</summary>
    WebhookAnswer? AnswerHandshake(CourierAccess access, WebhookRequest request) => null;

    /// <summary>Whether a delivery really comes from the courier: the signature over the raw bytes, in constant time. Calls nobody.</summary>
    bool IsSigned(CourierAccess access, WebhookRequest request) => false;

    /// <summary>What a delivery says. Pure; throws <see cref="FormatException"/> or a JSON exception when it cannot be read at all.</summary>
    IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body) => throw new FormatException("This courier sends no events.");

    /// <summary>The one row of its lists a commune of ours is, where the adapter knows better than spelling does (a table of differences). Pure.</summary>
    /// <returns>ONS code of our commune; 0: decide by name.</returns>
    int CommuneOf(PlaceRow row) => 0;
}
