using OrderClosr.Channels;
using OrderClosr.Customers;

namespace OrderClosr.Conversations;

/// <summary>Why the agent must be silent in a conversation, as far as these rooms know: the first closed gate.</summary>
/// <remarks>Asked when a message comes, when a turn begins and ends, and right before each send. The agent adds gates of its own (hours, spending, plan).</remarks>
public static class Gate
{
    public const string Paused = "paused", ChannelPaused = "channel_paused", ConversationPaused = "conversation_paused", HeldByPerson = "held", Closed = "closed",
        ChannelBroken = "channel_broken", ChannelGone = "channel_disconnected", Blocked = "blocked", Unreachable = "unreachable", OldMessage = "old_message", OptedOut = "opted_out", Group = "group", NothingAsked = "nothing_asked";

    /// <summary>A code of the pages' words; null when the agent may speak.</summary>
    /// <param name="controls">The workspace's switch; null when it was never touched.</param>
    public static string? SilentBecause(Controls? controls, Channel channel, Conversation conversation, Customer customer) =>
        controls?.PausedAt is not null ? Paused
        : channel.State == ChannelState.Disconnected ? ChannelGone
        : channel.PausedAt is not null ? ChannelPaused
        : conversation.PausedAt is not null ? ConversationPaused
        : conversation.HeldBy == HeldBy.Person ? HeldByPerson
        : conversation.HeldBy == HeldBy.Nobody ? Closed
        : customer.BlockedAt is not null ? Blocked
        : customer.UnreachableAt is not null ? Unreachable
        : channel.State == ChannelState.Broken ? ChannelBroken
        : null;

    /// <summary>True for what a customer who wrote STOP did not ask for, whoever wrote it and through whatever room it came. Asked right before each send.</summary>
    /// <remarks>What was written before the STOP was asked for by nobody any more.</remarks>
    public static bool IsUnwanted(Message message, Customer customer) => customer.OptedOutAt is { } since && (!message.IsAnswer || message.StoredAt < since);
}
