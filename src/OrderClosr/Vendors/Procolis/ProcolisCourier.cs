using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Procolis;

/// <summary>Procolis, the old platform of ZR Express, as the room of parcels wants a courier (facts/couriers/zr-express.md part B). Our reference is its tracking.</summary>
internal sealed class ProcolisCourier(ProcolisClient client, Places places) : ICourier
{
    private readonly ProcolisLists _lists = new(client, places);

    public string Name => ProcolisClient.Vendor;

    public CourierProfile Profile { get; } = new("ZR Express (Procolis)", [new(ProcolisClient.TokenField), new(ProcolisClient.KeyField)], []);

    public CourierAbilities Abilities { get; } = new()
    {
        Lookup = Lookup.Direct, Repeat = Repeat.IsRefused, BookAtOnce = 20, TrackAtOnce = 50, ReadyStep = ReadyStep.Needed, CancelUntil = null, Editable = ParcelFields.None, HasLabels = false,
        Webhook = WebhookKind.None, Exchange = ExchangeWay.Flag, ListsDesks = false,
    };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop) => CourierHttp.PingAsync(async () =>
    {
        foreach (var field in (string[])[ProcolisClient.TokenField, ProcolisClient.KeyField])
            if (access.Credentials.GetValueOrDefault(field, "").Length == 0) return new("field_missing", $"The {field} is missing.", field);
        var reply = await client.GetAsync(access, "token", stop);
        return reply.Body.Text("Statut") is { } word && ProcolisClient.IsActive(word) ? CourierPing.Fine : new("address_wrong", "What answers at this address is not Procolis.");
    });

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, stop);

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "add_colis", new Dictionary<string, object> { ["Colis"] = parcels.Select(ProcolisWire.Create).ToList() }, isRead: false, stop);
        // Rows are matched by the tracking, which is ours; one that is missing may have been made.
        var rows = ProcolisWire.Rows(reply) ?? throw reply.Unclear();
        var words = parcels.Select(p => rows.FirstOrDefault(r => r.Text("Tracking") == p.Reference).Text("MessageRetour")).ToList();
        var doubles = parcels.Where((_, i) => IsWord(words[i], ProcolisWire.Double)).ToList();
        var there = doubles.Count == 0 ? null : await ThereAsync(access, doubles, stop);
        return [.. parcels.Select((p, i) => words[i] switch
        {
            null => BookingAnswer.Unclear,
            var word when IsWord(word, ProcolisWire.Good) => BookingAnswer.Registered(new() { Reference = p.Reference, Tracking = p.Reference }),
            // Ours of an earlier try, when Procolis shows it to us; else another merchant's, or not to be known now.
            var word when IsWord(word, ProcolisWire.Double) => there?.GetValueOrDefault(p.Reference) is { } mine ? BookingAnswer.Registered(mine) : BookingAnswer.Exists,
            var word => new(BookingEnd.Refused, No: ProcolisWire.No(word, p)),
        })];
    }

    public async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) =>
        await ReadAsync(access, references, _ => Delivery.Home, stop);

    public async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var known = parcels.GroupBy(p => p.Tracking ?? p.Reference, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var told = await ReadAsync(access, known.Keys, tracking => known[tracking].Delivery, stop);
        return [.. known.Where(k => told.ContainsKey(k.Key)).Select(k => told[k.Key] with { Reference = k.Value.Reference })];
    }

    /// <summary>There is no such call: the merchant writes to the courier.</summary>
    public Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop) => throw new NotSupportedException("Procolis has no such call.");

    /// <inheritdoc cref="UpdateAsync"/>
    public Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) => throw new NotSupportedException("Procolis has no such call.");

    public async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var tracking = parcel.Tracking ?? parcel.Reference;
        var reply = await client.PostAsync(access, "pret", Asked([tracking]), isRead: false, stop);
        var word = (ProcolisWire.Rows(reply) ?? throw reply.Unclear()).FirstOrDefault(r => r.Text("Tracking") == tracking).Text("MessageRetour") ?? throw reply.Unclear();
        return IsWord(word, ProcolisWire.Good) ? null : ProcolisWire.No(word) with { Kind = RefusalKind.Conflict };
    }

    /// <inheritdoc cref="UpdateAsync"/>
    public Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop) => throw new NotSupportedException("Procolis has no labels.");

    /// <summary>Our row of the country's list.</summary>
    public int CommuneOf(PlaceRow row) => row.Kind == CourierPlaceKind.Commune ? LooseJson.WholeIn(row.Ref) ?? 0 : 0;

    /// <summary>Null: not to be known now. The parcels were answered for, so nothing may be thrown any more.</summary>
    private async Task<IReadOnlyDictionary<string, CourierParcel>?> ThereAsync(CourierAccess access, List<ParcelToBook> doubles, CancellationToken stop)
    {
        try
        {
            var delivery = doubles.ToDictionary(p => p.Reference, p => p.Delivery, StringComparer.Ordinal);
            return await ReadAsync(access, [.. delivery.Keys], tracking => delivery[tracking], stop);
        }
        catch (VendorFailure)
        {
            return null;
        }
    }

    /// <summary>Parcels by tracking; of what it does not know Procolis says nothing, and of nothing <c>null</c>.</summary>
    private async Task<IReadOnlyDictionary<string, CourierParcel>> ReadAsync(CourierAccess access, IReadOnlyCollection<string> trackings, Func<string, Delivery> delivery, CancellationToken stop)
    {
        var found = new Dictionary<string, CourierParcel>(StringComparer.Ordinal);
        if (trackings.Count == 0) return found;
        var reply = await client.PostAsync(access, "lire", Asked(trackings), isRead: true, stop);
        if (ProcolisClient.IsNull(reply)) return found;
        foreach (var row in ProcolisWire.Rows(reply) ?? throw reply.Unclear())
            if (row.ValueKind == JsonValueKind.Object && row.Text("Tracking") is { } tracking && trackings.Contains(tracking, StringComparer.Ordinal) && ProcolisWire.Parcel(row, delivery(tracking)) is { } parcel)
                found[tracking] = parcel;
        return found;
    }

    private static Dictionary<string, object> Asked(IEnumerable<string> trackings) => new() { ["Colis"] = trackings.Select(t => new Dictionary<string, string> { ["Tracking"] = t }).ToList() };

    private static bool IsWord(string? said, string word) => Folding.Compact(said) == Folding.Compact(word);
}
