using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Cash;

/// <summary>From what couriers say of parcels to what they owe.</summary>
public sealed class CashStatesTests
{
    [Theory, OnBothDatabases]
    public async Task Delivered_is_due_and_the_couriers_paid_is_a_claim(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        var parcel = await world.StoredAsync();
        await world.HearAsync(parcel, world.Word(Movement.OutForDelivery));
        Assert.Equal(CashState.NotDue, await world.StateAsync(parcel));
        await world.HearAsync(parcel, world.Word(Movement.Delivered));
        Assert.Equal(CashState.Collected, await world.StateAsync(parcel));
        await world.HearAsync(parcel, world.Word(Movement.None, CashState.Ready));
        await world.HearAsync(parcel, world.Word(Movement.None, CashState.Paid, "V-77"));
        Assert.Equal(CashState.InPayment, await world.StateAsync(parcel));
        // An older step comes late: noted, nothing moves back.
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        await world.HearAsync(parcel, world.Word(Movement.None, CashState.Ready));
        var moves = await world.MovesAsync(parcel);
        Assert.Equal([(CashState.NotDue, CashState.Collected, ActorKind.System), (CashState.Collected, CashState.Ready, ActorKind.Courier), (CashState.Ready, CashState.InPayment, ActorKind.Courier), (CashState.InPayment, CashState.InPayment, ActorKind.Courier)],
            moves.Select(m => (m.From, m.To, m.Actor)));
        Assert.Equal("V-77", moves[2].Announced);
    }

    [Theory, OnBothDatabases]
    public async Task One_word_that_tells_delivery_and_money_at_once_counts_for_both(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        var parcel = await world.StoredAsync();
        await world.HearAsync(parcel, world.Word(Movement.Delivered, CashState.Paid, "V-1"));
        Assert.Equal(CashState.InPayment, await world.StateAsync(parcel));
        // The money is spoken of before the delivery is known: kept, and used when it is.
        var early = await world.StoredAsync();
        await world.HearAsync(early, world.Word(Movement.None, CashState.Ready, "V-2"));
        Assert.Equal(CashState.NotDue, await world.StateAsync(early));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.HearAsync(early, world.Word(Movement.Delivered));
        Assert.Equal(CashState.Ready, await world.StateAsync(early));
    }

    [Theory, OnBothDatabases]
    public async Task A_return_costs_its_fee_also_after_a_delivery_and_a_lost_parcel_opens_a_claim(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        var returned = await world.StoredAsync();
        await world.HearAsync(returned, world.Word(Movement.Returning));
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.HearAsync(returned, world.Word(Movement.Returned));
        Assert.Equal(CashState.ReturnFeeDue, await world.StateAsync(returned));

        var undone = await world.DeliveredAsync();
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.HearAsync(undone, world.Word(Movement.Returned, reason: "Echange échoué"));
        Assert.Equal(CashState.ReturnFeeDue, await world.StateAsync(undone));
        Assert.Equal("returned_after_delivered", (await world.MovesAsync(undone))[^1].Reason);

        var lost = await world.StoredAsync();
        await world.HearAsync(lost, world.Word(Movement.LostOrDamaged));
        await using var scope = world.Open();
        var claim = await scope.Db.Claims.AsNoTracking().SingleAsync();
        Assert.Equal((lost.Id, ClaimKind.LostOrDamaged, new Dinars(4000), ClaimState.Open), (claim.ParcelId!.Value, claim.Kind, claim.Amount, claim.State));
        Assert.True((await scope.Get<Claims>().SettleAsync(claim.Id, new(3500), "reçu en main", world.Shop.OwnerId, default)).Ok);
        Assert.Equal(CashState.Paid, await world.StateAsync(lost));
        Assert.Equal("claim_ended", (await scope.Get<Claims>().GiveUpAsync(claim.Id, null, world.Shop.OwnerId, default)).Refusal?.Code);
    }

    [Theory, OnBothDatabases]
    public async Task Money_is_overdue_after_the_agreed_days_and_not_one_before(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 2);
        var (slow, quick) = (await world.DeliveredAsync(), await world.DeliveredAsync(account: world.Accounts[1]));
        await using var scope = world.Open();
        Assert.Null(await scope.Get<Terms>().SaveAsync(world.Accounts[1], 3, 0, world.Clock.GetUtcNow(), default));
        async Task PassAsync(int days)
        {
            world.Clock.Advance(TimeSpan.FromDays(days));
            await using var own = world.Open();
            await own.Get<Overdue>().RunAsync(world.Clock.GetUtcNow(), default);
        }
        await PassAsync(3);
        Assert.Equal((CashState.Collected, CashState.Collected), (await world.StateAsync(slow), await world.StateAsync(quick)));
        await PassAsync(1);
        Assert.Equal((CashState.Collected, CashState.Overdue), (await world.StateAsync(slow), await world.StateAsync(quick)));
        var view = await scope.Get<CashViews>().OverviewAsync(default);
        Assert.Equal((new Dinars(8100), new Dinars(4050), quick.Id, 1), (view.Owed, view.Late, view.LateParcels.Single().Id, view.LateParcels.Single().DaysLate));
        // More days are agreed: it was never late.
        await using (var own = world.Open()) Assert.Null(await own.Get<Terms>().SaveAsync(world.Accounts[1], 10, 0, world.Clock.GetUtcNow(), default));
        await PassAsync(0);
        Assert.Equal(CashState.Collected, await world.StateAsync(quick));
        await PassAsync(4);
        Assert.Equal((CashState.Overdue, CashState.Collected), (await world.StateAsync(slow), await world.StateAsync(quick)));
        Assert.Equal("days_out_of_range", (await scope.Get<Terms>().SaveAsync(world.Account, 0, 0, world.Clock.GetUtcNow(), default))?.Code);
    }

    [Theory, OnBothDatabases]
    public async Task A_delivery_from_before_the_books_is_found(Database database)
    {
        await using var world = await CashWorld.StartAsync(database, 1);
        var old = await world.StoredAsync(state: ParcelState.Delivered);
        world.Clock.Advance(TimeSpan.FromDays(20));
        await using var scope = world.Open();
        await scope.Get<Overdue>().RunAsync(world.Clock.GetUtcNow(), default);
        Assert.Equal(CashState.Overdue, await world.StateAsync(old));
    }
}
