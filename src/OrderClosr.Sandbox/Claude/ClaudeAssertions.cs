using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude;

/// <summary>One thing a caller should not do although the API would let it pass.</summary>
public sealed record Noted(DateTimeOffset At, string Rule, string Detail);

/// <summary>Things that are no refusal and still wrong, for people and tests to read (facts: claude.md section 5, last row).</summary>
internal sealed partial class ClaudeAssertions(TimeProvider time)
{
    private const int MostKept = 500;
    private readonly ConcurrentQueue<Noted> _items = new();
    private readonly ConcurrentDictionary<string, string[]> _prefixes = new(StringComparer.Ordinal);

    /// <summary>What was noted, oldest first.</summary>
    public IEnumerable<Noted> Items => _items;

    /// <summary>Forgets all.</summary>
    public void Clear() { _items.Clear(); _prefixes.Clear(); }

    /// <summary>Looks at one accepted request of an account.</summary>
    public void Look(JsonObject request, string owner)
    {
        if (request["metadata"].Text("user_id") is { } user && Personal().IsMatch(user)) Note("personal-data-in-user-id", "metadata.user_id holds what looks like a phone number, an e-mail address or a name");
        var scene = Scene.Read(request);
        if (scene.Shop.Length > 0) Prefix(request, $"{owner}/{scene.Shop}", scene.Shop);
        LostThinking(request);
    }

    // The cached part must be byte-identical between the turns of one shop; after a merchant's change of rules or catalogue a new one is right, once.
    private void Prefix(JsonObject request, string key, string shop)
    {
        string[] now =
        [
            string.Concat(request.Objects("tools").Select(t => t.ToJsonString(ClaudeWire.Json))),
            .. ClaudeWire.Blocks(request["system"]).Select(b => b.ToJsonString(ClaudeWire.Json)),
        ];
        var before = _prefixes.TryGetValue(key, out var kept) ? kept : null;
        _prefixes[key] = now;
        if (before is null) return;
        for (var i = 0; i < Math.Max(before.Length, now.Length); i++)
        {
            var (was, isNow) = (before.ElementAtOrDefault(i) ?? "", now.ElementAtOrDefault(i) ?? "");
            if (was == isNow) continue;
            var part = i == 0 ? "tools" : $"system.{i - 1}";
            var at = was.Zip(isNow).TakeWhile(p => p.First == p.Second).Count();
            Note("prefix-changed", $"{shop}: {part} differs from the call before at character {at}: {Around(was, at)} → {Around(isNow, at)}");
            return;
        }
    }

    private void LostThinking(JsonObject request)
    {
        var messages = request.Objects("messages").ToList();
        if (messages.Count < 2 || request["thinking"].Text("type") == "disabled" || !ClaudeModel.All[request.Text("model")!].Thinks || request["tool_choice"].Text("type") is "any" or "tool") return;
        var answers = ClaudeWire.Blocks(messages[^1]["content"]).Any(b => b.Text("type") == "tool_result");
        var asked = ClaudeWire.Blocks(messages[^2]["content"]);
        if (answers && messages[^2].Text("role") == "assistant" && asked.All(b => b.Text("type") is not ("thinking" or "redacted_thinking")))
            Note("thinking-lost-in-loop", "tool results came back without the thinking block of the turn that is running");
    }

    private void Note(string rule, string detail)
    {
        _items.Enqueue(new(time.GetUtcNow(), rule, detail));
        while (_items.Count > MostKept) _items.TryDequeue(out _);
    }

    private static string Around(string text, int at) => $"“{text[Math.Max(0, at - 15)..Math.Min(text.Length, at + 25)]}”";

    // Six digits in a row (grouped or not) that start like a phone, an @, or a word beside another word.
    [GeneratedRegex(@"(?<![0-9A-Za-z])(?:\+|00|0)?(?:213)?[ .-]?0?[5-7](?:[ .-]?\d){8}\b|@|\p{L}{2,} \p{L}{2,}|[\u0600-\u06FF]", RegexOptions.CultureInvariant)]
    private static partial Regex Personal();
}
