using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude;

/// <summary>What the played model says in one call, before thinking, ids and usage are added.</summary>
internal sealed record Spoken
{
    /// <summary>Text and tool calls, in order.</summary>
    public IReadOnlyList<JsonObject> Content { get; init; } = [];

    /// <summary>Why it stopped.</summary>
    public string StopReason { get; init; } = "end_turn";

    /// <summary>Details that come with a refusal.</summary>
    public JsonObject? StopDetails { get; init; }

    /// <summary>What it thought; null gives no thinking block.</summary>
    public string? Thought { get; init; } = "I read what the customer wrote, look at the facts and decide the next step.";

    /// <summary>An answer that breaks the protocol, sent as it is.</summary>
    public string? Raw { get; init; }

    /// <summary>One text.</summary>
    public static Spoken Says(string text) => new() { Content = [TextBlock(text)] };

    /// <summary>Tool calls, and perhaps words before them.</summary>
    public static Spoken Calls(params IEnumerable<(string Name, JsonObject Input)> calls) =>
        new() { Content = [.. calls.Select(c => Call(c.Name, c.Input))], StopReason = "tool_use" };

    /// <summary>A text block.</summary>
    public static JsonObject TextBlock(string text) => new() { ["type"] = "text", ["text"] = text };

    /// <summary>A tool call with a fresh id.</summary>
    public static JsonObject Call(string name, JsonObject input) =>
        new() { ["type"] = "tool_use", ["id"] = ClaudeWire.NewId("toolu"), ["name"] = name, ["input"] = input, ["caller"] = new JsonObject { ["type"] = "direct" } };

    /// <summary>All its text.</summary>
    public string Text => string.Join("\n\n", Content.Where(b => b.Text("type") == "text").Select(b => b.Text("text")));
}
