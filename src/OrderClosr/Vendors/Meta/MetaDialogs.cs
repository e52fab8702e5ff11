using System.Text.Json;
using OrderClosr.Channels;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;

namespace OrderClosr.Vendors.Meta;

/// <summary>Meta's dialogues: Facebook Login, Instagram Login, WhatsApp's embedded sign-up (facts/meta.md section 9).</summary>
/// <remarks>What comes back is a code; only our server, which knows the app's secret, can give it for a token. What a page or an address says of accounts is never believed: the token is asked.</remarks>
internal sealed class MetaDialogs(MetaClient meta, MetaSettings settings, TimeProvider time) : IChannelDialogs
{
    /// <summary>Without these a Page cannot be connected at all.</summary>
    private static readonly string[] PageNeeds = ["pages_show_list", "pages_messaging", "pages_manage_metadata"];

    private static readonly string[]
        LinkedNeeds = ["instagram_basic", "instagram_manage_messages"],
        PageAsks = [.. PageNeeds, "pages_read_engagement", "business_management", .. LinkedNeeds, "instagram_manage_comments"],
        InstagramNeeds = ["instagram_business_basic", "instagram_business_manage_messages"],
        WhatsappNeeds = ["whatsapp_business_messaging", "whatsapp_business_management"];

    private const string OnPhone = "whatsapp_business_app_onboarding";
    private const int MostPages = 20;

    internal static Refusal Busy { get; } = new("vendor_busy", "Meta does not answer now: try again in a minute.", Kind: RefusalKind.Conflict);

    public bool Has(ConnectWay way) => way switch
    {
        ConnectWay.Facebook => settings is { AppId.Length: > 0, AppSecret.Length: > 0 },
        ConnectWay.Instagram => settings is { InstagramAppId.Length: > 0, InstagramAppSecret.Length: > 0 },
        _ => settings is { AppId.Length: > 0, AppSecret.Length: > 0, WhatsappConfigId.Length: > 0 },
    };

    public string AddressOf(ConnectWay way, string state)
    {
        var common = $"redirect_uri={Uri.EscapeDataString(Back)}&response_type=code&state={Uri.EscapeDataString(state)}";
        var dialog = $"{settings.LoginUrl}/{settings.Version}/dialog/oauth?client_id={settings.AppId}";
        return way switch
        {
            ConnectWay.Facebook => $"{dialog}&{common}&{(settings.LoginConfigId.Length > 0 ? $"config_id={Uri.EscapeDataString(settings.LoginConfigId)}" : $"scope={string.Join(',', PageAsks)}")}",
            ConnectWay.Instagram => $"{settings.InstagramLoginUrl}/oauth/authorize?client_id={settings.InstagramAppId}&{common}&scope={string.Join(',', InstagramNeeds.Append("instagram_business_manage_comments"))}",
            _ => $"{dialog}&{common}&config_id={Uri.EscapeDataString(settings.WhatsappConfigId)}&override_default_response_type=true&extras={Uri.EscapeDataString(Extras(way))}",
        };
    }

    public DialogScript? ScriptOf(ConnectWay way)
    {
        if (!settings.SignsUpByScript || way is not (ConnectWay.Whatsapp or ConnectWay.WhatsappOnPhone)) return null;
        var (script, login) = (new Uri(settings.ScriptUrl), new Uri(settings.LoginUrl));
        return new(script, [.. ((Uri[])[script, login]).Select(u => u.GetLeftPart(UriPartial.Authority)).Distinct()], new Dictionary<string, object>
        {
            ["data-app"] = settings.AppId, ["data-version"] = settings.Version, ["data-config"] = settings.WhatsappConfigId, ["data-extras"] = Extras(way), ["data-believes"] = login.GetLeftPart(UriPartial.Authority),
        });
    }

    public async Task<Result<Agreed>> RedeemAsync(ConnectWay way, string code, string? told, CancellationToken stop)
    {
        try
        {
            return way switch
            {
                ConnectWay.Facebook => await OfFacebookAsync(code, stop),
                ConnectWay.Instagram => await OfInstagramAsync(code, stop),
                _ => await OfWhatsappAsync(way, code, told, stop),
            };
        }
        catch (MetaRefusal refusal)
        {
            return refusal.Error.Category is FailureCategory.Transient or FailureCategory.RateLimited ? Busy : new Refusal("connect_code_used", "Meta does not take this answer: it was used already or came too late.", Kind: RefusalKind.Conflict);
        }
        catch (VendorFailure)
        {
            return Busy;
        }
        catch (FormatException)
        {
            return Busy;
        }
    }

    public async Task<Result<string>> TokenOfAsync(Offer offer, string token, CancellationToken stop)
    {
        // Instagram's own and a number's business token are the accounts' already.
        if (offer.Kind == ChannelKind.Whatsapp || offer is { Kind: ChannelKind.Instagram, ParentId: null }) return token;
        try
        {
            var page = (await PagesAsync(token, stop)).FirstOrDefault(p => p.Text("id") == (offer.ParentId ?? offer.ExternalId));
            return page.Text("access_token") is { } own ? own : new Refusal("channel_not_found", "Meta knows no such account for this token.", "external_id");
        }
        catch (MetaRefusal refusal)
        {
            return refusal.Error.Category is FailureCategory.Transient or FailureCategory.RateLimited ? Busy : new Refusal("channel_token_refused", "Meta refuses this token.", "token");
        }
        catch (VendorFailure)
        {
            return Busy;
        }
    }

    /// <summary>When a token ends, or the person must agree again (90 days): whichever is sooner; 0 is never.</summary>
    internal static DateTimeOffset? EndOf(JsonElement data) => ((DateTimeOffset?[])[data.Instant("expires_at"), data.Instant("data_access_expires_at")]).Min();

    private string Back => settings.PublicUrl + ConnectByDialog.BackPath;

    private static string Extras(ConnectWay way) => way == ConnectWay.WhatsappOnPhone
        ? JsonSerializer.Serialize(new { setup = new { }, featureType = OnPhone, sessionInfoVersion = "3" })
        : JsonSerializer.Serialize(new { setup = new { }, sessionInfoVersion = "3" });

    private Task<JsonElement> ExchangeAsync(string query, CancellationToken stop) =>
        meta.AskAsync(HttpMethod.Get, $"{settings.GraphUrl}/{settings.Version}/oauth/access_token?client_id={settings.AppId}&client_secret={Uri.EscapeDataString(settings.AppSecret)}&{query}", null, stop);

    private async Task<Result<Agreed>> OfFacebookAsync(string code, CancellationToken stop)
    {
        var brief = await ExchangeAsync($"redirect_uri={Uri.EscapeDataString(Back)}&code={Uri.EscapeDataString(code)}", stop);
        // A Page's token lives as long as the person's it is made from: two hours, unless the person's is made lasting first.
        var token = (await ExchangeAsync($"grant_type=fb_exchange_token&fb_exchange_token={Uri.EscapeDataString(brief.Must("access_token"))}", stop)).Must("access_token");
        var data = await meta.LookAtTokenAsync(token, stop);
        var granted = Granted(data);
        if (Missing(PageNeeds, granted) is { } missing) return PermissionMissing(missing);
        // The person may have left a Page out of the dialogue: the token tells, a list of Pages does not.
        var covered = Targets(data, "pages_messaging");
        var offers = new List<Offer>();
        foreach (var page in await PagesAsync(token, stop))
        {
            var (id, name) = (page.Must("id"), page.Text("name") ?? page.Must("id"));
            var tasks = page.Items("tasks").Select(t => t.GetString()).ToHashSet();
            var obstacle = covered is not null && !covered.Contains(id) ? "left_out" : !tasks.Contains("MESSAGING") || !tasks.Contains("MODERATE") ? "no_rights" : null;
            offers.Add(new(ChannelKind.Messenger, id, null, name, obstacle));
            if (page.At("instagram_business_account").Text("id") is { } instagram)
                offers.Add(new(ChannelKind.Instagram, instagram, id, page.At("instagram_business_account").Text("username") is { } user ? "@" + user : name, obstacle ?? (Missing(LinkedNeeds, granted) is null ? null : "permission"), obstacle is null ? Missing(LinkedNeeds, granted) : null));
            else if (obstacle is null) offers.Add(new(ChannelKind.Instagram, "none-" + id, id, name, "not_linked"));
        }
        return offers.Count == 0 ? new Refusal("connect_no_pages", "The person has no Page, or left all out.", Kind: RefusalKind.Conflict) : new Agreed(token, data.Text("user_id"), null, false, offers);
    }

    private async Task<Result<Agreed>> OfInstagramAsync(string code, CancellationToken stop)
    {
        if (code.EndsWith("#_", StringComparison.Ordinal)) code = code[..^2];
        var brief = await meta.AskAsync(HttpMethod.Post, $"{settings.InstagramTokenUrl}/oauth/access_token", new FormUrlEncodedContent(
        [
            new("client_id", settings.InstagramAppId), new("client_secret", settings.InstagramAppSecret), new("grant_type", "authorization_code"), new("redirect_uri", Back), new("code", code),
        ]), stop);
        var granted = brief.At("permissions").ValueKind == JsonValueKind.Array ? brief.Items("permissions").Select(p => p.GetString() ?? "").ToHashSet() : (brief.Text("permissions") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();
        if (granted.Count > 0 && Missing(InstagramNeeds, granted) is { } missing) return PermissionMissing(missing);
        var lasting = await meta.AskAsync(HttpMethod.Get,
            $"{settings.InstagramGraphUrl}/access_token?grant_type=ig_exchange_token&client_secret={Uri.EscapeDataString(settings.InstagramAppSecret)}&access_token={Uri.EscapeDataString(brief.Must("access_token"))}", null, stop);
        var token = lasting.Must("access_token");
        var me = await meta.CallAsync(HttpMethod.Get, ChannelKind.Instagram, true, token, "me?fields=id,user_id,username,account_type", null, stop);
        if (me.Text("account_type") is "PERSONAL") return new Refusal("instagram_not_professional", "The Instagram account is not a professional one.", Kind: RefusalKind.Conflict);
        // The id in webhooks is user_id; id is known in our app alone and names the person (section 4.1).
        var account = me.Must("user_id");
        return new Agreed(token, me.Text("id"), time.GetUtcNow() + TimeSpan.FromSeconds(lasting.Number("expires_in") ?? 0), false, [new(ChannelKind.Instagram, account, null, "@" + (me.Text("username") ?? account))]);
    }

    private async Task<Result<Agreed>> OfWhatsappAsync(ConnectWay way, string code, string? told, CancellationToken stop)
    {
        // The script's dialogue has no address of ours to come back to, so its code is given without one (section 9.3).
        var back = settings.SignsUpByScript ? "" : $"redirect_uri={Uri.EscapeDataString(Back)}&";
        var token = (await ExchangeAsync($"{back}code={Uri.EscapeDataString(code)}", stop)).Must("access_token");
        var data = await meta.LookAtTokenAsync(token, stop);
        if (Missing(WhatsappNeeds, Granted(data)) is { } missing) return PermissionMissing(missing);
        var signup = Signup(told);
        var offers = new List<Offer>();
        foreach (var account in Targets(data, "whatsapp_business_management") ?? [])
            foreach (var number in (await meta.CallAsync(HttpMethod.Get, ChannelKind.Whatsapp, false, token, $"{account}/phone_numbers?fields=id,display_phone_number,verified_name", null, stop)).Items("data"))
                if (signup.At("phone_number_id").IsThere is false || number.Text("id") == signup.Text("phone_number_id"))
                    offers.Add(new(ChannelKind.Whatsapp, number.Must("id"), account, number.Text("display_phone_number") ?? number.Must("id")));
        if (offers.Count == 0) return new Refusal("connect_no_number", "The agreement covers no number.", Kind: RefusalKind.Conflict);
        return new Agreed(token, data.Text("user_id"), EndOf(data), way == ConnectWay.WhatsappOnPhone, offers);
    }

    /// <summary>The ids in what the script told the page, to narrow the choice; anything unexpected narrows nothing.</summary>
    private static JsonElement Signup(string? told)
    {
        if (told is not { Length: > 0 and < 4000 }) return default;
        try
        {
            using var document = JsonDocument.Parse(told);
            return document.RootElement.Text("type") == "WA_EMBEDDED_SIGNUP" ? document.RootElement.At("data").Clone() : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private async Task<List<JsonElement>> PagesAsync(string token, CancellationToken stop)
    {
        var pages = new List<JsonElement>();
        string? after = null;
        for (var n = 0; n < MostPages; n++)
        {
            var found = await meta.CallAsync(HttpMethod.Get, ChannelKind.Messenger, false, token, $"me/accounts?fields=id,name,access_token,tasks,instagram_business_account{{id,username}}&limit=100{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}", null, stop);
            pages.AddRange(found.Items("data"));
            if (found.At("paging").Text("next") is null || found.At("paging").At("cursors").Text("after") is not { } next || next == after) break;
            after = next;
        }
        return pages;
    }

    private static HashSet<string> Granted(JsonElement data) => [.. data.Items("scopes").Select(s => s.GetString() ?? "")];

    private static string? Missing(string[] needed, HashSet<string> granted) => string.Join(", ", needed.Where(n => !granted.Contains(n))) is { Length: > 0 } missing ? missing : null;

    /// <summary>The accounts for which a permission was granted; null when Meta does not say, which means all.</summary>
    private static HashSet<string>? Targets(JsonElement data, string permission)
    {
        var found = data.Items("granular_scopes").FirstOrDefault(s => s.Text("scope") == permission).At("target_ids");
        return found.IsThere ? [.. found.EnumerateArray().Select(t => t.ToString())] : null;
    }

    private static Refusal PermissionMissing(string names) => new("connect_permission_missing", "A permission was left out.", Suggestions: [names], Kind: RefusalKind.Conflict);
}
