using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude;

/// <summary>What is refused about tools and their strict schemas (facts: claude.md section 2.3).</summary>
internal static partial class ClaudeToolRefusals
{
    private const int MostStrict = 20, MostOptional = 24, MostUnions = 16;
    private static readonly string[] NotInStrict = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems"];

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Name();

    /// <summary>The first thing wrong, or null.</summary>
    public static string? Of(JsonObject request, ClaudeModel model)
    {
        var tools = request.Objects("tools").ToList();
        var (strict, count) = (0, new Counted());
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i].Text("name") is not { } name || !Name().IsMatch(name)) return $"tools.{i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'";
            if (tools.Take(i).Any(t => t.Text("name") == name)) return "tools: Tool names must be unique.";
            if (tools[i]["input_schema"] is not JsonObject schema || schema.Text("type") != "object") return $"tools.{i}.custom.input_schema.type: Input should be 'object'";
            if (!tools[i].Is("strict")) continue;
            strict++;
            if (Strict(schema, $"tools.{i}.custom.input_schema", count) is { } why) return why;
        }
        if (strict > MostStrict) return $"tools: Too many strict tools ({strict}). Maximum is {MostStrict}.";
        if (count.Optional > MostOptional) return $"tools: Schemas contain too many optional parameters ({count.Optional}). Maximum is {MostOptional}.";
        if (count.Unions > MostUnions) return $"tools: Schemas contain too many parameters with union types ({count.Unions}). Maximum is {MostUnions}.";
        return Choice(request, tools, model);
    }

    private sealed class Counted
    {
        public int Optional { get; set; }
        public int Unions { get; set; }
    }

    private static string? Strict(JsonObject schema, string at, Counted count)
    {
        if (NotInStrict.FirstOrDefault(schema.ContainsKey) is { } word) return $"{at}: For strict tools, property '{word}' is not supported";
        if (schema.Whole("minItems") is > 1) return $"{at}: For strict tools, 'minItems' may be 0 or 1 only";
        if (schema.ContainsKey("$ref") && schema.Text("$ref") == "#") return $"{at}: recursive schemas are not supported in strict tools";
        if (schema.ContainsKey("anyOf") || schema.ContainsKey("oneOf") || schema["type"] is JsonArray) count.Unions++;
        var properties = schema["properties"] as JsonObject;
        if (schema.Text("type") == "object" || properties is not null)
        {
            if (schema["additionalProperties"]?.GetValueKind() != JsonValueKind.False) return $"{at}: For 'object' type, 'additionalProperties' must be explicitly set to false";
            var required = schema.Texts("required");
            count.Optional += properties?.Count(p => !required.Contains(p.Key)) ?? 0;
        }
        var inner = (properties?.Select(p => (p.Key, p.Value)) ?? []).Append(("items", schema["items"]))
            .Concat(schema.Objects("anyOf").Concat(schema.Objects("oneOf")).Select((o, i) => ($"anyOf.{i}", (JsonNode?)o)));
        foreach (var (key, node) in inner)
            if (node is JsonObject below && Strict(below, $"{at}.{key}", count) is { } why) return why;
        return null;
    }

    private static string? Choice(JsonObject request, List<JsonObject> tools, ClaudeModel model)
    {
        if (request["tool_choice"] is not { } choice) return null;
        if (tools.Count == 0) return "tool_choice: tool_choice may only be specified while providing tools.";
        return choice.Text("type") switch
        {
            "auto" or "none" => null,
            "any" or "tool" when !model.ForcedTools => $"tool_choice: forced tool use is not supported on {model.Id}",
            "any" => null,
            "tool" => tools.Any(t => t.Text("name") == choice.Text("name")) ? null : $"tool_choice: Tool '{choice.Text("name")}' not found in provided tools",
            _ => "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'",
        };
    }
}
