using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OrderClosr.Ground.Values;

/// <summary>Text that a person typed or a program sent, made safe to keep: no control characters, no broken letters, no space around it.</summary>
/// <remarks>PostgreSQL refuses a NUL inside text, and invisible characters make two names that look alike.</remarks>
public static partial class PlainText
{
    /// <summary>For names and codes: one line, runs of space become one.</summary>
    public static string Line(string? text) => Clean(text, keepLines: false);

    /// <summary>For descriptions and notes: lines stay lines, at most one empty line between two.</summary>
    public static string Lines(string? text) => Clean(text, keepLines: true);

    /// <summary>The same text with its numbers whole: <c>3 900</c> gets a no-break space.</summary>
    /// <remarks>Not only at the end of a line: among Arabic letters a plain space parts the digits into two numbers, and 3 900 is shown as 900 3.</remarks>
    public static string KeepNumbers(string text) => Thousands().Replace(text, "\u00a0");

    [GeneratedRegex(@"(?<=\d) (?=\d{3}(?!\d)|DA\b|دج)")]
    private static partial Regex Thousands();

    private static string Clean(string? text, bool keepLines)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var clean = new StringBuilder(text.Length);
        var breaks = 0;
        var space = false;
        foreach (var rune in text.Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            if (rune.Value == '\n' && keepLines)
            {
                breaks++;
                space = false;
                continue;
            }
            var kind = Rune.GetUnicodeCategory(rune);
            if (Rune.IsWhiteSpace(rune)) space = true;
            // U+FFFD: half of a surrogate pair. Joiners stay: Arabic and emoji are written with them.
            else if (rune.Value == 0xFFFD || kind is UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) continue;
            else if (kind == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D or 0x200E or 0x200F or (>= 0xE0020 and <= 0xE007F))) continue;
            else
            {
                if (clean.Length > 0 && breaks > 0) clean.Append('\n', Math.Min(breaks, 2));
                else if (clean.Length > 0 && space) clean.Append(' ');
                breaks = 0;
                space = false;
                clean.Append(rune.ToString());
            }
        }
        return clean.ToString();
    }
}
