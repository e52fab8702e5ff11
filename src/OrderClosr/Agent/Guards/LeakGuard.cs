using System.Text.RegularExpressions;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Guards;

/// <summary>Nothing of the machinery reaches a customer: instructions, tool names, ids, keys, raw data.</summary>
public static partial class LeakGuard
{
    /// <summary>What leaked, as a code; null when nothing did.</summary>
    /// <param name="reply">All bubbles joined.</param>
    /// <param name="rules">The platform's rules; eight words of them in a row are a leak.</param>
    /// <param name="canary">A string that stands nowhere but in the rules.</param>
    /// <param name="toolNames">Names of the tools: a customer never needs one.</param>
    public static string? Find(string reply, string rules, string canary, IEnumerable<string> toolNames)
    {
        var compact = Folding.Compact(reply);
        if (compact.Contains(Folding.Compact(canary), StringComparison.Ordinal)) return "instructions";
        if (toolNames.Any(name => reply.Contains(name, StringComparison.OrdinalIgnoreCase))) return "tool_name";
        if (Secret().IsMatch(reply)) return "key";
        if (Identifier().IsMatch(reply)) return "id";
        if (Machinery().IsMatch(reply)) return "machinery";
        return SharesWords(Folding.Words(reply), Folding.Words(rules)) ? "instructions" : null;
    }

    private const int WordsInARow = 8;

    private static bool SharesWords(IReadOnlyList<string> reply, IReadOnlyList<string> rules)
    {
        if (reply.Count < WordsInARow) return false;
        var runs = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i + WordsInARow <= rules.Count; i++) runs.Add(string.Join(' ', rules.Skip(i).Take(WordsInARow)));
        return Enumerable.Range(0, reply.Count - WordsInARow + 1).Any(i => runs.Contains(string.Join(' ', reply.Skip(i).Take(WordsInARow))));
    }

    [GeneratedRegex(@"sk-[a-z]{2,}|\bEAA[A-Za-z0-9]{10,}|\bBearer\s+\S+|api[ _-]?key|AIza[\w-]{10,}|-----BEGIN|\bocl?_[A-Za-z0-9]{16,}|(?<![\w])[A-Za-z0-9_-]{40,}(?![\w])", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\btoolu_\w+|\bmsg_\w{10,}", RegexOptions.IgnoreCase)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"system prompt|facts \(json\)|tool_(?:use|result)|input_schema|""\w+""\s*:|</?(?:system|instructions|thinking|rules)\b|mes instructions|my instructions|prompt syst|تعليماتي|instructions? (?:syst|ta3i|internes)|awaiting_yes|asked_unclear", RegexOptions.IgnoreCase)]
    private static partial Regex Machinery();
}
