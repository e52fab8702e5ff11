using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Google;

/// <summary>A no of the Sheets API in Google's own shape.</summary>
public sealed class GoogleRefusal(int code, string status, string message, string? reason = null) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Code => code;

    /// <summary>The answer.</summary>
    public IResult Answer() => Results.Text(Body(code, status, Message, reason), "application/json", statusCode: code);

    /// <summary>The body of an error, also of an injected one.</summary>
    public static string Body(int code, string status, string message, string? reason = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message, ["status"] = status };
        if (reason is not null)
        {
            error["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = reason == "accessNotConfigured" ? "usageLimits" : "global", ["reason"] = reason });
            if (reason == "accessNotConfigured")
                error["details"] = new JsonArray(new JsonObject { ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo", ["reason"] = "SERVICE_DISABLED", ["domain"] = "googleapis.com" });
        }
        return new JsonObject { ["error"] = error }.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The word that goes with an HTTP status.</summary>
    public static string StatusOf(int code) => code switch
    {
        400 => "INVALID_ARGUMENT", 401 => "UNAUTHENTICATED", 403 => "PERMISSION_DENIED", 404 => "NOT_FOUND", 409 => "ABORTED", 429 => "RESOURCE_EXHAUSTED", 500 => "INTERNAL", 503 => "UNAVAILABLE", 504 => "DEADLINE_EXCEEDED", _ => "UNKNOWN",
    };

    internal static GoogleRefusal Bad(string message) => new(400, "INVALID_ARGUMENT", message, "badRequest");
    internal static GoogleRefusal NotShared() => new(403, "PERMISSION_DENIED", "The caller does not have permission", "forbidden");
    internal static GoogleRefusal NotFound() => new(404, "NOT_FOUND", "Requested entity was not found.", "notFound");
    internal static GoogleRefusal NotSignedIn() =>
        new(401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.", "authError");
    internal static GoogleRefusal Disabled(string project) => new(403, "PERMISSION_DENIED",
        $"Google Sheets API has not been used in project {project} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project={project} then retry.", "accessNotConfigured");
    internal static GoogleRefusal TooMany(string kind) => new(429, "RESOURCE_EXHAUSTED",
        $"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute per user' of service 'sheets.googleapis.com' for consumer 'project_number:4242'.", "rateLimitExceeded");
}
