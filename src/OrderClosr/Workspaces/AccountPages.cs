using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>The public door: landing page, sign-up, sign-in, sign-out, choice of a workspace.</summary>
public static class AccountPages
{
    public static void MapAccountPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").OnlyOurForms();
        pages.MapGet("/", (HttpContext http, IOffer offer) => Results.Page<LandingPage>(new { IsSignedIn = http.User.Identity?.IsAuthenticated == true, offer.From, offer.Free }));
        pages.MapGet("/sign-in", (string? to) => Results.Page<SignInPage>(new { To = Ours(to) }));
        pages.MapPost("/sign-in", SignInAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapGet("/sign-in/code", async Task<IResult> (HttpContext http, string? to, HalfSignIn half) => await half.FindAsync(http) is null ? TooLate(http) : Results.Page<CodePage>(new { To = Ours(to) }));
        pages.MapPost("/sign-in/code", SecondStepAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapGet("/sign-up", () => Results.Page<SignUpPage>());
        pages.MapPost("/sign-up", SignUpAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/sign-out", async (HttpContext http, [FromForm] string? to, SignIns signIns) =>
        {
            await signIns.EndAsync(http);
            return Results.Back(http, Ours(to) ?? "/sign-in", "workspaces.signed_out");
        });

        var own = app.MapGroup("/w").RequireAuthorization().OnlyOurForms();
        own.MapGet("", ChooseAsync);
        own.MapGet("/new", () => Results.Page<NewShopPage>());
        own.MapPost("/new", async (HttpContext http, [FromForm] string? shop, SigningUp signingUp) =>
        {
            var made = await signingUp.AddShopAsync(AccountOf(http.User), shop, http.RequestAborted);
            return made.Ok ? Results.Back(http, $"/w/{made.Value.Slug}") : Results.Refused<NewShopPage>(made.Refusal, new { made.Refusal, Given = shop });
        });
    }

    /// <summary>The account a request is signed in with; empty when none.</summary>
    public static Guid AccountOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : Guid.Empty;

    private static async Task<IResult> SignInAsync(HttpContext http, [FromForm] string? email, [FromForm] string? password, [FromForm] string? to, SigningIn signingIn, HalfSignIn half, SignIns signIns)
    {
        var found = await signingIn.CheckAsync(email, password, http.Connection.RemoteIpAddress?.ToString() ?? "", http.RequestAborted);
        if (!found.Ok) return Results.Refused<SignInPage>(found.Refusal, new { found.Refusal, Email = email, To = Ours(to) });
        if (found.Value.TwoFactorEnabled)
        {
            half.Begin(http, found.Value);
            return Results.Back(http, Ours(to) is { } back ? $"/sign-in/code?to={Uri.EscapeDataString(back)}" : "/sign-in/code");
        }
        await signIns.StartAsync(http, found.Value.Id);
        return Results.Back(http, Ours(to) ?? "/w");
    }

    private static async Task<IResult> SecondStepAsync(HttpContext http, [FromForm] string? code, [FromForm] string? to, HalfSignIn half, SecondSteps steps, SignIns signIns)
    {
        if (await half.FindAsync(http) is not { } account) return TooLate(http);
        if (await steps.CheckAsync(account, code, http.RequestAborted) is { } refusal) return Results.Refused<CodePage>(refusal, new { Refusal = refusal, To = Ours(to) });
        half.End(http);
        await signIns.StartAsync(http, account.Id);
        return Results.Back(http, Ours(to) ?? "/w");
    }

    private static IResult TooLate(HttpContext http) => Results.Back(http, "/sign-in", "account.code_late");

    /// <summary>The answer is the same for an e-mail that has an account and for one that has none now: sign in.</summary>
    private static async Task<IResult> SignUpAsync(HttpContext http, [FromForm] string? name, [FromForm] string? email, [FromForm] string? password, [FromForm] string? shop, SigningUp signingUp)
    {
        var given = new SignUp(name, email, password, shop);
        return await signingUp.SignUpAsync(given, http.RequestAborted) is { } refusal
            ? Results.Refused<SignUpPage>(refusal, new { Refusal = refusal, Given = given })
            : Results.Page<SignInPage>(new { Email = email, HasSignedUp = true });
    }

    /// <summary>Where the person was last, the only one there is, or the list; <paramref name="all"/> asks for the list.</summary>
    private static async Task<IResult> ChooseAsync(HttpContext http, bool? all, OrderClosrDb db)
    {
        var me = AccountOf(http.User);
        var mine = await (from member in db.Members
                          where member.AccountId == me
                          join workspace in db.Workspaces on member.WorkspaceId equals workspace.Id
                          orderby workspace.Name
                          select new { workspace.Id, Choice = new ChoosePage.Choice(workspace.Slug, workspace.Name, member.Role, workspace.DeleteAskedAt != null) }).ToListAsync(http.RequestAborted);
        var last = LastWorkspace.Of(http.Request);
        return all != true && (mine is [var only] ? only : mine.Find(m => m.Id == last)) is { } there ? Results.Back(http, $"/w/{there.Choice.Slug}")
            : Results.Page<ChoosePage>(new { Choices = (IReadOnlyList<ChoosePage.Choice>)mine.ConvertAll(m => m.Choice) });
    }

    private static string? Ours(string? to) => Answers.IsOurs(to) ? to : null;
}
