using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>The door: who may knock, what is kept, what is answered.</summary>
public sealed class MetaDoorTests
{
    private static async Task<List<InboundEvent>> EventsAsync(TestApp app)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.InboundEvents.AsNoTracking().OrderBy(e => e.Id).ToListAsync();
    }

    [Theory, OnBothDatabases]
    public async Task A_signed_message_becomes_a_message_and_its_delivery_is_emptied(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.TellAsync(shop.Payload("messenger-text", DateTimeOffset.UtcNow, ("psid", "7001"), ("mid", "m_a1"), ("text", "بشحال هاد الروبة؟ 😀")));

        var message = Assert.Single(await app.MessagesAsync(shop));
        Assert.Equal(("m_a1", "بشحال هاد الروبة؟ 😀", Direction.In, 1), (message.ChannelMessageId, message.Text, message.Direction, message.Seq));
        var conversation = Assert.Single(await app.ConversationsAsync(shop));
        Assert.Equal((1, 1, message.Text), (conversation.LastSeq, conversation.Unread, conversation.Preview));
        Assert.NotNull(conversation.FirstUnansweredAt);
        var e = Assert.Single(await EventsAsync(app));
        Assert.Equal((EventState.Read, null), (e.State, e.Body));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_message_twice_at_the_same_moment_is_stored_once(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        // Two deliveries that differ in their bytes (a retry in another batch) and say the same message.
        var bodies = Enumerable.Range(0, 8).Select(i => shop.Payload("whatsapp-text", now, ("from", "213500000012"), ("id", "wamid.A1"), ("text", "salam")).Replace("\"messaging_product\"", $"\"n\":{i},\"messaging_product\"", StringComparison.Ordinal));
        var answers = await Task.WhenAll(bodies.Select(b => app.KnockAsync(b)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a));
        await app.AllReadAsync();
        Assert.Single(await app.MessagesAsync(shop));
        Assert.Single(await app.ConversationsAsync(shop));
    }

    [Theory, OnBothDatabases]
    public async Task A_wrong_signature_is_refused_and_nothing_is_stored(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var body = Encoding.UTF8.GetBytes(shop.Payload("messenger-text", DateTimeOffset.UtcNow, ("psid", "7001"), ("mid", "m_a1"), ("text", "hi")));
        var right = MetaDoor.Sign(body);
        foreach (var wrong in (string?[])[null, "", "sha1=ffcf09dc", right[7..], right[..^1], right[..^2] + "zz", MetaDoor.Sign(body, "another"), MetaDoor.Sign([.. body, (byte)' ']), MetaDoor.Sign(body, TestApp.InstagramAppSecret)])
            Assert.Equal(HttpStatusCode.Forbidden, await app.KnockAsync(body, wrong));
        Assert.Empty(await EventsAsync(app));
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(body, right));
    }
}
