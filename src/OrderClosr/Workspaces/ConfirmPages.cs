using Microsoft.AspNetCore.Mvc;
using OrderClosr.Ground.Mail;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>Confirming an e-mail address: the link's page with its button, and the page that sends the link again.</summary>
public static class ConfirmPages
{
    public static void MapConfirmPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").OnlyOurForms();
        pages.MapGet("/confirm", () => Results.Page<ConfirmAgainPage>());
        pages.MapPost("/confirm", SendAgainAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapGet("/confirm/{token}", async Task<IResult> (string token, Confirming confirming, CancellationToken stop) =>
            await confirming.LookAsync(token, stop) is var link && link != ConfirmLink.Gone ? Results.Page<ConfirmPage>(new { Token = token, Link = link }) : PasswordPages.Gone());
        pages.MapPost("/confirm/{token}", async Task<IResult> (HttpContext http, string token, Confirming confirming) =>
            await confirming.ConfirmAsync(token, http.RequestAborted) == ConfirmLink.Done ? Results.Back(http, "/sign-in", "workspaces.confirmed") : PasswordPages.Gone()).AddEndpointFilter(PasswordDoor.FilterAsync);
    }

    private static async Task<IResult> SendAgainAsync([FromForm] string? email, AccountLinks links, IMailServer mail, CancellationToken stop)
    {
        if (!mail.IsOn) return Results.Page<ForgotPage>(status: StatusCodes.Status503ServiceUnavailable);
        return await links.AskAsync(email, LinkPurpose.Confirm, stop) is { } refusal
            ? Results.Refused<ConfirmAgainPage>(refusal, new { Refusal = refusal, Email = email })
            : Results.Page<ConfirmAgainPage>(new { Email = email, IsSent = true });
    }
}
