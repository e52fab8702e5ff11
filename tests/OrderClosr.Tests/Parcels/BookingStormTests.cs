using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>Exactly one parcel per order at all six couriers together; the large run is <c>bench bookings 10000</c>.</summary>
public sealed class BookingStormTests
{
    [Fact]
    public async Task As_many_parcels_as_orders_stand_at_every_courier_after_a_storm()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false, VendorsPlay = true, Time = clock });
        var shop = await app.NewShopAsync();
        var storm = new BookingStorm(app.Services, new(app.Services, shop.Id, shop.Products["hijab"], app.Sandbox, clock), clock);
        await storm.ConnectAsync();
        var counts = await storm.RunAsync(120);
        Assert.Equal(CourierRoad.All.Select(c => (c.Name, 20, 20, 0, 0, 0)), counts.Select(c => (c.Courier, c.Orders, c.Parcels, c.Doubled, c.Missing, c.Unbooked)));
        // One courier takes twenty in a call, so its line has few chances to fail.
        Assert.True(counts.All(c => c.Faults > 0) && counts.Sum(c => c.Faults) > 40, $"The lines hardly failed: {string.Join(", ", counts.Select(c => $"{c.Courier} {c.Faults}"))}");
    }
}
