using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude;

/// <summary>One answered tool call of the turn that is running.</summary>
internal sealed record ToolAnswer(string Name, JsonObject Input, JsonNode? Result, bool IsError)
{
    /// <summary>The tool's own code of a refusal.</summary>
    public string Error => IsError ? Result.Text("error") ?? "" : "";

    /// <summary>What the tool proposes instead.</summary>
    public IReadOnlyList<string> Suggestions => Result.Texts("suggestions");
}

/// <summary>What a request says, read without knowing the caller: bubbles, facts, history, results of this turn.</summary>
internal sealed partial class Scene
{
    private const string FactsMark = "Facts (JSON):";

    /// <summary>The customer's unanswered bubbles, oldest first.</summary>
    public required IReadOnlyList<string> Bubbles { get; init; }

    /// <summary>True when the unanswered bubbles hold a photo or a post that somebody shared.</summary>
    public bool HasPhoto { get; init; }

    /// <summary>True when the customer sent a cart of the channel's catalogue; what is in it stands in the draft.</summary>
    public bool HasCart { get; init; }

    /// <summary>Earlier texts, oldest first.</summary>
    public required IReadOnlyList<(string Role, string Text)> History { get; init; }

    /// <summary>The facts message; empty when there is none.</summary>
    public required JsonObject Facts { get; init; }

    /// <summary>Tool calls of this turn that have been answered.</summary>
    public required IReadOnlyList<ToolAnswer> Answers { get; init; }

    /// <summary>Names of the tools that may be called.</summary>
    public required IReadOnlySet<string> Tools { get; init; }

    /// <summary>All system text.</summary>
    public required string System { get; init; }

    /// <summary>The whole request.</summary>
    public required JsonObject Request { get; init; }

    /// <summary>The shop's name, "" when unknown.</summary>
    public string Shop => Facts.Text("shop") ?? "";

    /// <summary>The open draft as <c>save_order</c> answers it, the newest of this turn first.</summary>
    public JsonObject? Draft => Facts["draft"] as JsonObject;

    /// <summary>The last text the shop said.</summary>
    public string LastSaid => History.LastOrDefault(h => h.Role == "assistant").Text ?? "";

    /// <summary>The customer's words of this turn in one text.</summary>
    public string Words => string.Join('\n', Bubbles);

    /// <summary>Reads a request.</summary>
    public static Scene Read(JsonObject request)
    {
        var messages = request.Objects("messages").ToList();
        var loop = messages.Count;
        // The turn began with the last user message that is not only tool results.
        while (loop > 0 && !(messages[loop - 1].Text("role") == "user" && !HasResults(messages[loop - 1]))) loop--;
        var turn = messages.Skip(loop).ToList();
        var asked = loop > 0 ? ClaudeWire.Blocks(messages[loop - 1]["content"]) : [];
        var later = turn.Where(m => m.Text("role") == "user").SelectMany(m => ClaudeWire.Blocks(m["content"])).Where(b => b.Text("type") == "text");
        var said = asked.Concat(later).Where(b => b.Text("type") == "text").Select(b => b.Text("text")!).ToList();
        var notes = said.SelectMany(t => Note().Matches(t)).Select(n => n.Groups["kind"].Value).ToHashSet();
        return new()
        {
            Request = request,
            Bubbles = [.. said.SelectMany(t => OwnWords(t).Split('\n')).Select(t => t.Trim()).Where(t => t.Length > 0)],
            HasPhoto = asked.Any(b => b.Text("type") == "image") || notes.Contains("photo") || notes.Contains("shared a post"),
            HasCart = notes.Contains("cart"),
            History = [.. messages.Take(Math.Max(0, loop - 1)).Where(m => m.Text("role") is "user" or "assistant").Select(m => (Role: m.Text("role")!, Text: m.Text("role") == "user" ? OwnWords(TextOf(m)).Trim() : TextOf(m))).Where(h => h.Text.Length > 0)],
            Facts = FactsIn(messages),
            Answers = [.. AnswersIn(turn)],
            Tools = request["tool_choice"].Text("type") == "none" ? new HashSet<string>() : request.Objects("tools").Select(t => t.Text("name") ?? "").ToHashSet(),
            System = string.Join('\n', ClaudeWire.Blocks(request["system"]).Select(b => b.Text("text"))),
        };
    }

    // "[cart: 2 × Robe d'été M / Noir] livraison Oran": the caller tells in brackets what is not words. The product asked about and the number of a card count as said.
    [GeneratedRegex(@"\[(?<kind>cart|about|contact|photo|voice note|sticker|place on the map|shared a post|file)(?:[: ] ?(?<rest>[^\]\n]*))?\]", RegexOptions.CultureInvariant)]
    private static partial Regex Note();

    private static string OwnWords(string text) => Note().Replace(text, n => n.Groups["kind"].Value is "about" or "contact" ? $" {n.Groups["rest"].Value}, " : " ");

    private static bool HasResults(JsonObject message) => ClaudeWire.Blocks(message["content"]).Any(b => b.Text("type") == "tool_result");

    private static string TextOf(JsonObject message) =>
        string.Join('\n', ClaudeWire.Blocks(message["content"]).Where(b => b.Text("type") == "text").Select(b => b.Text("text")));

    private static JsonObject FactsIn(List<JsonObject> messages)
    {
        foreach (var message in messages.AsEnumerable().Reverse())
        {
            if (message.Text("role") != "system") continue;
            var text = TextOf(message);
            var at = text.IndexOf(FactsMark, StringComparison.Ordinal);
            if (at >= 0 && Parse(text[(at + FactsMark.Length)..]) is JsonObject facts) return facts;
        }
        return [];
    }

    private static IEnumerable<ToolAnswer> AnswersIn(List<JsonObject> turn)
    {
        var calls = turn.Where(m => m.Text("role") == "assistant").SelectMany(m => ClaudeWire.Blocks(m["content"])).Where(b => b.Text("type") == "tool_use")
            .ToDictionary(b => b.Text("id")!, b => b);
        foreach (var result in turn.SelectMany(m => ClaudeWire.Blocks(m["content"])).Where(b => b.Text("type") == "tool_result"))
            if (calls.TryGetValue(result.Text("tool_use_id") ?? "", out var call))
            {
                var text = string.Concat(ClaudeWire.Blocks(result["content"]).Select(b => b.Text("text")));
                yield return new(call.Text("name")!, call["input"] as JsonObject ?? [], Parse(text), result.Is("is_error"));
            }
    }

    private static JsonNode? Parse(string text)
    {
        try { return JsonNode.Parse(text); }
        catch (JsonException) { return null; } // not ours: a tool may answer in plain words
    }
}
