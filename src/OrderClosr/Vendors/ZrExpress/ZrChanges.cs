using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>Changes, deletes and releases a parcel (facts/couriers/zr-express.md section A4). Each step may be repeated.</summary>
internal sealed class ZrChanges(ZrClient client, ZrTracking tracking)
{
    private static Refusal Gone => new(BookingCodes.NotEditable, "The courier has no such parcel any more.", Kind: RefusalKind.NotFound);

    internal async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop)
    {
        var whole = change.Whole;
        if (change.Destination is { } to && to.Delivery != parcel.Delivery)
            return new(BookingCodes.NotEditable, "ZR Express cannot turn a delivery to a home into one to a pickup point, nor back: cancel it and book it anew.", "delivery", Kind: RefusalKind.Conflict);
        if (await IdAsync(access, parcel, stop) is not { } id) return Gone;
        var steps = new List<(string Path, Dictionary<string, object?> Body)>();
        if (change.Name is not null || change.Phone is not null || change.SecondPhone is not null)
            steps.Add(("customer", new() { ["parcelId"] = id, ["name"] = CourierHttp.Plain(whole.Name), ["phone"] = ZrWire.Phones(whole.Phone, whole.SecondPhone) }));
        if (change.Address is not null || change.Destination is not null)
        {
            // City and district go along even when only the street changes.
            var body = new Dictionary<string, object?> { ["parcelId"] = id };
            foreach (var (name, value) in ZrWire.Address(whole.Address, whole.Wilaya, whole.Commune)) body[name] = value;
            if (whole is { Delivery: Delivery.Desk, Desk: { } desk }) body["hubId"] = desk.Ref;
            steps.Add(("deliveryAddress", body));
        }
        if (change.Goods is not null) steps.Add(("products", new() { ["parcelId"] = id, ["orderedProducts"] = ZrWire.Products(whole) }));
        // The money last: a change that stops half-way has not yet changed what the customer pays.
        if (change.ToCollect is { } amount) steps.Add(("amount", new() { ["parcelId"] = id, ["amount"] = amount.Amount }));
        foreach (var (path, body) in steps)
        {
            var reply = await client.ChangeAsync(access, HttpMethod.Patch, $"parcels/{Uri.EscapeDataString(id)}/{path}", body, stop);
            if (reply.IsSuccess) continue;
            if (ZrWire.Title(reply) == "ParcelErrors.ParcelNotFound") return Gone;
            var no = ZrWire.No(reply, whole);
            // A no without a field is about the parcel as a whole: it can no longer be changed.
            return no.Field is null ? no with { Code = BookingCodes.NotEditable, Kind = RefusalKind.Conflict } : no;
        }
        return null;
    }

    internal async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        if (await IdAsync(access, parcel, stop) is not { } id) return null;
        var reply = await client.ChangeAsync(access, HttpMethod.Delete, $"parcels/{Uri.EscapeDataString(id)}", null, stop);
        if (reply.IsSuccess || ZrWire.IsUnknown(reply)) return null;
        if (await StateAsync(access, parcel, stop) is null or Movement.Cancelled) return null;
        return new(BookingCodes.NotCancellable, ZrWire.No(reply).Words, Kind: RefusalKind.Conflict);
    }

    internal async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        if (await IdAsync(access, parcel, stop) is not { } id) return Gone;
        var ready = await ReadyStateAsync(access, stop);
        var reply = await client.ChangeAsync(access, HttpMethod.Patch, $"parcels/{Uri.EscapeDataString(id)}/state", new Dictionary<string, object> { ["parcelId"] = id, ["newStateId"] = ready }, stop);
        if (reply.IsSuccess) return null;
        // Released before, or already with the courier: done.
        return await StateAsync(access, parcel, stop) switch
        {
            null => Gone,
            Movement.Registered or Movement.Cancelled or Movement.Unknown => new(BookingCodes.Refused, ZrWire.No(reply).Words, Kind: RefusalKind.Conflict),
            _ => null,
        };
    }

    /// <summary>The id of "ready to ship" in this tenant's workflow: by the name the merchant typed in, else by the names that are known.</summary>
    private async Task<string> ReadyStateAsync(CourierAccess access, CancellationToken stop)
    {
        var reply = await client.AskAsync(access, "workflows/search", new Dictionary<string, object> { ["pageNumber"] = 1, ["pageSize"] = 100 }, stop);
        var states = ZrWire.Rows(reply).OrderBy(w => w.Flag("isDefault") == true ? 0 : 1).SelectMany(w => w.At("states").Items).Where(s => s.Text("id") is not null).ToList();
        var own = ZrStatuses.Key(access.Credentials.GetValueOrDefault(ZrClient.ReadyStateField, ""));
        var found = states.FirstOrDefault(s => own.Length > 0 ? ZrStatuses.Key(s.Text("name")) == own || ZrStatuses.Key(s.Text("description")) == own : ZrStatuses.MovementOf(s) == Movement.ReadyToShip);
        return found.Text("id") ?? throw new VendorFailure(FailureCategory.Configuration, "ZR's workflow of this account has no state that is known as ready to ship: name it in the account.", "ready_state_unknown");
    }

    /// <summary>What ZR itself says; null: it has no such parcel.</summary>
    private async Task<Movement?> StateAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) =>
        await tracking.RowAsync(access, parcel, stop) is { } row ? ZrStatuses.MovementOf(row.Any("state")) : null;

    /// <summary>Changes want ZR's id, in the path and in the body.</summary>
    private async Task<string?> IdAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) =>
        parcel.TheirId is { Length: > 0 } id ? id : await tracking.RowAsync(access, parcel, stop) is JsonElement row ? row.AnyText("id") : null;
}
