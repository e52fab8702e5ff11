using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace OrderClosr.Web;

/// <summary>Stylesheets, scripts and pictures of our pages, inside the assembly: they are found however the app was started.</summary>
/// <remarks>
/// A file in <c>wwwroot/css</c> per component; <c>/app.css</c> is all of them in one answer, in the order of <see cref="Sheets"/>.
/// Addresses carry a hash of the content (<see cref="Of"/>), so a browser may keep them for a year.
/// </remarks>
public static class WebFiles
{
    /// <summary>The stylesheets in the order of the cascade.</summary>
    public static readonly IReadOnlyList<string> Sheets =
    [
        "tokens.css", "css/base.css", "css/shell.css", "css/buttons.css", "css/status.css", "css/ring.css", "css/fields.css", "css/cards.css", "css/lists.css",
        "css/conversations.css", "css/numbers.css", "css/confirm.css", "css/modes.css", "css/details.css", "css/public.css", "css/catalogue.css", "css/ours.css",
    ];

    /// <summary>The scripts of a page, in one answer as <c>/app.js</c>.</summary>
    /// <remarks>One file, not three: htmx looks for its extensions as soon as it has run, and on a slow line the one for live updates came too late,
    /// so that the page never went live.</remarks>
    public static readonly IReadOnlyList<string> Scripts = ["lib/htmx.min.js", "lib/hx-sse.min.js", "js/page.js", "js/scan.js", "js/figures.js"];

    private static readonly Dictionary<string, Asset> Files = Read();

    /// <summary>The address of a file with its version: <c>/lib/htmx.min.js?v=1a2b3c4d</c>.</summary>
    public static string Of(string path) => $"/{path}?v={Files[path].Version}";

    /// <summary>Serves the files.</summary>
    public static void MapAssets(this IEndpointRouteBuilder app)
    {
        foreach (var (path, asset) in Files) app.MapGet(path, (HttpContext context) => asset.SendAsync(context)).AllowAnonymous().ShortCircuit();
    }

    private static Dictionary<string, Asset> Read()
    {
        var ours = typeof(WebFiles).Assembly;
        const string Root = "wwwroot/";
        var files = ours.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)).ToDictionary(n => n[Root.Length..], n =>
        {
            using var stream = ours.GetManifestResourceStream(n)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
        files["app.css"] = [.. Sheets.SelectMany(sheet => files[sheet])];
        files["app.js"] = [.. Scripts.SelectMany(script => (byte[])[.. files[script], .. ";\n"u8])];
        return files.ToDictionary(f => f.Key, f => new Asset(f.Key, f.Value));
    }

    private sealed class Asset
    {
        // The smallest size of a file of a megabyte takes seconds, which its first reader would wait.
        private const int Long = 512 * 1024;

        private readonly string _type;
        private readonly byte[] _plain;
        private readonly Lazy<byte[]?> _brotli;

        public Asset(string path, byte[] plain)
        {
            _plain = plain;
            Version = Convert.ToHexStringLower(SHA256.HashData(plain))[..10];
            _type = Path.GetExtension(path) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                ".png" => "image/png",
                ".txt" => "text/plain; charset=utf-8",
                _ => "application/octet-stream",
            };
            _brotli = new(() => _type == "image/png" ? null : Compress(plain, plain.Length < Long ? CompressionLevel.SmallestSize : CompressionLevel.Optimal));
        }

        public string Version { get; }

        public async Task SendAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=300";
            headers.ETag = $"\"{Version}\"";
            headers.Vary = "Accept-Encoding";
            headers.XContentTypeOptions = "nosniff";
            if (context.Request.Headers.IfNoneMatch.ToString().Contains(Version, StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            var body = _plain;
            if (context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal) && _brotli.Value is { } small)
            {
                headers.ContentEncoding = "br";
                body = small;
            }
            context.Response.ContentType = _type;
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }

        private static byte[] Compress(byte[] plain, CompressionLevel level)
        {
            using var packed = new MemoryStream();
            using (var brotli = new BrotliStream(packed, level)) brotli.Write(plain);
            return packed.ToArray();
        }
    }
}
