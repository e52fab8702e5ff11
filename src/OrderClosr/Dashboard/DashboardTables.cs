using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Dashboard;

internal sealed class DashboardTables : IEntityTypeConfiguration<Figure>, IEntityTypeConfiguration<FigureMark>, IEntityTypeConfiguration<NumberSettings>, IEntityTypeConfiguration<EveningWish>, IEntityTypeConfiguration<MemberCommission>
{
    public void Configure(EntityTypeBuilder<Figure> builder)
    {
        builder.ToTable("figures");
        // The promise of the roll-up: one row for one day and one cut.
        builder.HasIndex(f => new { f.WorkspaceId, f.Span, f.Cut, f.On, f.Key }).IsUnique();
        builder.HasIndex(f => new { f.WorkspaceId, f.Span, f.On });
        builder.Property(f => f.Key).HasMaxLength(120);
        builder.Property(f => f.Label).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<FigureMark> builder)
    {
        builder.ToTable("figure_marks");
        builder.HasIndex(m => m.WorkspaceId);
    }

    public void Configure(EntityTypeBuilder<NumberSettings> builder)
    {
        builder.ToTable("number_settings");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<MemberCommission> builder)
    {
        builder.ToTable("member_commissions");
        builder.HasIndex(c => new { c.WorkspaceId, c.AccountId }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<EveningWish> builder)
    {
        builder.ToTable("evening_wishes");
        builder.HasIndex(w => new { w.WorkspaceId, w.AccountId }).IsUnique();
    }
}

/// <summary>Tables of the dashboard.</summary>
public static class DashboardRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Figure> Figures => db.Set<Figure>();
        public DbSet<FigureMark> FigureMarks => db.Set<FigureMark>();
        public DbSet<NumberSettings> NumberSettings => db.Set<NumberSettings>();
        public DbSet<MemberCommission> MemberCommissions => db.Set<MemberCommission>();
        public DbSet<EveningWish> EveningWishes => db.Set<EveningWish>();
    }
}
