using System.Text.Json;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>Parcels of ours at ZR: by our reference, and how they stand (facts/couriers/zr-express.md sections A3, A5).</summary>
internal sealed class ZrTracking(ZrClient client)
{
    /// <summary>A parcel and its story are two calls.</summary>
    internal const int AtOnce = 5;

    private const int PageSize = 100, MostPages = 10;

    internal static bool IsReturn(JsonElement row) => row.Any("isReturn") is var flag && (flag.ValueKind == JsonValueKind.True || flag.Words?.ToUpperInvariant() is "1" or "TRUE");

    internal async Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, CancellationToken stop)
    {
        var found = new Dictionary<string, CourierParcel>(StringComparer.Ordinal);
        foreach (var reference in references)
            if (await FindAsync(access, reference, stop) is { } parcel) found[reference] = parcel;
        return found;
    }

    /// <summary>The search finds parts of anything and ignores filters: only a row whose own reference is ours counts, a living one before one that was called off.</summary>
    internal async Task<CourierParcel?> FindAsync(CourierAccess access, string reference, CancellationToken stop)
    {
        CourierParcel? gone = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var reply = await client.AskAsync(access, "parcels/search", new Dictionary<string, object> { ["keyword"] = reference, ["pageNumber"] = page, ["pageSize"] = PageSize }, stop);
            var rows = ZrWire.Rows(reply);
            foreach (var row in rows.Where(r => r.AnyText("externalId") == reference))
                if (Of(row, []) is { } parcel)
                {
                    var now = Now(row, default);
                    if (now.All(e => e.Movement != Movement.Cancelled)) return parcel with { Events = now };
                    gone ??= parcel with { Events = now };
                }
            if (rows.Count == 0 || reply.Body.Flag("hasNext") != true) break;
        }
        return gone;
    }

    internal async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var told = new List<CourierParcel>();
        foreach (var parcel in parcels)
            if (await TrackAsync(access, parcel, stop) is { } one) told.Add(one);
        return told;
    }

    /// <summary>Null: ZR does not know it (any more).</summary>
    internal async Task<CourierParcel?> TrackAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        if (await RowAsync(access, parcel, stop) is not { } row || Of(row, []) is not { } told) return null;
        told = told with { Reference = told.Reference ?? parcel.Reference };
        var now = Now(row, parcel);
        // The story is asked for only when something has happened since.
        var isNews = LooseJson.Moment(row.AnyText("lastStateUpdateAt")) is not { } at || at >= parcel.Since.AddMinutes(-1)
            || now.Any(e => e.Movement != Movement.Unknown && ParcelTransitions.Meaning(e.Movement, parcel.State) is { } means && means != parcel.State);
        if (!isNews) return told with { Events = now };
        var reply = await client.GetAsync(access, $"parcels/{Uri.EscapeDataString(told.TheirId!)}/state-history", stop);
        if (!reply.IsSuccess) return told with { Events = now };
        var story = (reply.Body.At("items") is { IsThere: true } inside ? inside : reply.Body).Items
            .Select(r => ZrStatuses.State(LooseJson.Moment(r.AnyText("createdAt")), r.Any("newState"), false, r.AnyText("comment"))).OfType<CourierEvent>().OrderBy(e => e.At).ToList();
        // What the parcel itself says adds only what the story lacks: that it comes back, and the situation on top.
        return told with { Events = [.. story, .. now.Where(e => !story.Any(s => s.At == e.At && s.Raw == e.Raw && s.Movement == e.Movement))] };
    }

    /// <summary>The parcel by ZR's id, or by its tracking; null: there is none.</summary>
    internal async Task<JsonElement?> RowAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        if ((parcel.TheirId ?? parcel.Tracking) is not { Length: > 0 } id) return null;
        var reply = await client.GetAsync(access, $"parcels/{Uri.EscapeDataString(id)}", stop);
        if (ZrWire.IsUnknown(reply)) return null;
        return reply.IsSuccess && reply.Body.AnyText("id") is not null ? reply.Body : throw reply.Unclear();
    }

    internal static CourierParcel? Of(JsonElement row, IReadOnlyList<CourierEvent> events) => row.AnyText("id") is not { } id ? null : new()
    {
        Reference = row.AnyText("externalId"), Tracking = row.AnyText("trackingNumber"), TheirId = id, Events = events, ToCollect = row.Money("amount"),
        // Its deliveryPrice is before tax (600 where the list bills 714 with it, facts/couriers/zr-express.md): the list's price, noted at booking, is what is billed.
    };

    /// <summary>State and situation as they are; a situation has no time of its own and is at least as new as the state.</summary>
    private static List<CourierEvent> Now(JsonElement row, BookedParcel? parcel)
    {
        var at = LooseJson.Moment(row.AnyText("lastStateUpdateAt") ?? row.AnyText("createdAt"));
        var delivery = row.AnyText("deliveryType") is { } type ? type == ZrWire.TypeOf(Shipping.Delivery.Desk) ? Shipping.Delivery.Desk : Shipping.Delivery.Home : parcel?.Delivery ?? Shipping.Delivery.Home;
        return [.. new[] { ZrStatuses.State(at, row.Any("state"), IsReturn(row), null), ZrStatuses.Situation(at, row.Any("situation"), delivery) }.OfType<CourierEvent>()];
    }
}
