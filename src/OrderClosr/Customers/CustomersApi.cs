using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web.Api;

namespace OrderClosr.Customers;

/// <summary>Customers for a merchant's programs.</summary>
public static class CustomersApi
{
    public static void MapCustomersApi(this RouteGroupBuilder api)
    {
        api.MapGet("/customers", async (HttpContext http, OrderClosrDb db, CancellationToken stop) =>
        {
            var page = ApiPage.Read(http);
            if (!page.Ok) return Problems.Of(page.Refusal);
            var found = await page.Value.OfAsync(db.Customers.AsNoTracking(), (rows, last) => rows.Where(c => c.Id < last), c => c, stop);
            return found.Ok ? ApiAnswers.Of<ApiList<CustomerShape>>(new ApiList<CustomerShape>(await ShapeAsync(db, found.Value.Items, stop), found.Value.Next)) : Problems.Of(found.Refusal);
        }).Answers<ApiList<CustomerShape>>().WithSummary("Customers, newest first.");
        api.MapGet("/customers/{id}", async (string id, OrderClosrDb db, CancellationToken stop) =>
        {
            var key = ApiAnswers.Id<Customer>(id, "customer");
            var customer = key.Ok ? await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == key.Value, stop) : null;
            return ApiAnswers.Found(customer is null ? null : (await ShapeAsync(db, [customer], stop))[0], "customer");
        }).Answers<CustomerShape>().WithSummary("One customer.");
    }

    private static async Task<IReadOnlyList<CustomerShape>> ShapeAsync(OrderClosrDb db, IReadOnlyList<Customer> customers, CancellationToken stop)
    {
        var ids = customers.Select(c => c.Id).ToList();
        var handles = await db.CustomerHandles.AsNoTracking().Where(h => ids.Contains(h.CustomerId))
            .Join(db.Channels, h => h.ChannelId, c => c.Id, (h, c) => new { h.CustomerId, c.Kind, h.Handle, h.Id }).OrderBy(h => h.Id).ToListAsync(stop);
        return [.. customers.Select(c => new CustomerShape(c.Id, c.Name, c.Phones, [.. handles.Where(h => h.CustomerId == c.Id).Select(h => new CustomerChannelShape(h.Kind, h.Handle))], c.Delivered, c.Returned, c.BlockedAt is not null))];
    }
}

/// <summary>A customer in the API.</summary>
public sealed record CustomerShape(CustomerId Id, string Name, IReadOnlyList<string> Phones, IReadOnlyList<CustomerChannelShape> Channels, int Delivered, int Returned, bool Blocked);

/// <summary>How a channel names a customer.</summary>
public sealed record CustomerChannelShape(ChannelKind Kind, string Handle);
