using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

/// <summary>The risk of an order: what counts, from whose records, and what follows.</summary>
public sealed class RiskTests
{
    [Fact]
    public void Nothing_known_and_nothing_odd_is_a_first_order_and_no_more() =>
        Assert.Equal((5, "first_order"), Risk.Of(new() { IsFirst = true }) is var risk ? (risk.Score, risk.Reasons.Single()) : default);

    [Fact]
    public void Each_mark_counts_once_and_parcels_taken_speak_for_the_customer()
    {
        foreach (var (known, score, reason) in ((RiskRecord, int, string)[])[
            (new() { Returned = 1 }, 30, "returned_before"), (new() { Returned = 9 }, 60, "returned_before"), (new() { WasFake = true }, 50, "fake_before"), (new() { WasSilent = true }, 25, "no_answer_before"), (new() { Cancelled = 1 }, 10, "cancelled_before"),
            (new() { Cancelled = 7 }, 20, "cancelled_before"), (new() { IsSilentAtNight = true }, 15, "night_no_answer"), (new() { AddressLength = 3 }, 15, "vague_address"), (new() { IsMobile = false }, 10, "phone_not_mobile"), (new() { Pieces = 11 }, 20, "many_pieces"),
            (new() { IsFarAboveUsual = true }, 25, "far_above_usual"), (new() { IsFarAboveOwn = true }, 15, "far_above_own"), (new() { HereHome = new(12, 8) }, 10, "wilaya_returns"), (new() { HereHome = new(8, 12) }, 20, "wilaya_returns")])
        {
            var risk = Risk.Of(known);
            Assert.Equal((score, reason), (risk.Score, Assert.Single(risk.Reasons)));
            Assert.True(Risk.Of(known with { Delivered = 1 }).Score < score);
        }
        Assert.Equal(100, Risk.Of(new() { Returned = 9, WasFake = true, WasSilent = true }).Score);
        Assert.Equal(0, Risk.Of(new() { Delivered = 9 }).Score);
    }

    [Fact]
    public void A_place_says_nothing_before_it_has_enough_parcels_and_desks_are_compared_with_doors()
    {
        Assert.Empty(Risk.Of(new() { HereHome = new(0, 19) }).Reasons);
        Assert.Equal(["home_returns"], Risk.Of(new() { HereHome = new(70, 30), HereDesk = new(95, 5) }).Reasons);
        Assert.Empty(Risk.Of(new() { HereHome = new(70, 30), HereDesk = new(95, 5), Delivery = Delivery.Desk }).Reasons);
        Assert.Empty(Risk.Of(new() { HereHome = new(80, 20), HereDesk = new(90, 10) }).Reasons);
        Assert.Empty(Risk.Of(new() { AddressLength = 0, Delivery = Delivery.Desk }).Reasons);
    }

    [Fact]
    public void It_suggests_a_desk_or_a_call_and_never_a_no()
    {
        Assert.Null(Risk.Advice(24, ["returned_before"], Delivery.Home));
        Assert.Equal("desk", Risk.Advice(30, ["returned_before"], Delivery.Home));
        Assert.Equal("call", Risk.Advice(30, ["returned_before"], Delivery.Desk));
        Assert.Equal("call", Risk.Advice(30, ["far_above_usual"], Delivery.Home));
        Assert.Equal("call", Risk.Advice(100, ["returned_before", "vague_address"], Delivery.Home));
    }

    [Theory, OnBothDatabases]
    public async Task Parcels_to_any_phone_of_the_customer_count_and_those_of_another_shop_never(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database);
        var theirs = new OrdersWorld(world.App, await world.App.NewShopAsync());
        // The other shop knows this phone well, and badly.
        for (var i = 0; i < 3; i++) await EndAsync(theirs, await theirs.OrderAsync(), ParcelState.Returned);
        Assert.Equal(["first_order"], (await world.OrderAsync()).RiskReasons);

        var customer = await world.CustomerAsync();
        async Task<Order> OrderAsync(string phone) => (await world.ConfirmAsync(await world.DraftAsync(OrdersWorld.Complete(phone, product: "hijab", variant: ""), customer))).Value;
        await EndAsync(world, await OrderAsync("0500000071"), ParcelState.Returned);
        var next = await OrderAsync("0500000072");
        Assert.Equal((30, "returned_before"), (next.RiskScore, Assert.Single(next.RiskReasons)));
        // Taken twice since: nothing is left of it.
        await EndAsync(world, await OrderAsync("0500000071"), ParcelState.Delivered);
        await EndAsync(world, await OrderAsync("0500000072"), ParcelState.Delivered);
        Assert.Equal(0, (await OrderAsync("0500000072")).RiskScore);
        // Somebody else with a new phone starts anew.
        Assert.Equal(["first_order"], (await world.OrderAsync(OrdersWorld.Complete("0500000079", product: "hijab", variant: ""))).RiskReasons);
    }

    [Theory, OnBothDatabases]
    public async Task The_queue_and_the_order_show_the_score_its_reasons_and_what_to_do(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        var customer = await world.CustomerAsync();
        await using (var scope = world.Open())
        {
            (await scope.Db.Set<OrderClosr.Customers.Customer>().SingleAsync(c => c.Id == customer)).Returned = 1;
            await scope.Db.SaveChangesAsync();
        }
        await world.ChangeSettingsAsync(s => s.ConfirmsAlone = false);
        var order = (await world.ConfirmAsync(await world.DraftAsync(null, customer), actor: ActorKind.Customer)).Value;
        Assert.Equal((OrderState.ToConfirm, 30), (order.State, order.RiskScore));
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        foreach (var page in (string[])[$"orders/{order.Id}", $"orders/confirm?id={order.Id}"])
        {
            var html = await member.ReadAsync($"/w/{world.Shop.Slug}/{page}");
            Assert.Contains("colis déjà retourné", html);
            Assert.Contains("Proposer le stop desk", html);
        }
        // It was made at half past eleven at night, and nobody answers: judged again, still a person's decision.
        await using (var scope = world.Open())
        {
            var night = AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(world.Now)).AddMinutes(-30);
            await scope.Db.InTransactionAsync(() => scope.Db.Orders.Where(o => o.Id == order.Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.CreatedAt, night)), default);
        }
        await using (var scope = world.Open()) Assert.True((await scope.Get<FollowOrder>().NotReachedAsync(order.Id, world.By(ActorKind.Member, "no_answer"), default)).Ok);
        var judged = await world.ReadAsync(order.Id);
        Assert.Equal((45, OrderState.Contacting), (judged.RiskScore, judged.State));
        Assert.Equal(["returned_before", "night_no_answer"], judged.RiskReasons);
        Assert.True((await world.ConfirmAsync(order.Id)).Ok);
    }

    private static async Task EndAsync(OrdersWorld world, Order order, ParcelState state)
    {
        await using var scope = world.Open();
        scope.Db.Add(new Parcel
        {
            Id = ParcelId.New(world.Now), OrderId = order.Id, AccountId = CourierAccountId.New(world.Now), Courier = "any", Reference = $"R-{order.Number}", Sequence = 1, PublicKey = $"{Guid.NewGuid():N}", CreatedAt = world.Now,
            State = state, StateAt = world.Now, WilayaCode = order.WilayaCode, Delivery = order.Delivery,
        });
        await scope.Db.SaveChangesAsync();
    }
}
