using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Orders;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>Settings → Workspaces → Delete workspace: what goes and when, the confirmation, and the undo on the page that is then all there is.</summary>
public static class DeletionPages
{
    public static void MapDeleteWorkspacePages(this RouteGroupBuilder workspace)
    {
        var owner = workspace.MapGroup("/settings/workspaces").Needs(Capability.DeleteWorkspace);
        owner.MapGet("/delete", async (OrderClosrDb db, MediaFiles files, CancellationToken stop) => Results.Page<DeletePage>(new { Contents = await CountAsync(db, files, stop) }));
        owner.MapPost("/delete", async Task<IResult> (HttpContext http, [FromForm(Name = "shop_name")] string? name, [FromForm] string? password, Shop shop, OwnAccount own, DeleteWorkspace delete, OrderClosrDb db, MediaFiles files) =>
            await delete.AskAsync(await own.FindAsync(http.RequestAborted), name, password, http.RequestAborted) is { } refusal
                ? Results.Refused<DeletePage>(refusal, new { Contents = await CountAsync(db, files, http.RequestAborted), Refusal = refusal, Typed = name })
                : Results.Back(http, shop.Link(""))).AddEndpointFilter(PasswordDoor.FilterAsync);
        owner.MapPost("/keep", async (HttpContext http, Shop shop, DeleteWorkspace delete) => await delete.UndoAsync(http.RequestAborted) is null
            ? Results.Back(http, shop.Link("channels"), "leaving.kept")
            : Results.Back(http, shop.Link(""), "leaving.refusal.deletion_over")).WhileLeaving();
    }

    private static async Task<WorkspaceContents> CountAsync(OrderClosrDb db, MediaFiles files, CancellationToken stop) => new(
        await db.Conversations.CountAsync(stop), await db.Orders.CountAsync(o => o.Number > 0, stop), await db.Customers.CountAsync(stop),
        Directory.Exists(files.FolderOf(db.WorkspaceId)) ? Directory.EnumerateFiles(files.FolderOf(db.WorkspaceId)).Count() : 0);
}

/// <summary>What a workspace holds, as its deletion says it.</summary>
public sealed record WorkspaceContents(int Conversations, int Orders, int Customers, int Files);
