using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Customers;

internal sealed class CustomerTables : IEntityTypeConfiguration<Customer>, IEntityTypeConfiguration<CustomerHandle>
{
    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customers");
        builder.HasIndex(c => new { c.WorkspaceId, c.CreatedAt });
    }

    public void Configure(EntityTypeBuilder<CustomerHandle> builder)
    {
        builder.ToTable("customer_handles");
        builder.HasIndex(h => new { h.ChannelId, h.Handle }).IsUnique();
        builder.HasIndex(h => h.CustomerId);
    }
}

/// <summary>Tables of customers.</summary>
public static class CustomerRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Customer> Customers => db.Set<Customer>();
        public DbSet<CustomerHandle> CustomerHandles => db.Set<CustomerHandle>();
    }
}
