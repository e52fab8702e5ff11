global using ChannelId = OrderClosr.Ground.Values.Id<OrderClosr.Channels.Channel>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>One connected Page, Instagram account or WhatsApp number of a workspace.</summary>
public sealed class Channel : IOfWorkspace, IVersioned, IHasId<Channel>
{
    public required ChannelId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ChannelKind Kind { get; init; }

    /// <summary>The id that events carry: Page id, Instagram professional account id, WhatsApp phone number id.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What stands above the account: the WhatsApp business account, or the Page an Instagram account is reached through; null for Instagram Login and Pages.</summary>
    public string? ParentId { get; set; }

    /// <summary>The name the merchant knows: Page name, @username, phone number.</summary>
    public required string Name { get; set; }

    /// <summary>Access token, sealed with the field name <c>channel.token</c>.</summary>
    public required Sealed Token { get; set; }

    /// <summary>When the token was given to us; null for one that was pasted before this was kept.</summary>
    public DateTimeOffset? TokenAt { get; set; }

    /// <summary>When the vendor will refuse the token unless it is renewed: by our clock where the vendor lets us, else by a person. Null: no end is known.</summary>
    public DateTimeOffset? TokenEndsAt { get; set; }

    /// <summary>The <see cref="TokenEndsAt"/> of which the owner was warned, so that each end is told once.</summary>
    public DateTimeOffset? EndToldOf { get; set; }

    /// <summary>The vendor's id of the person who agreed to the connection, known in our app alone; sealed with the field name <c>channel.person</c>. Null where a token was pasted.</summary>
    public Sealed? Person { get; set; }

    /// <summary>The PIN under which we registered a number, sealed with the field name <c>channel.pin</c>.</summary>
    public Sealed? Pin { get; set; }

    /// <summary>The merchant goes on writing from the app on the phone beside us: such a number is never registered.</summary>
    public bool IsOnPhone { get; set; }

    public ChannelState State { get; set; } = ChannelState.Connected;

    /// <summary>Why it is broken and what to do, as a code of the pages' words.</summary>
    public string? Trouble { get; set; }

    /// <summary>The vendor takes no template from it: answers go on, news wait for a person (facts/meta.md section 7.2).</summary>
    public bool TakesNoTemplate => Trouble is "payment_problem" or SpamRestriction;

    /// <summary>The <see cref="Trouble"/> of a number that too many customers block or report: nothing is said on it unasked, in whatever form.</summary>
    public const string SpamRestriction = "spam_restriction";

    /// <summary>The agent is silent on this channel since then; null when it is not paused.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    public required DateTimeOffset ConnectedAt { get; set; }

    /// <summary>When the last webhook of this account came: silence for long is suspicious.</summary>
    public DateTimeOffset? LastEventAt { get; set; }

    /// <summary>When the owner was last told that it is silent.</summary>
    public DateTimeOffset? SilenceToldAt { get; set; }

    /// <summary>The last result of each health check, as JSON: <c>[{"check","ok","at"}]</c>.</summary>
    public string? Health { get; set; }

    /// <summary>Its message templates as they were last found, as JSON of <see cref="ChannelTemplate"/>; null when nobody asked yet.</summary>
    public string? Templates { get; set; }

    public int Version { get; private set; }

    /// <summary>The queue its messages are sent from.</summary>
    public string Lane => LaneOf(Id);

    /// <inheritdoc cref="Lane"/>
    public static string LaneOf(ChannelId id) => $"meta/{id}";
}

/// <summary>The workspace's own switch: pauses the agent everywhere (promise P16).</summary>
public sealed class Controls : IOfWorkspace, IVersioned, IHasId<Controls>
{
    public required Id<Controls> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The agent is silent since then; null while it works.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>How long a person's take-over lasts after their last message before the agent goes on by itself.</summary>
    public int ResumeAfterHours { get; set; } = 12;

    public int Version { get; private set; }
}

/// <summary>Where customers write.</summary>
public enum ChannelKind { Messenger, Instagram, Whatsapp }

/// <summary>Whether messages flow.</summary>
public enum ChannelState
{
    Connected,

    /// <summary>The vendor refuses our token or we lost a permission: nothing is sent until it is connected again.</summary>
    Broken,

    /// <summary>The merchant disconnected it.</summary>
    Disconnected,
}
