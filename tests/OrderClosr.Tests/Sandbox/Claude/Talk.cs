using System.Text.Json.Nodes;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>A conversation over HTTP: builds each request as the app does, runs the tools, keeps the history.</summary>
public sealed class Talk(ClaudeDoor door, PlayedShop shop, string language, string script)
{
    private const int MostSteps = 6;
    private readonly List<(string Role, string Text)> _history = [];

    /// <summary>Replies so far.</summary>
    public List<string> Replies { get; } = [];

    /// <summary>Steps of the last turn.</summary>
    public int Steps { get; private set; }

    /// <summary>The customer writes (bubbles are lines); answers with the reply.</summary>
    public async Task<string> SayAsync(string text)
    {
        var messages = new JsonArray([.. _history.Select(h => Message(h.Role, h.Text)), Message("user", text), Message("system", "Facts (JSON):\n" + Facts().ToJsonString())]);
        for (Steps = 1; Steps <= MostSteps; Steps++)
        {
            var answer = await door.MessageAsync(new JsonObject
            {
                ["model"] = "claude-haiku-5-5", ["max_tokens"] = 2048, ["tools"] = PlayedShop.Tools,
                ["system"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "You sell for the shop." }, new JsonObject { ["type"] = "text", ["text"] = PlayedShop.Block }),
                ["messages"] = messages.DeepClone(),
            });
            var content = answer["content"]!.AsArray();
            if ((string?)answer["stop_reason"] != "tool_use")
            {
                var reply = ClaudeDoor.TextOf(answer);
                _history.Add(("user", text));
                _history.Add(("assistant", reply));
                Replies.Add(reply);
                shop.Said(reply);
                return reply;
            }
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = content.DeepClone() });
            var results = new JsonArray();
            foreach (var call in content.Where(b => (string?)b!["type"] == "tool_use"))
            {
                var (result, isError) = shop.Answer((string)call!["name"]!, call["input"]!.AsObject());
                results.Add(new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = (string)call["id"]!, ["content"] = result.ToJsonString(), ["is_error"] = isError });
            }
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = results });
        }
        Assert.Fail($"no reply within {MostSteps} steps; tools: {string.Join(", ", shop.Calls.Select(c => c.Name))}");
        return "";
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private JsonObject Facts() => new()
    {
        ["today"] = "2026-11-28", ["weekday"] = "Saturday", ["shop"] = "Dar Lina", ["reply"] = new JsonObject { ["language"] = language, ["script"] = script },
        ["customer"] = new JsonObject { ["name"] = null, ["phones"] = new JsonArray() }, ["draft"] = shop.Draft, ["awaiting_yes"] = shop.AwaitsYes,
        ["orders"] = new JsonArray([.. shop.Orders.Select(o => new JsonObject { ["order"] = (int)o["order"]!, ["state"] = "confirmed", ["items"] = o["items"]!.DeepClone(), ["total"] = (int)o["total"]!, ["can_change"] = true,
            ["name"] = (string?)o["name"], ["phone"] = (string?)o["phone"], ["wilaya"] = (string?)o["wilaya"], ["commune"] = (string?)o["commune"] })]),
        ["asked_unclear"] = 0,
    };
}
