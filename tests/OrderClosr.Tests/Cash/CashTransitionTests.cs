using OrderClosr.Cash;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.House;

namespace OrderClosr.Tests.Cash;

/// <summary>The table of the money says who may move it, and nobody else moves it.</summary>
public sealed class CashTransitionTests
{
    [Fact]
    public void Only_a_person_or_a_settled_delivery_makes_money_paid()
    {
        var ways = CashTransitions.Table.Where(t => t.To == CashState.Paid).ToList();
        Assert.DoesNotContain(ways, t => t.Actors.Contains(ActorKind.Courier) || t.Actors.Contains(ActorKind.Agent) || t.Actors.Contains(ActorKind.Customer));
        // By itself only what a person had counted on a slip before the delivery was heard of.
        Assert.Equal([CashState.InPayment], ways.Where(t => t.Actors.Contains(ActorKind.System)).Select(t => t.From));
    }

    [Fact]
    public void A_courier_only_claims_and_never_takes_back()
    {
        var courier = CashTransitions.Table.Where(t => t.Actors.Contains(ActorKind.Courier)).ToList();
        Assert.All(courier, t => Assert.True(t.To > t.From && t.To <= CashState.InPayment && !t.TakesBack, $"{t.From} {t.To}"));
        Assert.All(CashTransitions.Table.Where(t => t.TakesBack), t => Assert.Equal([ActorKind.Member], t.Actors));
    }

    [Theory]
    [InlineData(CashState.Paid, CashState.Collected, ActorKind.Member), InlineData(CashState.Paid, CashState.Overdue, ActorKind.System), InlineData(CashState.NotDue, CashState.Ready, ActorKind.Courier)]
    [InlineData(CashState.Overdue, CashState.Ready, ActorKind.Courier), InlineData(CashState.ShortPaid, CashState.Overdue, ActorKind.System), InlineData(CashState.Collected, CashState.Paid, ActorKind.Courier)]
    public void What_the_table_lacks_is_refused_with_what_it_has(CashState from, CashState to, ActorKind actor)
    {
        var refusal = CashTransitions.Refuses(from, to, actor);
        Assert.Equal("move_not_allowed", refusal?.Code);
        Assert.DoesNotContain(CashTransitions.Word(to), refusal!.Suggestions!);
    }

    [Fact]
    public void Money_made_good_for_a_lost_parcel_needs_a_reason()
    {
        Assert.Equal("reason_missing", CashTransitions.Refuses(CashState.NotDue, CashState.Paid, ActorKind.Member)?.Code);
        Assert.Null(CashTransitions.Refuses(CashState.NotDue, CashState.Paid, ActorKind.Member, "claim_settled"));
    }

    [Fact]
    public void A_cash_state_is_set_only_by_its_table()
    {
        var wrong = Code.Uses.Where(u => u.Type == typeof(Parcel) && u.Member == "set_CashState" && u.Owner.FullName != "OrderClosr.Cash.CashTransitions").Select(u => u.Owner.FullName!);
        Sources.None([.. wrong], "a state changes only through its transition table", "money that a person did not count must not become paid by another door");
    }
}
