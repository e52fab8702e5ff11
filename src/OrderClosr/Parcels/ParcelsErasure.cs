using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>A parcel that a courier knows stays for the books, without label, notes and the couriers' words about the person; rescues, which tell what the customer answered, go.</summary>
/// <remarks>A customer with a parcel under way is not erased: somebody has to be able to deliver it.</remarks>
internal sealed class ParcelsErasure(OrderClosrDb db) : ICustomerErasure
{
    // Of batches and readings nothing tells of a person: ids of orders, labels of couriers.
    public IReadOnlyList<Type> SpeaksFor => [typeof(Parcel), typeof(ParcelEvent), typeof(Rescue), typeof(RescueStep), typeof(DeliveryNotice), typeof(Exchange), typeof(LabelPrint), typeof(ShipBatch)];

    public async Task<Refusal?> GatherAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var orders = customer.Orders.Select(o => new OrderId(o)).ToList();
        var ids = await db.Parcels.Where(p => orders.Contains(p.OrderId)).Select(p => p.Id).ToListAsync(stop);
        await db.Dialect.LockRowsAsync(db, "parcels", ids.ConvertAll(p => p.Value), stop);
        var parcels = await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(stop);
        customer.KeptOrders.UnionWith(parcels.Where(p => p.Tracking is not null || p.TheirId is not null).Select(p => p.OrderId.Value));
        customer.Files.UnionWith(parcels.Select(p => p.LabelFile).OfType<string>());
        return parcels.Exists(p => p.IsOpen) ? new("customer_has_parcel", "A parcel of this customer is under way: erase when it is delivered, back or cancelled.", Kind: RefusalKind.Conflict) : null;
    }

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var (id, orders) = (new Id<Customers.Customer>(customer.Customer), customer.Orders.Select(o => new OrderId(o)).ToList());
        var gone = customer.GoneOrders.Select(o => new OrderId(o)).ToList();
        var parcels = await db.Parcels.Where(p => orders.Contains(p.OrderId)).Select(p => p.Id).ToListAsync(stop);
        await db.RescueSteps.Where(s => db.Set<Rescue>().Any(r => r.Id == s.RescueId && (r.CustomerId == id || orders.Contains(r.OrderId)))).ExecuteDeleteAsync(stop);
        await db.Rescues.Where(r => r.CustomerId == id || orders.Contains(r.OrderId)).ExecuteDeleteAsync(stop);
        await db.DeliveryNotices.Where(n => n.CustomerId == id || parcels.Contains(n.ParcelId)).ExecuteDeleteAsync(stop);
        await db.ParcelEvents.Where(e => db.Set<Parcel>().Any(p => p.Id == e.ParcelId && gone.Contains(p.OrderId))).ExecuteDeleteAsync(stop);
        await db.ParcelEvents.Where(e => parcels.Contains(e.ParcelId)).ExecuteUpdateAsync(set => set.SetProperty(e => e.Reason, (string?)null), stop);
        await db.Exchanges.Where(e => gone.Contains(e.OrderId) || gone.Contains(e.NewOrderId)).ExecuteDeleteAsync(stop);
        await db.Exchanges.Where(e => orders.Contains(e.OrderId) || orders.Contains(e.NewOrderId)).ExecuteUpdateAsync(set => set.SetProperty(e => e.Note, ""), stop);
        await db.Parcels.Where(p => gone.Contains(p.OrderId)).ExecuteDeleteAsync(stop);
        foreach (var parcel in await db.Parcels.Where(p => orders.Contains(p.OrderId)).ToListAsync(stop))
        {
            (parcel.LabelFile, parcel.LabelAddress, parcel.Note, parcel.RawReason, parcel.TroubleWords) = (null, null, "", null, null);
            parcel.Suggestions.Clear();
        }
        await PrintsAsync(customer, parcels, stop);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>One file holds the labels of many: it goes, and whoever needs the others prints them again.</summary>
    private async Task PrintsAsync(ErasedCustomer customer, List<ParcelId> parcels, CancellationToken stop)
    {
        foreach (var print in (await db.LabelPrints.Where(p => p.File != null).ToListAsync(stop)).Where(p => p.Parcels.Exists(on => parcels.Contains(new ParcelId(on)))))
        {
            customer.Files.Add(print.File!);
            print.File = null;
        }
    }
}
