using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Customers;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class CustomersExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Customer>("customers", "Everybody who wrote to the shop.", c => c.Id, c => c.Name, c => c.Phones, c => c.Delivered, c => c.Returned, c => c.BlockedAt, c => c.UnreachableAt, c => c.AdvertisingStoppedAt, c => c.OptedOutAt, c => c.CreatedAt)
            .As("blocked", c => c.BlockedAt != null)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.Customers.Where(c => c.Id == of);
            }),
        TableExport.Of<CustomerHandle>("customer_handles", "How each channel names a customer.", h => h.Id, h => h.CustomerId, h => h.ChannelId, h => h.Kind, h => h.Handle)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.CustomerHandles.Where(h => h.CustomerId == of);
            }),
    ];
}
