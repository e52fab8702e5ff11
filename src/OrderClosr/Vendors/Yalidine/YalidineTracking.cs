using System.Globalization;
using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>How parcels stand and which of ours exist: both are filters of the same list (facts/couriers/yalidine.md section 5).</summary>
internal sealed class YalidineTracking(YalidineClient client)
{
    internal const int AtOnce = 100;

    /// <summary>With one page of parcels, nine calls at most.</summary>
    private const int MostPages = 8;

    internal async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var asked = parcels.Where(p => p.Tracking is { Length: > 0 }).DistinctBy(p => p.Tracking).ToList();
        if (asked.Count == 0) return [];
        var all = string.Join(',', asked.Select(p => p.Tracking));
        var rows = (await RowsAsync(access, "parcels/", "tracking", all, isWhole: true, stop)).Where(r => r.Text("tracking") is not null).ToLookup(r => r.Text("tracking")!, StringComparer.Ordinal);
        // An unknown tracking is no error: the list is empty.
        if (rows.Count == 0) return [];
        var lines = (await RowsAsync(access, "histories/", "tracking", all, isWhole: false, stop)).Where(r => r.Text("tracking") is not null).ToLookup(r => r.Text("tracking")!, StringComparer.Ordinal);
        return [.. asked.Where(p => rows.Contains(p.Tracking!)).Select(p => Of(rows[p.Tracking!].First(), lines[p.Tracking!]) with { Reference = p.Reference })];
    }

    /// <summary>Parcels by our references. One that was cancelled is told only when there is no other.</summary>
    internal async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, CancellationToken stop)
    {
        var found = new Dictionary<string, CourierParcel>(StringComparer.Ordinal);
        foreach (var some in references.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
            foreach (var row in await RowsAsync(access, "parcels/", "order_id", string.Join(',', some), isWhole: true, stop))
                if (row.Text("order_id") is { } reference && some.Contains(reference, StringComparer.Ordinal) && row.Text("tracking") is not null && !IsLive(found.GetValueOrDefault(reference))) found[reference] = Of(row, []);
        return found;
    }

    private static bool IsLive(CourierParcel? parcel) => parcel is not null && parcel.Events.All(e => e.Movement != Movement.Cancelled);

    /// <summary>The story oldest first; the status itself where the story does not end with it; and what is said of the money.</summary>
    private static CourierParcel Of(JsonElement row, IEnumerable<JsonElement> lines)
    {
        var toDesk = row.Flag("is_stopdesk") == true;
        // Lines come newest first; those of one second keep that order when it is turned.
        var events = lines.Where(l => l.Text("status") is not null).Reverse().Select(l => YalidineStatuses.Event(LooseJson.Moment(l.Text("date_status")), l.Text("status")!, l.Text("reason"), l.Text("center_name") ?? l.Text("commune_name"), toDesk)).OrderBy(e => e.At).ToList();
        if (row.Text("last_status") is { } status && (events.Count == 0 || !YalidineStatuses.AreSame(events[^1].Raw, status)))
            events.Add(YalidineStatuses.Event(LooseJson.Moment(row.Text("date_last_status")), status, null, row.Text("current_center_name"), toDesk));
        if (YalidineStatuses.Money(null, row.Text("payment_status"), row.Text("payment_id")) is { } money) events.Add(money);
        return new()
        {
            Reference = row.Text("order_id"), Tracking = row.Text("tracking"), Events = events, ToCollect = row.Money("price"), CourierFee = row.Money("delivery_fee"), LabelAddress = row.Text("label"),
        };
    }

    /// <summary>All rows of a filter.</summary>
    /// <param name="isWhole">A page that is missing must not look like "not there": the parcel would be made a second time.</param>
    private async Task<List<JsonElement>> RowsAsync(CourierAccess access, string path, string filter, string values, bool isWhole, CancellationToken stop)
    {
        var rows = new List<JsonElement>();
        for (var page = 1; page <= MostPages; page++)
        {
            var reply = await client.GetAsync(access, path, stop, (filter, values), ("page", page.ToString(CultureInfo.InvariantCulture)), ("page_size", "1000"));
            if (!reply.IsSuccess || !YalidineWire.IsList(reply.Body) || reply.Body.Flag("has_more") is not { } hasMore) throw reply.Unclear();
            rows.AddRange(reply.Body.At("data").Items);
            if (!hasMore) return rows;
            if (page == MostPages && isWhole) throw reply.Unclear();
        }
        return rows;
    }
}
