using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Ecotrack;

/// <summary>Anderson and the other tenants of Ecotrack, as the room of parcels wants a courier (facts/couriers/ecotrack-anderson.md).</summary>
internal sealed class EcotrackCourier(EcotrackClient client, ILogger<EcotrackLists> log) : ICourier
{
    internal const string Anderson = "https://anderson-ecommerce.ecotrack.dz/api/v1/", TokenField = "api_token";

    /// <summary>Where an order's fields are read from (section 9 row 1).</summary>
    private static readonly CourierVariant CreateForm = new("create_form", "query", "json");

    /// <summary>Whether releasing a parcel also asks the courier to come for it.</summary>
    private static readonly CourierVariant AskCollection = new("ask_collection", "no", "yes");

    private readonly EcotrackLists _lists = new(client, log);
    private readonly EcotrackTracking _tracking = new(client);

    public string Name => "ecotrack";

    public CourierProfile Profile { get; } = new("Anderson (Ecotrack)", [new(TokenField)], [CreateForm, AskCollection], new Dictionary<string, string>
    {
        ["Anderson"] = Anderson, ["DHD"] = "https://platform.dhd-dz.com/api/v1/", ["Conexlog"] = "https://app.conexlog-dz.com/api/v1/",
    });

    public CourierAbilities Abilities { get; } = new()
    {
        Lookup = Lookup.Scan, Repeat = Repeat.MakesAnother, TrackAtOnce = EcotrackTracking.AtOnce, ReadyStep = ReadyStep.Needed, CancelUntil = ParcelState.Registered, Editable = ParcelFields.All,
        Webhook = WebhookKind.ByHand, Exchange = ExchangeWay.Flag, ListsDesks = false, Limits = [new(50, TimeSpan.FromMinutes(1)), new(1_500, TimeSpan.FromHours(1)), new(15_000, TimeSpan.FromDays(1))],
    };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop) => CourierHttp.PingAsync(async () =>
    {
        if (EcotrackClient.Token(access).Length == 0) return new("field_missing", "The key is missing.", TokenField);
        var reply = await client.GetAsync(access, "validate/token", stop, ("api_token", EcotrackClient.Token(access)));
        return reply.Body.Flag("success") switch
        {
            true => CourierPing.Fine,
            false when reply.Body.Text("message") == "TOKEN_NOT_ALLOWED" => new("token_refused", "The courier knows this key and does not allow it: ask the courier to allow its API.", TokenField),
            false => new("token_refused", "The courier does not know this key: copy it again from its screen.", TokenField),
            _ => new("address_wrong", "What answers at this address is not Ecotrack."),
        };
    });

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, from, stop);

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        var parcel = parcels.Single();
        var reply = await SendAsync(access, "create/order", EcotrackWire.Create(parcel, access.ShopName), [], stop);
        if (EcotrackWire.No(reply, parcel) is { } no) return [new(BookingEnd.Refused, No: no)];
        return [reply.Body.Flag("success") == true && reply.Body.Text("tracking") is { } tracking ? BookingAnswer.Registered(new() { Reference = parcel.Reference, Tracking = tracking }) : BookingAnswer.Unclear];
    }

    public Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) => _tracking.FindAsync(access, references, since, stop);

    public Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop) => _tracking.TrackAsync(access, parcels, stop);

    public async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop) =>
        Done(await SendAsync(access, "update/order", EcotrackWire.Update(change.Whole), [("tracking", parcel.Tracking)], stop), change.Whole);

    public async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var reply = await client.SendAsync(access, HttpMethod.Delete, "delete/order", [("tracking", parcel.Tracking)], null, stop);
        if (EcotrackWire.IsUnknown(reply)) return null; // gone already
        // An older form of the answer.
        var older = reply.Body.Text("delete");
        if (reply.IsSuccess && older == "success") return null;
        if (reply.IsSuccess && older == "fail") return new(BookingCodes.NotCancellable, "The courier has taken it over: it can no longer be cancelled.", Kind: RefusalKind.Conflict);
        return Done(reply) is { } no ? no with { Code = no.Code == BookingCodes.NotEditable ? BookingCodes.NotCancellable : no.Code } : null;
    }

    public async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var reply = await client.SendAsync(access, HttpMethod.Post, "valid/order", [("tracking", parcel.Tracking), ("ask_collection", access.Variant(AskCollection) == "yes" ? "1" : "0")], null, stop);
        // Locked: it was released before.
        return reply.IsSuccess && reply.Body.Whole("error") == EcotrackWire.Locked ? null : Done(reply);
    }

    public async Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop) =>
        (await client.SendAsync(access, HttpMethod.Get, "get/order/label", [("tracking", parcel.Tracking)], null, stop, isFile: true)).Pdf();

    public bool IsSigned(CourierAccess access, WebhookRequest request) => EcotrackWebhook.IsSigned(access, request);

    public IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body) => EcotrackWebhook.Read(body);

    private Task<CourierReply> SendAsync(CourierAccess access, string path, List<(string Name, string? Value)> fields, List<(string Name, string? Value)> address, CancellationToken stop) => access.Variant(CreateForm) == "json"
        ? client.SendAsync(access, HttpMethod.Post, path, address, address.Concat(fields).Where(f => f.Value is { Length: > 0 }).ToDictionary(f => f.Name, f => f.Value), stop)
        : client.SendAsync(access, HttpMethod.Post, path, [.. address, .. fields], null, stop);

    private static Refusal? Done(CourierReply reply, ParcelToBook? about = null) =>
        EcotrackWire.No(reply, about) ?? (reply.Body.Flag("success") == true ? null : throw reply.Unclear());
}
