using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Road;

/// <summary>One delivery may speak of a thousand things and many shops.</summary>
public sealed class BatchTests
{
    private const int All = 1000, AskingEach = 5, PausedMessages = 200, PausedPeople = 40;

    [Theory, OnBothDatabases]
    public async Task Of_a_thousand_events_of_four_shops_in_a_mess_only_the_broken_one_is_lost_and_each_customer_gets_one_reply(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        var app = world.App;
        List<Shop> shops = [world.Shop];
        for (var i = 0; i < 3; i++) shops.Add(await RoadWorld.StockedAsync(app, await app.NewShopAsync()));
        foreach (var paused in shops[2..]) await (await ApiClient.OfAsync(app, paused)).SendAsync(HttpMethod.Put, "/controls", """{"paused":true}""");

        var start = DateTimeOffset.UtcNow.AddSeconds(-10);
        var events = new List<(Shop Shop, string Json)>();
        var asking = new List<RoadCustomer>();
        foreach (var shop in shops[..2])
            for (var i = 0; i < AskingEach; i++)
            {
                var customer = world.Customer(ChannelKind.Messenger, shop);
                var handle = await customer.KnownAsync();
                asking.Add(customer);
                events.Add((shop, Said(shop, handle, $"{shop.Slug}.a{i}.1", "Bonjour", start)));
                events.Add((shop, Said(shop, handle, $"{shop.Slug}.a{i}.2", "Quel est le prix du sac à main svp ?", start.AddSeconds(1))));
            }
        foreach (var shop in shops[2..])
            for (var i = 0; i < PausedMessages; i++) events.Add((shop, Said(shop, $"8{i % PausedPeople}", $"{shop.Slug}.p{i}", $"message {i}", start.AddMilliseconds(i))));
        // Statuses of messages that we do not know (yet).
        var statuses = All - 1 - events.Count;
        for (var i = 0; i < statuses; i++) events.Add((shops[i % 4], Delivered(shops[i % 4], $"{shops[i % 4].Slug}.s{i}", start)));
        events.Add((shops[0], "{\"sender\":\"nobody\",\"timestamp\":[],\"message\":{\"text\":\"broken words\"}}"));
        Assert.Equal(All, events.Count);

        var mess = new Random(7);
        var entries = events.OrderBy(_ => mess.Next()).GroupBy(e => e.Shop).SelectMany(g => g.Chunk(25)).OrderBy(_ => mess.Next())
            .Select(chunk => $"{{\"id\":\"{chunk[0].Shop.Messenger.Account}\",\"time\":{start.ToUnixTimeMilliseconds()},\"messaging\":[{string.Join(',', chunk.Select(e => e.Json))}]}}");
        var body = $"{{\"object\":\"page\",\"entry\":[{string.Join(',', entries)}]}}";
        // Twice at the same moment, too.
        Assert.All(await Task.WhenAll(app.KnockAsync(body), app.KnockAsync(body)), status => Assert.Equal(HttpStatusCode.OK, status));
        await app.AllReadAsync();

        foreach (var shop in shops)
        {
            var expected = events.Where(e => e.Shop == shop).Select(e => Mid(e.Json)).OfType<string>().ToHashSet();
            var stored = (await app.MessagesAsync(shop)).Where(m => m.Direction == Direction.In).Select(m => m.ChannelMessageId!).ToList();
            var early = await app.ReadAsync(shop, db => db.EarlyWords.Select(w => w.ChannelMessageId).ToListAsync());
            Assert.Equal(expected.Order(StringComparer.Ordinal), stored.Concat(early).Order(StringComparer.Ordinal));
        }
        // The broken one is kept for a person, sealed, and says that the others were read.
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            // Echoes of the first replies may be events already.
            var kept = Assert.Single(await scope.Db.InboundEvents.AsNoTracking().Where(e => e.State == EventState.Unreadable).ToListAsync());
            Assert.Equal("unreadable: a part is broken, the others were read", kept.Note);
            Assert.DoesNotContain("broken words", Encoding.UTF8.GetString(kept.Body!), StringComparison.Ordinal);
        }
        await world.EachAsync(asking.Select((customer, i) => ($"customer {i}", (Func<Task>)(async () =>
        {
            Assert.Contains("4200", RoadWorld.Digits(await customer.HearAsync()), StringComparison.Ordinal);
            Assert.Equal(2, (await customer.HeardOfAsync()).Count);
            await customer.AnsweredTimesAsync(1);
        }))));
        foreach (var shop in shops[2..])
        {
            var conversations = await app.ConversationsAsync(shop);
            Assert.Equal(PausedPeople, conversations.Count);
            Assert.All(conversations, c => Assert.Equal((Gate.Paused, null, PausedMessages / PausedPeople, 0), (c.SilentBecause, c.DueAt, c.LastSeq, c.AnsweredUpTo)));
            Assert.Equal(0, await app.ReadAsync(shop, db => db.Turns.CountAsync()));
            foreach (var thread in (await app.MessagesAsync(shop)).GroupBy(m => m.ConversationId)) Assert.Equal(thread.OrderBy(m => m.At).Select(m => m.Seq), thread.Select(m => m.Seq).Order());
        }
        foreach (var shop in shops) await world.NothingIsLeftAsync(shop);
    }

    private static string Said(Shop shop, string from, string mid, string text, DateTimeOffset at) => Event(shop, from, at, "message", new { mid, text });

    private static string Delivered(Shop shop, string mid, DateTimeOffset at) => Event(shop, "99", at, "delivery", new { mids = new[] { mid } });

    private static string Event(Shop shop, string from, DateTimeOffset at, string what, object value) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["sender"] = new { id = from }, ["recipient"] = new { id = shop.Messenger.Account }, ["timestamp"] = at.ToUnixTimeMilliseconds(), [what] = value,
    });

    private static string? Mid(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.TryGetProperty("message", out var message) ? message.TryGetProperty("mid", out var mid) ? mid.GetString() : null
            : parsed.RootElement.GetProperty("delivery").GetProperty("mids")[0].GetString();
    }
}
