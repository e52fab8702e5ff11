using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>
/// The tools of this request. The seller keeps nothing between calls: it decides from the beginning each time, and a tool it
/// already called in this turn answers at once from the request; one it has not called yet is wanted, and the deciding stops there.
/// </summary>
internal sealed class ToolsAtHand(Scene scene)
{
    private readonly List<(string Name, JsonObject Input)> _wanted = [];

    /// <summary>Calls that must be answered first.</summary>
    public IReadOnlyList<(string Name, JsonObject Input)> Wanted => _wanted;

    /// <summary>True while a call is open.</summary>
    public bool Waits => _wanted.Count > 0;

    /// <summary>The answer, or null when the call has just been put on the list. A tool that is not offered answers with an error.</summary>
    public ToolAnswer? Use(string name, JsonObject input)
    {
        if (!scene.Tools.Contains(name)) return new(name, input, null, true);
        if (scene.Answers.FirstOrDefault(a => a.Name == name && JsonNode.DeepEquals(a.Input, input)) is { } answer) return answer;
        if (!_wanted.Any(w => w.Name == name && JsonNode.DeepEquals(w.Input, input))) _wanted.Add((name, input.DeepClone().AsObject()));
        return null;
    }
}
