using System.Globalization;
using System.Text.Json;

namespace OrderClosr.Vendors.Meta;

/// <summary>Reads Meta's JSON as it really comes: numbers as strings, seconds or milliseconds, keys that are missing, null or of another type.</summary>
/// <remarks>facts/meta.md section 2.3. Whatever is not as expected reads as "not there"; only <see cref="Must"/> refuses.</remarks>
internal static class MetaJson
{
    extension(JsonElement element)
    {
        /// <summary>A member; undefined (<see cref="IsThere"/> is false) when absent or null, or when this is no object.</summary>
        internal JsonElement At(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

        internal bool IsThere => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

        /// <summary>Text, or a number as text (ids); null otherwise and for empty text.</summary>
        internal string? Text(string name)
        {
            var value = element.At(name);
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
            return string.IsNullOrEmpty(text) ? null : text;
        }

        /// <summary>Text that the event is meaningless without.</summary>
        internal string Must(string name) => element.Text(name) ?? throw new FormatException($"{name} is missing.");

        internal long? Number(string name) => long.TryParse(element.Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

        internal double? Real(string name) => double.TryParse(element.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

        internal bool Flag(string name) => element.At(name).ValueKind == JsonValueKind.True || element.Text(name) == "true";

        internal IEnumerable<JsonElement> Items(string name) => element.At(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

        /// <summary>An instant given in seconds or milliseconds: from 10¹¹ on it is milliseconds.</summary>
        internal DateTimeOffset? Instant(string name) => element.Number(name) switch
        {
            >= 100_000_000_000 and < 100_000_000_000_000 and var ms => DateTimeOffset.FromUnixTimeMilliseconds(ms),
            > 0 and < 100_000_000_000 and var s => DateTimeOffset.FromUnixTimeSeconds(s),
            _ => null,
        };
    }
}
