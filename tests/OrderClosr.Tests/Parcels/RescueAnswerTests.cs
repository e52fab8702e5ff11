using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>What the customer answers goes to the courier where its API takes it, and else to a person with exactly what to type.</summary>
public sealed class RescueAnswerTests
{
    private static readonly DateOnly Tomorrow = new(2026, 11, 3);

    private static async Task<RescueWorld> FailedAsync(Database database, ParcelFields later)
    {
        var world = await RescueWorld.StartAsync(database);
        world.Parcels.Courier.Abilities = world.Parcels.Courier.Abilities with { EditableLater = later };
        await world.HearAsync("PickedUp");
        await world.HearAsync("AttemptFailed", "Client absent (reporté)");
        return world;
    }

    private static async Task<Result<RescuePlan>> AnswerAsync(RescueWorld world, RescueAnswerKind kind, string value = "", string commune = "", ActorKind by = ActorKind.Agent)
    {
        var id = (await world.RescueAsync()).Id;
        var done = await world.DoAsync(s => s.Get<AnswerRescue>().RunAsync(id, new(kind, value, commune), world.By(by), default));
        await world.Parcels.App.Get<JobRunner>().RunDueAsync(CourierAccount.LaneOf(world.Parcels.Account), default);
        return done;
    }

    [Theory, OnBothDatabases]
    public async Task A_members_later_correction_keeps_the_customers_other_answers_and_replaces_its_own_field(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.Phone | ParcelFields.Address);
        var there = world.Parcels.Courier.All.Single();
        var own = there.Book.Phone.National;
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500000044")).Value.GoesToCourier);
        await CorrectAsync(world, new(Address: "Cité 12, bloc B"));
        Assert.Equal(("0500000044", "Cité 12, bloc B"), (there.Book.Phone.National, there.Book.Address));
        // Back to the number of the order: nothing changes there, only at the courier.
        await CorrectAsync(world, new(Phone: own));
        Assert.Equal((own, "Cité 12, bloc B"), (there.Book.Phone.National, there.Book.Address));
        Assert.Null((await world.RescueAsync()).NewPhone);
    }

    [Theory, OnBothDatabases]
    public async Task A_call_or_an_answer_noted_by_mistake_is_taken_back_and_the_courier_is_told_the_old_number(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.Phone);
        var there = world.Parcels.Courier.All.Single();
        var own = there.Book.Phone.National;
        Assert.Equal("nothing_to_undo", await UndoAsync(world)); // nobody did anything yet
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500000044", by: ActorKind.Member)).Value.GoesToCourier);
        Assert.Equal("0500000044", there.Book.Phone.National);
        Assert.Null(await UndoAsync(world));
        var rescue = await world.RescueAsync();
        Assert.Equal((own, null, null, RescueState.NeedsPerson, world.Now), (there.Book.Phone.National, rescue.NewPhone, rescue.Answer, rescue.State, rescue.DueAt));
        Assert.Equal("nothing_to_undo", await UndoAsync(world)); // once

        // A call: due again at once, and for the same reason as before.
        var (id, why) = (rescue.Id, rescue.Needs);
        Assert.True((await world.DoAsync(s => s.Get<WorkRescue>().TriedAsync(id, "wrong_number", world.By(ActorKind.Member), default))).Ok);
        Assert.True((await world.RescueAsync()).DueAt > world.Now);
        Assert.Null(await UndoAsync(world));
        Assert.Equal((world.Now, why, RescueState.NeedsPerson), ((await world.RescueAsync()).DueAt, (await world.RescueAsync()).Needs, (await world.RescueAsync()).State));

        // What a person was to type goes with the answer, and only its own line.
        await AnswerAsync(world, RescueAnswerKind.NewAddress, "Rue 5", by: ActorKind.Member);
        await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-03", by: ActorKind.Member);
        Assert.Null(await UndoAsync(world));
        rescue = await world.RescueAsync();
        Assert.Equal((null, "Nouvelle adresse : Rue 5", RescueNeeds.AtCourier, RescueAnswerKind.NewAddress), (rescue.NewDay, rescue.ToType, rescue.Needs, rescue.Answer));
        // A second answer of a kind replaced the first, which nobody knows any more: it is answered again, not taken back. What the customer said is the customer's.
        await AnswerAsync(world, RescueAnswerKind.NewAddress, "Rue 6", by: ActorKind.Member);
        Assert.Equal("nothing_to_undo", await UndoAsync(world));
        await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-04");
        Assert.Equal("nothing_to_undo", await UndoAsync(world));
        Assert.Equal("Nouvelle adresse : Rue 6\nNouvelle tentative : le 04/11/2026", (await world.RescueAsync()).ToType);
    }

    private static async Task<string?> UndoAsync(RescueWorld world)
    {
        await world.PassAsync(TimeSpan.FromSeconds(1));
        var id = (await world.RescueAsync()).Id;
        var done = await world.DoAsync(s => s.Get<UndoRescue>().RunAsync(id, world.By(ActorKind.Member), default));
        await world.Parcels.App.Get<JobRunner>().RunDueAsync(CourierAccount.LaneOf(world.Parcels.Account), default);
        return done.Refusal?.Code;
    }

    private static async Task CorrectAsync(RescueWorld world, LateChange change)
    {
        var parcel = (await world.RescueAsync()).ParcelId;
        var done = await world.DoAsync(s => s.Get<CorrectLater>().RunAsync(parcel, change, null, world.By(ActorKind.Member), default));
        Assert.True(done.Ok, done.Refusal?.Words);
        await world.Parcels.App.Get<JobRunner>().RunDueAsync(CourierAccount.LaneOf(world.Parcels.Account), default);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_number_is_written_to_the_courier_and_a_new_day_is_a_persons_with_what_to_type(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.Phone | ParcelFields.Address);
        var there = world.Parcels.Courier.All.Single();
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500 00 00 44")).Value.GoesToCourier);
        Assert.Equal("0500000044", there.Book.Phone.National);
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.Answered, world.Now, null), (rescue.State, rescue.WrittenAt, rescue.ToType));
        Assert.Single(world.Parcels.Courier.Calls, c => c.StartsWith("update", StringComparison.Ordinal));

        Assert.Equal("Nouvelle tentative : le 03/11/2026", (await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-03")).Value.ToType);
        // A second number and an address go to the courier; the day still has to be typed.
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500000045")).Value.GoesToCourier);
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewAddress, "Cité 300, en face de la mosquée")).Value.GoesToCourier);
        rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.AtCourier, "Nouvelle tentative : le 03/11/2026", Tomorrow), (rescue.State, rescue.Needs, rescue.ToType, rescue.NewDay));
        Assert.Equal(("0500000045", "Cité 300, en face de la mosquée"), (there.Book.Phone.National, there.Book.Address));

        var id = rescue.Id;
        Assert.True((await world.DoAsync(s => s.Get<WorkRescue>().ToldCourierAsync(id, null, world.By(ActorKind.Member), default))).Ok);
        Assert.Equal((RescueState.Answered, null, AlgiersTime.StartOf(Tomorrow.AddDays(1)).AddHours(9)), ((await world.RescueAsync()).State, (await world.RescueAsync()).ToType, (await world.RescueAsync()).DueAt));
        await world.PassAsync(TimeSpan.FromHours(48));
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.DayWentBy), ((await world.RescueAsync()).State, (await world.RescueAsync()).Needs));
    }

    [Theory, OnBothDatabases]
    public async Task What_the_courier_refuses_or_its_API_lacks_is_a_persons_with_every_line(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.Phone);
        world.Parcels.Courier.All.Single().IsReady = true; // refuses every change from here
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500000044")).Value.GoesToCourier);
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.CourierRefused, "Nouveau téléphone : 0500000044", null), (rescue.State, rescue.Needs, rescue.ToType, rescue.WrittenAt));

        Assert.False((await AnswerAsync(world, RescueAnswerKind.NewAddress, "Rue 5", "Es Senia")).Value.GoesToCourier);
        Assert.Equal("Nouveau téléphone : 0500000044\nNouvelle adresse : Rue 5, Es Senia", (await world.RescueAsync()).ToType);
        Assert.Equal("Retrait au bureau : Agence Oran Centre", (await AnswerAsync(world, RescueAnswerKind.TakeFromDesk, "oran centre")).Value.ToType);
    }

    [Theory, OnBothDatabases]
    public async Task A_courier_that_can_be_asked_for_a_new_attempt_is_asked_and_only_its_no_is_a_persons(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.Phone);
        var courier = world.Parcels.Courier;
        // Until it can be asked the day is a person's.
        await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-05");
        Assert.Equal("Nouvelle tentative : le 05/11/2026", (await world.RescueAsync()).ToType);
        Assert.Equal("day_unreadable", (await AnswerAsync(world, RescueAnswerKind.NewDay)).Refusal?.Code);
        courier.Abilities = courier.Abilities with { AsksNewAttempt = true };
        Assert.Equal((true, null), (await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-03")).Value is var plan ? (plan.GoesToCourier, plan.ToType) : default);
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.Answered, Tomorrow, null, world.Now, AlgiersTime.StartOf(Tomorrow.AddDays(1)).AddHours(9)), (rescue.State, rescue.NewDay, rescue.ToType, rescue.WrittenAt, rescue.DueAt));
        Assert.Equal("attempt_asked", (await world.StoryAsync())[^1]);
        // A number afterwards asks for no second attempt; "come again" needs no day.
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewPhone, "0500000044")).Value.GoesToCourier);
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewDay)).Value.GoesToCourier);
        var reference = courier.All.Single().Reference;
        Assert.Equal([$"attempt {reference} 2026-11-03", $"attempt {reference}"], courier.Calls.Where(c => c.StartsWith("attempt", StringComparison.Ordinal)));
        Assert.Null((await world.RescueAsync()).NewDay);

        // What the courier was asked cannot be taken back, and what it refuses is typed.
        await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-04", by: ActorKind.Member);
        Assert.Equal("nothing_to_undo", await UndoAsync(world));
        courier.NoAttempt = new("courier_refused", "Too late.");
        await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-06");
        rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.CourierRefused), (rescue.State, rescue.Needs));
        Assert.Contains("Nouvelle tentative : le 06/11/2026", rescue.ToType);
        // With the driver there is nothing to ask for.
        courier.NoAttempt = null;
        await world.HearAsync("OutForDelivery", at: world.Now.AddMinutes(1));
        Assert.False((await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-07")).Value.GoesToCourier);
    }

    [Theory, OnBothDatabases]
    public async Task The_desk_is_written_as_the_new_destination_where_the_courier_takes_it(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.All);
        Assert.Equal((true, "Agence Oran Centre"), (await AnswerAsync(world, RescueAnswerKind.TakeFromDesk, "Oran Centre")).Value is var plan ? (plan.GoesToCourier, plan.DeskName!) : default);
        var book = world.Parcels.Courier.All.Single().Book;
        Assert.Equal((Delivery.Desk, "d1", "ORAN"), (book.Delivery, book.Desk?.Ref, book.Commune.Name));
        var parcel = await world.Parcels.ParcelAsync(world.Order.Id);
        Assert.Equal((Delivery.Desk, 1800L), (parcel.Delivery, parcel.ToCollect.Amount));
        // The order stands as it was agreed.
        Assert.Equal(Delivery.Home, (await world.DoAsync(s => s.Db.Orders.AsNoTracking().SingleAsync(o => o.Id == world.Order.Id))).Delivery);
    }

    [Theory, OnBothDatabases]
    public async Task A_desk_noted_by_mistake_is_taken_back_and_the_parcel_goes_to_the_door_again(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.All);
        var there = world.Parcels.Courier.All.Single();
        await AnswerAsync(world, RescueAnswerKind.TakeFromDesk, "Oran Centre", by: ActorKind.Member);
        Assert.Equal((Delivery.Desk, "d1"), (there.Book.Delivery, there.Book.Desk?.Ref));
        Assert.Null(await UndoAsync(world));
        var (rescue, parcel) = (await world.RescueAsync(), await world.Parcels.ParcelAsync(world.Order.Id));
        Assert.Equal((Delivery.Home, null, "BIR EL DJIR"), (there.Book.Delivery, there.Book.Desk?.Ref, there.Book.Commune.Name));
        Assert.Equal((Delivery.Home, 1800L, false, null, null), (parcel.Delivery, parcel.ToCollect.Amount, rescue.TakesFromDesk, rescue.NewDeskId, rescue.Answer));

        // Where the courier takes no desk it was a line to type, and goes with it.
        world.Parcels.Courier.Abilities = world.Parcels.Courier.Abilities with { EditableLater = ParcelFields.Phone };
        Assert.Equal("Retrait au bureau : Agence Oran Centre", (await AnswerAsync(world, RescueAnswerKind.TakeFromDesk, "oran centre", by: ActorKind.Member)).Value.ToType);
        Assert.Null(await UndoAsync(world));
        Assert.Equal((null, false), ((await world.RescueAsync()).ToType, (await world.RescueAsync()).TakesFromDesk));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_refused_and_changes_nothing(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.All);
        foreach (var (kind, value, commune, code) in ((RescueAnswerKind, string, string, string)[])
                 [(RescueAnswerKind.NewDay, "2026-11-01", "", "day_past"), (RescueAnswerKind.NewDay, "2026-11-13", "", "day_too_far"), (RescueAnswerKind.NewDay, "demain", "", "day_unreadable"), (RescueAnswerKind.NewPhone, "05000", "", "phone_unreadable"),
                  (RescueAnswerKind.NewPhone, "+33612345678", "", "phone_unreadable"), (RescueAnswerKind.NewAddress, " ", "", "address_missing"), (RescueAnswerKind.NewAddress, "Rue 5", "Bab Ezzouar", "other_wilaya"),
                  (RescueAnswerKind.ComingToDesk, "", "", "answer_not_possible")])
            Assert.Equal((code, value), ((await AnswerAsync(world, kind, value, commune)).Refusal?.Code, value));
        Assert.True((await AnswerAsync(world, RescueAnswerKind.NewDay, "2026-11-12")).Ok); // ten days
        Assert.DoesNotContain(world.Parcels.Courier.Calls, c => c.StartsWith("update", StringComparison.Ordinal));

        // Another shop has no such rescue.
        var id = (await world.RescueAsync()).Id;
        var other = await world.Parcels.App.NewShopAsync();
        await using var scope = world.Parcels.App.In(other.Id);
        Assert.Equal("not_found", (await scope.Get<AnswerRescue>().RunAsync(id, new(RescueAnswerKind.Refuse), world.By(ActorKind.Agent), default)).Refusal?.Code);
        Assert.Empty(await scope.Get<RescueQueue>().OpenAsync(10, default));
        Assert.Empty(await scope.Get<AnswerRescue>().OpenForAsync(world.Conversation, default));
        Assert.Equal("not_found", (await scope.Get<WorkRescue>().CloseAsync(id, world.By(ActorKind.Member), default)).Refusal?.Code);
    }

    [Theory, OnBothDatabases]
    public async Task A_no_goes_to_a_person_and_cancels_nothing_and_what_is_closed_opens_only_for_something_new(Database database)
    {
        await using var world = await FailedAsync(database, ParcelFields.None);
        Assert.True((await AnswerAsync(world, RescueAnswerKind.Refuse)).Ok);
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.Refuses), ((await world.RescueAsync()).State, (await world.RescueAsync()).Needs));
        Assert.Equal((ParcelState.AttemptFailed, null), ((await world.Parcels.ParcelAsync(world.Order.Id)).State, (await world.Parcels.ParcelAsync(world.Order.Id)).CancelAskedAt));

        var id = (await world.RescueAsync()).Id;
        Assert.True((await world.DoAsync(s => s.Get<WorkRescue>().TriedAsync(id, "no_answer", world.By(ActorKind.Member), default))).Ok);
        await world.PassAsync(TimeSpan.FromMinutes(30));
        Assert.True((await world.DoAsync(s => s.Get<WorkRescue>().CloseAsync(id, world.By(ActorKind.Member), default))).Ok);
        Assert.Equal("move_not_allowed", (await world.DoAsync(s => s.Get<WorkRescue>().AskAgainAsync(id, world.By(ActorKind.Member), default))).Refusal?.Code);
        await world.HearAsync("OutForDelivery", at: world.Now.AddMinutes(-20));
        await world.HearAsync("AttemptFailed", "Client ne répond pas", world.Now.AddMinutes(-10)); // happened before it was closed
        Assert.Single(await world.AllAsync());
        await world.PassAsync(TimeSpan.FromMinutes(30));
        await world.HearAsync("OutForDelivery");
        await world.PassAsync(TimeSpan.FromMinutes(30));
        await world.HearAsync("AttemptFailed", "Client ne répond pas");
        Assert.Equal([false, true], (await world.AllAsync()).Select(r => r.IsOpen));
        await world.HearAsync("Returning", at: world.Now.AddMinutes(1));
        Assert.Equal(RescueNeeds.Returning, (await world.AllAsync())[1].Needs);
        await world.HearAsync("Returned", at: world.Now.AddMinutes(2));
        Assert.Equal((RescueState.Lost, false), ((await world.AllAsync())[1].State, (await world.AllAsync())[1].IsSaved));
        Assert.Equal((0, 1), ((await world.SavedAsync()).Parcels, (await world.SavedAsync()).Lost));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_be_written_to_is_a_persons_at_once(Database database)
    {
        await using var held = await RescueWorld.StartAsync(database, c => c.HeldBy = HeldBy.Person);
        await held.HearAsync("AttemptFailed");
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.Held, 0), ((await held.RescueAsync()).State, (await held.RescueAsync()).Needs, (await held.SaidAsync()).Count));

        await using var paused = await RescueWorld.StartAsync(database, c => c.PausedAt = c.CreatedAt);
        await paused.HearAsync("AttemptFailed");
        Assert.Equal((RescueNeeds.Silenced, 0), ((await paused.RescueAsync()).Needs, (await paused.SaidAsync()).Count));

        await using var off = await RescueWorld.StartAsync(database, settings: s => (s.WritesAlone, s.TellsDelivery) = (false, false));
        await off.HearAsync("OutForDelivery");
        await off.HearAsync("AttemptFailed");
        Assert.Equal((RescueNeeds.SwitchedOff, 0), ((await off.RescueAsync()).Needs, (await off.SaidAsync()).Count));

        // An order that came from elsewhere has nobody to write to.
        await using var elsewhere = await ParcelsWorld.StartAsync(database);
        var order = await elsewhere.OrderAsync();
        await elsewhere.RunAsync();
        var world = new RescueWorld(elsewhere, order, default, default);
        await world.HearAsync("AttemptFailed");
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.NoConversation), ((await world.RescueAsync()).State, (await world.RescueAsync()).Needs));
    }

    [Theory, OnBothDatabases]
    public async Task The_driver_on_the_way_is_told_once_a_day_and_only_inside_the_window(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database, c => c.Language = "arabic-arabic");
        await world.HearAsync("OutForDelivery");
        Assert.Equal($"بشرى سارة: طلبكم رقم {world.Order.Number} في طريقه إليكم اليوم. أبقوا هاتفكم قريبا، سيتصل بكم عامل التوصيل.", Assert.Single(await world.SaidAsync()).Text);
        await world.PassAsync(TimeSpan.FromMinutes(20));
        await world.HearAsync("InTransit");
        await world.PassAsync(TimeSpan.FromMinutes(20));
        await world.HearAsync("OutForDelivery"); // again on the same day
        Assert.Single(await world.SaidAsync());
        await world.PassAsync(TimeSpan.FromHours(22));
        await world.HearAsync("InTransit");
        await world.HearAsync("OutForDelivery", at: world.Now.AddMinutes(1));
        Assert.Equal(2, (await world.SaidAsync()).Count);
        await world.PassAsync(TimeSpan.FromDays(2));
        await world.HearAsync("InTransit");
        await world.HearAsync("OutForDelivery", at: world.Now.AddMinutes(1)); // the window is closed
        Assert.Equal((2, HeldBy.Agent), ((await world.SaidAsync()).Count, (await world.TalkAsync()).HeldBy));
    }

    [Fact]
    public void Every_open_rescue_can_end_and_no_ended_one_moves_by_itself()
    {
        foreach (var from in Enum.GetValues<RescueState>())
        {
            var ends = RescueTransitions.Table.Where(t => t.From == from).Select(t => t.To).ToHashSet();
            // Only a member takes back that he gave it up.
            if (from == RescueState.Closed) Assert.Equal((RescueState.NeedsPerson, ActorKind.Member), RescueTransitions.Table.Where(t => t.From == from).Select(t => (t.To, t.Actors.Single())).Single());
            else if (RescueTransitions.IsFinished(from)) Assert.Empty(ends);
            else Assert.Superset(new HashSet<RescueState> { RescueState.Done, RescueState.Lost, RescueState.Closed, RescueState.Answered, RescueState.NeedsPerson }, ends);
        }
        // The model moves nothing to its end.
        Assert.DoesNotContain(RescueTransitions.Table, t => t.Actors.Contains(ActorKind.Agent) && RescueTransitions.IsFinished(t.To));
    }

    [Theory]
    [InlineData("Client ne répond pas", RescueKind.NoAnswer)]
    [InlineData("Téléphone injoignable", RescueKind.SwitchedOff)]
    [InlineData("Faux numéro", RescueKind.WrongNumber)]
    [InlineData("Annulé par le client (ne répond pas)", RescueKind.Refused)]
    [InlineData("Client absent (reporté)", RescueKind.Postponed)]
    [InlineData("ne_repond_pas_2", RescueKind.NoAnswer)]
    [InlineData("الزبون لا يرد", RescueKind.NoAnswer)]
    [InlineData("panne du camion", RescueKind.Other)]
    [InlineData(null, RescueKind.Other)]
    public void A_drivers_reason_is_read_by_the_trades_words(string? reason, RescueKind kind) => Assert.Equal(kind, RescueReasons.Read(reason));
}
