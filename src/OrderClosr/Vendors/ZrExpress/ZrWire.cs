using System.Text.Json;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.ZrExpress;

/// <summary>ZR's field names and noes (facts/couriers/zr-express.md sections A1, A3).</summary>
internal static class ZrWire
{
    internal const string Duplicate = "ParcelErrors.DuplicateExternalId";

    /// <summary>Words of their fields, in their sentences too → our code and our field; the first that is found counts.</summary>
    private static readonly (string Theirs, string Code, string Field)[] Fields =
    [
        ("HubErrors", BookingCodes.Desk, "desk"), ("HubId", BookingCodes.Desk, "desk"), ("This hub", BookingCodes.Desk, "desk"), ("DeliveryType", BookingCodes.Desk, "desk"),
        ("CityTerritoryId", BookingCodes.Wilaya, "wilaya"), ("DistrictTerritoryId", BookingCodes.Commune, "commune"), ("territory", BookingCodes.Commune, "commune"), ("Street", BookingCodes.Address, "address"),
        ("Number2", BookingCodes.Phone, "second_phone"), ("Number3", BookingCodes.Phone, "second_phone"), ("Phone", BookingCodes.Phone, "phone"), ("Number1", BookingCodes.Phone, "phone"), ("number must", BookingCodes.Phone, "phone"),
        ("OrderedProducts", BookingCodes.Goods, "goods"), ("ProductName", BookingCodes.Goods, "goods"), ("Product", BookingCodes.Goods, "goods"), ("Description", BookingCodes.Goods, "goods"),
        ("Quantity", BookingCodes.Goods, "goods"), ("UnitPrice", BookingCodes.Goods, "goods"), ("StockType", BookingCodes.Goods, "goods"),
        ("Amount", BookingCodes.Amount, "to_collect"), ("Weight", BookingCodes.Weight, "weight"), ("Name", BookingCodes.Name, "name"),
    ];

    extension(JsonElement element)
    {
        /// <summary>A member whatever its case: some webhooks write <c>TrackingNumber</c> (section A6).</summary>
        internal JsonElement Any(string name)
        {
            if (element.At(name) is { IsThere: true } exact) return exact;
            foreach (var member in element.Members)
                if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && member.Value.IsThere) return member.Value;
            return default;
        }

        internal string? AnyText(string name) => element.Any(name).Words;
    }

    /// <summary>The code of a no: <c>ParcelErrors.DuplicateExternalId</c>.</summary>
    internal static string? Title(CourierReply reply) => reply.Body.AnyText("title");

    /// <summary>True when the tenant has no such parcel.</summary>
    internal static bool IsUnknown(CourierReply reply) => reply.Status == 404;

    /// <summary>The rows of a search; a page without them must not look like "nothing found".</summary>
    internal static List<JsonElement> Rows(CourierReply reply) =>
        reply.IsSuccess && reply.Body.At("items").ValueKind is JsonValueKind.Array or JsonValueKind.Object ? [.. reply.Body.At("items").Items] : throw reply.Unclear();

    /// <summary>Why an answer that is no success is a no.</summary>
    internal static Refusal No(CourierReply reply, ParcelToBook? about = null)
    {
        var said = Errors(reply.Body.At("errors")).ToList();
        var title = Title(reply) ?? "";
        return No(said.Count > 0 ? said : [(title, reply.Body.Text("detail") ?? title)], about);
    }

    /// <summary>The same of the rows of a batch that share an index.</summary>
    internal static Refusal No(IReadOnlyList<(string Field, string Words)> said, ParcelToBook? about = null)
    {
        foreach (var (field, words) in said)
            if ((Known(field) ?? Known(words)) is { } known) return new(known.Code, Sentence(words, about), known.Field);
        return new(BookingCodes.Refused, Sentence(said.Select(s => s.Words).FirstOrDefault(), about));

        static string Sentence(string? words, ParcelToBook? about) => CourierHttp.Sentence(words, about);
    }

    /// <summary>An object of arrays, an array of objects, or an array of texts: all three were seen (section D row 7).</summary>
    private static IEnumerable<(string Field, string Words)> Errors(JsonElement errors) => errors.ValueKind switch
    {
        JsonValueKind.Object => errors.Members.SelectMany(m => m.Value.ValueKind == JsonValueKind.Array ? m.Value.Items.Where(w => w.Words is not null).Select(w => (m.Name, w.Words!)) : m.Value.Words is { } one ? [(m.Name, one)] : []),
        JsonValueKind.Array => errors.Items.Where(e => e.Words is not null || e.ValueKind == JsonValueKind.Object)
            .Select(e => e.Words is { } text ? ("", text) : (e.AnyText("code") ?? e.AnyText("field") ?? "", e.AnyText("description") ?? e.AnyText("message") ?? "")),
        _ => [],
    };

    /// <summary>In the order of the table: "ProductName" is goods, and only what is left a person's name.</summary>
    private static (string Code, string Field)? Known(string text)
    {
        foreach (var (theirs, code, field) in Fields)
            if (text.Contains(theirs, StringComparison.OrdinalIgnoreCase)) return (code, field);
        return null;
    }

    internal static Dictionary<string, object?> Phones(Phone first, Phone? second)
    {
        var phones = new Dictionary<string, object?> { ["number1"] = first.E164 };
        if (second is { IsSome: true } other) phones["number2"] = other.E164;
        return phones;
    }

    internal static Dictionary<string, object?> Create(ParcelToBook p, string customer, string? hub)
    {
        var body = new Dictionary<string, object?>
        {
            ["customer"] = new Dictionary<string, object?> { ["customerId"] = customer, ["name"] = CourierHttp.Plain(p.Name), ["phone"] = Phones(p.Phone, p.SecondPhone) },
            ["deliveryAddress"] = Address(p.Address, p.Wilaya, p.Commune), ["deliveryType"] = TypeOf(p.Delivery), ["orderedProducts"] = Products(p), ["description"] = Description(p),
            ["amount"] = p.ToCollect.Amount, ["externalId"] = p.Reference,
        };
        if (hub is not null) body["hubId"] = hub;
        if (p.Weight > 0) body["weight"] = new Dictionary<string, object?> { ["weight"] = p.Weight / 1000m };
        return body;
    }

    internal static Dictionary<string, object?> Address(string street, PlaceRow wilaya, PlaceRow commune)
    {
        var address = new Dictionary<string, object?> { ["cityTerritoryId"] = wilaya.Ref, ["districtTerritoryId"] = commune.Ref, ["street"] = CourierHttp.Plain(street) };
        if (commune.PostalCode.Length > 0) address["postalCode"] = commune.PostalCode;
        return address;
    }

    /// <summary>Goods as free text: nothing of ZR's own stock.</summary>
    internal static List<Dictionary<string, object?>> Products(ParcelToBook p) => p.Lines.Count > 0
        ? [.. p.Lines.Select(l => Product(l.Name, l.Sku, l.Quantity, l.UnitPrice.Amount))]
        : [Product(p.Goods, "", 1, p.GoodsValue.Amount)];

    internal static string TypeOf(Delivery delivery) => delivery == Delivery.Desk ? "pickup-point" : "home";

    private static Dictionary<string, object?> Product(string name, string sku, int quantity, long price) => new()
    {
        ["productName"] = CourierHttp.Plain(name), ["productSku"] = sku, ["unitPrice"] = price, ["quantity"] = quantity, ["stockType"] = "none",
    };

    /// <summary>All a driver can read: there is no field for what may break, for a note, or for what an exchange brings back. At most 250 characters.</summary>
    private static string Description(ParcelToBook p)
    {
        var parts = new[] { p.IsFragile ? "FRAGILE" : "", CourierHttp.Plain(p.Goods), p.IsExchange ? "ÉCHANGE : reprendre " + CourierHttp.Plain(p.ToTakeBack.Length > 0 ? p.ToTakeBack : p.Goods) : "", p.MayOpen ? "Ouverture permise" : "", CourierHttp.Plain(p.Note) };
        // Without goods the courier says so itself.
        var all = p.Goods.Length == 0 ? "" : string.Join(" | ", parts.Where(t => t.Length > 0));
        return all.Length > 250 ? all[..250] : all;
    }
}
