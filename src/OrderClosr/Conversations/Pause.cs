using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>One pause of the agent: of the whole workspace, of a channel or of one conversation; by whom, since when, until when.</summary>
/// <remarks>The switches that the gates read are <c>PausedAt</c> of what is paused; this is their story.</remarks>
public sealed class Pause : IOfWorkspace, IHasId<Pause>
{
    /// <summary>Longest <see cref="Note"/>.</summary>
    public const int LongestNote = 120;

    public required Id<Pause> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The channel that is paused; null when it is not a channel's pause.</summary>
    public ChannelId? ChannelId { get; init; }

    /// <summary>The conversation that is paused; both null: the whole workspace.</summary>
    public ConversationId? ConversationId { get; init; }

    /// <summary>The member who paused; null: a program with the workspace's key.</summary>
    public Guid? AccountId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Why, in the member's words; empty when not said.</summary>
    public string Note { get; init; } = "";

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The member who let the agent go on; null while it lasts, or when a program did.</summary>
    public Guid? EndedBy { get; set; }
}
