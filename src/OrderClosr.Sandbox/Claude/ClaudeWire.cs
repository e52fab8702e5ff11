using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Claude;

/// <summary>A refusal in the API's own shape: status, <c>error.type</c> and words (facts: claude.md section 2.7).</summary>
internal sealed record ApiError(int Status, string Type, string Message)
{
    /// <summary>The commonest: the request is wrong.</summary>
    public static ApiError Bad(string message) => new(400, "invalid_request_error", message);

    /// <summary>The type that belongs to a status.</summary>
    public static string TypeOf(int status) => status switch
    {
        400 or 422 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        409 => "conflict_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        _ => "api_error",
    };

    /// <summary>What the vendor writes for a status when a fault asks for it.</summary>
    public static string WordsOf(int status) => status switch
    {
        401 => "invalid x-api-key",
        402 => "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
        403 => "Your API key does not have permission to use the specified resource.",
        413 => "Request exceeds the maximum size",
        429 => "This request would exceed the rate limit for your organization.",
        504 => "Request timed out",
        529 => "Overloaded",
        _ => "Internal server error",
    };

    /// <summary>The body, with the id that the header repeats.</summary>
    public string Body(string requestId) => new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = Type, ["message"] = Message },
        ["request_id"] = requestId,
    }.ToJsonString(ClaudeWire.Json);
}

/// <summary>JSON and ids as this vendor writes them.</summary>
internal static class ClaudeWire
{
    /// <summary>Arabic stays readable on the wire.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An id such as <c>msg_01…</c>, <c>toolu_01…</c>, <c>req_011…</c>.</summary>
    public static string NewId(string prefix) => prefix + "_01" + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789", 22);

    /// <summary>Tokens of a text: one for about three bytes (facts: claude.md section 8 row 2).</summary>
    public static int Tokens(int bytes, double factor = 1) => bytes == 0 ? 0 : (int)Math.Ceiling(bytes * factor / 3);

    /// <summary>Tokens of a text.</summary>
    public static int Tokens(string text, double factor = 1) => Tokens(Encoding.UTF8.GetByteCount(text), factor);

    /// <summary>The text of a member, or null when it is missing or no text.</summary>
    public static string? Text(this JsonNode? node, string member) => node is JsonObject o && o[member] is JsonValue v && v.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number of a member, or null.</summary>
    public static int? Whole(this JsonNode? node, string member) => node is JsonObject o && o[member] is JsonValue v && v.GetValueKind() == JsonValueKind.Number && v.TryGetValue(out double number) && number == Math.Floor(number) ? (int)number : null;

    /// <summary>A switch of a member; missing is false.</summary>
    public static bool Is(this JsonNode? node, string member) => node is JsonObject o && o[member] is JsonValue v && v.GetValueKind() == JsonValueKind.True;

    /// <summary>The objects of a list member; missing is none.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string member) => node is JsonObject o && o[member] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The texts of a list member; missing is none.</summary>
    public static IReadOnlyList<string> Texts(this JsonNode? node, string member) =>
        node is JsonObject o && o[member] is JsonArray list ? [.. list.OfType<JsonValue>().Select(v => v.TryGetValue(out string? t) ? t : "").Where(t => t.Length > 0)] : [];

    /// <summary>The blocks of a message or of <c>system</c>: a plain text counts as one text block.</summary>
    public static IReadOnlyList<JsonObject> Blocks(JsonNode? content) => content switch
    {
        JsonArray list => [.. list.OfType<JsonObject>()],
        JsonValue v when v.TryGetValue(out string? text) => [new JsonObject { ["type"] = "text", ["text"] = text }],
        _ => [],
    };
}
