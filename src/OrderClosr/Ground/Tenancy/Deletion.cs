using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;

namespace OrderClosr.Ground.Tenancy;

/// <summary>A workspace on its way out: from the day it was asked until its owners have the proof; then this row goes too.</summary>
/// <remarks>
/// Belongs to no workspace, for it outlives it. All that it holds of people is <see cref="Owners"/>: the addresses for the proof of
/// deletion, which is sent when the workspace and its members are long gone. They lie sealed and go with this row once the letter is sent.
/// </remarks>
public sealed class Deletion
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Ids of the outside accounts it had: by them a delivery that could not be read is known as its own.</summary>
    public List<string> Accounts { get; init; } = [];

    /// <summary>Address and language of each owner of the time, as JSON, sealed under <see cref="OwnersField"/>; null when nobody can be written to.</summary>
    public Sealed? Owners { get; set; }

    /// <summary>When its last row was deleted; null until then.</summary>
    public DateTimeOffset? PurgedAt { get; set; }

    /// <summary>When nothing of its rows was left in the database's files either (<see cref="Running.Scrub"/>).</summary>
    public DateTimeOffset? ScrubbedAt { get; set; }

    /// <summary>The letter of proof was asked for.</summary>
    public DateTimeOffset? ProofAskedAt { get; set; }

    /// <summary>Number, day and amount of what was paid for its plan, as lines of JSON, sealed under <see cref="InvoicesField"/>: they stand in the proof.</summary>
    public Sealed? Invoices { get; set; }

    /// <summary>The field the list of invoices is bound to.</summary>
    public const string InvoicesField = "deletion.invoices";

    /// <summary>The field the addresses are bound to.</summary>
    public const string OwnersField = "deletion.owners";
}

/// <summary>The deletion of the workspace was asked for; told in its transaction.</summary>
/// <param name="IsReplayed">It was asked for long ago and a restored copy had forgotten it: nobody is told again.</param>
public sealed record DeletionAsked(Deletion Deletion, bool IsReplayed);

/// <summary>The deletion was taken back; told in its transaction.</summary>
public sealed record DeletionUndone(DateTimeOffset AskedAt, bool IsReplayed);

internal sealed class DeletionTables : IEntityTypeConfiguration<Deletion>
{
    public void Configure(EntityTypeBuilder<Deletion> builder)
    {
        builder.ToTable("deletions");
        builder.HasKey(d => d.WorkspaceId);
    }
}

/// <summary>The table of deletions.</summary>
public static class DeletionRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Deletion> Deletions => db.Set<Deletion>();
    }
}
