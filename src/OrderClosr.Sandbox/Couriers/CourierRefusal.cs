using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>A courier's no, thrown where it is noticed and written in its own shape.</summary>
#pragma warning disable CA1710 // a refusal wherever it is read; that it travels as an exception is a detail
public sealed class CourierRefusal(int status, JsonNode? body) : Exception($"{status}")
#pragma warning restore CA1710
{
    /// <summary>HTTP status; some couriers say no with 200.</summary>
    public int Status { get; } = status;

    /// <summary>The JSON body; null is the web page of a server that fell over.</summary>
    public JsonNode? Body { get; } = body;

    /// <summary>The answer, as the courier writes JSON.</summary>
    public IResult Answer(Courier courier) => Body is null
        ? Results.Text("<!doctype html><title>Server Error</title><h1>500 | Server Error</h1>", "text/html", statusCode: Status)
        : courier.Answer(Body, Status);
}

/// <summary>Noes of couriers built with Laravel (Ecotrack, Noest).</summary>
public static class Laravel
{
    /// <summary>422 with the fields that are wrong.</summary>
    public static CourierRefusal Invalid(FieldErrors errors) => new(422, InvalidBody(errors.Json()));

    /// <summary>422 for one field.</summary>
    public static CourierRefusal Invalid(string field, string words)
    {
        var errors = new FieldErrors();
        errors.Add(field, words);
        return Invalid(errors);
    }

    /// <summary>The body of a 422.</summary>
    public static JsonObject InvalidBody(JsonObject errors) => new() { ["message"] = "The given data was invalid.", ["errors"] = errors };

    /// <summary>401: no token, or one that opens nothing.</summary>
    public static CourierRefusal Unauthenticated() => new(401, new JsonObject { ["message"] = "Unauthenticated." });

    /// <summary>404 or 405 of an address that is none.</summary>
    public static CourierRefusal NoRoute(string path, bool isOtherMethod) => isOtherMethod
        ? new(405, new JsonObject { ["message"] = "The method is not supported for this route." })
        : new(404, new JsonObject { ["message"] = $"The route {path} could not be found." });

    /// <summary>The words of an injected fault.</summary>
    public static string Injected(Faults.Fault fault, int status) => (status switch
    {
        _ when fault.Code is { } code => new JsonObject { ["success"] = false, ["error"] = code, ["message"] = "injected" },
        401 => new JsonObject { ["message"] = "Unauthenticated." },
        403 => new JsonObject { ["message"] = "This action is unauthorized." },
        422 => InvalidBody([]),
        429 => new JsonObject { ["message"] = "Too Many Attempts." },
        503 => new JsonObject { ["message"] = "Service Unavailable" },
        _ => new JsonObject { ["message"] = "Server Error" },
    }).ToJsonString();

    /// <summary>The bearer token of a call.</summary>
    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    /// <summary>Counts a call and writes <c>X-RateLimit-…</c>; 429 with <c>Retry-After</c> when a window is full.</summary>
    /// <param name="names">What follows <c>X-RateLimit-Limit</c> for each window: "" for the first, <c>-Hour</c> …</param>
    public static void Count(HttpContext http, Courier courier, CourierAccount account, IReadOnlyList<RateWindow> windows, IReadOnlyList<string> names)
    {
        var answer = courier.Rates.Count(account.Id, windows);
        var headers = http.Response.Headers;
        for (var i = 0; i < windows.Count; i++)
        {
            headers["X-RateLimit-Limit" + names[i]] = windows[i].Limit.ToString(System.Globalization.CultureInfo.InvariantCulture);
            headers["X-RateLimit-Remaining" + names[i]] = answer.Left[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (!answer.IsRefused) return;
        headers.RetryAfter = ((int)Math.Ceiling(answer.Wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        throw new CourierRefusal(429, new JsonObject { ["message"] = "Too Many Attempts." });
    }
}
