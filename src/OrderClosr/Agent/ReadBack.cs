using System.Text;
using System.Text.RegularExpressions;
using OrderClosr.Agent.Guards;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Agent;

/// <summary>What makes a reply a read-back: only a yes to all that is bought, where it goes and what it costs is a yes to the order.</summary>
public static partial class ReadBack
{
    /// <summary>True when the reply reads a draft that lacks nothing back: it names the total, the place, every product and every quantity above one, and no other quantity of a product.</summary>
    /// <remarks>Products by any word that tells them apart and places in any spelling, as people shorten them; a name in other letters counts by its consonants.</remarks>
    /// <example><c>"2 robes M noir à Bir El Djir, total 7 600 DA. Vous confirmez ?"</c> does; <c>"Pour Oran, 7 600 DA en tout. Domicile ou bureau ?"</c> does not.</example>
    public static bool Is(IReadOnlyList<string> bubbles, DraftView? view)
    {
        if (view is not { Ready: true, Total: { } total }) return false;
        var reply = string.Join('\n', bubbles);
        if (!MoneyGuard.Read(reply.Replace('\n', ' ')).Concat(bubbles.SelectMany(b => b.Split('\n')).SelectMany(l => MoneyGuard.Read(l))).Any(r => r.Kind is MoneyKind.Named or MoneyKind.Bare && r.InDinars == total)) return false;
        if (!NamesPlace(reply, view)) return false;
        var clauses = Clauses(reply);
        var names = view.Items.Select(i => i.Product).Distinct().ToList();
        return names.TrueForAll(name => NamesProduct(clauses, name, names.Where(n => n != name), [.. view.Items.Where(i => i.Product == name)]));
    }

    private static bool NamesPlace(string reply, DraftView view) =>
        ((string?[])[view.Commune, view.Wilaya, view.Desk]).Any(place => place is not null && Folding.Compact(reply).Contains(Folding.Compact(place), StringComparison.Ordinal))
        || Known.FindIn(reply).SelectMany(m => m.Candidates).Any(p => view.Commune is { } commune && p.Commune?.Name == commune || p.Wilaya.Name == view.Wilaya);

    /// <summary>A word of the name that no other product of the draft has too (of a name that has no such word, any), with the quantities of its lines.</summary>
    private static bool NamesProduct(IReadOnlyList<IReadOnlyList<string>> clauses, string name, IEnumerable<string> others, IReadOnlyList<DraftLine> lines)
    {
        var shared = others.SelectMany(Folding.Words).ToHashSet(StringComparer.Ordinal);
        var whole = Folding.Words(name);
        var own = whole.Where(w => w.Length > 2 && !Small.Contains(w)).ToList();
        if (own.Count == 0) own.AddRange(whole);
        if (own.Exists(w => !shared.Contains(w))) own.RemoveAll(shared.Contains);

        var isNamed = false;
        foreach (var clause in clauses)
            for (var i = 0; i < clause.Count; i++)
            {
                if (!own.Exists(o => SaysName(clause[i], o))) continue;
                isNamed = true;
                // "3 robes" is another wish than two of them.
                var before = i - 1;
                while (before >= 0 && (clause[before] is "x" || (clause[before].Any(char.IsLetter) && whole.Any(o => SaysName(clause[before], o))))) before--;
                if (before >= 0 && CountIn(clause[before]) is { } said && lines.All(l => l.Quantity != said) && lines.Sum(l => l.Quantity) != said) return false;
            }
        return isNamed && lines.All(l => (l.Quantity == 1 || Counts(l.Quantity)) && (lines.Count == 1 || NamesVariant(l) || Counts(lines.Sum(o => o.Quantity))));

        bool Counts(int quantity) => clauses.Any(c => c.Any(w => CountIn(w) == quantity || (quantity == 2 && IsDual(w))));

        bool NamesVariant(DraftLine line) => Folding.Words(line.Variant).Except(lines.Where(l => l != line).SelectMany(l => Folding.Words(l.Variant))).Any(w => clauses.Any(c => c.Contains(w)));
    }

    private static bool SaysName(string word, string name) =>
        Folding.Sound(Singular(word)) == Folding.Sound(Singular(name)) || (IsArabic(word) != IsArabic(name) && Consonants(name) is { Length: > 1 } heard && Consonants(word) == heard);

    private static string Singular(string word) => word.Length > 3 && word[^1] is 's' or 'x' ? word[..^1] : word;

    private static bool IsArabic(string word) => word.Any(c => c is >= '\u0600' and <= '\u06FF');

    /// <summary>"روبة" and "robe" are "rb": how a name is written in the other letters.</summary>
    private static string Consonants(string word)
    {
        var bare = IsArabic(word) ? ArabicEnding().Replace(word, "") : Singular(word);
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[("ch", "ش"), ("sh", "ش"), ("kh", "خ"), ("gh", "غ"), ("dj", "ج"), ("ph", "f"), ("qu", "k"), ("ce", "se"), ("ci", "si")]) bare = bare.Replace(from, to, StringComparison.Ordinal);
        var heard = new StringBuilder();
        foreach (var c in bare)
            if (Heard.TryGetValue(c, out var sound) && (heard.Length == 0 || heard[^1] != sound)) heard.Append(sound);
        return heard.ToString();
    }

    /// <summary>The article; and what makes a word feminine, two or many.</summary>
    [GeneratedRegex("^ال(?=...)|(?<=..)(?:ه|ات|تين|ين|تان|ان)$")]
    private static partial Regex ArabicEnding();

    private static readonly Dictionary<char, char> Heard = new((IEnumerable<KeyValuePair<char, char>>)
        [.. from pair in (string[])["bbpبپ", "ttتثط", "ddدذضظ", "rrر", "ffvفڤ", "kkcqgكقغخڨ", "sszxسصز", "jjج", "Sش", "hhحه", "llل", "mmم", "nnن"] from c in pair[1..] select KeyValuePair.Create(c, pair[0])]);

    /// <summary>"2", "x2", "2x", "deux", "zouj", "زوج".</summary>
    private static int? CountIn(string word)
    {
        if (int.TryParse(word.Trim('x'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var digits)) return digits;
        return NumberWords.Of(word) is { Kind: NumberWords.Kind.Unit or NumberWords.Kind.Ten } number ? (int)number.Value : null;
    }

    private static bool IsDual(string word) => word.Length > 4 && (word.EndsWith("تين", StringComparison.Ordinal) || word.EndsWith("تان", StringComparison.Ordinal));

    /// <summary>The reply's words, parted where a number no longer belongs to the next word, without the numbers that count no pieces.</summary>
    private static List<IReadOnlyList<string>> Clauses(string reply) =>
        [.. reply.Split('\n').SelectMany(line => Breaks().Split(Uncounted.Replace(Folding.Fold(line).Replace("×", " x ", StringComparison.Ordinal), "|"))).Select(Folding.Words).Where(c => c.Count > 0)];

    [GeneratedRegex(@"[|,،;؛:.()/+\-–—?؟!•]")]
    private static partial Regex Breaks();

    /// <summary>Phones, amounts, days.</summary>
    private static readonly Regex Uncounted = new(@"\d(?:[ .\-]?\d){7,}|\d{1,3}(?:[ .]\d{3})+|\d{3,}|\d+ ?(?:[-/–] ?\d+ ?)?(?:jours?|jrs?|j|h|ayam|iyam|nharat|ايام|يوم|ساعه)(?!\w)");

    private static readonly Places Known = new();
    private static readonly HashSet<string> Small = ["les", "des", "une", "pour", "avec", "sans", "aux", "sur", "par", "and", "the", "for"];
}
