using System.Text;

namespace OrderClosr.Orders;

/// <summary>What people type as one line of clean text: no control characters, single spaces.</summary>
internal static class OneLine
{
    /// <example><c>"Ami\u0000na\r\n B"</c> → <c>"Ami na B"</c></example>
    internal static string Of(string typed)
    {
        var clean = new StringBuilder(typed.Length);
        foreach (var c in typed)
        {
            if (!char.IsControl(c) && !char.IsWhiteSpace(c)) clean.Append(c);
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }
        return clean.ToString().TrimEnd();
    }
}
