global using PhotoId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Photo>;
global using ProductId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Product>;
global using VariantId = OrderClosr.Ground.Values.Id<OrderClosr.Catalogue.Variant>;

using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Something the merchant sells. What is sold is always one of its variants; a product without choices has one.</summary>
public sealed class Product : IOfWorkspace, IVersioned, IHasId<Product>
{
    public required ProductId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }

    /// <summary>Its name in Arabic letters, when the shop has one.</summary>
    public string NameAr { get; set; } = "";

    /// <summary>What customers call it, in any spelling, parted by commas: found by it, never shown.</summary>
    public string OtherNames { get; set; } = "";

    /// <summary>What customers may be told.</summary>
    public string Description { get; set; } = "";

    /// <summary>The price of a variant that has none of its own.</summary>
    public required Dinars Price { get; set; }

    /// <summary>The lowest price the agent may agree to; null: no discount.</summary>
    public Dinars? FloorPrice { get; set; }

    /// <summary>Offered to customers.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Free text for the agent alone: fabric, fit, what to say when asked.</summary>
    public string AgentNotes { get; set; } = "";

    /// <summary>Name, options and codes folded for search.</summary>
    public string Search { get; set; } = "";

    public required DateTimeOffset CreatedAt { get; init; }
    public int Version { get; private set; }
    public List<Variant> Variants { get; init; } = [];
    public List<Photo> Photos { get; init; } = [];
}

/// <summary>One choice of a product that can be in an order: a size, a colour, both.</summary>
public sealed class Variant : IOfWorkspace, IVersioned, IHasId<Variant>
{
    public required VariantId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ProductId ProductId { get; init; }

    /// <summary>The shop's own code, unique in the workspace; also the code in the channels' catalogues.</summary>
    public required string Sku { get; set; }

    /// <summary>What distinguishes it, in the merchant's words: Taille → M, Couleur → Noir. As JSON.</summary>
    public Dictionary<string, string> Options { get; set; } = [];

    /// <summary>Its own price; null: the product's.</summary>
    public Dinars? Price { get; set; }

    /// <summary>Pieces that can still be sold; null: not counted.</summary>
    public int? Stock { get; set; }

    public int Position { get; set; }
    public int Version { get; private set; }

    /// <summary>"M / Noir"; empty for a product without choices.</summary>
    public string Label => string.Join(" / ", Options.Values);
}

/// <summary>A picture of a product, kept under the workspace's media folder.</summary>
public sealed class Photo : IOfWorkspace, IHasId<Photo>
{
    public required PhotoId Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required ProductId ProductId { get; init; }
    public required string File { get; init; }
    public required string MediaType { get; init; }
    public int Position { get; set; }
}
