using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Meta.Graph;

/// <summary>A no of the Graph API, thrown where it is noticed and written in Meta's own shape (facts: meta.md section 7).</summary>
#pragma warning disable CA1710 // it is a refusal wherever it is read; that it travels as an exception is a detail
public sealed class GraphRefusal(int code, string message, int status = 400, int? subcode = null, string type = "OAuthException", string? details = null) : Exception(message)
#pragma warning restore CA1710
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The code a program decides by.</summary>
    public int Code { get; } = code;

    /// <summary>The JSON body.</summary>
    public JsonObject Body()
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = type, ["code"] = Code };
        if (subcode is not null) error["error_subcode"] = subcode;
        // WhatsApp's own codes explain themselves in error_data and have had no subcodes since v16.
        if (details is not null || Code >= 130_000) error["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = details ?? Message };
        if (Code is 1 or 2 or 131_000 or 131_016 || Status >= 500) error["is_transient"] = true;
        error["fbtrace_id"] = "A" + MetaIds.Letters(22);
        return new() { ["error"] = error };
    }

    /// <summary>100: a parameter is missing or wrong.</summary>
    public static GraphRefusal Param(string what) => new(100, $"(#100) {what}");

    /// <summary>131009: a WhatsApp parameter has a value that cannot be.</summary>
    public static GraphRefusal Value(string details) => new(131_009, "(#131009) Parameter value is not valid", details: details);

    /// <summary>131008: a WhatsApp parameter is missing.</summary>
    public static GraphRefusal Missing(string details) => new(131_008, "(#131008) Required parameter is missing", details: details);

    /// <summary>100/33: nothing of that id that this token may see.</summary>
    public static GraphRefusal NoObject(string method, string id) => new(100,
        $"Unsupported {method.ToLowerInvariant()} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation",
        subcode: 33, type: "GraphMethodException");

    /// <summary>2500: no such path.</summary>
    public static GraphRefusal UnknownPath(string path) => new(2500, $"Unknown path components: /{path}");

    /// <summary>190: the token is dead or never was one.</summary>
    public static GraphRefusal Token(int? subcode, MetaKind? kind) => new(190, subcode switch
    {
        458 => "Error validating access token: The user has not authorized application.",
        459 => "Error validating access token: The user is checkpointed.",
        460 => "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
        463 => "Error validating access token: Session has expired.",
        464 => "Error validating access token: The user is not confirmed.",
        492 => "Error validating access token: The user no longer has the role that the token needs.",
        467 => "Error validating access token: The session is invalid.",
        _ => "Invalid OAuth access token - Cannot parse access token",
    }, status: kind == MetaKind.WhatsApp ? 401 : 400, subcode: kind == MetaKind.WhatsApp ? null : subcode);

    /// <summary>A permission is missing: 200 on Pages and Instagram, 10 on WhatsApp.</summary>
    public static GraphRefusal Permission(string scope, MetaKind kind) => kind == MetaKind.WhatsApp
        ? new(10, "(#10) Application does not have permission for this action", 403)
        : new(200, $"(#200) Requires {scope} permission to manage the object", 403);

    /// <summary>An injected fault in Meta's shape: any code, with its usual words.</summary>
    public static string Injected(Faults.Fault fault, int status)
    {
        var code = fault.Code ?? status switch { 401 => 190, 403 => 10, 404 => 100, 429 => 4, >= 500 => 2, _ => 1 };
        return MetaJson.Write(new GraphRefusal(code, $"(#{code}) {Words(code)}", status, fault.Subcode, details: code >= 130_000 ? Words(code) : null).Body(), MetaSpelling.Today);
    }

    /// <summary>The title of a code, for errors and failed statuses.</summary>
    public static string Words(int code) => code switch
    {
        1 => "An unknown error occurred",
        2 => "Service temporarily unavailable",
        4 => "Application request limit reached",
        10 => "Application does not have permission for this action",
        17 => "User request limit reached",
        32 => "Page request limit reached",
        190 => "Invalid OAuth 2.0 Access Token",
        368 => "Temporarily blocked for policies violations",
        551 => "This person isn't available right now.",
        613 => "Calls to this api have exceeded the rate limit.",
        130_429 => "Rate limit hit",
        130_472 => "User's number is part of an experiment",
        131_000 => "Something went wrong",
        131_016 => "Service unavailable",
        131_021 => "Recipient cannot be sender",
        131_026 => "Message undeliverable",
        131_031 => "Business Account locked",
        131_042 => "Business eligibility payment issue",
        131_047 => "Re-engagement message",
        131_048 => "Spam rate limit hit",
        131_049 => "This message was not delivered to maintain healthy ecosystem engagement.",
        131_050 => "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business",
        131_051 => "Unsupported message type",
        131_052 => "Media download error",
        131_053 => "Media upload error",
        131_056 => "(Business Account, Consumer Account) pair rate limit hit",
        131_057 => "Account in maintenance mode",
        132_001 => "Template name does not exist in the translation",
        133_010 => "The phone number is not registered",
        _ => "An error occurred",
    };
}
