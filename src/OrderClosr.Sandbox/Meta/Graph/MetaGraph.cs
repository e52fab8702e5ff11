using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Sending;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>The front of the Graph API: reads a call, finds the node, answers or refuses in Meta's shape (facts: meta.md section 13.1).</summary>
public sealed class MetaGraph(MetaWorld world, Access access, Nodes nodes, Subscriptions subscriptions, PageEdges pages, WhatsAppEdges whatsApp, OAuthDoors oauth,
    PageSending pageSending, WhatsAppSending whatsAppSending)
{
    /// <summary>Answers one call; the path has no vendor prefix.</summary>
    public async Task AnswerAsync(HttpContext http, string path)
    {
        var status = 200;
        JsonNode body;
        try { body = await RouteAsync(await GraphCall.ReadAsync(http, path)); }
        catch (GraphRefusal no) { (status, body) = (no.Status, no.Body()); }
        if (http.Response.HasStarted) return;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=UTF-8";
        http.Response.Headers["facebook-api-version"] = "v25.0";
        await http.Response.WriteAsync(MetaJson.Write(body, MetaSpelling.Today));
    }

    private async Task<JsonNode> RouteAsync(GraphCall call)
    {
        switch (call.Path)
        {
            case ["oauth", "access_token"] or ["access_token"] or ["refresh_access_token"] or ["debug_token"]:
                return await oauth.AnswerAsync(call);
            case [var app, "subscriptions"]:
                return await subscriptions.OfAppAsync(call, app);
            case [] or [_, _, _, ..]:
                throw GraphRefusal.UnknownPath(string.Join('/', call.Path));
        }
        Principal who;
        lock (world.Gate) who = access.Of(call);
        if (call.Path is ["me", "accounts"]) return oauth.MyAccounts(call, who);
        var edge = call.Path.Length > 1 ? call.Path[1] : null;
        MetaAccount? account;
        Waba? waba;
        lock (world.Gate)
        {
            account = call.Path[0] == "me" ? who.Account : world.Account(call.Path[0]) ?? world.Accounts.FirstOrDefault(a => a is { Kind: MetaKind.Instagram, PageId: null } && a.AppScopedId == call.Path[0]);
            waba = world.Waba(call.Path[0]);
            if (account is not null && !access.Opens(who, account)) throw GraphRefusal.NoObject(call.Method, call.Path[0]);
            if (waba is not null && who.Account?.WabaId != waba.Id) throw GraphRefusal.NoObject(call.Method, call.Path[0]);
        }
        if (call.Path[0] == "me" && account is null) return nodes.Me(call, who);
        if (edge is null) return nodes.Answer(call, who, account, waba);
        if (waba is not null) return await whatsApp.OfWabaAsync(call, waba, edge);
        if (account is null) return nodes.Edge(call, who, edge);
        return (call.Method, edge) switch
        {
            ("POST", "messages") when account.Kind == MetaKind.WhatsApp => await whatsAppSending.SendAsync(call, account),
            // An Instagram account behind a Page is sent through its Page.
            ("POST", "messages") when account.PageId is null => await pageSending.SendAsync(call, account),
            (_, "subscribed_apps") when account is { Kind: not MetaKind.WhatsApp, PageId: null } => subscriptions.OfAccount(call, account),
            (_, _) when account.Kind == MetaKind.WhatsApp => await whatsApp.OfPhoneAsync(call, account, edge),
            _ => await pages.AnswerAsync(call, account, edge),
        };
    }
}
