using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Channels;

/// <summary>One try of a member to connect accounts by the vendor's own dialogue, from the press of the button until accounts are chosen.</summary>
/// <remarks>Bound to the sign-in that began it and to the workspace; what comes back is taken once. Holds no word of a customer and is deleted after <see cref="Keeps"/>.</remarks>
public sealed class ConnectAttempt : IOfWorkspace, IHasId<ConnectAttempt>
{
    /// <summary>How long a person may stay in the vendor's dialogue.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    /// <summary>How long the choice of accounts stays open.</summary>
    public static readonly TimeSpan Keeps = TimeSpan.FromHours(1);

    public required Id<ConnectAttempt> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>The sign-in it was begun in: another browser cannot end it.</summary>
    public required Guid SignInId { get; init; }

    public required ConnectWay Way { get; init; }

    /// <summary>SHA-256 of the word that travels with the dialogue and comes back.</summary>
    public required string KeyHash { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the dialogue came back, with whatever answer: from then on its word opens nothing.</summary>
    public DateTimeOffset? ReturnedAt { get; set; }

    /// <summary>The person's token, until the accounts are chosen; sealed with the field name <c>attempt.token</c>.</summary>
    public Sealed? Token { get; set; }

    /// <summary>The vendor's id of the person; sealed with the field name <c>attempt.person</c>.</summary>
    public Sealed? Person { get; set; }

    /// <summary>When the token ends; null: by itself it does not.</summary>
    public DateTimeOffset? TokenEndsAt { get; set; }

    /// <summary>The numbers go on being used in the app on the phone.</summary>
    public bool IsOnPhone { get; set; }

    /// <summary>What can be connected, as JSON of <see cref="Offer"/>; null until the dialogue came back well.</summary>
    public string? Offers { get; set; }
}

/// <summary>By which of the vendor's dialogues accounts are connected.</summary>
public enum ConnectWay
{
    /// <summary>Pages, and the Instagram accounts linked to them.</summary>
    Facebook,

    /// <summary>An Instagram account without a Page.</summary>
    Instagram,

    /// <summary>A number that is used here alone.</summary>
    Whatsapp,

    /// <summary>A number that stays in the app on the phone as well.</summary>
    WhatsappOnPhone,
}

/// <summary>An account that a person's agreement covers.</summary>
/// <param name="Obstacle">Why it cannot be connected, as a code of the pages' words (<c>channels.obstacle_CODE</c>); null when it can.</param>
/// <param name="Detail">What exactly is missing.</param>
public sealed record Offer(ChannelKind Kind, string ExternalId, string? ParentId, string Name, string? Obstacle = null, string? Detail = null)
{
    /// <summary>How a form names it.</summary>
    public string Key => $"{Kind.ToString().ToLowerInvariant()}-{ExternalId}";
}
