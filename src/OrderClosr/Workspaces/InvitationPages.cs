using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>The page behind an invitation's link: accept it, or make the account first.</summary>
public static class InvitationPages
{
    public static void MapInvitationPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/invitations/{token}").OnlyOurForms();
        pages.MapGet("", (HttpContext http, string token, Joining joining, OrderClosrDb db) => ShowAsync(http, token, joining, db));
        pages.MapPost("", async Task<IResult> (HttpContext http, string token, Joining joining, OrderClosrDb db) =>
        {
            var me = AccountPages.AccountOf(http.User);
            if (me == Guid.Empty) return Results.Back(http, $"/invitations/{token}");
            var joined = await joining.JoinAsync(token, me, http.RequestAborted);
            return joined.Ok ? Results.Back(http, $"/w/{joined.Value.Slug}", "members.joined") : await ShowAsync(http, token, joining, db, joined.Refusal);
        }).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/account", async Task<IResult> (HttpContext http, string token, [FromForm] string? name, [FromForm] string? password, Joining joining, SignIns signIns, OrderClosrDb db) =>
        {
            var joined = await joining.SignUpAsync(token, name, password, http.RequestAborted);
            if (!joined.Ok) return await ShowAsync(http, token, joining, db, joined.Refusal, name);
            await signIns.StartAsync(http, joined.Value.Account);
            return Results.Back(http, $"/w/{joined.Value.Slug}", "members.joined");
        }).AddEndpointFilter(PasswordDoor.FilterAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string token, Joining joining, OrderClosrDb db, Refusal? refusal = null, string? given = null)
    {
        var (me, stop) = (AccountPages.AccountOf(http.User), http.RequestAborted);
        if (await joining.LookAsync(token, stop) is not { } view)
            return me != Guid.Empty && await joining.FindOwnAsync(token, me, stop) is { } slug ? Results.Back(http, $"/w/{slug}") : Results.Page<InvitationGonePage>(status: StatusCodes.Status410Gone);
        var mine = me == Guid.Empty ? null : await db.Accounts.Where(a => a.Id == me).Select(a => a.Email).SingleOrDefaultAsync(stop);
        return Results.Page<InvitationPage>(new { Token = token, View = view, Mine = mine, Refusal = refusal, Given = given }, refusal is null ? StatusCodes.Status200OK : Answers.StatusOf(refusal));
    }
}
