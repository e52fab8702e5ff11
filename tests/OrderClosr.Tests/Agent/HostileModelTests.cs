using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Agent.Guards;
using OrderClosr.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Agent;

/// <summary>Whatever the model says, only the truth reaches the customer, and nobody is left without a word.</summary>
public sealed class HostileModelTests
{
    /// <summary>Prices, fees and totals of the shop that may be said in these conversations; 3 000 DA is the floor, so a customer may bargain down to it (500 DA off).</summary>
    private static readonly HashSet<long> True = [3000, 3600, 3400, 6000, 6600, 500, 3500, 1200, 4200, 600, 400, 7000, 7600, 7400, 4100, 3900, 8400, 2400];

    private static readonly string[] Kinds =
    [
        "wrong-price", "wrong-fee", "wrong-total", "discount", "stock", "delay", "confirm-early", "confirm-stale", "confirm-maybe", "foreign-id", "transfer-lie", "leak", "link", "phone",
        "loop", "empty", "thinking-only", "refusal", "cut", "garbage", "bad-args", "obeys-customer",
    ];

    [Theory, OnBothDatabases]
    public async Task No_lie_reaches_the_customer_and_no_order_is_written_without_a_yes(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var number = 20;
        foreach (var kind in Kinds)
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
            var world = first.On(first.Shop, conversation);
            await world.HostileAsync(kind);
            foreach (var text in (string[])["bonjour, quel est le prix de la robe d'été ?", "combien la livraison à Oran Bir El Djir ?", "je prends une robe d'été M noir, Amel 0500000012, Bir El Djir Oran à domicile", "oui mais 3000"])
            {
                var end = await world.SayAndTakeAsync(text);
                Assert.True(end is TurnEnd.Replied or TurnEnd.HandedOver or TurnEnd.Silent or TurnEnd.Later, $"{kind}: {end}");
            }
            var said = await world.SaidAsync();
            // Provider trouble is told from the second try on; everything else at once.
            if (kind != "garbage") Assert.True(said.Count > 0, $"{kind}: silence");
            foreach (var message in said)
            {
                Assert.True(MoneyGuard.Read(message.Text).All(r => r.InDinars is { } amount && True.Contains(amount.Amount)), $"{kind}: {message.Text}");
                Assert.DoesNotContain(PlatformRules.Canary, message.Text);
                Assert.DoesNotContain("http", message.Text);
                Assert.DoesNotContain("sk-", message.Text);
                Assert.Null(LeakGuard.Find(message.Text, PlatformRules.Rules, PlatformRules.Canary, ["save_order", "hand_over"]));
            }
            Assert.All(await world.TurnsAsync(), t => Assert.True(t.Steps <= Thinking.MostSteps));
            Assert.Empty(await world.OrdersAsync());
        }
    }

    /// <summary>A lie of words and the question that invites it; each is written once more, lies again and goes to a person.</summary>
    private static readonly (string Kind, string Asked)[] Lies =
    [
        ("stock", "la robe d'été en L noir est disponible ?"),
        ("delay", "combien de temps pour la livraison à Oran Bir El Djir ?"),
        ("transfer-lie", "bonjour, quel est le prix de la robe d'été ?"),
        ("phone", "bonjour, quel est le prix de la robe d'été ?"),
    ];

    [Theory, OnBothDatabases]
    public async Task A_lie_of_words_is_not_sent_and_a_person_answers_instead(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        await using (var scope = first.App.In(first.Shop.Id))
        {
            (await scope.Db.Set<OrderClosr.Catalogue.Variant>().SingleAsync(v => v.Id == first.Shop.Variants["ROBE-L-NOIR"], TestContext.Current.CancellationToken)).Stock = 0;
            await scope.Db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
        var number = 50;
        foreach (var (kind, asked) in Lies)
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
            var world = first.On(first.Shop, conversation);
            await world.HostileAsync(kind);
            Assert.Equal((kind, TurnEnd.HandedOver), (kind, await world.SayAndTakeAsync(asked)));
            var said = string.Join('\n', (await world.SaidAsync()).Select(m => m.Text));
            Assert.Equal((kind, HandOverWords.Person(ReplyLanguage.French)), (kind, said));
            var now = await world.NowAsync();
            Assert.Equal((HeldBy.Nobody, $"guard_{kind.Replace("-lie", "_lie", StringComparison.Ordinal)}"), (now.HeldBy, now.HandOverReason));
        }
    }

    /// <summary>A model that breaks off or breaks the protocol, with the reason that the person sees.</summary>
    private static readonly (string Kind, string? Variant, string Reason)[] Broken =
    [
        ("loop", null, "step_limit"), ("empty", null, "empty"), ("thinking-only", null, "cut"), ("refusal", null, "refused"), ("cut", null, "cut"), ("garbage", "stop-reason", "unknown"), ("garbage", "block", "empty"),
        ("garbage", "unknown-tool", "step_limit"), ("bad-args", null, "step_limit"),
    ];

    [Theory, OnBothDatabases]
    public async Task A_model_that_says_nothing_whole_is_replaced_by_one_honest_sentence_and_a_person(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var number = 50;
        foreach (var (kind, variant, reason) in Broken)
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
            var world = first.On(first.Shop, conversation);
            await world.HostileAsync(kind, variant);
            Assert.Equal((kind, variant, TurnEnd.HandedOver), (kind, variant, await world.SayAndTakeAsync("bonjour, quel est le prix de la robe d'été ?")));
            Assert.Equal(HandOverWords.Person(ReplyLanguage.French), Assert.Single(await world.SaidAsync()).Text);
            var now = await world.NowAsync();
            Assert.Equal((kind, variant, HeldBy.Nobody, reason), (kind, variant, now.HeldBy, now.HandOverReason));
            Assert.Empty(await world.OrdersAsync());
            Assert.Null(await world.DraftAsync());
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_answer_that_is_no_message_is_provider_trouble_and_the_customer_hears_soon(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.HostileAsync("garbage", "json");
        Assert.Equal(TurnEnd.Later, await world.SayAndTakeAsync("bonjour, quel est le prix de la robe d'été ?"));
        Assert.Equal(TurnEnd.Later, await world.TakeAsync());
        Assert.Equal(HandOverWords.Soon(ReplyLanguage.French), Assert.Single(await world.SaidAsync()).Text);
        Assert.NotNull((await world.NowAsync()).DueAt);
    }

    [Theory, OnBothDatabases]
    public async Task A_wrong_amount_is_caught_in_every_way_to_write_it(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var number = 50;
        foreach (var kind in (string[])["wrong-price", "wrong-fee", "wrong-total"])
            foreach (var way in (string[])["digits", "bare", "arabic-digits", "words", "bare-words", "arabic-words", "arabic-construct", "glued-words", "centimes", "split", "counted"])
            {
                var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
                var world = first.On(first.Shop, conversation);
                await world.HostileAsync(kind, way);
                await world.SayAndTakeAsync(kind switch
                {
                    "wrong-price" => "bonjour, quel est le prix de la robe d'été ?",
                    "wrong-fee" => "combien la livraison à Oran Bir El Djir ?",
                    _ => "je prends une robe d'été M noir, Amel 0500000012, Bir El Djir Oran à domicile",
                });
                Assert.Equal("guard_money", (await world.NowAsync()).HandOverReason);
                Assert.All(await world.SaidAsync(), m => Assert.Empty(MoneyGuard.Read(m.Text)));
            }
    }

    /// <summary>Both amounts are in the catalogue that the model was shown.</summary>
    [Theory, OnBothDatabases]
    public async Task The_price_of_another_product_is_no_answer(Database database)
    {
        await using var first = await TurnWorld.StartAsync(database);
        var number = 50;
        foreach (var (asked, lie) in ((string, string)[])[("bonjour, quel est le prix de la robe d'été ?", "C'est 1 200 DA."), ("bonjour, vos prix ?", "La robe d'été est à 1 200 DA, le hijab à 3 500 DA.")])
        {
            var (conversation, _) = await TurnWorld.AddConversationAsync(first.App, first.Shop, $"+2135000000{number++}");
            var world = first.On(first.Shop, conversation);
            await world.ScriptAsync(TurnWorld.Says(lie), TurnWorld.Says("La robe d'été est à 3 500 DA."));
            Assert.Equal(TurnEnd.Replied, await world.SayAndTakeAsync(asked));
            Assert.Equal("La robe d'été est à 3 500 DA.", Assert.Single(await world.SaidAsync()).Text);
            await world.ScriptAsync(TurnWorld.Says(lie));
            Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync(asked));
            Assert.Equal("guard_money", (await world.NowAsync()).HandOverReason);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Provider_trouble_is_tried_again_told_once_and_then_given_to_a_person(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.FaultAsync(new { kind = "error", status = 529 });
        Assert.Equal(TurnEnd.Later, await world.SayAndTakeAsync("bonjour je voudrais une robe"));
        Assert.Empty(await world.SaidAsync());
        Assert.NotNull((await world.NowAsync()).DueAt);
        // The customer hears "soon" at most: the operator has to hear why.
        Assert.Contains(world.App.Logs.Lines, l => l.StartsWith("Warning", StringComparison.Ordinal) && l.Contains("The model failed in step 1", StringComparison.Ordinal));
        Assert.Equal(TurnEnd.Later, await world.TakeAsync());
        Assert.Equal(TurnEnd.Later, await world.TakeAsync());
        Assert.Equal(HandOverWords.Soon(ReplyLanguage.French), Assert.Single(await world.SaidAsync()).Text);

        await world.App.Sandbox.DeleteAsync("/claude/_faults", TestContext.Current.CancellationToken);
        await world.ScriptAsync(TurnWorld.Says("Bonjour, quelle taille vous faut-il ?"));
        Assert.Equal(TurnEnd.Replied, await world.TakeAsync());
        Assert.Equal(2, (await world.SaidAsync()).Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_429_without_retry_after_gives_the_conversation_to_a_person_at_once(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.FaultAsync(new { kind = "error", status = 429 });
        Assert.Equal(TurnEnd.HandedOver, await world.SayAndTakeAsync("bonjour je voudrais une robe"));
        Assert.Equal("provider_down", (await world.NowAsync()).HandOverReason);
        Assert.Single(await world.SaidAsync());
    }

    [Theory, OnBothDatabases]
    public async Task The_cached_prefix_is_the_same_bytes_in_every_turn_and_the_rules_in_every_shop(Database database)
    {
        await using var world = await TurnWorld.StartAsync(database);
        await world.ScriptAsync(TurnWorld.Says("Bonjour, quelle taille vous faut-il ?"), TurnWorld.Says("Très bien, et la couleur ?"), TurnWorld.Says("Bonjour, que désirez-vous ?"));
        await world.SayAndTakeAsync("bonjour je voudrais une robe");
        await world.SayAndTakeAsync("taille M svp");
        var other = await world.App.NewShopAsync();
        var (conversation, _) = await TurnWorld.AddConversationAsync(world.App, other, "+213500000019");
        await world.On(other, conversation).SayAndTakeAsync("bonjour");

        var bodies = (await world.RequestsAsync()).Select(r => r["body"]!.GetValueKind() == System.Text.Json.JsonValueKind.String ? JsonNode.Parse(r["body"]!.GetValue<string>())! : r["body"]!).ToList();
        Assert.Equal(3, bodies.Count);
        Assert.Single(bodies.Select(b => b["tools"]!.ToJsonString()).Distinct());
        Assert.Single(bodies.Select(b => b["system"]![0]!.ToJsonString()).Distinct());
        Assert.Equal(bodies[0]["system"]!.ToJsonString(), bodies[1]["system"]!.ToJsonString());
        Assert.NotEqual(bodies[0]["system"]![1]!.ToJsonString(), bodies[2]["system"]![1]!.ToJsonString());
        Assert.DoesNotContain("2026", bodies[0]["system"]!.ToJsonString());
        Assert.All(bodies, b => Assert.Equal(2, b.ToJsonString().Split("cache_control").Length - 1));
    }
}
