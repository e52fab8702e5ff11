using System.Text;

namespace OrderClosr.Ground.Values;

/// <summary>An amount typed into a field for dinars or written in a merchant's file: what stands there is the amount, nothing is guessed.</summary>
public static class TypedAmount
{
    /// <summary>The largest amount the product deals with; more is a slip of the finger.</summary>
    public static readonly Dinars Most = new(50_000_000);

    /// <summary>Null for an empty field; <c>amount_unreadable</c>, <c>amount_below_zero</c> or <c>amount_too_large</c> otherwise.</summary>
    /// <example><c>"3 900"</c>, <c>"3900 DA"</c>, <c>"3.900"</c>, <c>"3900,00"</c>, <c>"٣٩٠٠ دج"</c> → 3900; <c>"3900,50"</c> is refused: dinars are whole</example>
    public static Result<Dinars?> Read(string? text, string field)
    {
        var plain = Folding.AsciiDigits(text ?? "").Trim();
        if (plain.Length == 0) return (Dinars?)null;
        var unreadable = new Refusal("amount_unreadable", "An amount is written in whole dinars, like 3900.", field);
        if (plain.Length > 40) return unreadable;
        var below = false;
        if (plain[0] is '-' or '\u2212') (below, plain) = (true, plain[1..].Trim());
        foreach (var unit in (string[])["DZD", "DA", "دج", "د.ج"])
            if (plain.EndsWith(unit, StringComparison.OrdinalIgnoreCase)) plain = plain[..^unit.Length].Trim();

        var digits = new StringBuilder();
        var groups = new List<int>();
        foreach (var c in plain)
        {
            if (char.IsAsciiDigit(c)) digits.Append(c);
            else if (char.IsWhiteSpace(c) || c is '.' or ',' or '\'' or '\u066C' or '\u066B') groups.Add(digits.Length);
            else return unreadable;
        }
        // Two digits behind the last mark are centimes: only ",00" is a whole amount.
        if (groups.Count > 0 && digits.Length - groups[^1] == 2 && digits.ToString().EndsWith("00", StringComparison.Ordinal))
        {
            digits.Length -= 2;
            groups.RemoveAt(groups.Count - 1);
        }
        // "4200,000" is no thousand's mark: four digits before the first one are dinars and something that is none.
        if (digits.Length is 0 or > 15 || groups.FirstOrDefault() > 3 || groups.Any(g => g == 0 || (digits.Length - g) % 3 != 0 || digits.Length == g)) return unreadable;
        var amount = new Dinars(long.Parse(digits.ToString()));
        if (below && amount != Dinars.Zero) return new Refusal("amount_below_zero", "An amount cannot be below zero.", field);
        return amount > Most ? new Refusal("amount_too_large", "This amount is too large.", field) : (Dinars?)amount;
    }
}
