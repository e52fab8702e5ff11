using System.Globalization;
using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;
using OrderClosr.Web;

namespace OrderClosr.Tests.Web;

/// <summary>French and Arabic say the same things, and nothing is said that has no words.</summary>
public sealed partial class WordsTests
{
    private static readonly CultureInfo Arabic = CultureInfo.GetCultureInfo("ar");

    [Fact]
    public void Each_sentence_exists_in_both_languages_with_the_same_places_for_names()
    {
        Assert.NotEmpty(Words.RoomsWithWords);
        var problems = new List<string>();
        foreach (var room in Words.RoomsWithWords)
        {
            var (french, arabic) = (Words.All(room, CultureInfo.InvariantCulture), Words.All(room, Arabic));
            problems.AddRange(french.Keys.Except(arabic.Keys).Select(k => $"{room}.{k} has no Arabic"));
            problems.AddRange(arabic.Keys.Except(french.Keys).Select(k => $"{room}.{k} has no French"));
            problems.AddRange(from key in french.Keys.Intersect(arabic.Keys)
                              where !Places(french[key]).SetEquals(Places(arabic[key])) || french[key].Length == 0 || arabic[key].Length == 0
                              select $"{room}.{key} differs in its places");
        }
        Assert.Empty(problems);
    }

    [Fact]
    public void Every_key_that_code_names_has_words()
    {
        var problems = new List<string>();
        foreach (var (path, text) in Repository.Files("src/OrderClosr", ".razor", ".cs"))
            foreach (Match match in KeyInCode().Matches(DocComment().Replace(text, "")))
            {
                var key = match.Groups[1].Value;
                var dot = key.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0 || !Words.RoomsWithWords.Contains(key[..dot]) || !Words.All(key[..dot], CultureInfo.InvariantCulture).ContainsKey(key[(dot + 1)..])) problems.Add($"{path}: {key}");
            }
        Assert.Empty(problems);
    }

    /// <summary>Text of a page that is not in the resources would be French for everybody.</summary>
    [Fact]
    public void No_page_holds_a_sentence_of_its_own()
    {
        var problems = new List<string>();
        foreach (var (path, text) in Repository.Files("src/OrderClosr", ".razor"))
        {
            var markup = Comment().Replace(text.Split("@code")[0], "");
            foreach (Match match in BareText().Matches(markup))
                if (!match.Groups[1].Value.Contains('@', StringComparison.Ordinal) && !Allowed.Contains(match.Groups[1].Value.Trim())) problems.Add($"{path}: {match.Groups[1].Value.Trim()}");
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    // Names, and the example conversation of the landing page, which is in the customer's own language in both.
    private static readonly HashSet<string> Allowed = ["OrderClosr", "OrderClosr API", "openapi.json", "Amina", "Walid Hamdi", "Amina Belkacem", "Français", "Ctrl", "Esc", "Kit", "ch7al livraison l wahran?", "39 ka7la, l dar", "wah safi dirha", "Authorization: Bearer …", "PDF", "PDF fr", "PDF ع", "Basket Nour أكحل 39 مع التوصيل"];

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex("""Words(?:\[|\.Rich\(|\.Has\()"([a-z_]+\.[a-z_.0-9]+)"[\],)]""")]
    private static partial Regex KeyInCode();

    [GeneratedRegex(@"^\s*///.*$", RegexOptions.Multiline)]
    private static partial Regex DocComment();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(""">([^<>{}@=()"]*[a-zàâçéèêëîïôûù]{3,}[^<>{}@=()"]*)<""", RegexOptions.IgnoreCase)]
    private static partial Regex BareText();
}
