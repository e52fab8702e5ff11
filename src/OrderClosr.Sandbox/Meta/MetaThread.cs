namespace OrderClosr.Sandbox.Meta;

/// <summary>Somebody who writes to merchants; the same person on every channel.</summary>
public sealed class MetaPerson(string key)
{
    /// <summary>The id the doors call this person by.</summary>
    public string Key { get; } = key;

    /// <summary>Profile name.</summary>
    public string Name { get; set; } = key;

    /// <summary>WhatsApp number, digits without +.</summary>
    public required string Phone { get; set; }

    /// <summary>A user name instead of a number: webhooks carry only the BSUID (facts: meta.md section 5.4).</summary>
    public bool HidesPhone { get; set; }

    /// <summary>WhatsApp user name, once adopted; on Instagram everybody has one.</summary>
    public string? Username { get; set; }

    /// <summary>Instagram user name.</summary>
    public string InstagramName => Username ?? (string.Concat(Name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } plain ? plain : "client" + MetaIds.Derived(4, "username", Key));
}

/// <summary>One conversation of a person with one account: who may speak, how long, how often.</summary>
public sealed class MetaThread(MetaAccount account, MetaPerson person, string handle, string userId)
{
    /// <summary>The merchant's side.</summary>
    public MetaAccount Account { get; } = account;

    /// <summary>The customer's side.</summary>
    public MetaPerson Person { get; } = person;

    /// <summary>PSID or IGSID, scoped to the account; on WhatsApp the number is the handle.</summary>
    public string Handle => Account.Kind == MetaKind.WhatsApp ? Person.Phone : ScopedId;

    /// <summary>Messenger and Instagram: the id itself; a demo that continues may bring the one it has stored.</summary>
    public string ScopedId { get; set; } = handle;

    /// <summary>WhatsApp: the business-scoped user id.</summary>
    public string UserId { get; } = userId;

    /// <summary>Id in the conversations list.</summary>
    public string Id => "t_" + MetaIds.Derived(16, "thread", Account.Id, Person.Key);

    /// <summary>Messages both ways, oldest first.</summary>
    public List<ThreadItem> Items { get; } = [];

    /// <summary>Opens the 24-hour window; null is never.</summary>
    public DateTimeOffset? LastCustomerAction { get; set; }

    /// <summary>Has the person ever written here (not only commented)?</summary>
    public bool HasWritten { get; set; }

    /// <summary>App that controls the thread when Conversation Routing is on; null is ours.</summary>
    public string? Owner { get; set; }

    /// <summary>When the other owner last spoke: control ends after 24 idle hours.</summary>
    public DateTimeOffset OwnerSince { get; set; }

    /// <summary>The business shows "typing" until then.</summary>
    public DateTimeOffset TypingUntil { get; set; }

    /// <summary>When the business last marked the thread as seen.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>WhatsApp: what one person may be sent.</summary>
    public PairBucket Pair { get; } = new();
}

/// <summary>WhatsApp's limit per person: one message each 6 s, up to 45 borrowed from the future (facts: meta.md section 6.2).</summary>
public sealed class PairBucket
{
    private const double Burst = 45, SecondsEach = 6;
    private double _left = Burst;
    private DateTimeOffset _at;

    /// <summary>Takes one message out; false is error 131056.</summary>
    public bool Take(DateTimeOffset now)
    {
        if (_at != default) _left = Math.Min(Burst, _left + ((now - _at).TotalSeconds / SecondsEach));
        _at = now;
        if (_left < 1) return false;
        _left--;
        return true;
    }
}

/// <summary>One message of a thread.</summary>
public sealed class ThreadItem
{
    /// <summary>The channel's message id.</summary>
    public required string Id { get; init; }

    /// <summary>True: the customer wrote it.</summary>
    public required bool FromCustomer { get; init; }

    /// <summary>text, image, audio, sticker, location, order, buttons, template, button, contact, referral …</summary>
    public required string Kind { get; init; }

    /// <summary>What can be read of it.</summary>
    public string Text { get; set; } = "";

    /// <summary>When it was said.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Business side: accepted, sent, delivered, read or failed.</summary>
    public string? Status { get; set; }

    /// <summary>Why it failed: the error code.</summary>
    public int? FailedWith { get; set; }

    /// <summary>What may be tapped.</summary>
    public IReadOnlyList<ThreadButton> Buttons { get; init; } = [];

    /// <summary>A picture, voice note or file, in the sandbox's own store.</summary>
    public string? MediaId { get; set; }

    /// <summary>What the other side put on it.</summary>
    public string? Reaction { get; set; }

    /// <summary>Unsent by its author.</summary>
    public bool Deleted { get; set; }

    /// <summary>How often it was edited.</summary>
    public int Edits { get; set; }

    /// <summary>Who of the business wrote it: <c>app</c> (ours) or <c>person</c>.</summary>
    public string? By { get; init; }

    /// <summary>The message it answers.</summary>
    public string? ReplyTo { get; init; }
}

/// <summary>Something to tap; <c>Way</c> is quick_reply, postback, reply, list, template or url.</summary>
public sealed record ThreadButton(string Title, string Payload, string Way);
