using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>Reads a field only in the type it is documented in: a number as text is no number, "true" is not true.</summary>
public static class Strict
{
    /// <summary>The text of a field; null when it is absent, null, or no text.</summary>
    public static string? TextOf(this JsonObject from, string name) => from[name] is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : null;

    /// <summary>The whole number of a field; null when it is anything else.</summary>
    public static int? WholeOf(this JsonObject from, string name) =>
        from[name] is JsonValue v && v.GetValueKind() == JsonValueKind.Number && int.TryParse(v.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>True or false; null when it is anything else.</summary>
    public static bool? FlagOf(this JsonObject from, string name) => from[name] is JsonValue v ? v.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null;
}
