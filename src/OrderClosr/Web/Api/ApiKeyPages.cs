using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Api;

/// <summary>Where an owner makes and revokes keys of the API: <c>/w/{workspace}/settings/api</c>.</summary>
public static class ApiKeyPages
{
    public static void MapApiKeyPages(this RouteGroupBuilder workspace)
    {
        workspace.MapGet("/settings/api", (OrderClosrDb db, CancellationToken stop) => ShowAsync(db, null, stop)).Needs(Capability.MakeKeys);
        workspace.MapPost("/settings/api", async (HttpContext http, OrderClosrDb db, ApiKeys keys, Shop shop, CancellationToken stop) =>
        {
            var form = await http.Request.ReadFormAsync(stop);
            var (_, key) = await keys.MakeAsync(form["name"].ToString(), shop.AccountId, stop);
            // Shown in this one answer and nowhere else: not kept, not in an address, not in a log.
            http.Response.Headers.CacheControl = "no-store";
            return await ShowAsync(db, key, stop);
        }).Needs(Capability.MakeKeys);
        workspace.MapPost("/settings/api/{id}/revoke", async (string id, HttpContext http, ApiKeys keys, Shop shop, CancellationToken stop) =>
        {
            if (!Id<ApiKey>.TryParse(id, null, out var key)) return Results.NotFound();
            var revoked = await keys.RevokeAsync(key, stop);
            return revoked.Ok ? Results.Back(http, shop.Link("settings/api"), "api.revoked_now") : Results.NotFound();
        }).Needs(Capability.MakeKeys);
    }

    private static async Task<IResult> ShowAsync(OrderClosrDb db, string? made, CancellationToken stop) =>
        Results.Page<ApiKeysPage>(new { Keys = (IReadOnlyList<ApiKey>)await db.ApiKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ToListAsync(stop), Makers = await MakersAsync(db, stop), Resting = await RestingAsync(db, stop), Made = made });

    private static async Task<IReadOnlySet<Guid>> RestingAsync(OrderClosrDb db, CancellationToken stop) =>
        (await (from key in db.ApiKeys join account in db.Accounts on key.CreatedBy equals account.Id where account.LockoutEnd != null select account.Id).ToListAsync(stop)).ToHashSet();

    private static async Task<IReadOnlyDictionary<Guid, string>> MakersAsync(OrderClosrDb db, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        return await (from member in db.Members where member.WorkspaceId == here join account in db.Accounts on member.AccountId equals account.Id select new { account.Id, account.Name }).ToDictionaryAsync(a => a.Id, a => a.Name, stop);
    }
}
