using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>A parcel that could come back: the customer is asked, reminded, found silent; a person is called only then.</summary>
public sealed class RescueTests
{
    [Theory, OnBothDatabases]
    public async Task A_failed_attempt_asks_the_customer_once_and_a_delivery_after_it_counts_as_saved(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database, c => c.Language = "french-latin");
        await world.HearAsync("OutForDelivery");
        await world.HearAsync("AttemptFailed", "Client ne répond pas");
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.Asked, RescueKind.NoAnswer, "Client ne répond pas", 1800L, world.Customer), (rescue.State, rescue.Kind, rescue.RawReason, rescue.AtStake.Amount, rescue.CustomerId));
        var asked = (await world.SaidAsync())[^1];
        Assert.Equal((rescue.AskedBy, Author.Agent), (asked.Id, asked.Author));
        Assert.Equal($"Le livreur n'a pas réussi à vous joindre au {world.Order.Phone!.Value.National} pour votre commande n° {world.Order.Number}. Quel jour vous convient ? Vous pouvez aussi donner un autre numéro, une autre adresse, ou la retirer au bureau.", asked.Text);

        // The same word again, by asking; and the job a second time, as after a crash before its row was finished.
        await world.HearAsync("AttemptFailed", "Client ne répond pas");
        await world.DoAsync(async s => { await s.Db.InTransactionAsync(() => s.Get<RescueSteps>().RunAsync(rescue.Id, default), default); return 0; });
        Assert.Equal((2, 1), ((await world.SaidAsync()).Count, (await world.RescueAsync()).Attempts)); // with the notice of the morning

        Assert.Equal((0, 1, 1800L, 0), await Numbers(world));
        await world.PassAsync(TimeSpan.FromHours(1));
        await world.HearAsync("OutForDelivery");
        await world.HearAsync("Delivered");
        rescue = await world.RescueAsync();
        Assert.Equal((RescueState.Done, true, null, false), (rescue.State, rescue.IsSaved, rescue.DueAt, rescue.IsOpen));
        var saved = await world.SavedAsync();
        Assert.Equal((1, 1800L, 0, 0), (saved.Parcels, saved.Money.Amount, saved.Open, saved.Waiting));

        // What comes late opens nothing.
        await world.HearAsync("AttemptFailed", "Client absent", world.Now.AddHours(-5));
        Assert.False((await world.RescueAsync()).IsOpen);
        await world.PassAsync(TimeSpan.FromDays(3));
        Assert.Equal((2, 1), ((await world.SaidAsync()).Count, (await world.AllAsync()).Count));
    }

    private static async Task<(int Saved, int Open, long AtStake, int Waiting)> Numbers(RescueWorld world)
    {
        var saved = await world.SavedAsync();
        return (saved.Parcels, saved.Open, saved.AtStake.Amount, saved.Waiting);
    }

    [Theory, OnBothDatabases]
    public async Task A_silent_customer_goes_to_a_person_after_four_waking_hours_and_not_before(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database);
        await world.PassAsync(TimeSpan.FromHours(8.5)); // 18:30 in Algiers
        await world.HearAsync("AttemptFailed", "Téléphone éteint");
        Assert.Equal((RescueState.Asked, RescueKind.SwitchedOff), ((await world.RescueAsync()).State, (await world.RescueAsync()).Kind));
        await world.PassAsync(TimeSpan.FromHours(14.9)); // 2.5 h before nine in the evening, 1.4 h of the morning
        Assert.Equal(RescueState.Asked, (await world.RescueAsync()).State);
        await world.PassAsync(TimeSpan.FromMinutes(10));
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.Silent), (rescue.State, rescue.Needs));
        Assert.Single(await world.SaidAsync());
        var row = Assert.Single(await world.DoAsync(s => s.Get<RescueQueue>().OpenAsync(10, default)));
        Assert.Equal((rescue.Id, world.Order.Number, "Amina Belkacem", ParcelState.AttemptFailed), (row.Rescue.Id, row.Number, row.Name, row.ParcelState));
        Assert.Equal(1, await world.DoAsync(s => RescueQueue.WaitingAsync(s.Db, default)));
        Assert.Equal(["begun", "asked", "needs_person"], await world.StoryAsync());
        // The conversation stays the agent's: an answer may still come.
        Assert.Equal(HeldBy.Agent, (await world.TalkAsync()).HeldBy);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_is_written_to_in_the_night(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database);
        await world.PassAsync(TimeSpan.FromHours(12.5)); // 22:30
        await world.ChangeAsync(c => c.LastCustomerActionAt = world.Now);
        await world.HearAsync("AttemptFailed");
        Assert.Empty(await world.SaidAsync());
        Assert.Equal(RescueState.Begun, (await world.RescueAsync()).State);
        await world.PassAsync(TimeSpan.FromHours(9.6));
        Assert.Single(await world.SaidAsync());
        Assert.Equal(8, AlgiersTime.ToAlgiers((await world.RescueAsync()).AskedAt!.Value).Hour);
    }

    [Theory, OnBothDatabases]
    public async Task A_parcel_at_the_desk_is_told_reminded_and_then_a_persons_and_the_notice_alone_saves_nothing(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database, c => c.Language = "darja-arabizi", s => s.DeskKeepsDays = 5);
        await world.HearAsync("WaitsAtDesk");
        Assert.Equal($"La commande ta3ek n° {world.Order.Number} rahi testenna fik f le bureau: Bir El Djir, 7atta l 07/11. Weqtach tji tediha?", (await world.SaidAsync())[^1].Text);
        await world.ChangeAsync(c => c.LastCustomerActionAt = world.Now.AddHours(30)); // the window stays open
        await world.PassAsync(TimeSpan.FromHours(47));
        Assert.Single(await world.SaidAsync());
        await world.PassAsync(TimeSpan.FromHours(2));
        Assert.StartsWith("Tfekir sghir", (await world.SaidAsync())[^1].Text, StringComparison.Ordinal);
        Assert.NotNull((await world.RescueAsync()).RemindedAt);
        await world.PassAsync(TimeSpan.FromHours(25));
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.Silent, 2), ((await world.RescueAsync()).State, (await world.RescueAsync()).Needs, (await world.SaidAsync()).Count));

        await using var quick = await RescueWorld.StartAsync(database);
        await quick.HearAsync("WaitsAtDesk");
        await quick.HearAsync("Delivered", at: quick.Now.AddHours(1));
        Assert.Equal((RescueState.Done, false, 0), ((await quick.RescueAsync()).State, (await quick.RescueAsync()).IsSaved, (await quick.SavedAsync()).Parcels));
    }

    [Theory, OnBothDatabases]
    public async Task After_the_window_the_merchants_template_asks_and_without_one_a_person(Database database)
    {
        await using var world = await RescueWorld.StartAsync(database, c => (c.LastCustomerActionAt, c.Language) = (c.CreatedAt.AddDays(-3), "french-latin"), s => s.AttemptTemplate = "colis_non_remis");
        await world.HearAsync("AttemptFailed");
        var rescue = await world.RescueAsync();
        Assert.Equal((RescueState.NeedsPerson, RescueNeeds.WindowClosed), (rescue.State, rescue.Needs)); // no such template is approved
        var talk = await world.TalkAsync();
        Assert.Equal((HeldBy.Nobody, Reaching.WindowClosed), (talk.HeldBy, talk.HandOverReason));
        Assert.Contains($"{world.Order.Number}", talk.HandOverNote!, StringComparison.Ordinal); // what should be said
        Assert.Empty(await world.SaidAsync());

        await using var asked = await RescueWorld.StartAsync(database, c => (c.LastCustomerActionAt, c.Language) = (c.CreatedAt.AddDays(-3), "french-latin"), s => s.AttemptTemplate = "colis_non_remis");
        await asked.DoAsync(async s =>
        {
            var channel = await s.Db.Channels.SingleAsync(c => c.Id == asked.Parcels.Shop.Whatsapp.Id);
            channel.Templates = """[{"name":"colis_non_remis","language":"fr","category":"utility","state":"approved","body":"Bonjour {{1}}, votre commande {{2}} n'a pas pu être remise."}]""";
            return await s.Db.SaveChangesAsync();
        });
        await asked.HearAsync("AttemptFailed");
        Assert.Equal(RescueState.Asked, (await asked.RescueAsync()).State);
        var said = Assert.Single(await asked.SaidAsync());
        Assert.Equal((MessageKind.Template, $"Bonjour Amina Belkacem, votre commande {asked.Order.Number} n'a pas pu être remise."), (said.Kind, said.Text));
    }
}
