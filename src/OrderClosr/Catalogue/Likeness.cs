using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>How well the words of a query fit a product: whole words count more than beginnings, those more than sounds and slips; the name more than the rest.</summary>
internal static class Likeness
{
    /// <summary>0 when less than half of the words fit; at most 2 per word.</summary>
    internal static double Of(IReadOnlyCollection<string> query, string name, string search)
    {
        var inName = Folding.Words(name);
        var anywhere = Folding.Words(search);
        double sum = 0;
        var fitting = 0;
        foreach (var word in query)
        {
            var fit = Math.Max(2 * Best(word, inName), Best(word, anywhere));
            if (fit > 0) fitting++;
            sum += fit;
        }
        return fitting * 2 >= query.Count ? sum / query.Count : 0;
    }

    /// <summary>How well a word fits the best of some words, 0 to 1.</summary>
    internal static double Best(string word, IReadOnlyCollection<string> words)
    {
        double best = 0;
        foreach (var other in words)
        {
            if (other == word) return 1;
            if (word.Length > 2 && other.StartsWith(word, StringComparison.Ordinal)) best = Math.Max(best, 0.8);
            else if (word.Length > 3 && WithoutArticle(word) is { Length: > 2 } bare && (other == bare || WithoutArticle(other) == bare)) best = Math.Max(best, 0.8);
            else if (word.Length > 3 && char.IsLetter(word[0]) && Folding.Sound(word) == Folding.Sound(other)) best = Math.Max(best, 0.7);
            else if (word.Length > 4 && Trigrams(word, other) >= 0.5) best = Math.Max(best, 0.5);
        }
        return best;
    }

    /// <summary>Share of three-letter pieces two words have in common, with their ends marked.</summary>
    internal static double Trigrams(string a, string b)
    {
        if (b.Length < 3) return 0;
        HashSet<string> of = Pieces(a), with = Pieces(b);
        var both = of.Count(with.Contains);
        return 2.0 * both / (of.Count + with.Count);
    }

    private static HashSet<string> Pieces(string word)
    {
        var marked = $" {word} ";
        var pieces = new HashSet<string>();
        for (var i = 0; i + 3 <= marked.Length; i++) pieces.Add(marked.Substring(i, 3));
        return pieces;
    }

    private static string WithoutArticle(string word) => word.StartsWith("ال", StringComparison.Ordinal) ? word[2..] : word;
}
