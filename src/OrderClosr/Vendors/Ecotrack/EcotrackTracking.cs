using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>How parcels stand: one call for up to a hundred statuses, and the dated story of those that seem to have moved (facts/couriers/ecotrack-anderson.md section 5).</summary>
internal sealed class EcotrackTracking(EcotrackClient client)
{
    internal const int AtOnce = 100;

    /// <summary>Stories in one call of the port; with the statuses nine calls.</summary>
    private const int MostStories = 8;

    /// <summary>How often one page of the list is asked for before the look is given up until later.</summary>
    private const int MostAsks = 4;

    internal async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var asked = parcels.Where(p => p.Tracking is { Length: > 0 }).ToList();
        if (asked.Count == 0) return [];
        var reply = await client.GetAsync(access, "get/orders/status", stop, ("api_token", EcotrackClient.Token(access)), ("trackings", string.Join(',', asked.Select(p => p.Tracking))), ("status", "all"));
        var data = reply.Body.At("data");
        if (!reply.IsSuccess || !data.IsThere) throw reply.Unclear();
        var known = asked.Select(p => (Parcel: p, Row: RowOf(data, p.Tracking!))).Where(k => k.Row.Text("status") is not null).ToList();
        var stories = known.Select(k => (k.Parcel, Urgency: Urgency(k.Parcel, k.Row))).Where(k => k.Urgency > 0).OrderByDescending(k => k.Urgency).ThenBy(k => k.Parcel.Since).Take(MostStories).Select(k => k.Parcel.Tracking!).ToHashSet();
        var told = new List<CourierParcel>();
        foreach (var (parcel, row) in known)
        {
            var story = stories.Contains(parcel.Tracking!) ? await StoryAsync(access, parcel, row, stop) : null;
            told.Add(new() { Tracking = parcel.Tracking, Reference = row.Text("order_id") ?? parcel.Reference, Events = Compose(parcel, row.Text("status")!, story) });
        }
        return told;
    }

    /// <summary>How much a story is wanted: 3 the status differs from ours, 2 the driver wrote something, 1 the status cannot tell (a failed attempt, a draft that may be released).</summary>
    private static int Urgency(BookedParcel parcel, JsonElement row)
    {
        var status = row.Text("status")!;
        var means = EcotrackStatuses.Order(null, status).Movement;
        if (EcotrackStatuses.IsDraft(status)) return parcel.State is ParcelState.ReadyToShip ? 0 : 1;
        if (Differs(parcel, means)) return 3;
        if (row.At("activity").Items.Any(a => At(a) is { } at && at >= parcel.Since.AddMinutes(-1))) return 2;
        return ParcelTransitions.Meaning(means, parcel.State) != parcel.State ? 1 : 0;
    }

    /// <summary>A failed attempt and a return asked for leave the status "with the driver".</summary>
    private static bool Differs(BookedParcel parcel, Movement means) =>
        ParcelTransitions.Meaning(means, parcel.State) != parcel.State && !(means == Movement.OutForDelivery && parcel.State is ParcelState.AttemptFailed or ParcelState.Returning);

    /// <summary>The story, and the status itself where the story does not say the same.</summary>
    private static List<CourierEvent> Compose(BookedParcel parcel, string status, List<CourierEvent>? story)
    {
        var events = new List<CourierEvent>(story ?? []);
        if (EcotrackStatuses.IsDraft(status)) return events;
        var now = EcotrackStatuses.Order(null, status);
        var newest = events.LastOrDefault(e => e.Movement is not (Movement.None or Movement.Unknown))?.Movement;
        var isSaid = newest is { } last
            ? ParcelTransitions.Meaning(last, parcel.State) == ParcelTransitions.Meaning(now.Movement, parcel.State) || (now.Movement == Movement.OutForDelivery && last is Movement.AttemptFailed or Movement.Returning)
            : !Differs(parcel, now.Movement);
        if (!isSaid || now.Movement == Movement.Unknown || now.Money is not null) events.Add(now);
        return events;
    }

    private async Task<List<CourierEvent>?> StoryAsync(CourierAccess access, BookedParcel parcel, JsonElement row, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, "get/tracking/info", stop, ("tracking", parcel.Tracking));
        if (!reply.IsSuccess) return null;
        var reasons = row.At("activity").Items.Select(a => (At: At(a), Why: Why(a))).Where(a => a is { At: not null, Why: not null }).ToLookup(a => Minute(a.At!.Value), a => a.Why!);
        return [.. reply.Body.At("activity").Items.Where(a => a.Text("status") is not null).Select(a => (Row: a, At: At(a))).Where(a => a.At is null || a.At >= parcel.Since.AddMinutes(-1)).OrderBy(a => a.At)
            .Select(a => EcotrackStatuses.Activity(a.At, a.Row.Text("status")!, a.At is { } at && IsRemark(a.Row) ? reasons[Minute(at)].FirstOrDefault() : null, a.Row.Text("station")))];
    }

    /// <summary>Only such lines have a reason of the driver.</summary>
    private static bool IsRemark(JsonElement line) => Folding.Fold(line.Text("status")) is EcotrackStatuses.Attempt or "notification_on_order" or "return_asked";

    private static string? Why(JsonElement remark) => remark.Text("reason") is { } reason && remark.Text("postponed_to") is { } day ? $"{reason} ({day})" : remark.Text("reason") ?? remark.Text("details");

    private static DateTimeOffset? At(JsonElement line) => LooseJson.Moment($"{line.Text("date")} {line.Text("time")}".Trim());

    private static long Minute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    /// <summary>By tracking; one source shows a list.</summary>
    private static JsonElement RowOf(JsonElement data, string tracking) =>
        data.ValueKind == JsonValueKind.Object ? data.At(tracking) : data.Items.FirstOrDefault(r => r.Text("tracking") == tracking);

    /// <summary>Parcels of ours in the list of orders. There is no filter by reference: pages are read until all are found.</summary>
    internal async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop)
    {
        var (wanted, found) = (references.ToHashSet(StringComparer.Ordinal), new Dictionary<string, CourierParcel>(StringComparer.Ordinal));
        var from = AlgiersTime.DateInAlgiers(since.AddDays(-1)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        for (int page = 1, last = 1; page <= last; page++)
        {
            (var rows, last) = await PageAsync(access, from, page, stop);
            foreach (var row in rows)
                if (row.Text("reference") is { } reference && wanted.Contains(reference) && row.Text("tracking") is { } tracking && !IsLive(found.GetValueOrDefault(reference))) found[reference] = Of(row, reference, tracking);
            if (wanted.All(r => IsLive(found.GetValueOrDefault(r)))) break;
        }
        return found;
    }

    /// <summary>One page of forty and how many there are. Asked for a few times: a busy week has dozens, and over a bad line one that is missing would throw away all that were read.</summary>
    private async Task<(IReadOnlyList<JsonElement> Rows, int Pages)> PageAsync(CourierAccess access, string from, int page, CancellationToken stop)
    {
        for (var asked = 1; ; asked++)
            try
            {
                var reply = await client.GetAsync(access, "get/orders", stop, ("start_date", from), ("page", page.ToString(CultureInfo.InvariantCulture)));
                // A page that cannot be read must not look like "not there": the parcel would be made a second time.
                return reply.IsSuccess && reply.Body.At("data").IsThere && reply.Body.Whole("last_page") is { } pages ? ([.. reply.Body.At("data").Items], pages) : throw reply.Unclear();
            }
            catch (VendorFailure failure) when (failure.Category == FailureCategory.Transient && asked < MostAsks)
            {
                // The same page again.
            }
    }

    /// <summary>One that was cancelled is told only when there is no other.</summary>
    private static bool IsLive(CourierParcel? parcel) => parcel is not null && parcel.Events.All(e => e.Movement != Movement.Cancelled);

    private static CourierParcel Of(JsonElement row, string reference, string tracking) => new()
    {
        Reference = reference, Tracking = tracking, CourierFee = row.Money("tarif_prestation"), ToCollect = row.Money("montant"),
        Events = row.Text("status") is { } status && !EcotrackStatuses.IsDraft(status) ? [EcotrackStatuses.Order(null, status)] : [],
    };
}
