using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Yalidine, Guepex and Yalitec, as the room of parcels wants a courier (facts/couriers/yalidine.md).</summary>
internal sealed class YalidineCourier(YalidineClient client, Places places) : ICourier
{
    internal const string Yalidine = "https://api.yalidine.app/v1/";

    /// <summary>What a wrong key is answered with (section 10 row 3). A 500 is an outage, too: unless a merchant has seen otherwise it breaks no account.</summary>
    private static readonly CourierVariant WrongKey = new("wrong_key", "401", "500");

    /// <summary>Whether the fee is said to be on the shop, so that nothing is added to what we ask to be collected (row 2).</summary>
    private static readonly CourierVariant FreeShipping = new("free_shipping", "on", "off");

    private readonly YalidineLists _lists = new(client, places);
    private readonly YalidineTracking _tracking = new(client);
    private readonly YalidineSpellings _spellings = new(places);

    public string Name => "yalidine";

    public CourierProfile Profile { get; } = new("Yalidine", [new(YalidineClient.IdField, IsSecret: false), new(YalidineClient.TokenField)], [YalidineWebhook.Handshake, FreeShipping, WrongKey], new Dictionary<string, string>
    {
        ["Yalidine"] = Yalidine, ["Guepex"] = "https://api.guepex.app/v1/", ["Yalitec"] = "https://api.yalitec.me/v1/",
    })
    {
        NeedsOrigin = true,
        // facts/couriers/yalidine.md sections 2 and 3: payment in 2 to 5 days; cod_percentage 0.75 beside delivery_fee.
        PaysWithinDays = 5, CodBasisPoints = 75,
    };

    public CourierAbilities Abilities { get; } = new()
    {
        // One parcel in a call: whether a bad one makes the others fail is not known (row 4).
        Lookup = Lookup.Direct, Repeat = Repeat.MakesAnother, BookAtOnce = 1, TrackAtOnce = YalidineTracking.AtOnce, ReadyStep = ReadyStep.None, CancelUntil = ParcelState.Registered, EditUntil = ParcelState.Registered,
        Editable = ParcelFields.All & ~ParcelFields.Note, Webhook = WebhookKind.ByHand, Exchange = ExchangeWay.Flag, ListsDesks = true, MostToCollect = new(150_000),
        Limits = [new(5, TimeSpan.FromSeconds(1)), new(50, TimeSpan.FromMinutes(1)), new(1_000, TimeSpan.FromHours(1)), new(10_000, TimeSpan.FromDays(1))],
    };

    public async Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop)
    {
        var (status, isTheirs) = (0, false);
        var ping = await CourierHttp.PingAsync(async () =>
        {
            foreach (var field in (string[])[YalidineClient.IdField, YalidineClient.TokenField])
                if (string.IsNullOrWhiteSpace(access.Credentials.GetValueOrDefault(field))) return new("field_missing", "The API id and the API token are both needed: they are in the courier's screen under Developer.", field);
            // A web page in front of a 500 is the host's own outage, whatever the keys are.
            var reply = await client.SendAsync(access, HttpMethod.Get, "wilayas/", [("page_size", "1")], null, stop, seen: a => (status, isTheirs) = ((int)a.StatusCode, a.Content.Headers.ContentType?.MediaType == "application/json"));
            return reply.IsSuccess && YalidineWire.IsList(reply.Body) ? CourierPing.Fine : new("address_wrong", "What answers at this address is not Yalidine.");
        });
        if (status == 401) return new("token_refused", "Yalidine does not know this API id and token: copy both again from its screen under Developer.", YalidineClient.TokenField);
        if (status != 500 || !isTheirs) return ping;
        return new(access.Variant(WrongKey) == "500" ? "token_refused" : "courier_down",
            "Yalidine answers with an error of its own, as it may to a wrong API id or token: compare both with its screen; if they are right, try again later.", YalidineClient.TokenField);
    }

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, from, stop);

    public int CommuneOf(PlaceRow row) => _spellings.CommuneOf(row);

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        if (access.Origin is not { } origin) throw new VendorFailure(FailureCategory.Configuration, "Yalidine wants to know from which wilaya parcels leave, and its lists were not read yet.", "origin_missing");
        if (parcels.Any(p => p.Delivery == Delivery.Desk && YalidineWire.DeskOf(p.Desk) is null))
            return [.. parcels.Select(_ => BookingAnswer.Refused(BookingCodes.Desk, "Yalidine needs the desk the parcel goes to.", "desk"))];
        var reply = await client.SendAsync(access, HttpMethod.Post, "parcels/", [], new JsonArray([.. parcels.Select(p => (JsonNode)YalidineWire.Parcel(p, origin, access.Variant(FreeShipping) == "on"))]), stop);
        return [.. parcels.Select(p => Answer(reply, p))];
    }

    public Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) => _tracking.FindAsync(access, references, stop);

    public Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop) => _tracking.TrackAsync(access, parcels, stop);

    public async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop)
    {
        if (change.Destination is { Delivery: Delivery.Desk } to && YalidineWire.DeskOf(to.Desk) is null) return new(BookingCodes.Desk, "Yalidine needs the desk the parcel goes to.", "desk");
        var fields = YalidineWire.Changes(change);
        if (fields.Count == 0) return null;
        var reply = await client.SendAsync(access, HttpMethod.Patch, Path(parcel), [], fields, stop);
        var row = YalidineWire.RowOf(reply.Body, parcel.Reference, parcel.Tracking);
        if (YalidineWire.No(reply, row, change.Whole) is not { } no) return reply.IsSuccess && (row.Flag("success") == true || row.Text("tracking") == parcel.Tracking) ? null : throw reply.Unclear();
        // A no that is about no field of ours is about where the parcel stands.
        return no.Field is null ? no with { Code = BookingCodes.NotEditable, Kind = RefusalKind.Conflict } : no;
    }

    public async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var reply = await client.SendAsync(access, HttpMethod.Delete, Path(parcel), [], null, stop);
        var row = YalidineWire.RowOf(reply.Body, parcel.Reference, parcel.Tracking);
        if (reply.IsSuccess && row.Flag("deleted") == true) return null;
        if (reply.IsSuccess && row.Flag("deleted") != false) throw reply.Unclear();
        // Why not is said in free words: whether it was gone already is asked.
        var now = await client.GetAsync(access, Path(parcel), stop);
        if (!now.IsSuccess || !YalidineWire.IsList(now.Body)) throw now.Unclear();
        var there = now.Body.At("data").Items.FirstOrDefault(r => r.Text("tracking") == parcel.Tracking);
        if (!there.IsThere || YalidineStatuses.Of(there.Text("last_status"), toDesk: false) == Movement.Cancelled) return null;
        return new(BookingCodes.NotCancellable, CourierHttp.Sentence(row.Text("reason") ?? YalidineWire.Words(reply.Body)), Kind: RefusalKind.Conflict);
    }

    /// <summary>There is no such step: a parcel that exists is released by handing it over.</summary>
    public Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) => Task.FromResult<Refusal?>(null);

    public async Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop)
    {
        var address = parcel.LabelAddress;
        if (address is null)
        {
            var reply = await client.GetAsync(access, Path(parcel), stop);
            if (!reply.IsSuccess || !YalidineWire.IsList(reply.Body)) throw reply.Unclear();
            address = reply.Body.At("data").Items.FirstOrDefault(r => r.Text("tracking") == parcel.Tracking).Text("label");
        }
        if (!Uri.TryCreate(address, UriKind.Absolute, out var at) || at.Scheme is not ("https" or "http")) throw None();
        try
        {
            return (await client.FileAsync(access, at, stop)).Pdf();
        }
        catch (VendorFailure failure) when (failure.Code is "token_refused" or "address_wrong")
        {
            throw None(); // of this label, and says nothing about the account
        }

        static VendorFailure None() => new(FailureCategory.Refused, "Yalidine has no label of this parcel.", "label_refused");
    }

    public WebhookAnswer? AnswerHandshake(CourierAccess access, WebhookRequest request) => YalidineWebhook.Answer(access, request);

    public bool IsSigned(CourierAccess access, WebhookRequest request) => YalidineWebhook.IsSigned(access, request);

    public IReadOnlyList<WebhookNews> ReadWebhook(ReadOnlyMemory<byte> body) => YalidineWebhook.Read(body);

    /// <summary>Only a parcel's own row counts: an answer without it ("[]" was seen) may or may not have made it.</summary>
    private static BookingAnswer Answer(CourierReply reply, ParcelToBook parcel)
    {
        var row = YalidineWire.RowOf(reply.Body, parcel.Reference, null);
        var (flag, tracking) = (row.Flag("success"), row.Text("tracking"));
        if (reply.IsSuccess && flag == true && tracking is not null) return BookingAnswer.Registered(new() { Reference = parcel.Reference, Tracking = tracking, LabelAddress = row.Text("label") });
        return tracking is null && YalidineWire.No(reply, row, parcel) is { } no ? new(BookingEnd.Refused, No: no) : BookingAnswer.Unclear;
    }

    private static string Path(BookedParcel parcel) => parcel.Tracking is { Length: > 0 } tracking ? string.Create(CultureInfo.InvariantCulture, $"parcels/{Uri.EscapeDataString(tracking)}")
        : throw new VendorFailure(FailureCategory.Configuration, "This parcel has no tracking number yet.", "tracking_missing");
}
