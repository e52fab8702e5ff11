using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Webhooks;

/// <summary>Puts events of many accounts into one delivery, as Meta may (facts: meta.md section 1 fact 1, section 5.1).</summary>
public static class Batching
{
    /// <summary>
    /// Events of one account share its entry; messages and statuses of one WhatsApp number share one value.
    /// </summary>
    public static List<JsonObject> Merge(IEnumerable<JsonObject> entries)
    {
        var merged = new List<JsonObject>();
        var homes = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var container = (string[])["messaging", "standby", "changes"] is var names ? names.FirstOrDefault(n => entry[n] is JsonArray) : null;
            if (container is null) { merged.Add(entry); continue; }
            var key = $"{entry.Text("id")}/{container}";
            if (!homes.TryGetValue(key, out var home))
            {
                homes[key] = entry;
                merged.Add(entry);
                continue;
            }
            foreach (var item in entry[container]!.AsArray().ToList())
            {
                entry[container]!.AsArray().Remove(item);
                if (container != "changes" || !JoinValue(home, item!.AsObject())) home[container]!.AsArray().Add(item);
            }
        }
        return merged;
    }

    /// <summary>An entry no program can read: its neighbours must not suffer from it.</summary>
    public static JsonObject Malformed(JsonObject like) => new()
    {
        ["id"] = like["id"]?.DeepClone(),
        ["time"] = "soon",
        ["messaging"] = new JsonArray(new JsonObject { ["sender"] = "nobody", ["timestamp"] = new JsonArray(), ["message"] = 7 }),
        ["changes"] = new JsonArray(new JsonObject { ["field"] = "messages", ["value"] = "nothing" }, null),
    };

    private static bool JoinValue(JsonObject home, JsonObject change)
    {
        if (change.Text("field") != "messages" || change.Obj("value").Obj("metadata").Text("phone_number_id") is not { } phone) return false;
        var there = home["changes"]!.AsArray().OfType<JsonObject>().FirstOrDefault(c => c.Text("field") == "messages" && c.Obj("value").Obj("metadata").Text("phone_number_id") == phone)?.Obj("value");
        if (there is null) return false;
        foreach (var list in (ReadOnlySpan<string>)["contacts", "messages", "statuses"])
        {
            if (change.Obj("value").List(list) is not { } items) continue;
            if (there[list] is not JsonArray target) there[list] = target = [];
            foreach (var item in items.ToList())
            {
                items.Remove(item);
                if (list != "contacts" || !target.Any(t => JsonNode.DeepEquals(t, item))) target.Add(item);
            }
        }
        return true;
    }
}
