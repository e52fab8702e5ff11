using Microsoft.AspNetCore.Http.Features;
using OrderClosr.Privacy;

namespace OrderClosr.Vendors.Meta;

/// <summary>The two addresses that Meta demands of every app: a person removed the app, a person wants what we hold of them deleted (facts/meta.md section 10.1).</summary>
/// <remarks>The person is who connected an account, a merchant's member; what customers wrote is the merchant's and is erased by the merchant (promise P18).</remarks>
public static class MetaCallbacks
{
    /// <summary>A signed request is a few hundred letters.</summary>
    private const int LargestBody = 16 * 1024;

    public static void MapMetaCallbacks(this IEndpointRouteBuilder app)
    {
        // Nobody is signed in here: the signature is the proof.
        app.MapPost("/webhooks/meta/deauthorize", (HttpContext http, MetaSettings settings, PersonRequests requests) => ReceiveAsync(http, settings, requests, PersonRequestKind.Departure)).ExcludeFromDescription().DisableAntiforgery();
        app.MapPost("/webhooks/meta/data-deletion", (HttpContext http, MetaSettings settings, PersonRequests requests) => ReceiveAsync(http, settings, requests, PersonRequestKind.Deletion)).ExcludeFromDescription().DisableAntiforgery();
    }

    private static async Task<IResult> ReceiveAsync(HttpContext http, MetaSettings settings, PersonRequests requests, PersonRequestKind kind)
    {
        if (!http.Request.HasFormContentType) return Results.StatusCode(StatusCodes.Status400BadRequest);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = LargestBody;
        string text;
        try
        {
            text = (await http.Request.ReadFormAsync(http.RequestAborted))["signed_request"].ToString();
        }
        catch (BadHttpRequestException refused)
        {
            return Results.StatusCode(refused.StatusCode);
        }
        catch (InvalidDataException)
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }
        if (SignedRequest.Read(settings, text) is not { } asked) return Results.StatusCode(StatusCodes.Status403Forbidden);
        var code = await requests.TakeAsync(kind, text, asked.Person, asked.IssuedAt, asked.IsInstagrams, http.RequestAborted);
        return kind == PersonRequestKind.Departure ? Results.Ok() : Results.Json(new { url = $"{settings.PublicUrl}{DeletionPages.PathOf(code)}", confirmation_code = code });
    }
}
