using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;
using static OrderClosr.Tests.Road.RoadWorld;

namespace OrderClosr.Tests.Road;

/// <summary>Webhooks come twice, in another order, changed before they come: the end is as if they had come once and in order.</summary>
public sealed class DisorderTests
{
    private const string Greeting = "Bonjour", Question = "Quel est le prix du sac à main svp ?";

    [Theory, OnBothDatabases]
    public async Task Everything_delivered_twice_at_the_same_moment_is_one_order_and_one_reply_to_each_message(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        await world.FaultAsync("meta", new { kind = "concurrent-duplicate" });
        await world.FaultAsync("meta", new { kind = "read-before-delivered" });
        await world.EachAsync(new[] { ChannelKind.Messenger, ChannelKind.Instagram, ChannelKind.Whatsapp }.Select(kind => ($"on {kind}", (Func<Task>)(async () =>
        {
            var customer = world.Customer(kind);
            var phone = $"05000000{30 + (int)kind}";
            Said(await customer.AskAsync($"slm nheb robe M noir, smiti amine, {phone}, bab ezzouar alger"), await customer.AskAsync("oui"));
            await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213" + phone[1..], 3500, 0, 400);
            await world.App.AllReadAsync();
            Assert.Equal(2, (await customer.HeardOfAsync()).Count);
            await customer.AnsweredTimesAsync(2);
            // "read" came before "delivered" and stays.
            var id = (await customer.ConversationAsync())!.Id;
            await Eventually.HoldsAsync(() => world.App.ReadAsync(world.Shop, db => db.Messages.Where(m => m.ConversationId == id && m.Direction == Direction.Out).AllAsync(m => m.Status == MessageStatus.Read)));
        }))));
        // The doubles did come: the fault was no fault of the test.
        var hooks = (await world.App.Sandbox.GetFromJsonAsync<JsonObject>("/meta/_deliveries"))!["items"]!.AsArray().Select(i => (string)i!["body"]!).ToList();
        Assert.True(hooks.Count >= 2 * hooks.Distinct().Count(), $"{hooks.Count} deliveries of {hooks.Distinct().Count()} bodies");
        await world.NothingIsLeftAsync();
    }

    [Theory, OnBothDatabases]
    public async Task What_was_overtaken_on_its_way_is_read_as_it_was_written_and_answered_once(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        // Paused until both bubbles are there: which burst they belong to must not hang on the speed of the machine.
        var shop = await StockedAsync(world.App, await world.App.NewShopAsync());
        var program = await ApiClient.OfAsync(world.App, shop);
        await program.SendAsync(HttpMethod.Put, "/controls", """{"paused":true}""");
        (RoadCustomer Customer, string Handle)[] overtaken = [.. new[] { ChannelKind.Messenger, ChannelKind.Whatsapp }.Select(kind => world.Customer(kind, shop)).Select(c => (c, ""))];
        for (var i = 0; i < overtaken.Length; i++)
        {
            var customer = overtaken[i].Customer;
            var handle = await customer.KnownAsync();
            var at = DateTimeOffset.UtcNow.AddSeconds(-5);
            await world.App.TellAsync(Body(customer, handle, Question, at.AddSeconds(1)));
            await world.App.TellAsync(Body(customer, handle, Greeting, at));
            var stored = await customer.HeardOfAsync();
            Assert.Equal([(Greeting, 2), (Question, 1)], stored.Select(m => (m.Text, m.Seq)));
            Assert.Equal((Question, Gate.Paused), (await customer.ConversationAsync()) is { } c ? (c.Preview, c.SilentBecause) : default);
        }
        await program.SendAsync(HttpMethod.Put, "/controls", """{"paused":false}""");

        using var owner = await Visitor.OwnerOfAsync(world.App, shop);
        await world.EachAsync(overtaken.Select(o => ($"overtaken on {o.Customer.Kind}", (Func<Task>)(async () =>
        {
            Assert.Contains("4200", Digits(await o.Customer.HearAsync()), StringComparison.Ordinal);
            await o.Customer.AnsweredTimesAsync(1);
        }))).Append(("a yes written before the read-back and delivered after it", async () =>
        {
            var customer = world.Customer(ChannelKind.Messenger);
            Assert.Contains("3900", Digits(await customer.AskAsync("je veux une robe M noire, Amine Kaci, 0500000035, Bab Ezzouar Alger")), StringComparison.Ordinal);
            await customer.DoAsync(new { name = "Amina", text = "oui", at = DateTimeOffset.UtcNow.AddMinutes(-1) });
            var reply = await customer.HearAsync();
            Said(reply);
            Assert.NotEmpty(reply);
            Assert.Empty(await customer.OrdersAsync());
            Said(await customer.AskAsync("oui"));
            await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", "+213500000035", 3500, 0, 400);
        })));

        foreach (var (customer, _) in overtaken)
        {
            var id = (await customer.ConversationAsync())!.Id;
            await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
            var (greeting, question) = (owner.Html.IndexOf(Greeting, StringComparison.Ordinal), owner.Html.LastIndexOf("Quel est le prix", StringComparison.Ordinal));
            Assert.True(greeting > 0 && greeting < question, $"the thread on {customer.Kind}: {greeting}, {question}");
            var items = (await program.GetAsync($"/conversations/{id}/messages"))["items"].AsArray().Select(m => (string)m!["text"]!).ToList();
            Assert.Equal([Greeting, Question], items.Take(2));
        }
        var prompts = (await world.LogAsync("claude")).Select(i => (string?)i["body"] ?? "").Where(b => b.Contains("Quel est le prix du sac", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(prompts);
        Assert.All(prompts, p => Assert.Contains($"{Greeting}\\nQuel est le prix du sac", p, StringComparison.Ordinal));
        await world.NothingIsLeftAsync();
        await world.NothingIsLeftAsync(shop);
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_before_its_message_is_what_is_answered_once(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        var customers = new[] { ChannelKind.Messenger, ChannelKind.Instagram, ChannelKind.Whatsapp }.Select(kind => world.Customer(kind)).ToList();
        foreach (var customer in customers)
        {
            // On WhatsApp the message comes before the answer, on the others after it.
            await world.FaultAsync("meta", new { kind = "edit-first", value = "ch7al le hijab?", seconds = customer.Kind == ChannelKind.Whatsapp ? 0.3 : 4, count = 1 });
            await customer.SayAsync("ch7al la robe?");
        }
        await world.EachAsync(customers.Select(customer => ($"on {customer.Kind}", (Func<Task>)(async () =>
        {
            var reply = Digits(await customer.HearAsync());
            Said(reply);
            Assert.Contains("1200", reply, StringComparison.Ordinal);
            Assert.DoesNotContain("3500", reply, StringComparison.Ordinal);
        }))));
        await Eventually.HoldsAsync(async () => (await world.App.Sandbox.GetFromJsonAsync<JsonObject>("/meta/_deliveries"))!["items"]!.AsArray()
            .Count(i => ((string)i!["body"]!).Contains("ch7al la robe?", StringComparison.Ordinal) && (int)i["status"]! == 200) == customers.Count);
        await world.App.AllReadAsync();
        foreach (var customer in customers)
        {
            var message = Assert.Single(await customer.HeardOfAsync());
            Assert.Equal("ch7al le hijab?", message.Text);
            Assert.NotNull(message.EditedAt);
            Assert.Null((await customer.ConversationAsync())!.FirstUnansweredAt);
            await customer.AnsweredTimesAsync(1);
        }
    }

    private static string Body(RoadCustomer customer, string handle, string text, DateTimeOffset at) => customer.Kind == ChannelKind.Whatsapp
        ? customer.Shop.Payload("whatsapp-text", at, ("from", handle), ("id", $"wamid.{handle}.{text.Length}"), ("text", text))
        : customer.Shop.Payload("messenger-text", at, ("psid", handle), ("mid", $"m_{handle}.{text.Length}"), ("text", text));
}
