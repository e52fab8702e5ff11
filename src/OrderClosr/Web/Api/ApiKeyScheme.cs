using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Web.Api;

/// <summary>The API's own way to say who calls: a bearer key, never a cookie. Enters the key's workspace.</summary>
internal sealed class ApiKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, CurrentWorkspace workspace, ApiKeys keys, Actor actor)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    internal const string Name = "api-key";
    internal const string KeyClaim = "key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var key = header[7..].Trim();
        if (ApiKeys.WorkspaceOf(key) is not { IsNone: false } claimed) return AuthenticateResult.Fail("No key of ours.");
        workspace.Enter(claimed);
        if (await keys.FindAsync(key, Context.RequestAborted) is not { } row) return AuthenticateResult.Fail("Unknown or revoked.");
        actor.BeApiKey(row.Id);
        var who = new ClaimsPrincipal(new ClaimsIdentity([new(KeyClaim, row.Id.ToString())], Name));
        return AuthenticateResult.Success(new(who, Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Of(new Refusal("key_missing", "Send a workspace key as \"Authorization: Bearer …\"; keys are made on the settings page."), StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }
}
