using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>What one folded word counts for: French, Arabic, Darja in Arabic letters and Arabizi.</summary>
/// <remarks>Arabizi digits are letters here: <c>3achra</c> is ten, <c>7dach</c> eleven.</remarks>
internal static partial class NumberWords
{
    internal enum Kind { Unit, Ten, Hundred, Hundreds, Scale, Scaled }

    /// <param name="Value">What it counts for; for a scale, what it multiplies with.</param>
    internal readonly record struct Atom(Kind Kind, long Value);

    internal const long Thousand = 1_000, Million = 1_000_000, Milliard = 1_000_000_000;

    /// <summary>The atom of a word; null when it counts nothing.</summary>
    internal static Atom? Of(string word)
    {
        if (Exact.TryGetValue(word, out var atom)) return atom;
        if (word.Length > 14) return null;
        if (word.Any(c => c is >= 'a' and <= 'z'))
            foreach (var (pattern, value) in Arabizi)
                if (pattern.IsMatch(word)) return value;
        // "khamsmya", "خمسميه": the hundred glued to its unit.
        if (GluedHundred().Match(word) is { Success: true } glued && Of(glued.Groups[1].Value) is { Kind: Kind.Unit, Value: > 1 } unit) return new(Kind.Hundreds, unit.Value * 100);
        // "khamsalaf", "تلتلاف": so is the thousand.
        foreach (var thousand in GluedThousands)
            if (word.Length > thousand.Length + 1 && word.EndsWith(thousand, StringComparison.Ordinal) && Of(word[..^thousand.Length]) is { Kind: Kind.Unit or Kind.Ten, Value: > 1 } count) return new(Kind.Scaled, count.Value * Thousand);
        return null;
    }

    private static readonly string[] GluedThousands = ["alaf", "elaf", "atalaf", "talaf", "tlaf", "laf", "الاف", "تلاف", "لاف"];

    /// <summary>"ألفا دينار", "بألفي دينار": two thousand before the noun, a thousand behind a count ("عشرون ألفا").</summary>
    internal static bool IsConstruct(string word) => word is "الفا" or "الفي" or "بالفي" or "والفا" or "والفي" or "لالفي";

    /// <summary>"and" between the parts of one number.</summary>
    internal static bool Joins(string word) => word is "et" or "w" or "ou" or "o" or "و" or "and" or "u";

    private static readonly Dictionary<string, Atom> Exact = Table();

    private static Dictionary<string, Atom> Table()
    {
        var table = new Dictionary<string, Atom>(StringComparer.Ordinal);
        void Add(Kind kind, long value, string words)
        {
            foreach (var word in words.Split(' ')) table[Folding.Fold(word)] = new(kind, value);
        }
        Add(Kind.Unit, 1, "un une one واحد وحدة");
        Add(Kind.Unit, 2, "deux two اثنان اثنين اثنتان اثنتين زوج جوج زوز ثنين تنين");
        Add(Kind.Unit, 3, "trois three ثلاثة ثلاث تلاتة تلات ثلث تلت تلاثة");
        Add(Kind.Unit, 4, "quatre four أربعة أربع ربعة ربع");
        Add(Kind.Unit, 5, "cinq five خمسة خمس");
        Add(Kind.Unit, 6, "six ستة ست");
        Add(Kind.Unit, 7, "sept seven سبعة سبع");
        Add(Kind.Unit, 8, "huit eight ثمانية ثماني ثمان ثمنية تمنية تمانية ثمن تمن");
        Add(Kind.Unit, 9, "neuf nine تسعة تسع");
        Add(Kind.Ten, 10, "dix ten عشرة عشر");
        Add(Kind.Ten, 11, "onze حداش احداش");
        Add(Kind.Ten, 12, "douze طناش ثناش اطناش");
        Add(Kind.Ten, 13, "treize تلطاش ثلطاش");
        Add(Kind.Ten, 14, "quatorze ربعطاش");
        Add(Kind.Ten, 15, "quinze خمسطاش");
        Add(Kind.Ten, 16, "seize سطاش");
        Add(Kind.Ten, 17, "سبعطاش");
        Add(Kind.Ten, 18, "ثمنطاش تمنطاش");
        Add(Kind.Ten, 19, "تسعطاش");
        Add(Kind.Ten, 20, "vingt vingts twenty عشرون عشرين");
        Add(Kind.Ten, 30, "trente thirty ثلاثون ثلاثين تلاتين");
        Add(Kind.Ten, 40, "quarante forty أربعون أربعين ربعين");
        Add(Kind.Ten, 50, "cinquante fifty خمسون خمسين");
        Add(Kind.Ten, 60, "soixante sixty ستون ستين");
        Add(Kind.Ten, 70, "septante سبعون سبعين");
        Add(Kind.Ten, 80, "huitante ثمانون ثمانين تمانين");
        Add(Kind.Ten, 90, "nonante تسعون تسعين");
        Add(Kind.Hundred, 100, "cent cents centaine centaines hundred مئة مائة مية ميا ميات");
        Add(Kind.Hundreds, 200, "مئتان مئتين مائتان مائتين ميتين مئتا مئتي مائتا مائتي");
        Add(Kind.Hundreds, 300, "ثلاثمئة ثلاثمائة ثلاثمية");
        Add(Kind.Hundreds, 400, "أربعمئة أربعمائة ربعمية");
        Add(Kind.Hundreds, 500, "خمسمئة خمسمائة خمسمية");
        Add(Kind.Hundreds, 600, "ستمئة ستمائة ستمية");
        Add(Kind.Hundreds, 700, "سبعمئة سبعمائة سبعمية");
        Add(Kind.Hundreds, 800, "ثمانمئة ثمانمائة ثمنمية ثمانمية");
        Add(Kind.Hundreds, 900, "تسعمئة تسعمائة تسعمية");
        Add(Kind.Scale, Thousand, "mille mil millier milliers thousand ألف الف آلاف الاف لاف ألاف");
        Add(Kind.Scaled, 2 * Thousand, "ألفين ألفان الفين ألفا ألفي");
        Add(Kind.Scale, Million, "million millions مليون ملايين ملاين");
        Add(Kind.Scaled, 2 * Million, "مليونين مليونان");
        Add(Kind.Scale, Milliard, "milliard milliards مليار ملاير مليارات");
        return table;
    }

    private static (Regex, Atom) When(string pattern, Kind kind, long value) => (new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant), new(kind, value));

    private static readonly (Regex Pattern, Atom Value)[] Arabizi =
    [
        When("wa?[h7][ae]?da?", Kind.Unit, 1),
        When("zou?dj?|zou?j|zoj|djou?dj?|jou?j|tnin[ea]?", Kind.Unit, 2),
        When("th?[lr]?[ae]?th?[ae]h?|th?l[ae]th?", Kind.Unit, 3),
        When("a?r[ae]?b3[ae]?|a?r[ae]?b[ae]3[ae]?", Kind.Unit, 4),
        When("(?:kh|5|x)[ae]?m[ae]?s[ae]?", Kind.Unit, 5),
        When("s[ei]tt[ae]?|s[ei]t[ae]", Kind.Unit, 6),
        When("s[ae]?b[ae]?3[ae]?", Kind.Unit, 7),
        When("th?m[ae]?n(?:[iy][ae]|[ae])|th?men", Kind.Unit, 8),
        When("t[ae]?s[ae]?3[ae]?", Kind.Unit, 9),
        When("3[aei]?(?:ch|sh)[ae]?r[ae]?", Kind.Ten, 10),
        When("(?:h|7)d[ae]?(?:ch|sh)", Kind.Ten, 11),
        When("th?e?na(?:ch|sh)", Kind.Ten, 12),
        When("th?l[ae]?tt?a(?:ch|sh)", Kind.Ten, 13),
        When("r[ae]?b[ae]?3ta(?:ch|sh)", Kind.Ten, 14),
        When("(?:kh|5)[ae]?m[ae]?sta(?:ch|sh)", Kind.Ten, 15),
        When("s[ae]?tt?a(?:ch|sh)", Kind.Ten, 16),
        When("s[ae]?b[ae]?3ta(?:ch|sh)", Kind.Ten, 17),
        When("th?m[ae]?nta(?:ch|sh)", Kind.Ten, 18),
        When("t[ae]?s[ae]?3ta(?:ch|sh)", Kind.Ten, 19),
        When("3[aei]?(?:ch|sh)rine?", Kind.Ten, 20),
        When("th?l[ae]th?ine?", Kind.Ten, 30),
        When("a?r[ae]?b[ae]?3ine?", Kind.Ten, 40),
        When("(?:kh|5)[ae]?m[ae]?sine?", Kind.Ten, 50),
        When("s[ei]tt?ine?", Kind.Ten, 60),
        When("s[ae]?b[ae]?3ine?", Kind.Ten, 70),
        When("th?m[ae]nine?", Kind.Ten, 80),
        When("t[ae]?s[ae]?3ine?", Kind.Ten, 90),
        When("m[iy]+[ae]t?h?|mey[ae]t?", Kind.Hundred, 100),
        When("m[iy]+[ae]?t[iy]*[ei]?ne?", Kind.Hundreds, 200),
        When("a?alf|alef|elf|a+l+[ae]+f|laf|a3laf|2alf|2alaf|k", Kind.Scale, Thousand),
        When("alf(?:i|ei|ay)ne?", Kind.Scaled, 2 * Thousand),
        When("m[ie]ll?[iy]+[ou]+n[se]?|ml[ae]y[ie]+ne?", Kind.Scale, Million),
        When("m[ie]ll?[iy]+ard?s?|mlayer", Kind.Scale, Milliard),
    ];

    [GeneratedRegex("^(.{2,}?)(?:m[iy]+[ae]t?h?|ميه|ميات)$")]
    private static partial Regex GluedHundred();
}
