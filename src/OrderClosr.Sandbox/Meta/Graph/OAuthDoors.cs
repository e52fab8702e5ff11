using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>Sign-in dialogues and tokens of the three ways to connect, and <c>debug_token</c> (facts: meta.md section 9).</summary>
public sealed class OAuthDoors(MetaWorld world, Access access, OAuthTokens tokens, SandboxOptions options, TimeProvider time)
{
    private const string User = "990001";

    /// <summary><c>/dialog/oauth</c> and <c>/oauth/authorize</c>: the person agrees at once and comes back with a code. <c>config_id=whatsapp</c> plays Embedded Signup.</summary>
    public void MapDialogs(RouteGroupBuilder group)
    {
        group.MapGet("/dialog/oauth", Dialog);
        group.MapGet("/{version:regex(^v\\d+\\.\\d$)}/dialog/oauth", Dialog);
        group.MapGet("/oauth/authorize", (HttpContext http) => Back(http, "instagram", TimeSpan.FromHours(1)));
    }

    /// <summary>Token exchanges and the look at a token.</summary>
    public Task<JsonNode> AnswerAsync(GraphCall call) => Task.FromResult<JsonNode>(call.Path switch
    {
        ["debug_token"] => Debug(call),
        ["oauth", "access_token"] when call.Arg("grant_type") == "authorization_code" => InstagramCode(call),
        ["oauth", "access_token"] => Exchange(call),
        ["access_token"] => InstagramLong(call),
        _ => InstagramRefresh(call),
    });

    /// <summary><c>/me/accounts</c>: the Pages of a person with their tokens.</summary>
    public JsonNode MyAccounts(GraphCall call, Principal who)
    {
        if (who.UserId is null) throw new GraphRefusal(2500, "An active access token must be used to query information about the current user.");
        lock (world.Gate)
            return new JsonObject
            {
                ["data"] = new JsonArray([.. world.Accounts.Where(a => a.Kind == MetaKind.Page).Select(page => call.Pick(new JsonObject
                {
                    ["id"] = page.Id, ["name"] = page.Name, ["access_token"] = page.Token, ["category"] = "Clothing",
                    ["tasks"] = new JsonArray("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"),
                }.With("instagram_business_account", world.Accounts.FirstOrDefault(a => a.PageId == page.Id) is { } linked ? new JsonObject { ["id"] = linked.Id } : null), "id", "name", "access_token", "tasks"))]),
                ["paging"] = new JsonObject { ["cursors"] = new JsonObject { ["before"] = "QVFIU", ["after"] = "QVFIU" } },
            };
    }

    private IResult Dialog(HttpContext http) => http.Request.Query["config_id"] == "whatsapp" ? Back(http, "whatsapp", TimeSpan.FromSeconds(30)) : Back(http, "facebook", TimeSpan.FromMinutes(10));

    private IResult Back(HttpContext http, string kind, TimeSpan life)
    {
        var query = http.Request.Query;
        if (query["client_id"] != options.MetaAppId || query["response_type"] != "code" || !Uri.TryCreate(query["redirect_uri"], UriKind.Absolute, out var back))
            return Results.Text("Invalid Request: Request parameters are invalid: client_id, redirect_uri and response_type=code are needed", statusCode: 400);
        var code = tokens.Code(kind, query["redirect_uri"].ToString(), life);
        // Instagram's codes come back with a trailing "#_".
        return Results.Redirect($"{back}{(back.Query.Length > 0 ? '&' : '?')}code={code}&state={Uri.EscapeDataString(query["state"].ToString())}{(kind == "instagram" ? "#_" : "")}");
    }

    private JsonObject Exchange(GraphCall call)
    {
        if (call.Arg("client_id") != options.MetaAppId) throw new GraphRefusal(101, "Error validating application. Invalid application ID.");
        if (call.Arg("client_secret") != options.MetaAppSecret) throw new GraphRefusal(1, "Error validating client secret.");
        if (call.Arg("grant_type") == "client_credentials") return Token($"{options.MetaAppId}|{options.MetaAppSecret}", null);
        if (call.Arg("grant_type") == "fb_exchange_token")
            return tokens.UserOf(call.Arg("fb_exchange_token") ?? "") is { } user ? Token(tokens.Token(user, TimeSpan.FromDays(60)), TimeSpan.FromDays(60)) : throw GraphRefusal.Token(null, null);
        switch (tokens.Use(call.Arg("code"), call.Arg("redirect_uri")))
        {
            case "facebook": return Token(tokens.Token(User, TimeSpan.FromHours(2)), TimeSpan.FromHours(2));
            case "whatsapp":
                lock (world.Gate) return Token((world.Accounts.FirstOrDefault(a => a.Kind == MetaKind.WhatsApp) ?? throw BadCode()).Token, null);
            default: throw BadCode();
        }
    }

    private JsonObject InstagramCode(GraphCall call)
    {
        if (call.Arg("client_id") != options.MetaAppId || call.Arg("client_secret") != options.InstagramAppSecret || call.Arg("grant_type") != "authorization_code") throw new GraphRefusal(101, "Invalid platform app");
        if (tokens.Use(call.Arg("code"), call.Arg("redirect_uri")) != "instagram") throw BadCode();
        lock (world.Gate)
        {
            var account = world.Accounts.FirstOrDefault(a => a is { Kind: MetaKind.Instagram, PageId: null }) ?? throw BadCode();
            return new() { ["access_token"] = account.Token, ["user_id"] = long.Parse(account.Id, System.Globalization.CultureInfo.InvariantCulture), ["permissions"] = string.Join(',', account.Scopes) };
        }
    }

    private JsonObject InstagramLong(GraphCall call)
    {
        if (call.Arg("grant_type") != "ig_exchange_token" || call.Arg("client_secret") != options.InstagramAppSecret) throw new GraphRefusal(101, "Invalid platform app");
        return InstagramRefreshed(call);
    }

    private JsonObject InstagramRefresh(GraphCall call) =>
        call.Arg("grant_type") == "ig_refresh_token" ? InstagramRefreshed(call) : throw GraphRefusal.Param("Param grant_type must be ig_refresh_token");

    private JsonObject InstagramRefreshed(GraphCall call)
    {
        lock (world.Gate)
            return access.Of(call).Account is { Kind: MetaKind.Instagram } account ? Token(account.Token, TimeSpan.FromDays(60)) : throw GraphRefusal.Token(null, MetaKind.Instagram);
    }

    private JsonObject Debug(GraphCall call)
    {
        lock (world.Gate)
        {
            var who = access.Of(call);
            if (!who.IsApp && who.UserId is null) throw new GraphRefusal(100, "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app");
            var input = call.Arg("input_token") ?? throw GraphRefusal.Param("The parameter input_token is required");
            var data = new JsonObject { ["app_id"] = options.MetaAppId, ["application"] = "OrderClosr" };
            if (world.Accounts.FirstOrDefault(a => a.Token == input) is { } account)
            {
                var scopes = account.Scopes.Where(s => world.Faults.Value("permission-removed") is not { } gone || (gone != s && gone != "on")).ToList();
                data.With("type", account.Kind switch { MetaKind.Page => "PAGE", MetaKind.WhatsApp => "SYSTEM_USER", _ => "USER" }).With("is_valid", access.DeadWith(account) is null)
                    .With("expires_at", account is { Kind: MetaKind.Instagram, PageId: null } ? (time.GetUtcNow() + TimeSpan.FromDays(60)).ToUnixTimeSeconds() : 0)
                    .With("data_access_expires_at", (time.GetUtcNow() + TimeSpan.FromDays(90)).ToUnixTimeSeconds())
                    .With("scopes", new JsonArray([.. scopes.Select(s => JsonValue.Create(s))]))
                    .With("granular_scopes", new JsonArray([.. scopes.Select(s => new JsonObject { ["scope"] = s, ["target_ids"] = new JsonArray(account.WabaId ?? account.PageId ?? account.Id) })]))
                    .With("user_id", User);
                if (account.Kind == MetaKind.Page) data["profile_id"] = account.Id;
                if (access.DeadWith(account) is { } subcode) data["error"] = new JsonObject { ["code"] = 190, ["message"] = GraphRefusal.Token(subcode, null).Message, ["subcode"] = subcode };
            }
            else if (tokens.UserOf(input) is { } user)
                data.With("type", "USER").With("is_valid", true).With("expires_at", 0).With("user_id", user).With("scopes", new JsonArray("pages_show_list", "pages_messaging", "pages_manage_metadata"));
            else
                data.With("is_valid", false).With("scopes", new JsonArray()).With("error", new JsonObject { ["code"] = 190, ["message"] = "Invalid OAuth access token - Cannot parse access token" });
            return new() { ["data"] = data };
        }
    }

    private static GraphRefusal BadCode() => new(100, "This authorization code has been used or has expired.", subcode: 36_009);

    private static JsonObject Token(string token, TimeSpan? life) =>
        new JsonObject { ["access_token"] = token, ["token_type"] = "bearer" }.With("expires_in", life is { } left ? (long)left.TotalSeconds : null);
}
