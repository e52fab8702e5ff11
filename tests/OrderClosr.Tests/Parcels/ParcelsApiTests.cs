using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>Parcels for a merchant's programs, as the contract spells them.</summary>
public sealed class ParcelsApiTests
{
    [Theory, OnBothDatabases]
    public async Task A_program_ships_reads_lists_labels_and_cancels(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var api = await ApiClient.OfAsync(world.App, world.Shop);
        var order = await world.OrderAsync();
        var shipped = await api.PostAsync($"/orders/{order.Id}/ship", new { courier = "test-a" }, "ship-1");
        Assert.Equal((200, "requested", 1800L), (shipped.Code, shipped.Text("state"), shipped["to_collect"].GetValue<long>()));
        var id = shipped.Text("id");
        Assert.Equal(id, (await api.PostAsync($"/orders/{order.Id}/ship", new { courier = "test-a" }, "ship-1")).Text("id"));
        Assert.Equal(id, (await api.PostAsync($"/orders/{order.Id}/ship")).Text("id"));

        await Eventually.HoldsAsync(async () => (await api.GetAsync($"/parcels/{id}")).Json!["label_url"] is not null);
        var parcel = await api.GetAsync($"/parcels/{id}");
        Assert.Equal(["id", "order_id", "courier", "tracking", "state", "raw_state", "cash_state", "to_collect", "collected", "label_url", "events"],
            ((string[])["id", "order_id", "courier", "tracking", "state", "raw_state", "cash_state", "to_collect", "collected", "label_url", "events"]).Where(f => parcel.Json!.AsObject().ContainsKey(f)));
        Assert.Equal(("registered", "TC0001", "test-a", "not_due"), (parcel.Text("state"), parcel.Text("tracking"), parcel.Text("courier"), parcel.Text("cash_state")));
        Assert.Equal(["requested", "registered"], parcel["events"].AsArray().Select(e => e!["state"]!.GetValue<string>()));
        Assert.Equal(id, (await api.GetAsync($"/parcels?order_id={order.Id}"))["items"][0]!["id"]!.GetValue<string>());
        Assert.Empty((await api.GetAsync("/parcels?state=delivered"))["items"].AsArray());
        using var label = new HttpRequestMessage(HttpMethod.Get, parcel.Text("label_url"));
        Assert.Equal(401, (int)(await world.App.Http.SendAsync(label)).StatusCode);

        var cancelled = await api.PostAsync($"/parcels/{id}/cancel");
        Assert.Equal(200, cancelled.Code);
        await Eventually.HoldsAsync(async () => (await api.GetAsync($"/parcels/{id}")).Text("state") == "cancelled");
        Assert.Empty(world.Courier.Living);

        Assert.Equal((422, "courier_unknown"), ((await api.PostAsync($"/orders/{order.Id}/ship", new { courier = "nobody" })).Code, (await api.PostAsync($"/orders/{order.Id}/ship", new { courier = "nobody" })).Text("code")));
        Assert.Equal(404, (await api.PostAsync($"/orders/{Guid.NewGuid():N}/ship")).Code);
        // Cancelled, so the order may go out again, under its next name.
        var again = await api.PostAsync($"/orders/{order.Id}/ship");
        Assert.EndsWith("-2", again.Text("reference"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_that_came_late_is_told_as_what_it_said_and_not_as_how_the_parcel_stood_by_then()
    {
        var at = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
        var parcel = new Parcel
        {
            Id = ParcelId.New(at), OrderId = OrderId.New(at), AccountId = CourierAccountId.New(at), Courier = "test-a", Reference = "1-AB2CD3", Sequence = 1, PublicKey = "k", CreatedAt = at, StateAt = at,
        };
        ParcelEvent Heard(int minute, ParcelState from, ParcelState state, Movement movement, EventEffect effect) => new()
        {
            Id = Id<ParcelEvent>.New(at), ParcelId = parcel.Id, Key = $"{minute}", At = at.AddMinutes(minute), HeardAt = at.AddHours(1), Actor = ActorKind.Courier, From = from, State = state, Movement = movement, Effect = effect, Raw = $"{movement}",
        };
        var told = ParcelShape.Of(parcel,
        [
            Heard(30, ParcelState.OutForDelivery, ParcelState.Delivered, Movement.Delivered, EventEffect.Moved),
            Heard(10, ParcelState.Delivered, ParcelState.Delivered, Movement.AtHub, EventEffect.Late),
            Heard(20, ParcelState.Registered, ParcelState.OutForDelivery, Movement.OutForDelivery, EventEffect.Moved),
            Heard(40, ParcelState.Delivered, ParcelState.Delivered, Movement.None, EventEffect.Noted),
            Heard(41, ParcelState.Delivered, ParcelState.Delivered, Movement.Unknown, EventEffect.Unknown),
        ]);
        Assert.Equal([ParcelState.InTransit, ParcelState.OutForDelivery, ParcelState.Delivered, ParcelState.Delivered, ParcelState.Delivered], told.Events.Select(e => e.State));
    }
}
