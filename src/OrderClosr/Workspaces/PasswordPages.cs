using Microsoft.AspNetCore.Mvc;
using OrderClosr.Ground.Mail;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>A forgotten password: ask for a link, choose a new one.</summary>
public static class PasswordPages
{
    public static void MapPasswordPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").OnlyOurForms();
        pages.MapGet("/forgot", () => Results.Page<ForgotPage>());
        pages.MapPost("/forgot", AskAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapGet("/reset/{token}", async Task<IResult> (string token, ForgottenPasswords passwords, CancellationToken stop) =>
            await passwords.IsGoodAsync(token, stop) ? Results.Page<ResetPage>(new { Token = token }) : Gone());
        pages.MapPost("/reset/{token}", ChooseAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
    }

    /// <summary>What an address that works no longer shows.</summary>
    internal static IResult Gone() => Results.Page<LinkGonePage>(status: StatusCodes.Status410Gone);

    private static async Task<IResult> AskAsync([FromForm] string? email, AccountLinks links, IMailServer mail, CancellationToken stop)
    {
        if (!mail.IsOn) return Results.Page<ForgotPage>(status: StatusCodes.Status503ServiceUnavailable);
        return await links.AskAsync(email, LinkPurpose.Reset, stop) is { } refusal
            ? Results.Refused<ForgotPage>(refusal, new { Refusal = refusal, Email = email })
            : Results.Page<ForgotPage>(new { Email = email, IsSent = true });
    }

    private static async Task<IResult> ChooseAsync(HttpContext http, string token, [FromForm] string? password, ForgottenPasswords passwords)
    {
        var refusal = await passwords.ChooseAsync(token, password, http.RequestAborted);
        if (refusal is null) return Results.Back(http, "/sign-in", "workspaces.password_changed");
        return refusal == AccountLinks.Gone ? Gone() : Results.Refused<ResetPage>(refusal, new { Refusal = refusal, Token = token });
    }
}
