using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary><c>/settings/workspaces</c>: who works in the shop, with which role, and what each role may do.</summary>
public static class MembersPages
{
    public static void MapMembersPages(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/settings/workspaces", async (OrderClosrDb db, CancellationToken stop) => Results.Page<MembersPage>(new { Members = await AllAsync(db, stop) })).Needs(Capability.Enter);

    /// <summary>Owners first, then by name. Members belong to no filter: asked by the workspace that was entered.</summary>
    private static async Task<IReadOnlyList<MemberLine>> AllAsync(OrderClosrDb db, CancellationToken stop)
    {
        var here = db.WorkspaceId;
        var all = await (from member in db.Members where member.WorkspaceId == here join account in db.Accounts on member.AccountId equals account.Id select new MemberLine(account.Id, account.Name, account.Email ?? "", member.Role)).ToListAsync(stop);
        return [.. all.OrderBy(m => m.Role).ThenBy(m => m.Name, StringComparer.CurrentCultureIgnoreCase)];
    }
}

/// <summary>A member as the page shows it.</summary>
public sealed record MemberLine(Guid Account, string Name, string Email, Role Role);
