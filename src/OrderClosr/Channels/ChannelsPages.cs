using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels.Pages;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Channels;

/// <summary><c>/channels</c>: the connected accounts with their health; connect, check, pause, disconnect.</summary>
public static class ChannelsPages
{
    public static void MapChannelsPages(this RouteGroupBuilder group)
    {
        var workspace = group.MapGroup("").Needs(Capability.SeeShop);
        workspace.MapGet("/channels", async (OrderClosrDb db, CancellationToken stop) => Results.Page<ChannelsPage>(new { Channels = await AllAsync(db, stop) }));
        workspace.MapGet("/channels/{id}/card", async (ChannelId id, OrderClosrDb db, CancellationToken stop) =>
            await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is { } channel ? Results.Page<ChannelCard>(new { Channel = channel }) : Results.NotFound());
        workspace.MapGet("/channels/connect", async (string? channel, OrderClosrDb db, CancellationToken stop) =>
        {
            var again = ChannelId.TryParse(channel, null, out var id) ? await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) : null;
            return await ConnectAsync(db, again is null ? null : new(again.Kind, again.ExternalId, again.ParentId, null), null, stop, isOpen: again is not null);
        }).Needs(Capability.ConnectChannels);
        workspace.MapPost("/channels/connect", async (HttpContext http, [FromForm(Name = "kind")] string? kind, [FromForm(Name = "external_id")] string? externalId, [FromForm(Name = "parent_id")] string? parentId,
            [FromForm(Name = "token")] string? token, Connecting connecting, Shop shop, OrderClosrDb db) =>
        {
            var given = new NewConnection(Enum.TryParse<ChannelKind>(kind, ignoreCase: true, out var known) ? known : ChannelKind.Messenger, externalId, parentId, token);
            var made = await connecting.ConnectAsync(given, http.RequestAborted);
            // The token is not shown again, not even to who just pasted it.
            return made.Ok ? Results.Back(http, shop.Link("channels"), "channels.connected") : await ConnectAsync(db, given with { Token = null }, made.Refusal, http.RequestAborted, isOpen: true);
        }).Needs(Capability.ConnectChannels);
        MapDialogs(workspace);
        Do(workspace, "check", "channels.checked", (id, http) => http.RequestServices.GetRequiredService<Connecting>().CheckAsync(id, http.RequestAborted, byPerson: true)).Needs(Capability.ConnectChannels);
        Do(workspace, "pause", "channels.paused", (id, http) => http.RequestServices.GetRequiredService<Pausing>().PauseChannelAsync(id, true, AccountPages.AccountOf(http.User), http.RequestAborted)).Needs(Capability.PauseAgent);
        Do(workspace, "resume", "channels.resumed", (id, http) => http.RequestServices.GetRequiredService<Pausing>().PauseChannelAsync(id, false, AccountPages.AccountOf(http.User), http.RequestAborted)).Needs(Capability.PauseAgent);
        Do(workspace, "disconnect", "channels.disconnected", (id, http) => http.RequestServices.GetRequiredService<Connecting>().DisconnectAsync(id, http.RequestAborted)).Needs(Capability.ConnectChannels);
    }

    /// <summary>The address the vendor's dialogues come back to. It holds nothing and knows nobody: it passes the answer on to the workspace the state names, behind whose door it is read.</summary>
    public static void MapConnectBack(this IEndpointRouteBuilder app) => app.MapGet(ConnectByDialog.BackPath, (HttpContext http, string? state) =>
        ConnectByDialog.SlugIn(state) is { } slug ? Results.LocalRedirect($"/w/{slug}/channels/connect/back{http.Request.QueryString}") : Results.NotFound());

    private static void MapDialogs(RouteGroupBuilder workspace)
    {
        // A link, not a form: our policy lets no form lead to another's site. It begins something that the person then agrees to elsewhere, and changes nothing before.
        workspace.MapGet("/channels/connect/go", async (string? way, HttpContext http, ConnectByDialog dialog, IChannelDialogs dialogs, Shop shop, OrderClosrDb db, CancellationToken stop) =>
        {
            if (WayOf(way) is not { } known) return Results.NotFound();
            var state = await dialog.BeginAsync(known, SignIns.IdOf(http.User), stop);
            if (!state.Ok) return await ConnectAsync(db, null, state.Refusal, stop);
            if (dialogs.ScriptOf(known) is not { } script) return Results.Redirect(dialogs.AddressOf(known, state.Value));
            SecurityHeaders.AllowScript(http, script.Source, script.Origins);
            return Results.Page<SignupPage>(new { State = state.Value, Script = script });
        }).Needs(Capability.ConnectChannels);
        workspace.MapGet("/channels/connect/back", (string? state, string? code, string? error, HttpContext http) => BackAsync(http, state, code, error, null)).Needs(Capability.ConnectChannels);
        workspace.MapPost("/channels/connect/back", (HttpContext http, [FromForm] string? state, [FromForm] string? code, [FromForm] string? told) => BackAsync(http, state, code, null, told)).Needs(Capability.ConnectChannels);
        workspace.MapGet("/channels/connect/{id}", async (Id<ConnectAttempt> id, HttpContext http, ConnectByDialog dialog, OrderClosrDb db, CancellationToken stop) =>
        {
            var found = await dialog.FindAsync(id, SignIns.IdOf(http.User), stop);
            return found.Ok ? await PickAsync(db, found.Value, null, stop) : found.Refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : await ConnectAsync(db, null, found.Refusal, stop);
        }).Needs(Capability.ConnectChannels);
        workspace.MapPost("/channels/connect/{id}", async (Id<ConnectAttempt> id, HttpContext http, [FromForm] string[]? pick, ConnectByDialog dialog, Shop shop, OrderClosrDb db, CancellationToken stop) =>
        {
            var refusal = await dialog.ConnectAsync(id, pick ?? [], SignIns.IdOf(http.User), stop);
            if (refusal is null) return Results.Back(http, shop.Link("channels"), "channels.connected_see");
            if (refusal.Kind == RefusalKind.NotFound) return Results.NotFound();
            var found = await dialog.FindAsync(id, SignIns.IdOf(http.User), stop);
            return found.Ok ? await PickAsync(db, found.Value, refusal, stop) : await ConnectAsync(db, null, refusal, stop);
        }).Needs(Capability.ConnectChannels);
        workspace.MapPost("/channels/{id}/register", async (ChannelId id, HttpContext http, [FromForm] string? pin, Connecting connecting, Shop shop, OrderClosrDb db, CancellationToken stop) =>
            await connecting.RegisterAsync(id, string.IsNullOrWhiteSpace(pin) ? null : pin.Trim(), stop) is { } refusal
                ? refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : Results.Refused<ChannelsPage>(refusal, new { Channels = await AllAsync(db, stop), Refusal = refusal })
                : Results.Back(http, shop.Link("channels"), "channels.registered")).Needs(Capability.ConnectChannels);
    }

    /// <summary>What the dialogue answered: a choice of accounts at an address without the answer in it, or why there is none.</summary>
    private static async Task<IResult> BackAsync(HttpContext http, string? state, string? code, string? error, string? told)
    {
        var services = http.RequestServices;
        var found = await services.GetRequiredService<ConnectByDialog>().ReturnAsync(state, code, error, told, SignIns.IdOf(http.User), http.RequestAborted);
        return found.Ok ? Results.Back(http, services.GetRequiredService<Shop>().Link($"channels/connect/{found.Value.Id}")) : await ConnectAsync(services.GetRequiredService<OrderClosrDb>(), null, found.Refusal, http.RequestAborted);
    }

    private static async Task<IResult> ConnectAsync(OrderClosrDb db, NewConnection? given, Refusal? refusal, CancellationToken stop, bool isOpen = false) =>
        Results.Page<ConnectPage>(new { Channels = await AllAsync(db, stop), Given = given ?? new NewConnection(ChannelKind.Messenger, null, null, null), Refusal = refusal, IsOpen = isOpen }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));

    private static async Task<IResult> PickAsync(OrderClosrDb db, ConnectAttempt attempt, Refusal? refusal, CancellationToken stop) =>
        Results.Page<PickPage>(new { Attempt = attempt, Channels = await AllAsync(db, stop), Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));

    private static ConnectWay? WayOf(string? word) => Enum.GetValues<ConnectWay>().Cast<ConnectWay?>().FirstOrDefault(w => w!.Value.Word() == word);

    private static RouteHandlerBuilder Do(RouteGroupBuilder workspace, string verb, string said, Func<ChannelId, HttpContext, Task<Refusal?>> act) =>
        workspace.MapPost($"/channels/{{id}}/{verb}", async (ChannelId id, HttpContext http, Shop shop) =>
            await act(id, http) is { } refusal ? Results.StatusCode(Answers.StatusOf(refusal)) : Results.Back(http, shop.Link("channels"), said));

    private static Task<List<Channel>> AllAsync(OrderClosrDb db, CancellationToken stop) => db.Channels.AsNoTracking().OrderBy(c => c.State == ChannelState.Disconnected).ThenBy(c => c.ConnectedAt).ToListAsync(stop);
}
