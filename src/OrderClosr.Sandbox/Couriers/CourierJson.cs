using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>Reading and writing what couriers say.</summary>
public static class CourierJson
{
    /// <summary>Accents and Arabic as they are.</summary>
    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body as an object; null when it is none, or no JSON.</summary>
    public static async Task<JsonNode?> BodyAsync(HttpRequest request)
    {
        if (request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) is not true) return null;
        try { return await JsonNode.ParseAsync(request.Body, documentOptions: new() { AllowDuplicateProperties = false }, cancellationToken: request.HttpContext.RequestAborted); }
        catch (JsonException) { return null; }
    }

    /// <summary>A whole number, written as a number or as digits; null for anything else.</summary>
    public static int? Whole(JsonNode? node) =>
        node is JsonValue value && int.TryParse(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A text that is not empty; numbers count as their digits.</summary>
    public static string? Words(JsonNode? node) => node is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
            JsonValueKind.Number => value.ToJsonString(),
            _ => null,
        }
        : null;

    /// <summary>A number with a fraction, written either way.</summary>
    public static decimal? Number(JsonNode? node) => decimal.TryParse(Words(node), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What is wrong with which field, in the order it was found.</summary>
public sealed class FieldErrors
{
    private readonly JsonObject _fields = [];

    /// <summary>Anything at all?</summary>
    public bool Any => _fields.Count > 0;

    /// <summary>Notes one fault of a field.</summary>
    public void Add(string field, string words)
    {
        if (_fields[field] is JsonArray known) known.Add(words);
        else _fields[field] = new JsonArray(words);
    }

    /// <summary><c>{"field":["…"]}</c>.</summary>
    public JsonObject Json() => _fields.DeepClone().AsObject();

    /// <summary>9 or 10 digits with the 0 of the country, as all couriers check them (facts: couriers/common.md section 4).</summary>
    public static bool IsPhone(string? text) => text is { Length: 9 or 10 } && text[0] == '0' && text.All(char.IsAsciiDigit)
        && (text[1] is '5' or '6' or '7' ? text.Length == 10 : text[1] is '2' or '3' or '4' ? text.Length == 9 : text.StartsWith("098", StringComparison.Ordinal));
}
