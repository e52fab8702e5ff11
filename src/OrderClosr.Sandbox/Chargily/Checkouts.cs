using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>Checkouts: made strictly, die after half an hour, paid by somebody on the page or by the sandbox's door.</summary>
public sealed class Checkouts(ChargilyBook book, ChargilyHooks hooks, TimeProvider time, IServiceProvider services)
{
    /// <summary>A checkout that nobody paid expires by itself (facts: chargily.md section 4).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private static readonly string[] Known =
    [
        "items", "amount", "currency", "success_url", "failure_url", "webhook_endpoint", "payment_method", "customer_id", "description", "locale", "chargily_pay_fees_allocation",
        "pass_fees_to_customer", "shipping_address", "collect_shipping_address", "percentage_discount", "amount_discount", "metadata",
    ];

    /// <summary>Makes one. The knob <c>webhook-before-answer</c> pays it and tells of it before the answer goes out.</summary>
    public async Task<JsonObject> CreateAsync(JsonObject wish)
    {
        JsonObject made;
        lock (book.Gate) made = Make(wish);
        if (book.Vendor.Faults.Knob("webhook-before-answer", "/checkouts"))
        {
            await ActAsync((string)made["id"]!, "pay", inBackground: false);
            lock (book.Gate) return Shown(made);
        }
        lock (book.Gate) return Shown(made);
    }

    /// <summary>What a payment link's visitor gets: a checkout of its items.</summary>
    public JsonObject OfLink(JsonObject link)
    {
        var made = Make(new JsonObject { ["items"] = Items(link), ["success_url"] = $"{services.OwnAddress()}/chargily/thanks" });
        made["payment_link_id"] = (string)link["id"]!;
        return Shown(made);

        static JsonArray Items(JsonObject of) => new([.. of["items"]!.AsArray().Select(i => (JsonNode)new JsonObject { ["price"] = (string?)i!["price"], ["quantity"] = (int)i["quantity"]! })]);
    }

    /// <summary>As the API shows it. The switch <c>status</c> shows another status than it has, <c>amount</c> and <c>currency</c> other money.</summary>
    public JsonObject Shown(JsonObject checkout)
    {
        Expire(checkout);
        var shown = (JsonObject)checkout.DeepClone();
        shown.Remove("items");
        if (book.Vendor.Faults.Value("status") is { } other) shown["status"] = other;
        if (int.TryParse(book.Vendor.Faults.Value("amount"), CultureInfo.InvariantCulture, out var amount)) shown["amount"] = amount;
        if (book.Vendor.Faults.Value("currency") is { } currency) shown["currency"] = currency;
        return shown;
    }

    /// <summary>What somebody does with it: <c>pay, fail, cancel, expire</c>. Null when it was done, else why not.</summary>
    /// <remarks>Only a pending one can be paid; with the knob <c>paid-after-expire</c> an expired one, too: the bank was under way already.</remarks>
    public async Task<string?> ActAsync(string id, string what, bool inBackground = true)
    {
        JsonObject told;
        string? type;
        lock (book.Gate)
        {
            if (book.Find("checkouts", id) is not { } checkout) return "no such checkout";
            Expire(checkout);
            var to = what switch { "pay" => "paid", "fail" => "failed", "cancel" => "canceled", "expire" => "expired", _ => null };
            if (to is null) return "do is pay, fail, cancel or expire";
            var status = (string?)checkout["status"];
            if (status is not ("pending" or "processing") && !(to == "paid" && status is "expired" or "canceled" && book.Vendor.Faults.Knob("paid-after-expire", "/checkouts"))) return $"it is {status} already";
            (checkout["status"], checkout["updated_at"]) = (to, book.Now);
            if (to == "paid") checkout["payment_method"] ??= "edahabia";
            (told, type) = (Shown(checkout), $"checkout.{to}");
        }
        await hooks.TellAsync(type, told, inBackground);
        return null;
    }

    /// <summary>The API's own expire: 400 for one that is expired, 403 for one that is anything else than pending.</summary>
    public async Task<JsonObject> ExpireAsync(string id)
    {
        lock (book.Gate)
        {
            var checkout = book.Find("checkouts", id) ?? throw ChargilyRefusal.Of(404, "Not Found");
            Expire(checkout);
            switch ((string?)checkout["status"])
            {
                case "pending": break;
                case "expired": throw ChargilyRefusal.Of(400, "The checkout is already expired.");
                default: throw ChargilyRefusal.Of(403, "This checkout cannot be expired.");
            }
        }
        await ActAsync(id, "expire");
        lock (book.Gate) return Shown(book.Find("checkouts", id)!);
    }

    /// <summary>Its lines; one for a bare amount.</summary>
    public JsonArray Items(string id)
    {
        var checkout = book.Find("checkouts", id) ?? throw ChargilyRefusal.Of(404, "Not Found");
        return (JsonArray)checkout["items"]!.DeepClone();
    }

    // Who looks at it late finds it expired; its event was due when the half hour was over (the timer below).
    private void Expire(JsonObject checkout)
    {
        if ((string?)checkout["status"] == "pending" && book.Now - (long)checkout["created_at"]! >= (long)Life.TotalSeconds) (checkout["status"], checkout["updated_at"]) = ("expired", book.Now);
    }

    private JsonObject Make(JsonObject wish)
    {
        var errors = new FieldErrors();
        foreach (var name in wish.Select(w => w.Key).Where(n => !Known.Contains(n))) errors.Add(name, $"The {name} field is not known.");
        var (amount, items) = Amount(wish, errors);
        foreach (var (name, isNeeded) in ((string, bool)[])[("success_url", true), ("failure_url", false), ("webhook_endpoint", false)])
        {
            var text = wish.TextOf(name);
            if (wish[name] is null ? isNeeded : text is null || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) errors.Add(name, wish[name] is null ? $"The {name.Replace('_', ' ')} field is required." : $"The {name.Replace('_', ' ')} field must be a valid URL.");
        }
        OneOf(wish, errors, "payment_method", "edahabia", "cib", "chargily_app");
        OneOf(wish, errors, "locale", "ar", "en", "fr");
        OneOf(wish, errors, "chargily_pay_fees_allocation", "customer", "merchant", "split");
        if (wish["metadata"] is not (null or JsonObject)) errors.Add("metadata", "The metadata field must be an object.");
        if (wish["customer_id"] is not null && (wish.TextOf("customer_id") is not { } buyer || book.Find("customers", buyer) is null)) errors.Add("customer_id", "The selected customer id is invalid.");
        if (wish["percentage_discount"] is not null && wish["amount_discount"] is not null) errors.Add("amount_discount", "The amount discount field prohibits percentage discount from being present.");
        var minimum = int.TryParse(book.Vendor.Faults.Value("minimum"), CultureInfo.InvariantCulture, out var own) ? own : 50;
        if (!errors.Any && amount < minimum) errors.Add("amount", $"The amount field must be at least {minimum}.");
        if (errors.Any) throw ChargilyRefusal.Invalid(errors);

        var off = (int)(wish["percentage_discount"] is { } percent ? amount * (decimal)percent / 100 : wish["amount_discount"] is { } less ? (decimal)less : 0);
        var (fees, byCustomer) = book.Vendor.Faults.Value("fees") switch { "customer" => (Fee(amount), true), "merchant" or "on" => (Fee(amount), false), _ => (0, false) };
        var made = book.Add("checkouts", new JsonObject
        {
            ["entity"] = "checkout", ["livemode"] = false, ["amount"] = amount - off, ["currency"] = "dzd", ["fees"] = fees, ["fees_on_merchant"] = byCustomer ? 0 : fees, ["fees_on_customer"] = byCustomer ? fees : 0,
            ["pass_fees_to_customer"] = wish["pass_fees_to_customer"]?.DeepClone(), ["chargily_pay_fees_allocation"] = wish.TextOf("chargily_pay_fees_allocation") ?? "merchant", ["status"] = "pending", ["locale"] = wish.TextOf("locale") ?? "ar",
            ["description"] = wish.TextOf("description"), ["metadata"] = wish["metadata"]?.DeepClone(), ["success_url"] = wish.TextOf("success_url"), ["failure_url"] = wish.TextOf("failure_url"), ["webhook_endpoint"] = wish.TextOf("webhook_endpoint"),
            ["payment_method"] = wish.TextOf("payment_method"), ["invoice_id"] = null, ["customer_id"] = wish.TextOf("customer_id"), ["payment_link_id"] = null, ["shipping_address"] = wish.TextOf("shipping_address"),
            ["collect_shipping_address"] = wish["collect_shipping_address"] is { } collects && collects.ToJsonString() is "1" or "true" ? 1 : 0,
            ["discount"] = off == 0 ? null : new JsonObject { ["type"] = wish["percentage_discount"] is null ? "amount" : "percentage", ["value"] = (wish["percentage_discount"] ?? wish["amount_discount"])!.DeepClone() },
            ["amount_without_discount"] = off == 0 ? null : amount, ["items"] = items,
        });
        var id = (string)made["id"]!;
        made["checkout_url"] = $"{services.OwnAddress()}/chargily/test/checkouts/{id}/pay";
        var timer = default(ITimer);
        timer = time.CreateTimer(_ =>
        {
            _ = ActAsync(id, "expire");
            timer?.Dispose();
        }, null, Life - TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        return made;
    }

    private (int Amount, JsonArray Items) Amount(JsonObject wish, FieldErrors errors)
    {
        if (wish["items"] is { } given)
        {
            var sum = 0;
            var items = new JsonArray();
            if (given is not JsonArray { Count: > 0 } list) errors.Add("items", "The items field must be an array.");
            else
                foreach (var item in list)
                {
                    var price = (item as JsonObject)?.TextOf("price") is { } id ? book.Find("prices", id) : null;
                    if (price is null) errors.Add("items", "The selected price is invalid.");
                    else if ((item as JsonObject)?.WholeOf("quantity") is not (>= 1 and var quantity)) errors.Add("items", "The quantity must be at least 1.");
                    else
                    {
                        sum += (int)price["amount"]! * quantity;
                        items.Add(new JsonObject { ["id"] = (string)price["id"]!, ["entity"] = "price", ["amount"] = (int)price["amount"]!, ["quantity"] = quantity, ["currency"] = "dzd", ["product_id"] = (string?)price["product_id"] });
                    }
                }
            if (wish["amount"] is not null) errors.Add("amount", "The amount field is prohibited when items is present.");
            return (sum, items);
        }
        // Strict: a number written as text is no amount.
        if (wish.WholeOf("amount") is not { } amount) errors.Add("amount", wish["amount"] is null ? "The amount field is required when items is not present." : "The amount field must be an integer.");
        else
        {
            Currency(wish, errors);
            return (amount, [new JsonObject { ["entity"] = "item", ["amount"] = amount, ["quantity"] = 1, ["currency"] = "dzd" }]);
        }
        return (0, []);
    }

    /// <summary>The only currency there is.</summary>
    internal static void Currency(JsonObject wish, FieldErrors errors)
    {
        if (wish.TextOf("currency") != "dzd") errors.Add("currency", wish["currency"] is null ? "The currency field is required." : "The selected currency is invalid.");
    }

    private static void OneOf(JsonObject wish, FieldErrors errors, string name, params string[] words)
    {
        if (wish[name] is not null && (wish.TextOf(name) is not { } word || !words.Contains(word))) errors.Add(name, $"The selected {name.Replace('_', ' ')} is invalid.");
    }

    // Invented: 2 %, the documents name no figure.
    private static int Fee(int amount) => amount / 50;
}
