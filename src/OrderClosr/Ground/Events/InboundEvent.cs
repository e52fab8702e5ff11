using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Events;

/// <summary>What one webhook delivery said, kept as it came until it is read.</summary>
/// <remarks>Two deliveries with the same key are one event. The body is emptied once read: this is the only table that holds
/// customers' words before their workspace is known.</remarks>
public sealed class InboundEvent
{
    public required Id<InboundEvent> Id { get; init; }

    /// <summary>SHA-256 of source and raw body, in hex: the same delivery twice is one row.</summary>
    public required string Key { get; init; }

    /// <summary>Who delivered it and so who reads it, e.g. <c>meta</c>.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public EventState State { get; set; } = EventState.Unread;

    /// <summary>How often reading it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>The raw bytes; null once read. Sealed when it could not be read, and then gone after 14 days.</summary>
    [KeptSealed(When = "state = 'Unreadable'")]
    public byte[]? Body { get; set; }

    /// <summary>What the reader says of it without a customer's words: kinds, unknown accounts, why it was not read.</summary>
    public string? Note { get; set; }
}

/// <summary>How far an event has come.</summary>
public enum EventState
{
    /// <summary>Stored, not read yet.</summary>
    Unread,

    /// <summary>Read; the body is gone.</summary>
    Read,

    /// <summary>It, or a part of it, cannot be read: the rest, sealed, waits for a person for 14 days.</summary>
    Unreadable,
}

internal sealed class EventTables : IEntityTypeConfiguration<InboundEvent>
{
    public void Configure(EntityTypeBuilder<InboundEvent> builder)
    {
        builder.ToTable("inbound_events");
        builder.HasIndex(e => e.Key).IsUnique();
        builder.HasIndex(e => new { e.State, e.ReceivedAt });
        // The next to read are at its beginning, however many wait.
        builder.HasIndex(e => new { e.Attempts, e.Id }).HasFilter("state = 'Unread'");
        builder.Property(e => e.Key).HasMaxLength(64);
        builder.Property(e => e.Source).HasMaxLength(40);
    }
}

/// <summary>The events table, for the engine.</summary>
public static class EventRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<InboundEvent> InboundEvents => db.Set<InboundEvent>();
    }
}
