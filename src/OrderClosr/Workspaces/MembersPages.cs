using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Api;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary><c>/settings/workspaces</c>: who works in the shop, with which role, who is invited, and what each role may do.</summary>
public static class MembersPages
{
    private const string Here = "settings/workspaces";

    public static void MapMembersPages(this RouteGroupBuilder workspace)
    {
        var all = workspace.MapGroup("/settings").Needs(Capability.Enter);
        all.MapGet("/workspaces", (MembersView view, CancellationToken stop) => view.PageAsync(null, null, stop));
        all.MapGet("/leave", (MembersView view, Shop shop, CancellationToken stop) => view.LeaveAsync(shop.AccountId, null, stop));
        all.MapPost("/leave", async Task<IResult> (HttpContext http, [FromForm(Name = "end_keys")] string? endKeys, Membership members, MembersView view, Shop shop) =>
            await members.LeaveAsync(shop.AccountId, endKeys is not null, http.RequestAborted) is { } refusal ? await view.LeaveAsync(shop.AccountId, refusal, http.RequestAborted) : Results.Back(http, "/w", "members.left"));

        workspace.MapPost("/settings/workspaces", async Task<IResult> (HttpContext http, [FromForm] string? shop, [FromForm] string? language, ChangeWorkspace change, MembersView view, Shop here) =>
            await change.RunAsync(shop, language, http.RequestAborted) is { } refusal ? await view.PageAsync(refusal, new(Shop: shop, Language: language), http.RequestAborted) : Results.Back(http, here.Link(Here), "ui.saved"))
            .Needs(Capability.ChangeWorkspace);

        var owner = workspace.MapGroup("/settings").Needs(Capability.ManageMembers);
        owner.MapPost("/invitations", async Task<IResult> (HttpContext http, [FromForm] string? email, [FromForm] string? role, Invitations invitations, MembersView view, Shop shop) =>
            await invitations.InviteAsync(email, Read(role), shop.AccountId, http.RequestAborted) is { } refusal ? await view.PageAsync(refusal, new(Email: email, Role: role), http.RequestAborted) : Results.Back(http, shop.Link(Here), "members.invited"));
        owner.MapPost("/invitations/{id}/again", (HttpContext http, Id<Invitation> id, Invitations invitations, MembersView view, Shop shop) =>
            AnswerAsync(http, view, shop, invitations.SendAgainAsync(id, shop.AccountId, http.RequestAborted), "members.invited"));
        owner.MapPost("/invitations/{id}/withdraw", (HttpContext http, Id<Invitation> id, Invitations invitations, MembersView view, Shop shop) =>
            AnswerAsync(http, view, shop, invitations.WithdrawAsync(id, shop.AccountId, http.RequestAborted), "members.withdrawn"));
        owner.MapPost("/members/{id}/role", (HttpContext http, MemberId id, [FromForm] string? role, Membership members, MembersView view, Shop shop) =>
            AnswerAsync(http, view, shop, members.ChangeRoleAsync(id, Read(role), shop.AccountId, http.RequestAborted), "ui.saved"));
        owner.MapPost("/second-step", (HttpContext http, [FromForm] string? on, ChangeWorkspace change, MembersView view, Shop shop) =>
            AnswerAsync(http, view, shop, change.NeedSecondStepAsync(on == "true", shop.AccountId, http.RequestAborted), "ui.saved"));
        owner.MapGet("/members/{id}/remove", (MemberId id, MembersView view, CancellationToken stop) => view.RemoveAsync(id, null, stop));
        owner.MapPost("/members/{id}/remove", async Task<IResult> (HttpContext http, MemberId id, [FromForm(Name = "end_keys")] string? endKeys, Membership members, MembersView view, Shop shop) =>
            await members.RemoveAsync(id, shop.AccountId, endKeys is not null, http.RequestAborted) is { } refusal ? await view.RemoveAsync(id, refusal, http.RequestAborted) : Results.Back(http, shop.Link(Here), "members.removed"));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, MembersView view, Shop shop, Task<Refusal?> change, string said) =>
        await change is not { } refusal ? Results.Back(http, shop.Link(Here), said) : refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : await view.PageAsync(refusal, null, http.RequestAborted);

    /// <summary>A role by its word; anything else is none.</summary>
    private static Role? Read(string? word) => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => r!.Value.Word() == word);
}

/// <summary>A member as the page shows it.</summary>
/// <param name="HasSecondStep">At sign-in.</param>
public sealed record MemberLine(MemberId Id, Guid Account, string Name, string Email, Role Role, bool HasSecondStep, bool IsDisabled);

/// <summary>What stood in the forms of the page when something of it was refused.</summary>
public sealed record SettingsTyped(string? Email = null, string? Role = null, string? Shop = null, string? Language = null);

/// <summary>Reads what the pages of members show.</summary>
public sealed class MembersView(OrderClosrDb db, Invitations invitations, ApiKeys keys, Shop shop)
{
    /// <summary>The page, with what was refused.</summary>
    public async Task<IResult> PageAsync(Refusal? refusal, SettingsTyped? given, CancellationToken stop) => Results.Page<MembersPage>(new
    {
        Members = await AllAsync(stop), Invitations = shop.May(Capability.ManageMembers) ? await invitations.ListAsync(stop) : [], Refusal = refusal, Given = given,
    }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));

    /// <summary>Asks before a member is removed.</summary>
    public async Task<IResult> RemoveAsync(MemberId id, Refusal? refusal, CancellationToken stop) =>
        (await AllAsync(stop)).FirstOrDefault(m => m.Id == id) is { } member ? await ShowAsync(member, false, refusal, stop) : Results.NotFound();

    /// <summary>Asks before a member leaves.</summary>
    public async Task<IResult> LeaveAsync(Guid account, Refusal? refusal, CancellationToken stop)
    {
        var all = await AllAsync(stop);
        return all.FirstOrDefault(m => m.Account == account) is not { } member ? Results.NotFound()
            : await ShowAsync(member, true, refusal, stop, isLastOwner: member.Role == Role.Owner && !all.Any(m => m.Id != member.Id && m is { Role: Role.Owner, IsDisabled: false }));
    }

    private async Task<IResult> ShowAsync(MemberLine member, bool leaves, Refusal? refusal, CancellationToken stop, bool isLastOwner = false) =>
        Results.Page<GoodbyePage>(new { Member = member, Leaves = leaves, IsLastOwner = isLastOwner, Keys = await keys.MadeByAsync(member.Account, stop), Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));

    /// <summary>Owners first, then by name. Members belong to no filter: asked by the workspace that was entered.</summary>
    private async Task<IReadOnlyList<MemberLine>> AllAsync(CancellationToken stop)
    {
        var here = db.WorkspaceId;
        var all = await (from member in db.Members where member.WorkspaceId == here join account in db.Accounts on member.AccountId equals account.Id select new MemberLine(member.Id, account.Id, account.Name, account.Email ?? "", member.Role, account.TwoFactorEnabled, account.LockoutEnd != null)).ToListAsync(stop);
        return [.. all.OrderBy(m => m.Role).ThenBy(m => m.Name, StringComparer.CurrentCultureIgnoreCase)];
    }
}
