using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Parcels;

internal sealed class RescueTables : IEntityTypeConfiguration<Rescue>, IEntityTypeConfiguration<RescueStep>, IEntityTypeConfiguration<RescueSettings>, IEntityTypeConfiguration<DeliveryNotice>
{
    public void Configure(EntityTypeBuilder<Rescue> builder)
    {
        builder.ToTable("rescues");
        builder.Ignore(r => r.IsOpen);
        // One open rescue per parcel; finished ones have none here.
        builder.HasIndex(r => r.OpenParcelId).IsUnique();
        builder.HasIndex(r => r.ParcelId);
        builder.HasIndex(r => new { r.WorkspaceId, r.State, r.DueAt });
        builder.HasIndex(r => new { r.WorkspaceId, r.FinishedAt });
        builder.HasIndex(r => new { r.WorkspaceId, r.CustomerId });
        builder.Property(r => r.Needs).HasMaxLength(60);
    }

    public void Configure(EntityTypeBuilder<RescueStep> builder)
    {
        builder.ToTable("rescue_steps");
        builder.HasIndex(s => new { s.RescueId, s.At });
        builder.Property(s => s.What).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<RescueSettings> builder)
    {
        builder.ToTable("rescue_settings");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DeliveryNotice> builder)
    {
        builder.ToTable("delivery_notices");
        // Once per parcel and day, whoever comes first.
        builder.HasIndex(n => new { n.ParcelId, n.Day }).IsUnique();
    }
}

/// <summary>Tables of rescues.</summary>
public static class RescueRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Rescue> Rescues => db.Set<Rescue>();
        public DbSet<RescueStep> RescueSteps => db.Set<RescueStep>();
        public DbSet<RescueSettings> RescueSettings => db.Set<RescueSettings>();
        public DbSet<DeliveryNotice> DeliveryNotices => db.Set<DeliveryNotice>();
    }
}
