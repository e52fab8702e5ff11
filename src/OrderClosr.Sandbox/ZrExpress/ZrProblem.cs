using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Couriers;

namespace OrderClosr.Sandbox.ZrExpress;

/// <summary>A no of ZR, thrown where it is noticed and written as problem+json (facts: zr-express.md section A1).</summary>
#pragma warning disable CA1710 // it is a refusal wherever it is read; that it travels as an exception is a detail
public sealed class ZrProblem(int status, string title, string detail, IReadOnlyList<(string Field, string Words)>? errors = null) : Exception(detail)
#pragma warning restore CA1710
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The code a program decides by.</summary>
    public string Title { get; } = title;

    /// <summary>Fields with what is wrong with them.</summary>
    public IReadOnlyList<(string Field, string Words)> Errors { get; } = errors ?? [];

    /// <summary>400 for fields.</summary>
    public static ZrProblem Fields(params IReadOnlyList<(string Field, string Words)> errors) => new(400, "Validation.Failed", "One or more validation errors occurred.", errors);

    /// <summary>404 for anything that is not there.</summary>
    public static ZrProblem Missing(string of) => new(404, $"{of}Errors.{of}NotFound", $"The {of.ToLowerInvariant()} was not found.");

    /// <summary>The answer; <c>errors</c> is an object of arrays, or an array with the switch <c>errors-as-array</c> (of objects, or of texts with <c>value</c> <c>text</c>).</summary>
    public IResult Answer(HttpContext http, ZrCourier courier)
    {
        var body = new JsonObject { ["type"] = "https://tools.ietf.org/html/rfc9110#section-15", ["title"] = Title, ["status"] = Status, ["detail"] = Message, ["instance"] = http.Request.Path.Value };
        if (Errors.Count > 0)
            body["errors"] = courier.Vendor.Faults.Value("errors-as-array") switch
            {
                null => new JsonObject(Errors.GroupBy(e => e.Field).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)new JsonArray([.. g.Select(e => (JsonNode)e.Words)])))),
                "text" => new JsonArray([.. Errors.Select(e => (JsonNode)e.Words)]),
                _ => new JsonArray([.. Errors.Select(e => new JsonObject { ["code"] = e.Field, ["description"] = e.Words })]),
            };
        return Results.Text(OddTypes.Apply(body, courier.Vendor.Faults)!.ToJsonString(CourierJson.Relaxed), "application/problem+json", statusCode: Status);
    }
}
