using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Claude.Hostile;
using OrderClosr.Sandbox.Claude.Seller;
using OrderClosr.Sandbox.Faults;

namespace OrderClosr.Sandbox.Claude;

/// <summary>Plays Anthropic's Messages API: refuses what the API refuses, counts and caches, and lets a stand-in speak.</summary>
internal sealed class ClaudeApi(TimeProvider time)
{
    private const int MostBytes = 32 * 1024 * 1024;
    private static readonly string[] Versions = ["2026-10-21", "2023-06-01"];
    private readonly ConcurrentDictionary<(string Owner, long Minute), int> _calls = new();

    public PromptCache Cache { get; } = new(time);
    public ClaudeMode Mode { get; } = new();
    public ClaudeAssertions Assertions { get; } = new(time);

    public void Forget()
    {
        Cache.Clear();
        Assertions.Clear();
        Mode.Reset();
        _calls.Clear();
    }

    /// <summary><c>POST /v1/messages/count_tokens</c>.</summary>
    public async Task CountAsync(HttpContext http)
    {
        if (await AcceptAsync(http, counting: true) is not { } call) return;
        await AnswerAsync(http, 200, new JsonObject { ["input_tokens"] = new Prompt(call.Request, call.Owner, Factor(http)).Tokens }.ToJsonString());
    }

    /// <summary><c>POST /v1/messages</c>.</summary>
    public async Task MessageAsync(HttpContext http)
    {
        if (await AcceptAsync(http, counting: false) is not { } call) return;
        var (request, owner) = call;
        Assertions.Look(request, owner);
        var model = ClaudeModel.All[request.Text("model")!];
        var prompt = new Prompt(request, owner, Factor(http));
        var use = Cache.Use(prompt, int.TryParse(http.Vendor().Faults.Value("cache-minimum"), out var minimum) ? minimum : model.CacheMinimum);

        if (request.Whole("max_tokens") == 0)
        {
            await AnswerAsync(http, 200, Message(request, [], "max_tokens", null, use, 0, 0).ToJsonString(ClaudeWire.Json));
            return;
        }
        if (Mode.Mode == "script")
        {
            await ScriptAsync(http, request, use);
            return;
        }
        var spoken = Mode.Mode == "hostile" ? Mode.Lie.Speak(Scene.Read(request)) : SellerModel.Speak(Scene.Read(request));
        if (spoken.Raw is not null)
        {
            await AnswerAsync(http, 200, spoken.Raw);
            return;
        }
        await AnswerAsync(http, 200, Shape(request, owner, model, spoken, use).ToJsonString(ClaudeWire.Json));
    }

    /// <summary>Thinking first, as the model gives it; then the rest, as far as <c>max_tokens</c> goes.</summary>
    private static JsonObject Shape(JsonObject request, string owner, ClaudeModel model, Spoken spoken, PromptUse use)
    {
        var most = request.Whole("max_tokens")!.Value;
        var thinks = model.Thinks && spoken.Thought is not null && request["thinking"].Text("type") != "disabled" && request["tool_choice"].Text("type") is not ("any" or "tool");
        var content = new JsonArray();
        var thought = 0;
        if (thinks)
        {
            thought = ClaudeWire.Tokens(spoken.Thought!);
            var shown = request["thinking"].Text("display") == "omitted" ? "" : spoken.Thought!;
            content.Add(new JsonObject { ["type"] = "thinking", ["thinking"] = shown, ["signature"] = ThinkingSeal.Sign(request, owner, shown) });
        }
        var (output, stop) = (thought, spoken.StopReason);
        if (thought >= most) (output, stop) = (most, "max_tokens");
        else
            foreach (var block in spoken.Content)
            {
                var tokens = ClaudeWire.Tokens(block.Text("type") == "text" ? block.Text("text")! : block["input"]?.ToJsonString(ClaudeWire.Json) ?? "");
                if (output + tokens > most)
                {
                    if (block.Text("type") == "text") content.Add(Spoken.TextBlock(Cut(block.Text("text")!, (most - output) * 3)));
                    (output, stop) = (most, "max_tokens");
                    break;
                }
                output += tokens;
                content.Add(block);
            }
        return Message(request, content, stop, spoken.StopDetails, use, output, Math.Min(thought, most));
    }

    private static string Cut(string text, int bytes)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            length += rune.Utf16SequenceLength;
        }
        return text[..Math.Max(1, length)];
    }

    private async Task ScriptAsync(HttpContext http, JsonObject request, PromptUse use)
    {
        var response = Mode.Next();
        if (response.Text("type") == "error")
        {
            var status = response.Whole("status") ?? 500;
            await FailAsync(http, new(status, response["error"].Text("type") ?? ApiError.TypeOf(status), response["error"].Text("message") ?? ApiError.WordsOf(status)));
            return;
        }
        var content = response["content"] as JsonArray ?? [];
        response.Remove("content");
        var message = Message(request, content, content.Any(b => b.Text("type") == "tool_use") ? "tool_use" : "end_turn", null, use, ClaudeWire.Tokens(content.ToJsonString(ClaudeWire.Json)), 0);
        // Ids of calls must be new each time a scripted answer is repeated, or the next request would be refused.
        foreach (var call in content.OfType<JsonObject>().Where(b => b.Text("type") == "tool_use" && !b.ContainsKey("id"))) call["id"] = ClaudeWire.NewId("toolu");
        foreach (var (key, value) in response) message[key] = value?.DeepClone();
        await AnswerAsync(http, 200, message.ToJsonString(ClaudeWire.Json));
    }

    private static JsonObject Message(JsonObject request, JsonArray content, string stop, JsonObject? details, PromptUse use, int output, int thought) => new()
    {
        ["id"] = ClaudeWire.NewId("msg"),
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = request.Text("model"),
        ["content"] = content,
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["stop_details"] = details,
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = use.Input,
            ["cache_creation_input_tokens"] = use.Written5M + use.Written1H,
            ["cache_read_input_tokens"] = use.Read,
            ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = use.Written5M, ["ephemeral_1h_input_tokens"] = use.Written1H },
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = thought },
            ["service_tier"] = "standard",
            ["inference_geo"] = "global",
            ["server_tool_use"] = null,
        },
    };

    /// <summary>Authentication, version, size, JSON, refusals, limits: the request when all is well, else the refusal is written.</summary>
    private async Task<(JsonObject Request, string Owner)?> AcceptAsync(HttpContext http, bool counting)
    {
        var faults = http.Vendor().Faults;
        var headers = http.Request.Headers;
        var bearer = headers.Authorization.ToString() is { } auth && auth.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? auth[7..].Trim() : "";
        var key = headers["x-api-key"].ToString() is { Length: > 0 } given ? given : bearer;
        if (key.Length == 0) return await NoAsync(new(401, "authentication_error", "x-api-key header is required"));
        if (headers["anthropic-version"].ToString() is var version && !faults.IsOn("any-version"))
        {
            if (version.Length == 0) return await NoAsync(ApiError.Bad("anthropic-version: header is required"));
            if (!Versions.Contains(version)) return await NoAsync(ApiError.Bad($"anthropic-version: \"{version}\" is not a valid version"));
        }
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (body.Length > MostBytes) return await NoAsync(new(413, "request_too_large", ApiError.WordsOf(413)));
        JsonObject? request;
        try { request = JsonNode.Parse(body.GetBuffer().AsSpan(0, (int)body.Length), null, new() { AllowDuplicateProperties = false }) as JsonObject; }
        catch (JsonException) { request = null; }
        if (request is null) return await NoAsync(ApiError.Bad("The request body is not valid JSON"));

        var owner = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24];
        if (ClaudeRefusals.Of(request, counting, !faults.IsOn("no-system-messages")) is { } refusal) return await NoAsync(refusal);
        if (faults.Value("prefix-mismatch") is null && ThinkingSeal.Check(request, owner) is { } broken) return await NoAsync(ApiError.Bad(broken));
        if (int.TryParse(faults.Value("rate-limit"), out var most) && _calls.AddOrUpdate((owner, time.GetUtcNow().ToUnixTimeSeconds() / 60), 1, (_, n) => n + 1) > most)
        {
            http.Response.Headers.RetryAfter = (60 - (time.GetUtcNow().ToUnixTimeSeconds() % 60)).ToString();
            return await NoAsync(new(429, "rate_limit_error", ApiError.WordsOf(429)));
        }
        return (request, owner);

        async Task<(JsonObject, string)?> NoAsync(ApiError error)
        {
            await FailAsync(http, error);
            return null;
        }
    }

    private static async Task FailAsync(HttpContext http, ApiError error)
    {
        var id = ClaudeWire.NewId("req");
        http.Response.Headers["request-id"] = id;
        await AnswerAsync(http, error.Status, error.Body(id));
    }

    private static async Task AnswerAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var headers = http.Response.Headers;
        if (!headers.ContainsKey("request-id")) headers["request-id"] = ClaudeWire.NewId("req");
        headers["anthropic-organization-id"] = "00000000-0000-4000-8000-000000000001";
        headers["anthropic-workspace-id"] = "wrkspc_invented0001";
        headers["anthropic-ratelimit-requests-limit"] = headers["anthropic-ratelimit-requests-remaining"] = "1000";
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.ContentLength = bytes.Length;
        if (http.Vendor().Faults.Knob("cut-body"))
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await http.Response.Body.FlushAsync();
            http.Abort();
            return;
        }
        await http.Response.Body.WriteAsync(bytes);
    }

    private static double Factor(HttpContext http) =>
        double.TryParse(http.Vendor().Faults.Value("token-factor"), System.Globalization.CultureInfo.InvariantCulture, out var factor) && factor > 0 ? factor : 1;
}
