using System.Globalization;
using System.Text;

namespace OrderClosr.Ground.Values;

/// <summary>The one folding of letters: what two people type differently and mean alike becomes the same text.</summary>
/// <remarks>
/// Search columns hold <see cref="Fold"/> of their words, and a query is folded the same way, so both databases answer
/// alike without language settings. Places compare <see cref="Compact"/>, and <see cref="Sound"/> where a spelling may vary.
/// </remarks>
public static class Folding
{
    /// <summary>Lower case, no accents, vowel signs, tatweel, apostrophes or direction marks; one form per Arabic letter; ASCII digits; single spaces.</summary>
    /// <example><c>"L'Aïd الحِذاءُ ٣٥"</c> → <c>"laid الحذاء 35"</c></example>
    public static string Fold(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var folded = new StringBuilder(text.Length);
        var space = false;
        // Compatibility decomposition also opens ligatures and presentation forms pasted from PDF files.
        foreach (var c in Decomposed(text))
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                space = folded.Length > 0;
                continue;
            }
            var letter = One(c);
            if (letter == '\0') continue;
            if (space) folded.Append(' ');
            space = false;
            if (letter == 'œ') folded.Append("oe");
            else if (letter == 'æ') folded.Append("ae");
            else if (letter == 'ß') folded.Append("ss");
            else folded.Append(letter);
        }
        return folded.ToString();
    }

    /// <summary><see cref="Fold"/> with nothing but its letters and digits: <c>"M'Sila"</c>, <c>"m sila"</c> and <c>"M-SILA"</c> are all <c>msila</c>.</summary>
    public static string Compact(string? text) => LettersAndDigits(Fold(text));

    /// <summary>The words of a text, each compact; hyphens, slashes, dots and commas part words, apostrophes do not.</summary>
    public static IReadOnlyList<string> Words(string? text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in Fold(text))
        {
            if (char.IsLetterOrDigit(c)) word.Append(c);
            else if (word.Length > 0) { words.Add(word.ToString()); word.Clear(); }
        }
        if (word.Length > 0) words.Add(word.ToString());
        return words;
    }

    /// <summary>
    /// How a name sounds to someone who writes Darja with Latin keys: the digits of Arabizi are letters, <c>ou/w/o</c>, <c>dj/j</c>,
    /// <c>q/k/c</c>, doubled letters, a silent last <c>e</c> or <c>h</c> and the article make no difference. Loose: compare only within few names.
    /// </summary>
    /// <example><c>"Mo3asker"</c> and <c>"Mouasker"</c>; <c>"Bab Ezouar"</c> and <c>"Bab Ezzouar"</c>; <c>"تيبازا"</c> and <c>"تيبازة"</c></example>
    public static string Sound(string? text)
    {
        var sound = new StringBuilder();
        foreach (var word in Words(text))
        {
            if (word is "el" or "al" or "l") continue;
            var letters = word.Any(char.IsLetter) ? Letters(word) : word;
            sound.Append(letters.StartsWith("ال", StringComparison.Ordinal) && letters.Length > 4 ? letters[2..] : letters);
        }
        var s = sound.ToString();
        foreach (var (from, to) in Alike) s = s.Replace(from, to, StringComparison.Ordinal);
        sound.Clear();
        foreach (var c in s)
            if (sound.Length == 0 || sound[^1] != c || char.IsDigit(c)) sound.Append(c);
        if (sound.Length > 3 && sound[^1] is ('e' or 'h')) sound.Length--;
        if (sound.Length > 2 && sound[^1] == 'ه') sound[^1] = 'ا';
        return sound.ToString();
    }

    /// <summary>Arabic-Indic and Persian digits as ASCII digits; everything else as it is.</summary>
    public static string AsciiDigits(string text) => string.Create(text.Length, text, (to, from) =>
    {
        for (var i = 0; i < from.Length; i++) to[i] = Digit(from[i]);
    });

    private static readonly (string From, string To)[] Alike =
    [
        ("tch", "š"), ("sch", "š"), ("ch", "š"), ("sh", "š"), ("kh", "x"), ("gh", "ğ"), ("ph", "f"), ("th", "t"), ("dh", "d"),
        ("dj", "j"), ("gue", "ge"), ("gui", "gi"), ("qu", "k"), ("q", "k"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"),
        ("ou", "u"), ("oo", "u"), ("w", "u"), ("o", "u"), ("y", "i"), ("ee", "i"), ("ei", "i"),
        ("ڨ", "ق"), ("ڤ", "ق"), ("گ", "ق"), ("پ", "ب"), ("چ", "ج"), ("ء", ""),
    ];

    private static string Letters(string word) => word
        .Replace("3", "a", StringComparison.Ordinal).Replace("7", "h", StringComparison.Ordinal).Replace("9", "q", StringComparison.Ordinal)
        .Replace("5", "kh", StringComparison.Ordinal).Replace("2", "", StringComparison.Ordinal);

    private static string LettersAndDigits(string folded)
    {
        var compact = new StringBuilder(folded.Length);
        foreach (var c in folded)
            if (char.IsLetterOrDigit(c)) compact.Append(c);
        return compact.ToString();
    }

    private static string Decomposed(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text;
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair, as a cut message may end: not text, and no reason to lose the rest.
            return new string([.. text.Where(c => !char.IsSurrogate(c))]).Normalize(NormalizationForm.FormKD);
        }
    }

    private static char One(char c)
    {
        if (c < 128) return c is '\'' or '`' ? '\0' : char.ToLowerInvariant(c);
        switch (c)
        {
            case 'ـ' or '’' or '‘' or 'ʼ' or '′' or '´': return '\0';
            case 'أ' or 'إ' or 'آ' or 'ٱ': return 'ا';
            case 'ى' or 'ی': return 'ي';
            case 'ة' or 'ہ' or 'ە': return 'ه';
            case 'ک': return 'ك';
        }
        return CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => '\0',
            UnicodeCategory.DecimalDigitNumber => Digit(c),
            _ => char.ToLowerInvariant(c),
        };
    }

    private static char Digit(char c) => c switch
    {
        >= '\u0660' and <= '\u0669' => (char)('0' + (c - '\u0660')),
        >= '\u06F0' and <= '\u06F9' => (char)('0' + (c - '\u06F0')),
        _ => c,
    };
}
