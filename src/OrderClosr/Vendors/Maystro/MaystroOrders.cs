using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Reads orders and their histories (facts/couriers/maystro.md section 4).</summary>
internal sealed class MaystroOrders(MaystroClient client)
{
    /// <summary>Two calls each at most, should the id still have to be found.</summary>
    internal const int AtOnce = 4;

    private const int MostPages = 9;

    internal async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop)
    {
        var found = new Dictionary<string, CourierParcel>(StringComparer.Ordinal);
        foreach (var reference in references)
        {
            var rows = await SearchAsync(access, "external_order_id", reference, since, stop);
            // One that was cancelled is told only when there is no other.
            if (rows.OrderBy(r => r.Whole("status") == MaystroStatuses.Cancelled).FirstOrDefault() is not { ValueKind: JsonValueKind.Object } row || row.Text("id") is not { } id) continue;
            if (MaystroWire.Parcel(access, row, await HistoryAsync(access, id, stop) ?? []) is { } parcel) found[reference] = parcel;
        }
        return found;
    }

    internal async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var told = new List<CourierParcel>();
        foreach (var parcel in parcels)
            if (await IdAsync(access, parcel, stop) is { } id && await HistoryAsync(access, id, stop) is { } events)
                told.Add(new() { TheirId = id, Tracking = parcel.Tracking, Reference = parcel.Reference, Events = events });
        return told;
    }

    /// <summary>Their id of a parcel; a number that a person copied leads to it. Null: there is no such order.</summary>
    internal async Task<string?> IdAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) => parcel.TheirId ?? (parcel.Tracking is { Length: > 0 } tracking
        ? (await SearchAsync(access, "display_id", tracking, parcel.Since, stop)).Select(r => r.Text("id")).FirstOrDefault() : null);

    /// <summary>The status an order has now; null when there is no such order.</summary>
    internal async Task<int?> StatusAsync(CourierAccess access, string id, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, $"stores/orders/{Uri.EscapeDataString(id)}/", stop);
        return reply.Status == 404 ? null : reply.IsSuccess && reply.Body.Whole("status") is { } status ? status : throw reply.Unclear();
    }

    private async Task<IReadOnlyList<CourierEvent>?> HistoryAsync(CourierAccess access, string id, CancellationToken stop)
    {
        var reply = await client.GetAsync(access, $"stores/history_order/{Uri.EscapeDataString(id)}", stop);
        if (reply.Status == 404) return null;
        if (!reply.IsSuccess) throw reply.Unclear();
        var rows = reply.Body.At("results") is { IsThere: true } inside ? inside : reply.Body;
        return [.. rows.Items.Where(r => r.Text("status") is not null).Select(r => MaystroStatuses.Event(LooseJson.Moment(r.Text("created_at")), r.Text("status")!, r.Text("comment"))).OrderBy(e => e.At)];
    }

    /// <summary>Orders whose field is exactly this. Should the courier not know the filter it shows all: then pages are read, and "not there" is never said without an end.</summary>
    private async Task<List<JsonElement>> SearchAsync(CourierAccess access, string field, string value, DateTimeOffset since, CancellationToken stop)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var reply = await client.GetAsync(access, string.Create(CultureInfo.InvariantCulture, $"stores/orders/?{field}={Uri.EscapeDataString(value)}{(page > 1 ? $"&page={page}" : "")}"), stop);
            var list = reply.Body.At("list") is { IsThere: true } inside ? inside : reply.Body;
            if (!reply.IsSuccess || list.At("results").ValueKind != JsonValueKind.Array) throw reply.IsSuccess || reply.Status != 404 ? reply.Unclear() : reply.NotOurs();
            var rows = list.At("results").Items.ToList();
            var fitting = rows.Where(r => r.Text(field) == value).ToList();
            if (fitting.Count > 0 || rows.Count == 0 || !list.At("next").IsThere) return fitting;
            if (rows.All(r => LooseJson.Moment(r.Text("ordered_at")) < since.AddDays(-1))) return fitting;
        }
        throw new VendorFailure(FailureCategory.Transient, "Maystro's search does not find orders by our reference.", "lookup_unclear");
    }
}
