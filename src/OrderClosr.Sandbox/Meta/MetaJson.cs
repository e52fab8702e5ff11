using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta;

/// <summary>How Meta spells text inside JSON.</summary>
/// <param name="NonAscii">Letters beyond ASCII as lower-case <c>\u0633</c> and slashes as <c>\/</c>: the rule today.</param>
/// <param name="Older">Also <c>&lt;</c>, <c>%</c> and <c>@</c>, with upper-case digits, as older texts list them.</param>
public readonly record struct MetaSpelling(bool NonAscii = true, bool Older = false)
{
    /// <summary>What Meta sends today.</summary>
    public static MetaSpelling Today { get; } = new(true);
}

/// <summary>Writes JSON the way Meta does, so that only the raw bytes fit the signature (facts: meta.md section 2.2).</summary>
public static class MetaJson
{
    /// <summary>The JSON text of a node.</summary>
    /// <example><c>{"text":"سلام https://x.dz"}</c> → <c>{"text":"\u0633\u0644\u0627\u0645 https:\/\/x.dz"}</c></example>
    public static string Write(JsonNode? node, MetaSpelling spelling)
    {
        var text = new StringBuilder();
        Write(text, node, spelling);
        return text.ToString();
    }

    /// <summary>Text under a key; numbers as their digits; null when absent, null or something else.</summary>
    public static string? Text(this JsonNode? node, string key) => (node as JsonObject)?[key] is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => null,
        }
        : null;

    /// <summary>The object under a key, or null.</summary>
    public static JsonObject? Obj(this JsonNode? node, string key) => (node as JsonObject)?[key] as JsonObject;

    /// <summary>The array under a key, or null.</summary>
    public static JsonArray? List(this JsonNode? node, string key) => (node as JsonObject)?[key] as JsonArray;

    /// <summary>Is there something under the key that is not null?</summary>
    public static bool Has(this JsonNode? node, string key) => (node as JsonObject)?[key] is not null;

    /// <summary>Adds a field unless its value is null.</summary>
    public static JsonObject With(this JsonObject target, string key, JsonNode? value)
    {
        if (value is not null) target[key] = value;
        return target;
    }

    private static void Write(StringBuilder text, JsonNode? node, MetaSpelling spelling)
    {
        switch (node)
        {
            case JsonObject fields:
                text.Append('{');
                var first = true;
                foreach (var (key, value) in fields)
                {
                    if (!first) text.Append(',');
                    first = false;
                    Quote(text, key, spelling);
                    text.Append(':');
                    Write(text, value, spelling);
                }
                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(text, items[i], spelling);
                }
                text.Append(']');
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                Quote(text, value.GetValue<string>(), spelling);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void Quote(StringBuilder text, string value, MetaSpelling spelling)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            switch (letter)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '/' when spelling.NonAscii: text.Append("\\/"); break;
                case '<' or '%' or '@' when spelling.Older: text.Append("\\u").Append(((int)letter).ToString("X4", CultureInfo.InvariantCulture)); break;
                case < ' ' or '\u007f': text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)); break;
                case > '\u007f' when spelling.NonAscii: text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)); break;
                default: text.Append(letter); break;
            }
        }
        text.Append('"');
    }
}
