using System.Globalization;
using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>Reads couriers' JSON as it really comes: numbers as text, yes and no as 0 and 1, lists as objects, keys that are missing or null (facts/couriers/common.md section 1).</summary>
/// <remarks>Whatever is not as expected reads as "not there"; nothing here throws.</remarks>
public static class LooseJson
{
    extension(JsonElement element)
    {
        /// <summary>A member; undefined when absent or null, or when this is no object.</summary>
        public JsonElement At(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

        public bool IsThere => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

        /// <summary>Itself as text: text, or a number's digits; null otherwise and for empty text.</summary>
        public string? Words => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };

        /// <summary>A member as text.</summary>
        public string? Text(string name) => element.At(name).Words;

        /// <summary>A member as a whole number: <c>400</c>, <c>"400"</c>, <c>"400.00"</c>.</summary>
        public int? Whole(string name) => WholeIn(element.Text(name));

        /// <summary>A member as an amount.</summary>
        public Dinars? Money(string name) => element.Whole(name) is { } amount and >= 0 ? new Dinars(amount) : null;

        /// <summary>A member as yes or no: <c>true, 1, "1", "true"</c> are yes, <c>"0"</c> is no; null when it says neither.</summary>
        public bool? Flag(string name) => element.At(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => element.Text(name)?.ToUpperInvariant() switch { "1" or "TRUE" => true, "0" or "FALSE" => false, _ => null },
        };

        /// <summary>The items of a list, which may come as an object keyed 0, 1, 2 …; empty for anything else.</summary>
        public IEnumerable<JsonElement> Items => element.ValueKind switch
        {
            JsonValueKind.Array => element.EnumerateArray(),
            JsonValueKind.Object => element.EnumerateObject().Select(m => m.Value),
            _ => [],
        };

        /// <summary>The members of an object; empty for anything else.</summary>
        public IEnumerable<JsonProperty> Members => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];
    }

    /// <summary>Text as a whole number; null when it is none.</summary>
    public static int? WholeIn(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number : null;

    /// <summary>An instant a courier wrote: with its offset where it says one, else on an Algiers clock. UTC; null when it is none.</summary>
    public static DateTimeOffset? Moment(string? text)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at)) return null;
        return at.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(at, AlgiersTime.Zone.GetUtcOffset(at)).ToUniversalTime() : new DateTimeOffset(at).ToUniversalTime();
    }
}
