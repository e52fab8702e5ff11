using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>A product as somebody wants it: from the page, the API or a file. Null leaves what is there; amounts already read.</summary>
public sealed record ProductForm
{
    public string? Name { get; init; }
    public string? NameAr { get; init; }
    public string? OtherNames { get; init; }
    public string? Description { get; init; }
    public Dinars? Price { get; init; }

    /// <summary>Inside: null takes the floor away; outside: null leaves it.</summary>
    public Set<Dinars?>? FloorPrice { get; init; }
    public bool? Active { get; init; }
    public string? AgentNotes { get; init; }

    /// <summary>All variants it shall have, in their order; null leaves them. A new product without any gets one without choices.</summary>
    public IReadOnlyList<VariantForm>? Variants { get; init; }

    /// <summary>The version that was looked at; null where nobody looked.</summary>
    public int? Version { get; init; }
}

/// <summary>A variant as somebody wants it.</summary>
public sealed record VariantForm
{
    /// <summary>The one that is changed; null for a new one.</summary>
    public VariantId? Id { get; init; }

    /// <summary>Empty: made from the name.</summary>
    public string? Sku { get; init; }

    /// <summary>Null: leave them.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: the product's, or with <see cref="KeepsPrice"/> what it is.</summary>
    public Dinars? Price { get; init; }

    /// <summary>A price that is not named stays, also one that differs from the product's.</summary>
    public bool KeepsPrice { get; init; }

    /// <summary>Outside null: leave it (orders may have taken pieces meanwhile); inside null: not counted.</summary>
    public Set<int?>? Stock { get; init; }

    /// <summary>What the stock was when somebody looked and then changed it; outside null: not looked.</summary>
    public Set<int?>? StockWas { get; init; }
}

/// <summary>A value that shall be written, also when it is null.</summary>
public sealed record Set<T>(T To);
