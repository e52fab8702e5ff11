using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>Answers in the odd types that every adapter must bear (facts: couriers/common.md section 1).</summary>
public static class OddTypes
{
    /// <summary>Switches: <c>numbers-as-text</c>; <c>booleans-as</c> = <c>number</c> (1, 0), <c>digit</c> ("1", "0") or <c>text</c> ("true", "false"); <c>unknown-fields</c>.</summary>
    public static readonly IReadOnlyList<string> Knobs = ["numbers-as-text", "booleans-as", "unknown-fields"];

    /// <summary>The same JSON as the switches want it.</summary>
    public static JsonNode? Apply(JsonNode? json, FaultList faults)
    {
        var (numbers, booleans, unknown) = (faults.IsOn("numbers-as-text"), faults.Value("booleans-as"), faults.IsOn("unknown-fields"));
        return numbers || booleans is not null || unknown ? Turn(json) : json;

        JsonNode? Turn(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject fields:
                    var turned = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, Turn(f.Value))));
                    if (unknown) turned["x_new_field"] = new JsonArray(1, "deux", null);
                    return turned;
                case JsonArray items:
                    return new JsonArray([.. items.Select(Turn)]);
                case JsonValue value when numbers && value.GetValueKind() == JsonValueKind.Number:
                    return value.ToJsonString();
                case JsonValue value when booleans is not null && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                    var yes = value.GetValueKind() == JsonValueKind.True;
                    return booleans switch { "text" => yes ? "true" : "false", "digit" => yes ? "1" : "0", _ => yes ? 1 : 0 };
                default:
                    return node?.DeepClone();
            }
        }
    }
}
