using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>In which language and script the next reply is written: the customer's own, decided by code.</summary>
/// <param name="Language"><c>darja</c>, <c>french</c> or <c>arabic</c> (standard).</param>
/// <param name="Script"><c>arabizi</c>, <c>arabic</c> or <c>latin</c>.</param>
public readonly record struct ReplyLanguage(string Language, string Script)
{
    public static readonly ReplyLanguage Arabizi = new("darja", "arabizi");
    public static readonly ReplyLanguage Darja = new("darja", "arabic");
    public static readonly ReplyLanguage Arabic = new("arabic", "arabic");
    public static readonly ReplyLanguage French = new("french", "latin");

    /// <summary>As kept on the conversation: <c>darja-arabizi</c>.</summary>
    public override string ToString() => $"{Language}-{Script}";

    /// <summary>What the conversation kept; null when it has none yet.</summary>
    public static ReplyLanguage? Stored(string? text) => text switch
    {
        "darja-arabizi" => Arabizi, "darja-arabic" => Darja, "arabic-arabic" => Arabic, "french-latin" => French, _ => null,
    };

    /// <summary>Decides from the customer's new messages; what says nothing ("ok", "👍", a place, a number) keeps <paramref name="previous"/>.</summary>
    /// <param name="texts">The unanswered messages, oldest first; when they say nothing, earlier ones decide.</param>
    public static ReplyLanguage Decide(IReadOnlyList<string> texts, ReplyLanguage? previous, IReadOnlyList<string>? earlier = null)
    {
        if (Signal(texts, previous) is { } now) return Settle(now, previous);
        if (previous is { } kept) return kept;
        return earlier is not null && Signal(earlier, null) is { } before ? Settle(before, null) : Weak([.. texts, .. earlier ?? []]);
    }

    // Inside one script a short Arabic message may be either: then what was spoken before goes on.
    private static ReplyLanguage Settle(ReplyLanguage now, ReplyLanguage? previous) =>
        now.Language == "" ? previous is { Script: "arabic" } p ? p : Darja : now;

    private static ReplyLanguage? Signal(IReadOnlyList<string> texts, ReplyLanguage? previous)
    {
        ReplyLanguage? borrowed = null;
        // The newest message that says something decides: a customer may change over.
        for (var i = texts.Count - 1; i >= 0; i--)
        {
            if (Of(texts[i]) is not { } found) continue;
            // "taille M", "la noire", "livraison Oran combien": whoever writes Arabizi shops with French words and goes on in Arabizi.
            if (found != French || !IsBorrowed(texts[i])) return found;
            borrowed ??= found;
        }
        return previous == Arabizi ? null : borrowed;
    }

    private static bool IsBorrowed(string text) => Folding.Words(text).Count(LanguageWords.IsOnlyFrench) < 2;

    private static ReplyLanguage Weak(IReadOnlyList<string> texts)
    {
        if (texts.Any(t => t.Any(IsArabic))) return Darja;
        var words = texts.SelectMany(Folding.Words).ToList();
        return words.Any(LanguageWords.WeakFrench.Contains) ? French : words.Any(w => w.Any(char.IsLetter)) ? Arabizi : Darja;
    }

    /// <summary>The language of one message; null when it does not show. Language "" means: Arabic letters, Darja or standard.</summary>
    internal static ReplyLanguage? Of(string text)
    {
        var arabic = text.Count(IsArabic);
        var latin = text.Count(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= 'À' and <= 'ɏ');
        var words = Folding.Words(text);
        if (arabic > 0 && arabic >= latin)
        {
            if (arabic < 2) return null;
            var darja = words.Count(LanguageWords.IsDarjaArabic);
            var standard = words.Count(LanguageWords.IsStandardArabic);
            return darja > 0 ? Darja : standard > 0 ? Arabic : new("", "arabic");
        }
        if (words.Any(LanguageWords.IsArabizi)) return Arabizi;
        return words.Any(LanguageWords.IsFrench) ? French : null;
    }

    private static bool IsArabic(char c) => c is >= '\u0620' and <= '\u064A' or >= '\u0671' and <= '\u06D3' or >= '\uFB50' and <= '\uFEFC';
}
