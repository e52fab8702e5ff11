using OrderClosr.Conversations;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>When a customer has finished typing: people write in bursts of short bubbles, and half of a burst is answered wrongly.</summary>
public static class Burst
{
    /// <summary>Nobody waits longer after their first unanswered message.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Finished = TimeSpan.FromSeconds(1), Sentence = TimeSpan.FromSeconds(3), Middle = TimeSpan.FromSeconds(6);

    /// <summary>The instant at which the turn may be taken.</summary>
    /// <param name="messages">The unanswered messages as they were written, with when they were stored (which may be another order).</param>
    public static DateTimeOffset EndsAt(IReadOnlyList<(string Text, MessageKind Kind, DateTimeOffset StoredAt)> messages)
    {
        var (text, kind, _) = messages[^1];
        var end = messages.Max(m => m.StoredAt) + QuietAfter(text, kind, messages.Count > 1);
        var latest = messages.Min(m => m.StoredAt) + Longest;
        return end < latest ? end : latest;
    }

    private static TimeSpan QuietAfter(string text, MessageKind kind, bool isBurst)
    {
        if (kind is MessageKind.Button or MessageKind.Order) return Finished;
        // A photo wants its caption, and its copy has to be fetched.
        if (kind is MessageKind.Image) return text.Trim().Length > 0 ? Sentence : Middle;
        if (kind is not MessageKind.Text) return Finished;
        var trimmed = text.Trim();
        if (trimmed.EndsWith('?') || trimmed.EndsWith('؟')) return Finished;
        // A greeting or a name alone: the question comes.
        var words = Folding.Words(trimmed);
        if (words.Count > 0 && words.All(Openers.Contains)) return Middle;
        if (Yes.Read([trimmed]) is Answer.Yes or Answer.No) return isBurst ? Finished + Finished : Finished;
        if (trimmed.EndsWith(',') || trimmed.EndsWith('،') || trimmed.EndsWith("...", StringComparison.Ordinal) || (words.Count > 0 && Joiners.Contains(words[^1]))) return Middle;
        return words.Count >= 4 || trimmed.EndsWith('.') || trimmed.EndsWith('!') ? Sentence - Finished : Sentence + Finished;
    }

    private static readonly HashSet<string> Openers = LanguageWords.Set("slm salam salem allo alo bonjour bonsoir salut cc coucou khoya kho khti svp hello hi سلام السلام عليكم ورحمة الله وبركاته خويا مرحبا الو صباح مسا مساء الخير النور bjr bsr w و");
    private static readonly HashSet<string> Joiners = LanguageWords.Set("w et ou mais bsah bsa7 و بصح ولا avec l f pour أو لكن");
}
