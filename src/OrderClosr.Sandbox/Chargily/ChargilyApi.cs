using System.Globalization;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>Finds who answers a path of the API (facts: chargily.md section 2).</summary>
public sealed class ChargilyApi(ChargilyBook book, Checkouts checkouts, SandboxOptions options, TimeProvider time)
{
    private readonly RateBuckets _rates = new(time);

    /// <summary><c>/test/api/v2/checkouts</c> and <c>/api/v2/checkouts</c> → <c>/checkouts</c>.</summary>
    public static string WithoutPrefix(string path)
    {
        if (path.StartsWith("/test/", StringComparison.Ordinal)) path = path[5..];
        return path.StartsWith("/api/v2/", StringComparison.Ordinal) ? path[7..] : path;
    }

    /// <summary>Forgets counted calls.</summary>
    public void Clear() => _rates.Clear();

    /// <summary>One call.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, string path)
    {
        path = WithoutPrefix("/" + path).Trim('/');
        try
        {
            Open(http);
            var (verb, wish) = (http.Request.Method, await CourierJson.BodyAsync(http.Request) as JsonObject ?? []);
            return path.Split('/') switch
            {
                ["balance"] when verb == "GET" => Answer(Balance()),
                ["checkouts"] when verb == "POST" => Answer(await checkouts.CreateAsync(wish), Created),
                ["checkouts", var id, "expire"] when verb == "POST" => Answer(await checkouts.ExpireAsync(id)),
                ["checkouts", var id, "items"] when verb == "GET" => Locked(() => Answer(Paged(http, checkouts.Items(id)))),
                ["payment-links", var id, "items"] when verb == "GET" => Locked(() => Answer(Paged(http, (JsonArray)The("payment-links", id)["items"]!.DeepClone()))),
                ["products", var id, "prices"] when verb == "GET" => Locked(() => Answer(Paged(http, new([.. book.All("prices").Where(p => (string?)p["product_id"] == The("products", id)["id"]!.GetValue<string>()).Select(p => p.DeepClone())])))),
                [var kind] when verb == "GET" && ChargilyBook.Kinds.Contains(kind) => Locked(() => Answer(Paged(http, new([.. book.All(kind).Reverse().Select(o => (JsonNode)Shown(kind, o))])))),
                [var kind] when verb == "POST" && ChargilyBook.Kinds.Contains(kind) => Locked(() => Answer(Shown(kind, book.Add(kind, Made(kind, wish, null))), Created)),
                [var kind, var id] when verb == "GET" && ChargilyBook.Kinds.Contains(kind) => Locked(() => Answer(Shown(kind, The(kind, id)))),
                [var kind and ("customers" or "products"), var id] when verb == "DELETE" => Locked(() => Remove(kind, id)),
                [var kind and not "checkouts", var id] when ChargilyBook.Kinds.Contains(kind) && (verb == "POST" || (verb == "PATCH" && book.Vendor.Faults.Value("customer-update") != "post-only")) => Locked(() => Change(kind, id, wish)),
                [var kind, ..] when ChargilyBook.Kinds.Contains(kind) || kind == "balance" => throw ChargilyRefusal.Of(405, "The method is not supported for this route."),
                _ => throw ChargilyRefusal.Of(404, "Not Found"),
            };
        }
        catch (ChargilyRefusal no) { return no.Answer(); }
    }

    private int Created => book.Vendor.Faults.Value("create-status") == "201" ? 201 : 200;

    private void Open(HttpContext http)
    {
        if (Laravel.Bearer(http.Request) != options.ChargilySecretKey) throw ChargilyRefusal.Of(401, "Unauthenticated.");
        if (!int.TryParse(book.Vendor.Faults.Value("rate-limit"), CultureInfo.InvariantCulture, out var limit)) return;
        var answer = _rates.Count("key", [new("minute", TimeSpan.FromMinutes(1), limit)]);
        if (!answer.IsRefused) return;
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling(answer.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        throw ChargilyRefusal.Of(429, "Too Many Attempts.");
    }

    private IResult Locked(Func<IResult> answer)
    {
        lock (book.Gate) return answer();
    }

    private static IResult Answer(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(CourierJson.Relaxed), "application/json", statusCode: status);

    private JsonObject The(string kind, string id) => book.Find(kind, id) ?? throw ChargilyRefusal.Of(404, "Not Found");

    private JsonObject Shown(string kind, JsonObject thing) => kind == "checkouts" ? checkouts.Shown(thing) : (JsonObject)thing.DeepClone();

    private IResult Remove(string kind, string id) => book.Remove(kind, id) ? Answer(new JsonObject { ["livemode"] = false, ["entity"] = kind.TrimEnd('s'), ["id"] = id, ["deleted"] = true }) : throw ChargilyRefusal.Of(404, "Not Found");

    private IResult Change(string kind, string id, JsonObject wish)
    {
        var thing = The(kind, id);
        if (kind == "prices" && wish.Any(w => w.Key != "metadata")) throw Wrong(wish.First(w => w.Key != "metadata").Key, "Only metadata can be changed.");
        var changed = Made(kind, wish, thing);
        foreach (var (name, value) in changed) thing[name] = value?.DeepClone();
        thing["updated_at"] = book.Now;
        return Answer(Shown(kind, thing));
    }

    /// <summary>A new object of a kind, or the fields of one that are changed.</summary>
    private JsonObject Made(string kind, JsonObject wish, JsonObject? old)
    {
        var errors = new FieldErrors();
        if (wish["metadata"] is not (null or JsonObject)) errors.Add("metadata", "The metadata field must be an object.");
        var made = new JsonObject { ["entity"] = kind switch { "payment-links" => "payment_link", _ => kind.TrimEnd('s') }, ["livemode"] = false };
        foreach (var (name, value) in wish) made[name] = value?.DeepClone();
        switch (kind)
        {
            case "customers":
                if (book.Vendor.Faults.Value("customer-format") != "any")
                {
                    if (wish["phone"] is not null && (wish.TextOf("phone") is not { } phone || !phone.StartsWith("+213", StringComparison.Ordinal))) errors.Add("phone", "The phone field must be a valid phone number.");
                    if (wish["address"] is JsonObject address && address["country"] is not null && address.TextOf("country") != "dz") errors.Add("address.country", "The selected address.country is invalid.");
                }
                if (wish["email"] is not null && wish.TextOf("email")?.Contains('@', StringComparison.Ordinal) != true) errors.Add("email", "The email field must be a valid email address.");
                break;
            case "products":
                if (old is null && wish.TextOf("name") is null) errors.Add("name", "The name field is required.");
                if (wish["images"] is JsonArray { Count: > 8 }) errors.Add("images", "The images field must not have more than 8 items.");
                break;
            case "prices" when old is null:
                if (wish.WholeOf("amount") is not > 0) errors.Add("amount", "The amount field must be an integer.");
                Checkouts.Currency(wish, errors);
                if (wish.TextOf("product_id") is not { } product || book.Find("products", product) is null) errors.Add("product_id", "The selected product id is invalid.");
                break;
            case "payment-links":
                if (old is null && wish.TextOf("name") is null) errors.Add("name", "The name field is required.");
                if (old is null || wish["items"] is not null)
                {
                    if (wish["items"] is not JsonArray { Count: > 0 } items || items.Any(i => (i as JsonObject)?.TextOf("price") is not { } price || book.Find("prices", price) is null || (i as JsonObject)?.WholeOf("quantity") is not >= 1)) errors.Add("items", "The items field is invalid.");
                }
                if (old is null) made["active"] = 1;
                break;
        }
        if (errors.Any) throw ChargilyRefusal.Invalid(errors);
        if (kind == "payment-links" && old is null) made["url"] = null;
        return made;
    }

    private static ChargilyRefusal Wrong(string field, string words)
    {
        var errors = new FieldErrors();
        errors.Add(field, words);
        return ChargilyRefusal.Invalid(errors);
    }

    private JsonObject Balance()
    {
        lock (book.Gate)
        {
            var paid = book.All("checkouts").Where(c => (string?)c["status"] == "paid").Sum(c => (long)(int)c["amount"]!);
            return new()
            {
                ["entity"] = "balance", ["livemode"] = false,
                ["wallets"] = new JsonArray([.. ((string[])["dzd", "usd", "eur"]).Select(c => (JsonNode)new JsonObject
                {
                    ["currency"] = c, ["balance"] = c == "dzd" ? paid : 0, ["ready_for_payout"] = (c == "dzd" ? paid : 0).ToString(CultureInfo.InvariantCulture), ["on_hold"] = 0,
                })]),
            };
        }
    }

    /// <summary>A page of a list, as Laravel writes it.</summary>
    private static JsonObject Paged(HttpContext http, JsonArray all)
    {
        int Asked(string name, int usual, int least, int most)
        {
            var text = http.Request.Query[name].ToString();
            if (text.Length == 0) return usual;
            return int.TryParse(text, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n : throw Wrong(name, $"The {name.Replace('_', ' ')} field must be between {least} and {most}.");
        }
        var (size, page) = (Asked("per_page", 10, 1, 50), Asked("page", 1, 1, int.MaxValue));
        var last = Math.Max(1, (all.Count + size - 1) / size);
        var path = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}";
        string At(int n) => $"{path}?page={n.ToString(CultureInfo.InvariantCulture)}";
        return new()
        {
            ["livemode"] = false, ["current_page"] = page, ["data"] = new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(o => o?.DeepClone())]), ["first_page_url"] = At(1), ["last_page"] = last, ["last_page_url"] = At(last),
            ["next_page_url"] = page < last ? At(page + 1) : null, ["path"] = path, ["per_page"] = size, ["prev_page_url"] = page > 1 ? At(page - 1) : null, ["total"] = all.Count,
        };
    }
}
