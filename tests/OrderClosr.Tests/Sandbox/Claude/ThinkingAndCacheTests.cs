using System.Net;
using System.Text.Json.Nodes;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>Cache numbers, thinking blocks and the notes on callers (facts: claude.md sections 2.4 and 2.6).</summary>
public sealed class ThinkingAndCacheTests
{
    private static JsonObject Cached(string question, string system = "rules", string? ttl = null, string shop = "") => new()
    {
        ["model"] = "claude-haiku-5-5", ["max_tokens"] = 1024,
        ["system"] = new JsonArray(Marked(string.Concat(Enumerable.Repeat(system + " ", 600)), ttl), Marked(string.Concat(Enumerable.Repeat("catalogue" + shop + " ", 300)), null)),
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }),
    };

    private static JsonObject Marked(string text, string? ttl)
    {
        var mark = new JsonObject { ["type"] = "ephemeral" };
        if (ttl is not null) mark["ttl"] = ttl;
        return new() { ["type"] = "text", ["text"] = text, ["cache_control"] = mark };
    }

    private static (int Input, int Written, int Read) Use(JsonObject message)
    {
        var usage = message["usage"]!;
        return ((int)usage["input_tokens"]!, (int)usage["cache_creation_input_tokens"]!, (int)usage["cache_read_input_tokens"]!);
    }

    [Fact]
    public async Task A_prefix_is_written_once_and_read_until_five_minutes_without_use()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 11, 28, 10, 0, 0, TimeSpan.Zero));
        await using var door = await ClaudeDoor.OpenAsync(clock);
        var first = Use(await door.MessageAsync(Cached("slm")));
        Assert.True(first.Written > 2000 && first.Read == 0 && first.Input < 60);
        var second = Use(await door.MessageAsync(Cached("ch7al la robe?")));
        Assert.Equal((0, first.Written), (second.Written, second.Read));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(first.Written, Use(await door.MessageAsync(Cached("dispo?"))).Read);
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(first.Written, Use(await door.MessageAsync(Cached("ok?"))).Read);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((first.Written, 0), (Use(await door.MessageAsync(Cached("slm"))) is var late ? (late.Written, late.Read) : default));
    }

    [Fact]
    public async Task Another_shop_shares_the_platforms_part_and_writes_its_own()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var first = Use(await door.MessageAsync(Cached("slm")));
        var other = Use(await door.MessageAsync(Cached("slm", shop: "B")));
        Assert.True(other.Read > 1000 && other.Written > 500 && other.Read < first.Written);
    }

    [Fact]
    public async Task An_hour_is_counted_apart()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var created = (await door.MessageAsync(Cached("slm", ttl: "1h")))["usage"]!["cache_creation"]!;
        Assert.True((int)created["ephemeral_1h_input_tokens"]! > 1000);
        Assert.True((int)created["ephemeral_5m_input_tokens"]! > 500);
    }

    [Fact]
    public async Task A_prefix_below_the_minimum_and_another_account_are_not_cached()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var small = ClaudeDoor.Fine();
        small["system"] = new JsonArray(Marked("short", null));
        await door.MessageAsync(small);
        Assert.Equal((0, 0), (Use(await door.MessageAsync(small)) is var use ? (use.Written, use.Read) : default));
        await door.MessageAsync(Cached("slm"));
        Assert.Equal(0, Use(await door.MessageAsync(Cached("slm"), h => { h.Remove("Authorization"); h.Add("x-api-key", "another"); })).Read);
    }

    private static async Task<(JsonObject Request, JsonObject Thinking)> InALoopAsync(ClaudeDoor door)
    {
        var request = ClaudeDoor.Fine();
        request["system"] = "rules";
        request["tools"] = PlayedShop.Tools;
        request["messages"]![0]!["content"] = "ch7al la robe?";
        var answer = await door.MessageAsync(request);
        var content = answer["content"]!.AsArray();
        Assert.Equal(["thinking", "tool_use"], content.Select(b => (string?)b!["type"]));
        request["messages"]!.AsArray().Add(new JsonObject { ["role"] = "assistant", ["content"] = content.DeepClone() });
        request["messages"]!.AsArray().Add(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = (string?)content[1]!["id"], ["content"] = "{\"products\":[],\"more\":false}" }) });
        return (request, request["messages"]![1]!["content"]![0]!.AsObject());
    }

    [Fact]
    public async Task Thinking_goes_back_unchanged_or_not_at_all()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var (request, thinking) = await InALoopAsync(door);
        await door.MessageAsync(request);

        var edited = request.DeepClone();
        edited["messages"]![0]!["content"] = "ch7al le sac?";
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(edited)).Status);
        var otherRules = request.DeepClone();
        otherRules["system"] = "other rules";
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(otherRules)).Status);
        thinking["thinking"] = "something else";
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(request)).Status);

        request["messages"]![1]!["content"]!.AsArray().RemoveAt(0);
        await door.MessageAsync(request);
        var (_, notes) = await door.DoorAsync(HttpMethod.Get, "/claude/_assertions");
        Assert.Contains(notes!["items"]!.AsArray(), n => (string?)n!["rule"] == "thinking-lost-in-loop");
    }

    [Fact]
    public async Task A_switch_accepts_edited_prefixes()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var (request, _) = await InALoopAsync(door);
        request["messages"]![0]!["content"] = "ch7al le sac?";
        await door.DoorAsync(HttpMethod.Post, "/claude/_faults", """{"kind":"prefix-mismatch","value":"accept"}""");
        await door.MessageAsync(request);
    }

    [Fact]
    public async Task A_small_limit_returns_thinking_and_no_text()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var request = ClaudeDoor.Fine();
        request["max_tokens"] = 10;
        var answer = await door.MessageAsync(request);
        Assert.Equal("max_tokens", (string?)answer["stop_reason"]);
        Assert.Equal(["thinking"], answer["content"]!.AsArray().Select(b => (string?)b!["type"]));
        request["thinking"] = new JsonObject { ["type"] = "disabled" };
        request["max_tokens"] = 1024;
        Assert.Equal(["text"], (await door.MessageAsync(request))["content"]!.AsArray().Select(b => (string?)b!["type"]));
    }

    [Theory]
    [InlineData("0500000012", true)]
    [InlineData("karim@example.com", true)]
    [InlineData("Karim Benali", true)]
    [InlineData("cnv_01J9ZK4Y7M", false)]
    public async Task Personal_data_in_the_user_id_is_noted(string user, bool noted)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var request = ClaudeDoor.Fine();
        request["metadata"] = new JsonObject { ["user_id"] = user };
        await door.MessageAsync(request);
        var (_, notes) = await door.DoorAsync(HttpMethod.Get, "/claude/_assertions");
        Assert.Equal(noted, notes!["items"]!.AsArray().Any(n => (string?)n!["rule"] == "personal-data-in-user-id"));
    }

    [Fact]
    public async Task A_changed_prefix_of_one_shop_is_noted()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        foreach (var system in new[] { "rules", "rules", "rules of today" })
        {
            var request = Cached("slm", system);
            request["messages"]!.AsArray().Add(new JsonObject { ["role"] = "system", ["content"] = "Facts (JSON):\n{\"shop\":\"Dar Lina\"}" });
            await door.MessageAsync(request);
        }
        var (_, notes) = await door.DoorAsync(HttpMethod.Get, "/claude/_assertions");
        Assert.Single(notes!["items"]!.AsArray(), n => (string?)n!["rule"] == "prefix-changed");
    }

    [Fact]
    public async Task A_script_is_played_in_order_and_its_last_answer_repeated()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        await door.ModeAsync("""{"mode":"script","responses":[{"content":[{"type":"text","text":"one"}]},{"type":"error","status":529},{"content":[{"type":"hologram"}],"stop_reason":"tired"}]}""");
        Assert.Equal("one", ClaudeDoor.TextOf(await door.MessageAsync(ClaudeDoor.Fine())));
        Assert.Equal(529, (int)(await door.SendAsync(ClaudeDoor.Fine())).Status);
        for (var i = 0; i < 2; i++) Assert.Equal("tired", (string?)(await door.MessageAsync(ClaudeDoor.Fine()))["stop_reason"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await door.DoorAsync(HttpMethod.Post, "/claude/_mode", """{"mode":"hostile","kind":"nice"}""")).Status);
        await door.DoorAsync(HttpMethod.Delete, "/claude/_state");
        Assert.Equal("seller", (string?)(await door.DoorAsync(HttpMethod.Get, "/claude/_mode")).Body!["mode"]);
    }
}
