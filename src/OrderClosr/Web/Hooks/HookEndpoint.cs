using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Hooks;

/// <summary>An address of the merchant's own that is told what happens in the shop.</summary>
public sealed class HookEndpoint : IOfWorkspace, IHasId<HookEndpoint>
{
    /// <summary>The field its secret is bound to.</summary>
    public const string SecretField = "hook.secret";

    /// <summary>Failures for so long switch it off.</summary>
    public static readonly TimeSpan OffAfter = TimeSpan.FromDays(5);

    public required Id<HookEndpoint> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required string Url { get; init; }

    /// <summary>What deliveries are signed with; shown once, when the endpoint is made.</summary>
    public required Sealed Secret { get; init; }

    /// <summary>Which events it wants, parted by spaces; empty: all.</summary>
    public required string Events { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when every try failed; null while it answers.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Switched off by itself; a person switches it on again.</summary>
    public DateTimeOffset? OffAt { get; set; }

    /// <summary>Does it want to hear of this?</summary>
    public bool Wants(string what) => OffAt is null && (Events.Length == 0 || Events.Split(' ').Contains(what));
}

/// <summary>One event on its way to one endpoint: ids and what became of it, none of its content.</summary>
public sealed class HookDelivery : IOfWorkspace, IHasId<HookDelivery>
{
    public required Id<HookDelivery> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required Id<HookEndpoint> EndpointId { get; init; }

    /// <summary>One of <see cref="HookEvents.All"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The order, parcel, message or conversation it is about.</summary>
    public required Guid Subject { get; init; }

    public required DateTimeOffset At { get; init; }
    public HookState State { get; set; }
    public int Tries { get; set; }

    /// <summary>The last answer's status; null when there was none.</summary>
    public int? Status { get; set; }

    public DateTimeOffset? TriedAt { get; set; }
}

/// <summary>How far a delivery has come.</summary>
public enum HookState
{
    Waiting, Delivered,

    /// <summary>Given up, or its endpoint is gone or off; a person may send it again.</summary>
    Failed,
}

/// <summary>What a program can be told of.</summary>
public static class HookEvents
{
    public const string OrderCreated = "order.created", OrderConfirmed = "order.confirmed", OrderChanged = "order.changed", OrderCancelled = "order.cancelled", LeadCreated = "lead.created", ParcelRegistered = "parcel.registered", ParcelMoved = "parcel.moved",
        MessageReceived = "message.received", ConversationHeld = "conversation.held", Test = "test";

    /// <summary>All but the test.</summary>
    public static readonly IReadOnlyList<string> All = [OrderCreated, OrderConfirmed, OrderChanged, OrderCancelled, LeadCreated, ParcelRegistered, ParcelMoved, MessageReceived, ConversationHeld];
}

internal sealed class HookTables : IEntityTypeConfiguration<HookEndpoint>, IEntityTypeConfiguration<HookDelivery>
{
    public void Configure(EntityTypeBuilder<HookEndpoint> builder)
    {
        builder.ToTable("hook_endpoints");
        builder.HasIndex(e => e.WorkspaceId);
        builder.Property(e => e.Url).HasMaxLength(500);
        builder.Property(e => e.Events).HasMaxLength(400);
    }

    public void Configure(EntityTypeBuilder<HookDelivery> builder)
    {
        builder.ToTable("hook_deliveries");
        builder.HasIndex(d => new { d.EndpointId, d.At });
        builder.HasIndex(d => new { d.WorkspaceId, d.Subject, d.Event });
        builder.Property(d => d.Event).HasMaxLength(40);
    }
}

/// <summary>Tables of outgoing webhooks.</summary>
public static class HookRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<HookEndpoint> HookEndpoints => db.Set<HookEndpoint>();
        public DbSet<HookDelivery> HookDeliveries => db.Set<HookDelivery>();
    }
}

/// <inheritdoc cref="IRoomExport"/>
internal sealed class HooksExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<HookEndpoint>("hook_endpoints", "Addresses of programs that are told what happens; their secrets are not taken along.", e => e.Id, e => e.Url, e => e.Events, e => e.CreatedAt, e => e.FailingSince, e => e.OffAt),
        TableExport.Of<HookDelivery>("hook_deliveries", "What they were told, without its content.", d => d.Id, d => d.EndpointId, d => d.Event, d => d.Subject, d => d.At, d => d.State, d => d.Tries, d => d.Status, d => d.TriedAt),
    ];
}
