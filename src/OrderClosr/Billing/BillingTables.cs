using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Billing;

internal sealed class BillingTables : IEntityTypeConfiguration<Subscription>, IEntityTypeConfiguration<SubscriptionMove>, IEntityTypeConfiguration<CreditEntry>, IEntityTypeConfiguration<Invoice>, IEntityTypeConfiguration<InvoiceNumber>,
    IEntityTypeConfiguration<Payment>, IEntityTypeConfiguration<PlanReminder>, IEntityTypeConfiguration<UsageMark>
{
    public void Configure(EntityTypeBuilder<Subscription> builder)
    {
        builder.ToTable("subscriptions");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
        builder.Property(s => s.Plan).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<SubscriptionMove> builder)
    {
        builder.ToTable("subscription_moves");
        builder.HasIndex(m => new { m.WorkspaceId, m.At });
        builder.Property(m => m.Cause).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<CreditEntry> builder)
    {
        builder.ToTable("credit_entries");
        builder.HasIndex(e => new { e.WorkspaceId, e.At });
        // What came in for a payment came in once.
        builder.HasIndex(e => e.PaymentId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Invoice> builder)
    {
        builder.ToTable("invoices");
        builder.HasIndex(i => i.Number).IsUnique();
        builder.HasIndex(i => new { i.WorkspaceId, i.State });
        builder.Property(i => i.Number).HasMaxLength(20);
        builder.Property(i => i.Plan).HasMaxLength(40);
        builder.Property(i => i.PlanName).HasMaxLength(80);
        builder.Property(i => i.ShopName).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<InvoiceNumber> builder)
    {
        builder.ToTable("invoice_numbers");
        builder.HasKey(n => new { n.Year, n.Sequence });
    }

    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.ToTable("payments");
        builder.HasIndex(p => p.CheckoutId).IsUnique();
        builder.HasIndex(p => p.InvoiceId);
        builder.HasIndex(p => new { p.WorkspaceId, p.StartedAt });
        builder.Property(p => p.CheckoutId).HasMaxLength(80);
        builder.Property(p => p.PageUrl).HasMaxLength(500);
        builder.Property(p => p.Trouble).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<PlanReminder> builder)
    {
        builder.ToTable("plan_reminders");
        builder.HasIndex(r => new { r.WorkspaceId, r.About, r.Mark }).IsUnique();
        builder.Property(r => r.About).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<UsageMark> builder)
    {
        builder.ToTable("usage_marks");
        builder.HasIndex(u => new { u.WorkspaceId, u.MonthOn, u.Conversation }).IsUnique();
    }
}

/// <summary>Tables of the plans.</summary>
public static class BillingRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Subscription> Subscriptions => db.Set<Subscription>();
        public DbSet<SubscriptionMove> SubscriptionMoves => db.Set<SubscriptionMove>();
        public DbSet<CreditEntry> CreditEntries => db.Set<CreditEntry>();
        public DbSet<Invoice> Invoices => db.Set<Invoice>();
        public DbSet<InvoiceNumber> InvoiceNumbers => db.Set<InvoiceNumber>();
        public DbSet<Payment> Payments => db.Set<Payment>();
        public DbSet<UsageMark> UsageMarks => db.Set<UsageMark>();
    }
}
