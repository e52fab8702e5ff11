using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>A reply is in the language and script that was decided from the customer's messages.</summary>
/// <remarks>Product and place names, "DA" and loanwords may stay as they are, so it judges by what dominates and only when enough words speak.</remarks>
public static class LanguageGuard
{
    /// <summary>True when the reply is plainly in another script or language.</summary>
    /// <param name="names">Names that may stand in any script: products, places, people.</param>
    public static bool IsWrong(string reply, ReplyLanguage decided, IEnumerable<string> names)
    {
        foreach (var name in names.Where(n => n.Length > 1)) reply = reply.Replace(name, " ", StringComparison.OrdinalIgnoreCase);
        var arabic = reply.Count(c => c is >= '\u0620' and <= '\u06D3');
        var latin = reply.Count(char.IsLetter) - arabic;
        if (arabic + latin < 12) return false;
        if (decided.Script == "arabic") return arabic < latin;
        if (arabic > latin) return true;
        var words = Folding.Words(reply);
        var (french, arabizi, english) = (words.Count(LanguageWords.IsFrench), words.Count(LanguageWords.IsArabizi), words.Count(LanguageWords.IsEnglish));
        if (english >= 4 && english > french + arabizi) return true;
        return decided.Script == "latin" ? arabizi >= 3 && arabizi > french : french >= 7 && arabizi == 0;
    }
}
