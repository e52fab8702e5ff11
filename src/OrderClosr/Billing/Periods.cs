namespace OrderClosr.Billing;

/// <summary>Days of plans, on an Algiers calendar: where a paid span ends, and which month of it a day falls into.</summary>
public static class Periods
{
    /// <summary>The first day that a span of one cycle from a day does not hold. The day of the month stays where it can: from the 31st of January to the 28th of February to the 31st of March.</summary>
    /// <param name="day">The day of the month it began with long ago.</param>
    public static DateOnly End(DateOnly from, BillingCycle cycle, int day)
    {
        var end = from.AddMonths(cycle == BillingCycle.Yearly ? 12 : 1);
        var wanted = Math.Min(day, DateTime.DaysInMonth(end.Year, end.Month));
        return new(end.Year, end.Month, wanted);
    }

    /// <summary>The first day of the month that a day falls into: conversations are counted by calendar months, whatever day the plan began.</summary>
    public static DateOnly Month(DateOnly day) => new(day.Year, day.Month, 1);
}
