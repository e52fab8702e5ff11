using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Channels;

internal sealed class ChannelTables : IEntityTypeConfiguration<Channel>, IEntityTypeConfiguration<Controls>
{
    public void Configure(EntityTypeBuilder<Channel> builder)
    {
        builder.ToTable("channels");
        builder.Ignore(c => c.Lane);
        builder.HasIndex(c => new { c.WorkspaceId, c.Kind, c.ExternalId }).IsUnique();
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
        public DbSet<Controls> Controls => db.Set<Controls>();
    }
}
