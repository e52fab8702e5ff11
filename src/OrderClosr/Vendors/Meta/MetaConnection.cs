using System.Text.Json;
using OrderClosr.Channels;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Vendors.Meta;

/// <summary>Connecting Meta's accounts: look, subscribe, check each switch (facts/meta.md sections 1 fact 8, 3.4 and 9).</summary>
internal sealed class MetaConnection(MetaClient meta, MetaSettings settings, TimeProvider time) : IChannelVendor
{
    /// <summary>Without these nothing works; one wrong name fails a whole call, so the others are asked for one by one.</summary>
    private static readonly string[]
        PageCore = ["messages", "messaging_postbacks", "message_echoes"],
        PageMore = ["message_deliveries", "message_reads", "message_edits", "message_reactions", "messaging_referrals", "messaging_optins", "messaging_handovers", "messaging_policy_enforcement", "standby", "send_cart", "feed"],
        InstagramCore = ["messages", "messaging_postbacks"],
        InstagramMore = ["messaging_seen", "message_reactions", "messaging_referral", "message_edit", "messaging_handover", "standby", "comments"];

    public IReadOnlyList<(string Source, string Account)> RoutesOf(ChannelKind kind, string externalId, string? parentId) => kind switch
    {
        ChannelKind.Messenger => [(MetaPart.Page, externalId)],
        ChannelKind.Instagram => [(MetaPart.Instagram, externalId)],
        _ => parentId is null ? [(MetaPart.Whatsapp, externalId)] : [(MetaPart.Whatsapp, externalId), (MetaPart.Waba, parentId)],
    };

    public async Task<Result<string>> LookAsync(ChannelKind kind, string externalId, string? parentId, string token, CancellationToken stop)
    {
        var isLogin = kind == ChannelKind.Instagram && parentId is null;
        try
        {
            if (isLogin)
            {
                // The id in webhooks is user_id; storing the app-scoped one makes every event "unknown" (section 4.1).
                var me = await meta.CallAsync(HttpMethod.Get, kind, true, token, "me?fields=id,user_id,username", null, stop);
                if (me.Text("user_id") is { } real && real != externalId)
                    return new Refusal("channel_id_other", "This token belongs to another account.", "external_id", [real]);
                return "@" + (me.Text("username") ?? externalId);
            }
            var fields = kind switch { ChannelKind.Messenger => "name", ChannelKind.Instagram => "username", _ => "display_phone_number,verified_name" };
            var found = await meta.CallAsync(HttpMethod.Get, kind, false, token, $"{externalId}?fields={fields}", null, stop);
            if (kind == ChannelKind.Whatsapp)
            {
                var numbers = await meta.CallAsync(HttpMethod.Get, kind, false, token, $"{parentId}/phone_numbers", null, stop);
                if (!numbers.Items("data").Any(n => n.Text("id") == externalId)) return new Refusal("number_not_of_account", "The number does not belong to this business account.", "parent_id");
            }
            return (kind == ChannelKind.Instagram && found.Text("username") is { } user ? "@" + user : found.Text("name") ?? found.Text("display_phone_number") ?? found.Text("verified_name")) ?? externalId;
        }
        catch (MetaRefusal refusal)
        {
            return refusal.Error.Category switch
            {
                FailureCategory.Credentials => new Refusal("channel_token_refused", "Meta refuses this token.", "token"),
                FailureCategory.Transient or FailureCategory.RateLimited => new Refusal("vendor_busy", "Meta does not answer now: try again in a minute.", Kind: RefusalKind.Conflict),
                _ => new Refusal("channel_not_found", "Meta knows no such account for this token.", "external_id"),
            };
        }
        catch (VendorFailure)
        {
            return new Refusal("vendor_busy", "Meta does not answer now: try again in a minute.", Kind: RefusalKind.Conflict);
        }
    }

    public async Task<bool> SubscribeAsync(Channel channel, CancellationToken stop)
    {
        try
        {
            if (channel.Kind == ChannelKind.Whatsapp)
            {
                await meta.PostAsync(channel, $"{channel.ParentId}/subscribed_apps", new { }, stop);
                return true;
            }
            var isLogin = MetaClient.IsInstagramLogin(channel);
            var fields = new List<string>(isLogin ? InstagramCore : PageCore);
            await AskForAsync(channel, fields, stop);
            foreach (var more in isLogin ? InstagramMore : PageMore)
            {
                // Each call replaces the list: what was granted is asked for again together with the next.
                try
                {
                    await AskForAsync(channel, [.. fields, more], stop);
                    fields.Add(more);
                }
                catch (MetaRefusal)
                {
                    // This account has no such field.
                }
            }
            return true;
        }
        catch (Exception error) when (error is MetaRefusal or VendorFailure)
        {
            return false;
        }
    }

    public async Task LeaveAsync(Channel channel, bool isShared, CancellationToken stop)
    {
        try
        {
            if (!isShared) await meta.CallAsync(HttpMethod.Delete, channel, $"{SubscriberOf(channel)}/subscribed_apps", null, stop);
            // Whoever takes the number next chooses a PIN of its own.
            if (channel.Pin is not null) await meta.PostAsync(channel, $"{channel.ExternalId}/deregister", new { }, stop);
        }
        catch (Exception error) when (error is MetaRefusal or VendorFailure or Ground.Secrets.FernetException)
        {
            // A dead token cannot leave; without our route its events are dropped.
        }
    }

    public async Task<Refusal?> RegisterAsync(Channel channel, string pin, CancellationToken stop)
    {
        try
        {
            var phone = await meta.GetAsync(channel, $"{channel.ExternalId}?fields=status,platform_type", stop);
            if (IsRegistered(phone)) return null;
            if (phone.Text("platform_type") is not (null or "CLOUD_API" or "NOT_APPLICABLE")) return new("number_elsewhere", "The number is registered at another platform.", "pin", Kind: RefusalKind.Conflict);
            await meta.PostAsync(channel, $"{channel.ExternalId}/register", new { messaging_product = "whatsapp", pin }, stop);
            return null;
        }
        catch (MetaRefusal refusal)
        {
            return refusal.Code switch
            {
                133005 => new("pin_needed", "The number has a PIN already: it is needed to register it.", "pin", Kind: RefusalKind.Conflict),
                133006 or 133015 => new("number_verify", "The number must be verified again at Meta.", "pin", Kind: RefusalKind.Conflict),
                133008 or 133009 => new("pin_wait", "Too many wrong PINs: wait.", "pin", Kind: RefusalKind.Conflict),
                133016 => new("register_limit", "Registered too often within three days.", "pin", Kind: RefusalKind.Conflict),
                _ when refusal.Error.Category is FailureCategory.Transient or FailureCategory.RateLimited => MetaDialogs.Busy,
                _ => new("not_registered", "Meta does not register this number.", "pin", Kind: RefusalKind.Conflict),
            };
        }
        catch (VendorFailure)
        {
            return MetaDialogs.Busy;
        }
    }

    /// <summary>Contacts first, then the past, each once; whoever asked before is told so and needs nothing more (facts/meta.md section 5.6).</summary>
    public async Task ShareAsync(Channel channel, CancellationToken stop)
    {
        foreach (var type in (string[])["smb_app_state_sync", "history"])
        {
            try
            {
                await meta.PostAsync(channel, $"{channel.ExternalId}/smb_app_data", new { messaging_product = "whatsapp", sync_type = type }, stop);
            }
            catch (MetaRefusal refusal) when (refusal.Code == 100)
            {
                // Asked already, or too late: the connection works without it.
            }
            catch (MetaRefusal refusal)
            {
                throw refusal.ToFailure();
            }
        }
    }

    public bool Renews(Channel channel) => MetaClient.IsInstagramLogin(channel);

    public async Task<(string Token, DateTimeOffset EndsAt)> RenewAsync(Channel channel, CancellationToken stop)
    {
        try
        {
            var token = meta.TokenOf(channel);
            var proof = settings.InstagramAppSecret.Length == 0 ? "" : $"&appsecret_proof={MetaSettings.ProofOf(settings.InstagramAppSecret, token)}";
            var answer = await meta.AskAsync(HttpMethod.Get, $"{settings.InstagramGraphUrl}/refresh_access_token?grant_type=ig_refresh_token&access_token={Uri.EscapeDataString(token)}{proof}", null, stop);
            return (answer.Must("access_token"), time.GetUtcNow() + TimeSpan.FromSeconds(answer.Number("expires_in") ?? 0));
        }
        catch (MetaRefusal refusal)
        {
            throw refusal.ToFailure();
        }
    }

    public async Task<ConnectionLook> CheckAsync(Channel channel, CancellationToken stop)
    {
        var checks = new List<HealthCheck>();
        if (meta.TokenOf(channel).Length == 0) return new([new("token", false, time.GetUtcNow())]);
        var look = await TokenAsync(channel, checks, stop);
        JsonElement subscription = default;
        await AddAsync(checks, "subscribed", async () => IsSubscribed(subscription = await meta.GetAsync(channel, $"{SubscriberOf(channel)}/subscribed_apps", stop)));
        if (channel.Kind != ChannelKind.Whatsapp && checks[^1].Ok == true)
        {
            var fields = Ours(subscription).Items("subscribed_fields").Select(f => f.ValueKind == JsonValueKind.Object ? f.Text("name") : f.ToString()).ToHashSet();
            var lost = string.Join(", ", (MetaClient.IsInstagramLogin(channel) ? InstagramCore : PageCore).Where(f => !fields.Contains(f)));
            checks.Add(new("fields", lost.Length == 0, time.GetUtcNow(), lost.Length == 0 ? null : lost));
        }
        // Only the account's own settings hold this switch, and only a look at its conversations shows it.
        if (channel is { Kind: ChannelKind.Instagram, ParentId: { } page }) await AddAsync(checks, "access", async () => (await meta.GetAsync(channel, $"{page}/conversations?platform=instagram&limit=1&fields=id", stop)).IsThere);
        if (channel.Kind == ChannelKind.Whatsapp) await NumberAsync(channel, checks, stop);
        return new(checks, look.Known, look.EndsAt);
    }

    private async Task NumberAsync(Channel channel, List<HealthCheck> checks, CancellationToken stop)
    {
        JsonElement phone = default;
        await AddAsync(checks, "registered", async () => IsRegistered(phone = await meta.GetAsync(channel, $"{channel.ExternalId}?fields=status,platform_type,quality_rating,messaging_limit_tier,verified_name,name_status", stop)));
        if (!phone.IsThere) return;
        var now = time.GetUtcNow();
        if (phone.Text("quality_rating") is { } quality) checks.Add(new("quality", quality switch { "GREEN" => true, "YELLOW" or "RED" => false, _ => null }, now, quality is "GREEN" or "YELLOW" or "RED" ? quality : null));
        if (phone.Text("messaging_limit_tier") is { } tier) checks.Add(new("limit", true, now, tier.Replace("TIER_", "", StringComparison.Ordinal)));
        if (phone.Text("name_status") is { } name) checks.Add(new("name", name switch { "APPROVED" or "AVAILABLE_WITHOUT_REVIEW" => true, "DECLINED" or "EXPIRED" => false, _ => null }, now, phone.Text("verified_name")));
    }

    private static bool IsRegistered(JsonElement phone) => phone.Text("platform_type") is "CLOUD_API" || (phone.Text("platform_type") is null && phone.Text("status") is "CONNECTED");

    /// <summary>Page by page: a business account may have hundreds.</summary>
    public async Task<IReadOnlyList<ChannelTemplate>?> TemplatesAsync(Channel channel, CancellationToken stop)
    {
        if (channel.Kind != ChannelKind.Whatsapp) return [];
        var templates = new List<ChannelTemplate>();
        try
        {
            string? after = null;
            for (var page = 0; page < MostTemplatePages; page++)
            {
                var found = await meta.GetAsync(channel, $"{channel.ParentId}/message_templates?limit=100{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", stop);
                templates.AddRange(found.Items("data").Select(t => new ChannelTemplate(t.Text("name") ?? "", t.Text("language") ?? "", (t.Text("status") ?? "").ToLowerInvariant(), (t.Text("category") ?? "").ToLowerInvariant(),
                    t.Items("components").FirstOrDefault(c => string.Equals(c.Text("type"), "body", StringComparison.OrdinalIgnoreCase)).Text("text") ?? "")));
                if (found.At("paging").Text("next") is null || found.At("paging").At("cursors").Text("after") is not { } next || next == after) break;
                after = next;
            }
            return templates;
        }
        catch (Exception error) when (error is MetaRefusal or VendorFailure)
        {
            return null;
        }
    }

    private const int MostTemplatePages = 10;

    private async Task<(bool Known, DateTimeOffset? EndsAt)> TokenAsync(Channel channel, List<HealthCheck> checks, CancellationToken stop)
    {
        // Instagram Login has no debug_token: being answered is the proof.
        if (MetaClient.IsInstagramLogin(channel) || settings.AppId.Length == 0 || settings.AppSecret.Length == 0)
        {
            await AddAsync(checks, "token", async () => (await meta.GetAsync(channel, MetaClient.IsInstagramLogin(channel) ? "me?fields=user_id" : $"{channel.ExternalId}?fields=id", stop)).IsThere);
            return default;
        }
        string? missing = null;
        DateTimeOffset? endsAt = null;
        await AddAsync(checks, "token", async () =>
        {
            var data = await meta.LookAtTokenAsync(meta.TokenOf(channel), stop);
            if (!data.Flag("is_valid")) return false;
            var granted = data.Items("scopes").Select(s => s.GetString()).ToHashSet();
            missing = string.Join(", ", Needed(channel.Kind).Where(p => !granted.Contains(p)));
            endsAt = MetaDialogs.EndOf(data);
            return true;
        });
        if (missing is null) return default;
        checks.Add(new("permissions", missing.Length == 0, time.GetUtcNow(), missing.Length == 0 ? null : missing));
        return (true, endsAt);
    }

    private static string[] Needed(ChannelKind kind) => kind switch
    {
        ChannelKind.Messenger => ["pages_messaging", "pages_manage_metadata"],
        ChannelKind.Instagram => ["instagram_manage_messages"],
        _ => ["whatsapp_business_messaging", "whatsapp_business_management"],
    };

    private async Task AddAsync(List<HealthCheck> checks, string check, Func<Task<bool>> ask)
    {
        bool? ok;
        try
        {
            ok = await ask();
        }
        catch (MetaRefusal refusal)
        {
            // Only a clear no is a no; a vendor that is down says nothing about the connection.
            ok = refusal.Error.Category is FailureCategory.Transient or FailureCategory.RateLimited ? null : false;
        }
        catch (VendorFailure)
        {
            ok = null;
        }
        checks.Add(new(check, ok, time.GetUtcNow()));
    }

    private Task AskForAsync(Channel channel, List<string> fields, CancellationToken stop) =>
        meta.PostAsync(channel, $"{SubscriberOf(channel)}/subscribed_apps?subscribed_fields={string.Join(',', fields)}", new { }, stop);

    private bool IsSubscribed(JsonElement answer) => Ours(answer).IsThere;

    /// <summary>Our app in a list of subscribers.</summary>
    private JsonElement Ours(JsonElement answer) =>
        answer.Items("data").FirstOrDefault(app => settings.AppId.Length == 0 || (app.Text("id") ?? app.At("whatsapp_business_api_data").Text("id")) == settings.AppId);

    /// <summary>Who is subscribed: a Page (also for its Instagram account), an Instagram account of its own, a WhatsApp business account.</summary>
    private static string SubscriberOf(Channel channel) => channel.Kind == ChannelKind.Messenger ? channel.ExternalId : channel.ParentId ?? "me";
}
