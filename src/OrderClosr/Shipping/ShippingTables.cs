using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Shipping;

internal sealed class ShippingTables : IEntityTypeConfiguration<DeliveryFee>, IEntityTypeConfiguration<Desk>, IEntityTypeConfiguration<DeliveryPolicy>
{
    public void Configure(EntityTypeBuilder<DeliveryFee> builder)
    {
        builder.ToTable("delivery_fees");
        builder.HasIndex(f => new { f.WorkspaceId, f.WilayaCode, f.CommuneCode }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Desk> builder)
    {
        builder.ToTable("desks");
        builder.HasIndex(d => new { d.WorkspaceId, d.WilayaCode });
    }

    public void Configure(EntityTypeBuilder<DeliveryPolicy> builder)
    {
        builder.ToTable("delivery_policies");
        builder.HasIndex(p => p.WorkspaceId).IsUnique();
    }
}

/// <summary>Tables of delivery.</summary>
public static class ShippingRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<DeliveryFee> DeliveryFees => db.Set<DeliveryFee>();
        public DbSet<Desk> Desks => db.Set<Desk>();
        public DbSet<DeliveryPolicy> DeliveryPolicies => db.Set<DeliveryPolicy>();
    }
}
