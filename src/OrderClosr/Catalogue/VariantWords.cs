using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Chooses a variant of one product by the customer's words: "M noir", "taille M", "noire", its code.</summary>
public static class VariantWords
{
    /// <summary>The one variant that is meant; <c>variant_ambiguous</c> or <c>variant_unknown</c> with the labels there are.</summary>
    /// <param name="productWords">What was said for the product: the choice may stand there, "robe noire M".</param>
    public static Result<Variant> Choose(Product product, string? words, string? productWords)
    {
        var variants = product.Variants;
        IReadOnlyList<string> labels = [.. variants.Select(v => v.Label).Where(l => l.Length > 0)];
        var wanted = Folding.Words(words).Where(w => !IsNameOfOption(w, variants)).Distinct().ToList();
        if (wanted.Count == 0)
        {
            // The choice may stand among the product's words: "robe noire M".
            var among = Fitting(variants, [.. Folding.Words(productWords).Except(Folding.Words(product.Name))], all: false);
            return variants.Count == 1 ? variants[0] : among.Count == 1 ? among[0]
                : new Refusal("variant_ambiguous", "There are several: ask which one.", "variant", among.Count > 1 ? [.. among.Select(v => v.Label)] : labels);
        }

        var compact = Folding.Compact(words);
        if (variants.Find(v => Folding.Compact(v.Label) == compact || Folding.Compact(v.Sku) == compact) is { } exact) return exact;
        var fitting = Fitting(variants, wanted, all: true);
        if (fitting.Count == 1) return fitting[0];
        if (fitting.Count > 1) return new Refusal("variant_ambiguous", "Several fit: ask which one.", "variant", [.. fitting.Select(v => v.Label)]);
        // A product without choices: words that only repeat what it is choose nothing.
        if (variants.Count == 1 && wanted.All(w => Likeness.Best(w, Folding.Words(product.Search)) > 0)) return variants[0];
        var near = Fitting(variants, wanted, all: false);
        return new Refusal("variant_unknown", "There is no such choice of this product.", "variant", near.Count > 0 ? [.. near.Select(v => v.Label).Where(l => l.Length > 0)] : labels);
    }

    /// <summary>The variants whose options fit all of the words, or as many of them as any fits.</summary>
    private static List<Variant> Fitting(List<Variant> variants, IReadOnlyCollection<string> words, bool all)
    {
        var scored = variants.Select(v => (Variant: v, Fits: words.Select(w => Fit(w, v)).ToList())).ToList();
        var most = all ? words.Count : scored.Max(s => s.Fits.Count(f => f > 0));
        if (most == 0) return [];
        var fitting = scored.Where(s => s.Fits.Count(f => f > 0) == most).ToList();
        // "L" is the size L, although "L" also begins "Large": whole words win over beginnings.
        var best = fitting.Count == 0 ? 0 : fitting.Max(s => s.Fits.Sum());
        return [.. fitting.Where(s => s.Fits.Sum() >= best - 0.001).Select(s => s.Variant)];
    }

    private static double Fit(string word, Variant variant)
    {
        double best = 0;
        foreach (var value in variant.Options.Values)
        {
            var words = Folding.Words(value);
            best = Math.Max(best, Likeness.Best(word, words));
            if (Folding.Compact(value) == word) best = 1;
            // French agrees its colours: noire, blanche ask for Noir, Blanc.
            else if (words.Any(w => w.Length > 3 && word.Length > 3 && char.IsAsciiLetter(word[0]) && (word == w + "e" || word == w + "s" || word == w + "es" || word == w[..^1] + "che" || w == word + "e"))) best = Math.Max(best, 0.9);
        }
        return best;
    }

    private static bool IsNameOfOption(string word, List<Variant> variants) =>
        word is "taille" or "couleur" or "pointure" or "size" or "color" or "colour" or "modele" or "مقاس" or "قياس" or "لون" or "اللون" or "المقاس" or "en" or "de" or "et" or "w" or "و"
        || variants.Any(v => v.Options.Keys.Any(k => Folding.Compact(k) == word));
}
