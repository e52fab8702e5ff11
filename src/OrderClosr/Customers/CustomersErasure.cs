using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Customers;

/// <summary>The person: name, phones, and how the channels call them. Who writes again afterwards is somebody new.</summary>
internal sealed class CustomersErasure(OrderClosrDb db) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(Customer), typeof(CustomerHandle)];

    public async Task<Refusal?> GatherAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        if (await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } row) return Refusal.NotFound("customer");
        customer.Words.UnionWith(await db.CustomerHandles.Where(h => h.CustomerId == id).Select(h => h.Handle).ToListAsync(stop));
        customer.Words.UnionWith(row.Phones.Select(p => p.TrimStart('+')));
        return null;
    }

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        await db.CustomerHandles.Where(h => h.CustomerId == id).ExecuteDeleteAsync(stop);
        await db.Customers.Where(c => c.Id == id).ExecuteDeleteAsync(stop);
    }
}
