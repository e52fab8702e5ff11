using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>No link, e-mail address or phone reaches a customer unless the merchant wrote it or the customer gave it.</summary>
public static partial class LinkAndPhoneGuard
{
    /// <summary>Links and addresses of a reply that are not in the merchant's texts.</summary>
    public static IReadOnlyList<string> ForeignLinks(string reply, IEnumerable<string> merchantTexts)
    {
        var known = merchantTexts.SelectMany(Links).Select(Bare).ToHashSet(StringComparer.Ordinal);
        return [.. Links(reply).Where(l => !known.Contains(Bare(l))).Distinct()];
    }

    /// <summary>Phones of a reply that are neither the merchant's nor this customer's.</summary>
    public static IReadOnlyList<Phone> ForeignPhones(string reply, IEnumerable<string> merchantTexts, IEnumerable<Phone> customers)
    {
        var known = merchantTexts.SelectMany(t => Phone.FindInText(t)).Concat(customers).ToHashSet();
        // A number cut by a line or a bubble, or with its digits set apart, is still a number.
        var joined = Spread().Replace(Folding.AsciiDigits(reply), m => new string([.. m.Value.Where(c => char.IsAsciiDigit(c) || c == '+')]));
        return [.. Phone.FindInText(reply).Concat(Phone.FindInText(joined)).Distinct().Where(p => !known.Contains(p))];
    }

    private static IEnumerable<string> Links(string text) => Link.Matches(text.ToLowerInvariant()).Select(m => m.Value.TrimEnd('.', ',', ')', '!', '؟', '?'));

    private static string Bare(string link) => Scheme().Replace(link, "").TrimEnd('/');

    private static readonly Regex Link = new(@"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w{2,}|(?<![\w@])(?:[\w-]+\s?(?:\.|\[\.\]|\(dot\)|\sdot\s)\s?)+(?:com|dz|net|org|io|me|shop|store|app|co|fr|info|link|ly|xyz|online|site|biz|gl|tk|click|top)(?:/\S*)?(?![\w])|(?<!\w)@[a-z0-9_.]{3,}");

    [GeneratedRegex(@"^(?:https?://)?(?:www\.)?")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"(?<!\d)\+?\d+(?:[\s.\-_/•,]{1,3}\d+){1,10}(?!\d)")]
    private static partial Regex Spread();
}
