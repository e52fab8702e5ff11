using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Who gets webhooks: <c>subscribed_apps</c> of Pages, Instagram accounts and WABAs, and the app's own callback (facts: meta.md sections 2.1, 3.4, 9.3).</summary>
public sealed class Subscriptions(MetaWorld world, Access access, SandboxOptions options, Handshake handshake)
{
    /// <summary>A Page or Instagram account: a list of fields that must all be right.</summary>
    public JsonObject OfAccount(GraphCall call, MetaAccount account)
    {
        lock (world.Gate)
        {
            access.Need(account, account.Kind == MetaKind.Page ? "pages_manage_metadata" : "instagram_business_manage_messages");
            switch (call.Method)
            {
                case "GET":
                    var data = new JsonArray();
                    if (account.Fields.Count > 0) data.Add(App().With("subscribed_fields", new JsonArray([.. account.Fields.Order(StringComparer.Ordinal).Select(f => JsonValue.Create(f))])));
                    return new() { ["data"] = data };
                case "DELETE":
                    account.Fields.Clear();
                    return Success();
                case "POST":
                    if (account.Kind == MetaKind.Page) access.Need(account, "pages_messaging");
                    var asked = call.List("subscribed_fields");
                    if (asked is not { Count: > 0 }) throw GraphRefusal.Param("The parameter subscribed_fields is required");
                    var known = SubscribedFields.Of(account.Kind);
                    for (var i = 0; i < asked.Count; i++)
                        if (!known.Contains(asked[i])) throw GraphRefusal.Param($"Param subscribed_fields[{i}] must be one of {{{string.Join(", ", known)}}} - got \"{asked[i]}\".");
                    account.Fields.Clear();
                    account.Fields.UnionWith(asked);
                    account.FailingSince = null;
                    return Success();
                default: throw GraphRefusal.NoObject(call.Method, account.Id);
            }
        }
    }

    /// <summary>A WABA: all or nothing, with a callback of its own if wanted, which must answer the handshake first.</summary>
    public async Task<JsonObject> OfWabaAsync(GraphCall call, Waba waba)
    {
        var overrides = call.Arg("override_callback_uri");
        if (call.Method == "POST" && overrides is not null)
        {
            lock (world.Gate)
                if (!waba.Subscribed) throw GraphRefusal.Param("Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account");
            if (!(await handshake.TryAsync(overrides, call.Arg("verify_token") ?? "")).Ok) throw new GraphRefusal(2200, "(#2200) Callback verification failed", details: "the callback did not give the challenge back");
        }
        lock (world.Gate)
        {
            switch (call.Method)
            {
                case "GET":
                    var data = new JsonArray();
                    if (waba.Subscribed) data.Add(new JsonObject { ["whatsapp_business_api_data"] = App() }.With("override_callback_uri", waba.OverrideUrl));
                    return new() { ["data"] = data };
                case "DELETE":
                    waba.Subscribed = false;
                    waba.OverrideUrl = null;
                    return Success();
                case "POST":
                    waba.Subscribed = true;
                    waba.OverrideUrl = overrides;
                    return Success();
                default: throw GraphRefusal.NoObject(call.Method, waba.Id);
            }
        }
    }

    /// <summary><c>/{app}/subscriptions</c> with the app's token: saving it calls the callback.</summary>
    public async Task<JsonObject> OfAppAsync(GraphCall call, string app)
    {
        lock (world.Gate)
            if (app != options.MetaAppId || !access.Of(call).IsApp) throw new GraphRefusal(15, "(#15) This method must be called with an app access_token.");
        if (call.Method == "GET")
            return new() { ["data"] = new JsonArray(new JsonObject { ["object"] = "page", ["callback_url"] = options.App + "/webhooks/meta", ["active"] = true }) };
        if (call.Arg("object") is not ("page" or "instagram" or "whatsapp_business_account")) throw GraphRefusal.Param("Param object must be one of {page, instagram, whatsapp_business_account}");
        var url = call.Arg("callback_url") ?? throw GraphRefusal.Param("The parameter callback_url is required");
        return (await handshake.TryAsync(url, call.Arg("verify_token") ?? "")).Ok ? Success() : throw new GraphRefusal(2200, "(#2200) callback verification failed");
    }

    /// <summary><c>{"success":true}</c>.</summary>
    public static JsonObject Success() => new() { ["success"] = true };

    private JsonObject App() => new() { ["link"] = "https://www.facebook.com/games/?app_id=" + options.MetaAppId, ["name"] = "OrderClosr", ["id"] = options.MetaAppId };
}

/// <summary>Meta's GET call that asks a callback to give a challenge back (facts: meta.md section 2.1).</summary>
public sealed class Handshake(SandboxOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(options.Wire?.Invoke() ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Did 200 come with exactly the challenge? Status 0 is no answer.</summary>
    public async Task<(bool Ok, int Status, string Answer)> TryAsync(string url, string verifyToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out _)) return (false, 0, "");
        var challenge = MetaIds.Number()[..10];
        var address = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(verifyToken)}";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        try
        {
            using var answer = await _http.GetAsync(new Uri(address), patience.Token);
            var text = await answer.Content.ReadAsStringAsync(patience.Token);
            return ((int)answer.StatusCode == 200 && text == challenge, (int)answer.StatusCode, text.Length > 200 ? text[..200] : text);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException) { return (false, 0, ""); }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
