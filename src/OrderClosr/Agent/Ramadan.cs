using System.Globalization;

namespace OrderClosr.Agent;

/// <summary>When the next Ramadan is by the calendar of Umm al-Qura: a first guess for the form. The crescent decides in Algeria, so the merchant's own dates count.</summary>
public static class Ramadan
{
    private const int Month = 9;

    /// <summary>First and last day of the Ramadan that runs or comes next.</summary>
    public static (DateOnly First, DateOnly Last) Next(DateOnly today)
    {
        var calendar = new UmAlQuraCalendar();
        for (var year = calendar.GetYear(today.ToDateTime(default)); ; year++)
        {
            var last = Day(year, calendar.GetDaysInMonth(year, Month));
            if (last >= today) return (Day(year, 1), last);
        }

        DateOnly Day(int year, int day) => DateOnly.FromDateTime(calendar.ToDateTime(year, Month, day, 0, 0, 0, 0));
    }
}
