using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Channels;

internal sealed class ChannelTables : IEntityTypeConfiguration<Channel>, IEntityTypeConfiguration<Controls>, IEntityTypeConfiguration<ConnectAttempt>
{
    public void Configure(EntityTypeBuilder<Channel> builder)
    {
        builder.ToTable("channels");
        builder.Ignore(c => c.Lane);
        builder.Ignore(c => c.TakesNoTemplate);
        builder.HasIndex(c => new { c.WorkspaceId, c.Kind, c.ExternalId }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ConnectAttempt> builder)
    {
        builder.ToTable("connect_attempts");
        builder.Property(a => a.KeyHash).HasMaxLength(64);
        builder.HasIndex(a => new { a.WorkspaceId, a.KeyHash }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Controls> builder)
    {
        builder.ToTable("controls");
        builder.HasIndex(c => c.WorkspaceId).IsUnique();
    }
}

/// <summary>The channels table.</summary>
public static class ChannelRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Channel> Channels => db.Set<Channel>();
        public DbSet<ConnectAttempt> ConnectAttempts => db.Set<ConnectAttempt>();
        public DbSet<Controls> Controls => db.Set<Controls>();
    }
}
