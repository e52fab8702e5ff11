namespace OrderClosr.Ground.Values;

/// <summary>What day and hour it is for the shop: Algeria keeps UTC+1 all year.</summary>
public static class AlgiersTime
{
    /// <summary>Africa/Algiers from the system's time zones; a fixed +01:00 where they are not installed.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.TryFindSystemTimeZoneById("Africa/Algiers", out var zone)
        ? zone
        : TimeZoneInfo.CreateCustomTimeZone("Africa/Algiers", TimeSpan.FromHours(1), "Algiers", "Algiers");

    extension(TimeProvider time)
    {
        /// <summary>Today's date in Algiers.</summary>
        public DateOnly TodayInAlgiers() => DateInAlgiers(time.GetUtcNow());
    }

    /// <summary>The date in Algiers of an instant.</summary>
    public static DateOnly DateInAlgiers(DateTimeOffset at) => DateOnly.FromDateTime(ToAlgiers(at).DateTime);

    /// <summary>The same instant, read on an Algiers clock; for pages only, never stored.</summary>
    public static DateTimeOffset ToAlgiers(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>The instant at which a day begins in Algiers.</summary>
    public static DateTimeOffset StartOf(DateOnly day) =>
        new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Zone.GetUtcOffset(day.ToDateTime(TimeOnly.MinValue))).ToUniversalTime();
}
