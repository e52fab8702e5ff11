using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Workspaces;

internal sealed class AuditTables : IEntityTypeConfiguration<AuditEntry>, IEntityTypeConfiguration<AccountEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.Property(e => e.Subject).HasMaxLength(40);
        builder.Property(e => e.SubjectName).HasMaxLength(120);
        builder.HasIndex(e => new { e.WorkspaceId, e.Id });
    }

    public void Configure(EntityTypeBuilder<AccountEntry> builder)
    {
        builder.ToTable("account_entries");
        builder.HasIndex(e => new { e.AccountId, e.Id });
    }
}

/// <summary>The audit log, to read; <see cref="Audit"/> writes it.</summary>
public static class AuditRows
{
    extension(OrderClosrDb db)
    {
        public IQueryable<AuditEntry> AuditEntries => db.Set<AuditEntry>().AsNoTracking();
        public IQueryable<AccountEntry> AccountEntries => db.Set<AccountEntry>().AsNoTracking();
    }
}
