using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Privacy.Pages;
using OrderClosr.Web;

namespace OrderClosr.Privacy;

/// <summary><c>/deletion/{code}</c>: how a person's request for deletion stands, for whoever has its unguessable code. It shows the state and its day, and nothing of anybody.</summary>
public static class DeletionPages
{
    /// <summary>The page's address below our own.</summary>
    public static string PathOf(string code) => $"/deletion/{code}";

    public static void MapDeletionPages(this IEndpointRouteBuilder app) => app.MapGet("/deletion/{code}", async (string code, HttpContext http, WorkspaceScopes scopes, CancellationToken stop) =>
    {
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        if (code.Length != 32 || !code.All(char.IsAsciiHexDigitLower)) return Results.NotFound();
        await using var scope = scopes.OpenNone();
        return await scope.Db.PersonRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Code == code && r.Kind == PersonRequestKind.Deletion, stop) is { } request
            ? Results.Page<DeletionPage>(new { IsDone = request.DoneAt is not null, At = request.DoneAt ?? request.ReceivedAt })
            : Results.NotFound();
    });
}
