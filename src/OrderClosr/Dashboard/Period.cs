using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Dashboard;

/// <summary>Days of Algiers a person looks at, both included, and the ones they are compared with.</summary>
public sealed record Period(DateOnly From, DateOnly To)
{
    /// <summary>The longest: a year and a month.</summary>
    public const int MostDays = 400;

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>From the first of a month to some day of it.</summary>
    public bool IsOfMonth => From.Day == 1 && From.Year == To.Year && From.Month == To.Month;

    /// <summary>The one before: the same days of the month before, else as many days just before.</summary>
    public Period Before
    {
        get
        {
            if (!IsOfMonth) return new(From.AddDays(-Days), From.AddDays(-1));
            var first = From.AddMonths(-1);
            var length = DateTime.DaysInMonth(first.Year, first.Month);
            // A whole month is compared with a whole one, however long each is.
            return new(first, first.AddDays((To.AddDays(1).Day == 1 ? length : Math.Min(To.Day, length)) - 1));
        }
    }

    public static Period Week(DateOnly today) => new(today.AddDays(-6), today);

    public static Period Month(DateOnly today) => new(RollUp.MonthOf(today), today);

    public static Period LastMonth(DateOnly today) => new(RollUp.MonthOf(today).AddMonths(-1), RollUp.MonthOf(today).AddDays(-1));

    /// <summary>As a program says it; nothing said: this month. Refused: <c>not_a_day, period_backwards, period_too_long</c>.</summary>
    public static Result<Period> Read(string? from, string? to, DateOnly today)
    {
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to)) return Month(today);
        if (!TryDay(from, out var first)) return new Refusal("not_a_day", "A day is written 2026-11-30.", "from");
        if (!TryDay(to, out var last)) return new Refusal("not_a_day", "A day is written 2026-11-30.", "to");
        if (last < first) return new Refusal("period_backwards", "It ends before it begins.", "to");
        return last.DayNumber - first.DayNumber >= MostDays ? new Refusal("period_too_long", $"At most {MostDays} days.", "to", [$"{MostDays}"]) : new Period(first, last);
    }

    /// <summary>As the address of a page says it: what is missing or wrong is made the nearest thing that can be shown.</summary>
    public static Period OfPage(string? from, string? to, DateOnly today)
    {
        if (!TryDay(from, out var first) & !TryDay(to, out var last)) return Month(today);
        if (last == default) last = first > today ? first : today;
        if (first == default) first = RollUp.MonthOf(last);
        if (last < first) (first, last) = (last, first);
        return last.DayNumber - first.DayNumber < MostDays ? new(first, last) : new(last.AddDays(1 - MostDays), last);
    }

    /// <summary><c>from=2026-11-01&amp;to=2026-11-30</c>.</summary>
    public string Query => $"from={Text(From)}&to={Text(To)}";

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool TryDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 2000 and < 2200;
}
