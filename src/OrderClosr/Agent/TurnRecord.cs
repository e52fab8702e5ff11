using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>One turn of the agent as it ended: what it cost, what it did, why it answered so.</summary>
public sealed class TurnRecord : IOfWorkspace, IHasId<TurnRecord>
{
    public required Id<TurnRecord> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ConversationId ConversationId { get; init; }

    /// <summary>The last message it answered; unique per conversation, so a repeated turn cannot commit twice. Null when the turn was thrown away: only its cost is kept.</summary>
    public int? AnsweredUpTo { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required TurnOutcome Outcome { get; init; }

    /// <summary>Why it was handed over or thrown away: a code.</summary>
    public string? Reason { get; init; }

    public required string Model { get; init; }
    public required int Steps { get; init; }
    public required int InputTokens { get; init; }
    public required int CacheReadTokens { get; init; }
    public required int CacheWriteTokens { get; init; }
    public required int OutputTokens { get; init; }

    /// <summary>What Claude cost, in millionths of a US dollar.</summary>
    public required long CostMicroDollars { get; init; }

    /// <summary>"Why this answer": tools called with their results in short, guards that spoke, as JSON.</summary>
    public required string Why { get; init; }
}

/// <summary>How a turn ended.</summary>
public enum TurnOutcome { Replied, HandedOver, ThrownAway, NoReply }

/// <summary>How the workspace's agent sells: rules, tone, limits.</summary>
public sealed class AgentSettings : IOfWorkspace, IVersioned, IHasId<AgentSettings>
{
    public required Id<AgentSettings> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Rules in the merchant's words.</summary>
    public string Rules { get; set; } = "";

    /// <summary>Tone in the merchant's words.</summary>
    public string Tone { get; set; } = "";

    /// <summary>What the customer gets once when the agent cannot answer.</summary>
    public string SoonMessage { get; set; } = "";

    /// <summary>Who answers, and what becomes of a customer's words, is said before the first reply to them.</summary>
    public bool NoticeOn { get; set; }

    /// <summary>The notice to who writes in Arabic letters, in the merchant's words; empty: ours.</summary>
    public string NoticeArabic { get; set; } = "";

    /// <summary>The notice to who writes French or Arabizi.</summary>
    public string NoticeLatin { get; set; } = "";

    /// <summary>Hours in which the agent answers, as JSON; null: always.</summary>
    public string? Hours { get; set; }

    /// <summary>Most that Claude may cost per conversation, in millionths of a US dollar.</summary>
    public long ConversationCapMicroDollars { get; set; } = 500_000;

    /// <summary>Most that Claude may cost the shop in a day of Algiers; null: no limit.</summary>
    public Dinars? DayCap { get; set; }

    /// <summary>Most that Claude may cost the shop in a month; null: no limit.</summary>
    public Dinars? MonthCap { get; set; }

    /// <summary>Answers to complaints are only proposed: a person sends them.</summary>
    public bool ProposesComplaints { get; set; }

    /// <summary>Answers to who asks for wholesale prices are only proposed.</summary>
    public bool ProposesWholesale { get; set; }

    /// <summary>Answers about an order that costs more than this are only proposed; null: no limit.</summary>
    public Dinars? ProposesOver { get; set; }

    /// <summary>Model for hard turns; null: the operator's.</summary>
    public string? HardModel { get; set; }

    public int Version { get; private set; }
}

internal sealed class AgentTables : IEntityTypeConfiguration<TurnRecord>, IEntityTypeConfiguration<AgentSettings>, IEntityTypeConfiguration<Proposal>
{
    public void Configure(EntityTypeBuilder<Proposal> builder)
    {
        builder.ToTable("proposals");
        builder.HasIndex(p => p.TurnId).IsUnique();
        builder.HasIndex(p => new { p.ConversationId, p.State });
    }

    public void Configure(EntityTypeBuilder<TurnRecord> builder)
    {
        builder.ToTable("turns");
        builder.HasIndex(t => new { t.ConversationId, t.AnsweredUpTo }).IsUnique();
        builder.HasIndex(t => new { t.WorkspaceId, t.EndedAt });
    }

    public void Configure(EntityTypeBuilder<AgentSettings> builder)
    {
        builder.ToTable("agent_settings");
        builder.HasIndex(s => s.WorkspaceId).IsUnique();
    }
}

/// <summary>Tables of the agent.</summary>
public static class AgentRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<TurnRecord> Turns => db.Set<TurnRecord>();
        public DbSet<AgentSettings> AgentSettings => db.Set<AgentSettings>();
        public DbSet<Proposal> Proposals => db.Set<Proposal>();
    }
}
