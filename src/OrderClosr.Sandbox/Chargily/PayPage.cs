using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>The page on which a buyer would type a card: here one presses pay, fail or cancel.</summary>
public sealed class PayPage(ChargilyBook book, Checkouts checkouts)
{
    /// <summary>The page of a checkout.</summary>
    public IResult Show(string id)
    {
        lock (book.Gate) return book.Find("checkouts", id) is { } checkout ? Page(checkouts.Shown(checkout), null) : Results.NotFound();
    }

    /// <summary>What was pressed; then back to the shop, as the real page does.</summary>
    public async Task<IResult> PressAsync(HttpContext http, string id)
    {
        var form = await http.Request.ReadFormAsync();
        if (form["do"].ToString() is not ("pay" or "fail" or "cancel")) return Results.BadRequest();
        var why = await checkouts.ActAsync(id, form["do"].ToString());
        lock (book.Gate)
        {
            if (book.Find("checkouts", id) is not { } checkout) return Results.NotFound();
            if (why is not null) return Page(checkouts.Shown(checkout), why);
            var (success, failure) = ((string?)checkout["success_url"], (string?)checkout["failure_url"]);
            return Results.Redirect((form["do"] == "pay" ? success : failure ?? success)!);
        }
    }

    /// <summary>A payment link: each visit makes a new checkout.</summary>
    public IResult Visit(string id)
    {
        lock (book.Gate)
        {
            if (book.Find("payment-links", id) is not { } link || link["active"]?.ToJsonString() is "0" or "false") return Results.NotFound();
            return Results.Redirect((string)checkouts.OfLink(link)["checkout_url"]!);
        }
    }

    private static IResult Page(JsonObject checkout, string? why)
    {
        var (status, pending) = ((string)checkout["status"]!, (string?)checkout["status"] is "pending" or "processing");
        var page = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox payment</title><link rel="icon" href="data:,">
            <style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:24rem;padding:0 1rem;color:#1a1b22;background:#f5f5f1}main{background:#fff;border-radius:1rem;padding:1.5rem}h1{font-size:1.2rem;margin:0}b{font-size:1.8rem}button{font:inherit;padding:.6rem 1rem;border-radius:.6rem;border:1px solid #c9c7bf;background:#fff;width:100%;margin-top:.5rem;cursor:pointer}.go{background:#2d3a8c;color:#fff;border-color:#2d3a8c}small{color:#676872}.no{color:#a4302a}</style>
            </head><body><main><h1>Chargily Pay, played by the sandbox</h1>
            """);
        page.Append(CultureInfo.InvariantCulture, $"<p><small>{Safe((string?)checkout["description"] ?? "")}</small></p><p><b>{(int)checkout["amount"]!} DZD</b><br><small>{Safe((string?)checkout["payment_method"] ?? "edahabia")} · {Safe(status)}</small></p>");
        if (why is not null) page.Append(CultureInfo.InvariantCulture, $"<p class=\"no\">Not done: {Safe(why)}.</p>");
        if (pending) page.Append("<form method=\"post\"><button class=\"go\" name=\"do\" value=\"pay\">Pay</button><button name=\"do\" value=\"fail\">Let the card be refused</button><button name=\"do\" value=\"cancel\">Cancel</button></form><p><small>No card and no money: press what should happen.</small></p>");
        else page.Append(CultureInfo.InvariantCulture, $"<p><a href=\"{Safe((string?)checkout["success_url"] ?? "/")}\">Back to the shop</a></p>");
        return Results.Text(page.Append("</main></body></html>").ToString(), "text/html; charset=utf-8");
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
