using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Parcels;

internal sealed class ParcelTables : IEntityTypeConfiguration<Parcel>, IEntityTypeConfiguration<ParcelEvent>, IEntityTypeConfiguration<CourierAccount>,
    IEntityTypeConfiguration<CourierPlace>, IEntityTypeConfiguration<CourierFee>, IEntityTypeConfiguration<ParcelSettings>, IEntityTypeConfiguration<CourierRule>, IEntityTypeConfiguration<CallBudget>
{
    public void Configure(EntityTypeBuilder<Parcel> builder)
    {
        builder.ToTable("parcels");
        builder.Ignore(p => p.IsOpen);
        // The promise of the outbox: one row for one reference at one account.
        builder.HasIndex(p => new { p.AccountId, p.Reference }).IsUnique();
        builder.HasIndex(p => new { p.WorkspaceId, p.OrderId, p.Sequence }).IsUnique();
        builder.HasIndex(p => new { p.AccountId, p.Tracking });
        builder.HasIndex(p => new { p.WorkspaceId, p.State, p.StateAt });
        // With the state: else SQLite takes all that was ever delivered for the fewer.
        builder.HasIndex(p => new { p.WorkspaceId, p.CashState, p.State });
        builder.HasIndex(p => new { p.WorkspaceId, p.Trouble });
        builder.HasIndex(p => p.PublicKey).IsUnique();
        builder.Property(p => p.Reference).HasMaxLength(40);
        builder.Property(p => p.Trouble).HasMaxLength(60);
        builder.Property(p => p.PublicKey).HasMaxLength(40);
        builder.Property(p => p.Courier).HasMaxLength(40);
        builder.Property(p => p.Tracking).HasMaxLength(80);
    }

    public void Configure(EntityTypeBuilder<ParcelEvent> builder)
    {
        builder.ToTable("parcel_events");
        builder.HasIndex(e => new { e.ParcelId, e.Key }).IsUnique();
        builder.HasIndex(e => new { e.ParcelId, e.At });
        builder.Property(e => e.Key).HasMaxLength(80);
    }

    public void Configure(EntityTypeBuilder<CourierAccount> builder)
    {
        builder.ToTable("courier_accounts");
        builder.Ignore(a => a.Lane);
        builder.HasIndex(a => a.WorkspaceId);
        builder.HasIndex(a => a.ChannelKey).IsUnique();
        builder.Property(a => a.Courier).HasMaxLength(40);
        builder.Property(a => a.ChannelKey).HasMaxLength(40);
        builder.Property(a => a.Variants).HasConversion(
            variants => JsonSerializer.Serialize(variants, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<Dictionary<string, string>>((a, b) => a!.Count == b!.Count && !a.Except(b).Any(), v => v.Count, v => new(v)));
    }

    public void Configure(EntityTypeBuilder<CourierPlace> builder)
    {
        builder.ToTable("courier_places");
        builder.HasIndex(p => new { p.AccountId, p.Kind, p.WilayaRef, p.Ref }).IsUnique();
        builder.HasIndex(p => new { p.AccountId, p.Kind, p.CommuneCode });
        builder.Property(p => p.Ref).HasMaxLength(120);
        builder.Property(p => p.WilayaRef).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<ParcelSettings> builder)
    {
        builder.ToTable("parcel_settings");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<CourierRule> builder)
    {
        builder.ToTable("courier_rules");
        builder.HasIndex(r => new { r.WorkspaceId, r.Position });
    }

    public void Configure(EntityTypeBuilder<CallBudget> builder)
    {
        builder.ToTable("call_budgets");
        builder.HasIndex(b => b.WorkspaceId);
    }

    public void Configure(EntityTypeBuilder<CourierFee> builder)
    {
        builder.ToTable("courier_fees");
        builder.HasIndex(f => new { f.AccountId, f.WilayaRef, f.CommuneRef }).IsUnique();
        builder.Property(f => f.WilayaRef).HasMaxLength(120);
        builder.Property(f => f.CommuneRef).HasMaxLength(120);
    }
}

/// <summary>Tables of parcels and couriers.</summary>
public static class ParcelRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Parcel> Parcels => db.Set<Parcel>();
        public DbSet<ParcelEvent> ParcelEvents => db.Set<ParcelEvent>();
        public DbSet<CourierAccount> CourierAccounts => db.Set<CourierAccount>();
        public DbSet<CourierPlace> CourierPlaces => db.Set<CourierPlace>();
        public DbSet<CallBudget> CallBudgets => db.Set<CallBudget>();
        public DbSet<CourierFee> CourierFees => db.Set<CourierFee>();
        public DbSet<CourierRule> CourierRules => db.Set<CourierRule>();
        public DbSet<ParcelSettings> ParcelSettings => db.Set<ParcelSettings>();
        public DbSet<ShipBatch> ShipBatches => db.Set<ShipBatch>();
        public DbSet<Exchange> Exchanges => db.Set<Exchange>();
        public DbSet<LabelPrint> LabelPrints => db.Set<LabelPrint>();
        public DbSet<LabelReading> LabelReadings => db.Set<LabelReading>();
    }
}
