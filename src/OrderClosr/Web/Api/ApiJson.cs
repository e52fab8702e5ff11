using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>The API's JSON: snake_case, instants in UTC, whole dinars; strict when it reads.</summary>
public static class ApiJson
{
    /// <summary>The largest body a write may have.</summary>
    public const int MostBytes = 256 * 1024;

    public static readonly JsonSerializerOptions Options = Make(new JsonSerializerOptions());

    /// <summary>Makes options speak as the API does.</summary>
    internal static JsonSerializerOptions Make(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 16;
        options.RespectNullableAnnotations = true;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcInstant());
        options.TypeInfoResolver ??= new DefaultJsonTypeInfoResolver();
        return options;
    }

    /// <summary>Reads a body strictly: not JSON is 400, a field the shape does not have or a value of the wrong kind is 422 with the field.</summary>
    internal static Result<T> Read<T>(ReadOnlyMemory<byte> body) where T : notnull
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return NotJson;
        }
        using (document)
        {
            try
            {
                if (Unknown(document.RootElement, Options.GetTypeInfo(typeof(T)), "") is { } field) return new Refusal("unknown_field", "The request has a field that is not known here.", field);
                return document.RootElement.Deserialize<T>(Options) is { } read ? read : new Refusal("wrong_value", "The body is a JSON object.", "body");
            }
            catch (JsonException wrong)
            {
                return new Refusal("wrong_value", "A value is missing or of the wrong kind.", FieldOf(wrong.Path));
            }
            catch (InvalidOperationException)
            {
                // Text with half of a surrogate pair: JSON by its letters, but no text.
                return NotJson;
            }
        }
    }

    /// <summary>The code of <see cref="Read{T}"/>'s refusal that is answered 400.</summary>
    internal static readonly Refusal NotJson = new("not_json", "The body is not JSON.");

    private static string? Unknown(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                    if (type.Properties.FirstOrDefault(p => p.Name == property.Name) is not { } known) return at.Length > 100 ? at[..100] : at;
                    if (Unknown(property.Value, Options.GetTypeInfo(known.PropertyType), at) is { } inside) return inside;
                }
                return null;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array && type.ElementType is { } item:
                var n = 0;
                foreach (var one in element.EnumerateArray())
                    if (Unknown(one, Options.GetTypeInfo(item), $"{path}[{n++}]") is { } inside) return inside;
                return null;
            default:
                return null;
        }
    }

    private static string FieldOf(string? path) => path is null or "$" or "" ? "body" : path.TrimStart('$').TrimStart('.');

    private sealed class UtcInstant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();
        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}
