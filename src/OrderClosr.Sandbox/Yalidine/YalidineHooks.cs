using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Yalidine;

/// <summary>One webhook in the dashboard of a merchant.</summary>
public sealed class YalidineHook(CourierAccount account, string url, string secret, IReadOnlyList<string> types)
{
    /// <summary>What the doors call it.</summary>
    public string Id { get; } = "wh-" + RandomNumberGenerator.GetHexString(10, lowercase: true);

    /// <summary>Whose.</summary>
    public CourierAccount Account { get; } = account;

    /// <summary>Where it goes.</summary>
    public string Url { get; set; } = url;

    /// <summary>Signs it.</summary>
    public string Secret { get; set; } = secret;

    /// <summary>What it tells.</summary>
    public IReadOnlyList<string> Types { get; } = types;

    /// <summary>The last handshake was answered rightly.</summary>
    public bool IsTested { get; set; }

    /// <summary>Made disabled; activated by the merchant after the test; disabled again when nobody answers.</summary>
    public bool IsActive { get; set; }
}

/// <summary>Yalidine's webhooks (facts: yalidine.md section 7): handshake, signature, batch, seven tries.</summary>
public sealed class YalidineHooks(VendorBook book, Deliveries deliveries, SandboxOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Every type there is.</summary>
    public static readonly IReadOnlyList<string> Types = ["parcel_created", "parcel_edited", "parcel_deleted", "parcel_status_updated", "parcel_payment_updated"];

    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(12), TimeSpan.FromDays(1)];

    private readonly HttpClient _http = new(options.Wire?.Invoke() ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<YalidineHook> _hooks = [];
    private readonly Lock _lock = new();

    private Vendor Vendor => book["yalidine"];

    /// <summary>All, oldest first.</summary>
    public IReadOnlyList<YalidineHook> All { get { lock (_lock) return [.. _hooks]; } }

    /// <summary>The value of <c>X-YALIDINE-SIGNATURE</c>.</summary>
    public static string Sign(string secret, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>Puts one into the dashboard: disabled, its address asked at once.</summary>
    public async Task<(YalidineHook Hook, int Status, string Answer)> AddAsync(CourierAccount account, string url, string secret, IReadOnlyList<string> types)
    {
        var hook = new YalidineHook(account, url, secret, types);
        lock (_lock) _hooks.Add(hook);
        var (status, answer) = await TestAsync(hook);
        return (hook, status, answer);
    }

    /// <summary>The handshake: <c>GET url?subscribe&amp;crc_token=…</c>, ten seconds; the token back as plain text, or as JSON with the switch <c>handshake</c> = <c>json</c>.</summary>
    public async Task<(int Status, string Answer)> TestAsync(YalidineHook hook)
    {
        var token = RandomNumberGenerator.GetHexString(24, lowercase: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        var (status, text) = (0, "");
        try
        {
            using var answer = await _http.GetAsync(new Uri($"{hook.Url}{(hook.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}subscribe&crc_token={token}"), patience.Token);
            (status, text) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or UriFormatException) { } // nobody there, or too slow
        hook.IsTested = status == 200 && (Vendor.Faults.Value("handshake") == "json" ? IsJson(text, token) : text == token);
        if (!hook.IsTested) hook.IsActive = false;
        return (status, text.Length > 200 ? text[..200] : text);
    }

    /// <summary>The webhook of an id, or null.</summary>
    public YalidineHook? Find(string id) { lock (_lock) return _hooks.FirstOrDefault(h => h.Id == id); }

    /// <summary>Takes one out of the dashboard.</summary>
    public void Remove(YalidineHook hook) { lock (_lock) _hooks.Remove(hook); }

    /// <summary>Forgets all.</summary>
    public void Forget() { lock (_lock) _hooks.Clear(); }

    /// <summary>Tells a merchant what happened: one delivery, all its events in it, to each active webhook of the type.</summary>
    public void Tell(CourierAccount account, string type, IReadOnlyList<(DateTimeOffset At, JsonObject Data)> news)
    {
        if (news.Count == 0 || Vendor.Faults.IsOn("webhooks-off")) return;
        foreach (var hook in All.Where(h => h.IsActive && h.Account == account && h.Types.Contains(type)))
        {
            var events = new JsonArray([.. news.Select(n => new JsonObject { ["event_id"] = "evt_" + RandomNumberGenerator.GetHexString(16, lowercase: true), ["occurred_at"] = Written(n.At), ["data"] = n.Data.DeepClone() })]);
            var body = Encoding.UTF8.GetBytes(new JsonObject { ["type"] = type, ["events"] = events }.ToJsonString(CourierJson.Relaxed));
            deliveries.Post(new()
            {
                Vendor = Vendor, Url = hook.Url, Body = body, Headers = Headers(hook, body), Retries = Retries(), Patience = TimeSpan.FromSeconds(10),
                StillWanted = () => hook.IsActive && All.Contains(hook), Tried = Follow(hook),
            });
        }
    }

    // After the seventh try without a 200 the webhook is disabled: the merchant must activate it again.
    private Action<int> Follow(YalidineHook hook)
    {
        var (tries, most) = (0, Retries().Length + 1);
        return status => { if (status != 200 && ++tries == most) hook.IsActive = false; };
    }

    private Dictionary<string, string> Headers(YalidineHook hook, byte[] body)
    {
        if (Vendor.Faults.Knob("missing-signature")) return [];
        var secret = Vendor.Faults.Knob("wrong-signature") ? hook.Secret + "-not" : hook.Secret;
        return new() { [Vendor.Faults.Value("signature-header") == "underscore" ? "X_YALIDINE_SIGNATURE" : "X-YALIDINE-SIGNATURE"] = Sign(secret, body) };
    }

    private TimeSpan[] Retries() => CourierRetries.Read(Vendor.Faults.Value("retry-schedule")) ?? Waits;

    private string Written(DateTimeOffset at) => Vendor.Faults.Value("occurred-at") == "iso" ? at.ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : YalidineCourier.Written(at);

    private static bool IsJson(string text, string token)
    {
        try { return JsonNode.Parse(text) is JsonObject json && json.TextOf("crc_token") == token; }
        catch (System.Text.Json.JsonException) { return false; }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
