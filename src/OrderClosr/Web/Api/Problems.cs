using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Api;

/// <summary>Refusals as RFC 9457 problem details: <c>type, title, status, detail</c> and, beyond the standard, <c>code, field, suggestions, allowed</c>.</summary>
public static class Problems
{
    /// <summary>The problem of a refusal: 404, 409 (a move: with the moves that are allowed) or 422.</summary>
    public static IResult Of(Refusal refusal) => Of(refusal, Answers.StatusOf(refusal));

    internal static IResult Of(Refusal refusal, int status) => Results.Json(new Problem
    {
        Type = $"urn:orderclosr:problem:{refusal.Code}", Title = TitleOf(status), Status = status, Detail = refusal.Words, Code = refusal.Code, Field = refusal.Field,
        Suggestions = refusal.Suggestions, Allowed = refusal.Code == "move_not_allowed" ? refusal.Suggestions ?? [] : null,
    }, ApiJson.Options, "application/problem+json", status);

    private static string TitleOf(int status) => status switch
    {
        400 => "The request is not JSON.",
        401 => "Who are you?",
        404 => "Not found.",
        409 => "Not now.",
        413 => "Too much.",
        415 => "Wrong content type.",
        422 => "Something in the request is not right.",
        429 => "Too many requests.",
        _ => "Something went wrong on our side.",
    };
}

/// <summary>The shape of every error.</summary>
public sealed record Problem
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>A stable word for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The field of the request that caused it.</summary>
    public string? Field { get; init; }

    /// <summary>What could be meant instead.</summary>
    public IReadOnlyList<string>? Suggestions { get; init; }

    /// <summary>For a move that is not allowed: the states the thing may go to.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }
}
