using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderClosr.Sandbox.Claude;

/// <summary>What the Messages API refuses, in its order: body, model, sampling, messages, tools, caching (facts: claude.md sections 1, 2 and 5).</summary>
internal static partial class ClaudeRefusals
{
    private static readonly HashSet<string> Known =
    [
        "model", "max_tokens", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control", "metadata", "stop_sequences", "stream",
        "service_tier", "inference_geo", "container", "diagnostics", "speed", "user_profile_id", "workspace_id",
    ];

    /// <summary>The first thing wrong, or null. <paramref name="counting"/> is the token counter, which takes no <c>max_tokens</c>.</summary>
    public static ApiError? Of(JsonObject request, bool counting, bool systemMessages)
    {
        if (request.Text("model") is not { Length: > 0 } id) return ApiError.Bad("model: Field required");
        if (!ClaudeModel.All.TryGetValue(id, out var model)) return new(404, "not_found_error", $"model: {id}");
        var why = Sampling(request) ?? Top(request, counting, model) ?? Messages(request, systemMessages) ?? SystemBlocks(request) ?? ClaudeToolRefusals.Of(request, model) ?? Caching(request);
        return why is null ? null : ApiError.Bad(why);
    }

    // Gone since version 2026-10-21, even at their default values.
    private static string? Sampling(JsonObject request) =>
        new[] { "temperature", "top_p", "top_k" }.FirstOrDefault(request.ContainsKey) is { } gone ? $"{gone}: `{gone}` is no longer supported. Remove it from the request." : null;

    private static string? Top(JsonObject request, bool counting, ClaudeModel model)
    {
        if (request.Select(p => p.Key).FirstOrDefault(k => !Known.Contains(k)) is { } extra) return $"{extra}: Extra inputs are not permitted";
        if (!counting)
        {
            if (!request.ContainsKey("max_tokens")) return "max_tokens: Field required";
            if (request.Whole("max_tokens") is not { } most || most < 0) return "max_tokens: Input should be a valid integer, 0 or more";
            if (most > 128_000) return $"max_tokens: {most} > 128000, which is the maximum allowed number of output tokens for {model.Id}";
        }
        if (request["stream"] is { } stream && stream.GetValueKind() == JsonValueKind.True) return "stream: this stand-in does not stream; send the request without `stream`";
        if (request["metadata"] is JsonObject metadata && metadata["user_id"] is { } user && (user.GetValueKind() != JsonValueKind.String || user.GetValue<string>().Length > 256))
            return "metadata.user_id: Input should be a string of at most 256 characters";
        return Thinking(request, model);
    }

    private static string? Thinking(JsonObject request, ClaudeModel model)
    {
        var effort = request["output_config"].Text("effort");
        if (effort is not null and not ("low" or "medium" or "high" or "xhigh" or "max")) return "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'";
        if (request["thinking"] is not { } thinking) return null;
        if (thinking is JsonObject t && t.ContainsKey("budget_tokens")) return "thinking.budget_tokens: `budget_tokens` is no longer supported. Use thinking.type `adaptive` with output_config.effort.";
        return thinking.Text("type") switch
        {
            "adaptive" => null,
            "disabled" when !model.ThinkingCanBeOff => $"thinking: thinking cannot be disabled on {model.Id}",
            "disabled" when effort is "xhigh" or "max" => $"thinking: thinking cannot be disabled at effort {effort}",
            "disabled" => null,
            _ => "thinking.type: Input should be 'adaptive' or 'disabled'",
        };
    }

    private static string? Messages(JsonObject request, bool systemMessages)
    {
        if (request["messages"] is not JsonArray { Count: > 0 } messages) return "messages: at least one message is required";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < messages.Count; i++)
        {
            var role = messages[i].Text("role");
            if (role is not ("user" or "assistant" or "system")) return $"messages.{i}.role: Input should be 'user', 'assistant' or 'system'";
            if (i == 0 && role != "user") return "messages: first message must use the \"user\" role";
            var why = Content(messages[i]!, role, $"messages.{i}");
            why ??= role == "system" ? SystemPlace(messages, i, systemMessages) : null;
            why ??= ToolPairs(messages, i, seen);
            if (why is not null) return why;
        }
        return messages[^1].Text("role") == "assistant" ? "This model does not support assistant message prefill. The conversation must end with a user message." : null;
    }

    private static string? Content(JsonNode message, string role, string at)
    {
        var content = (message as JsonObject)?["content"];
        if (content is JsonValue v && v.TryGetValue(out string? plain)) return plain.Trim().Length == 0 ? $"{at}: {role} messages must have non-empty content" : null;
        if (content is not JsonArray { Count: > 0 } blocks) return $"{at}.content: Input should be a string or a list of at least one block";
        for (var i = 0; i < blocks.Count; i++)
        {
            var type = blocks[i].Text("type");
            var where = $"{at}.content.{i}";
            var allowed = role switch
            {
                "user" => type is "text" or "image" or "document" or "tool_result",
                "assistant" => type is "text" or "thinking" or "redacted_thinking" or "tool_use",
                _ => type is "text",
            };
            if (!allowed) return $"{where}: block type '{type}' is not allowed in a {role} message";
            if (Block(blocks[i]!, type!, where) is { } why) return why;
        }
        return null;
    }

    private static string? Block(JsonNode block, string type, string at) => type switch
    {
        "text" when block.Text("text") is not { } text => $"{at}.text: Field required",
        "text" when block.Text("text")!.Length == 0 => "messages: text content blocks must be non-empty",
        "text" when block.Text("text")!.Trim().Length == 0 => "messages: text content blocks must contain non-whitespace text",
        "thinking" when block.Text("signature") is not { Length: > 0 } => $"{at}.thinking.signature: Field required",
        "tool_use" when block.Text("id") is not { Length: > 0 } || block.Text("name") is not { Length: > 0 } || (block as JsonObject)?["input"] is not JsonObject => $"{at}.tool_use: id, name and input are required, input is an object",
        "tool_result" when block.Text("tool_use_id") is not { Length: > 0 } => $"{at}.tool_result.tool_use_id: Field required",
        "tool_result" when ClaudeWire.Blocks((block as JsonObject)?["content"]).Any(b => b.Text("type") == "text" && b.Text("text") is { Length: 0 } && (block as JsonObject)?["content"] is JsonArray) => "messages: text content blocks must be non-empty",
        "image" => Image((block as JsonObject)?["source"], at),
        _ => null,
    };

    private static string? Image(JsonNode? source, string at)
    {
        switch (source.Text("type"))
        {
            case "url" when source.Text("url") is { Length: > 0 }:
            case "file" when source.Text("file_id") is { Length: > 0 }:
                return null;
            case "base64":
                if (source.Text("media_type") is not ("image/jpeg" or "image/png" or "image/gif" or "image/webp")) return $"{at}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'";
                if (source.Text("data") is not { Length: > 0 } data || data.Length > 10 * 1024 * 1024) return $"{at}.image.source.base64.data: image is missing or exceeds 10 MB maximum";
                return Convert.TryFromBase64String(data, new byte[data.Length], out var length) && length > 0 ? null : $"{at}.image.source.base64.data: Could not process image";
            default:
                return $"{at}.image.source: Field required";
        }
    }

    private static string? SystemPlace(JsonArray messages, int i, bool allowed)
    {
        if (!allowed) return $"messages.{i}.role: Input should be 'user' or 'assistant'";
        if (messages[i - 1].Text("role") != "user") return $"messages.{i}: a system message must follow a user message";
        return i + 1 < messages.Count && messages[i + 1].Text("role") != "assistant" ? $"messages.{i}: a system message must be last or be followed by an assistant message" : null;
    }

    /// <summary>Every call is answered in the very next message, results first, each id once.</summary>
    private static string? ToolPairs(JsonArray messages, int i, HashSet<string> seen)
    {
        var blocks = ClaudeWire.Blocks((messages[i] as JsonObject)?["content"]);
        var asked = i > 0 && messages[i - 1].Text("role") == "assistant"
            ? ClaudeWire.Blocks((messages[i - 1] as JsonObject)?["content"]).Where(b => b.Text("type") == "tool_use").Select(b => b.Text("id")!).ToList() : [];
        var answered = blocks.TakeWhile(b => b.Text("type") == "tool_result").Select(b => b.Text("tool_use_id")!).ToList();
        if (blocks.Skip(answered.Count).Any(b => b.Text("type") == "tool_result")) return $"messages.{i}: `tool_result` blocks must come first in the content of a message";
        if (answered.FirstOrDefault(id => !asked.Contains(id)) is { } stray) return $"messages.{i}.content: unexpected `tool_use_id` found in `tool_result` blocks: {stray}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.";
        if (answered.Count != answered.Distinct().Count()) return $"messages.{i}.content: each `tool_use` must have a single result";
        if (asked.FirstOrDefault(id => !answered.Contains(id)) is { } open) return $"messages.{i - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {open}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.";
        foreach (var id in blocks.Where(b => b.Text("type") == "tool_use").Select(b => b.Text("id")!))
            if (!seen.Add(id)) return $"messages.{i}: `tool_use` ids must be unique";
        return null;
    }

    private static string? SystemBlocks(JsonObject request) => request["system"] switch
    {
        null => null,
        JsonValue v when v.TryGetValue(out string? _) => null,
        JsonArray list when list.All(b => b.Text("type") == "text") => list.Any(b => b.Text("text") is not { } t || t.Trim().Length == 0) ? "system: text content blocks must be non-empty" : null,
        _ => "system: Input should be a string or a list of text blocks",
    };

    private static string? Caching(JsonObject request)
    {
        var marks = CacheMarks(request).ToList();
        if (marks.Count > 4) return $"A maximum of 4 blocks with cache_control may be provided. Found {marks.Count}.";
        if (marks.Any(m => m.Text("type") != "ephemeral" || m.Text("ttl") is not (null or "5m" or "1h"))) return "cache_control: type is 'ephemeral' and ttl '5m' or '1h'";
        var shorter = marks.FindIndex(m => m.Text("ttl") is not "1h");
        return shorter >= 0 && marks.FindIndex(shorter, m => m.Text("ttl") == "1h") > 0 ? "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block" : null;
    }

    /// <summary>Every breakpoint in prompt order; the automatic one of the top level comes last.</summary>
    private static IEnumerable<JsonNode> CacheMarks(JsonObject request)
    {
        var blocks = request.Objects("tools").Concat(ClaudeWire.Blocks(request["system"]))
            .Concat(request.Objects("messages").SelectMany(m => ClaudeWire.Blocks(m["content"])).SelectMany(b => b.Text("type") == "tool_result" ? ClaudeWire.Blocks(b["content"]).Append(b) : [b]));
        foreach (var block in blocks)
            if (block["cache_control"] is { } mark) yield return mark;
        if (request["cache_control"] is { } automatic) yield return automatic;
    }
}
