using System.Net.Http.Headers;
using System.Text.Json;
using OrderClosr.Billing;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Vendors.Chargily;

/// <summary>Calls Chargily Pay V2 for the pages our plans are paid on (facts/chargily.md sections 1 to 4). Without a key it is off, and so are the plans.</summary>
/// <remarks>There is no idempotency key: a create whose answer is lost is looked for by our own id in the metadata.</remarks>
internal sealed class ChargilyClient(OutboundGate gate, ChargilySettings settings) : IPayments
{
    internal const string Vendor = "chargily";

    private const int ToAPage = 50;

    /// <summary>Pages of 50 that are looked through for a checkout of ours; older ones are long dead.</summary>
    private const int MostPages = 2;

    /// <summary>Pages of a long list; more than a shop of shops makes in two weeks.</summary>
    private const int MostListed = 40;

    public bool IsOn => settings.IsOn;
    public bool IsLive => !settings.SecretKey.StartsWith("test_", StringComparison.Ordinal);

    /// <summary>V1 asked for 75, somebody's tool says 50 for V2 (section 1): below 75 nothing is asked for.</summary>
    public Dinars Least { get; } = new(75);

    public async Task<SeenCheckout> CreateAsync(NewCheckout wish, CancellationToken stop)
    {
        var made = await CallAsync(HttpMethod.Post, "checkouts", JsonContent.Create(new ChargilyWire.Wish
        {
            Amount = wish.Amount.Amount, PaymentMethod = wish.Method == PayMethod.Cib ? "cib" : "edahabia", SuccessUrl = wish.Back.AbsoluteUri, FailureUrl = wish.Back.AbsoluteUri, WebhookEndpoint = wish.Events.AbsoluteUri,
            Description = wish.Description, Locale = wish.Language is "ar" or "fr" or "en" ? wish.Language : "fr",
            Metadata = new() { [ChargilyWire.PaymentKey] = wish.Payment.ToString(), [ChargilyWire.InvoiceKey] = wish.Invoice.ToString(), [ChargilyWire.WorkspaceKey] = wish.Workspace.ToString() },
        }), stop);
        return Seen(made, isRead: false);
    }

    public async Task<SeenCheckout> ReadAsync(string checkout, CancellationToken stop) => Seen(await CallAsync(HttpMethod.Get, $"checkouts/{Uri.EscapeDataString(checkout)}", null, stop), isRead: true);

    public async Task<SeenCheckout?> FindAsync(Id<Payment> payment, CancellationToken stop)
    {
        for (var page = 1; page <= MostPages; page++)
        {
            var items = await PageAsync(page, stop);
            foreach (var item in items)
                if (ChargilyWire.PaymentOf(item) == payment) return Seen(item, isRead: true);
            if (items.Count < ToAPage) return null;
        }
        return null;
    }

    public async Task<IReadOnlyList<FoundCheckout>> ListAsync(DateTimeOffset since, CancellationToken stop)
    {
        var found = new List<FoundCheckout>();
        for (var page = 1; page <= MostListed; page++)
        {
            var items = await PageAsync(page, stop);
            foreach (var item in items)
            {
                var madeAt = ChargilyWire.MadeAt(item);
                if (madeAt < since) return Oldest();
                if (ChargilyWire.PaymentOf(item) is { } payment && ChargilyWire.InvoiceOf(item) is { } invoice && ChargilyWire.WorkspaceOf(item) is { } workspace)
                    found.Add(new(payment, invoice, workspace, ChargilyWire.Text(item, "payment_method") == "cib" ? PayMethod.Cib : PayMethod.Edahabia, madeAt ?? since, Seen(item, isRead: true)));
            }
            if (items.Count < ToAPage) break;
        }
        return Oldest();

        IReadOnlyList<FoundCheckout> Oldest()
        {
            found.Reverse();
            return found;
        }
    }

    private async Task<List<JsonElement>> PageAsync(int page, CancellationToken stop)
    {
        var list = await CallAsync(HttpMethod.Get, $"checkouts?per_page=50&page={page.ToString(System.Globalization.CultureInfo.InvariantCulture)}", null, stop);
        return ChargilyWire.At(list, "data") is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : throw Unreadable(isRead: true);
    }

    public async Task<bool> ExpireAsync(string checkout, CancellationToken stop)
    {
        try
        {
            await CallAsync(HttpMethod.Post, $"checkouts/{Uri.EscapeDataString(checkout)}/expire", null, stop);
            return true;
        }
        catch (VendorFailure failure) when (failure.Code is "already_ended")
        {
            return false;
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.OutcomeUnknown)
        {
            // Asking again is harmless: whether it worked, the next look says.
            return false;
        }
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, HttpContent? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, new Uri(settings.Url, path)) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.SecretKey);
        request.Headers.Accept.ParseAdd("application/json"); // else an error is a web page
        using var answer = await gate.ClientOf(Vendor).SendAsync(request, stop);
        var isRead = method == HttpMethod.Get;
        var json = Parse(await answer.Content.ReadAsByteArrayAsync(stop));
        var isJson = json.ValueKind == JsonValueKind.Object;
        switch ((int)answer.StatusCode)
        {
            // Creates answer 200; 201 would be the usual (section 8, row 8).
            case 200 or 201 when isJson: return json;
            case 401: throw new VendorFailure(FailureCategory.Credentials, "Chargily refuses the key: check Chargily__SecretKey.", "key_refused");
            case 400 or 403 when path.EndsWith("/expire", StringComparison.Ordinal): throw new VendorFailure(FailureCategory.Refused, "The checkout is not waiting any more.", "already_ended");
            case 403 when isJson: throw new VendorFailure(FailureCategory.Credentials, "Chargily does not permit this: is the account's application verified?", "not_permitted");
            case 404 when isJson: throw new VendorFailure(FailureCategory.Refused, "Chargily does not know this checkout.", "checkout_unknown");
            case 422 when isJson: throw new VendorFailure(FailureCategory.Refused, Sentence(json), "invalid");
            case 429: throw new VendorFailure(FailureCategory.RateLimited, "Chargily asks us to wait.", "rate_limited", WaitOf(answer));
            case 404 or 405 or (>= 300 and < 400): throw new VendorFailure(FailureCategory.Configuration, "Chargily is not at this address: check Chargily__Url.", "address_wrong");
            default: throw Unreadable(isRead);
        }
    }

    private static SeenCheckout Seen(JsonElement json, bool isRead)
    {
        try
        {
            return ChargilyWire.Read(json);
        }
        catch (FormatException)
        {
            throw Unreadable(isRead);
        }
    }

    /// <summary>A web page, a server's error, half an answer: a read is asked again, a write may have happened.</summary>
    private static VendorFailure Unreadable(bool isRead) => new(isRead ? FailureCategory.Transient : FailureCategory.OutcomeUnknown, "Chargily's answer could not be read.", "no_answer");

    private static JsonElement Parse(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>What is wrong, field by field, as the service says it; short, in one line.</summary>
    private static string Sentence(JsonElement json)
    {
        var said = ChargilyWire.At(json, "errors") is { ValueKind: JsonValueKind.Object } errors
            ? string.Join(" ", errors.EnumerateObject().SelectMany(f => f.Value.ValueKind == JsonValueKind.Array ? f.Value.EnumerateArray().Select(w => w.ToString()) : [f.Value.ToString()])) : ChargilyWire.Text(json, "message");
        var line = PlainText.Line(said);
        return line.Length switch { 0 => "The payment service refused it without saying why.", > 200 => line[..200], _ => line };
    }

    private static TimeSpan? WaitOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } until } when answer.Headers.Date is { } now => until - now,
        _ => null,
    };
}

/// <summary>The operator's account: <c>Chargily__SecretKey</c> (<c>test_sk_…</c> is the test mode) and <c>Chargily__Url</c>.</summary>
internal sealed record ChargilySettings(string SecretKey, Uri Url)
{
    internal bool IsOn => SecretKey.Length > 0;

    internal static ChargilySettings Read(IConfiguration settings)
    {
        var key = (settings["Chargily:SecretKey"] ?? "").Trim();
        var usual = key.StartsWith("test_", StringComparison.Ordinal) ? "https://pay.chargily.net/test/api/v2" : "https://pay.chargily.net/api/v2";
        return new(key, new((settings["Chargily:Url"] is { Length: > 0 } own ? own : usual).TrimEnd('/') + "/"));
    }

    internal static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings["Chargily:Url"] is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) yield return "Chargily__Url is no address.";
        if ((settings["Chargily:SecretKey"] ?? "").Trim() is { Length: > 0 } key && key.Contains("_pk_", StringComparison.Ordinal)) yield return "Chargily__SecretKey holds a public key (pk): the secret one (sk) is needed.";
    }
}
