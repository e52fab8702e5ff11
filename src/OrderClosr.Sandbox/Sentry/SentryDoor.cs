using System.Text.Json;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Sentry;

/// <summary>One thing that was reported: <c>event</c>, <c>transaction</c>, <c>session</c>, <c>client_report</c>, <c>log</c>.</summary>
public sealed record ReportedItem(string Project, string Type, string Payload);

/// <summary>Plays Sentry's receiver: takes envelopes (plain or gzip), keeps their items, and refuses what the real one refuses.</summary>
public static class SentryDoor
{
    private const int MostKept = 2000, MostBytes = 1024 * 1024;

    /// <summary><c>/sentry/api/{project}/envelope/</c>, and <c>/sentry/_items</c> to read what came. A DSN here: <c>http://anything@host:port/sentry/42</c>.</summary>
    public static void MapSentry(this IEndpointRouteBuilder app)
    {
        var items = new Queue<ReportedItem>();
        var group = app.MapVendor("sentry", vendor =>
        {
            vendor.HidesSecrets = false; // its log must prove what was sent
            vendor.Forget = () => { lock (items) items.Clear(); };
        });
        group.MapGet("/_items", (string? type) =>
        {
            lock (items) return new { items = items.Where(i => type is null || i.Type == type).ToList() };
        });
        group.MapPost("/api/{project}/envelope/", async (HttpContext http, string project) =>
        {
            if (!http.Request.Headers["X-Sentry-Auth"].ToString().Contains("sentry_key=", StringComparison.Ordinal)) return Results.Json(new { detail = "missing authorization information", causes = Array.Empty<string>() }, statusCode: 403);
            using var copy = new MemoryStream();
            await http.Request.Body.CopyToAsync(copy, http.RequestAborted);
            if (copy.Length > MostBytes) return Results.Json(new { detail = "envelope exceeded size limits" }, statusCode: 413);
            if (Read(copy.ToArray(), project) is not { } read) return Results.Json(new { detail = "bad envelope" }, statusCode: 400);
            lock (items)
            {
                foreach (var item in read) items.Enqueue(item);
                while (items.Count > MostKept) items.Dequeue();
            }
            return Results.Json(new { id = Guid.NewGuid().ToString("N") });
        });
    }

    /// <summary>Lines of JSON: the envelope's head, then for each item a head (<c>type</c>, <c>length</c>) and its payload.</summary>
    private static List<ReportedItem>? Read(byte[] envelope, string project)
    {
        var found = new List<ReportedItem>();
        var at = 0;
        try
        {
            using (JsonDocument.Parse(Line(envelope, ref at))) { }
            while (at < envelope.Length)
            {
                var line = Line(envelope, ref at);
                if (line.IsEmpty) continue;
                using var head = JsonDocument.Parse(line);
                var payload = head.RootElement.TryGetProperty("length", out var length) ? envelope.AsMemory(at, length.GetInt32()) : Line(envelope, ref at);
                if (length.ValueKind == JsonValueKind.Number) at += payload.Length + 1;
                found.Add(new(project, head.RootElement.GetProperty("type").GetString()!, System.Text.Encoding.UTF8.GetString(payload.Span)));
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentOutOfRangeException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
        return found;
    }

    private static ReadOnlyMemory<byte> Line(byte[] envelope, ref int at)
    {
        var end = Array.IndexOf(envelope, (byte)'\n', at);
        var line = envelope.AsMemory(at, (end < 0 ? envelope.Length : end) - at);
        at = end < 0 ? envelope.Length : end + 1;
        return line;
    }
}
