using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>A variant that was meant, with its product.</summary>
public sealed record FoundVariant(Product Product, Variant Variant)
{
    /// <summary>What one piece costs: the variant's own price, else the product's.</summary>
    public Dinars Price => Variant.Price ?? Product.Price;

    /// <summary>"Robe d'été M / Noir".</summary>
    public string Name => Variant.Label.Length == 0 ? Product.Name : $"{Product.Name} {Variant.Label}";
}

/// <summary>Finds products and variants by what people call them; the same on both databases.</summary>
/// <remarks>Products come with their variants and photos, not tracked. Only products that are offered, unless asked otherwise.</remarks>
public sealed class ProductSearch(OrderClosrDb db)
{
    /// <summary>Products that fit the words, best first; all of them when there are no words.</summary>
    /// <param name="take">How many at most.</param>
    public async Task<IReadOnlyList<Product>> SearchAsync(string? query, int take, CancellationToken stop, bool alsoArchived = false)
    {
        var words = Meaningful(query);
        var offered = db.Products.AsNoTracking().Where(p => alsoArchived || p.Active);
        if (words.Count == 0) return await WithParts(offered.OrderBy(p => p.Name).ThenBy(p => p.Id).Take(take)).ToListAsync(stop);

        // Letters alone decide first, in the database; only when nothing holds all words is the whole catalogue's search text compared for sound and slips.
        var all = words.Aggregate(offered, (products, word) => products.Where(p => p.Search.Contains(word)));
        var texts = await all.OrderBy(p => p.Id).Take(MostCompared).Select(p => new Text(p.Id, p.Name, p.Search)).ToListAsync(stop);
        if (texts.Count == 0) texts = await offered.OrderBy(p => p.Id).Take(MostCompared).Select(p => new Text(p.Id, p.Name, p.Search)).ToListAsync(stop);

        var best = texts.Select(t => (t.Id, t.Name, Score: Likeness.Of(words, t.Name, t.Search))).Where(t => t.Score > 0)
            .OrderByDescending(t => t.Score).ThenBy(t => t.Name, StringComparer.Ordinal).Take(take).ToList();
        if (best.Count == 0) return [];
        // What fits far worse than the best was not meant.
        var ids = best.Where(t => t.Score >= best[0].Score / 2).Select(t => t.Id).ToList();
        var products = await WithParts(offered.Where(p => ids.Contains(p.Id))).ToListAsync(stop);
        return [.. ids.Select(id => products.Find(p => p.Id == id)).OfType<Product>()];
    }

    /// <summary>One product by its name or by words that fit only one; <c>product_unknown</c> with names otherwise.</summary>
    public async Task<Result<Product>> FindProductAsync(string? words, CancellationToken stop)
    {
        var wanted = Folding.Compact(words);
        if (wanted.Length == 0) return new Refusal("product_unknown", "Say which product.", "product", await NamesAsync(stop));
        var found = await SearchAsync(words, 6, stop);
        var named = found.Where(p => Folding.Compact(p.Name) == wanted || (p.NameAr.Length > 0 && Folding.Compact(p.NameAr) == wanted)).ToList();
        if (named.Count == 1) return named[0];
        var meant = Meaningful(words);
        var scores = found.Select(p => Likeness.Of(meant, p.Name, p.Search)).ToList();
        if (found.Count == 1 || (found.Count > 1 && scores[0] > scores[1])) return found[0];
        return found.Count == 0
            ? new Refusal("product_unknown", "The shop has no such product.", "product", await NamesAsync(stop))
            : new Refusal("product_unknown", "Several products fit: say which one.", "product", [.. found.Select(p => p.Name)]);
    }

    /// <summary>One variant by words for the product and for the choice ("M noir", its code, nothing when there is one only).</summary>
    /// <returns><c>product_unknown</c>, <c>variant_unknown</c> or <c>variant_ambiguous</c> with what there is.</returns>
    public async Task<Result<FoundVariant>> FindVariantAsync(string? product, string? variant, CancellationToken stop)
    {
        var code = Folding.Compact(product);
        if (code.Length > 0 && string.IsNullOrWhiteSpace(variant) && await BySkuAsync(product!, stop) is { } bySku) return bySku;
        var found = await FindProductAsync(product, stop);
        if (!found.Ok) return found.Refusal;
        var chosen = VariantWords.Choose(found.Value, variant, product);
        return chosen.Ok ? new FoundVariant(found.Value, chosen.Value) : chosen.Refusal;
    }

    /// <summary>The variant with this code, as carts of the channels name it; null when the shop has none such.</summary>
    public async Task<FoundVariant?> BySkuAsync(string sku, CancellationToken stop)
    {
        var variant = await db.Variants.AsNoTracking().SingleOrDefaultAsync(v => v.Sku == sku.Trim(), stop);
        if (variant is null) return null;
        var product = await WithParts(db.Products.AsNoTracking().Where(p => p.Id == variant.ProductId && p.Active)).SingleOrDefaultAsync(stop);
        return product is null ? null : new(product, product.Variants.Single(v => v.Id == variant.Id));
    }

    /// <summary>The variant with this id, also of a product no longer offered; null when it is not the workspace's.</summary>
    public async Task<FoundVariant?> ByIdAsync(VariantId id, CancellationToken stop)
    {
        var product = await WithParts(db.Products.AsNoTracking().Where(p => p.Variants.Any(v => v.Id == id))).SingleOrDefaultAsync(stop);
        return product is null ? null : new(product, product.Variants.Single(v => v.Id == id));
    }

    private async Task<IReadOnlyList<string>> NamesAsync(CancellationToken stop) =>
        await db.Products.AsNoTracking().Where(p => p.Active).OrderBy(p => p.Name).Select(p => p.Name).Take(8).ToListAsync(stop);

    internal static IQueryable<Product> WithParts(IQueryable<Product> products) =>
        products.Include(p => p.Variants.OrderBy(v => v.Position)).Include(p => p.Photos.OrderBy(f => f.Position)).AsSplitQuery();

    /// <summary>The words of a query that can say which product: no articles, no "how much".</summary>
    private static List<string> Meaningful(string? query)
    {
        var words = Folding.Words(query is { Length: > 300 } ? query[..300] : query);
        var meant = words.Where(w => w.Length > 1 && !Small.Contains(w)).Distinct().ToList();
        return meant.Count > 0 ? meant : [.. words.Distinct()];
    }

    private static readonly HashSet<string> Small =
    [
        "le", "la", "les", "de", "du", "des", "un", "une", "et", "en", "pour", "avec", "ce", "cette", "svp", "prix", "el", "al", "ta3", "taa", "dial", "li", "fi", "ch7al", "chhal", "chal",
        "nheb", "hab", "je", "veux", "the", "of", "هذا", "هذه", "هادي", "هاد", "تاع", "في", "من", "شحال", "نحب", "بغيت",
    ];

    private const int MostCompared = 5_000;

    private sealed record Text(ProductId Id, string Name, string Search);
}
