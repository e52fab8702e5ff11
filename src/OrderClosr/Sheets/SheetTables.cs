using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Sheets;

internal sealed class SheetTables : IEntityTypeConfiguration<SheetConnection>, IEntityTypeConfiguration<SheetRow>, IEntityTypeConfiguration<SheetRemark>, IEntityTypeConfiguration<SheetIntake>
{
    public void Configure(EntityTypeBuilder<SheetConnection> builder)
    {
        builder.ToTable("sheet_connections");
        builder.HasIndex(c => c.WorkspaceId).IsUnique();
        builder.Ignore(c => c.Lane);
        builder.Property(c => c.Spreadsheet).HasMaxLength(100);
    }

    public void Configure(EntityTypeBuilder<SheetRow> builder)
    {
        builder.ToTable("sheet_rows");
        builder.Ignore(r => r.Subject);
        builder.HasIndex(r => new { r.ConnectionId, r.OrderId }).IsUnique();
        builder.HasIndex(r => new { r.ConnectionId, r.LeadId }).IsUnique();
        builder.Property(r => r.Hash).HasMaxLength(40);
        builder.Property(r => r.StateHash).HasMaxLength(40);
        builder.Property(r => r.NoteHash).HasMaxLength(40);
    }

    public void Configure(EntityTypeBuilder<SheetRemark> builder)
    {
        builder.ToTable("sheet_remarks");
        builder.HasIndex(r => new { r.ConnectionId, r.At });
        builder.Property(r => r.Code).HasMaxLength(60);
    }

    public void Configure(EntityTypeBuilder<SheetIntake> builder)
    {
        builder.ToTable("sheet_intakes");
        // The promise of the source: one row is one order.
        builder.HasIndex(i => new { i.ConnectionId, i.Key }).IsUnique();
        builder.HasIndex(i => i.OrderId);
        builder.Property(i => i.Key).HasMaxLength(60);
        builder.Property(i => i.Content).HasMaxLength(40);
    }
}

/// <summary>Tables of the mirror.</summary>
public static class SheetTableRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<SheetConnection> SheetConnections => db.Set<SheetConnection>();
        public DbSet<SheetRow> SheetRows => db.Set<SheetRow>();
        public DbSet<SheetRemark> SheetRemarks => db.Set<SheetRemark>();
        public DbSet<SheetIntake> SheetIntakes => db.Set<SheetIntake>();
    }
}
