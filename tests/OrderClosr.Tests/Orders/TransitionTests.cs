using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Tests.Orders;

public sealed class TransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    /// <summary>What the trade's table says, written a second time by hand: from, to, and who may.</summary>
    private const string Said = """
        draft to_confirm agent member customer api
        draft confirmed agent member customer api
        draft cancelled agent member customer api system
        to_confirm contacting agent member
        to_confirm postponed agent member customer
        to_confirm confirmed agent member customer api
        to_confirm cancelled agent member customer api
        to_confirm to_confirm agent member customer api
        contacting to_confirm agent member customer api system
        contacting contacting agent member
        contacting postponed agent member customer
        contacting confirmed agent member customer api
        contacting cancelled agent member customer api
        postponed to_confirm agent member customer api system
        postponed contacting agent member
        postponed postponed agent member customer
        postponed confirmed agent member customer api
        postponed cancelled agent member customer api
        confirmed confirmed agent member customer api
        confirmed to_confirm member
        confirmed cancelled agent member customer api
        cancelled to_confirm member
        """;

    public static TheoryData<OrderState, OrderState, ActorKind> EveryMove()
    {
        var moves = new TheoryData<OrderState, OrderState, ActorKind>();
        foreach (var from in Enum.GetValues<OrderState>())
            foreach (var to in Enum.GetValues<OrderState>())
                foreach (var actor in Enum.GetValues<ActorKind>()) moves.Add(from, to, actor);
        return moves;
    }

    [Theory, MemberData(nameof(EveryMove))]
    public void A_move_is_done_when_the_table_has_it_and_refused_with_the_others_when_not(OrderState from, OrderState to, ActorKind actor)
    {
        var order = In(from);
        var allowed = Said.Split('\n').Select(l => l.Trim().Split(' ')).Where(l => l[0] == OrderTransitions.Word(from) && l.Skip(2).Contains(actor.ToString().ToLowerInvariant())).Select(l => l[1]).ToList();
        var moved = OrderTransitions.Move(order, to, new(actor, Now, "because", MessageId: MessageId.New(Now), Until: Now.AddDays(1)));
        if (allowed.Contains(OrderTransitions.Word(to)))
        {
            Assert.True(moved.Ok, moved.Refusal?.Words);
            Assert.Equal(to, order.State);
            Assert.Equal((from, to, actor, Now, "because"), (moved.Value.From, moved.Value.To, moved.Value.Actor, moved.Value.At, moved.Value.Reason));
        }
        else
        {
            Assert.False(moved.Ok);
            Assert.Equal(("move_not_allowed", RefusalKind.Conflict, from), (moved.Refusal.Code, moved.Refusal.Kind, order.State));
            Assert.Equal(allowed.Where(a => a != OrderTransitions.Word(from)).Order(), moved.Refusal.Suggestions!.Order());
        }
    }

    [Theory]
    [InlineData(OrderState.ToConfirm)]
    [InlineData(OrderState.Confirmed)]
    public void A_draft_that_lacks_something_does_not_become_an_order(OrderState to)
    {
        var order = In(OrderState.Draft);
        order.Phone = null;
        var moved = OrderTransitions.Move(order, to, new(ActorKind.Member, Now));
        Assert.Equal(("incomplete", OrderState.Draft), (moved.Refusal?.Code, order.State));
        Assert.Equal(["phone"], moved.Refusal!.Suggestions);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Cancelling_asks_for_a_reason(string? reason)
    {
        var order = In(OrderState.Confirmed);
        Assert.Equal("reason_missing", OrderTransitions.Move(order, OrderState.Cancelled, new(ActorKind.Member, Now, reason)).Refusal?.Code);
        Assert.Equal(OrderState.Confirmed, order.State);
    }

    [Fact]
    public void The_agent_cancels_only_on_a_customers_message()
    {
        var order = In(OrderState.Confirmed);
        Assert.Equal("customer_did_not_ask", OrderTransitions.Move(order, OrderState.Cancelled, new(ActorKind.Agent, Now, "changed_mind")).Refusal?.Code);
        Assert.True(OrderTransitions.Move(order, OrderState.Cancelled, new(ActorKind.Agent, Now, "changed_mind", MessageId: MessageId.New(Now))).Ok);
    }

    [Fact]
    public void Postponing_asks_for_a_day_to_come()
    {
        var order = In(OrderState.ToConfirm);
        Assert.Equal("date_missing", OrderTransitions.Move(order, OrderState.Postponed, new(ActorKind.Member, Now, "salary")).Refusal?.Code);
        Assert.Equal("date_missing", OrderTransitions.Move(order, OrderState.Postponed, new(ActorKind.Member, Now, "salary", Until: Now)).Refusal?.Code);
        Assert.True(OrderTransitions.Move(order, OrderState.Postponed, new(ActorKind.Member, Now, "salary", Until: Now.AddDays(2))).Ok);
        Assert.Equal((Now.AddDays(2), "salary"), (order.NextTryAt, order.Reason));
    }

    [Fact]
    public void Each_try_to_reach_the_customer_is_counted_and_the_next_one_has_a_time()
    {
        var order = In(OrderState.ToConfirm);
        Assert.True(OrderTransitions.Move(order, OrderState.Contacting, new(ActorKind.Member, Now, "no_answer", Until: Now.AddHours(2))).Ok);
        Assert.True(OrderTransitions.Move(order, OrderState.Contacting, new(ActorKind.Member, Now, "busy", Until: Now.AddHours(3))).Ok);
        Assert.Equal((2, Now.AddHours(3), "busy"), (order.ContactAttempts, order.NextTryAt, order.Reason));
        Assert.True(OrderTransitions.Move(order, OrderState.Confirmed, new(ActorKind.Member, Now)).Ok);
        Assert.Equal((null, null, Now), (order.NextTryAt, order.Reason, order.ConfirmedAt));
    }

    private static Order In(OrderState state)
    {
        var order = Some.CompleteOrder();
        var member = new Cause(ActorKind.Member, Now.AddHours(-1), "before", Until: Now.AddHours(1));
        OrderState[] way = state switch
        {
            OrderState.Draft => [],
            OrderState.Contacting or OrderState.Postponed => [OrderState.ToConfirm, state],
            _ => [state],
        };
        foreach (var step in way) Assert.True(OrderTransitions.Move(order, step, member).Ok);
        return order;
    }
}
