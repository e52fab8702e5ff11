using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Customers.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Customers;

/// <summary><c>/customers</c>: who writes to the shop and orders in it; one customer with all the shop has of them; erasing, with a page that says before what goes and what stays.</summary>
public static class CustomersPages
{
    public static void MapCustomersPages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("/customers").Needs(Capability.SeeCustomers);
        see.MapGet("", async (string? q, string? after, CustomerReader customers, CancellationToken stop) =>
            Results.Page<CustomersPage>(new { Customers = await customers.ListAsync(string.IsNullOrWhiteSpace(q) ? null : OneLine.Of(q.Length > 100 ? q[..100] : q), after, stop) }));
        see.MapGet("/{id}", async (string id, CustomerReader customers, CancellationToken stop) =>
            CustomerId.TryParse(id, null, out var customer) && await customers.FindAsync(customer, stop) is { } sheet ? Results.Page<CustomerPage>(new { Sheet = sheet }) : Results.NotFound());
        var leaders = workspace.MapGroup("/customers/{id}/erase").Needs(Capability.EraseCustomers);
        leaders.MapGet("", async (CustomerId id, OrderClosrDb db, CancellationToken stop) => await LookAsync(db, id, stop) is { } view ? Results.Page<EraseCustomerPage>(new { View = view }) : Results.NotFound());
        leaders.MapPost("", async Task<IResult> (CustomerId id, HttpContext http, Shop shop, OrderClosrDb db, EraseCustomer erase) =>
        {
            if (await erase.RunAsync(id, http.RequestAborted) is not { } refusal) return Results.Back(http, shop.Link("inbox"), "customers.erased");
            return await LookAsync(db, id, http.RequestAborted) is { } view ? Results.Refused<EraseCustomerPage>(refusal, new { View = view, Refusal = refusal }) : Results.NotFound();
        });
    }

    private static async Task<CustomerContents?> LookAsync(OrderClosrDb db, CustomerId id, CancellationToken stop)
    {
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } customer) return null;
        var conversations = db.Conversations.Where(c => c.CustomerId == id).Select(c => c.Id);
        var messages = db.Messages.Where(m => conversations.Contains(m.ConversationId));
        var orders = db.Orders.Where(o => o.CustomerId == id || conversations.Contains(o.ConversationId));
        var kept = orders.Where(o => db.Set<Parcel>().Any(p => p.OrderId == o.Id && (p.Tracking != null || p.TheirId != null)));
        return new(customer, await messages.CountAsync(stop), await db.Attachments.CountAsync(a => a.File != null && messages.Any(m => m.Id == a.MessageId), stop), await orders.CountAsync(stop) - await kept.CountAsync(stop), await kept.CountAsync(stop));
    }
}

/// <summary>A customer with what erasing them takes away and what of it stays without them.</summary>
public sealed record CustomerContents(Customer Customer, int Messages, int Files, int Orders, int KeptOrders);
