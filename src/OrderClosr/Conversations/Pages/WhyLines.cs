using System.Text.Json;

namespace OrderClosr.Conversations.Pages;

/// <summary>Turns the record of a turn into lines a person can read, whatever tools it names: values joined, names left out.</summary>
public static class WhyLines
{
    private const int Longest = 200, Most = 20;

    /// <summary>One line per tool call or guard; nothing when the record cannot be read.</summary>
    public static IReadOnlyList<string> Read(string json)
    {
        var lines = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(json);
            Add(document.RootElement, lines);
        }
        catch (JsonException)
        {
            // Not ours to judge here: the thread shows the answer without its reasons.
        }
        return lines;
    }

    private static void Add(JsonElement element, List<string> lines)
    {
        if (lines.Count >= Most) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Add(item, lines);
                break;
            case JsonValueKind.Object when element.EnumerateObject().All(p => p.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)):
                Line(string.Join(" · ", element.EnumerateObject().Select(p => Text(p.Value)).Where(t => t.Length > 0)), lines);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object) Add(property.Value, lines);
                    else if (Text(property.Value) is { Length: > 0 } text) Line($"{property.Name}: {text}", lines);
                }
                break;
            default:
                Line(Text(element), lines);
                break;
        }
    }

    private static void Line(string text, List<string> lines)
    {
        if (text.Length > 0) lines.Add(text.Length <= Longest ? text : text[..Longest] + "…");
    }

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False ? "" : value.ToString();
}
