using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>The pages on which a merchant agrees: Facebook Login, Instagram Login, WhatsApp Embedded Signup (facts: meta.md section 9). Accounts and permissions can be left out, or all refused.</summary>
/// <remarks>One address plays all three: <c>extras</c> makes it the sign-up of WhatsApp, <c>/oauth/authorize</c> Instagram's. Stricter than Meta: only addresses of the product may be returned to, <c>state</c> is demanded,
/// and nothing happens before somebody pressed a button. The script variant of the sign-up (<c>/sdk.js</c>) opens the same page without an address to return to.</remarks>
public sealed class LoginDialog(MetaWorld world, OAuthTokens tokens, SandboxOptions options)
{
    /// <summary>Who signs in unless the page is told otherwise.</summary>
    public const string UsualUser = "990001";

    /// <summary>What is offered to be left out, by way.</summary>
    private static readonly Dictionary<string, string[]> Scopes = new()
    {
        ["facebook"] = ["pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement", "business_management", "instagram_basic", "instagram_manage_messages", "instagram_manage_comments"],
        ["instagram"] = ["instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments"],
        ["whatsapp"] = ["whatsapp_business_messaging", "whatsapp_business_management"],
    };

    /// <summary>Pages, their answers, and the script of the sign-up.</summary>
    public void Map(RouteGroupBuilder group)
    {
        foreach (var path in (string[])["/dialog/oauth", "/{version:regex(^v\\d+\\.\\d$)}/dialog/oauth", "/oauth/authorize"])
        {
            group.MapGet(path, (HttpContext http) => Show(http));
            group.MapPost(path, async Task<IResult> (HttpContext http) => await AnswerAsync(http));
        }
        group.MapGet("/sdk.js", () => Results.Text(Script, "text/javascript; charset=utf-8"));
    }

    private sealed record Asked(string Way, string Redirect, string State, bool IsOnPhone, bool ByScript, IReadOnlyList<string> Scopes);

    private (Asked? Asked, string Why) Read(HttpContext http)
    {
        var query = http.Request.Query;
        var way = http.Request.Path.Value!.EndsWith("/oauth/authorize", StringComparison.Ordinal) ? "instagram" : query.ContainsKey("extras") ? "whatsapp" : "facebook";
        if (query["client_id"] != options.MetaAppId) return (null, "client_id is not the app's");
        if (query["response_type"] != "code") return (null, "response_type=code is needed");
        JsonNode? extras = null;
        if (way == "whatsapp")
        {
            try { extras = JsonNode.Parse(query["extras"].ToString()); }
            catch (JsonException) { return (null, "extras is no JSON"); }
            if (query["config_id"].ToString().Length == 0) return (null, "config_id is needed");
            if (query["override_default_response_type"] != "true") return (null, "override_default_response_type=true is needed for a code");
            if (extras.Text("featureType") is not (null or "" or "whatsapp_business_app_onboarding" or "only_waba_sharing")) return (null, "extras.featureType is unknown");
        }
        var byScript = way == "whatsapp" && query["display"] == "popup";
        var redirect = query["redirect_uri"].ToString();
        if (!byScript && (!Uri.TryCreate(redirect, UriKind.Absolute, out _) || !redirect.StartsWith(options.App + "/", StringComparison.Ordinal))) return (null, "redirect_uri is not one of the app's");
        if (!byScript && query["state"].ToString().Length < 16) return (null, "state is needed, and must not be guessable");
        var named = query["scope"].ToString().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (named.Except(Scopes[way], StringComparer.Ordinal).Except(["pages_read_user_content", "pages_manage_engagement"]).FirstOrDefault() is { } unknown) return (null, $"Invalid Scopes: {unknown}");
        if (way == "facebook" && named.Length == 0 && query["config_id"].ToString().Length == 0) return (null, "config_id or scope is needed");
        if (way == "instagram" && named.Length == 0) return (null, "scope is needed");
        return (new(way, redirect, query["state"].ToString(), extras.Text("featureType") == "whatsapp_business_app_onboarding", byScript, named.Length > 0 ? named : Scopes[way]), "");
    }

    private IResult Show(HttpContext http)
    {
        var (asked, why) = Read(http);
        if (asked is null) return Results.Text($"Invalid Request: {why}", statusCode: 400);
        var page = new StringBuilder($$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{Title(asked)}}</title><link rel="icon" href="data:,">
            <style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:34rem;padding:0 1rem;color:#1a1b22;background:#eef0f5}form{background:#fff;border-radius:1rem;padding:1.25rem}fieldset{border:1px solid #d6d8e0;border-radius:.6rem;margin:0 0 1rem}label{display:block;padding:.25rem 0}button{font:inherit;padding:.6rem 1.1rem;border-radius:.6rem;border:1px solid #b9bcc9;background:#fff}button.go{background:#1b62d6;color:#fff;border-color:#1b62d6}small{color:#676872}</style>
            </head><body><h1>{{Title(asked)}}</h1><p>The sandbox plays this page. Choose as the merchant would.</p><form method="post"><fieldset><legend>Who signs in</legend><label>Person <input name="user" value="{{UsualUser}}"></label></fieldset><fieldset><legend>Accounts</legend>
            """);
        lock (world.Gate)
            foreach (var account in Offered(asked))
                page.Append(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" name=\"target\" value=\"{account.Id}\"{(asked.Way == "facebook" ? " checked" : "")}> {Safe(account.Name)} <small>{account.Id}{(account.DisplayPhone.Length > 0 ? " +" + account.DisplayPhone : "")}</small></label>");
        page.Append("</fieldset><fieldset><legend>Permissions</legend>");
        foreach (var scope in asked.Scopes) page.Append(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" name=\"scope\" value=\"{scope}\" checked> {scope}</label>");
        page.Append("</fieldset><button class=\"go\" name=\"do\" value=\"agree\">Continue</button> <button name=\"do\" value=\"refuse\">Cancel</button></form></body></html>");
        return Results.Text(page.ToString(), "text/html; charset=utf-8");
    }

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var (asked, why) = Read(http);
        if (asked is null) return Results.Text($"Invalid Request: {why}", statusCode: 400);
        var form = await http.Request.ReadFormAsync();
        var agreed = form["do"] == "agree";
        Grant grant;
        MetaAccount? number = null;
        lock (world.Gate)
        {
            var targets = Offered(asked).Where(a => form["target"].Contains(a.Id)).ToList();
            if (agreed && asked.Way != "facebook" && targets.Count == 0) return Results.Text("Choose an account first.", statusCode: 400);
            if (asked is { Way: "whatsapp" }) number = targets.FirstOrDefault();
            if (agreed && asked.IsOnPhone)
                foreach (var phone in targets) phone.OnPhone = true;
            grant = new(asked.Way, form["user"].ToString() is { Length: > 0 } user ? user : UsualUser, [.. asked.Scopes.Where(s => form["scope"].Contains(s))], [.. targets.Select(t => t.Id)]);
        }
        // WhatsApp's code must be used within half a minute.
        var life = asked.Way switch { "whatsapp" => TimeSpan.FromSeconds(30), "instagram" => TimeSpan.FromHours(1), _ => TimeSpan.FromMinutes(10) };
        var code = agreed ? tokens.Code(grant, asked.Redirect, life) : null;
        if (asked.ByScript) return Results.Text(Popup(asked, code, number), "text/html; charset=utf-8");
        var back = asked.Redirect + (asked.Redirect.Contains('?', StringComparison.Ordinal) ? '&' : '?');
        var state = Uri.EscapeDataString(asked.State);
        return Results.Redirect(agreed
            // Instagram's codes come back with a trailing "#_".
            ? $"{back}code={code}&state={state}{(asked.Way == "instagram" ? "#_" : "")}"
            : $"{back}error=access_denied&error_code=200&error_reason=user_denied&error_description=Permissions+error&state={state}");
    }

    private IEnumerable<MetaAccount> Offered(Asked asked) => world.Accounts.Where(a => asked.Way switch
    {
        "facebook" => a.Kind == MetaKind.Page,
        "instagram" => a is { Kind: MetaKind.Instagram, PageId: null },
        _ => a.Kind == MetaKind.WhatsApp,
    });

    private static string Title(Asked asked) => asked.Way switch { "facebook" => "Facebook Login", "instagram" => "Instagram Login", _ => asked.IsOnPhone ? "WhatsApp: keep the phone app" : "WhatsApp sign-up" };

    // What the sign-up's window tells the page that opened it, and the code for its script.
    private static string Popup(Asked asked, string? code, MetaAccount? number)
    {
        var told = code is null
            ? new JsonObject { ["type"] = "WA_EMBEDDED_SIGNUP", ["event"] = "CANCEL", ["data"] = new JsonObject { ["current_step"] = "PHONE_NUMBER_SETUP" } }
            : new JsonObject
            {
                ["type"] = "WA_EMBEDDED_SIGNUP", ["event"] = asked.IsOnPhone ? "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING" : "FINISH",
                ["data"] = new JsonObject { ["phone_number_id"] = number!.Id, ["waba_id"] = number.WabaId, ["business_id"] = "300000000000001" },
            };
        var answer = new JsonObject { ["sandbox"] = true, ["code"] = code };
        return $"<!doctype html><title>Done</title><script>const o=window.opener;if(o){{o.postMessage({JsonSerializer.Serialize(told.ToJsonString())},'*');o.postMessage({answer.ToJsonString()},'*');}}window.close();</script><p>Done.</p>";
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);

    /// <summary>As much of Meta's JS SDK as the sign-up uses.</summary>
    private const string Script = """
        (() => {
          const base = document.currentScript.src.replace(/\/sdk\.js.*$/, "");
          let app;
          window.FB = {
            init(options) { app = options; },
            login(done, options) {
              const query = new URLSearchParams({ client_id: app.appId, config_id: options.config_id, response_type: options.response_type, override_default_response_type: String(options.override_default_response_type), extras: JSON.stringify(options.extras), display: "popup" });
              window.open(`${base}/${app.version}/dialog/oauth?${query}`, "signup", "width=600,height=700");
              window.addEventListener("message", function hear(event) {
                if (!event.data || event.data.sandbox !== true) return;
                window.removeEventListener("message", hear);
                done(event.data.code ? { status: "connected", authResponse: { code: event.data.code } } : { status: "unknown", authResponse: null });
              });
            },
          };
          if (window.fbAsyncInit) window.fbAsyncInit();
        })();
        """;
}
