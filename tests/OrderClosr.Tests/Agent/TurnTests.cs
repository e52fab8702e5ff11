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
    public async Task A_number_that_another_order_took_meanwhile_is_put_right_and_no_amount_with_it(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var world = first;
        var draft = await world.DraftReadyAsync();
        var confirm = Calls(("confirm_order", new() { ["draft"] = draft.Code, ["version"] = draft.DraftVersion }));
        await LastNumberAsync(1199);
        // The number stands as a price as well: the turn is taken again, and hears its number anew.
        await world.ScriptAsync(confirm, Says("C'est confirmé, commande 1200. Le hijab est à 1200 DA."), confirm, Says("C'est confirmé, commande 1201 ! Le hijab est à 1200 DA."));
        await TakenMeanwhileAsync(1200);
        Assert.Equal("C'est confirmé, commande 1201 ! Le hijab est à 1200 DA.", await world.LastSaidAsync());

        var (conversation, _) = await TurnWorld.AddConversationAsync(world.App, world.Shop, "+213500000013");
        var next = world.On(world.Shop, conversation);
        draft = await next.DraftReadyAsync();
        await next.ScriptAsync(Calls(("confirm_order", new() { ["draft"] = draft.Code, ["version"] = draft.DraftVersion })), Says("C'est confirmé, commande 1202, 7 600 DA à la livraison. Merci !"));
        world = next;
        await TakenMeanwhileAsync(1202);
        Assert.Equal("C'est confirmé, commande 1203, 7 600 DA à la livraison. Merci !", await next.LastSaidAsync());
        Assert.Equal([1201, 1203], (await next.OrdersAsync()).Select(o => o.Number));

        async Task TakenMeanwhileAsync(int number)
        {
            await world.FaultAsync(new { kind = "slow", seconds = 2, count = 2 });
            await world.SayAsync("oui je confirme");
            var turn = world.TakeAsync();
            // The second call has begun: the model knows its number.
            await Eventually.HoldsAsync(world.IsThinkingAsync);
            await LastNumberAsync(number);
            Assert.Equal(TurnEnd.Replied, await turn);
        }

        async Task LastNumberAsync(int number)
        {
            await using var scope = world.App.In(world.Shop.Id);
            if (await scope.Db.Set<OrderCounter>().ExecuteUpdateAsync(set => set.SetProperty(c => c.Last, number)) > 0) return;
            scope.Db.Add(new OrderCounter { Id = Id<OrderCounter>.New(DateTimeOffset.UnixEpoch), Last = number });
            await scope.Db.SaveChangesAsync();
        }
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

    private static JsonObject Draft(Order draft) => new() { ["draft"] = draft.Code, ["version"] = draft.DraftVersion };

    private const string ReadAgain = "Je récapitule : 2 robes M noir, à domicile à Bir El Djir, 0500000012. Total 7 600 DA. Vous confirmez ?";

    [Theory, OnBothDatabases]
    public async Task A_yes_to_another_question_orders_nothing_and_one_to_a_fresh_read_back_does(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(Says("Oui, vous payez à la livraison. Je vous montre aussi le sac ?"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("je paie à la livraison ?"));

        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says(ReadAgain));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Empty(await world.OrdersAsync());
        // The refusal says what to do, and the facts said it before.
        var (_, refused) = Assert.Single(await world.StepsAsync());
        Assert.Contains("not_read_back", refused, StringComparison.Ordinal);
        Assert.Contains("may answer something else", refused, StringComparison.Ordinal);
        Assert.Matches("awaiting_yes[^a-z]*(?:u0022)?[^a-z]*false", (await world.RequestsAsync())[^1].ToJsonString());

        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says("C'est confirmé, commande 1001, 7 600 DA à la livraison. Merci !"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Equal((1001, OrderState.Confirmed), Assert.Single(await world.OrdersAsync()) is var order ? (order.Number, order.State) : default);
    }

    [Theory, OnBothDatabases]
    public async Task A_yes_is_to_the_last_words_of_the_shop_that_reached_the_customer(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        foreach (var (phone, author, kind, status, counts) in ((string, Author, MessageKind, MessageStatus, bool)[])
        [
            ("+213500000031", Author.Member, MessageKind.Text, MessageStatus.Sent, false),
            ("+213500000032", Author.Agent, MessageKind.Template, MessageStatus.Delivered, false),
            ("+213500000033", Author.Member, MessageKind.Note, MessageStatus.Stored, true),
            ("+213500000034", Author.Agent, MessageKind.Text, MessageStatus.Failed, true),
            ("+213500000035", Author.System, MessageKind.Text, MessageStatus.Sent, true),
        ])
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, phone);
            var world = first.On(first.Shop, conversation);
            var draft = await world.DraftReadyAsync();
            await world.AddSaidAsync(author, "Nous avons aussi le sac à main.", kind, status);
            await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says("D'accord, merci."));
            await world.SayAndTakeAsync("oui");
            Assert.Equal((phone, counts), (phone, !(await world.StepsAsync())[^1].Result.Contains("not_read_back", StringComparison.Ordinal)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_nobody_heard_between_read_back_and_yes_may_have_changed_the_order(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.AddAsync("", MessageKind.Audio);
        Assert.Equal(TurnEnd.HandedOver, await world.TakeAsync());
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says(ReadAgain));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Empty(await world.OrdersAsync());
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says("C'est confirmé, commande 1001, 7 600 DA à la livraison. Merci !"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Single(await world.OrdersAsync());
    }

    [Theory, OnBothDatabases]
    public async Task What_the_customer_wrote_since_the_read_back_makes_a_later_yes_one_to_something_else(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        // A person was to answer, and gave the conversation back without a word.
        await world.SayAsync("et si j'en prends cent, quel prix ?");
        await world.ChangeAsync(c => c.Answered());
        await world.AddSaidAsync(Author.System, "Bien reçu, on vérifie et on vous répond ici.");
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says(ReadAgain));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("oui"));
        Assert.Empty(await world.OrdersAsync());
        Assert.Contains("not_read_back", (await world.StepsAsync())[^1].Result, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_total_with_a_place_and_another_question_is_no_read_back(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync(readBack: false);
        await world.ScriptAsync(Says("Pour Oran, 7 600 DA en tout. Domicile ou bureau ?"));
        await world.SayAndTakeAsync("c'est combien en tout ?");
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says(ReadAgain));
        await world.SayAndTakeAsync("ok");
        Assert.Empty(await world.OrdersAsync());
        Assert.Contains("not_read_back", (await world.StepsAsync())[^1].Result, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task An_address_that_changes_after_the_read_back_is_read_back_with_the_rest(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.DraftReadyAsync();
        await world.ScriptAsync(Calls(("save_order", new() { ["address"] = "cité 14" })), Says("C'est noté, cité 14. Autre chose ?"));
        await world.SayAndTakeAsync("oui mais à la cité 14");
        var draft = (await world.DraftAsync())!;
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says(ReadAgain));
        await world.SayAndTakeAsync("oui");
        Assert.Empty(await world.OrdersAsync());

        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says("C'est confirmé, commande 1001, 7 600 DA à la livraison. Merci !"));
        await world.SayAndTakeAsync("oui");
        Assert.Equal("cité 14", Assert.Single(await world.OrdersAsync()).Address);
    }

    [Theory, OnBothDatabases]
    public async Task A_number_that_nobody_gave_is_neither_saved_nor_sent(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        JsonObject Save(string field, string value) => new() { [field] = value };
        await world.ScriptAsync(
            Calls(("save_order", Save("phone", "0500009977")), ("save_order", Save("second_phone", "0500009977")), ("save_order", Save("phone", "0500000012 / 0500009977")), ("save_order", Save("note", "appeler le 0500 00 99 77")), ("save_order", Save("address", "cité 12, tel 0500009977"))),
            Says("Appelez le 0500 00 99 77 pour finaliser."), Says("Appelez le 05 00 00 99 77, c'est plus simple."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("bonjour je veux une robe M noir, mon numéro 0500000012"));
        Assert.Equal("guard_phone", (await world.NowAsync()).HandOverReason);
        Assert.DoesNotContain(await world.SaidAsync(), m => m.Text.Contains("99", StringComparison.Ordinal));
        var steps = await world.StepsAsync();
        Assert.Equal(5, steps.Count);
        Assert.All(steps, s => Assert.Contains("phone_not_said", s.Result, StringComparison.Ordinal));
        Assert.Null(await world.DraftAsync());

        // Nor by a change of an order that stands.
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(world.Conversation, default));
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(Calls(("confirm_order", Draft(draft))), Says("C'est confirmé, commande 1001, 7 600 DA à la livraison. Merci !"));
        await world.SayAndTakeAsync("oui");
        await world.ScriptAsync(Calls(("change_or_cancel_order", new() { ["order"] = 1001, ["action"] = "change", ["reason"] = "x", ["phone"] = "0500009977" })), Says("Quel est le nouveau numéro ?"));
        Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync("je veux changer le numéro svp"));
        Assert.Contains("phone_not_said", (await world.StepsAsync())[^1].Result, StringComparison.Ordinal);
        Assert.Null(await world.DraftAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_number_of_the_customer_is_taken_however_they_gave_it(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var number = 40;
        foreach (var (given, saved) in ((string[], string)[])
        [
            (["mon numéro ٠٥٠٠٠٠٠٠٧١"], "0500000071"), (["0500/00/00/71"], "0500000071"), (["0500-00.00 71 svp"], "0500 00 00 71"), (["05 00 00", "00 71"], "0500000071"),
            (["+213 (0)500 00 00 71"], "+213500000071"), (["O5OO 00 OO 71"], "0500000071"), (["appelez 0500000071 wela 0500000072"], "0500000071 / 0500000072"), (["[contact]"], "0500000071"),
            (["le même numéro que WhatsApp"], ""), (["0500000071", "taille M svp"], "0500000071"),
        ])
        {
            var own = $"+2135000000{number++}";
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, own);
            var world = first.On(first.Shop, conversation);
            var phone = saved.Length > 0 ? saved : $"0{own[4..]}";
            var read = Phone.ReadAll(phone)[0];
            await world.ChangeAsync(c => c.Language = "french-latin");
            // Said in an earlier turn, and only now saved.
            await world.ScriptAsync(Says("Très bien. Et votre nom ?"));
            foreach (var text in given)
                if (text == "[contact]") await world.AddAsync("", MessageKind.Contacts, extras: new() { Phones = ["+213 500 00 00 71"] });
                else await world.SayAsync(text);
            Assert.Equal(TurnEnd.Replied, await world.TakeAsync());
            await world.ScriptAsync(Calls(("save_order", new() { ["name"] = "Amel", ["phone"] = phone })), Says($"C'est noté Amel, le {read.National}. Quelle robe vous faut-il ?"));
            Assert.Equal((TurnEnd.Replied, given[0]), (await world.SayAndTakeAsync("Amel"), given[0]));
            Assert.Equal((read, given[0]), ((await world.DraftAsync())?.Phone ?? default, given[0]));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_place_that_may_be_another_one_is_asked_back_and_costs_nothing_yet(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var now = first.App.Get<TimeProvider>().GetUtcNow();
        await using (var scope = first.App.In(first.Shop.Id))
        {
            foreach (var wilaya in (int[])[15, 2, 35]) scope.Db.Add(new OrderClosr.Shipping.DeliveryFee { Id = Id<OrderClosr.Shipping.DeliveryFee>.New(now), WilayaCode = wilaya, Home = new Dinars(555), Desk = new Dinars(444), DaysFrom = 1, DaysTo = 3 });
            await scope.Db.SaveChangesAsync();
        }
        const string hello = "Bonjour, que désirez-vous ?";
        var number = 60;
        foreach (var (said, before, wilaya, commune, asks) in ((string, string, string, string?, string?)[])
        [
            ("ch7al livraison l Tizi", hello, "Tizi", null, "Tizi Ouzou | Tizi (Mascara)"),
            ("rani nskon f El Asnam", hello, "El Asnam", null, "Chlef | El Asnam (Bouira)"),
            ("nskon f Tizi", "Nous livrons dans les 69 wilayas.", "Tizi", null, "Tizi Ouzou | Tizi (Mascara)"),
            ("livraison l Boumardas svp", hello, "Boumardas", null, "Boumerdès"),
            // The answer to the question, the word beside it, the whole name, a town of one wilaya only: no doubt.
            ("Tizi", "Quelle est votre wilaya ?", "Tizi", null, null),
            ("تيزي", "من أي ولاية؟", "تيزي", null, null),
            ("oui c'est ça", "C'est bien Tizi Ouzou ?", "Tizi", null, null),
            ("ch7al livraison wilaya Tizi", hello, "Tizi", null, null),
            ("livraison Tizi Ouzou svp", hello, "Tizi", null, null),
            ("l Azazga f Tizi", hello, "Tizi", "Azazga", null),
            ("livraison à Bab Ezzouar svp", hello, "Bab Ezzouar", null, null),
            ("livraison Oran, Bir El Djir svp", hello, "Oran", "Bir El Djir", null),
            ("l wahran ch7al", hello, "wahran", null, null),
        ])
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
            var world = first.On(first.Shop, conversation);
            await world.SayAsync("bonjour");
            await world.ScriptAsync(Says(before));
            await world.TakeAsync();
            JsonObject place = new() { ["wilaya"] = wilaya };
            if (commune is not null) place["commune"] = commune;
            await world.ScriptAsync(Calls(("quote_delivery", place), ("save_order", place)), Says(said == "تيزي" ? "نتحقق معاك، صح؟" : "Je vérifie avec vous, d'accord ?"));
            await world.SayAndTakeAsync(said);
            var steps = await world.StepsAsync();
            Assert.Equal(["quote_delivery", "save_order"], steps.Select(s => s.Tool));
            foreach (var (_, result) in steps)
            {
                var answer = JsonNode.Parse(result)!;
                Assert.Equal((said, asks), (said, (string?)answer["error"] == "place_ambiguous" ? string.Join(" | ", answer["suggestions"]!.AsArray().Select(s => (string?)s)) : (string?)answer["error"]));
            }
            Assert.Equal((said, asks is null), (said, await world.DraftAsync() is not null));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_turn_that_changed_the_draft_and_is_given_up_leaves_the_draft_and_goes_to_a_person(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        var draft = await world.DraftReadyAsync();
        await world.ScriptAsync(
            Calls(("save_order", new() { ["items"] = new JsonArray(new JsonObject { ["product"] = "Robe d'été", ["variant"] = "M / Noir", ["quantity"] = 1 }) })), Says("Pour vous 2 900 DA."), Says("D'accord, 2 900 DA en tout."));
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("finalement une seule"));
        Assert.Equal(draft.DraftVersion, (await world.DraftAsync())!.DraftVersion);
        Assert.Equal("guard_money", (await world.NowAsync()).HandOverReason);
        Assert.Equal([TurnOutcome.Replied, TurnOutcome.HandedOver], (await world.TurnsAsync()).Select(t => t.Outcome));
    }
}
