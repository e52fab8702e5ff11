using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Verbs.Demo;

/// <summary>The demo shop's fee table: five zones, as a shop in Algiers would have agreed with a courier.</summary>
internal static class DemoFees
{
    /// <summary>Goods from this amount on travel free.</summary>
    internal static readonly Dinars FreeFrom = new(20_000);

    private static readonly (int[] Wilayas, int Home, int? Desk, int From, int To)[] Zones =
    [
        ([16], 400, 250, 1, 1),
        ([9, 35, 42], 500, 350, 1, 2),
        ([1, 11, 33, 37, 49, 50, 53, 54, 56], 1400, null, 4, 8),
        ([3, 7, 8, 17, 30, 32, 39, 45, 47, 51, 52, 55, 57, 58, 59, 61, 65, 66, 69], 900, 600, 2, 5),
    ];

    /// <summary>One row for each of the 69 wilayas.</summary>
    internal static IEnumerable<DeliveryFee> All(DateTimeOffset now) => Enumerable.Range(1, 69).Select(code =>
    {
        var zone = Zones.FirstOrDefault(z => z.Wilayas.Contains(code), ([], 650, 450, 1, 3));
        return new DeliveryFee
        {
            Id = Id<DeliveryFee>.New(now), WilayaCode = code, Home = new(zone.Home), Desk = zone.Desk is { } desk ? new Dinars(desk) : null, DaysFrom = zone.From, DaysTo = zone.To,
        };
    });
}
