using OrderClosr.Channels;

namespace OrderClosr.Conversations;

/// <summary>The order in which people read a conversation: as it was written, which is not always as it came.</summary>
/// <remarks>
/// <see cref="Message.Seq"/> is the order of storing and answers "what is answered, what is new". Deliveries overtake each other, so
/// whoever reads (thread, prompt, end of a burst) orders by the channel's time, and by Seq inside one moment of it.
/// </remarks>
public static class ReadingOrder
{
    /// <summary>The channel's moment of an instant: WhatsApp tells whole seconds (facts/meta.md section 5.2), the others milliseconds.</summary>
    public static long MomentOf(ChannelKind kind, DateTimeOffset at) => kind == ChannelKind.Whatsapp ? at.ToUnixTimeSeconds() : at.ToUnixTimeMilliseconds();

    /// <summary>The messages as they were written.</summary>
    public static IEnumerable<Message> AsWritten(this IEnumerable<Message> messages, ChannelKind kind) => messages.OrderBy(m => MomentOf(kind, m.At)).ThenBy(m => m.Seq);
}
