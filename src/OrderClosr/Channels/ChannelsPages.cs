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
            return Results.Page<ConnectPage>(new { Given = again is null ? new NewConnection(ChannelKind.Messenger, null, null, null) : new NewConnection(again.Kind, again.ExternalId, again.ParentId, null) });
        }).Needs(Capability.ConnectChannels);
        workspace.MapPost("/channels/connect", async (HttpContext http, [FromForm(Name = "kind")] string? kind, [FromForm(Name = "external_id")] string? externalId, [FromForm(Name = "parent_id")] string? parentId,
            [FromForm(Name = "token")] string? token, Connecting connecting, Shop shop) =>
        {
            var given = new NewConnection(Enum.TryParse<ChannelKind>(kind, ignoreCase: true, out var known) ? known : ChannelKind.Messenger, externalId, parentId, token);
            var made = await connecting.ConnectAsync(given, http.RequestAborted);
            // The token is not shown again, not even to who just pasted it.
            return made.Ok ? Results.Back(http, shop.Link("channels"), "channels.connected") : Results.Refused<ConnectPage>(made.Refusal, new { Given = given with { Token = null }, made.Refusal });
        }).Needs(Capability.ConnectChannels);
        Do(workspace, "check", "channels.checked", (id, http) => http.RequestServices.GetRequiredService<Connecting>().CheckAsync(id, http.RequestAborted, byPerson: true)).Needs(Capability.ConnectChannels);
        Do(workspace, "pause", "channels.paused", (id, http) => http.RequestServices.GetRequiredService<Pausing>().PauseChannelAsync(id, true, AccountPages.AccountOf(http.User), http.RequestAborted)).Needs(Capability.PauseAgent);
        Do(workspace, "resume", "channels.resumed", (id, http) => http.RequestServices.GetRequiredService<Pausing>().PauseChannelAsync(id, false, AccountPages.AccountOf(http.User), http.RequestAborted)).Needs(Capability.PauseAgent);
        Do(workspace, "disconnect", "channels.disconnected", (id, http) => http.RequestServices.GetRequiredService<Connecting>().DisconnectAsync(id, http.RequestAborted)).Needs(Capability.ConnectChannels);
    }

    private static RouteHandlerBuilder Do(RouteGroupBuilder workspace, string verb, string said, Func<ChannelId, HttpContext, Task<Refusal?>> act) =>
        workspace.MapPost($"/channels/{{id}}/{verb}", async (ChannelId id, HttpContext http, Shop shop) =>
            await act(id, http) is { } refusal ? Results.StatusCode(Answers.StatusOf(refusal)) : Results.Back(http, shop.Link("channels"), said));

    private static Task<List<Channel>> AllAsync(OrderClosrDb db, CancellationToken stop) => db.Channels.AsNoTracking().OrderBy(c => c.State == ChannelState.Disconnected).ThenBy(c => c.ConnectedAt).ToListAsync(stop);
}
