using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>A public comment below a post or an ad of the shop. Kept; the agent does not answer it.</summary>
public sealed class Comment : IOfWorkspace, IHasId<Comment>
{
    public required Id<Comment> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ChannelId ChannelId { get; init; }

    /// <summary>The channel's id of the comment; unique per channel.</summary>
    public required string ChannelCommentId { get; init; }

    public string? PostId { get; set; }
    public string? ParentId { get; set; }
    public string? AdId { get; set; }

    /// <summary>The channel's id of who wrote it; null when it hides the person.</summary>
    public string? AuthorHandle { get; set; }

    public string? AuthorName { get; set; }
    public required string Text { get; set; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>Removed or hidden since then; the text is gone.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>What a channel said about a message we do not know yet: a status that overtook the answer to our send, a reaction before
/// its message, an echo of which it is not clear yet whether we wrote it.</summary>
/// <remarks>Taken up when the message becomes known, else forgotten after a day.</remarks>
public sealed class EarlyWord : IOfWorkspace, IHasId<EarlyWord>
{
    public required Id<EarlyWord> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ChannelId ChannelId { get; init; }

    /// <summary>The channel's id of the message.</summary>
    public required string ChannelMessageId { get; init; }

    public required EarlyKind Kind { get; init; }

    /// <summary>The conversation, where the channel names the customer.</summary>
    public ConversationId? ConversationId { get; init; }

    /// <summary>The news, as JSON of its record.</summary>
    public required string News { get; set; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What kind of news waits.</summary>
public enum EarlyKind { Status, Reaction, Echo }
