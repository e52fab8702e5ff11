using System.Text.Json;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Vendors.Noest;

/// <summary>Nord et Ouest Express as the room of parcels wants a courier (facts/couriers/noest.md). It sends no events: it is asked.</summary>
internal sealed class NoestCourier(NoestClient client) : ICourier
{
    /// <summary>Of the form of theirs, and nobody's.</summary>
    private const string NoParcel = "ECSPNG0000000000";

    private readonly NoestLists _lists = new(client);

    public string Name => NoestClient.Vendor;

    public CourierProfile Profile { get; } = new("Noest (Nord et Ouest Express)", [new(NoestClient.TokenField), new(NoestClient.GuidField, IsSecret: false)], [NoestWire.StationCode, NoestWire.ExchangeField, NoestWire.AttemptDay]);

    public CourierAbilities Abilities { get; } = new()
    {
        Lookup = Lookup.None, Repeat = Repeat.IsRefused, TrackAtOnce = 100, ReadyStep = ReadyStep.Needed, CancelUntil = ParcelState.Registered, Editable = ParcelFields.All,
        EditableLater = ParcelFields.Phone | ParcelFields.Address | ParcelFields.Destination | ParcelFields.Amount, EditableWithDriver = ParcelFields.Amount,
        AsksNewAttempt = true, Exchange = ExchangeWay.Flag,
        // Sixty are promised, and refusals come earlier.
        Limits = [new(45, TimeSpan.FromMinutes(1))],
    };

    public Task<CourierPing> PingAsync(CourierAccess access, CancellationToken stop) => CourierHttp.PingAsync(async () =>
    {
        foreach (var field in (string[])[NoestClient.TokenField, NoestClient.GuidField])
            if (access.Credentials.GetValueOrDefault(field, "").Length == 0) return new("field_missing", "This is needed to connect.", field);
        // The first call looks at the key alone, the second at the GUID, too.
        var wilayas = await client.GetAsync(access, "get/wilayas", stop);
        if (!wilayas.IsSuccess || !wilayas.Body.Items.Any()) return new("address_wrong", "What answers at this address is not Noest.");
        try
        {
            await client.PostAsync(access, "get/trackings/info", [("trackings", new[] { NoParcel })], stop, isRead: true);
        }
        catch (VendorFailure failure) when (failure.Code == NoestWire.GuidRefused)
        {
            return new("token_refused", "The key is right, the GUID is not the one of this account.", NoestClient.GuidField);
        }
        return CourierPing.Fine;
    });

    public Task<ListPart> ReadListsAsync(CourierAccess access, string? from, CancellationToken stop) => _lists.ReadAsync(access, from, stop);

    public async Task<IReadOnlyList<BookingAnswer>> BookAsync(CourierAccess access, IReadOnlyList<ParcelToBook> parcels, CancellationToken stop)
    {
        var parcel = parcels.Single();
        var reply = await client.PostAsync(access, "create/order", NoestWire.Create(access, parcel), stop);
        if (NoestWire.Errors(reply).Contains(NoestWire.Duplicate)) return [await DuplicateAsync(access, parcel, reply, stop)];
        if (NoestWire.No(reply, parcel) is { } no) return [new(BookingEnd.Refused, No: no)];
        return [reply.Body.Flag("success") == true && reply.Body.Text("tracking") is { } tracking ? BookingAnswer.Registered(new() { Reference = parcel.Reference, Tracking = tracking }) : BookingAnswer.Unclear];
    }

    /// <summary>"Exists already" may mean our reference, or only the same phone, goods and amount: a tracking is ours only when its parcel bears our reference.</summary>
    private async Task<BookingAnswer> DuplicateAsync(CourierAccess access, ParcelToBook parcel, CourierReply reply, CancellationToken stop)
    {
        if (reply.Body.Text("tracking") is not { } tracking) return BookingAnswer.Exists;
        try
        {
            var told = Parcels(await InfoAsync(access, [tracking], stop), [tracking]);
            if (told is not [var known] || known.Reference is null) return BookingAnswer.Exists;
            return known.Reference == parcel.Reference
                ? BookingAnswer.Registered(known)
                : BookingAnswer.Refused(BookingCodes.Refused, "Noest takes it for another parcel to the same phone with the same goods and amount: change one of them or make it on Noest's screen.");
        }
        catch (VendorFailure)
        {
            return BookingAnswer.Exists; // it is there, and this look was only for its number
        }
    }

    public Task<IReadOnlyDictionary<string, CourierParcel>> FindAsync(CourierAccess access, IReadOnlyCollection<string> references, DateTimeOffset since, CancellationToken stop) =>
        throw new NotSupportedException("Noest finds nothing by our reference.");

    public async Task<IReadOnlyList<CourierParcel>> TrackAsync(CourierAccess access, IReadOnlyList<BookedParcel> parcels, CancellationToken stop)
    {
        var trackings = parcels.Select(p => p.Tracking).OfType<string>().Distinct().ToList();
        return trackings.Count == 0 ? [] : Parcels(await InfoAsync(access, trackings, stop), trackings);
    }

    public async Task<Refusal?> UpdateAsync(CourierAccess access, BookedParcel parcel, ParcelChange change, CancellationToken stop)
    {
        if (parcel.State <= ParcelState.Registered)
        {
            var draft = await client.PostAsync(access, "update/order/before/expedition", NoestWire.ChangeDraft(access, parcel, change.Whole), stop);
            // Validated meanwhile, on Noest's screen: nothing was changed, and less may be.
            if (!NoestWire.Errors(draft).Contains(NoestWire.Validated) || (change.Fields & ~Abilities.EditableLater) != 0) return Done(draft, change.Whole);
        }
        var no = Done(await client.PostAsync(access, "update/order", NoestWire.AskChange(access, parcel, change), stop), change.Whole);
        return no is null ? null : no.Code == BookingCodes.Refused ? no with { Code = BookingCodes.NotEditable, Kind = RefusalKind.Conflict } : no;
    }

    public async Task<Refusal?> CancelAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "delete/order", [("tracking", parcel.Tracking)], stop);
        if (NoestWire.IsUnknown(reply)) return null; // gone already
        return Done(reply) is { } no ? no with { Code = no.Code == BookingCodes.NotEditable ? BookingCodes.NotCancellable : no.Code } : null;
    }

    public async Task<Refusal?> MarkReadyAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "valid/order", [("tracking", parcel.Tracking)], stop);
        return NoestWire.Errors(reply).Contains(NoestWire.Validated) ? null : Done(reply);
    }

    /// <summary>A refusal may mean that it was asked already (an answer was lost, or another day is wanted now): then only the day is told.</summary>
    public async Task<Refusal?> AskAttemptAsync(CourierAccess access, BookedParcel parcel, DateOnly? day, CancellationToken stop)
    {
        var (words, inTheCall) = (NoestWire.AttemptWords(day), access.Variant(NoestWire.AttemptDay) == "content");
        var no = Done(await client.PostAsync(access, "ask/new-tentative", [("tracking", parcel.Tracking), ("content", inTheCall ? words : null)], stop));
        if (no is not null && !await IsAskedAsync(access, parcel, stop)) return no;
        if (day is null || (inTheCall && no is null)) return null;
        return Done(await client.PostAsync(access, "add/maj", [("tracking", parcel.Tracking), ("content", words)], stop));
    }

    /// <summary>Its last movement is the asking.</summary>
    private async Task<bool> IsAskedAsync(CourierAccess access, BookedParcel parcel, CancellationToken stop) =>
        (await TrackAsync(access, [parcel], stop)).SelectMany(p => p.Events).LastOrDefault(e => e.Movement != Movement.None)?.Raw == NoestStatuses.AttemptAsked;

    public Task<byte[]> LabelAsync(CourierAccess access, BookedParcel parcel, LabelFormat format, CancellationToken stop) => client.LabelAsync(access, parcel.Tracking ?? "", stop);

    private static Refusal? Done(CourierReply reply, ParcelToBook? about = null) =>
        NoestWire.No(reply, about) ?? (reply.Body.Flag("success") == true ? null : throw reply.Unclear());

    private async Task<JsonElement> InfoAsync(CourierAccess access, IReadOnlyList<string> trackings, CancellationToken stop)
    {
        var reply = await client.PostAsync(access, "get/trackings/info", [("trackings", trackings)], stop, isRead: true);
        // None of them known: said with 404, or with 200.
        if (reply.Body.Text("message")?.Contains("not found", StringComparison.OrdinalIgnoreCase) == true && !reply.Body.Members.Any(m => m.Value.At("activity").IsThere))
            return reply.Status is 404 or 200 && reply.Body.Text("message")!.StartsWith("Tracking", StringComparison.OrdinalIgnoreCase) ? default : throw reply.NotOurs();
        return reply.IsSuccess ? reply.Body : throw (reply.Status == 404 ? reply.NotOurs() : reply.Unclear());
    }

    private static List<CourierParcel> Parcels(JsonElement body, IReadOnlyList<string> trackings) =>
        [.. trackings.Select(t => (Tracking: t, Told: body.At(t))).Where(p => p.Told.At("activity").IsThere || p.Told.At("OrderInfo").IsThere).Select(p => new CourierParcel
        {
            Tracking = p.Tracking, Reference = p.Told.At("OrderInfo").Text("reference"), ToCollect = p.Told.At("OrderInfo").Money("montant"), Events = NoestStatuses.Events(p.Told),
        })];
}
