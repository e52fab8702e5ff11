using OrderClosr.Channels;
using OrderClosr.Customers;

namespace OrderClosr.Conversations;

/// <summary>Sends through the channels; the vendor's folder implements it.</summary>
public interface ISender
{
    /// <summary>Parts a text so that each part fits into one message of the channel; never inside a character.</summary>
    IReadOnlyList<string> Split(ChannelKind kind, string text, bool hasButtons = false);

    /// <summary>Sends one message. A final no is an answer; what may be tried again, or is unclear, is thrown as a <c>VendorFailure</c>.</summary>
    Task<SendResult> SendAsync(OutgoingMessage message, CancellationToken stop);

    /// <summary>Looks whether a message whose outcome is unknown arrived; its id when it did, null when that cannot be told.</summary>
    Task<string?> FindAsync(OutgoingMessage message, CancellationToken stop);

    /// <summary>What the business wrote to this customer of late, read from the thread itself, where the channel's echoes of a person's answers may be missing (facts/meta.md section 4.4). Empty on other channels, and when it cannot be told now.</summary>
    Task<IReadOnlyList<EchoNews>> ReadThreadAsync(OutgoingMessage message, CancellationToken stop);

    /// <summary>Shows the customer that their message was read and that an answer is being written. Best effort: failures are swallowed.</summary>
    Task ShowTypingAsync(Channel channel, IReadOnlyList<PersonHandle> to, string? lastMessageId, CancellationToken stop);

    /// <summary>The name the channel shows of a customer; null when it shows none or not to us. Throws <c>VendorFailure</c> only where asking again later makes sense.</summary>
    Task<string?> NameOfAsync(Channel channel, PersonHandle person, CancellationToken stop);

    /// <summary>Fetches a photo, voice note or file. Throws <c>VendorFailure</c>; a final no has the trouble as its code (<c>gone</c>, <c>too_big</c>).</summary>
    Task<byte[]> FetchAsync(Channel channel, Attachment attachment, CancellationToken stop);
}

/// <summary>How one send ended: the channel's id, or a final no.</summary>
public sealed record SendResult(string? ChannelMessageId, SendFailure? Failure = null);

/// <summary>All that is needed to send one message.</summary>
/// <param name="To">The channel's ids of the customer; the adapter chooses.</param>
public sealed record OutgoingMessage(Channel Channel, Message Message, IReadOnlyList<PersonHandle> To)
{
    public IReadOnlyList<ReplyButton> Buttons { get; init; } = [];

    /// <summary>True when a person wrote it: some channels let people answer longer than programs.</summary>
    public bool IsByPerson => Message.Author == Author.Member;

    /// <summary>The channel's template that stands for the text; null for free text.</summary>
    public TemplateWords? Template { get; init; }

    /// <summary>The window for free text is over.</summary>
    public bool IsWindowClosed { get; init; }
}
