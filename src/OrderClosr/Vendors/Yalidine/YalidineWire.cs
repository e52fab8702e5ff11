using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Yalidine;

/// <summary>Yalidine's field names and noes (facts/couriers/yalidine.md sections 2 and 4).</summary>
internal static class YalidineWire
{
    /// <summary>Their field → our code and our field. A no names the field only in its sentence.</summary>
    private static readonly (string Theirs, string Code, string? Ours)[] Fields =
    [
        ("stopdesk_id", BookingCodes.Desk, "desk"), ("is_stopdesk", BookingCodes.Desk, "desk"), ("to_commune_name", BookingCodes.Commune, "commune"), ("to_wilaya_name", BookingCodes.Wilaya, "wilaya"),
        ("from_wilaya_name", BookingCodes.Refused, "origin_wilaya"), ("contact_phone", BookingCodes.Phone, "phone"), ("firstname", BookingCodes.Name, "name"), ("familyname", BookingCodes.Name, "name"),
        ("address", BookingCodes.Address, "address"), ("product_to_collect", BookingCodes.Goods, "goods"), ("product_list", BookingCodes.Goods, "goods"), ("price", BookingCodes.Amount, "to_collect"),
        ("declared_value", BookingCodes.Amount, "to_collect"), ("length", BookingCodes.Weight, "weight"), ("width", BookingCodes.Weight, "weight"), ("height", BookingCodes.Weight, "weight"), ("weight", BookingCodes.Weight, "weight"),
    ];

    /// <summary>A parcel of <c>POST parcels/</c>.</summary>
    internal static JsonObject Parcel(ParcelToBook p, PlaceRow origin, bool isFreeShipping)
    {
        var (first, family) = Names(p.Name);
        return new()
        {
            ["order_id"] = p.Reference, ["from_wilaya_name"] = origin.Name, ["firstname"] = first, ["familyname"] = family, ["contact_phone"] = Phones(p), ["address"] = Plain(p.Address),
            ["to_wilaya_name"] = p.Wilaya.Name, ["to_commune_name"] = p.Commune.Name, ["product_list"] = Plain(p.Goods), ["price"] = p.ToCollect.Amount, ["do_insurance"] = false, ["declared_value"] = p.GoodsValue.Amount,
            ["length"] = 0, ["width"] = 0, ["height"] = 0, ["weight"] = Kilograms(p.Weight), ["freeshipping"] = isFreeShipping, ["is_stopdesk"] = p.Delivery == Delivery.Desk,
            ["stopdesk_id"] = p.Delivery == Delivery.Desk ? DeskOf(p.Desk) : null, ["has_exchange"] = p.IsExchange, ["product_to_collect"] = p.IsExchange ? Plain(p.ToTakeBack.Length > 0 ? p.ToTakeBack : p.Goods) : null,
        };
    }

    /// <summary>The fields of <c>PATCH parcels/</c> that a change touches.</summary>
    internal static JsonObject Changes(ParcelChange change)
    {
        var fields = new JsonObject();
        if (change.Name is { } name) (fields["firstname"], fields["familyname"]) = (Names(name).First, Names(name).Family);
        if (change.Fields.HasFlag(ParcelFields.Phone)) fields["contact_phone"] = Phones(change.Whole);
        if (change.Address is { } address) fields["address"] = Plain(address);
        if (change.ToCollect is { } amount) fields["price"] = amount.Amount;
        if (change.Goods is { } goods) fields["product_list"] = Plain(goods);
        if (change.Destination is not { } to) return fields;
        (fields["to_wilaya_name"], fields["to_commune_name"]) = (to.Wilaya.Name, to.Commune.Name);
        (fields["is_stopdesk"], fields["stopdesk_id"]) = (to.Delivery == Delivery.Desk, to.Delivery == Delivery.Desk ? DeskOf(to.Desk) : null);
        return fields;
    }

    internal static int? DeskOf(PlaceRow? desk) => LooseJson.WholeIn(desk?.Ref);

    /// <summary>The envelope of every list.</summary>
    internal static bool IsList(JsonElement body) => body.At("data").ValueKind is JsonValueKind.Array or JsonValueKind.Object;

    /// <summary>What an answer says about one parcel: under our reference, under its tracking, in a list, or the answer itself. Undefined when nothing does.</summary>
    internal static JsonElement RowOf(JsonElement body, string reference, string? tracking)
    {
        if (body.At(reference) is { ValueKind: JsonValueKind.Object } keyed) return keyed;
        if (tracking is not null && body.At(tracking) is { ValueKind: JsonValueKind.Object } tracked) return tracked;
        if (IsOf(body)) return body;
        return body.Items.FirstOrDefault(IsOf);

        bool IsOf(JsonElement row) => row.ValueKind == JsonValueKind.Object && (row.Text("order_id") is { } order ? string.Equals(order, reference, StringComparison.Ordinal) : tracking is not null && row.Text("tracking") == tracking);
    }

    /// <summary>Why an answer is a no; null when it is none, or not a clear one.</summary>
    internal static Refusal? No(CourierReply reply, JsonElement row, ParcelToBook about)
    {
        if (reply.IsSuccess && row.Flag("success") != false) return null;
        if ((row.Text("message") ?? Words(reply.Body)) is not { } said) return null;
        var named = Fields.Select(f => (Field: f, At: Place(said, f.Theirs))).Where(f => f.At >= 0).OrderBy(f => f.At).Select(f => f.Field).FirstOrDefault();
        return new(named.Code ?? BookingCodes.Refused, CourierHttp.Sentence(said, about), named.Ours);
    }

    /// <summary>The sentence of a refusal that is not about one parcel.</summary>
    internal static string? Words(JsonElement body) => body.At("error").Text("message") ?? body.Text("error") ?? body.Text("message");

    /// <summary>Where a sentence names a field as a word of its own; -1 when it does not.</summary>
    private static int Place(string text, string field)
    {
        for (var at = text.IndexOf(field, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(field, at + 1, StringComparison.OrdinalIgnoreCase))
            if ((at == 0 || !IsPart(text[at - 1])) && (at + field.Length == text.Length || !IsPart(text[at + field.Length]))) return at;
        return -1;

        static bool IsPart(char c) => c == '_' || char.IsLetterOrDigit(c);
    }

    /// <summary>Both names are wanted and we know one line: the first word, and the rest.</summary>
    private static (string First, string Family) Names(string name)
    {
        var words = Plain(name).Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words switch { [var first, var family] => (first, family), [var only] => (only, "-"), _ => ("", "") };
    }

    private static string Phones(ParcelToBook p) => p.SecondPhone is { } second ? $"{p.Phone.National},{second.National}" : p.Phone.National;

    private static string Plain(string text) => CourierHttp.Plain(text).Trim();

    /// <summary>Whole kilograms, begun ones counted.</summary>
    private static int Kilograms(int grams) => (int)Math.Ceiling(grams / 1000m);
}
