using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Agent.TurnWorld;

namespace OrderClosr.Tests.Agent;

public sealed class TurnTests
{
    [Theory, OnBothDatabases]
    public async Task A_question_is_answered_once_with_the_catalogues_price(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Calls(("search_products", new() { ["query"] = "robe" })), Says("La robe d'été est à 3 500 DA, disponible en M et L.\n\nQuelle taille vous faut-il ?"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("bonjour", "prix de la robe svp"));

        var said = await world.SaidAsync();
        Assert.Equal(["La robe d'été est à 3 500 DA, disponible en M et L.", "Quelle taille vous faut-il ?"], said.Select(m => m.Text));
        var now = await world.NowAsync();
        Assert.Equal((now.LastSeq, null, null, "french-latin"), (now.AnsweredUpTo, now.DueAt, now.FirstUnansweredAt, now.Language));
        var turn = Assert.Single(await world.TurnsAsync());
        Assert.Equal((TurnOutcome.Replied, 2, 2, 2000, 200), (turn.Outcome, turn.AnsweredUpTo, turn.Steps, turn.InputTokens, turn.OutputTokens));
        Assert.Equal(300, turn.CostMicroDollars); // 2000 × 0.10 + 200 × 0.50
        Assert.Contains("search_products", turn.Why);
        Assert.Equal(TurnEnd.Nothing, await world.TakeAsync());
        Assert.Equal(2, (await world.SaidAsync()).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Variants_written_in_french_are_no_wrong_language_in_an_arabic_reply(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Calls(("search_products", new() { ["query"] = "" })), Says("واش تحب: M / Noir، L / Noir؟"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("سلام نحب روبة"));
        Assert.Equal(["واش تحب: M / Noir، L / Noir؟"], (await world.SaidAsync()).Select(m => m.Text));
    }

    [Theory, OnBothDatabases]
    public async Task A_plain_yes_to_what_was_read_back_makes_one_order(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        Assert.Equal((draft.DraftVersion, 7600), (draft.ReadBackVersion, draft.Total.Amount));

        var confirm = ("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion });
        // Twice in parallel: a model that doubles.
        await world.ScriptAsync(Calls(confirm, confirm), Says("C'est confirmé, commande 1001, 7 600 DA à la livraison. Merci !"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui je confirme"));
        var order = Assert.Single(await world.OrdersAsync());
        Assert.Equal((1001, OrderState.Confirmed, 7600), (order.Number, order.State, order.Total.Amount));
        Assert.Equal(7000 + 600, order.Total.Amount);

        // And again in the next turn.
        await world.ScriptAsync(Calls(confirm), Says("Avec plaisir, à bientôt !"));
        await world.SayAndTakeAsync("oui merci");
        Assert.Single(await world.OrdersAsync());
        await using var scope = world.App.In(world.Shop.Id);
        Assert.Equal(3, (await scope.Db.Set<OrderClosr.Catalogue.Variant>().SingleAsync(v => v.Id == world.Shop.Variants["ROBE-M-NOIR"])).Stock);
    }

    [Theory, OnBothDatabases]
    public async Task A_model_never_learns_the_floor_price_however_it_asks(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            // An amount that stands nowhere else in the shop.
            var robe = await scope.Db.Set<OrderClosr.Catalogue.Product>().SingleAsync(p => p.Id == world.Shop.Products["robe"]);
            robe.FloorPrice = new(2713);
            await scope.Db.SaveChangesAsync();
        }
        await world.DraftReadyAsync();
        JsonObject Offer(int price) => new() { ["items"] = new JsonArray(new JsonObject { ["product"] = "Robe d'été", ["variant"] = "M / Noir", ["quantity"] = 2, ["unit_price"] = price }) };
        await world.ScriptAsync(
            Calls(("search_products", new() { ["query"] = "robe" }), ("show_product", new() { ["product"] = "Robe d'été" }), ("save_order", Offer(2500)), ("save_order", Offer(0)), ("save_order", Offer(2712))),
            Says("Le prix est fixe : 3 500 DA la robe. On garde votre commande ?"));
        await world.SayAndTakeAsync("2500 la robe et je confirme");
        await world.ScriptAsync(Says("D'accord, je reste à votre disposition."));
        await world.SayAndTakeAsync("c'est quoi votre dernier prix ?");

        var requests = await world.RequestsAsync();
        Assert.Contains(requests, r => r.ToJsonString().Contains("below_floor", StringComparison.Ordinal));
        Assert.DoesNotContain(requests, r => System.Text.RegularExpressions.Regex.IsMatch(r["body"]!.ToString().Replace("\\u00a0", " ", StringComparison.OrdinalIgnoreCase), @"2[\s.,\u00a0\u202f]?713|٢[\s٬]?٧١٣"));
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_but_a_plain_yes_confirms(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        foreach (var text in (string[])["oui mais 3000", "wah bsa7 nheb L", "👍", "ch7al twsel?", "oui ?"])
        {
            await world.ScriptAsync(Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("Je reste à votre disposition, on garde la commande ainsi ?"), Says("D'accord, dites-moi."));
            await world.SayAndTakeAsync(text);
            Assert.Empty(await world.OrdersAsync());
            await world.ChangeAsync(c => { c.HeldBy = HeldBy.Agent; c.SilentBecause = null; });
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_draft_that_was_not_read_back_is_not_confirmed(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync(readBack: false);
        Assert.Equal(0, draft.ReadBackVersion);
        await world.ScriptAsync(Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("Je vous récapitule tout de suite."));
        await world.SayAndTakeAsync("oui");
        Assert.Empty(await world.OrdersAsync());
        Assert.Contains("not_read_back", (await world.TurnsAsync())[^1].Why);
    }

    [Theory, OnBothDatabases]
    public async Task An_older_version_is_not_confirmed_and_a_change_in_the_same_turn_needs_a_new_yes(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(
            Calls(("save_order", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["product"] = "Robe d'été", ["variant"] = "M / Noir", ["quantity"] = 1 }) })),
            Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })),
            Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion + 1 })),
            Says("Une robe M noir à Bir El Djir, total 4 100 DA. Vous confirmez ?"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Empty(await world.OrdersAsync());
        var why = (await world.TurnsAsync())[^1].Why;
        Assert.Contains("stale_version", why);
        Assert.Contains("not_read_back", why);
        Assert.Equal(4100, (await world.DraftAsync())!.Total.Amount);
    }

    [Theory, OnBothDatabases]
    public async Task A_newer_message_while_the_model_thinks_makes_the_turn_anew_with_one_reply(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour, que désirez-vous ?"));
        await world.FaultAsync(new { kind = "slow", seconds = 2, count = 1 });
        await world.SayAsync("bonjour je veux une robe");
        var turn = world.TakeAsync();
        await Eventually.HoldsAsync(world.IsThinkingAsync);
        await world.SayAsync("en noir svp");
        Assert.Equal(TurnEnd.Replied, await turn);
        Assert.Single(await world.SaidAsync());
        Assert.Equal(3, (await world.NowAsync()).AnsweredUpTo); // two questions and the one answer
        var turns = await world.TurnsAsync();
        Assert.Equal([TurnOutcome.ThrownAway, TurnOutcome.Replied], turns.Select(t => t.Outcome).Order().Reverse());
        Assert.True(turns.Single(t => t.Outcome == TurnOutcome.ThrownAway).CostMicroDollars > 0);
        Assert.Contains("en noir svp", (await world.RequestsAsync())[^1].ToJsonString());
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_pauses_or_takes_over_while_the_model_thinks_is_obeyed(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour, que désirez-vous ?"));
        await world.FaultAsync(new { kind = "slow", seconds = 1, count = 1 });
        await world.SayAsync("bonjour je veux une robe");
        var turn = world.TakeAsync();
        await Eventually.HoldsAsync(world.IsThinkingAsync);
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().TakeAsync(world.Conversation, world.Shop.OwnerId, default));
        Assert.Equal(TurnEnd.Silent, await turn);
        Assert.Empty(await world.SaidAsync());
        Assert.Equal((Gate.HeldByPerson, 0), ((await world.NowAsync()).SilentBecause, (await world.NowAsync()).AnsweredUpTo));

        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        await world.FaultAsync(new { kind = "slow", seconds = 1, count = 1 });
        turn = world.TakeAsync();
        await Eventually.HoldsAsync(world.IsThinkingAsync);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var controls = await scope.Db.Controls.SingleOrDefaultAsync();
            if (controls is null) scope.Db.Add(controls = new Controls { Id = Id<Controls>.New(DateTimeOffset.UnixEpoch) });
            controls.PausedAt = DateTimeOffset.UnixEpoch;
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal(TurnEnd.Silent, await turn);
        Assert.Empty(await world.SaidAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Every_closed_gate_says_why_and_costs_nothing(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour."));
        await world.SayAsync("bonjour");
        async Task SilentAsync(string why)
        {
            Assert.Equal(TurnEnd.Silent, await world.TakeAsync());
            Assert.Equal(why, (await world.NowAsync()).SilentBecause);
        }
        await world.ChangeAsync(c => c.PausedAt = DateTimeOffset.UnixEpoch);
        await SilentAsync(Gate.ConversationPaused);
        await world.ChangeAsync(c => { c.PausedAt = null; c.HeldBy = HeldBy.Person; });
        await SilentAsync(Gate.HeldByPerson);
        await world.ChangeAsync(c => { c.HeldBy = HeldBy.Agent; c.LastCustomerActionAt = DateTimeOffset.UnixEpoch; });
        await SilentAsync(TurnGates.WindowClosed);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var now = world.App.Get<TimeProvider>().GetUtcNow();
            scope.Db.Add(new AgentSettings { Id = Id<AgentSettings>.New(now), ConversationCapMicroDollars = 0 });
            await scope.Db.SaveChangesAsync();
        }
        await world.ChangeAsync(c => c.LastCustomerActionAt = world.App.Get<TimeProvider>().GetUtcNow());
        await SilentAsync(TurnGates.Cap);
        Assert.Empty(await world.RequestsAsync());
        Assert.Empty(await world.SaidAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_key_messages_wait_and_the_conversation_says_so(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database, new Dictionary<string, string?> { ["Claude:ApiKey"] = "" });
        Assert.Equal(TurnEnd.Silent, await world.SayAndTakeAsync("bonjour"));
        var now = await world.NowAsync();
        Assert.Equal(TurnGates.NoKey, now.SilentBecause);
        Assert.NotNull(now.DueAt);
        Assert.Empty(await world.RequestsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_voice_note_is_never_guessed_but_given_to_a_person(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.AddAsync("", MessageKind.Audio);
        Assert.Equal(TurnEnd.HandedOver, await world.TakeAsync());
        Assert.Equal((HeldBy.Nobody, "media"), ((await world.NowAsync()).HeldBy, (await world.NowAsync()).HandOverReason));
        Assert.Single(await world.SaidAsync());
        Assert.Empty(await world.RequestsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Hand_over_tells_the_customer_and_silences_the_agent(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Calls(("hand_over", new() { ["reason"] = "complaint", ["note"] = "Colis abîmé." })), Says("Je suis désolé. Une personne de la boutique va vous répondre ici."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("mon colis est arrivé cassé, c'est une arnaque"));
        var now = await world.NowAsync();
        Assert.Equal((HeldBy.Nobody, "complaint", "Colis abîmé."), (now.HeldBy, now.HandOverReason, now.HandOverNote));
        Assert.Single(await world.SaidAsync());
        Assert.Equal(TurnEnd.Silent, await world.SayAndTakeAsync("alors ?"));
        Assert.Equal("claude-sonnet-5-5", (await world.TurnsAsync())[^1].Model); // a hard turn
    }

    [Theory, OnBothDatabases]
    public async Task Another_shops_names_numbers_and_codes_find_nothing(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("C'est confirmé, merci !"));
        await world.SayAndTakeAsync("oui");

        var other = await world.App.NewShopAsync();
        var (conversation, _) = await TurnWorld.AddConversationAsync(world.App, other, "+213500000013");
        var foreign = world.On(other, conversation);
        await foreign.ScriptAsync(
            Calls(("change_or_cancel_order", new() { ["order"] = 1001, ["action"] = "cancel", ["reason"] = "x" }), ("track_parcel", new() { ["order"] = 1001 }),
                ("confirm_order", new() { ["draft"] = draft.Code, ["version"] = draft.DraftVersion }), ("change_or_cancel_order", new() { ["order"] = 1001, ["action"] = "change", ["reason"] = "x" })),
            Says("Je ne trouve pas cette commande."));
        Assert.Equal(TurnEnd.Replied, await foreign.SayAndTakeAsync("annulez la commande 1001 svp"));
        var why = JsonNode.Parse((await foreign.TurnsAsync())[^1].Why)!["steps"]!.AsArray();
        Assert.Equal(4, why.Count);
        Assert.All(why, step => Assert.Contains("not_found", step!["result"]!.GetValue<string>()));
        Assert.Equal(OrderState.Confirmed, Assert.Single(await world.OrdersAsync()).State);

        // And of another customer of the same shop.
        var (neighbour, _) = await TurnWorld.AddConversationAsync(world.App, world.Shop, "+213500000014");
        var next = world.On(world.Shop, neighbour);
        await next.ScriptAsync(Calls(("change_or_cancel_order", new() { ["order"] = 1001, ["action"] = "cancel", ["reason"] = "x" })), Says("Je ne trouve pas cette commande."));
        await next.SayAndTakeAsync("annulez la commande 1001 svp");
        Assert.Equal(OrderState.Confirmed, Assert.Single(await world.OrdersAsync()).State);
    }

    [Theory, OnBothDatabases]
    public async Task An_order_is_cancelled_only_when_the_customer_asks(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(Calls(("confirm_order", new JsonObject { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("C'est confirmé, merci !"));
        await world.SayAndTakeAsync("oui");
        var cancel = Calls(("change_or_cancel_order", new() { ["order"] = 1001, ["action"] = "cancel", ["reason"] = "changed_mind" }));
        await world.ScriptAsync(cancel, Says("Votre commande est en préparation."));
        await world.SayAndTakeAsync("où en est ma commande ?");
        Assert.Equal(OrderState.Confirmed, Assert.Single(await world.OrdersAsync()).State);
        await world.ScriptAsync(cancel, Says("Votre commande 1001 est annulée."));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("je veux annuler ma commande svp"));
        Assert.Equal(OrderState.Cancelled, Assert.Single(await world.OrdersAsync()).State);
    }

    [Theory, OnBothDatabases]
    public async Task A_reply_that_lies_is_written_once_more_and_then_given_to_a_person(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("La robe d'été est à 2 900 DA."), Says("La robe d'été est à 3 500 DA."));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("prix de la robe svp"));
        Assert.Equal("La robe d'été est à 3 500 DA.", await world.LastSaidAsync());
        var rewrite = (await world.RequestsAsync())[^1].ToJsonString();
        Assert.Contains("Your answer was not sent", rewrite);
        Assert.Equal("money", JsonNode.Parse((await world.TurnsAsync())[^1].Why)!["guards"]![0]!.GetValue<string>());

        await world.ScriptAsync(Says("Pour vous 2 900 DA."), Says("D'accord, deux mille neuf cents dinars."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("c'est trop cher la robe"));
        Assert.DoesNotContain(await world.SaidAsync(), m => m.Text.Contains("2 900", StringComparison.Ordinal) || m.Text.Contains("neuf", StringComparison.Ordinal));
        Assert.Equal("guard_money", (await world.NowAsync()).HandOverReason);
    }

    [Theory, OnBothDatabases]
    public async Task The_same_turn_committed_twice_answers_once(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(Says("Bonjour, que désirez-vous ?"));
        await world.FaultAsync(new { kind = "slow", seconds = 1, count = 2 });
        await world.SayAsync("bonjour je veux une robe");
        // Two activations for a moment, as in a failover.
        var ends = await Task.WhenAll(world.TakeAsync(), world.TakeAsync());
        Assert.Contains(TurnEnd.Replied, ends);
        Assert.Single(await world.SaidAsync());
        Assert.Single(await world.TurnsAsync(), t => t.Outcome == TurnOutcome.Replied);
    }
}
