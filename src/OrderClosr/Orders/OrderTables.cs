using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Orders;

internal sealed class OrderTables : IEntityTypeConfiguration<Order>, IEntityTypeConfiguration<OrderLine>, IEntityTypeConfiguration<OrderMove>,
    IEntityTypeConfiguration<Lead>, IEntityTypeConfiguration<OrderCounter>, IEntityTypeConfiguration<OrderSettings>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders");
        builder.HasMany(o => o.Lines).WithOne().HasForeignKey(l => l.OrderId);
        builder.HasIndex(o => new { o.WorkspaceId, o.State, o.CreatedAt });
        builder.HasIndex(o => new { o.WorkspaceId, o.CreatedAt });
        builder.HasIndex(o => new { o.WorkspaceId, o.ConfirmedAt });
        builder.HasIndex(o => new { o.WorkspaceId, o.Number }).IsUnique().HasFilter("number > 0");
        builder.HasIndex(o => o.ChangeOf);
        builder.Ignore(o => o.Code);
        builder.HasIndex(o => new { o.WorkspaceId, o.Phone, o.CreatedAt });
        // With the number: SQLite would rather read all numbered orders of the shop than these few.
        builder.HasIndex(o => new { o.WorkspaceId, o.CustomerId, o.Number });
        builder.HasIndex(o => o.ConversationId);
        builder.Property(o => o.Sources).HasConversion(
            sources => JsonSerializer.Serialize(sources, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<Dictionary<string, MessageId>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<Dictionary<string, MessageId>>((a, b) => a!.SequenceEqual(b!), s => s.Aggregate(0, (h, p) => HashCode.Combine(h, p.Key, p.Value)), s => new(s)));
    }

    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable("order_lines");
        builder.Ignore(l => l.FullName);
    }

    public void Configure(EntityTypeBuilder<OrderMove> builder)
    {
        builder.ToTable("order_moves");
        builder.HasIndex(m => new { m.OrderId, m.At });
    }

    public void Configure(EntityTypeBuilder<Lead> builder)
    {
        builder.ToTable("leads");
        builder.HasIndex(l => new { l.WorkspaceId, l.At });
        builder.HasIndex(l => new { l.WorkspaceId, l.ConvertedAt });
        builder.HasIndex(l => l.CustomerId);
        builder.HasIndex(l => l.ConversationId);
        builder.HasIndex(l => l.OrderId);
        // One lead of one comment, however often it is told.
        builder.HasIndex(l => l.CommentId).IsUnique();
        builder.Property(l => l.FollowUpNote).HasMaxLength(500);
    }

    public void Configure(EntityTypeBuilder<OrderCounter> builder)
    {
        builder.ToTable("order_counters");
        builder.HasIndex(c => c.WorkspaceId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<OrderSettings> builder)
    {
        builder.ToTable("order_settings");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
    }
}

/// <summary>Tables of orders.</summary>
public static class OrderRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Order> Orders => db.Set<Order>();
        public DbSet<OrderLine> OrderLines => db.Set<OrderLine>();
        public DbSet<OrderMove> OrderMoves => db.Set<OrderMove>();
        public DbSet<OrderSettings> OrderSettings => db.Set<OrderSettings>();
        public DbSet<Lead> Leads => db.Set<Lead>();
    }
}
