using System.Text.Json;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>An answer the agent wrote and did not send: a person sends it, changes it or drops it. Nothing else ever sends it.</summary>
/// <remarks>Written in the turn's transaction, so a turn that is taken again finds it, or nothing.</remarks>
public sealed class Proposal : IOfWorkspace, IVersioned, IHasId<Proposal>
{
    public required Id<Proposal> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ConversationId ConversationId { get; init; }

    /// <summary>The turn that wrote it: one proposal each.</summary>
    public required Id<TurnRecord> TurnId { get; init; }

    public required ProposalReason Reason { get; init; }

    /// <summary>The bubbles, parted by blank lines.</summary>
    public required string Text { get; init; }

    /// <summary>Photos that go before the words, as JSON of <see cref="StoredPhoto"/>; null: none.</summary>
    public string? Photos { get; init; }

    /// <summary>The conversation's last message when it was written: it knows nothing of what came after.</summary>
    public required int Seq { get; init; }

    public required DateTimeOffset At { get; init; }
    public ProposalState State { get; set; } = ProposalState.Open;

    /// <summary>Who sent or dropped it.</summary>
    public Guid? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }
    public int Version { get; private set; }

    /// <summary>Reads <see cref="Photos"/>.</summary>
    public IReadOnlyList<StoredPhoto> AllPhotos() => Photos is null ? [] : JsonSerializer.Deserialize<List<StoredPhoto>>(Photos, JsonSerializerOptions.Web) ?? [];
}

/// <summary>Why a person must send it: what the merchant ticked on the controls page.</summary>
public enum ProposalReason { Complaint, Wholesale, Amount }

/// <summary>What became of it.</summary>
public enum ProposalState
{
    /// <summary>Waits for a person.</summary>
    Open,

    /// <summary>A person sent it, as it was or changed.</summary>
    Sent,

    /// <summary>A person did not want it.</summary>
    Dropped,

    /// <summary>A newer one took its place.</summary>
    Replaced,
}
