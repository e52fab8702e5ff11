using System.Text.Json;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>When the agent answers, in Algiers time: within the shop's spans, or only outside of them (while nobody is there).</summary>
/// <param name="Outside">True: the spans are when people answer, the agent takes the rest.</param>
/// <param name="Season">Other spans for some weeks (Ramadan); null: none.</param>
/// <example><c>{"spans":[{"from":"08:00","to":"22:00","days":[0,1,2,3,4,6]},{"from":"14:30","to":"22:00","days":[5]}],"outside":false}</c> (0 is Sunday)</example>
public sealed record AgentHours(IReadOnlyList<HoursSpan> Spans, bool Outside = false, HoursSeason? Season = null)
{
    /// <summary>Null when there is no limit, or when it cannot be read: then the agent answers.</summary>
    public static AgentHours? Read(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return null;
        try
        {
            return JsonSerializer.Deserialize<AgentHours>(json, JsonSerializerOptions.Web) is { } hours && AreGood(hours.Spans) && (hours.Season is null || AreGood(hours.Season.Spans)) ? hours : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public bool IsOpen(DateTimeOffset at)
    {
        var today = AlgiersTime.DateInAlgiers(at);
        // A span over midnight began yesterday, under yesterday's hours.
        return (SpansOn(today).Any(s => s.HoldsFrom(today, at)) || SpansOn(today.AddDays(-1)).Any(s => s.HoldsFrom(today.AddDays(-1), at))) != Outside;
    }

    /// <summary>The next instant at which it opens; two weeks away at most. Null when it never does.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        var today = AlgiersTime.DateInAlgiers(at);
        var changes = Enumerable.Range(-1, 17).Select(n => today.AddDays(n)).SelectMany(day => SpansOn(day).Select(s => s.EdgeOf(day, isEnd: Outside))).Where(edge => edge > at && IsOpen(edge));
        return changes.Select(edge => (DateTimeOffset?)edge).Min();
    }

    /// <summary>The spans that begin on a day.</summary>
    private IEnumerable<HoursSpan> SpansOn(DateOnly day) => (Season is { } season && season.Holds(day) ? season.Spans : Spans).Where(s => s.Days.Contains((int)day.DayOfWeek));

    private static bool AreGood(IReadOnlyList<HoursSpan>? spans) => spans is { Count: > 0 } && spans.All(s => s is { Days.Count: > 0 } && s.From != s.To);
}

/// <summary>Hours that take the place of the usual ones from a first to a last day, both included; a span that begins on the last day may end after it.</summary>
public sealed record HoursSeason(DateOnly First, DateOnly Last, IReadOnlyList<HoursSpan> Spans)
{
    internal bool Holds(DateOnly day) => day >= First && day <= Last;
}

/// <summary>From one hour to another on some days of the week (0 is Sunday); a span over midnight belongs to the day it begins on.</summary>
public sealed record HoursSpan(TimeOnly From, TimeOnly To, IReadOnlyList<int> Days)
{
    /// <summary>Whether the span that begins on a day holds an instant.</summary>
    internal bool HoldsFrom(DateOnly day, DateTimeOffset at) => at >= EdgeOf(day, isEnd: false) && at < EdgeOf(day, isEnd: true);

    /// <summary>When the span that begins on a day begins, or ends.</summary>
    internal DateTimeOffset EdgeOf(DateOnly day, bool isEnd) =>
        !isEnd ? AlgiersTime.StartOf(day) + From.ToTimeSpan() : AlgiersTime.StartOf(From < To ? day : day.AddDays(1)) + To.ToTimeSpan();
}
