using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude.Seller;

/// <summary>The rule-based stand-in that sells through the caller's tools. Stateless: all it knows is in the request.</summary>
internal static class SellerModel
{
    /// <summary>What it says or calls next.</summary>
    public static Spoken Speak(Scene scene) => new Deciding(scene).Next();

    /// <summary>What it understands of a text alone.</summary>
    public static JsonObject Explain(string text)
    {
        var heard = Reading.Read(text, AskedFor.Nothing);
        return new()
        {
            ["intent"] = Snake(heard.Main),
            ["intents"] = new JsonObject([.. heard.Intents.OrderByDescending(i => i.Value).Select(i => KeyValuePair.Create(Snake(i.Key), (JsonNode?)i.Value))]),
            ["phones"] = List(heard.Phones),
            ["places"] = List(heard.Places.Select(p => p.Words)),
            ["wilaya_number"] = heard.WilayaNumber,
            ["name"] = heard.Name,
            ["address"] = heard.Address,
            ["quantities"] = new JsonArray([.. heard.Quantities.Select(q => JsonValue.Create(q.Number))]),
            ["amounts"] = new JsonArray([.. heard.Amounts.Select(a => new JsonArray([.. a.Readings.Select(r => JsonValue.Create(r))]))]),
            ["colours"] = List(heard.Colours.Select(c => c.Colour)),
            ["sizes"] = List(heard.Sizes.Select(s => s.Size)),
            ["delivery"] = heard.Delivery,
            ["order"] = heard.OrderNumber,
            ["clean_yes"] = heard.IsCleanYes,
        };
    }

    private static JsonArray List(IEnumerable<string> items) => new([.. items.Select(i => JsonValue.Create(i))]);

    private static string Snake(Intent intent) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(intent.ToString());
}
