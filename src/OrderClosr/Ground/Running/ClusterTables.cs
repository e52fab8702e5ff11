using Microsoft.EntityFrameworkCore;

namespace OrderClosr.Ground.Running;

/// <summary>One process of the cluster, as <see cref="PostgresMembership"/> keeps it.</summary>
public sealed class ClusterMember
{
    /// <summary>Address, port and birth of the silo: a restarted process is another member.</summary>
    public required string Address { get; init; }

    /// <summary>Joining, active, dead …: the silo's own numbers.</summary>
    public required int Status { get; set; }

    /// <summary>Rises with each change of the row but for <see cref="AliveAt"/>.</summary>
    public required int Version { get; set; }

    /// <summary>The rest of what the silo says of itself, as JSON.</summary>
    public required string Entry { get; set; }

    /// <summary>When it last said that it lives.</summary>
    public required DateTimeOffset AliveAt { get; set; }
}

/// <summary>The one row whose version rises with every change of <see cref="ClusterMember"/>, so that all changes follow each other.</summary>
public sealed class ClusterVersion
{
    public required string Cluster { get; init; }
    public required int Version { get; set; }
}

/// <summary>The tables of the cluster, on PostgreSQL alone.</summary>
internal static class ClusterTables
{
    internal static void Add(ModelBuilder model)
    {
        model.Entity<ClusterMember>().ToTable("cluster_members").HasKey(m => m.Address);
        model.Entity<ClusterVersion>().ToTable("cluster_versions").HasKey(v => v.Cluster);
    }
}
