using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Mail;

/// <summary>A real SMTP server beside the sandbox, and the page on which its letters are read.</summary>
public static class MailDoors
{
    public static IServiceCollection AddMail(this IServiceCollection services) => services.AddSingleton<Mailbox>().AddHostedService<SmtpDoor>();

    /// <summary><c>/mail</c>, <c>/mail/_letters</c>, and what every vendor has.</summary>
    public static void MapMail(this IEndpointRouteBuilder app)
    {
        var box = app.ServiceProvider.GetRequiredService<Mailbox>();
        var group = app.MapVendor("mail", vendor =>
        {
            vendor.Knobs = ["wrong-password"];
            vendor.Forget = box.Clear;
        });
        group.MapGet("/_letters", (string? to) => new { items = box.Letters.Where(l => to is null || l.To.Contains(to, StringComparer.OrdinalIgnoreCase)) });
        group.MapGet("/_letters/{id:int}", (HttpResponse response, int id) =>
        {
            if (box.Letters.SingleOrDefault(l => l.Id == id) is not { } letter) return Results.NotFound();
            // A letter draws itself and does nothing else; its links open where the person wants.
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";
            return Results.Text(letter.Html.Length > 0 ? letter.Html : $"<!doctype html><meta charset=utf-8><pre>{Safe(letter.Text)}</pre>", "text/html; charset=utf-8");
        });
        app.MapGet("/mail", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
            return Results.Text(Page(box.Letters), "text/html; charset=utf-8");
        });
    }

    private static string Page(IReadOnlyList<ReceivedLetter> letters)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Letters</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem;color:#1a1b22;background:#f5f5f1}a{color:#2d3a8c}li{background:#fff;border-radius:.6rem;padding:.75rem 1rem;margin:.5rem 0}ul{list-style:none;padding:0}small{color:#676872}</style>
            </head><body><h1>Letters</h1>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<p>{(letters.Count == 0 ? "None yet. Sign up, or say that you forgot your password." : $"{letters.Count}, the newest first.")} <a href=\"/\">The customer's phone</a></p><ul>");
        foreach (var letter in letters.Reverse())
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"/mail/_letters/{letter.Id}\"><bdi>{Safe(letter.Subject)}</bdi></a><br><small>{letter.At:HH:mm:ss} UTC · {Safe(letter.From)} → {Safe(string.Join(", ", letter.To))}</small></li>");
        return page.Append("</ul></body></html>").ToString();
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
