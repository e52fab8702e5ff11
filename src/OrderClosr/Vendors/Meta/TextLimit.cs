using System.Globalization;
using System.Text;
using OrderClosr.Channels;

namespace OrderClosr.Vendors.Meta;

/// <summary>How long one message of a channel may be, and how a longer text is parted (facts/meta.md section 6.2).</summary>
internal static class TextLimit
{
    /// <summary>Parts at the end of a paragraph, else of a sentence, else at a space, and never inside a character.</summary>
    internal static IReadOnlyList<string> Split(ChannelKind kind, string text, bool hasButtons)
    {
        var (most, isBytes) = kind switch
        {
            ChannelKind.Messenger => (1999, false), // "less than 2000"
            ChannelKind.Instagram => (1000, true), // bytes of UTF-8: about 500 Arabic letters
            _ => (hasButtons ? 1024 : 4096, false),
        };
        var parts = new List<string>();
        var rest = text.Trim();
        while (Size(rest, isBytes) > most)
        {
            var at = Longest(rest, most, isBytes);
            parts.Add(rest[..at].TrimEnd());
            rest = rest[at..].TrimStart();
        }
        if (rest.Length > 0) parts.Add(rest);
        return parts;
    }

    private static int Size(ReadOnlySpan<char> text, bool isBytes) => isBytes ? Encoding.UTF8.GetByteCount(text) : text.Length;

    private static int Longest(string text, int most, bool isBytes)
    {
        var fits = 0;
        var size = 0;
        while (fits < text.Length)
        {
            var next = StringInfo.GetNextTextElementLength(text.AsSpan(fits));
            size += Size(text.AsSpan(fits, next), isBytes);
            if (size > most) break;
            fits += next;
        }
        // One element larger than a message (a tower of marks): cut it at a code point.
        if (fits == 0) return char.IsHighSurrogate(text[Math.Min(most, text.Length) / (isBytes ? 3 : 1) - 1]) ? most / (isBytes ? 3 : 1) - 1 : most / (isBytes ? 3 : 1);
        var head = text.AsSpan(0, fits);
        foreach (var ends in (string[])["\n\n", "\n", ". ", "؟ ", "? ", "! ", "، ", ", ", " "])
            if (head.LastIndexOf(ends, StringComparison.Ordinal) is var at && at > fits / 2) return at + ends.Length;
        return fits;
    }
}
