using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

// The road of a rescue, in the same towns: a failed attempt, the question on the customer's phone, the answer, the courier, the saved parcel.
public sealed partial class CourierRoadTests
{
    [Theory, OnBothDatabases]
    public async Task A_failed_attempt_is_asked_answered_written_or_typed_and_saved(Database database)
    {
        var town = await towns.OnAsync(database);
        await using (var scope = town.App.In(town.Shop.Id))
        {
            // Whatever the time of the day is where this runs.
            scope.Db.Add(new RescueSettings { Id = Id<RescueSettings>.New(town.App.Get<TimeProvider>().GetUtcNow()), WakesAtHour = 0, SleepsAtHour = 24 });
            await scope.Db.SaveChangesAsync();
        }
        // This courier takes nothing of a parcel that left: a person types it, and finds the line.
        List<Task> stories = [StoryAsync(town, CourierRoad.Of("yalidine"), "Tentative échouée", "213500100045", "سلام واش كاين", "غدوة", "المحل", async (rescue, _) =>
        {
            var now = await RescueAsync(town, rescue);
            var day = AlgiersTime.DateInAlgiers(town.App.Get<TimeProvider>().GetUtcNow()).AddDays(1);
            Assert.Equal((RescueState.NeedsPerson, RescueNeeds.AtCourier, $"Nouvelle tentative : le {day:dd/MM/yyyy}"), (now.State, now.Needs, now.ToType));
        })];
        // The API of this one takes a number later, too.
        if (town.Couriers.Contains(CourierRoad.Of("noest"))) stories.Add(StoryAsync(town, CourierRoad.Of("noest"), "mise_a_jour", "213500100044", "slm khoya", "bdlt numero 0500000044", "0500000044", async (rescue, reference) =>
        {
            await Eventually.HoldsAsync(async () => ((string)(await town.AtCourierAsync(CourierRoad.Of("noest"), reference)).Single()["phone"]!).EndsWith("500000044", StringComparison.Ordinal));
            var now = await RescueAsync(town, rescue);
            Assert.Equal((RescueState.Answered, "0500000044"), (now.State, now.NewPhone?.National));
        }));
        // And it can be asked to come again: the day goes to it without a person.
        if (town.Couriers.Contains(CourierRoad.Of("noest"))) stories.Add(StoryAsync(town, CourierRoad.Of("noest"), "mise_a_jour", "213500100046", "سلام واش كاين", "غدوة", "راه عند الليفرور", async (rescue, reference) =>
        {
            await Eventually.HoldsAsync(async () => (string)(await town.AtCourierAsync(CourierRoad.Of("noest"), reference)).Single()["state"]! == "nouvel_tentative_asked_by_customer");
            await Eventually.HoldsAsync(async () => (await RescueAsync(town, rescue)).WrittenAt is not null);
            var now = await RescueAsync(town, rescue);
            Assert.Equal((RescueState.Answered, AlgiersTime.DateInAlgiers(town.App.Get<TimeProvider>().GetUtcNow()).AddDays(1), null), (now.State, now.NewDay, now.ToType));
        }));
        await Task.WhenAll(stories);
        await using var end = town.App.In(town.Shop.Id);
        var saved = await end.Get<RescueQueue>().SavedAsync(default);
        Assert.Equal((stories.Count, 1800L * stories.Count, 0, 0), (saved.Parcels, saved.Money.Amount, saved.Open, saved.Lost));
    }

    private static async Task StoryAsync(CourierTown town, CourierRoad courier, string failed, string phone, string hello, string answer, string told, Func<RescueId, string, Task> looksAsync)
    {
        var customer = new RoadCustomer(town.App, town.Shop, ChannelKind.Whatsapp, phone);
        await customer.AskAsync(hello);
        var conversation = (await customer.ConversationAsync())!;
        var order = await town.OrderOfAsync(conversation.CustomerId, conversation.Id);
        var id = await town.ShipAsync(courier, order.Id);
        var booked = await town.BecomesAsync(id, courier.Booked);
        var (tracking, reference) = ((string)booked["tracking"]!, (string)booked["reference"]!);
        await town.MoveAsync(courier, tracking, courier.Out);
        await town.BecomesAsync(id, "out_for_delivery");
        await Eventually.HoldsAsync(async () => (await customer.ShopWroteAsync()).Count >= 2); // the notice
        await town.MoveAsync(courier, tracking, failed);
        await town.BecomesAsync(id, "attempt_failed");
        await Eventually.HoldsAsync(async () => (await customer.ShopWroteAsync()).Count >= 3);
        Assert.Contains($"{order.Number}", (await customer.ShopWroteAsync())[^1], StringComparison.Ordinal);
        await customer.HearAsync();

        var heard = await customer.AskAsync(answer);
        Assert.True(heard.Contains(told, StringComparison.Ordinal), $"{heard}\n{await customer.StandAsync()}");
        Assert.True(ParcelId.TryParse(id, null, out var parcel));
        RescueId rescue;
        await using (var scope = town.App.In(town.Shop.Id)) rescue = (await scope.Get<RescueQueue>().OfAsync(parcel, default))!.Rescue.Id;
        await looksAsync(rescue, reference);

        await town.MoveAsync(courier, tracking, courier.Out);
        await town.MoveAsync(courier, tracking, courier.Delivered);
        await town.BecomesAsync(id, "delivered");
        var done = await RescueAsync(town, rescue);
        Assert.Equal((RescueState.Done, true, 1), (done.State, done.IsSaved, done.Attempts));
    }

    private static async Task<Rescue> RescueAsync(CourierTown town, RescueId id)
    {
        await using var scope = town.App.In(town.Shop.Id);
        return await scope.Db.Rescues.AsNoTracking().SingleAsync(r => r.Id == id);
    }
}
