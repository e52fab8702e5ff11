using System.Net;
using System.Text.Json.Nodes;

namespace OrderClosr.Tests.Sandbox.Claude;

/// <summary>What the Messages API refuses, the sandbox refuses, with the API's own shape (facts: claude.md section 5).</summary>
public sealed class RefusalTests
{
    private const string Call = """{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"t","input":{}}]}""";
    private const string Result = """{"type":"tool_result","tool_use_id":"toolu_1","content":"1"}""";
    private const string User = """{"role":"user","content":"slm"}""";

    [Theory]
    [InlineData("temperature", """{"temperature":1}""")]
    [InlineData("top_p", """{"top_p":1}""")]
    [InlineData("top_k", """{"top_k":1}""")]
    [InlineData("max_tokens", """{"max_tokens":null}""")]
    [InlineData("Extra inputs", """{"prompt":"x"}""")]
    [InlineData("stream", """{"stream":true}""")]
    [InlineData("budget_tokens", """{"thinking":{"type":"enabled","budget_tokens":1024}}""")]
    [InlineData("budget_tokens", """{"thinking":{"type":"adaptive","budget_tokens":1024}}""")]
    [InlineData("thinking cannot be disabled", """{"model":"claude-sonnet-5-5","thinking":{"type":"disabled"}}""")]
    [InlineData("thinking cannot be disabled", """{"thinking":{"type":"disabled"},"output_config":{"effort":"max"}}""")]
    [InlineData("effort", """{"output_config":{"effort":"huge"}}""")]
    [InlineData("user_id", """{"metadata":{"user_id":12}}""")]
    [InlineData("at least one message", """{"messages":[]}""")]
    [InlineData("first message must use", """{"messages":[{"role":"assistant","content":"x"},{"role":"user","content":"x"}]}""")]
    [InlineData("prefill", """{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"x"}]}""")]
    [InlineData("non-empty", """{"messages":[{"role":"user","content":""}]}""")]
    [InlineData("non-empty", """{"messages":[{"role":"user","content":[{"type":"text","text":""}]}]}""")]
    [InlineData("non-whitespace", """{"messages":[{"role":"user","content":[{"type":"text","text":"  "}]}]}""")]
    [InlineData("non-empty", """{"system":[{"type":"text","text":""}]}""")]
    [InlineData("not allowed", """{"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"t","input":{}}]}]}""")]
    [InlineData("media_type", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"audio/ogg","data":"AAAA"}}]}]}""")]
    [InlineData("Could not process image", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"§"}}]}]}""")]
    [InlineData("without `tool_result`", "{\"messages\":[" + User + "," + Call + "," + User + "]}")]
    [InlineData("must come first", "{\"messages\":[" + User + "," + Call + ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}," + Result + "]}]}")]
    [InlineData("unexpected `tool_use_id`", "{\"messages\":[{\"role\":\"user\",\"content\":[" + Result + "]}]}")]
    [InlineData("unexpected `tool_use_id`", "{\"messages\":[" + User + "," + Call + ",{\"role\":\"user\",\"content\":[" + Result + ",{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_2\",\"content\":\"1\"}]}]}")]
    [InlineData("single result", "{\"messages\":[" + User + "," + Call + ",{\"role\":\"user\",\"content\":[" + Result + "," + Result + "]}]}")]
    [InlineData("must follow a user message", "{\"messages\":[" + User + ",{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"system\",\"content\":\"x\"}]}")]
    [InlineData("must be last or", "{\"messages\":[" + User + ",{\"role\":\"system\",\"content\":\"x\"}," + User + "]}")]
    [InlineData("first message", "{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}," + User + "]}")]
    [InlineData("maximum of 4", """{"cache_control":{"type":"ephemeral"},"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b","cache_control":{"type":"ephemeral"}},{"type":"text","text":"c","cache_control":{"type":"ephemeral"}},{"type":"text","text":"d","cache_control":{"type":"ephemeral"}}]}""")]
    [InlineData("must not come after", """{"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},{"type":"text","text":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}]}""")]
    [InlineData("ttl", """{"system":[{"type":"text","text":"a","cache_control":{"type":"ephemeral","ttl":"2h"}}]}""")]
    [InlineData("String should match pattern", """{"tools":[{"name":"a b","input_schema":{"type":"object"}}]}""")]
    [InlineData("unique", """{"tools":[{"name":"a","input_schema":{"type":"object"}},{"name":"a","input_schema":{"type":"object"}}]}""")]
    [InlineData("additionalProperties", """{"tools":[{"name":"a","strict":true,"input_schema":{"type":"object","properties":{}}}]}""")]
    [InlineData("additionalProperties", """{"tools":[{"name":"a","strict":true,"input_schema":{"type":"object","additionalProperties":false,"required":["b"],"properties":{"b":{"type":"array","items":{"type":"object","properties":{}}}}}}]}""")]
    [InlineData("'minLength' is not supported", """{"tools":[{"name":"a","strict":true,"input_schema":{"type":"object","additionalProperties":false,"properties":{"b":{"type":"string","minLength":1}}}}]}""")]
    [InlineData("forced tool use", """{"model":"claude-sonnet-5-5","tools":[{"name":"a","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"}}""")]
    [InlineData("not found in provided tools", """{"tools":[{"name":"a","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"b"}}""")]
    [InlineData("while providing tools", """{"tool_choice":{"type":"auto"}}""")]
    public async Task A_wrong_request_is_a_400_that_names_the_reason(string words, string change)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var request = ClaudeDoor.Fine();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            if (value is null) request.Remove(name);
            else request[name] = value.DeepClone();
        var (status, body, headers) = await door.SendAsync(request);
        Assert.Equal((HttpStatusCode.BadRequest, "error", "invalid_request_error"), (status, (string?)body["type"], (string?)body["error"]!["type"]));
        Assert.Contains(words, (string?)body["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal((string?)body["request_id"], headers.GetValues("request-id").Single());
    }

    [Theory]
    [InlineData(21, 0, 0, "strict tools")]
    [InlineData(1, 25, 0, "optional parameters")]
    [InlineData(1, 0, 17, "union types")]
    public async Task Strict_tools_have_limits_over_the_whole_request(int tools, int optional, int unions, string words)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var request = ClaudeDoor.Fine();
        request["tools"] = new JsonArray([.. Enumerable.Range(0, tools).Select(n =>
        {
            var properties = new JsonObject();
            for (var i = 0; i < optional; i++) properties["o" + i] = new JsonObject { ["type"] = "string" };
            for (var i = 0; i < unions; i++) properties["u" + i] = new JsonObject { ["type"] = new JsonArray("string", "null") };
            return new JsonObject
            {
                ["name"] = "t" + n, ["strict"] = true,
                ["input_schema"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties, ["required"] = new JsonArray([.. Enumerable.Range(0, unions).Select(i => JsonValue.Create("u" + i))]) },
            };
        })]);
        var (status, body, _) = await door.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(words, (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_versions_and_models_are_checked_first()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(ClaudeDoor.Fine(), h => h.Remove("Authorization"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync(ClaudeDoor.Fine(), h => { h.Remove("Authorization"); h.Add("x-api-key", "k"); })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(ClaudeDoor.Fine(), h => h.Remove("anthropic-version"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await door.SendAsync(ClaudeDoor.Fine(), h => { h.Remove("anthropic-version"); h.Add("anthropic-version", "2027-01-01"); })).Status);
        var request = ClaudeDoor.Fine();
        request["model"] = "claude-haiku-9";
        var (status, body, _) = await door.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotFound, "not_found_error"), (status, (string?)body["error"]!["type"]));
    }

    [Theory]
    [InlineData(401, "authentication_error")]
    [InlineData(402, "billing_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(529, "overloaded_error")]
    public async Task Injected_errors_have_the_vendors_shape(int status, string type)
    {
        await using var door = await ClaudeDoor.OpenAsync();
        await door.DoorAsync(HttpMethod.Post, "/claude/_faults", $$"""{"kind":"error","status":{{status}},"count":1}""");
        var (answered, body, headers) = await door.SendAsync(ClaudeDoor.Fine());
        Assert.Equal((status, type, (string?)body["request_id"]), ((int)answered, (string?)body["error"]!["type"], headers.GetValues("request-id").Single()));
        Assert.False(headers.Contains("Retry-After"));
        await door.MessageAsync(ClaudeDoor.Fine());
    }

    [Fact]
    public async Task A_429_says_how_long_to_wait_only_when_told_to()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        await door.DoorAsync(HttpMethod.Post, "/claude/_faults", """{"kind":"error","status":429,"seconds":7,"count":1}""");
        Assert.Equal(TimeSpan.FromSeconds(7), (await door.SendAsync(ClaudeDoor.Fine())).Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_body_can_be_cut_in_the_middle()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        await door.DoorAsync(HttpMethod.Post, "/claude/_faults", """{"kind":"cut-body","count":1}""");
        await Assert.ThrowsAnyAsync<Exception>(() => door.SendAsync(ClaudeDoor.Fine()));
        await door.MessageAsync(ClaudeDoor.Fine());
    }

    [Fact]
    public async Task Tokens_are_counted_without_an_answer()
    {
        await using var door = await ClaudeDoor.OpenAsync();
        var request = ClaudeDoor.Fine();
        request.Remove("max_tokens");
        request["system"] = new string('x', 3000);
        var (status, body, _) = await door.SendAsync(request, path: "/claude/v1/messages/count_tokens");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.InRange((int)body["input_tokens"]!, 1000, 1100);
    }
}
