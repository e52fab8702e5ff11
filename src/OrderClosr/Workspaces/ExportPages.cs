using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces.Pages;

namespace OrderClosr.Workspaces;

/// <summary><c>/settings/workspaces/export</c>: everything of the workspace as a file, for its owner (promise P14).</summary>
public static class ExportPages
{
    public static void MapExportPages(this RouteGroupBuilder workspace)
    {
        var own = workspace.MapGroup("/settings/workspaces/export").Needs(Capability.ExportWorkspace).WhileLeaving();
        own.MapGet("", async (Exporting exporting, CancellationToken stop) => Results.Page<ExportPage>(new { Look = await exporting.LookAsync(stop) }));
        own.MapPost("", AskAsync).AddEndpointFilter(PasswordDoor.FilterAsync);
        own.MapPost("/{id}/cancel", async (Id<AskedExport> id, HttpContext http, Shop shop, Exporting exporting) =>
            await exporting.CancelAsync(id, http.RequestAborted) ? Results.Back(http, shop.Link("settings/workspaces/export")) : Results.NotFound());
        own.MapGet("/{id}", FetchAsync);
    }

    private static async Task<IResult> AskAsync(HttpContext http, [FromForm] string? password, [FromForm] string? format, Shop shop, OwnAccount own, OwnPassword check, Exporting exporting)
    {
        var stop = http.RequestAborted;
        var refusal = await check.CheckAsync(await own.FindAsync(stop), password, stop);
        if (refusal is null)
        {
            var asked = await exporting.AskAsync(shop.AccountId, format == ExportFormat.Document.Word() ? ExportFormat.Document : ExportFormat.Archive, stop);
            if (asked.Ok) return Results.Back(http, shop.Link("settings/workspaces/export"));
            refusal = asked.Refusal;
        }
        return Results.Refused<ExportPage>(refusal, new { Look = await exporting.LookAsync(stop), Refusal = refusal });
    }

    private static async Task<IResult> FetchAsync(Id<AskedExport> id, HttpContext http, Shop shop, Exporting exporting, CancellationToken stop)
    {
        var ready = await exporting.FetchAsync(id, shop.AccountId, stop);
        if (!ready.Ok) return ready.Refusal.Kind == RefusalKind.NotFound ? Results.NotFound() : Results.Refused<ExportPage>(ready.Refusal, new { Look = await exporting.LookAsync(stop), ready.Refusal });
        var (export, content) = ready.Value;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentLength = export.Bytes;
        var day = AlgiersTime.DateInAlgiers(export.AskedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return export.Format == ExportFormat.Archive
            ? Results.Stream(content, "application/zip", $"orderclosr-{shop.Slug}-{day}.zip")
            : Results.Stream(content, "application/json", $"orderclosr-{shop.Slug}-{day}.json");
    }
}
