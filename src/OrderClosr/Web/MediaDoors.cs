using Microsoft.AspNetCore.DataProtection;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Web;

/// <summary>Where photos and voice notes are fetched: by members under their workspace, by the channels' servers under a signed address that expires.</summary>
public static class MediaDoors
{
    /// <summary><c>/w/{workspace}/media/{file}</c>, for members.</summary>
    public static void MapMediaPages(this RouteGroupBuilder workspace) =>
        workspace.MapGet("/media/{file}", (HttpContext http, string file, Shop shop, MediaFiles files) => Send(http, files.Open(shop.Id, file), "private")).Needs(Capability.Enter);

    /// <summary><c>/media/{token}</c>, for whoever holds an address that <see cref="MediaAddresses"/> made.</summary>
    public static void MapPublicMedia(this IEndpointRouteBuilder app) =>
        app.MapGet("/media/{token}", (HttpContext http, string token, MediaAddresses addresses, MediaFiles files) =>
            addresses.Read(token) is { } named ? Send(http, files.Open(named.Workspace, named.File), "public") : Results.NotFound()).AllowAnonymous();

    private static IResult Send(HttpContext http, (Stream Content, string MediaType)? file, string who)
    {
        if (file is not { } found) return Results.NotFound();
        // A file's name belongs to one content for ever.
        http.Response.Headers.CacheControl = $"{who}, max-age=31536000, immutable";
        return Results.Stream(found.Content, found.MediaType, enableRangeProcessing: true);
    }
}

/// <summary>Addresses under which a channel's server may fetch one file for a while: sealed, so that nobody can make or change one.</summary>
public sealed class MediaAddresses(IDataProtectionProvider protection, IConfiguration settings)
{
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("media").ToTimeLimitedDataProtector();

    /// <summary>An address that works for <paramref name="lasts"/>, a day when not said.</summary>
    public string Of(WorkspaceId workspace, string file, TimeSpan? lasts = null) =>
        $"{(settings["Public:BaseUrl"] ?? "http://localhost:5080").TrimEnd('/')}/media/{_protector.Protect($"{workspace}/{file}", lasts ?? TimeSpan.FromDays(1))}";

    /// <summary>Which file an address is for; null when it is not ours or too old.</summary>
    internal (WorkspaceId Workspace, string File)? Read(string token)
    {
        try
        {
            var parts = _protector.Unprotect(token).Split('/');
            return parts.Length == 2 && WorkspaceId.TryParse(parts[0], null, out var workspace) ? (workspace, parts[1]) : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
