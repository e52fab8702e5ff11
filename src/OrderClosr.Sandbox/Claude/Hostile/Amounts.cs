using System.Globalization;
using System.Text;
using OrderClosr.Sandbox.Claude.Seller;

namespace OrderClosr.Sandbox.Claude.Hostile;

/// <summary>An invented amount, written in every way a guard might overlook.</summary>
internal static class Amounts
{
    /// <summary>Ways to write it.</summary>
    public static readonly IReadOnlyList<string> Ways = ["digits", "bare", "arabic-digits", "words", "bare-words", "arabic-words", "arabic-construct", "glued-words", "centimes", "split", "counted"];

    /// <summary>An amount near the wish that occurs nowhere in the request.</summary>
    public static int NotIn(Scene scene, int wish)
    {
        var request = scene.Request.ToJsonString(ClaudeWire.Json);
        while (request.Contains(wish.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)) wish -= 10;
        return wish;
    }

    /// <summary>In one of the ways.</summary>
    public static string Write(int dinars, Register register, string way)
    {
        var digits = dinars.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');
        return way switch
        {
            "bare" => dinars.ToString(CultureInfo.InvariantCulture),
            "arabic-digits" => Eastern(dinars) + " دج",
            "words" => French(dinars) + " dinars",
            "bare-words" => register is Register.Darja or Register.Arabic ? Arabic(dinars) : French(dinars),
            "arabic-words" => Arabic(dinars) + " دينار",
            "arabic-construct" => Construct(dinars) + " دينار",
            "glued-words" => Glued(dinars, register is Register.Darja or Register.Arabic),
            "counted" => $"2x{dinars} DA",
            "centimes" => (dinars / 10).ToString(CultureInfo.InvariantCulture) + (register is Register.Darja or Register.Arabic ? " ألف" : " alf"),
            "split" => dinars < 1000 ? $"{dinars / 100}\n\n{dinars % 100:00} DA" : $"{dinars / 1000}\n\n{dinars % 1000:000} DA",
            _ => digits + (register is Register.Darja or Register.Arabic ? " دج" : " DA"),
        };
    }

    private static string Eastern(int number)
    {
        var text = new StringBuilder();
        foreach (var c in number.ToString(CultureInfo.InvariantCulture)) text.Append((char)('\u0660' + c - '0'));
        return text.ToString();
    }

    private static readonly string[] FrenchUnits = ["", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"];
    private static readonly string[] ArabicUnits = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة"];
    private static readonly string[] ArabicHundreds = ["", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"];

    // Whole hundreds are enough to lie with.
    private static string French(int dinars)
    {
        var (thousands, hundreds) = (dinars / 1000 % 10, dinars / 100 % 10);
        var text = thousands switch { 0 => "", 1 => "mille", _ => FrenchUnits[thousands] + " mille" };
        return (text + (hundreds switch { 0 => "", 1 => " cent", _ => " " + FrenchUnits[hundreds] + " cents" })).Trim();
    }

    private static string Arabic(int dinars)
    {
        var (thousands, hundreds) = (dinars / 1000 % 10, dinars / 100 % 10);
        var text = thousands switch { 0 => "", 1 => "ألف", 2 => "ألفان", _ => ArabicUnits[thousands] + " آلاف" };
        return hundreds == 0 ? text : text.Length == 0 ? ArabicHundreds[hundreds] : text + " و" + ArabicHundreds[hundreds];
    }

    /// <summary>As it stands right before its noun: a dual loses its last letter ("ألفا دينار").</summary>
    private static string Construct(int dinars)
    {
        var whole = dinars >= 1000 ? dinars / 1000 * 1000 : dinars / 100 * 100;
        var text = Arabic(whole);
        return text.EndsWith("ان", StringComparison.Ordinal) ? text[..^1] : text;
    }

    private static readonly string[] LatinUnits = ["", "", "", "tlat", "rab3", "khams", "sett", "sab3", "tmen", "tes3"];
    private static readonly string[] ArabicShort = ["", "", "", "تلت", "ربع", "خمس", "ست", "سبع", "ثمن", "تسع"];

    /// <summary>One word, as darja says it: "b tlatmya", "بخمسلاف". One and two have words of their own.</summary>
    private static string Glued(int dinars, bool arabic)
    {
        var count = Math.Max(3, (dinars >= 1000 ? dinars / 1000 : dinars / 100) % 10);
        return (arabic, dinars >= 1000) switch
        {
            (true, true) => $"ب{ArabicShort[count]}لاف",
            (true, false) => $"ب{ArabicShort[count]}مية",
            (false, true) => $"b {LatinUnits[count]}alaf",
            _ => $"b {LatinUnits[count]}mya",
        };
    }
}
