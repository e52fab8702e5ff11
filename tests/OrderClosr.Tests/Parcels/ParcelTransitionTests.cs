using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Tests.Parcels;

/// <summary>The table of a parcel's moves, read as a specification.</summary>
public sealed class ParcelTransitionTests
{
    private static readonly ParcelState[] All = Enum.GetValues<ParcelState>();

    [Fact]
    public void The_agent_and_the_customer_never_move_a_parcel() =>
        Assert.DoesNotContain(ParcelTransitions.Table, t => t.Actors.Contains(ActorKind.Agent) || t.Actors.Contains(ActorKind.Customer));

    [Fact]
    public void No_courier_moves_a_finished_parcel_but_from_delivered_to_returned_with_a_reason()
    {
        foreach (var from in All.Where(ParcelTransitions.IsFinished))
            foreach (var to in All)
            {
                var isReturn = from == ParcelState.Delivered && to == ParcelState.Returned;
                Assert.Equal(isReturn, ParcelTransitions.Refuses(from, to, ActorKind.Courier, "Annulé par le client") is null);
                Assert.NotNull(ParcelTransitions.Refuses(from, to, ActorKind.Courier, null));
            }
    }

    [Fact]
    public void What_has_left_never_becomes_registered_ready_or_cancelled_again_but_by_a_member_who_takes_his_own_scan_back() =>
        Assert.All(ParcelTransitions.Table.Where(t => ParcelTransitions.HasLeft(t.From) && t.To is ParcelState.Draft or ParcelState.Requested or ParcelState.Registered or ParcelState.ReadyToShip or ParcelState.Cancelled)
                .Where(t => ParcelTransitions.HasLeft(t.From)),
            t => Assert.Equal((ParcelState.PickedUp, "Member", true, true), (t.From, string.Join(' ', t.Actors), t.NeedsReason, t.To is ParcelState.Registered or ParcelState.ReadyToShip)));

    [Fact]
    public void A_members_word_against_the_courier_needs_a_reason()
    {
        Assert.Equal("reason_missing", ParcelTransitions.Refuses(ParcelState.InTransit, ParcelState.Delivered, ActorKind.Member, " ")!.Code);
        Assert.Null(ParcelTransitions.Refuses(ParcelState.InTransit, ParcelState.Delivered, ActorKind.Member, "vu chez le client"));
        // A scan at the counter is the reason itself.
        Assert.Null(ParcelTransitions.Refuses(ParcelState.Returning, ParcelState.Returned, ActorKind.Member, null));
        Assert.Null(ParcelTransitions.Refuses(ParcelState.ReadyToShip, ParcelState.PickedUp, ActorKind.Member, null));
    }

    [Theory]
    [InlineData(Movement.Cancelled, ParcelState.Registered, ParcelState.Cancelled)]
    [InlineData(Movement.Cancelled, ParcelState.OutForDelivery, ParcelState.Returning)]
    [InlineData(Movement.AtHub, ParcelState.PickedUp, ParcelState.InTransit)]
    [InlineData(Movement.WaitsAtDesk, ParcelState.InTransit, ParcelState.AtDesk)]
    [InlineData(Movement.AttemptFailed, ParcelState.OutForDelivery, ParcelState.AttemptFailed)]
    public void A_couriers_word_means_what_it_means_where_the_parcel_stands(Movement movement, ParcelState now, ParcelState means) => Assert.Equal(means, ParcelTransitions.Meaning(movement, now));

    [Fact]
    public void Money_and_unknown_labels_move_nothing()
    {
        foreach (var now in All)
        {
            Assert.Null(ParcelTransitions.Meaning(Movement.None, now));
            Assert.Null(ParcelTransitions.Meaning(Movement.Unknown, now));
            foreach (var movement in Enum.GetValues<Movement>().Except([Movement.None, Movement.Unknown])) Assert.NotNull(ParcelTransitions.Meaning(movement, now));
        }
    }

    [Fact]
    public void A_refused_move_says_where_the_parcel_may_go_and_changes_nothing()
    {
        var parcel = ParcelsOf.Test(ParcelState.Returned);
        var refusal = ParcelTransitions.Move(parcel, ParcelState.Delivered, ActorKind.Courier, DateTimeOffset.UnixEpoch, "x");
        Assert.Equal("move_not_allowed", refusal!.Code);
        Assert.Equal(ParcelState.Returned, parcel.State);
        Assert.Equal(["returned"], ParcelTransitions.Refuses(ParcelState.Delivered, ParcelState.InTransit, ActorKind.Courier, null)!.Suggestions!);
    }

    [Fact]
    public void Words_of_states_read_back()
    {
        foreach (var state in All) Assert.Equal(state, ParcelTransitions.Read(ParcelTransitions.Word(state)));
        Assert.Equal("lost_or_damaged", ParcelTransitions.Word(ParcelState.LostOrDamaged));
    }

    [Fact]
    public void A_reference_is_made_from_the_order_alone_and_fits_every_courier()
    {
        var order = new OrderId(Guid.Parse("01998b3a-0000-7000-8000-000000000001"));
        var other = new OrderId(Guid.Parse("01998b3a-0000-7000-8000-000000000002"));
        Assert.Equal(ParcelReference.Of(1042, order, 1), ParcelReference.Of(1042, order, 1));
        // The number was given again after a restored backup: another order, another name.
        Assert.NotEqual(ParcelReference.Of(1042, order, 1), ParcelReference.Of(1042, other, 1));
        Assert.Matches("^1042-[A-Z2-9]{6}$", ParcelReference.Of(1042, order, 1));
        Assert.Matches("^99999999-[A-Z2-9]{6}-12$", ParcelReference.Of(99999999, order, 12));
        Assert.InRange(ParcelReference.Of(99999999, order, 12).Length, 5, 20);
    }
}

/// <summary>Parcels as pure tests need them.</summary>
internal static class ParcelsOf
{
    internal static Parcel Test(ParcelState state) => new()
    {
        Id = new(Guid.CreateVersion7()), OrderId = new(Guid.CreateVersion7()), AccountId = new(Guid.CreateVersion7()), Courier = "test", Reference = "1001-AAAAAA", Sequence = 1,
        PublicKey = "k", CreatedAt = DateTimeOffset.UnixEpoch, State = state,
    };
}
