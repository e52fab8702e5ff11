using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>One message of a conversation, in or out.</summary>
public sealed class Message : IOfWorkspace, IHasId<Message>
{
    public required MessageId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ConversationId ConversationId { get; init; }
    public required ChannelId ChannelId { get; init; }

    /// <summary>Its place in the order of storing, from 1, without gaps. People read by <see cref="ReadingOrder"/>.</summary>
    public required int Seq { get; init; }

    /// <summary>The channel's id of the message; unique per channel. Null while an outgoing one has not been accepted.</summary>
    public string? ChannelMessageId { get; set; }

    public required Direction Direction { get; init; }
    public required Author Author { get; init; }

    /// <summary>The member who wrote it on our pages.</summary>
    public Guid? AccountId { get; init; }

    public required MessageKind Kind { get; set; }

    /// <summary>Its words; empty for media without a caption.</summary>
    public required string Text { get; set; }

    /// <summary>What else it carries, as JSON of <see cref="MessageExtras"/>: button payload, order items, place, product referred to.</summary>
    public string? Extras { get; set; }

    /// <summary>The channel's id of the message it answers.</summary>
    public string? RepliesTo { get; set; }

    public MessageStatus Status { get; set; } = MessageStatus.Stored;

    /// <summary>Why it failed: the vendor's code and our words code, without content.</summary>
    public string? Error { get; set; }

    /// <summary>The channel's time for incoming messages, ours for outgoing ones.</summary>
    public required DateTimeOffset At { get; set; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>When it was last handed to the channel: from here on an echo may be ours.</summary>
    public DateTimeOffset? SendingAt { get; set; }

    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>The customer took it back; the text is gone.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>Came so late (an outage, an import) that no automatic answer may follow.</summary>
    public bool IsHistoric { get; init; }

    /// <summary>Answered by our own code as it came (STOP, START), or no longer wanted then: no turn follows.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Answers what the customer wrote. Everything else is kept from a customer who wants no messages (<see cref="Gate.IsUnwanted"/>).</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Sent a second time because the first outcome stayed unknown; the thread says so.</summary>
    public bool MayBeRepeated { get; set; }

    /// <summary>Emoji the other side put on it.</summary>
    public string? Reaction { get; set; }

    /// <summary>The turn that wrote it.</summary>
    public Guid? TurnId { get; init; }

    /// <summary>A member's note: for the shop's own people, never sent, never read by the agent.</summary>
    public bool IsInternal => Kind == MessageKind.Note && Author == Author.Member;

    public List<Attachment> Attachments { get; init; } = [];

    /// <summary>Moves an outgoing message on; a status that is behind the present one changes nothing.</summary>
    /// <remarks>stored → sent → delivered → read; failed from stored or sent. What was delivered after all is no longer failed.</remarks>
    public bool MoveTo(MessageStatus status, SendFailure? failure = null)
    {
        if (!IsForward(Status, status)) return false;
        (Status, Error) = (status, status == MessageStatus.Failed ? failure?.ToString() : null);
        return true;
    }

    internal static bool IsForward(MessageStatus from, MessageStatus to) => (from, to) switch
    {
        (MessageStatus.Failed, MessageStatus.Delivered or MessageStatus.Read) => true,
        (MessageStatus.Failed, _) => false,
        (MessageStatus.Stored or MessageStatus.Sent, MessageStatus.Failed) => true,
        (_, MessageStatus.Failed) => false,
        _ => to > from,
    };
}

/// <summary>A photo, voice note or file of a message.</summary>
public sealed class Attachment : IOfWorkspace, IHasId<Attachment>
{
    public required Id<Attachment> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required MessageId MessageId { get; init; }
    public required int Position { get; init; }
    public required MessageKind Kind { get; init; }

    /// <summary>WhatsApp's media id.</summary>
    public string? MediaId { get; set; }

    /// <summary>SHA-256 of its bytes in base64, as the channel announced it; null when it did not.</summary>
    public string? Hash { get; set; }

    /// <summary>Where it can be fetched, for a while; emptied once stored.</summary>
    public string? Url { get; set; }

    /// <summary>Name of our copy under the workspace's media folder; null until fetched.</summary>
    public string? File { get; set; }

    /// <summary>Found in the content, never taken from the sender.</summary>
    public string? MediaType { get; set; }

    public long? Bytes { get; set; }

    /// <summary>Why there is no copy: <c>too_big</c>, <c>not_media</c>, <c>gone</c>.</summary>
    public string? Trouble { get; set; }
}

/// <summary>Which way.</summary>
public enum Direction { In, Out }

/// <summary>What a message is.</summary>
public enum MessageKind { Text, Image, Audio, Video, File, Sticker, Location, Contacts, Button, Order, Share, StoryMention, StoryReply, Template, Unsupported, Note }

/// <summary>How far an outgoing message has come; only ever forward (facts/meta.md section 5.3).</summary>
public enum MessageStatus { Stored, Sent, Delivered, Read, Failed }

/// <summary>What a message carries beside its words.</summary>
public sealed record MessageExtras
{
    /// <summary>What the tapped button stands for.</summary>
    public string? Payload { get; init; }

    /// <summary>Items the customer put into the channel's cart; prices are what they saw and are never used.</summary>
    public IReadOnlyList<CartItem>? Items { get; init; }

    /// <summary>A place on the map.</summary>
    public double? Latitude { get; init; }

    /// <inheritdoc cref="Latitude"/>
    public double? Longitude { get; init; }

    /// <summary>Phones of a contact card, as given.</summary>
    public IReadOnlyList<string>? Phones { get; init; }

    /// <summary>The shop's code of a product the customer asks about.</summary>
    public string? ProductCode { get; init; }

    /// <summary>Buttons offered below an outgoing text: what is shown, what it stands for.</summary>
    public IReadOnlyList<ReplyButton>? Buttons { get; init; }

    /// <summary>The channel's template an outgoing message is sent by.</summary>
    public TemplateWords? Template { get; init; }

    /// <summary>A link the customer shared.</summary>
    public string? Link { get; init; }

    /// <summary>The title of what was shared: a post, a reel, a product of the channel's shop.</summary>
    public string? Title { get; init; }
}

/// <summary>Where a customer came from; stored as JSON in <see cref="Conversation.Referral"/>.</summary>
public sealed record Referral
{
    public string? AdId { get; init; }
    public string? PostId { get; init; }

    /// <summary>The shop's code of the product, or the channel's id of it.</summary>
    public string? ProductCode { get; init; }

    /// <summary>Headline of the ad or post.</summary>
    public string? Title { get; init; }

    public string? Link { get; init; }

    /// <summary>What the merchant put into the link.</summary>
    public string? Ref { get; init; }

    /// <summary>The channel's word for the way: an ad, a short link.</summary>
    public string? Source { get; init; }

    /// <summary>The channel's id of the click, for measuring ads.</summary>
    public string? ClickId { get; init; }

    /// <summary>The ad in what a conversation keeps of where its customer came from; null when there is none.</summary>
    public static Referral? AdOf(string? json)
    {
        if (json is null || !json.Contains("adId", StringComparison.Ordinal)) return null;
        try
        {
            return System.Text.Json.JsonSerializer.Deserialize<Referral>(json, Receiving.ExtrasJson) is { AdId.Length: > 0 } from ? from : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

/// <summary>One line of a cart.</summary>
public sealed record CartItem(string ProductCode, int Quantity);

/// <summary>A quick answer the customer can tap.</summary>
public sealed record ReplyButton(string Title, string Payload);
