using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Maystro;

/// <summary>Create, read, change, cancel, label, products (facts: couriers/maystro.md sections 3 and 4).</summary>
public sealed class MaystroOrders(MaystroCourier courier, MaystroPlaces places)
{
    private const int PerPage = 20;
    private static readonly HashSet<string> Changeable =
        ["wilaya", "commune", "customer_name", "customer_phone", "destination_text", "product_price", "delivery_type", "express", "products", "note_to_driver", "external_order_id", "stop_desk_id"];

    /// <summary><c>{"detail","status_code"}</c>.</summary>
    public static CourierRefusal No(int status, string detail) => new(status, new JsonObject { ["detail"] = detail, ["status_code"] = status });

    /// <summary><c>POST stores/orders/</c>; the old path does not ask for <c>express</c>.</summary>
    public JsonObject Create(CourierAccount account, JsonNode? body, bool oldPath)
    {
        var order = body as JsonObject ?? throw No(400, "JSON parse error");
        var price = Check(account, order, needsExpress: !oldPath, except: null);
        var parcel = new PlayedParcel
        {
            Account = account, Id = Guid.NewGuid().ToString(), Tracking = MaystroCourier.Text(courier.NewDisplayId()), Client = "", Phone = "", Wilaya = 0, Commune = "", Amount = 0,
            Status = MaystroCourier.Text(MaystroStates.Created), IsReleased = true, CreatedAt = courier.Now, More = order.DeepClone().AsObject(),
        };
        Write(parcel, price);
        courier.Take(parcel);
        return new() { ["id"] = parcel.Id, ["display_id"] = Display(parcel), ["status"] = MaystroStates.Created, ["external_order_id"] = parcel.Reference };
    }

    /// <summary><c>GET stores/orders/</c>: by reference, by number, or all, newest first; <c>search-shape</c> = <c>results</c>.</summary>
    public JsonObject Search(CourierAccount account, IQueryCollection query, string self)
    {
        var page = query["page"].ToString() is { Length: > 0 } asked ? int.TryParse(asked, CultureInfo.InvariantCulture, out var n) ? n : 0 : 1;
        var fitting = courier.Parcels.Where(p => p.Account == account && Fits("external_order_id", p.Reference) && Fits("display_id", p.Tracking)).Reverse().ToList();
        if (page < 1 || (page > 1 && (page - 1) * PerPage >= fitting.Count)) throw No(404, "Invalid page.");
        return Page(fitting.Skip((page - 1) * PerPage).Take(PerPage).Select(Shown), fitting.Count, page * PerPage < fitting.Count ? self + QueryString.Create(query.Where(q => q.Key != "page").Append(new("page", MaystroCourier.Text(page + 1)))) : null);

        bool Fits(string name, string? value) => query[name].ToString() is not { Length: > 0 } wanted || wanted == value;
    }

    /// <summary><c>GET stores/orders/{uuid}/</c>.</summary>
    public JsonObject Shown(PlayedParcel p) => new()
    {
        ["id"] = p.Id, ["instance_uuid"] = p.Id, ["display_id"] = Display(p), ["external_order_id"] = p.Reference, ["status"] = MaystroCourier.Code(p), ["ordered_at"] = Iso(p.CreatedAt),
        ["delivered_at"] = Last(p, "41"), ["postponed_to"] = p.Status == "42" ? Iso(p.History[^1].At.AddDays(1)) : null, ["alerted_at"] = Last(p, "32"),
        ["alert_reason"] = p.More["alert_reason"]?.DeepClone(), ["abort_reason"] = p.More["abort_reason"]?.DeepClone(), ["customer_name"] = p.Client, ["customer_phone"] = p.Phone, ["destination_text"] = p.Address,
        ["product_price"] = p.More["product_price"]!.DeepClone(), ["delivery_type"] = p.More["delivery_type"]!.DeepClone(), ["delivery_price"] = p.More["delivery_price"]!.DeepClone(), ["commune"] = p.More["commune"]!.DeepClone(), ["commune_name"] = p.Commune, ["wilaya"] = p.Wilaya,
        ["tracking_number"] = p.Tracking,
    };

    /// <summary><c>PATCH stores/orders/{uuid}/</c>, while the merchant still has it.</summary>
    public JsonObject Change(PlayedParcel parcel, JsonNode? body)
    {
        var change = body as JsonObject ?? throw No(400, "JSON parse error");
        if (!MaystroStates.IsEditable(MaystroCourier.Code(parcel))) throw No(400, "This order can no longer be edited.");
        if (change.Select(c => c.Key).FirstOrDefault(k => !Changeable.Contains(k)) is { } other) throw Field(other, "This field may not be edited.");
        var whole = parcel.More.DeepClone().AsObject();
        foreach (var (name, value) in change) whole[name] = value?.DeepClone();
        var price = Check(parcel.Account, whole, needsExpress: false, except: parcel);
        foreach (var (name, value) in change) parcel.More[name] = value?.DeepClone();
        Write(parcel, price);
        return Shown(parcel);
    }

    /// <summary><c>PATCH shared/status/{id}/ {"status":50,"abort_reason":21}</c>: cancelling is all a merchant may do.</summary>
    public JsonObject Cancel(PlayedParcel parcel, JsonNode? body)
    {
        if (Int(body?["status"]) != MaystroStates.Cancelled) throw Field("status", "You may only cancel an order.");
        if (Int(body?["abort_reason"]) is not { } reason) throw Field("abort_reason", "This field is required.");
        if (MaystroStates.IsOver(MaystroCourier.Code(parcel))) throw No(400, "This order can no longer be cancelled.");
        courier.Move(parcel, new() { To = "50", Reason = MaystroCourier.Text(reason) });
        parcel.More["abort_reason"] = reason;
        return Shown(parcel);
    }

    /// <summary><c>GET stores/history_order/{id}</c>, oldest first.</summary>
    public static JsonArray History(PlayedParcel parcel) =>
        [.. parcel.History.OrderBy(e => e.At).Select(e => new JsonObject { ["status"] = MaystroCourier.CodeOf(e.Status), ["created_at"] = Iso(e.At), ["comment"] = e.Reason ?? "" })];

    /// <summary>Labels in one PDF: v2 by uuid, v1 by display id; any other id makes it a blank page of about 880 bytes.</summary>
    public byte[] Labels(CourierAccount account, JsonNode? body, bool isV1)
    {
        if (body?["orders_ids"] is not JsonArray { Count: > 0 } ids) throw Field("orders_ids", "This field is required.");
        var parcels = ids.Select(id => isV1
            ? Int(id) is { } number && courier.Find(MaystroCourier.Text(number), account) is { } byNumber ? byNumber : null
            : id is JsonValue text && text.GetValueKind() == JsonValueKind.String && courier.Find(text.GetValue<string>(), account) is { } byId && byId.Id == text.GetValue<string>() ? byId : null).ToList();
        return parcels.Any(p => p is null) ? LabelPdf.Blank() : LabelPdf.Make([.. parcels.Select(p => LabelPdf.Of("Maystro", p!))]);
    }

    /// <summary><c>POST stores/product/</c>.</summary>
    public JsonObject AddProduct(CourierAccount account, JsonNode? body)
    {
        if (CourierJson.Words(body?["store_id"]) is not { } store) throw Field("store_id", "This field is required.");
        if (store != account.Id) throw Field("store_id", "Invalid store.");
        if (CourierJson.Words(body?["logistical_description"]) is not { } words) throw Field("logistical_description", "This field is required.");
        var product = new MaystroProduct(Guid.NewGuid().ToString(), courier.NewDisplayId(), CourierJson.Words(body?["product_id"]) ?? Guid.NewGuid().ToString("N")[..8], words, account);
        courier.Products.Add(product);
        return Shown(product);
    }

    /// <summary><c>GET stores/product/?search=</c>.</summary>
    public JsonObject Products(CourierAccount account, string? search)
    {
        var found = courier.Products.Where(p => p.Account == account && (string.IsNullOrEmpty(search) || p.Description.Contains(search, StringComparison.OrdinalIgnoreCase) || p.ProductId == search)).Select(Shown).ToList();
        return Page(found, found.Count, null);
    }

    private JsonObject Page(IEnumerable<JsonObject> rows, int count, string? next)
    {
        var page = new JsonObject { ["results"] = new JsonArray([.. rows]), ["next"] = next, ["count"] = count };
        return courier.Vendor.Faults.Value("search-shape") == "results" ? page : new() { ["list"] = page };
    }

    // All rules of an order; the delivery's price, when it may be delivered so.
    private int Check(CourierAccount account, JsonObject o, bool needsExpress, PlayedParcel? except)
    {
        var wrong = new FieldErrors();
        foreach (var name in (string[])["source", "wilaya", "commune", "product_price", "delivery_type"])
            if (o[name] is null) wrong.Add(name, "This field is required.");
            else if (Int(o[name]) is null) wrong.Add(name, "A valid integer is required.");
        foreach (var name in (string[])["customer_name", "customer_phone"])
            if (CourierJson.Words(o[name]) is null) wrong.Add(name, o[name] is null ? "This field is required." : "This field may not be blank.");
        if (Int(o["source"]) is { } source and not 4) wrong.Add("source", $"\"{source}\" is not a valid choice.");
        if (CourierJson.Words(o["customer_phone"]) is { } phone && !FieldErrors.IsPhone(phone)) wrong.Add("customer_phone", "Enter a valid phone number.");
        if (Int(o["product_price"]) is < 0) wrong.Add("product_price", "Ensure this value is greater than or equal to 0.");
        if (needsExpress && o["express"] is null) wrong.Add("express", "This field is required.");
        if (o["express"] is { } flag && flag.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) wrong.Add("express", "Must be a valid boolean.");
        var commune = Int(o["commune"]) is { } id ? places.Commune(id) : null;
        if (Int(o["wilaya"]) is { } wilaya && !places.Serves(wilaya)) wrong.Add("wilaya", $"Invalid pk \"{wilaya}\" - object does not exist.");
        else if (Int(o["commune"]) is { } named && (commune is null || commune.WilayaIn(courier.Model) != Int(o["wilaya"]))) wrong.Add("commune", $"Invalid pk \"{named}\" - object does not exist.");
        // The wrong value ships to the wrong place: 1 home and 2 desk, or with the switch 0 and 1.
        var (home, desk) = courier.Vendor.Faults.Value("delivery-type") == "0/1" ? (0, 1) : (1, 2);
        var type = Int(o["delivery_type"]);
        if (type is { } kind && kind != home && kind != desk) wrong.Add("delivery_type", $"\"{kind}\" is not a valid choice.");
        CheckProducts(account, o["products"], wrong);
        var reference = CourierJson.Words(o["external_order_id"]);
        if (reference is not null && courier.Vendor.Faults.Value("external-order-id") == "unique" && courier.Parcels.Any(p => p != except && p.Account == account && p.Reference == reference))
            wrong.Add("external_order_id", "order with this external order id already exists.");
        if (wrong.Any) throw new CourierRefusal(400, wrong.Json());
        if (places.Price(commune!.WilayaIn(courier.Model), type == desk, o["express"]?.GetValueKind() == JsonValueKind.True) is { } price) return price;
        throw Field("delivery_type", "This delivery is not offered for this commune.");
    }

    private void CheckProducts(CourierAccount account, JsonNode? node, FieldErrors wrong)
    {
        if (node is not JsonArray { Count: > 0 } products) { wrong.Add("products", "This field is required."); return; }
        foreach (var product in products)
        {
            var known = CourierJson.Words(product?["product_id"]);
            if (Int(product?["quantity"]) is not >= 1) wrong.Add("products", "quantity: Ensure this value is greater than or equal to 1.");
            if (known is null && CourierJson.Words(product?["logistical_description"]) is null) wrong.Add("products", "logistical_description: This field is required.");
            if (known is null && courier.Vendor.Faults.Value("product-id") == "required") wrong.Add("products", "product_id: This field is required.");
            if (known is not null && !courier.Products.Any(p => p.Account == account && (p.ProductId == known || p.Id == known))) wrong.Add("products", $"product_id: Invalid pk \"{known}\" - object does not exist.");
        }
    }

    // The parcel as the order now says.
    private void Write(PlayedParcel p, int price)
    {
        var o = p.More;
        o["delivery_price"] = price;
        var commune = places.Commune(Int(o["commune"])!.Value)!;
        (p.Client, p.Phone, p.Address) = (CourierJson.Words(o["customer_name"])!, CourierJson.Words(o["customer_phone"])!, CourierJson.Words(o["destination_text"]) ?? "");
        (p.Reference, p.Note) = (CourierJson.Words(o["external_order_id"]), CourierJson.Words(o["note_to_driver"]));
        (p.Wilaya, p.Commune) = (commune.WilayaIn(courier.Model), courier.Spell(commune.French));
        p.ToDesk = Int(o["delivery_type"]) == (courier.Vendor.Faults.Value("delivery-type") == "0/1" ? 1 : 2);
        p.Desk = CourierJson.Words(o["stop_desk_id"]);
        // The whole price of the door, or with the switch the goods alone: then the customer pays the delivery on top.
        p.Amount = Int(o["product_price"])!.Value + (courier.Vendor.Faults.Value("product-price") == "goods" ? price : 0);
        p.Product = string.Join(", ", o["products"]!.AsArray().Select(line => $"{CourierJson.Words(line?["logistical_description"]) ?? CourierJson.Words(line?["product_id"])} x{Int(line?["quantity"])}"));
    }

    private static JsonObject Shown(MaystroProduct p) => new() { ["id"] = p.Id, ["display_id"] = p.DisplayId, ["product_id"] = p.ProductId, ["logistical_description"] = p.Description, ["store"] = p.Account.Id };

    private static CourierRefusal Field(string name, string words)
    {
        var wrong = new FieldErrors();
        wrong.Add(name, words);
        return new(400, wrong.Json());
    }

    // Only a JSON number: text in its place is refused.
    private static int? Int(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) ? number : null;

    private static int Display(PlayedParcel p) => int.Parse(p.Tracking, CultureInfo.InvariantCulture);

    private static string? Last(PlayedParcel p, string status) => p.History.LastOrDefault(e => e.Status == status) is { } e ? Iso(e.At) : null;

    private static string Iso(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
