using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>One endpoint of a tenant.</summary>
public sealed class ZrHook(CourierAccount account)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = "ep_" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 26);

    /// <summary>Whose.</summary>
    public CourierAccount Account { get; } = account;

    /// <summary>The base64 part after <c>whsec_</c> is the key.</summary>
    public string Secret { get; } = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    /// <summary>Where it goes.</summary>
    public required string Url { get; set; }

    /// <summary>For people.</summary>
    public string Description { get; set; } = "";

    /// <summary>What it tells.</summary>
    public required IReadOnlyList<string> EventTypes { get; set; }

    /// <summary>Sent along with each delivery.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; set; }
}

/// <summary>ZR's webhooks: Svix signatures, made anew for every try (facts: zr-express.md section A6).</summary>
public sealed class ZrHooks(VendorBook book, Deliveries deliveries, TimeProvider time)
{
    /// <summary>Every type there is.</summary>
    public static readonly IReadOnlyList<string> Types = ["parcel.state.updated", "parcel.state.situation.created", "parcel.isReturn.updated"];

    /// <summary>Endpoints a tenant may have.</summary>
    public const int Most = 5;

    // The waits of the service ZR uses.
    private static readonly TimeSpan[] Waits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10)];

    private readonly List<ZrHook> _hooks = [];
    private readonly Lock _lock = new();

    private Vendor Vendor => book["zr"];

    /// <summary>All, oldest first.</summary>
    public IReadOnlyList<ZrHook> All { get { lock (_lock) return [.. _hooks]; } }

    /// <summary>One signature, as it stands in <c>svix-signature</c>.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }

    /// <summary>Adds one; false when the tenant has five.</summary>
    public bool Add(ZrHook hook)
    {
        lock (_lock)
        {
            if (_hooks.Count(h => h.Account == hook.Account) >= Most) return false;
            _hooks.Add(hook);
            return true;
        }
    }

    /// <summary>A tenant's endpoint, or null.</summary>
    public ZrHook? Find(CourierAccount account, string id) { lock (_lock) return _hooks.FirstOrDefault(h => h.Id == id && h.Account == account); }

    /// <summary>Deletes one.</summary>
    public void Remove(ZrHook hook) { lock (_lock) _hooks.Remove(hook); }

    /// <summary>Forgets all.</summary>
    public void Forget() { lock (_lock) _hooks.Clear(); }

    /// <summary>Tells a tenant what happened to a parcel.</summary>
    public void Tell(CourierAccount account, string type, DateTimeOffset at, JsonObject data)
    {
        if (Vendor.Faults.IsOn("webhooks-off")) return;
        data["returnPrice"] = AsText(data["returnPrice"]); // seen as text in webhooks, as a number in answers
        JsonNode message = new JsonObject { ["eventType"] = type, ["occurredAt"] = ZrShown.Time(at), ["data"] = data };
        if (Vendor.Faults.IsOn("pascal-case-webhooks")) message = Pascal(message)!;
        var body = Encoding.UTF8.GetBytes(message.ToJsonString(CourierJson.Relaxed));
        foreach (var hook in All.Where(h => h.Account == account && h.EventTypes.Contains(type)))
        {
            var id = "msg_" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 27);
            deliveries.Post(new()
            {
                Vendor = Vendor, Url = hook.Url, Body = body, HeadersOfTry = () => Headers(hook, id, body), Retries = Retries(), Patience = TimeSpan.FromSeconds(15),
                IsReceived = status => status is >= 200 and < 300, StillWanted = () => All.Contains(hook),
            });
        }
    }

    private Dictionary<string, string> Headers(ZrHook hook, string id, byte[] body)
    {
        var headers = new Dictionary<string, string>(hook.Headers);
        if (Vendor.Faults.Knob("missing-signature")) return headers;
        var name = Vendor.Faults.Value("webhook-headers") == "webhook" ? "webhook" : "svix";
        // The clock of the receiver is the real one; a stale delivery is one that was kept and sent again.
        var timestamp = (time.GetUtcNow() - (Vendor.Faults.Knob("stale-timestamp") ? TimeSpan.FromMinutes(6) : TimeSpan.Zero)).ToUnixTimeSeconds();
        var right = Sign(hook.Secret, id, timestamp, body);
        var wrong = Sign("whsec_" + Convert.ToBase64String("not-the-key-of-this-hook"u8), id, timestamp, body);
        headers[name + "-id"] = id;
        headers[name + "-timestamp"] = timestamp.ToString(CultureInfo.InvariantCulture);
        // While a secret is being changed there are several signatures, one of them right.
        headers[name + "-signature"] = Vendor.Faults.Knob("wrong-signature") ? wrong : Vendor.Faults.IsOn("two-signatures") ? $"{wrong} {right}" : right;
        return headers;
    }

    private TimeSpan[] Retries() => CourierRetries.Read(Vendor.Faults.Value("retry-schedule")) ?? Waits;

    private static JsonNode? AsText(JsonNode? number) => number is null ? null : number.ToJsonString();

    private static JsonNode? Pascal(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create(char.ToUpperInvariant(f.Key[0]) + f.Key[1..], Pascal(f.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Pascal)]),
        _ => node?.DeepClone(),
    };
}
