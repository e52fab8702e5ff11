using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>One product as the tools answered it.</summary>
internal sealed record Good(string Name, int? Price, string Description, IReadOnlyList<GoodVariant> Variants)
{
    /// <summary>Reads a tool's product.</summary>
    public static Good From(JsonObject product) => new(product.Text("product") ?? "", product.Whole("price"), product.Text("description") ?? "",
        [.. product.Objects("variants").Select(v => new GoodVariant(v.Text("variant") ?? "", v.Whole("price"), v.Is("available")))]);

    /// <summary>Variants that can be bought.</summary>
    public IEnumerable<GoodVariant> Available => Variants.Where(v => v.Available);

    /// <summary>Is the colour part of its own name or description ("Baskets blanches"), and no choice among its variants?</summary>
    public bool Shows(string option) => !Variants.Any(v => v.Fits(option))
        && Lexicon.Fold($"{Name} {Description}").Split([' ', ',', '.', '-'], StringSplitOptions.RemoveEmptyEntries).Any(w => Lexicon.In(Lexicon.Colours, w) == option);

    /// <summary>What can be chosen, short: "S, M, L / Noir, Bleu" when every size is there in every colour, else each variant.</summary>
    public IReadOnlyList<string> Choices()
    {
        var names = Available.Select(v => v.Name).Where(n => n.Length > 0).ToList();
        var parts = names.Select(n => n.Split(" / ")).ToList();
        if (parts.Count < 4 || parts.Any(p => p.Length != 2)) return names;
        var (first, second) = (parts.Select(p => p[0]).Distinct().ToList(), parts.Select(p => p[1]).Distinct().ToList());
        return first.Count > 1 && second.Count > 1 && first.Count * second.Count == parts.Count ? [string.Join(", ", first) + " / " + string.Join(", ", second)] : names;
    }

    /// <summary>True when nothing of it can be bought.</summary>
    public bool IsOut => Variants.Count > 0 && !Available.Any();
}

/// <summary>One variant: "M / Noir".</summary>
internal sealed record GoodVariant(string Name, int? Price, bool Available)
{
    /// <summary>Does it have this colour or size?</summary>
    public bool Fits(string option) => Name.Split('/', ',', '-').Select(p => Lexicon.Fold(p).Trim()).Any(part =>
        part == option || Lexicon.In(Lexicon.Colours, part) == option || (Lexicon.Sizes.TryGetValue(part, out var size) && size == option)
        || part.Split(' ').Any(w => w == option || Lexicon.In(Lexicon.Colours, w) == option));
}

/// <summary>A product named in a text, at a word.</summary>
internal sealed record Mention(Good Good, int At);

/// <summary>The shop's goods as far as this turn's searches showed them, and how customers call them.</summary>
internal sealed class Goods(IReadOnlyList<Good> all)
{
    /// <summary>All goods seen.</summary>
    public IReadOnlyList<Good> All => all;

    private readonly List<(Good Good, List<(string Word, string? Kind)> Name)> _names = [.. all.Select(g => (g, NameWords(g.Name).Select(w => (w, Lexicon.In(Lexicon.Goods, w))).ToList()))];

    /// <summary>Folded words of all names, for the reading.</summary>
    public IReadOnlySet<string> Words { get; } = all.SelectMany(g => NameWords(g.Name)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The catalogue as the shop's block of the prompt lists it: names, prices and variants, but not what is left of them.</summary>
    public static IReadOnlyList<Good> Listed(string system)
    {
        if (!(system.IndexOf("# Catalogue (JSON", StringComparison.Ordinal) is >= 0 and var head) || system.IndexOf('\n', head) is not (> 0 and var start)) return [];
        var end = system.IndexOf('\n', start + 1);
        try
        {
            return [.. (JsonNode.Parse(end < 0 ? system[start..] : system[start..end])?.AsArray().OfType<JsonObject>() ?? [])
                .Select(p => new Good(p.Text("product") ?? "", p.Whole("price"), "", [.. p.Texts("variants").Select(v => new GoodVariant(v, null, true))]))];
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or InvalidOperationException) { return []; } // another caller's prompt
    }

    /// <summary>The good of exactly that name.</summary>
    public Good? Named(string? name) => all.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Goods named in a text, in order; a better match at the same place wins.</summary>
    public IReadOnlyList<Mention> In(IReadOnlyList<Word> words)
    {
        var hits = new List<(Good Good, int At, int Score)>();
        var said = words.Select(w => w.InPlace || w.Folded.Length < 3 ? [] : w.Folded.Split(' ').SelectMany(Lexicon.Bare).Where(b => b.Length >= 3).Select(b => (b, Lexicon.Goods.GetValueOrDefault(b))).ToList()).ToList();
        foreach (var (good, name) in _names)
        {
            var (score, at) = (0, -1);
            for (var i = 0; i < words.Count; i++)
            {
                var best = 0;
                for (var n = 0; n < name.Count && said[i].Count > 0; n++) best = Math.Max(best, Math.Max(Same(said[i], name[n]), n == 0 && Sounds.Alike(words[i].Folded, name[n].Word) ? 2 : 0) * (n == 0 ? 3 : 2));
                if (best == 0) continue;
                score += best;
                if (at < 0) at = i;
            }
            if (score > 0) hits.Add((good, at, score));
        }
        // Of goods that share words ("robe d'été", "robe de soirée") the best match stays; goods elsewhere in the text stay too.
        return [.. hits.GroupBy(h => h.At).Select(g => g.OrderByDescending(h => h.Score).ThenBy(h => h.Good.Name.Length).First())
            .Where(h => h.Score >= 3 || hits.All(o => o.Score < 3)).OrderBy(h => h.At).Select(h => new Mention(h.Good, h.At))];
    }

    private static IEnumerable<string> NameWords(string name) => Lexicon.Fold(name).Split([' ', '-', ',', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length >= 3 && !Lexicon.Small.Contains(w) && !Lexicon.Colours.ContainsKey(w));

    // 2: the same word or the same kind of goods; 1: one letter apart.
    private static int Same(List<(string Bare, string? Kind)> said, (string Word, string? Kind) name)
    {
        foreach (var (bare, kind) in said)
        {
            if (bare == name.Word || bare.AsSpan().TrimEnd('s').SequenceEqual(name.Word.AsSpan().TrimEnd('s'))) return 2;
            if (kind is not null && kind == name.Kind) return 2;
            if (bare.Length >= 5 && name.Word.Length >= 5 && OneApart(bare, name.Word)) return 1;
        }
        return 0;
    }

    private static bool OneApart(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var (longer, shorter) = a.Length >= b.Length ? (a, b) : (b, a);
        var i = 0;
        while (i < shorter.Length && longer[i] == shorter[i]) i++;
        return longer.Length == shorter.Length ? longer[(i + 1)..] == shorter[(i + 1)..] : longer[(i + 1)..] == shorter[i..];
    }
}
