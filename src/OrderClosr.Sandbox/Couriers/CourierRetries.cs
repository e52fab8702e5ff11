using System.Globalization;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>How patient a courier is with the product's webhook address.</summary>
public static class CourierRetries
{
    /// <summary>Seconds before each try after the first, with commas; null for no text.</summary>
    /// <example><c>"0,1,5"</c> is three more tries.</example>
    public static TimeSpan[]? Read(string? seconds) => seconds is null ? null
        : [.. seconds.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(s => TimeSpan.FromSeconds(double.Parse(s, CultureInfo.InvariantCulture)))];
}
