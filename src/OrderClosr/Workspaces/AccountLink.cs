using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A link that was sent to an account's address: works once, until it expires, for one purpose.</summary>
/// <remarks>The row decides; the address only names it, sealed, and stands nowhere but in the letter.
/// A row may be of no account at all: whoever asks for a link costs the same rows whether the address has an account or not.</remarks>
public sealed class AccountLink
{
    public required Id<AccountLink> Id { get; init; }
    public required Guid AccountId { get; init; }
    public required LinkPurpose Purpose { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, or when another link of the account made it void.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>What a link is for.</summary>
public enum LinkPurpose
{
    /// <summary>Says that the address is read by who signed up.</summary>
    Confirm,

    /// <summary>Lets its reader choose a new password.</summary>
    Reset,
}
