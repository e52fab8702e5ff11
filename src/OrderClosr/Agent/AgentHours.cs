using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>When the agent answers, in Algiers time: from one hour to another on some days. A span over midnight is allowed.</summary>
/// <example><c>{"from":"08:00","to":"22:00","days":[0,1,2,3,4,6]}</c> (0 is Sunday; no days: every day)</example>
public sealed record AgentHours(TimeOnly From, TimeOnly To, IReadOnlyList<int>? Days = null)
{
    /// <summary>Null when there is no limit, or when it cannot be read: then the agent answers.</summary>
    public static AgentHours? Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return null;
        try
        {
            return JsonSerializer.Deserialize<AgentHours>(json, JsonSerializerOptions.Web) is { } hours && hours.From != hours.To ? hours : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public bool IsOpen(DateTimeOffset at)
    {
        var local = AlgiersTime.ToAlgiers(at);
        var now = TimeOnly.FromDateTime(local.DateTime);
        if (From < To) return now >= From && now < To && On(local.DayOfWeek);
        // Over midnight the early hours belong to the day before.
        return now >= From ? On(local.DayOfWeek) : now < To && On((DayOfWeek)(((int)local.DayOfWeek + 6) % 7));
    }

    /// <summary>The next instant at which it opens; at most a week away.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        var today = AlgiersTime.DateInAlgiers(at);
        for (var i = 0; i <= 7; i++)
        {
            var opens = AlgiersTime.StartOf(today.AddDays(i)) + From.ToTimeSpan();
            if (opens > at && IsOpen(opens)) return opens;
        }
        return null;
    }

    private bool On(DayOfWeek day) => Days is not { Count: > 0 } || Days.Contains((int)day);
}
