using OrderClosr.Customers;

namespace OrderClosr.Conversations;

/// <summary>One thing a channel says, in the product's words: a vendor's folder translates, <see cref="Receiving"/> writes.</summary>
/// <param name="At">The channel's time of it.</param>
public abstract record News(DateTimeOffset At);

/// <summary>News with the channel it came through.</summary>
public sealed record ChannelNews(ChannelId Channel, News News);

/// <summary>A customer wrote, tapped or sent something.</summary>
/// <param name="Id">The channel's id of the message: the key that makes a repeat harmless.</param>
public sealed record MessageNews(string Id, Person From, DateTimeOffset At, MessageKind Kind, string Text) : News(At)
{
    public MessageExtras? Extras { get; init; }

    /// <summary>The channel's id of the message it answers.</summary>
    public string? RepliesTo { get; init; }

    public IReadOnlyList<AttachmentNews> Attachments { get; init; } = [];

    /// <summary>The ad, link or product the customer came from, as JSON.</summary>
    public string? Referral { get; init; }

    /// <summary>Somebody else owns the thread now (another app, the channel's own inbox): shown, not answered.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>The customer said nothing to us (the shop was mentioned in a story): shown, not answered.</summary>
    public bool AsksNothing { get; init; }

    /// <summary>Written in a group: the writer is not the chat; shown, never answered.</summary>
    public bool IsOfGroup { get; init; }

    /// <summary>Part of an import of old messages: shown, never answered.</summary>
    public bool IsImported { get; init; }
}

/// <summary>A photo, voice note or file as the channel announces it.</summary>
/// <param name="MediaId">The channel's id of it, to be looked up.</param>
/// <param name="Url">Where it lies for a while.</param>
/// <param name="Hash">SHA-256 of its bytes in base64, when the channel says so.</param>
/// <param name="Trouble">Why it cannot be fetched at all.</param>
public sealed record AttachmentNews(MessageKind Kind, string? MediaId = null, string? Url = null, string? Hash = null, string? Trouble = null);

/// <summary>A message of the business appeared in the thread: ours coming back, or one a person wrote elsewhere.</summary>
/// <param name="To">The customer it was written to.</param>
/// <param name="Mark">Our own id of the message, when the channel carried it along.</param>
public sealed record EchoNews(string Id, Person To, DateTimeOffset At, MessageKind Kind, string Text, EchoOrigin Origin, string? Mark = null) : News(At)
{
    public string? RepliesTo { get; init; }
    public IReadOnlyList<AttachmentNews> Attachments { get; init; } = [];

    /// <summary>Part of an import of old messages: shown, takes nothing over.</summary>
    public bool IsImported { get; init; }
}

/// <summary>Who wrote an echo, as far as the channel says (facts/meta.md section 11).</summary>
public enum EchoOrigin
{
    /// <summary>Our own app sent it.</summary>
    Ours,

    /// <summary>A person or another tool wrote it.</summary>
    Elsewhere,

    /// <summary>The channel does not say: ours if we sent it, known only after a short wait.</summary>
    Unclear,

    /// <summary>Read in the thread while nothing of ours was on its way: ours if we sent it, else a person's.</summary>
    InThread,
}

/// <summary>A message has other words now; may come before the message itself.</summary>
/// <param name="From">Who wrote it; null when the channel leaves it out.</param>
/// <param name="ByBusiness">A person of the shop edited an answer of theirs.</param>
public sealed record EditNews(string Id, Person? From, DateTimeOffset At, string Text, bool ByBusiness = false) : News(At);

/// <summary>A message was taken back; may come before the message itself.</summary>
public sealed record UnsendNews(string Id, Person? From, DateTimeOffset At, bool ByBusiness = false) : News(At);

/// <summary>Somebody put an emoji on a message, or took it off (null).</summary>
public sealed record ReactionNews(string Id, Person? From, DateTimeOffset At, string? Emoji) : News(At);

/// <summary>How far one outgoing message has come.</summary>
/// <param name="Mark">Our own id of the message, when the channel carried it along.</param>
/// <param name="To">The customer, when the channel names them.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record StatusNews(string Id, string? Mark, Person? To, DateTimeOffset At, MessageStatus Status, SendFailure? Failure = null) : News(At);

/// <summary>All outgoing messages up to an instant have come so far.</summary>
public sealed record WatermarkNews(Person By, DateTimeOffset At, MessageStatus Status, DateTimeOffset UpTo) : News(At);

/// <summary>The customer came through an ad, a link or a product, without words.</summary>
public sealed record ReferralNews(Person From, DateTimeOffset At, string Json) : News(At);

/// <summary>A customer has another id on this channel now.</summary>
public sealed record RekeyNews(PersonHandle Old, PersonHandle Now, DateTimeOffset At) : News(At);

/// <summary>The thread went to another owner or came back to us.</summary>
public sealed record ControlNews(Person Customer, DateTimeOffset At, bool IsElsewhere) : News(At);

/// <summary>A public comment below a post or an ad: kept, not answered.</summary>
public sealed record CommentNews(string Id, DateTimeOffset At, CommentChange Change, string Text) : News(At)
{
    public string? PostId { get; init; }
    public string? ParentId { get; init; }
    public string? AdId { get; init; }
    public string? AuthorHandle { get; init; }
    public string? AuthorName { get; init; }
}

/// <summary>What happened to a comment.</summary>
public enum CommentChange { Written, Edited, Removed }

/// <summary>The customer no longer wants, or again accepts, advertising on this channel.</summary>
public sealed record AdvertisingNews(Person Customer, DateTimeOffset At, bool IsWanted) : News(At);

/// <summary>Why an outgoing message did not arrive, and what follows from it.</summary>
/// <param name="Code">Our word for the pages: <c>window_closed</c>, <c>unreachable</c>, <c>media_refused</c> …</param>
/// <param name="VendorCode">The channel's own number, for support.</param>
public sealed record SendFailure(string Code, string VendorCode, SendReaction Reaction = SendReaction.GiveUp)
{
    /// <summary>As it stands in <see cref="Message.Error"/>.</summary>
    public override string ToString() => VendorCode.Length == 0 ? Code : $"{Code} {VendorCode}";
}

/// <summary>What a failed send means beyond its message (facts/meta.md section 7).</summary>
public enum SendReaction
{
    /// <summary>Only this message is lost.</summary>
    GiveUp,

    /// <summary>The customer cannot be reached on this channel any more.</summary>
    Unreachable,

    /// <summary>Nothing may be sent on this channel until a person has looked.</summary>
    StopChannel,

    /// <summary>The connection is refused: it must be made again.</summary>
    Disconnected,

    /// <summary>Another app or a person owns the thread.</summary>
    HeldElsewhere,

    /// <summary>Answers still go, what nobody asked for does not until a person has looked.</summary>
    LimitChannel,

    /// <summary>The customer wants no advertising.</summary>
    NoAdvertising,

    /// <summary>The channel or its templates are not as we know them: they are looked at again.</summary>
    LookAgain,
}
