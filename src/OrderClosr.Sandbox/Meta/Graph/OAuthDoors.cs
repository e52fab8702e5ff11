using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Tokens of the three ways to connect, and <c>debug_token</c> (facts: meta.md section 9).</summary>
public sealed class OAuthDoors(MetaWorld world, Access access, OAuthTokens tokens, SandboxOptions options, TimeProvider time)
{
    private static readonly TimeSpan Short = TimeSpan.FromHours(2), Long = TimeSpan.FromDays(60);

    /// <summary>Token exchanges and the look at a token.</summary>
    public Task<JsonNode> AnswerAsync(GraphCall call) => Task.FromResult<JsonNode>(call.Path switch
    {
        ["debug_token"] => Debug(call),
        ["oauth", "access_token"] when call.Arg("grant_type") == "authorization_code" => InstagramCode(call),
        ["oauth", "access_token"] => Exchange(call),
        ["access_token"] => InstagramLong(call),
        _ => InstagramRefresh(call),
    });

    /// <summary><c>/me/accounts</c>: the Pages of a person with their tokens, some at a time. A Page that was left out of the dialogue is listed and its token opens nothing.</summary>
    public JsonNode MyAccounts(GraphCall call, Principal who)
    {
        if (who.Grant is not { } grant) throw new GraphRefusal(2500, "An active access token must be used to query information about the current user.");
        if (!grant.Scopes.Contains("pages_show_list")) return new JsonObject { ["data"] = new JsonArray() };
        lock (world.Gate)
        {
            var all = world.Accounts.Where(a => a.Kind == MetaKind.Page && (a.Owner is null || a.Owner == grant.User)).ToList();
            var size = world.Faults.Value("page-size") is { } fixedTo && int.TryParse(fixedTo, out var few) ? few : int.TryParse(call.Arg("limit"), out var limit) ? Math.Clamp(limit, 1, 100) : 25;
            var from = int.TryParse(call.Arg("after"), out var after) ? after : 0;
            var paging = new JsonObject { ["cursors"] = new JsonObject { ["before"] = $"{from}", ["after"] = $"{from + size}" } };
            if (from + size < all.Count) paging["next"] = $"https://graph.facebook.com/v25.0/me/accounts?after={from + size}";
            return new JsonObject { ["data"] = new JsonArray([.. all.Skip(from).Take(size).Select(page => Shown(call, page, grant, who.IsLong))]), ["paging"] = paging };
        }
    }

    private JsonObject Shown(GraphCall call, MetaAccount page, Grant grant, bool isLong)
    {
        var linked = world.Accounts.FirstOrDefault(a => a.PageId == page.Id);
        var picked = grant.Targets.Contains(page.Id);
        if (picked)
        {
            var now = time.GetUtcNow();
            if (page.DeadWith is not null) page.Issue(OAuthTokens.Fresh("EAApageinvented"), now, null);
            // A Page's token lasts as long as the person's it was made from: two hours, or for ever.
            page.TokenUntil = isLong ? null : now + Short;
            foreach (var account in new[] { page, linked }.OfType<MetaAccount>()) Agree(account, grant, now);
        }
        return call.Pick(new JsonObject
        {
            ["id"] = page.Id, ["name"] = page.Name, ["access_token"] = picked ? page.Token : OAuthTokens.Fresh("EAAleftout"), ["category"] = "Clothing",
            ["tasks"] = new JsonArray([.. page.Tasks.Order(StringComparer.Ordinal).Select(t => JsonValue.Create(t))]),
        }.With("instagram_business_account", linked is { Professional: true } ? new JsonObject { ["id"] = linked.Id, ["username"] = linked.Name } : null), "id", "name", "access_token", "tasks");
    }

    private static void Agree(MetaAccount account, Grant grant, DateTimeOffset now)
    {
        account.Scopes.Clear();
        account.Scopes.UnionWith(MetaAccount.ScopesOf(account).Where(grant.Scopes.Contains));
        (account.User, account.DataUntil) = (grant.User, now + TimeSpan.FromDays(90));
    }

    private JsonObject Exchange(GraphCall call)
    {
        if (call.Arg("client_id") != options.MetaAppId) throw new GraphRefusal(101, "Error validating application. Invalid application ID.");
        if (call.Arg("client_secret") != options.MetaAppSecret) throw new GraphRefusal(1, "Error validating client secret.");
        if (call.Arg("grant_type") == "client_credentials") return Token($"{options.MetaAppId}|{options.MetaAppSecret}", null);
        if (call.Arg("grant_type") == "fb_exchange_token")
            return tokens.Find(call.Arg("fb_exchange_token") ?? "") is var (found, _) ? Token(tokens.Token(found, true, Long), Long) : throw GraphRefusal.Token(null, null);
        var grant = tokens.Use(call.Arg("code"), call.Arg("redirect_uri"));
        if (grant is { Way: "facebook" }) return Token(tokens.Token(grant, false, Short), Short);
        if (grant is not { Way: "whatsapp" }) throw BadCode();
        lock (world.Gate)
        {
            // A token of the business itself, without an end, for the numbers that were chosen.
            var (token, now) = (OAuthTokens.Fresh("EAAbusinessinvented"), time.GetUtcNow());
            foreach (var number in world.Accounts.Where(a => grant.Targets.Contains(a.Id)))
            {
                number.Issue(token, now, null);
                Agree(number, grant, now);
            }
            return Token(token, null);
        }
    }

    private JsonObject InstagramCode(GraphCall call)
    {
        if (call.Method != "POST") throw GraphRefusal.Param("the code is exchanged by POST");
        if (call.Arg("client_id") != options.MetaAppId || call.Arg("client_secret") != options.InstagramAppSecret || call.Arg("grant_type") != "authorization_code") throw new GraphRefusal(101, "Invalid platform app");
        if (tokens.Use(call.Arg("code"), call.Arg("redirect_uri")) is not { Way: "instagram" } grant) throw BadCode();
        lock (world.Gate)
        {
            var account = world.Accounts.FirstOrDefault(a => a is { Kind: MetaKind.Instagram, PageId: null } && grant.Targets.Contains(a.Id)) ?? throw BadCode();
            var now = time.GetUtcNow();
            account.Issue(OAuthTokens.Fresh("IGshortinvented"), now, now + TimeSpan.FromHours(1));
            Agree(account, grant, now);
            return new() { ["access_token"] = account.Token, ["user_id"] = long.Parse(account.Id, System.Globalization.CultureInfo.InvariantCulture), ["permissions"] = string.Join(',', account.Scopes) };
        }
    }

    private JsonObject InstagramLong(GraphCall call)
    {
        if (call.Arg("grant_type") != "ig_exchange_token" || call.Arg("client_secret") != options.InstagramAppSecret) throw new GraphRefusal(101, "Invalid platform app");
        return InstagramRenewed(call, mustBeADayOld: false);
    }

    private JsonObject InstagramRefresh(GraphCall call) =>
        call.Arg("grant_type") == "ig_refresh_token" ? InstagramRenewed(call, mustBeADayOld: true) : throw GraphRefusal.Param("Param grant_type must be ig_refresh_token");

    private JsonObject InstagramRenewed(GraphCall call, bool mustBeADayOld)
    {
        lock (world.Gate)
        {
            if (access.Of(call).Account is not { Kind: MetaKind.Instagram } account) throw GraphRefusal.Token(null, MetaKind.Instagram);
            var now = time.GetUtcNow();
            if (mustBeADayOld && now - account.TokenSince < TimeSpan.FromHours(24)) throw new GraphRefusal(100, "(#100) The access token must be at least 24 hours old to be refreshed");
            return Token(account.Issue(OAuthTokens.Fresh("IGlonginvented"), now, now + Long), Long);
        }
    }

    private JsonObject Debug(GraphCall call)
    {
        lock (world.Gate)
        {
            var who = access.Of(call);
            if (!who.IsApp && who.UserId is null) throw new GraphRefusal(100, "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app");
            var input = call.Arg("input_token") ?? throw GraphRefusal.Param("The parameter input_token is required");
            var now = time.GetUtcNow();
            var data = new JsonObject { ["app_id"] = options.MetaAppId, ["application"] = "OrderClosr" };
            var mine = world.Accounts.Where(a => a.Has(input, now)).ToList();
            if (mine.Count > 0)
            {
                var account = mine[0];
                var (isDead, isOver) = (access.DeadWith(account), account.Token == input && account.TokenUntil <= now);
                // A Page's token also speaks for the Instagram account behind it.
                var scopes = mine.Concat(world.Accounts.Where(a => a.PageId is { } page && mine.Any(m => m.Id == page))).SelectMany(a => a.Scopes).Distinct().Where(s => world.Faults.Value("permission-removed") is not { } gone || (gone != s && gone != "on")).ToList();
                var targets = mine.Select(a => a.WabaId ?? a.PageId ?? a.Id).Distinct().ToList();
                data.With("type", account.Kind switch { MetaKind.Page => "PAGE", MetaKind.WhatsApp => "SYSTEM_USER", _ => "USER" }).With("is_valid", isDead is null && !isOver)
                    .With("expires_at", account.TokenUntil?.ToUnixTimeSeconds() ?? (account is { Kind: MetaKind.Instagram, PageId: null } ? (now + Long).ToUnixTimeSeconds() : 0))
                    .With("data_access_expires_at", account.Kind == MetaKind.WhatsApp ? 0 : (account.DataUntil ?? now + TimeSpan.FromDays(90)).ToUnixTimeSeconds())
                    .With("scopes", Names(scopes)).With("granular_scopes", Granular(scopes, targets)).With("user_id", account.User ?? LoginDialog.UsualUser);
                if (account.Kind == MetaKind.Page) data["profile_id"] = account.Id;
                if ((isDead ?? (isOver ? 463 : (int?)null)) is { } subcode) data["error"] = new JsonObject { ["code"] = 190, ["message"] = GraphRefusal.Token(subcode, null).Message, ["subcode"] = subcode };
            }
            else if (tokens.Find(input) is var (grant, _))
                data.With("type", "USER").With("is_valid", true).With("expires_at", tokens.UntilOf(input).ToUnixTimeSeconds()).With("data_access_expires_at", (now + TimeSpan.FromDays(90)).ToUnixTimeSeconds())
                    .With("user_id", grant.User).With("scopes", Names(grant.Scopes)).With("granular_scopes", Granular(grant.Scopes, grant.Targets));
            else
                data.With("is_valid", false).With("scopes", new JsonArray()).With("error", new JsonObject { ["code"] = 190, ["message"] = "Invalid OAuth access token - Cannot parse access token" });
            return new() { ["data"] = data };
        }
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(s => JsonValue.Create(s))];

    private static JsonArray Granular(IEnumerable<string> scopes, IReadOnlyList<string> targets) => [.. scopes.Select(s => new JsonObject { ["scope"] = s, ["target_ids"] = Names(targets) })];

    private static GraphRefusal BadCode() => new(100, "This authorization code has been used or has expired.", subcode: 36_009);

    private static JsonObject Token(string token, TimeSpan? life) =>
        new JsonObject { ["access_token"] = token, ["token_type"] = "bearer" }.With("expires_in", life is { } left ? (long)left.TotalSeconds : null);
}
