using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>One export of everything that an owner asked for; its file lies sealed in <see cref="ExportFolder"/> until it expires.</summary>
public sealed class AskedExport : IOfWorkspace, IVersioned, IHasId<AskedExport>
{
    /// <summary>Made of chance alone: nobody guesses the address of a file.</summary>
    public required Id<AskedExport> Id { get; init; }

    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The owner; nobody else may fetch it.</summary>
    public required Guid AskedBy { get; init; }

    public required DateTimeOffset AskedAt { get; init; }
    public required ExportFormat Format { get; init; }
    public ExportState State { get; set; } = ExportState.Waiting;

    /// <summary>Rows and files written so far, and how many there are.</summary>
    public long Done { get; set; }

    /// <inheritdoc cref="Done"/>
    public long Total { get; set; }

    /// <summary>What the owner will download, in bytes; 0 until it is ready.</summary>
    public long Bytes { get; set; }

    public DateTimeOffset? ReadyAt { get; set; }

    /// <summary>From here on the file is gone.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public int Version { get; private set; }

    /// <summary>Somebody waits for it.</summary>
    public bool IsUnderWay => State is ExportState.Waiting or ExportState.Running;
}

/// <summary>What an export is.</summary>
public enum ExportFormat
{
    /// <summary>A ZIP: a file of lines per table, the photos as they are, a manifest with the hash of each file.</summary>
    Archive,

    /// <summary>One JSON document with all of it, photos in base64.</summary>
    Document,
}

/// <summary>How an export stands.</summary>
public enum ExportState
{
    Waiting,
    Running,
    Ready,

    /// <summary>It could not be written; another may be asked for at once.</summary>
    Failed,

    /// <summary>A person no longer wanted it.</summary>
    Cancelled,

    /// <summary>It was ready, and its time is over.</summary>
    Gone,
}

internal sealed class AskedExportTable : IEntityTypeConfiguration<AskedExport>
{
    public void Configure(EntityTypeBuilder<AskedExport> builder)
    {
        builder.ToTable("exports");
        builder.Ignore(e => e.IsUnderWay);
        builder.HasIndex(e => new { e.WorkspaceId, e.AskedAt });
        builder.HasIndex(e => new { e.State, e.ExpiresAt });
    }
}

/// <summary>The exports that were asked for.</summary>
public static class AskedExportRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<AskedExport> AskedExports => db.Set<AskedExport>();
    }
}
