using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>When the agent answers, in Algiers time: within the shop's spans, or only outside of them (while nobody is there).</summary>
/// <param name="Outside">True: the spans are when people answer, the agent takes the rest.</param>
/// <example><c>{"spans":[{"from":"08:00","to":"22:00","days":[0,1,2,3,4,6]},{"from":"14:30","to":"22:00","days":[5]}],"outside":false}</c> (0 is Sunday)</example>
public sealed record AgentHours(IReadOnlyList<HoursSpan> Spans, bool Outside = false)
{
    /// <summary>Null when there is no limit, or when it cannot be read: then the agent answers.</summary>
    public static AgentHours? Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return null;
        try
        {
            return JsonSerializer.Deserialize<AgentHours>(json, JsonSerializerOptions.Web) is { Spans.Count: > 0 } hours && hours.Spans.All(s => s is { Days.Count: > 0 } && s.From != s.To) ? hours : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public bool IsOpen(DateTimeOffset at) => Spans.Any(s => s.Holds(at)) != Outside;

    /// <summary>The next instant at which it opens; about a week away at most. Null when it never does.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        var today = AlgiersTime.DateInAlgiers(at);
        var changes = Enumerable.Range(-1, 10).SelectMany(day => Spans.Select(s => s.EdgeOf(today.AddDays(day), isEnd: Outside))).Where(edge => edge > at && IsOpen(edge));
        return changes.Select(edge => (DateTimeOffset?)edge).Min();
    }
}

/// <summary>From one hour to another on some days of the week (0 is Sunday); a span over midnight belongs to the day it begins on.</summary>
public sealed record HoursSpan(TimeOnly From, TimeOnly To, IReadOnlyList<int> Days)
{
    internal bool Holds(DateTimeOffset at)
    {
        var local = AlgiersTime.ToAlgiers(at);
        var now = TimeOnly.FromDateTime(local.DateTime);
        if (From < To) return now >= From && now < To && On(local.DayOfWeek);
        return now >= From ? On(local.DayOfWeek) : now < To && On((DayOfWeek)(((int)local.DayOfWeek + 6) % 7));
    }

    /// <summary>When the span that begins on a day begins, or ends.</summary>
    internal DateTimeOffset EdgeOf(DateOnly day, bool isEnd) =>
        !isEnd ? AlgiersTime.StartOf(day) + From.ToTimeSpan() : AlgiersTime.StartOf(From < To ? day : day.AddDays(1)) + To.ToTimeSpan();

    private bool On(DayOfWeek day) => Days.Contains((int)day);
}
