using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent.Tools;

/// <summary>Something the model may ask the server to do. Workspace, conversation and customer come from <see cref="TurnWork"/>, never from its input.</summary>
public interface ITool
{
    ToolShape Shape { get; }

    /// <summary>Reads freely; what it would write it only collects in <paramref name="work"/>.</summary>
    Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop);
}

/// <summary>A tool's answer: a value to be written as JSON, or a refusal that says what to do next.</summary>
public sealed record ToolReply(object Value, bool IsError = false)
{
    public static implicit operator ToolReply(Refusal refusal) => new(new { error = refusal.Code, message = refusal.Words, suggestions = refusal.Suggestions ?? [] }, IsError: true);

    /// <summary>An expected no in this tool's own words.</summary>
    public static ToolReply No(string code, string message, params IReadOnlyList<string> suggestions) => new(new { error = code, message, suggestions }, IsError: true);
}

/// <summary>Reading of tool inputs: strict schemas promise their shape, a cut or hostile answer may break it.</summary>
internal static class ToolInput
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal static JsonElement Schema(string json) => JsonDocument.Parse(json).RootElement.Clone();

    internal static string? Text(this JsonElement input, string name) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.Length <= 2000 ? text : null;

    internal static int? Whole(this JsonElement input, string name) =>
        input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) ? whole : null;

    /// <summary>Enum values may come back with other capitals.</summary>
    internal static Shipping.Delivery? Way(this JsonElement input) => input.Text("delivery")?.ToLowerInvariant() switch
    {
        "home" => Shipping.Delivery.Home, "desk" => Shipping.Delivery.Desk, _ => null,
    };

    /// <summary>Null when the field is left out; a refusal when a line is not readable.</summary>
    internal static Result<List<Orders.DraftItem>?> Items(this JsonElement input)
    {
        if (!input.TryGetProperty("items", out var items)) return (List<Orders.DraftItem>?)null!;
        if (items.ValueKind != JsonValueKind.Array || items.GetArrayLength() > 30) return new Refusal("bad_items", "items is a list of at most 30 lines.");
        var read = new List<Orders.DraftItem>();
        foreach (var item in items.EnumerateArray())
        {
            if (item.Text("product") is not { } product || item.Whole("quantity") is not { } quantity || quantity is < 1 or > 99)
                return new Refusal("bad_items", "Each line names a product and a quantity of 1 to 99.");
            var price = item.TryGetProperty("unit_price", out var p) && p.ValueKind == JsonValueKind.Number && p.TryGetInt64(out var dinars) && dinars >= 0 ? new Dinars(dinars) : (Dinars?)null;
            read.Add(new(product, item.Text("variant"), quantity, price));
        }
        return read;
    }
}
