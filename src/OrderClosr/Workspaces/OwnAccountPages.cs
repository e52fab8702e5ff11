using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>A person's own account: name, password, second step, sessions. Passkeys have pages of their own. Of the person, not of a shop: no workspace is entered.</summary>
public static class OwnAccountPages
{
    public static void MapOwnAccountPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("/account").RequireAuthorization().OnlyOurForms();
        pages.MapGet("", async Task<IResult> (OwnAccount own, CancellationToken stop) => Results.Page<AccountPage>(new { View = await own.LookAsync(stop) }));
        pages.MapPost("/name", async Task<IResult> (HttpContext http, [FromForm] string? name, OwnAccount own) =>
            await own.RenameAsync(name, http.RequestAborted) is { } refusal
                ? Results.Refused<AccountPage>(refusal, new { View = await own.LookAsync(http.RequestAborted), Refusal = refusal, Given = name })
                : Results.Back(http, "/account", "ui.saved"));

        pages.MapPost("/password", PasswordAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/sessions/end-others", async Task<IResult> (HttpContext http, Sessions sessions) =>
        {
            await sessions.EndOthersAsync(AccountPages.AccountOf(http.User), SignIns.IdOf(http.User), http.RequestAborted);
            return Results.Back(http, "/account", "account.others_ended");
        });
        pages.MapPost("/sessions/{id}/end", async Task<IResult> (HttpContext http, Guid id, Sessions sessions) =>
            await sessions.EndAsync(AccountPages.AccountOf(http.User), id, http.RequestAborted) is null ? Results.Back(http, "/account", "account.ended") : Results.NotFound());

        pages.MapGet("/second-step", async Task<IResult> (OwnAccount own, SecondSteps steps, CancellationToken stop) => Results.Page<SecondStepPage>(new { State = await steps.LookAsync(await own.FindAsync(stop), stop) }));
        pages.MapPost("/second-step", BeginAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/second-step/confirm", ConfirmAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/second-step/off", OffAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        pages.MapPost("/second-step/codes", NewCodesAsync).AddEndpointFilter(PasswordDoor.FilterAsync);

        pages.MapGet("/close", async Task<IResult> (OwnAccount own, CloseAccount closing, CancellationToken stop) => Results.Page<ClosePage>(new { Look = await closing.LookAsync(await own.FindAsync(stop), stop) }));
        pages.MapPost("/close", CloseAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
    }

    private static async Task<IResult> PasswordAsync(HttpContext http, [FromForm(Name = "old_password")] string? old, [FromForm] string? password, OwnAccount own, OwnPassword change, SignIns signIns)
    {
        var account = await own.FindAsync(http.RequestAborted);
        if (await change.ChangeAsync(account, old, password, http.RequestAborted) is { } refusal) return Results.Refused<AccountPage>(refusal, new { View = await own.LookAsync(http.RequestAborted), Refusal = refusal });
        await signIns.StartAsync(http, account.Id);
        return Results.Back(http, "/account", "account.password_is_changed");
    }

    private static async Task<IResult> CloseAsync(HttpContext http, [FromForm] string? password, OwnAccount own, CloseAccount closing, SignIns signIns)
    {
        var account = await own.FindAsync(http.RequestAborted);
        if (await closing.RunAsync(account, password, http.RequestAborted) is { } refusal) return Results.Refused<ClosePage>(refusal, new { Look = await closing.LookAsync(account, http.RequestAborted), Refusal = refusal });
        await signIns.EndAsync(http);
        return Results.Back(http, "/sign-in", "account.closed");
    }

    private static async Task<IResult> BeginAsync(HttpContext http, [FromForm] string? password, OwnAccount own, OwnPassword check, SecondSteps steps)
    {
        var account = await own.FindAsync(http.RequestAborted);
        if (await check.CheckAsync(account, password, http.RequestAborted) is { } refusal) return Results.Refused<SecondStepPage>(refusal, new { State = await steps.LookAsync(account, http.RequestAborted), Refusal = refusal });
        await steps.BeginAsync(account, http.RequestAborted);
        return Results.Back(http, "/account/second-step");
    }

    private static async Task<IResult> ConfirmAsync(HttpContext http, [FromForm] string? code, OwnAccount own, SecondSteps steps)
    {
        var account = await own.FindAsync(http.RequestAborted);
        var made = await steps.ConfirmAsync(account, code, http.RequestAborted);
        return made.Ok ? Results.Page<RecoveryCodesPage>(new { Codes = made.Value, IsFirst = true })
            : Results.Refused<SecondStepPage>(made.Refusal, new { State = await steps.LookAsync(account, http.RequestAborted), made.Refusal });
    }

    private static async Task<IResult> OffAsync(HttpContext http, [FromForm] string? password, OwnAccount own, OwnPassword check, SecondSteps steps)
    {
        var account = await own.FindAsync(http.RequestAborted);
        if (await check.CheckAsync(account, password, http.RequestAborted, "off_password") is { } refusal) return Results.Refused<SecondStepPage>(refusal, new { State = await steps.LookAsync(account, http.RequestAborted), Refusal = refusal });
        await steps.OffAsync(account.Id, http.RequestAborted);
        return Results.Back(http, "/account", "account.second_step_is_off");
    }

    private static async Task<IResult> NewCodesAsync(HttpContext http, [FromForm] string? password, OwnAccount own, OwnPassword check, SecondSteps steps)
    {
        var account = await own.FindAsync(http.RequestAborted);
        if (await check.CheckAsync(account, password, http.RequestAborted, "codes_password") is { } refusal) return Results.Refused<SecondStepPage>(refusal, new { State = await steps.LookAsync(account, http.RequestAborted), Refusal = refusal });
        var made = await steps.NewCodesAsync(account, http.RequestAborted);
        return made.Ok ? Results.Page<RecoveryCodesPage>(new { Codes = made.Value }) : Results.Back(http, "/account/second-step");
    }
}
