using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A price is said of the product and variant that it belongs to: 1 200 DA may be the scarf's, and is a lie beside the dress.</summary>
/// <remarks>Pure. Silent where it cannot tell what an amount is said of, and where the amount is something else as well: a fee, a total, a word of the merchant's.</remarks>
public static partial class PriceGuard
{
    /// <summary>The amounts of a reply that belong to other products or variants than those they are said of.</summary>
    /// <param name="asked">The customer's unanswered words: "ch7al la robe?" says what a bare "3 500 DA" is the price of.</param>
    public static IReadOnlyList<MoneyReading> Misplaced(IReadOnlyList<string> bubbles, PermittedMoney permitted, string asked)
    {
        var names = new Names(permitted.Priced);
        // What a clause without a product speaks of: what was named last, before the first of them whatever the reply names at all, and else what was asked for.
        var spokenOf = names.In(string.Join('\n', bubbles));
        if (spokenOf.Count == 0) spokenOf = names.In(asked);
        var misplaced = new List<MoneyReading>();
        foreach (var line in bubbles.SelectMany(b => b.Split('\n')))
        {
            // "La robe, en XL, …": what is named without an amount goes with the amount that follows.
            var waiting = new HashSet<string>(StringComparer.Ordinal);
            foreach (var clause in Breaks().Split(line))
            {
                var amounts = MoneyGuard.Read(clause, permitted.Names).Where(IsPrice).ToList();
                waiting.UnionWith(names.In(clause));
                if (amounts.Count == 0) continue;
                if (waiting.Count > 0) spokenOf = waiting;
                if (spokenOf.Count > 0) misplaced.AddRange(amounts.Where(r => permitted.OwnersOf((r.InDinars ?? r.InCentimes)!.Value) is { } owners && !owners.Any(o => spokenOf.Contains(o.Product) && Fits(o, clause, permitted))));
                waiting = new(StringComparer.Ordinal);
            }
            if (waiting.Count > 0) spokenOf = waiting;
        }
        return [.. misplaced.DistinctBy(r => r.Text)];
    }

    private static bool IsPrice(MoneyReading reading) =>
        reading is { Kind: MoneyKind.Named or MoneyKind.Bare, Role: not (MoneyRole.Fee or MoneyRole.Discount or MoneyRole.Content) } && (reading.InDinars ?? reading.InCentimes) is not null;

    private static bool Fits(PricedVariant owner, string clause, PermittedMoney permitted)
    {
        var variants = permitted.Priced.Where(v => v.Product == owner.Product).Select(v => new KnownVariant(v.Product, v.Variant, true)).ToList();
        var meant = StockGuard.Meant(clause, variants);
        return meant.Count == 0 || meant.Count == variants.Count || meant.Any(v => v.Variant == owner.Variant);
    }

    /// <summary>Finds products in a text: by their whole name, or by a word that only one product's name has: "la robe", where there is one.</summary>
    private sealed class Names
    {
        private readonly List<(string Product, IReadOnlyList<string> Words)> _whole;
        private readonly Dictionary<string, string> _own = new(StringComparer.Ordinal);

        internal Names(IReadOnlyCollection<PricedVariant> priced)
        {
            _whole = [.. priced.Select(v => v.Product).Distinct().Select(p => (p, Folding.Words(p))).Where(w => w.Item2.Count > 0)];
            // "Rose" in "Parfum Rose" may be the colour of a dress.
            var options = priced.SelectMany(v => Folding.Words(v.Variant)).Select(Bare).ToHashSet(StringComparer.Ordinal);
            var sharing = _whole.SelectMany(w => w.Words.Select(Bare).Distinct()).CountBy(word => word).ToDictionary(StringComparer.Ordinal);
            foreach (var (product, words) in _whole)
            {
                var own = words.Select(Bare).Where(w => w.Length > 3 && w.All(char.IsLetter) && sharing[w] == 1 && !options.Contains(w) && !StockGuard.IsColour(w)).ToList();
                // What it is stands first; what it is like ("soie", "été") tells it apart only from others of its kind.
                if (own.Contains(Bare(words[0]))) own = [Bare(words[0])];
                else if (sharing[Bare(words[0])] == 1) continue;
                foreach (var word in own) _own[word] = product;
            }
        }

        internal HashSet<string> In(string text)
        {
            var words = Folding.Words(text);
            var whole = _whole.Where(w => IsIn(words, w.Words)).ToList();
            // "Pack 1 famille" does not name "Pack 1".
            whole.RemoveAll(w => whole.Exists(longer => longer.Words.Count > w.Words.Count && IsIn(longer.Words, w.Words)));
            return [.. whole.Select(w => w.Product), .. words.Select(OwnerOf).OfType<string>()];
        }

        // "lhijab" is the scarf in Arabizi.
        private string? OwnerOf(string word) => _own.GetValueOrDefault(Bare(word)) ?? (word[0] == 'l' ? _own.GetValueOrDefault(Bare(word[1..])) : null);

        private static bool IsIn(IReadOnlyList<string> words, IReadOnlyList<string> name) =>
            Enumerable.Range(0, Math.Max(0, words.Count - name.Count + 1)).Any(at => name.Select((w, i) => words[at + i] == w).All(same => same));

        /// <summary>Without the plural's letter, and without the Arabic article.</summary>
        private static string Bare(string word) =>
            word.Length > 4 && word[^1] is 's' or 'x' ? word[..^1] : word.Length > 4 && word.StartsWith("ال", StringComparison.Ordinal) ? word[2..] : word;
    }

    // A comma or point between digits belongs to the number.
    [GeneratedRegex(@"[;؛!?؟•|]+|(?<!\d)[,،.]|[,،.](?!\d)")]
    private static partial Regex Breaks();
}

/// <summary>A variant that has a price; the label is empty where a product has no variants, or where the price is that of all together.</summary>
public sealed record PricedVariant(string Product, string Variant);
