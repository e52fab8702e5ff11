using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>A place in the workspace that waits for the reader of an e-mail address. The row is the invitation: who accepts or withdraws it deletes it, so it works once.</summary>
public sealed class Invitation : IOfWorkspace, IHasId<Invitation>
{
    public required Id<Invitation> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>As the owner typed it.</summary>
    public required string Email { get; set; }

    /// <summary>As accounts are compared; one invitation for each.</summary>
    public required string NormalizedEmail { get; init; }

    public required Role Role { get; set; }

    /// <summary>Rises with each letter: the link of an earlier one is void.</summary>
    public required int Round { get; set; }

    /// <summary>The language of the letter where the address has no account that has one.</summary>
    public required string Language { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset SentAt { get; set; }
    public required DateTimeOffset ExpiresAt { get; set; }
}
