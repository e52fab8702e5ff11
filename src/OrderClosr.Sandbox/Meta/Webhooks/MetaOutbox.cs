using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Meta.Webhooks;

/// <summary>Sends events of accounts to the product: wrapped, escaped, signed, retried, sometimes batched (facts: meta.md sections 2.2 to 2.4).</summary>
public sealed class MetaOutbox(MetaWorld world, Deliveries deliveries, VendorBook book, SandboxOptions options, TimeProvider time)
{
    private static readonly TimeSpan[] PageRetries = Waits("0,0,2,5,60,120,300,600,900,1200,1800,3600");
    private static readonly TimeSpan[] WhatsAppRetries = Waits("0,0,2,5,60,300,900,1800,3600,7200,14400,28800,36000,36000");
    private readonly Vendor _vendor = book["meta"];
    private readonly List<(MetaAccount Account, string Field, JsonObject Entry)> _batch = [];
    private readonly Lock _batchLock = new();

    /// <summary>An event of <c>messaging[]</c>, or of <c>standby[]</c> while another app controls the thread.</summary>
    public void Messaging(MetaAccount account, string field, JsonObject e, bool standby = false) => Post(account, field, MessagingEntry(account, e, standby));

    /// <summary>An event of <c>changes[]</c>; of WhatsApp always.</summary>
    public void Change(MetaAccount account, string field, JsonObject value) => Post(account, field, ChangeEntry(account, field, value));

    /// <summary>One entry around a messaging event; time in milliseconds.</summary>
    public JsonObject MessagingEntry(MetaAccount account, JsonObject e, bool standby = false) =>
        new() { ["id"] = account.Id, ["time"] = time.GetUtcNow().ToUnixTimeMilliseconds(), [standby ? "standby" : "messaging"] = new JsonArray(e) };

    /// <summary>One entry around a change; time in seconds, absent on WhatsApp.</summary>
    public JsonObject ChangeEntry(MetaAccount account, string field, JsonObject value)
    {
        if (account.Kind == MetaKind.WhatsApp)
            return new() { ["id"] = account.WabaId, ["changes"] = new JsonArray(new JsonObject { ["value"] = value, ["field"] = field }) };
        var entry = new JsonObject { ["id"] = account.Id, ["time"] = time.GetUtcNow().ToUnixTimeSeconds() };
        if (account.Kind == MetaKind.Instagram && world.Faults.Value("instagram-comments") == "flat") return entry.With("field", field).With("value", value);
        return entry.With("changes", new JsonArray(new JsonObject { ["field"] = field, ["value"] = value }));
    }

    /// <summary>Sends in the background. Nothing goes out without a subscription to the field; false says so.</summary>
    public bool Post(MetaAccount account, string field, JsonObject entry)
    {
        lock (world.Gate)
            if (!world.Wants(account, field)) return false;
        if (world.Faults.Value("batch") is { } most)
        {
            Gather(account, field, entry, int.TryParse(most, CultureInfo.InvariantCulture, out var count) ? count : 1000);
            return true;
        }
        var delivery = Make(account, field, ObjectOf(account), [entry]);
        if (world.Faults.Knob("concurrent-duplicate", new Uri(delivery.Url).AbsolutePath)) deliveries.Run(() => deliveries.CarryAsync(delivery));
        deliveries.Post(delivery);
        return true;
    }

    /// <summary>Sends now and waits for the product's answer (an echo that overtakes the send call's answer).</summary>
    public async Task CarryAsync(MetaAccount account, string field, JsonObject entry)
    {
        lock (world.Gate)
            if (!world.Wants(account, field)) return;
        await deliveries.TryOnceAsync(Make(account, field, ObjectOf(account), [entry]));
    }

    /// <summary>Signs a body as it is and delivers it once: the product's status (0 for none) and milliseconds.</summary>
    public Task<(int Status, long Ms)> RawAsync(byte[] body, string secret, string? signature) =>
        deliveries.TryOnceAsync(new() { Vendor = _vendor, Url = options.App + "/webhooks/meta", Body = body, Headers = Headers(secret, body, signature), Patience = TimeSpan.FromSeconds(20) });

    /// <summary>The secret that signs an account's webhooks (section 14 row 3).</summary>
    public string SecretOf(MetaAccount account) =>
        account is { Kind: MetaKind.Instagram, PageId: null } && world.Faults.Value("instagram-signing-secret") != "meta" ? options.InstagramAppSecret : options.MetaAppSecret;

    private static string ObjectOf(MetaAccount account) => account.Kind switch { MetaKind.Page => "page", MetaKind.Instagram => "instagram", _ => "whatsapp_business_account" };

    private Delivery Make(MetaAccount account, string field, string about, IEnumerable<JsonObject> entries)
    {
        var spelling = new MetaSpelling(!world.Faults.IsOn("raw-utf8"), world.Faults.IsOn("older-escapes"));
        var body = Encoding.UTF8.GetBytes(MetaJson.Write(new JsonObject { ["object"] = about, ["entry"] = new JsonArray([.. entries]) }, spelling));
        var secret = SecretOf(account);
        var signature = world.Faults.Knob("wrong-signature") ? "wrong" : world.Faults.Knob("missing-signature") ? "missing" : null;
        return new()
        {
            Vendor = _vendor,
            Url = world.Waba(account.WabaId)?.OverrideUrl ?? options.App + "/webhooks/meta",
            Body = body,
            Headers = Headers(secret, body, signature),
            Retries = world.Faults.Value("retry-schedule") is { } own ? Waits(own) : account.Kind == MetaKind.WhatsApp ? WhatsAppRetries : PageRetries,
            Patience = TimeSpan.FromSeconds(double.TryParse(world.Faults.Value("receiver-timeout"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5),
            StillWanted = () => { lock (world.Gate) return world.Wants(account, field); },
            Tried = status => Tried(account, status),
        };
    }

    private static Dictionary<string, string> Headers(string secret, byte[] body, string? signature) => signature switch
    {
        "missing" => [],
        "wrong" => new() { ["X-Hub-Signature-256"] = MetaSignature.Sha256(secret + "-not", body) },
        _ => new() { ["X-Hub-Signature-256"] = MetaSignature.Sha256(secret, body), ["X-Hub-Signature"] = MetaSignature.Sha1(secret, body) },
    };

    // After an hour without a 200 a Page or Instagram account is unsubscribed: the product must notice and subscribe again.
    private void Tried(MetaAccount account, int status)
    {
        lock (world.Gate)
        {
            if (status == 200) { account.FailingSince = null; return; }
            var now = time.GetUtcNow();
            account.FailingSince ??= now;
            var limit = double.TryParse(world.Faults.Value("disable-after"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3600;
            if (account.Kind == MetaKind.WhatsApp || now - account.FailingSince < TimeSpan.FromSeconds(limit)) return;
            account.Fields.Clear();
            account.FailingSince = null;
        }
    }

    private void Gather(MetaAccount account, string field, JsonObject entry, int most)
    {
        bool first, full;
        lock (_batchLock)
        {
            _batch.Add((account, field, entry));
            (first, full) = (_batch.Count == 1, _batch.Count >= most);
        }
        if (full) Flush();
        else if (first) deliveries.Run(async () => { await Task.Delay(TimeSpan.FromMilliseconds(300), time); Flush(); });
    }

    private void Flush()
    {
        (MetaAccount Account, string Field, JsonObject Entry)[] all;
        lock (_batchLock) { all = [.. _batch]; _batch.Clear(); }
        foreach (var group in all.GroupBy(b => (About: ObjectOf(b.Account), Secret: SecretOf(b.Account))))
        {
            var entries = Batching.Merge(group.Select(b => b.Entry));
            if (world.Faults.Knob("malformed-in-batch")) entries.Insert(entries.Count / 2, Batching.Malformed(group.First().Entry));
            var (account, field, _) = group.First();
            deliveries.Post(Make(account, field, group.Key.About, entries));
        }
    }

    private static TimeSpan[] Waits(string seconds) =>
        [.. seconds.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(s => TimeSpan.FromSeconds(double.Parse(s, CultureInfo.InvariantCulture)))];
}
