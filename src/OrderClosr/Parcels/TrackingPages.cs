using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels.Pages;
using OrderClosr.Web;

namespace OrderClosr.Parcels;

/// <summary><c>/track/{workspace}/{key}</c>: a customer's page of one parcel. It shows the state and its day, and nothing else of anybody.</summary>
public static class TrackingPages
{
    public static void MapTrackingPages(this IEndpointRouteBuilder app) =>
        app.MapGet("/track/{workspace}/{key}", async (string workspace, string key, HttpContext http, WorkspaceScopes scopes, CancellationToken stop) =>
        {
            http.Response.Headers["X-Robots-Tag"] = "noindex";
            http.Response.Headers.CacheControl = "no-store";
            return await FindAsync(workspace, key, scopes, stop) is { } parcel
                ? Results.Page<PublicParcelPage>(new { parcel.State, parcel.StateAt })
                : Results.NotFound();
        });

    /// <summary>The address of a parcel's page below our own.</summary>
    public static string LinkOf(string workspaceSlug, Parcel parcel) => $"/track/{workspaceSlug}/{parcel.PublicKey}";

    private static async Task<Parcel?> FindAsync(string slug, string key, WorkspaceScopes scopes, CancellationToken stop)
    {
        if (key.Length != 32 || !key.All(char.IsAsciiHexDigitLower)) return null;
        WorkspaceId id;
        await using (var none = scopes.OpenNone()) id = await none.Db.Set<Workspace>().Where(w => w.Slug == slug).Select(w => w.Id).SingleOrDefaultAsync(stop);
        if (id.IsNone) return null;
        await using var scope = scopes.Open(id);
        return await scope.Db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.PublicKey == key, stop);
    }
}
