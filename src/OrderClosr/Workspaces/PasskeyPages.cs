using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary>Passkeys: two doors answer a script (what to ask the device), the others take what it said in an ordinary form.</summary>
public static class PasskeyPages
{
    public static void MapPasskeyPages(this IEndpointRouteBuilder app)
    {
        var door = app.MapGroup("/sign-in/passkey").OnlyOurForms();
        door.MapPost("/options", async (HttpContext http, Passkeys passkeys) => Results.Content(await passkeys.AskAsync(http), MediaTypeNames.Application.Json)).AddEndpointFilter(PasswordDoor.FilterAsync);
        door.MapPost("", SignInAsync).AddEndpointFilter(PasswordDoor.FilterAsync);

        var own = app.MapGroup("/account/passkeys").RequireAuthorization().OnlyOurForms();
        own.MapPost("/options", AskForNewAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        own.MapPost("", async Task<IResult> (HttpContext http, [FromForm] string? credential, [FromForm(Name = "passkey_name")] string? name, OwnAccount me, Passkeys passkeys) =>
            await DoneAsync(http, me, await passkeys.AddAsync(http, await me.FindAsync(http.RequestAborted), credential, name), "account.passkey_added"));
        own.MapPost("/{key}/rename", async Task<IResult> (HttpContext http, string key, [FromForm(Name = "passkey_name")] string? name, OwnAccount me, Passkeys passkeys) =>
            await DoneAsync(http, me, await passkeys.RenameAsync(await me.FindAsync(http.RequestAborted), key, name, http.RequestAborted), "ui.saved"));
        own.MapPost("/{key}/remove", RemoveAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, [FromForm] string? credential, [FromForm] string? to, Passkeys passkeys, SignIns signIns)
    {
        var back = Answers.IsOurs(to) ? to : null;
        var found = await passkeys.FindAsync(http, credential);
        if (!found.Ok) return Results.Refused<SignInPage>(found.Refusal, new { found.Refusal, To = back });
        await signIns.StartAsync(http, found.Value.Id);
        return Results.Back(http, back ?? "/w");
    }

    private static async Task<IResult> AskForNewAsync(HttpContext http, [FromForm(Name = "passkey_password")] string? password, OwnAccount me, OwnPassword check, Passkeys passkeys, Words words)
    {
        var account = await me.FindAsync(http.RequestAborted);
        if (await check.CheckAsync(account, password, http.RequestAborted) is { } refusal) return Said(refusal);
        var asked = await passkeys.AskForNewAsync(http, account);
        return asked.Ok ? Results.Content(asked.Value, MediaTypeNames.Application.Json) : Said(asked.Refusal);

        IResult Said(Refusal no) => Results.Text(words.Of(no), statusCode: StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string key, [FromForm] string? password, OwnAccount me, OwnPassword check, Passkeys passkeys)
    {
        var account = await me.FindAsync(http.RequestAborted);
        return await DoneAsync(http, me, await check.CheckAsync(account, password, http.RequestAborted, "remove_password") ?? await passkeys.RemoveAsync(account, key, http.RequestAborted), "account.passkey_removed");
    }

    private static async Task<IResult> DoneAsync(HttpContext http, OwnAccount me, Refusal? refusal, string said) =>
        refusal is null ? Results.Back(http, "/account", said) : Results.Refused<AccountPage>(refusal, new { View = await me.LookAsync(http.RequestAborted), Refusal = refusal });
}
