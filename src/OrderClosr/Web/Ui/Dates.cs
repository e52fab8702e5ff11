using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Web.Ui;

/// <summary>Instants and spans as people read them, on an Algiers clock, in the page's language.</summary>
public sealed class Dates(TimeProvider time, Words words)
{
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary><c>10:34</c>.</summary>
    public static string Clock(DateTimeOffset at) => AlgiersTime.ToAlgiers(at).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>In a list: <c>10:34</c> today, <c>hier</c>, then <c>18 nov.</c>, with the year when it is another one.</summary>
    public string Short(DateTimeOffset at) => DaysAgo(at) switch
    {
        0 => Clock(at),
        1 => words["ui.yesterday"],
        _ => Day(AlgiersTime.DateInAlgiers(at)),
    };

    /// <summary>In a history: <c>auj. 09:34</c>, <c>hier 18:02</c>, <c>18 nov. 18:02</c>.</summary>
    public string DayAndClock(DateTimeOffset at) => DaysAgo(at) switch
    {
        0 => words["ui.today_at", Clock(at)],
        1 => words["ui.yesterday_at", Clock(at)],
        _ => $"{Day(AlgiersTime.DateInAlgiers(at))} {Clock(at)}",
    };

    /// <summary>Between the days of a thread: <c>Aujourd'hui</c>, <c>Hier</c>, <c>18 nov.</c></summary>
    public string Separator(DateTimeOffset at) => DaysAgo(at) switch
    {
        0 => words["ui.today"],
        1 => words["ui.yesterday_capital"],
        _ => Day(AlgiersTime.DateInAlgiers(at)),
    };

    /// <summary><c>18 nov.</c>, <c>18 nov. 2025</c>.</summary>
    public string Day(DateOnly day)
    {
        var month = words[$"ui.month_{Months[day.Month - 1]}"];
        return day.Year == time.TodayInAlgiers().Year ? $"{day.Day} {month}" : $"{day.Day} {month} {day.Year}";
    }

    /// <summary><c>nov.</c>, <c>nov. 2025</c>.</summary>
    public string Month(DateOnly day)
    {
        var month = words[$"ui.month_{Months[day.Month - 1]}"];
        return day.Year == time.TodayInAlgiers().Year ? month : $"{month} {day.Year}";
    }

    /// <summary><c>4 min</c>, <c>1 h 12</c>, <c>3 j</c>.</summary>
    public string Span(TimeSpan span) => span switch
    {
        _ when span < TimeSpan.FromMinutes(1) => words["ui.span_now"],
        _ when span < TimeSpan.FromHours(1) => words["ui.span_minutes", (int)span.TotalMinutes],
        _ when span < TimeSpan.FromHours(48) => words["ui.span_hours", (int)span.TotalHours, span.Minutes.ToString("00", CultureInfo.InvariantCulture)],
        _ => words["ui.span_days", (int)span.TotalDays],
    };

    /// <summary>How long ago: <see cref="Span"/> from then to now.</summary>
    public string Since(DateTimeOffset at) => Span(time.GetUtcNow() - at);

    private int DaysAgo(DateTimeOffset at) => time.TodayInAlgiers().DayNumber - AlgiersTime.DateInAlgiers(at).DayNumber;
}
