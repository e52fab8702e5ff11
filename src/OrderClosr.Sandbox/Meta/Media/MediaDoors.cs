using OrderClosr.Sandbox.Faults;
using OrderClosr.Sandbox.Meta.Graph;

namespace OrderClosr.Sandbox.Meta.Media;

/// <summary>The content servers, with all that goes wrong there (facts: meta.md sections 8 and 13.3).</summary>
public static class MediaDoors
{
    /// <summary>Maps <c>/cdn</c> for the product and <c>/_media</c> for the phone page.</summary>
    public static void MapMedia(this RouteGroupBuilder group)
    {
        group.MapGet("/cdn/{way}/{id}", ServeAsync);
        group.MapGet("/_media/{id}", (string id, MediaShelf shelf) =>
            shelf.Find(id) is { } media ? Results.Bytes(media.Bytes, MediaKinds.Bare(media.Mime)) : Results.NotFound());
    }

    private static async Task ServeAsync(HttpContext http, string way, string id, MediaShelf shelf, MetaWorld world)
    {
        var query = http.Request.Query;
        var path = $"/cdn/{way}/{id}";
        var media = shelf.Find(id);
        // Meta's servers answer a client without a User-Agent with a page, not with the file.
        if (world.Faults.Knob("media-html", path) || http.Request.Headers.UserAgent.Count == 0) { await PageAsync(http, 200); return; }
        if (media is null || world.Faults.Knob("media-404", path) || world.Faults.Knob("media-expired", path) || !shelf.IsAlive(way, id, query["oe"], query["oh"])) { await PageAsync(http, 404); return; }
        if (way == "whatsapp")
        {
            MetaAccount? owner;
            lock (world.Gate) owner = world.Account(media.Account);
            if (owner is null || http.Request.Headers.Authorization.ToString() != "Bearer " + owner.Token)
            {
                http.Response.StatusCode = 401;
                await http.Response.WriteAsJsonAsync(new GraphRefusal(190, "Invalid OAuth access token", 401).Body());
                return;
            }
        }
        http.Response.ContentType = world.Faults.Knob("media-mime-lies", path) ? "image/png" : MediaKinds.Bare(media.Mime) is "audio/mp4" && way == "fb" ? "video/mp4" : media.Mime;
        if (world.Faults.Knob("media-huge", path))
        {
            const int Piece = 1024 * 1024, Pieces = 120;
            var nothing = new byte[Piece];
            http.Response.ContentLength = (long)Piece * Pieces;
            for (var i = 0; i < Pieces; i++) await http.Response.Body.WriteAsync(nothing, http.RequestAborted);
            return;
        }
        http.Response.ContentLength = media.Bytes.Length;
        await http.Response.Body.WriteAsync(media.Bytes, http.RequestAborted);
    }

    private static Task PageAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync("<!doctype html><title>Error</title><p>Sorry, something went wrong.</p>");
    }
}
