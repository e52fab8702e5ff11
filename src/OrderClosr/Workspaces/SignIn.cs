using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>One sign-in of an account on one browser. The cookie holds only a random reference to it; ending the row ends the session on the server at once.</summary>
public sealed class SignIn
{
    public required Id<SignIn> Id { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>SHA-256 of the cookie's reference: who reads the row cannot sign in by it.</summary>
    public required string KeyHash { get; init; }

    /// <summary>What its person calls it by: <see cref="Devices"/>; nothing else is kept of the browser.</summary>
    public required string Device { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last request, to the hour; idle for too long ends it.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Failed tries under one key: an e-mail, whether an account has it or not, or an address of the network.</summary>
public sealed class FailedTries
{
    /// <summary>SHA-256 of the key: no e-mail that is nobody's is kept.</summary>
    public required string Key { get; init; }

    public required int Count { get; set; }

    /// <summary>Older than the window: counted from one again.</summary>
    public required DateTimeOffset Since { get; set; }
}
