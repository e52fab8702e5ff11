using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Google;

/// <summary>A range in A1 notation: <c>'Commandes'!A2:F</c>, <c>Commandes</c>, <c>B:B</c>, <c>1:1</c>. From 0; an open end is null.</summary>
public sealed partial record GoogleA1(string? Tab, int Row, int Column, int? LastRow, int? LastColumn)
{
    /// <summary>Reads a range; null when it is none.</summary>
    /// <param name="isTab">Whether a word alone is the name of a tab.</param>
    public static GoogleA1? Read(string text, Func<string, bool> isTab)
    {
        string? tab = null;
        var rest = text;
        if (text.StartsWith('\''))
        {
            var match = Quoted().Match(text);
            if (!match.Success) return null;
            tab = match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal);
            rest = match.Groups[2].Success ? match.Groups[2].Value : "";
        }
        else if (text.LastIndexOf('!') is >= 0 and var at) (tab, rest) = (text[..at], text[(at + 1)..]);
        else if (isTab(text)) (tab, rest) = (text, "");
        if (rest.Length == 0) return tab is null ? null : new(tab, 0, 0, null, null);
        var ends = rest.Split(':');
        if (ends.Length > 2 || End(ends[0]) is not { } from) return null;
        if (ends.Length == 1) return from is { Column: { } c, Row: { } r } ? new(tab, r, c, r, c) : null;
        return End(ends[1]) is not { } to ? null : new(tab, from.Row ?? 0, from.Column ?? 0, to.Row, to.Column);
    }

    /// <summary>27 → <c>AB</c>.</summary>
    public static string Letters(int column)
    {
        var text = "";
        for (var n = column + 1; n > 0; n = (n - 1) / 26) text = (char)('A' + ((n - 1) % 26)) + text;
        return text;
    }

    /// <summary><c>AB</c> → 27; null: no letters.</summary>
    public static int? Number(string letters) => letters.Length is > 0 and < 4 && letters.All(char.IsAsciiLetterUpper) ? letters.Aggregate(0, (n, c) => (n * 26) + c - 'A' + 1) - 1 : null;

    /// <summary>A name of a tab as ranges spell it.</summary>
    public static string Quote(string tab) => $"'{tab.Replace("'", "''", StringComparison.Ordinal)}'";

    private static (int? Row, int? Column)? End(string text) => Cell().Match(text) is { Success: true } m && text.Length > 0
        ? (m.Groups[2].Length > 0 ? int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture) - 1 : null, m.Groups[1].Length > 0 ? Number(m.Groups[1].Value.ToUpperInvariant()) : null) : null;

    [GeneratedRegex(@"^'((?:[^']|'')*)'(?:!(.+))?$")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\$?([A-Za-z]{0,3})\$?([1-9]\d{0,6})?$")]
    private static partial Regex Cell();
}
