using OrderClosr.Ground.Jobs;

namespace OrderClosr.Conversations;

/// <summary>Sends one stored message through its channel.</summary>
public sealed record SendMessage(MessageId Message, ConversationId Conversation, ChannelId Channel) : IJob
{
    public static string Kind => "send_message";
    public string Lane => Channels.Channel.LaneOf(Channel);

    /// <summary>One conversation's messages go out one after the other.</summary>
    public string OrderKey => Conversation.ToString();

    /// <summary>A chat answer that comes after this is none: a person has to look.</summary>
    public static TimeSpan GiveUpAfter => TimeSpan.FromMinutes(15);
}
