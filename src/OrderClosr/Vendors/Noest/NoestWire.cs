using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Noest;

/// <summary>Noest's field names and error keys (facts/couriers/noest.md section 3). Some noes are 422, others 200 with <c>success:false</c>.</summary>
internal static class NoestWire
{
    internal const string GuidRefused = "guid_refused", Duplicate = "duplicate_order", Validated = "already_validated";

    /// <summary>How desks are named (section 7 row 3): the list's inner code <c>1A</c>, or its key <c>01A</c>.</summary>
    internal static readonly CourierVariant StationCode = new("station_code", "code", "key");

    /// <summary>The field of the goods that an exchange brings back (row 4).</summary>
    internal static readonly CourierVariant ExchangeField = new("exchange_field", "produit_a_recuperer", "product_exchanged");

    /// <summary>Where the day of a new attempt is said: the documents name the call and not what it takes.</summary>
    internal static readonly CourierVariant AttemptDay = new("attempt_day", "note", "content");

    /// <summary>A new attempt in words for the hub.</summary>
    internal static string AttemptWords(DateOnly? day) => day is { } on ? $"Nouvelle tentative : le {on.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}" : "Nouvelle tentative";

    /// <summary>Their error keys and fields → our code and our field.</summary>
    private static readonly Dictionary<string, (string Code, string? Field)> Known = new(StringComparer.Ordinal)
    {
        ["inactive_commune"] = (BookingCodes.Commune, "commune"), ["zip_code"] = (BookingCodes.Commune, "commune"), ["max_amount_exceeded"] = (BookingCodes.Amount, "to_collect"), ["stopdesk_disabled"] = (BookingCodes.Desk, "desk"),
        ["station_code"] = (BookingCodes.Desk, "desk"), ["code_station"] = (BookingCodes.Desk, "desk"), ["stop_desk"] = (BookingCodes.Desk, "desk"), ["disabled_module"] = (BookingCodes.Goods, "goods"),
        ["wrong_quantities"] = (BookingCodes.Goods, "goods"), ["invalid_product"] = (BookingCodes.Goods, "goods"), ["out_of_stock"] = (BookingCodes.Goods, "goods"), ["produit"] = (BookingCodes.Goods, "goods"),
        ["product"] = (BookingCodes.Goods, "goods"), ["produit_a_recuperer"] = (BookingCodes.Goods, "goods"), ["product_exchanged"] = (BookingCodes.Goods, "goods"), ["client"] = (BookingCodes.Name, "name"),
        ["phone"] = (BookingCodes.Phone, "phone"), ["tel"] = (BookingCodes.Phone, "phone"), ["phone_2"] = (BookingCodes.Phone, "second_phone"), ["tel2"] = (BookingCodes.Phone, "second_phone"),
        ["adresse"] = (BookingCodes.Address, "address"), ["commune"] = (BookingCodes.Commune, "commune"), ["wilaya_id"] = (BookingCodes.Wilaya, "wilaya"), ["wilaya"] = (BookingCodes.Wilaya, "wilaya"),
        ["montant"] = (BookingCodes.Amount, "to_collect"), ["poids"] = (BookingCodes.Weight, "weight"), [Validated] = (BookingCodes.NotEditable, null),
    };

    internal static IEnumerable<(string, object?)> Create(CourierAccess access, ParcelToBook p) =>
    [
        ("reference", p.Reference), ("client", CourierHttp.Plain(p.Name)), ("phone", p.Phone.National), ("phone_2", p.SecondPhone is { IsSome: true } second ? second.National : null), ("adresse", CourierHttp.Plain(p.Address)),
        ("wilaya_id", LooseJson.WholeIn(p.Wilaya.Ref)), ("commune", p.Commune.Name), ("montant", p.ToCollect.Amount), ("produit", CourierHttp.Plain(p.Goods)), ("type_id", p.IsExchange ? 2 : 1),
        ("poids", Kilograms(p.Weight)), ("stop_desk", IsDesk(p)), ("station_code", Desk(access, p)), ("remarque", NoteOf(p)), ("shop_name", access.ShopName is { Length: > 0 } shop ? shop : null),
        ("can_open", p.MayOpen ? 1 : 0), (access.Variant(ExchangeField), p.IsExchange ? CourierHttp.Plain(p.ToTakeBack.Length > 0 ? p.ToTakeBack : p.Goods) : null),
    ];

    /// <summary>Before validation: everything, under other names than at creation.</summary>
    internal static IEnumerable<(string, object?)> ChangeDraft(CourierAccess access, BookedParcel parcel, ParcelToBook p) =>
    [
        ("tracking", parcel.Tracking), ("reference", p.Reference), ("client", CourierHttp.Plain(p.Name)), ("tel", p.Phone.National), ("tel2", p.SecondPhone is { IsSome: true } second ? second.National : null),
        ("adresse", CourierHttp.Plain(p.Address)), ("wilaya", LooseJson.WholeIn(p.Wilaya.Ref)), ("commune", p.Commune.Name), ("montant", p.ToCollect.Amount), ("remarque", NoteOf(p)), ("product", CourierHttp.Plain(p.Goods)),
        ("type", p.IsExchange ? 2 : 1), ("poids", Kilograms(p.Weight)), ("stop_desk", IsDesk(p)), ("station_code", Desk(access, p)),
    ];

    /// <summary>After validation: only what changes, for with the driver everything but the amount is refused.</summary>
    internal static IEnumerable<(string, object?)> AskChange(CourierAccess access, BookedParcel parcel, ParcelChange change) =>
    [
        ("tracking", parcel.Tracking), ("tel", change.Phone?.National), ("adresse", change.Address is { } address ? CourierHttp.Plain(address) : null), ("montant", change.ToCollect?.Amount),
        .. change.Destination is { } to ? ((string, object?)[])
        [
            ("wilaya", LooseJson.WholeIn(to.Wilaya.Ref)), ("commune", to.Commune.Name), ("stop_desk", to.Delivery == Delivery.Desk ? 1 : 0), ("code_station", to.Delivery == Delivery.Desk ? Desk(access, to.Desk) : null),
        ] : [],
    ];

    /// <summary>Error keys and wrong fields of an answer, in its order.</summary>
    internal static IReadOnlyList<string> Errors(CourierReply reply) =>
        [.. reply.Body.At("errors").Members.Select(m => m.Name), .. reply.Body.Text("error") is { } flat ? [flat] : Array.Empty<string>()];

    /// <summary>Why it is a no; null when it is none, or not a clear one.</summary>
    internal static Refusal? No(CourierReply reply, ParcelToBook? about = null)
    {
        if (reply.IsSuccess && reply.Body.Flag("success") != false) return null;
        var errors = Errors(reply);
        if (reply.IsSuccess && errors.Count == 0 && reply.Body.Text("message") is null) return null;
        var key = errors.FirstOrDefault(Known.ContainsKey) ?? (errors.Count > 0 ? errors[0] : "");
        var own = reply.Body.At("errors").At(key);
        var words = CourierHttp.Sentence((own.ValueKind == JsonValueKind.Array ? own.Items.FirstOrDefault().Words : own.Words) ?? reply.Body.Text("message"), about);
        var (code, field) = Known.GetValueOrDefault(key, (BookingCodes.Refused, null));
        return new(code, words, field, Kind: key == Validated ? RefusalKind.Conflict : RefusalKind.Invalid);
    }

    /// <summary>True when this merchant has no such parcel.</summary>
    internal static bool IsUnknown(CourierReply reply) => reply.Status == 422 && Errors(reply).Contains("tracking");

    /// <summary>The code of a desk as it is sent; lists name it by its inner code, whose key has two digits for the wilaya.</summary>
    private static string? Desk(CourierAccess access, PlaceRow? desk) => desk is null ? null : access.Variant(StationCode) == "key" ? desk.Ref.PadLeft(3, '0') : desk.Ref;

    private static string? Desk(CourierAccess access, ParcelToBook p) => p.Delivery == Delivery.Desk ? Desk(access, p.Desk) : null;

    private static int IsDesk(ParcelToBook p) => p.Delivery == Delivery.Desk ? 1 : 0;

    /// <summary>There is no field for what may break.</summary>
    private static string NoteOf(ParcelToBook p) => (p.IsFragile ? "FRAGILE " : "") + CourierHttp.Plain(p.Note);

    /// <summary>Whole kilograms, begun ones counted; null: not said.</summary>
    private static int? Kilograms(int grams) => grams > 0 ? (int)Math.Ceiling(grams / 1000m) : null;
}
