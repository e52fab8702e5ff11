using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Conversations;

/// <summary>What a member does on the pages of the inbox and the controls.</summary>
public sealed class AnsweringPagesTests
{
    [Theory, OnBothDatabases]
    public async Task An_answer_takes_the_conversation_over_and_stands_in_the_thread(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/inbox/{id}";
        await owner.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{page}/say", true, ("text", "Bonjour <Karim>"))).StatusCode);
        await owner.GetAsync(page);
        Assert.Contains("Bonjour &lt;Karim&gt;", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Vous répondez", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await using var scope = app.In(shop.Id);
        var message = await scope.Db.Messages.AsNoTracking().SingleAsync(m => m.ConversationId == id && m.Direction == Direction.Out);
        Assert.Equal((Author.Member, shop.OwnerId), (message.Author, message.AccountId));
    }

    [Theory, OnBothDatabases]
    public async Task A_refused_answer_comes_back_with_its_reason_and_nothing_typed_is_lost(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Karim", DateTimeOffset.UtcNow.AddHours(-30), ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/inbox/{id}";
        await owner.GetAsync(page);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{page}/say", true, ("text", "Toujours intéressé ?"))).StatusCode);
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("le canal n'accepte plus de réponse libre", text, StringComparison.Ordinal);
        Assert.Contains(">Toujours intéressé ?</textarea>", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{page}/say", true, ("text", "  "))).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_pause_is_seen_on_every_page_and_says_who_waits(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim Zerrouki", DateTimeOffset.UtcNow, ["slm"], c => (c.FirstUnansweredAt, c.AnsweredUpTo, c.SilentBecause) = (DateTimeOffset.UtcNow, 0, "conversation_paused"));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var controls = $"/w/{shop.Slug}/controls";
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{controls}/pause")).StatusCode);
        await owner.GetAsync(controls);
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("L'agent est en pause", text, StringComparison.Ordinal);
        Assert.Contains("par <bdi>Owner 1</bdi>", text, StringComparison.Ordinal);
        Assert.Contains("Karim Zerrouki", text, StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("L'agent est en pause dans toute la boutique.", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id)) Assert.Equal(shop.OwnerId, (await scope.Db.Controls.SingleAsync()).PausedBy);

        await owner.PostAsync($"{controls}/resume");
        await owner.GetAsync(controls);
        Assert.DoesNotContain("L'agent est en pause", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_channel_and_one_conversation_are_paused_alone_and_listed(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim Zerrouki", DateTimeOffset.UtcNow, ["slm"]);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var controls = $"/w/{shop.Slug}/controls";
        await owner.PostAsync($"{controls}/channels/{shop.Instagram.Id}", true, ("on", "false"));
        await owner.PostAsync($"/w/{shop.Slug}/inbox/{id}/pause");
        await owner.GetAsync(controls);
        Assert.Contains("en pause depuis", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Karim Zerrouki", owner.Html, StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id))
        {
            Assert.NotNull((await scope.Db.Channels.SingleAsync(c => c.Id == shop.Instagram.Id)).PausedAt);
            Assert.Null((await scope.Db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id)).PausedAt);
            Assert.NotNull((await scope.Db.Conversations.SingleAsync(c => c.Id == id)).PausedAt);
        }
        await owner.PostAsync($"{controls}/channels/{shop.Instagram.Id}", true, ("on", "true"));
        await owner.PostAsync($"{controls}/conversations/{id}/resume");
        await using (var scope = app.In(shop.Id))
        {
            Assert.Null((await scope.Db.Channels.SingleAsync(c => c.Id == shop.Instagram.Id)).PausedAt);
            Assert.Null((await scope.Db.Conversations.SingleAsync(c => c.Id == id)).PausedAt);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_blocked_customer_is_stored_and_not_answered_until_unblocked(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim", DateTimeOffset.UtcNow, ["slm"], c => (c.FirstUnansweredAt, c.AnsweredUpTo) = (DateTimeOffset.UtcNow, 0));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.PostAsync($"/w/{shop.Slug}/inbox/{id}/block");
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("Ce client est bloqué", owner.Html, StringComparison.Ordinal);
        Assert.Equal((true, Gate.Blocked, false), await StateAsync());
        await owner.PostAsync($"/w/{shop.Slug}/inbox/{id}/unblock");
        Assert.Equal((false, null, true), await StateAsync());

        async Task<(bool, string?, bool)> StateAsync()
        {
            await using var scope = app.In(shop.Id);
            var c = await scope.Db.Conversations.AsNoTracking().SingleAsync(x => x.Id == id);
            var p = await scope.Db.Customers.AsNoTracking().SingleAsync(x => x.Id == c.CustomerId);
            return (p.BlockedAt is not null, c.SilentBecause, c.DueAt is not null);
        }
    }
}
