using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Workspaces;

/// <summary>The form of an export, made from what the rooms say: as JSON Schema inside each archive, as <c>docs/export.md</c> for people.</summary>
internal static class ExportSchema
{
    /// <summary>So many words of a field are listed for people.</summary>
    private const int MostWords = 12;

    /// <summary>JSON Schema (2020-12): under <c>$defs</c> what one row of each table is.</summary>
    internal static JsonObject Of(ExportedTables tables)
    {
        var definitions = new JsonObject();
        foreach (var table in tables.TakenAlong) definitions[table.Name] = Row(table);
        return new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = ExportedTables.Schema,
            ["description"] = "Each line of NAME.ndjson, and each item of the list NAME of the one-document form, is a $defs/NAME.", ["$defs"] = definitions,
        };
    }

    private static JsonObject Row(TableExport table)
    {
        var properties = new JsonObject();
        foreach (var field in table.Fields) properties[field.Name] = field.Type is null ? new JsonObject() : Value(field.Type, field.MayBeNull);
        foreach (var (name, inside) in table.Inside) properties[name] = new JsonObject { ["type"] = "array", ["items"] = Row(inside) };
        return new() { ["description"] = table.About, ["type"] = "object", ["properties"] = properties, ["required"] = Names(properties), ["additionalProperties"] = false };
    }

    private static JsonObject Value(Type type, bool mayBeNull)
    {
        JsonNode Kind(string kind) => mayBeNull ? new JsonArray(kind, "null") : JsonValue.Create(kind);
        if (type.IsEnum)
        {
            var words = new JsonArray([.. Enum.GetNames(type).Select(n => JsonValue.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(n)))]);
            if (mayBeNull) words.Add((JsonNode?)null);
            return new() { ["enum"] = words };
        }
        if (type == typeof(bool)) return new() { ["type"] = Kind("boolean") };
        if (type == typeof(int) || type == typeof(long) || type == typeof(Dinars)) return new() { ["type"] = Kind("integer") };
        if (type == typeof(double)) return new() { ["type"] = Kind("number") };
        if (type == typeof(DateTimeOffset)) return new() { ["type"] = Kind("string"), ["format"] = "date-time" };
        if (type == typeof(DateOnly)) return new() { ["type"] = Kind("string"), ["format"] = "date" };
        if (type == typeof(string) || type == typeof(Guid) || type == typeof(Phone) || typeof(IId).IsAssignableFrom(type)) return new() { ["type"] = Kind("string") };
        if (type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) is { } map)
            return new() { ["type"] = Kind("object"), ["additionalProperties"] = Value(map.GetGenericArguments()[1], mayBeNull: false) };
        if (typeof(IEnumerable).IsAssignableFrom(type)) return new() { ["type"] = Kind("array"), ["items"] = Value(type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0], mayBeNull: false) };
        var properties = new JsonObject();
        foreach (var property in ExportPen.Options.GetTypeInfo(type).Properties.Where(p => p.Get is not null))
            properties[property.Name] = Value(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, property.IsGetNullable);
        return new() { ["type"] = Kind("object"), ["properties"] = properties, ["required"] = Names(properties), ["additionalProperties"] = false };
    }

    private static JsonArray Names(JsonObject properties) => new([.. properties.Select(p => JsonValue.Create(p.Key))]);

    /// <summary>The tables of <c>docs/export.md</c>.</summary>
    internal static string Markdown(ExportedTables tables)
    {
        var text = new StringBuilder();
        foreach (var table in tables.TakenAlong) Describe(text, table, $"### {table.Name}");
        text.Append("## Left out\n\n");
        foreach (var table in tables.LeftOut.OrderBy(t => t.Row.Name, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"- {table.Row.Name}: {table.About}\n");
        return text.ToString();
    }

    private static void Describe(StringBuilder text, TableExport table, string head)
    {
        text.Append(CultureInfo.InvariantCulture, $"{head}\n\n{table.About}{(table.IsOfCustomers ? " Also in the export of one customer." : "")}\n\n| field | is |\n|---|---|\n");
        foreach (var field in table.Fields) text.Append(CultureInfo.InvariantCulture, $"| `{field.Name}` | {(field.Type is null ? "JSON of any kind, or null" : Said(field.Type) + (field.MayBeNull ? ", or null" : ""))} |\n");
        foreach (var (name, inside) in table.Inside) text.Append(CultureInfo.InvariantCulture, $"| `{name}` | list of {inside.Name} |\n");
        text.Append('\n');
        foreach (var (_, inside) in table.Inside) Describe(text, inside, $"#### {inside.Name} (inside {table.Name})");
    }

    private static string Said(Type type) =>
        type.IsEnum && Enum.GetNames(type).Length > MostWords ? "a word, listed in `schema.json`"
        : type.IsEnum ? string.Join(", ", Enum.GetNames(type).Select(n => $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(n)}`"))
        : type == typeof(bool) ? "true or false"
        : type == typeof(Dinars) ? "whole dinars"
        : type == typeof(int) || type == typeof(long) ? "whole number"
        : type == typeof(DateTimeOffset) ? "instant, UTC"
        : type == typeof(DateOnly) ? "day"
        : type == typeof(Phone) ? "phone, E.164"
        : type == typeof(Guid) || typeof(IId).IsAssignableFrom(type) ? "id"
        : type == typeof(string) ? "text"
        : typeof(IDictionary).IsAssignableFrom(type) ? "object"
        : typeof(IEnumerable).IsAssignableFrom(type) ? "list"
        : $"object: {string.Join(", ", ExportPen.Options.GetTypeInfo(type).Properties.Select(p => $"`{p.Name}`"))}";
}
