using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>Shipments are made through the couriers' APIs, never a double parcel: each courier does the work and does not answer. All other weather: <c>Parcels/BookingStormTests.cs</c>.</summary>
/// <remarks>Seen to fail: when a booking without an answer is repeated without looking for our reference first.</remarks>
public sealed class P07_NeverADoubleParcel
{
    [Fact]
    public async Task A_courier_that_books_and_never_answers_has_one_parcel_for_each_order()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false, VendorsPlay = true, Time = clock });
        var shop = await app.NewShopAsync();
        var town = new StormTown(app.Services, shop.Id, shop.Products["hijab"], app.Sandbox, clock);
        var storm = new BookingStorm(app.Services, town, clock);
        await storm.ConnectAsync();
        var counts = await storm.RunAsync(2 * CourierRoad.All.Count, async () =>
        {
            foreach (var courier in CourierRoad.All) await town.DoorAsync(HttpMethod.Post, $"/{courier.Vendor}/_faults", new { kind = "timeout-after-work", method = "POST", path = courier.Booking, count = 2, seconds = 0 });
        });
        Assert.Equal(CourierRoad.All.Select(c => (c.Name, 2, 2, 0, 0, 0)), counts.Select(c => (c.Courier, c.Orders, c.Parcels, c.Doubled, c.Missing, c.Unbooked)));
        Assert.All(counts, c => Assert.True(c.Faults > 0, $"{c.Courier} answered every time"));
    }
}
