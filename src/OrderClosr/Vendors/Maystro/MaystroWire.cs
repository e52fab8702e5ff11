using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Shipping;

namespace OrderClosr.Vendors.Maystro;

/// <summary>Maystro's field names and noes (facts/couriers/maystro.md sections 3 and 4). Numbers must be numbers.</summary>
internal static class MaystroWire
{
    /// <summary>What "home" and "desk" are called (section 8 row 1): the wrong one ships to the wrong place, so the courier must be asked before it is changed.</summary>
    internal static readonly CourierVariant DeliveryType = new("delivery_type", "1_home_2_desk", "0_home_1_desk");

    /// <summary>Whether the price sent is all the customer pays, or the goods alone with their delivery on top (row 2).</summary>
    internal static readonly CourierVariant Price = new("product_price", "whole", "goods");

    /// <summary>Whether a line is only described, or a product of the store is made for it first (row 3).</summary>
    internal static readonly CourierVariant Lines = new("products", "described", "created");

    private static readonly Dictionary<string, (string Code, string Field)> Fields = new(StringComparer.Ordinal)
    {
        ["customer_name"] = (BookingCodes.Name, "name"), ["customer_phone"] = (BookingCodes.Phone, "phone"), ["destination_text"] = (BookingCodes.Address, "address"), ["commune"] = (BookingCodes.Commune, "commune"),
        ["wilaya"] = (BookingCodes.Wilaya, "wilaya"), ["product_price"] = (BookingCodes.Amount, "to_collect"), ["delivery_type"] = (BookingCodes.Desk, "delivery"), ["products"] = (BookingCodes.Goods, "goods"),
    };

    /// <summary>An order as it is made or changed; fields that are null are not sent.</summary>
    internal sealed record Order
    {
        [JsonPropertyName("source"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Source { get; init; }
        [JsonPropertyName("wilaya"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Wilaya { get; init; }
        [JsonPropertyName("commune"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Commune { get; init; }
        [JsonPropertyName("customer_name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }
        [JsonPropertyName("customer_phone"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Phone { get; init; }
        [JsonPropertyName("destination_text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Address { get; init; }
        [JsonPropertyName("product_price"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? Price { get; init; }
        [JsonPropertyName("delivery_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? DeliveryType { get; init; }
        [JsonPropertyName("express"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? IsExpress { get; init; }
        [JsonPropertyName("products"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<Product>? Products { get; init; }
        [JsonPropertyName("note_to_driver"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Note { get; init; }
        [JsonPropertyName("external_order_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Reference { get; init; }
    }

    /// <summary>A line of an order.</summary>
    internal sealed record Product
    {
        [JsonPropertyName("product_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Id { get; init; }
        [JsonPropertyName("quantity")] public required int Quantity { get; init; }
        [JsonPropertyName("logistical_description")] public required string Description { get; init; }
    }

    internal static Order Create(CourierAccess access, ParcelToBook p, IReadOnlyList<Product> products) => new()
    {
        Source = 4, Wilaya = LooseJson.WholeIn(p.Wilaya.Ref), Commune = LooseJson.WholeIn(p.Commune.Ref), Name = CourierHttp.Plain(p.Name), Phone = p.Phone.National, Address = CourierHttp.Plain(p.Address),
        Price = PriceOf(access, p), DeliveryType = TypeOf(access, p.Delivery), IsExpress = false, Products = products, Note = NoteOf(p), Reference = p.Reference,
    };

    internal static Order Change(CourierAccess access, ParcelChange change, IReadOnlyList<Product>? products) => new()
    {
        Name = change.Name is { } name ? CourierHttp.Plain(name) : null, Phone = change.Phone?.National, Address = change.Address is { } address ? CourierHttp.Plain(address) : null,
        Wilaya = LooseJson.WholeIn(change.Destination?.Wilaya.Ref), Commune = LooseJson.WholeIn(change.Destination?.Commune.Ref), DeliveryType = change.Destination is { } to ? TypeOf(access, to.Delivery) : null,
        Price = change.ToCollect is null ? null : PriceOf(access, change.Whole), Products = products, Note = change.Note is null && change.SecondPhone is null ? null : NoteOf(change.Whole),
    };

    internal static int TypeOf(CourierAccess access, Delivery delivery) => (access.Variant(DeliveryType) == "0_home_1_desk", delivery) switch
    {
        (true, Delivery.Home) => 0, (true, _) => 1, (false, Delivery.Home) => 1, _ => 2,
    };

    /// <summary>The lines as text only.</summary>
    internal static IReadOnlyList<Product> Described(ParcelToBook p) => p.Lines.Count == 0
        ? [new() { Quantity = 1, Description = CourierHttp.Plain(p.Goods) }]
        : [.. p.Lines.Select(l => new Product { Quantity = l.Quantity, Description = CourierHttp.Plain(l.Name) })];

    /// <summary>Why it is refused; null when it is no refusal. Field errors come as <c>{"field":["…"]}</c>, others as <c>{"detail"}</c>.</summary>
    internal static Refusal? No(CourierReply reply, ParcelToBook? about = null)
    {
        if (reply.IsSuccess) return null;
        var fields = reply.Body.Members.Where(m => m.Value.ValueKind == JsonValueKind.Array).Select(m => (m.Name, m.Value)).ToList();
        var detail = reply.Body.Text("detail") ?? reply.Body.Text("message");
        if (detail is not null || fields.Count == 0) return new(BookingCodes.Refused, CourierHttp.Sentence(detail, about));
        var field = fields.Find(m => Fields.ContainsKey(m.Name)) is { Name: not null } known ? known : fields[0];
        var (code, ours) = Fields.GetValueOrDefault(field.Name, (BookingCodes.Refused, ""));
        return new(code, CourierHttp.Sentence(field.Value.Items.FirstOrDefault().Words, about), ours.Length > 0 ? ours : null);
    }

    /// <summary>True when nothing but our reference is wrong, because it is there already (row 4).</summary>
    internal static bool IsRepeat(CourierReply reply) =>
        reply.Status == 400 && !reply.Body.Members.Any(m => Fields.ContainsKey(m.Name)) && reply.Body.At("external_order_id").Items.FirstOrDefault().Words is { } words
        && (words.Contains("exist", StringComparison.OrdinalIgnoreCase) || words.Contains("unique", StringComparison.OrdinalIgnoreCase));

    /// <summary>An order of theirs; null when it lacks its id.</summary>
    internal static CourierParcel? Parcel(CourierAccess access, JsonElement row, IReadOnlyList<CourierEvent> events) => row.Text("id") is not { } id ? null : new()
    {
        TheirId = id, Tracking = row.Text("display_id"), Reference = row.Text("external_order_id"), Events = events,
        // With the delivery on top we do not know the sum and do not guess it.
        ToCollect = access.Variant(Price) == "whole" ? row.Money("product_price") : null,
    };

    private static long PriceOf(CourierAccess access, ParcelToBook p) => access.Variant(Price) == "goods" ? p.GoodsValue.Amount : p.ToCollect.Amount;

    /// <summary>There is one field for all that the driver should know: what is taken back, the second phone, the merchant's words.</summary>
    private static string NoteOf(ParcelToBook p) => string.Join(" - ", ((string?[])
    [
        p.IsExchange ? $"ECHANGE, à récupérer : {CourierHttp.Plain(p.ToTakeBack)}" : null, p.IsFragile ? "FRAGILE" : null,
        p.SecondPhone is { IsSome: true } phone ? string.Create(CultureInfo.InvariantCulture, $"Tél. 2 : {phone.National}") : null, CourierHttp.Plain(p.Note),
    ]).Where(n => !string.IsNullOrWhiteSpace(n)));
}
