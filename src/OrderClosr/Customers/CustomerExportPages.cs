using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Customers;

/// <summary><c>/customers/{id}/export</c>: everything about one customer as one JSON document, for a merchant who is asked for it (promise P18).</summary>
/// <remarks>A form, not a link: it leaves a line in the audit log, without the customer's name.</remarks>
public static class CustomerExportPages
{
    public static void MapCustomerExportPages(this RouteGroupBuilder workspace) => workspace.MapPost("/customers/{id}/export", ExportAsync).Needs(Capability.ExportCustomer);

    private static async Task<IResult> ExportAsync(CustomerId id, HttpContext http, OrderClosrDb db, Shop shop, Audit audit, ExportWriter writer, CancellationToken stop)
    {
        if (!await db.Customers.AnyAsync(c => c.Id == id, stop)) return Results.NotFound();
        audit.Write(AuditAction.CustomerExported, id);
        await db.SaveChangesAsync(stop);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(to => writer.WriteDocumentAsync(shop.Id, id.Value, to, (_, _, _) => ValueTask.CompletedTask, http.RequestAborted), "application/json", $"orderclosr-{id}.json");
    }
}
