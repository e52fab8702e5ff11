using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.Chargily;

/// <summary>The service's no, thrown where it is noticed and written in its own shape.</summary>
#pragma warning disable CA1710 // a refusal wherever it is read; that it travels as an exception is a detail
public sealed class ChargilyRefusal(int status, JsonObject body) : Exception($"{status}")
#pragma warning restore CA1710
{
    /// <summary>The answer as JSON.</summary>
    public IResult Answer() => Results.Text(body.ToJsonString(CourierJson.Relaxed), "application/json", statusCode: status);

    /// <summary>422 with the fields that are wrong.</summary>
    public static ChargilyRefusal Invalid(FieldErrors errors)
    {
        var fields = errors.Json();
        return new(422, new JsonObject { ["message"] = (string?)fields.First().Value![0], ["errors"] = fields });
    }

    /// <summary>A no in words alone.</summary>
    public static ChargilyRefusal Of(int status, string words) => new(status, new JsonObject { ["message"] = words });

    /// <summary>The words of an injected fault.</summary>
    public static string Injected(int status) => (status switch
    {
        401 => new JsonObject { ["message"] = "Unauthenticated." },
        422 => new JsonObject { ["message"] = "The amount field is invalid.", ["errors"] = new JsonObject { ["amount"] = new JsonArray("The amount field is invalid.") } },
        429 => new JsonObject { ["message"] = "Too Many Attempts." },
        _ => new JsonObject { ["message"] = "Server Error" },
    }).ToJsonString();
}
