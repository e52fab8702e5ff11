using System.Text;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>A stretch of the customer's words that names a place.</summary>
/// <param name="Words">As the customer wrote them, without a glued preposition.</param>
/// <param name="From">First word.</param>
/// <param name="Until">One after the last word.</param>
/// <param name="IsWilaya">Some wilaya is called so.</param>
/// <param name="IsCommune">Some commune is called so.</param>
/// <param name="Wilaya">The wilaya, when only one fits.</param>
internal sealed record PlaceWords(string Words, int From, int Until, bool IsWilaya, bool IsCommune, string? Wilaya);

/// <summary>
/// Recognises which words are a place; which place it is the shop's tool decides.
/// Names: geoalgeria (MIT), <c>Geo/LICENCE-geoalgeria.txt</c>; aliases as in geography.md section 2.
/// </summary>
internal static class Places
{
    private static readonly Dictionary<string, string> Wilayas = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, HashSet<string>> Communes = new(StringComparer.Ordinal);
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal);
    private static readonly string[] Glue = ["ل", "لل", "ف", "في", "ب", "و", "من", "l", "f", "fi", "a", "b", "fel", "lel", "w"];
    private const int MostWords = 4;

    /// <summary>Stands for a word that something else has explained.</summary>
    public const string Taken = "§";

    // The country, and short or everyday words that some commune also bears: a place only when the shop asked for one.
    private static readonly HashSet<string> Everyday = [.. "algerie الجزاير hamma kais sig bir el oued الواد bled centre رقم حمام soug souk hamadi stah زوج حاسي lharach حمراء الحمراء elhamra hamra عين ain said saida_ amer hadjar sidi kerma sfid".Split(' ').Select(Key)];

    static Places()
    {
        foreach (var row in Rows("wilayas.csv"))
        {
            Names[row[0]] = row[2];
            foreach (var name in new[] { row[2], row[3], row[4] }) Wilayas.TryAdd(Key(name), row[0]);
        }
        foreach (var row in Rows("wilaya_aliases.csv").Where(r => r[2] != "digits" && r[3] != "code")) Wilayas.TryAdd(Key(row[1]), row[0]);
        foreach (var (slip, code) in new[] { ("whran", "31"), ("wahren", "31"), ("ouahran", "31"), ("dzayer", "16"), ("algr", "16"), ("constantin", "25"), ("9sentina", "25"), ("9assantina", "25"), ("stif", "19"), ("tizi", "15"), ("bejaya", "6"), ("bgayet", "6"), ("bouira", "10"), ("tlemsan", "13") })
            Wilayas.TryAdd(Key(slip), code);
        foreach (var row in Rows("communes.csv"))
            foreach (var name in new[] { row[3], row[4] }) Add(name, row[0]);
        // Names everybody says that the official list spells otherwise.
        foreach (var (alias, code) in new[] { ("Saoula", "16"), ("Mahelma", "16"), ("Douera", "16"), ("Khraicia", "16"), ("Bachdjerrah", "16"), ("Heraoua", "16"), ("Bir El Djir", "31"), ("Bir El Jir", "31"), ("Bir Jir", "31"), ("Bir Djir", "31"), ("Birkhadem", "16"), ("Ain Naadja", "16"), ("عين النعجة", "16"), ("Bab Zouar", "16"), ("باب الزوار", "16"), ("Hussein Dey", "16"), ("Kouba", "16"), ("Eulma", "19"), ("El Khroub", "25"), ("Khroub", "25"), ("لخروب", "25"), ("Es Senia", "31"), ("Senia", "31"), ("Hassi Messaoud", "30") })
            Add(alias, code);

        static void Add(string name, string code)
        {
            if (Key(name) is { Length: >= 3 } key) (Communes.TryGetValue(key, out var codes) ? codes : Communes[key] = []).Add(code);
        }
    }

    /// <summary>All places in a list of words, longest first, never overlapping.</summary>
    /// <param name="words">As written.</param>
    /// <param name="asked">True when the shop just asked where: then short and everyday words count too.</param>
    public static IReadOnlyList<PlaceWords> In(IReadOnlyList<string> words, bool asked)
    {
        var found = new List<PlaceWords>();
        for (var from = 0; from < words.Count;)
        {
            var hit = Enumerable.Range(1, Math.Min(MostWords, words.Count - from)).Reverse().Select(n => At(words, from, from + n, asked)).FirstOrDefault(p => p is not null);
            if (hit is not null) found.Add(hit);
            from = hit?.Until ?? from + 1;
        }
        return found;
    }

    /// <summary>Is the word alone a place?</summary>
    public static bool Is(string word) => In([word], asked: false).Count > 0;

    /// <summary>Do both texts name the same wilaya?</summary>
    public static bool SameWilaya(string one, string other) => Wilayas.TryGetValue(Key(one), out var a) && Wilayas.TryGetValue(Key(other), out var b) && a == b;

    /// <summary>Has the wilaya a commune of this name?</summary>
    public static bool Holds(string wilaya, string commune) => Wilayas.TryGetValue(Key(wilaya), out var code) && Communes.TryGetValue(Key(commune), out var codes) && codes.Contains(code);

    private static PlaceWords? At(IReadOnlyList<string> words, int from, int until, bool asked)
    {
        if (words.Skip(from).Take(until - from).Contains(Taken)) return null;
        var first = words[from];
        foreach (var glue in Glue.Prepend(""))
        {
            if (glue.Length > 0 && (!first.StartsWith(glue, StringComparison.OrdinalIgnoreCase) || first.Length < glue.Length + 3)) continue;
            // "Fouad" is a name and not "f Ouad"; "lOran" and "Loran" are written, "Foran" is not.
            if (glue is "f" or "b" or "w" or "a" && char.IsUpper(first[0]) && !char.IsUpper(first[1])) continue;
            var said = string.Join(' ', words.Skip(from).Take(until - from))[glue.Length..].TrimStart('\'', '’');
            var key = Key(said);
            if (key.Length < (asked ? 2 : 3) || (!asked && until - from == 1 && IsEveryday(key))) continue;
            var wilaya = Wilayas.GetValueOrDefault(key) ?? (key.StartsWith("ال", StringComparison.Ordinal) ? Wilayas.GetValueOrDefault(key[2..]) : Wilayas.GetValueOrDefault("ال" + key));
            var communes = Communes.GetValueOrDefault(key);
            // "fi" + "l…" glued to a Latin word is only believed for wilayas: too many commune names hide in other words.
            if (wilaya is null && (communes is null || (glue.Length > 0 && glue[0] < 128))) continue;
            var code = wilaya ?? (communes!.Count == 1 ? communes.First() : null);
            return new(said, from, until, wilaya is not null, communes is not null, code is null ? null : Names[code]);
        }
        return null;
    }

    private static bool IsEveryday(string key) => Everyday.Contains(key) || Lexicon.Small.Contains(key) ||
        Lexicon.In(Lexicon.Colours, key) is not null || Lexicon.In(Lexicon.Goods, key) is not null || Lexicon.Numbers.ContainsKey(key) || Lexicon.Sizes.ContainsKey(key);

    private static string Key(string name)
    {
        var key = new StringBuilder();
        foreach (var c in Lexicon.Fold(name)) if (char.IsLetterOrDigit(c)) key.Append(c);
        return key.ToString();
    }

    private static IEnumerable<string[]> Rows(string file)
    {
        using var stream = typeof(Places).Assembly.GetManifestResourceStream("Geo." + file)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line) yield return line.Split(',');
    }
}
