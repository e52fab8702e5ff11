using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Tenancy;

/// <summary>The tenant: one shop with its members, channels, catalogue and orders. An account may have several.</summary>
public sealed class Workspace
{
    public required WorkspaceId Id { get; init; }

    /// <summary>The word in addresses, <c>/w/dar-lina/inbox</c>: lower-case letters, digits and hyphens, unique.</summary>
    public required string Slug { get; set; }

    /// <summary>The shop's name as its customers know it.</summary>
    public required string Name { get; set; }

    /// <summary>The language of its pages for who chose none, and of its letters; <c>fr</c>, <c>ar</c>; null: as the browser asks.</summary>
    public string? Language { get; set; }

    /// <summary>Its owners let nobody in whose account has no second step at sign-in, themselves included.</summary>
    public bool NeedsSecondStep { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>An owner asked for its deletion then (<see cref="Deletions"/>): nobody enters it, nothing of it runs; null while it lives.</summary>
    public DateTimeOffset? DeleteAskedAt { get; set; }
}
