global using MemberId = OrderClosr.Ground.Values.Id<OrderClosr.Workspaces.Member>;

using Microsoft.AspNetCore.Identity;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A person who signs in: e-mail, name and hashed password, nothing else (promise P1).</summary>
/// <remarks>Belongs to no workspace: one account may be a member of several.</remarks>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>How the person wants to be called.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The language of letters: the one of the pages when this person last signed in; French when nobody knows.</summary>
    public string? Language { get; set; }

    /// <summary>The operator shut it (<see cref="Disabling"/>): until it is let in again it opens nothing. Kept as the library's lockout, with no end; in a query <c>LockoutEnd != null</c>.</summary>
    public bool IsDisabled => LockoutEnd is not null;
}

/// <summary>A person with a role in a workspace. Read before a workspace is entered, so it is not filtered: always ask by account.</summary>
public sealed class Member
{
    public required MemberId Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid AccountId { get; init; }
    public required Role Role { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a member may do.</summary>
public enum Role { Owner, Manager, Confirmer, Suivi, Accountant, ReadOnly }
