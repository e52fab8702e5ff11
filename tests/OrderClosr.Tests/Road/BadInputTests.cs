using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Road;

/// <summary>What may be thrown at the webhook door, one after the other: each is answered rightly, and none costs the customer who comes next.</summary>
public sealed class BadInputTests
{
    [Theory, OnBothDatabases]
    public async Task Nothing_thrown_at_the_door_costs_the_next_customer(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database);
        var (app, shop, now) = (world.App, world.Shop, DateTimeOffset.UtcNow);
        var customer = world.Customer(ChannelKind.Messenger);
        var handle = await customer.KnownAsync();
        string Said(string mid, string text) => shop.Payload("messenger-text", now, ("psid", handle), ("mid", mid), ("text", text));

        Assert.Equal(HttpStatusCode.Forbidden, await app.KnockAsync(Said("m_forged", "forged"), "another secret"));
        foreach (var malformed in (string[])["{", "\u0000", "[1]", """{"object":"page","entry":7}"""]) Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(malformed));
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(Said("m_stranger", "for somebody else").Replace(shop.Messenger.Account, "999999", StringComparison.Ordinal)));
        await app.AllReadAsync();
        Assert.Empty(await app.MessagesAsync(shop));
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            var events = await scope.Db.InboundEvents.AsNoTracking().ToListAsync();
            Assert.DoesNotContain(events, e => e.Body is not null && Encoding.UTF8.GetString(e.Body).Contains("somebody else", StringComparison.Ordinal));
            Assert.Contains(events, e => e.State == EventState.Read && e.Note?.Contains("999999", StringComparison.Ordinal) == true);
        }

        // Control characters are taken out; ten thousand letters are stored whole; five megabytes are cut. None is met with silence.
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(Said("m_long", new string('a', 10_000))));
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(Said("m_large", new string('b', 5 * 1024 * 1024))));
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(Said("m_control", "ch7al\\u0000 la\\u0007 robe\\u001b?")));
        await app.AllReadAsync();
        var reply = await customer.HearAsync();
        RoadWorld.Said(reply);
        Assert.NotEmpty(reply);
        var stored = (await customer.HeardOfAsync()).ToDictionary(m => m.ChannelMessageId!, m => m.Text);
        Assert.Equal(("ch7al la robe?", 10_000, 20_000), (stored["m_control"], stored["m_long"].Length, stored["m_large"].Length));

        var next = world.Customer(ChannelKind.Messenger);
        Assert.Contains("3500", RoadWorld.Digits(await next.AskAsync("ch7al la robe?")), StringComparison.Ordinal);
    }
}
