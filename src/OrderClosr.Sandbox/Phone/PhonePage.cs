namespace OrderClosr.Sandbox.Phone;

/// <summary>The page with a phone on it: how a person tries the product as a customer.</summary>
/// <remarks>Plain files in the assembly and the sandbox's own doors; the page knows nothing that a program could not do too.</remarks>
public static class PhonePage
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["phone.css"] = "text/css; charset=utf-8",
        ["phone.js"] = "text/javascript; charset=utf-8",
        ["voice.ogg"] = "audio/ogg",
    };

    /// <summary>Maps <c>/</c>, its files, and what the page needs to know of this sandbox.</summary>
    public static void MapPhone(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
            return File("phone.html", "text/html; charset=utf-8");
        });
        app.MapGet("/phone/{file}", (string file) => Files.TryGetValue(file, out var type) ? File(file, type) : Results.NotFound());
        app.MapGet("/phone/about", (SandboxOptions options) => new
        {
            app = options.App,
            real_claude = options.RealClaude,
            catalogue = options.Seed.Catalogue.Select(item => new { retailer_id = item.RetailerId, item.Name, item.Price }),
        });
    }

    private static IResult File(string name, string type) =>
        Results.Stream(typeof(PhonePage).Assembly.GetManifestResourceStream($"OrderClosr.Sandbox.Phone.{name}")!, type);
}
