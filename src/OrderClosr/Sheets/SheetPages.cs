using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Sheets.Pages;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Sheets;

/// <summary><c>/settings/sheet</c>: the key, the address to share with, the sheet, a test that says what is wrong, columns, the source of orders, everything anew.</summary>
public static class SheetPages
{
    private const string Here = "settings/sheet";

    public static void MapSheetPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup($"/{Here}").Needs(Capability.SeeShop);
        see.MapGet("", (SheetViews views, CancellationToken stop) => PageAsync(views, null, stop));
        see.MapGet("/state", async (SheetViews views, CancellationToken stop) => Results.Page<SheetStateCard>(new { View = await views.ReadAsync(stop) }));

        var connect = workspace.MapGroup($"/{Here}").Needs(Capability.ConnectChannels);
        connect.MapPost("/key", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return await AnswerAsync(http, views, db, shop, await sheet.SaveKeyAsync(await FileAsync(form, http.RequestAborted), Languages.Current, http.RequestAborted), "sheets.said_key");
        });
        connect.MapPost("/link", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) =>
        {
            var link = (await http.Request.ReadFormAsync(http.RequestAborted))["link"].ToString();
            return await AnswerAsync(http, views, db, shop, await sheet.SaveLinkAsync(link, http.RequestAborted), "sheets.said_works", link);
        });
        connect.MapPost("/test", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) => await AnswerAsync(http, views, db, shop, await sheet.TestAsync(http.RequestAborted), "sheets.said_works"));
        connect.MapPost("/resync", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) => await AnswerAsync(http, views, db, shop, await sheet.ResyncAsync(http.RequestAborted), "sheets.said_resync"));
        connect.MapPost("/disconnect", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) => await AnswerAsync(http, views, db, shop, await sheet.DisconnectAsync(http.RequestAborted), "sheets.said_disconnected"));
        connect.MapPost("/columns", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) =>
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            // Without a script the order is a number beside each; equal ones keep the order they had.
            var keys = form["column"].OfType<string>().Select((key, i) => (Key: key, Place: int.TryParse(Folding.AsciiDigits(form[$"at.{key}"].ToString()), out var at) ? at : 99, i)).OrderBy(c => c.Place).ThenBy(c => c.i).Select(c => c.Key).ToList();
            var choice = new SheetChoice(keys, int.TryParse(form["tab"], out var tab) ? tab : null, form["leads"] == "true", form["reads_back"] == "true");
            return await AnswerAsync(http, views, db, shop, await sheet.ChooseAsync(choice, http.RequestAborted), "ui.saved");
        });
        connect.MapGet("/source", async (int? tab, ConnectSheet sheet, SheetViews views, CancellationToken stop) =>
        {
            if (tab is not { } id) return Results.Page<SheetSourcePage>(new { View = await views.ReadAsync(stop) });
            var heads = await sheet.HeadsAsync(id, stop);
            return heads.Ok ? Results.Page<SheetSourcePage>(new { View = await views.ReadAsync(stop), Tab = tab, Heads = heads.Value }) : Results.Refused<SheetSourcePage>(heads.Refusal, new { View = await views.ReadAsync(stop), heads.Refusal });
        });
        connect.MapPost("/source", async (HttpContext http, ConnectSheet sheet, SheetViews views, OrderClosrDb db, Shop shop) =>
        {
            var stop = http.RequestAborted;
            var form = await http.Request.ReadFormAsync(stop);
            if (form["do"] == "stop") return await AnswerAsync(http, views, db, shop, await sheet.SetSourceAsync(null, stop), "ui.saved");
            if (!int.TryParse(form["tab"], out var tab)) return Results.NotFound();
            var given = SourceRoles.All.ToDictionary(r => r, r => form[$"is.{r}"].ToString());
            var refusal = await sheet.SetSourceAsync(new(tab, given, form["template"].ToString(), form["existing"] == "true"), stop);
            if (refusal is null) return Results.Back(http, shop.Link(Here), "sheets.said_source");
            db.ChangeTracker.Clear();
            var heads = await sheet.HeadsAsync(tab, stop);
            return Results.Refused<SheetSourcePage>(refusal, new { View = await views.ReadAsync(stop), Tab = (int?)tab, Heads = heads.Ok ? heads.Value : [], Refusal = refusal, Given = given });
        });
    }

    /// <summary>What was pasted, else the file that was chosen or dropped; a longer one than a key's is not read to its end.</summary>
    private static async Task<string?> FileAsync(IFormCollection form, CancellationToken stop)
    {
        if (form["key"].ToString() is { Length: > 0 } pasted && pasted.Trim().Length > 0) return pasted;
        if (form.Files.GetFile("file") is not { Length: > 0 } file) return null;
        var bytes = new byte[16 * 1024];
        await using var content = file.OpenReadStream();
        return Encoding.UTF8.GetString(bytes, 0, await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop)).TrimStart('\uFEFF');
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, SheetViews views, OrderClosrDb db, Shop shop, Refusal? refusal, string said, string? link = null)
    {
        if (refusal is null) return Results.Back(http, shop.Link(Here), said);
        if (refusal.Kind == RefusalKind.NotFound) return Results.NotFound();
        db.ChangeTracker.Clear();
        return await PageAsync(views, refusal, http.RequestAborted, link);
    }

    private static async Task<IResult> PageAsync(SheetViews views, Refusal? refusal, CancellationToken stop, string? link = null)
    {
        var parameters = new { View = await views.ReadAsync(stop), Refusal = refusal, TypedLink = link };
        return refusal is null ? Results.Page<SheetPage>(parameters) : Results.Refused<SheetPage>(refusal, parameters);
    }
}
