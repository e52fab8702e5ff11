global using ConversationId = OrderClosr.Ground.Values.Id<OrderClosr.Conversations.Conversation>;
global using MessageId = OrderClosr.Ground.Values.Id<OrderClosr.Conversations.Message>;

using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>All that one customer and the shop wrote to each other on one channel.</summary>
/// <remarks>Its row is the lock of the conversation: whoever adds a message, takes it over or commits a turn locks it first.</remarks>
public sealed class Conversation : IOfWorkspace, IVersioned, IDue, IHasId<Conversation>
{
    public required ConversationId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ChannelId ChannelId { get; init; }
    public required ChannelKind ChannelKind { get; init; }
    public required CustomerId CustomerId { get; set; }

    /// <summary>Who answers: the agent, a person, or nobody (closed, waiting for a decision).</summary>
    public HeldBy HeldBy { get; set; } = HeldBy.Agent;

    /// <summary>The member who took it, when a member did on our pages; a person in the channel's own inbox is nobody we know.</summary>
    public Guid? HeldByAccount { get; set; }

    /// <summary>Why it was handed over or taken: a code of the pages' words, e.g. <c>asked_for_person</c>, <c>answered_elsewhere</c>.</summary>
    public string? HandOverReason { get; set; }

    /// <summary>What the agent told the person who takes over, in a sentence.</summary>
    public string? HandOverNote { get; set; }

    public DateTimeOffset? HeldSince { get; set; }

    /// <summary>When the agent goes on by itself after a person held it; restarted by each message of a person.</summary>
    public DateTimeOffset? ResumesAt { get; set; }

    /// <summary>When it was last given back to the agent: what a person wrote elsewhere before that takes nothing over.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>A member paused the agent in this conversation only.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>The number of the last message; each message takes the next under the row's lock.</summary>
    public int LastSeq { get; set; }

    /// <summary>Up to which message the customer has been answered (by a turn or a person).</summary>
    public int AnsweredUpTo { get; set; }

    /// <summary>When the agent must look at it again: set while customer messages are unanswered and no gate is closed. The sweep reads it.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When the first unanswered customer message came; null when all are answered.</summary>
    public DateTimeOffset? FirstUnansweredAt { get; set; }

    /// <summary>Why the agent does not answer now: a code (<c>paused</c>, <c>no_key</c>, <c>old_message</c>, <c>cap</c>); null when nothing stops it.</summary>
    public string? SilentBecause { get; set; }

    public DateTimeOffset LastMessageAt { get; set; }

    /// <summary>The customer's last action that opens the channel's window (facts/meta.md section 6.3).</summary>
    public DateTimeOffset? LastCustomerActionAt { get; set; }

    /// <summary>Up to when the channel said all of ours had come, told while one was being sent whose answer had not come yet.</summary>
    public DateTimeOffset? DeliveredUpTo { get; set; }

    /// <inheritdoc cref="DeliveredUpTo"/>
    public DateTimeOffset? ReadUpTo { get; set; }

    /// <summary>The start of the last message, for the list.</summary>
    public string Preview { get; set; } = "";

    public Author PreviewAuthor { get; set; }

    /// <summary>What the last message is, for the list when it has no words.</summary>
    public MessageKind PreviewKind { get; set; }

    /// <summary>Customer messages no member has seen.</summary>
    public int Unread { get; set; }

    /// <summary>Running summary of what was said before the last messages; made by the agent.</summary>
    public string? Summary { get; set; }

    /// <summary>Up to which message the summary goes.</summary>
    public int SummaryUpTo { get; set; }

    /// <summary>The ad, post or product the customer came from, as JSON; null when unknown.</summary>
    public string? Referral { get; set; }

    /// <summary>The reply language of the last turn, so that a lone "ok" does not switch it.</summary>
    public string? Language { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; private set; }

    /// <summary>Makes a message the one the list shows.</summary>
    public void Show(Message message)
    {
        if (message.At > LastMessageAt) LastMessageAt = message.At;
        Preview = Start(message.Text);
        PreviewAuthor = message.Author;
        PreviewKind = message.Kind;
    }

    /// <summary>The same, unless what the list shows was written later: this one was overtaken on its way.</summary>
    public void ShowUnlessOvertaken(Message message)
    {
        if (ReadingOrder.MomentOf(ChannelKind, message.At) >= ReadingOrder.MomentOf(ChannelKind, LastMessageAt)) Show(message);
    }

    /// <summary>True when the list shows this message; asked before its words change.</summary>
    public bool Shows(Message message) => Preview == Start(message.Text) && PreviewAuthor == message.Author && PreviewKind == message.Kind;

    private static string Start(string text) => text.Length <= 120 ? text : text[..(char.IsHighSurrogate(text[119]) ? 119 : 120)];

    /// <summary>Somebody answered all that was written so far: nothing waits any more.</summary>
    public void Answered()
    {
        AnsweredUpTo = LastSeq;
        FirstUnansweredAt = null;
        DueAt = null;
    }

    /// <summary>When free text may no longer be sent: 24 h after the customer's last action on every channel.</summary>
    public DateTimeOffset? WindowClosesAt => LastCustomerActionAt + TimeSpan.FromHours(24);
}

/// <summary>Who answers a conversation.</summary>
public enum HeldBy { Agent, Person, Nobody }

/// <summary>Who wrote a message.</summary>
public enum Author { Customer, Agent, Member, System }
