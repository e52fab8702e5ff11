using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>What a file would change, worked out before anything is written; applied exactly so or not at all.</summary>
public sealed record ImportPlan
{
    /// <summary>Products to make or change.</summary>
    public List<ImportItem> Items { get; init; } = [];

    /// <summary>Lines that cannot be read; their products are left out whole.</summary>
    public List<ImportProblem> Problems { get; init; } = [];

    /// <summary>Columns that mean nothing to us.</summary>
    public List<string> Ignored { get; init; } = [];

    /// <summary>Products of the file that are already so.</summary>
    public int Unchanged { get; set; }
}

/// <summary>One product to make (no id) or change.</summary>
public sealed record ImportItem
{
    public ProductId? Id { get; init; }
    public required string Name { get; init; }
    public required ProductForm Form { get; init; }

    /// <summary>What is different, for the person who looks; for a new product all that the file says of it.</summary>
    public List<ImportChange> Changes { get; init; } = [];
}

/// <summary>One difference: a column, the variant when it is one's, before and after.</summary>
public sealed record ImportChange(string Column, string? Variant, string? Old, string? New);

/// <summary>Why a line is left out.</summary>
public sealed record ImportProblem(int Line, string Product, string Code, string? Field, IReadOnlyList<string>? Suggestions, string Words)
{
    /// <summary>The same as a refusal, for its words.</summary>
    public Refusal AsRefusal => new(Code, Words, Field, Suggestions);
}
