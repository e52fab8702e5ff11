using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>What can be sold of one variant, as the server told the model in this conversation.</summary>
public sealed record KnownVariant(string Product, string Variant, bool Available);

/// <summary>Nobody is told that something is there when it is out.</summary>
public static partial class StockGuard
{
    /// <summary>Variants that the reply calls available although they are out, or that it calls so without the server having said anything.</summary>
    /// <param name="asked">The customer's unanswered words: "dispo en XL?" gives a bare "oui, disponible" its meaning.</param>
    public static IReadOnlyList<string> Unsupported(string reply, string asked, IReadOnlyList<KnownVariant> known)
    {
        var wrong = new List<string>();
        foreach (var sentence in Sentences().Split(reply))
        {
            var folded = Folding.Fold(sentence);
            if (!Available().IsMatch(folded) || Negated().IsMatch(folded)) continue;
            // A sentence that names nothing itself ("oui, disponible") speaks of what was asked for.
            var named = NamesSomething(sentence, known) ? Meant(sentence, $"{reply} {asked}", known) : [];
            if (named.Count == 0) named = Meant(asked, asked, known);
            if (named.Count == 0) continue;
            // "M available, XL out" in one sentence names both; only when none of those meant is there is it a lie.
            if (named.All(v => !v.Available)) wrong.AddRange(named.Select(v => $"{v.Product} {v.Variant}".Trim()));
        }
        return [.. wrong.Distinct()];
    }

    /// <summary>The variants a text speaks of: all whose options it names, of the products it names (or of the only ones in play).</summary>
    private static List<KnownVariant> Meant(string text, string around, IReadOnlyList<KnownVariant> known)
    {
        var words = Folding.Words(text).ToHashSet();
        var nearby = Folding.Words(around).ToHashSet();
        var products = known.Select(v => v.Product).Distinct().Where(p => NamesProduct(nearby, p)).ToHashSet(StringComparer.Ordinal);
        var candidates = products.Count > 0 ? known.Where(v => products.Contains(v.Product)).ToList() : known.DistinctBy(v => v.Product).Count() == 1 ? [.. known] : [];
        var options = candidates.SelectMany(v => Folding.Words(v.Variant)).ToHashSet();
        var said = words.Where(options.Contains).ToHashSet();
        if (said.Count == 0) return products.Count > 0 ? candidates : [];
        return [.. candidates.Where(v => said.IsSubsetOf(Folding.Words(v.Variant)))];
    }

    private static bool NamesSomething(string sentence, IReadOnlyList<KnownVariant> known)
    {
        var words = Folding.Words(sentence).ToHashSet();
        return known.Any(v => NamesProduct(words, v.Product) || Folding.Words(v.Variant).Any(words.Contains));
    }

    private static bool NamesProduct(HashSet<string> words, string product)
    {
        var own = Folding.Words(product).Where(w => w.Length > 2).ToList();
        return own.Count > 0 && own.Count(words.Contains) * 2 >= own.Count + (own.Count > 1 ? 1 : 0);
    }

    [GeneratedRegex(@"[.!?؟\n,،;]+")]
    private static partial Regex Sentences();

    [GeneratedRegex(@"\bdisponibles?\b|\bdispo\b|\ben stock\b|\bil y en a\b|\bil en reste\b|\bnous lavons\b|\bon la\b|متوفر|متوفره|كاين|موجود|\bkayen|\bkayn|\bmawjoud|\bmoujoud|\bmewjoud|\bmtwafer|\bmetwafer|\bmotawafir|\bavailable\b|\bin stock\b")]
    private static partial Regex Available();

    [GeneratedRegex(@"\bpas\b|\bplus\b|\bnon disponible|indisponible|\bepuise|\brupture\b|غير|ما كاين|ماكاين|مكانش|ماكانش|مكاش|ماكاش|ليس|لا يوجد|نفذ|خلاص|\bmakanch|\bma ?kayen|\bmakach|\bmachi\b|\bkhlas|\bnot\b|\bout of\b|\bmakch\b")]
    private static partial Regex Negated();
}
