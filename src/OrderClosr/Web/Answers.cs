using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web;

/// <summary>How an endpoint answers with a page, a fragment of one, or a way back.</summary>
public static class Answers
{
    extension(Results)
    {
        /// <summary>Renders a component, whole page or fragment, on the server; parameters by the names of its properties.</summary>
        /// <example><c>Results.Page&lt;OrderPage&gt;(new { Order = order })</c></example>
        public static IResult Page<T>(object? parameters = null, int status = StatusCodes.Status200OK) where T : IComponent =>
            new RazorComponentResult<T>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true };

        /// <summary>The page again with what was refused: 422, 409 or 404 as the refusal says; htmx swaps it like any answer.</summary>
        public static IResult Refused<T>(Refusal refusal, object? parameters = null) where T : IComponent => Results.Page<T>(parameters, StatusOf(refusal));

        /// <summary>After a form that worked: to another of our own addresses (never a foreign one), with a word to say there once.</summary>
        /// <param name="http">The request.</param>
        /// <param name="address">Where to, e.g. <c>shop.Link("orders")</c>.</param>
        /// <param name="said">Key of the words of the toast.</param>
        public static IResult Back(HttpContext http, string address, string? said = null)
        {
            if (said is not null) Toasts.Say(http, said);
            if (!http.Request.IsHtmx()) return Results.LocalRedirect(address);
            http.Response.Headers["HX-Redirect"] = IsOurs(address) ? address : "/";
            return Results.NoContent();
        }
    }

    extension(HttpRequest request)
    {
        /// <summary>True when htmx asks: answer with the fragment alone.</summary>
        public bool IsHtmx() => request.Headers.ContainsKey("HX-Request");
    }

    /// <summary>The status a refusal is answered with.</summary>
    public static int StatusOf(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>True for a path on this server: what a return address may be.</summary>
    public static bool IsOurs(string? address) =>
        address is { Length: > 0 } && address[0] == '/' && (address.Length == 1 || address[1] is not ('/' or '\\')) && !address.Any(char.IsControl) && !address.Contains('\\', StringComparison.Ordinal);
}
