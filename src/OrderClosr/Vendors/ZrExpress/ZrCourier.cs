using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>ZR Express, the new platform, as the room of parcels wants a courier (facts/couriers/zr-express.md part A).</summary>
internal sealed class ZrCourier : ICourier
{
    /// <summary>Whether releasing a parcel moves it to "ready to ship" (section D row 1).</summary>
    private static readonly CourierVariant ReadyStepVariant = new("ready_step", "move", "none");

    private readonly ZrClient _client;
    private readonly ZrLists _lists;
    private readonly ZrTracking _tracking;
    private readonly ZrBooking _booking;
    private readonly ZrChanges _changes;

    public ZrCourier(ZrClient client)
    {
        (_client, _lists, _tracking) = (client, new(client), new(client));
        (_booking, _changes) = (new(client, _lists, _tracking), new(client, _tracking));
    }

    public string Name => ZrClient.Vendor;

    public CourierProfile Profile { get; } = new("ZR Express", [new(ZrClient.TenantField, IsSecret: false), new(ZrClient.KeyField), new(ZrClient.ReadyStateField, IsSecret: false, IsOptional: true)],
        [ReadyStepVariant, ZrBooking.HomeHub]);

    public CourierAbilities Abilities { get; } = new()
    {
        Lookup = Lookup.Direct, Repeat = Repeat.IsRefused, BookAtOnce = ZrBooking.AtOnce, TrackAtOnce = ZrTracking.AtOnce, ReadyStep = ReadyStep.Needed, CancelUntil = ParcelState.ReadyToShip,
        Editable = ParcelFields.All & ~ParcelFields.Note, EditUntil = ParcelState.ReadyToShip, Webhook = WebhookKind.ByApi,
    };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop) => CourierHttp.PingAsync(async () =>
    {
        if (access.Credentials.GetValueOrDefault(ZrClient.TenantField, "") is not { Length: > 0 } tenant) return new("field_missing", "The tenant id is missing.", ZrClient.TenantField);
        if (access.Credentials.GetValueOrDefault(ZrClient.KeyField, "").Length == 0) return new("field_missing", "The key is missing.", ZrClient.KeyField);
        var reply = await _client.GetAsync(access, "users/profile", stop);
        if (!reply.IsSuccess || reply.Body.AnyText("id") is null) return new("address_wrong", "What answers at this address is not ZR Express.");
        var tenants = reply.Body.At("memberships").Items.Select(m => m.AnyText("tenantId")).OfType<string>().ToList();
        return tenants.Count == 0 || tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase) ? CourierPing.Fine : new("token_refused", "The key belongs to another tenant.", ZrClient.TenantField);
    });

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, stop);

    public Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop) => _booking.BookAsync(access, parcels, stop);

    public Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) => _tracking.FindAsync(access, references, stop);

    public Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop) => _tracking.TrackAsync(access, parcels, stop);

    public Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop) => _changes.UpdateAsync(access, parcel, change, stop);

    public Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) => _changes.CancelAsync(access, parcel, stop);

    public async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) =>
        access.Variant(ReadyStepVariant) == "none" ? null : await _changes.MarkReadyAsync(access, parcel, stop);

    public async Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop)
    {
        var tracking = parcel.Tracking ?? (await _tracking.TrackAsync(access, parcel, stop))?.Tracking ?? throw None();
        var reply = await _client.AskAsync(access, "parcels/labels/individual/pdf", new Dictionary<string, object> { ["trackingNumbers"] = new[] { tracking }, ["format"] = format == LabelFormat.A4 ? "a4" : "a6" }, stop);
        if (!reply.IsSuccess || reply.Body.At("failedTrackingNumbers").Items.Any(f => f.Words == tracking)) throw None();
        // The address lives about an hour: fetched at once, kept nowhere.
        var file = reply.Body.At("parcelLabelFiles").Items.FirstOrDefault(f => f.Text("trackingNumber") == tracking).Text("fileUrl");
        return Uri.TryCreate(file, UriKind.Absolute, out var at) ? await _client.FileAsync(access, at, stop) : throw reply.Unclear();

        static VendorFailure None() => new(FailureCategory.Refused, "ZR Express has no label of this parcel.", "label_refused");
    }

    public async Task<WebhookRegistration> RegisterWebhookAsync(CourierAccess access, Uri ours, CancellationToken stop)
    {
        // Asked first: a tenant may have five, and one whose answer was lost would tell us everything twice.
        var known = await _client.GetAsync(access, "webhooks/endpoints", stop);
        var list = known.Body.At("items") is { IsThere: true } inside ? inside : known.Body.At("data") is { IsThere: true } data ? data : known.Body;
        var id = known.IsSuccess ? list.Items.FirstOrDefault(h => h.AnyText("url") == ours.ToString()).AnyText("id") : throw known.NotOurs();
        if (id is null)
        {
            var made = await _client.PostAsync(access, "webhooks/endpoints", new Dictionary<string, object>
            {
                ["url"] = ours.ToString(), ["description"] = "OrderClosr", ["eventTypes"] = ZrWebhook.Events, ["headers"] = new Dictionary<string, string>(),
            }, stop);
            if (ZrWire.Title(made) == "Endpoints.LimitReached") throw new VendorFailure(FailureCategory.Refused, "ZR Express keeps no more addresses for this account: delete one there, then register again.", "webhook_limit");
            if (!made.IsSuccess) throw new VendorFailure(FailureCategory.Refused, ZrWire.No(made).Words, "webhook_refused");
            id = made.Body.AnyText("id") ?? throw made.Unclear();
        }
        var secret = await _client.GetAsync(access, $"webhooks/endpoints/{Uri.EscapeDataString(id)}/secret", stop);
        return secret.IsSuccess && secret.Body.AnyText("secret") is { } key ? new(id, key) : throw secret.Unclear();
    }

    public bool IsSigned(CourierAccess access, WebhookRequest request) => ZrWebhook.IsSigned(access, request);

    public IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body) => ZrWebhook.Read(body);
}
