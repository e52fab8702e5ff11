using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Layout;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Live;

/// <summary>The stream a page holds: <c>event: live-conversation</c> and <c>event: live-conversation-ID</c> for each change, on which fragments fetch themselves again.</summary>
/// <example><c>&lt;div hx-get="/w/a/inbox/12/thread" hx-trigger="live-conversation-12 from:body, live-refresh from:body"&gt;</c></example>
public static class LivePages
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    public static void MapLivePages(this RouteGroupBuilder group)
    {
        var workspace = group.MapGroup("").Needs(Capability.Enter);
        workspace.MapGet("/live", (HttpContext http, LiveHub hub, Shop shop, SignIns signIns, WorkspaceScopes scopes, TimeProvider time, IHostApplicationLifetime life) =>
        {
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var signIn = SignIns.IdOf(http.User);
            // A browser that comes back may have missed something.
            var returns = http.Request.Headers.ContainsKey("Last-Event-ID");
            return TypedResults.ServerSentEvents(StreamAsync(hub.Listen(shop.Id, signIn, shop.AccountId), shop.Role, IsStillAsync, returns, time, life.ApplicationStopping, http.RequestAborted));

            // The notice that ends a stream may have come before it listened, or be lost between nodes.
            async Task<bool> IsStillAsync(CancellationToken stop)
            {
                if (!await signIns.IsAliveAsync(signIn, stop)) return false;
                await using var scope = scopes.OpenNone();
                return await scope.Db.Members.AnyAsync(m => m.AccountId == shop.AccountId && m.WorkspaceId == shop.Id && m.Role == shop.Role, stop);
            }
        });
        workspace.MapGet("", (Shop shop, IEnumerable<NavItem> items) => Results.LocalRedirect(shop.Link(items.Where(i => i.IsFor(shop.Role) && !i.OnlyWithCount).OrderBy(i => i.Group).ThenBy(i => i.Place).FirstOrDefault()?.Path ?? "more")));
        workspace.MapGet("/nav", (string? here) => Results.Page<NavPart>(new { Here = here ?? "" }));
        workspace.MapGet("/more", () => Results.Page<MorePage>());
    }

    /// <summary>Does a role hear of changes to such a thing, by its id? Only of what one of its pages shows.</summary>
    internal static bool Hears(Role role, string what) => what switch
    {
        "conversation" => role.May(Capability.SeeInbox),
        "order" => role.May(Capability.SeeOrders) || role.May(Capability.Confirm),
        "lead" => role.May(Capability.SeeOrders),
        "parcel" or "rescue" or "exchange" => role.May(Capability.SeeParcels),
        "cash" or "slip" or "claim" => role.May(Capability.SeeCash),
        _ => role.May(Capability.SeeShop),
    };

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(LiveHub.Listener listener, Role role, Func<CancellationToken, Task<bool>> isStill, bool returns, TimeProvider time,
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var _ = listener;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        var number = time.GetUtcNow().ToUnixTimeMilliseconds();
        SseItem<string> Item(string what, string key) => new(key, what) { EventId = (++number).ToString(System.Globalization.CultureInfo.InvariantCulture), ReconnectionInterval = TimeSpan.FromSeconds(2) };

        if (!await isStill(either.Token)) yield break;
        yield return Item(returns ? "live-refresh" : "live-hello", "");
        while (true)
        {
            var waited = await WaitAsync(listener, time, either.Token);
            if (waited is null) yield break;
            if (waited is false)
            {
                if (!await isStill(either.Token)) yield break;
                yield return Item("live-beat", "");
                continue;
            }
            if (listener.TakeMissed())
            {
                if (!await isStill(either.Token)) yield break;
                yield return Item("live-refresh", "");
            }
            while (listener.Notices.TryRead(out var notice))
            {
                if (notice.What == LiveHub.Refresh || !Hears(role, notice.What)) continue;
                yield return Item($"live-{notice.What}", notice.Key);
                yield return Item($"live-{notice.What}-{notice.Key}", notice.Key);
            }
        }
    }

    /// <summary>True: something changed. False: time for a heartbeat. Null: the end.</summary>
    private static async Task<bool?> WaitAsync(LiveHub.Listener listener, TimeProvider time, CancellationToken stop)
    {
        using var beat = new CancellationTokenSource(Heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, stop);
        try
        {
            return await listener.Notices.WaitToReadAsync(either.Token) ? true : null;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? null : false;
        }
    }
}
