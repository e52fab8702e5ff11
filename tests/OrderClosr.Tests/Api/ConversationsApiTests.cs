using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Api;

public sealed class ConversationsApiTests
{
    [Theory, OnBothDatabases]
    public async Task A_program_reads_a_thread_answers_it_and_gives_it_back(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var id = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        var program = await ApiClient.OfAsync(app, shop);

        var customer = (await program.GetAsync("/customers"))["items"].AsArray().Single()!;
        Assert.Equal("whatsapp", (string?)customer["channels"]![0]!["kind"]);
        Assert.Equal((200, "Karim"), ((await program.GetAsync($"/customers/{customer["id"]}")).Code, (string?)customer["name"]));
        Assert.Single((await program.GetAsync("/conversations?held_by=agent"))["items"].AsArray());

        var said = await program.PostAsync($"/conversations/{id}/messages", """{"text":"C'est Lina"}""");
        Assert.Equal((201, "member", "out"), (said.Code, said.Text("author"), said.Text("direction")));
        Assert.Equal("person", (await program.GetAsync($"/conversations/{id}")).Text("held_by"));
        await app.SettledAsync(shop, id, MessageStatus.Delivered);
        Assert.Equal(["salam", "C'est Lina"], (await program.GetAsync($"/conversations/{id}/messages"))["items"].AsArray().Select(m => (string?)m!["text"]));
        var first = await program.GetAsync($"/conversations/{id}/messages?limit=1");
        Assert.Equal("C'est Lina", (string?)(await program.GetAsync($"/conversations/{id}/messages?limit=1&cursor={first.Text("next")}"))["items"].AsArray().Single()!["text"]);

        Assert.Equal("agent", (await program.PostAsync($"/conversations/{id}/release", "{}")).Text("held_by"));
        Assert.Equal("person", (await program.PostAsync($"/conversations/{id}/take", "{}")).Text("held_by"));
        foreach (var (body, field) in ((string, string)[])[("""{"text":" "}""", "text"), ("""{"words":"x"}""", "words"), ("{}", "body")])
            Assert.Equal((422, field), await program.PostAsync($"/conversations/{id}/messages", body) is var no ? (no.Code, no.Text("field")) : default);
    }

    [Theory, OnBothDatabases]
    public async Task A_program_pauses_the_agent_and_lets_it_go_on(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var id = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        var program = await ApiClient.OfAsync(app, shop);
        Assert.False((bool)(await program.GetAsync("/controls"))["paused"]!);
        Assert.True((bool)(await program.SendAsync(HttpMethod.Put, "/controls", """{"paused":true,"resume_after_hours":24}"""))["paused"]!);
        Assert.Equal((Gate.Paused, 24), ((await app.ConversationAsync(shop, id)).SilentBecause, await app.ReadAsync(shop, db => db.Controls.Select(c => c.ResumeAfterHours).SingleAsync())));
        Assert.Equal(422, (await program.SendAsync(HttpMethod.Put, "/controls", """{"resume_after_hours":0}""")).Code);
        await program.SendAsync(HttpMethod.Put, "/controls", """{"paused":false}""");
        Assert.Null((await app.ConversationAsync(shop, id)).SilentBecause);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_of_another_workspace_is_not_there(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (mine, theirs) = (await app.NewShopAsync(), await app.NewShopAsync());
        var id = await app.HearAsync(theirs, ChannelKind.Messenger, "karim", "salam");
        var program = await ApiClient.OfAsync(app, mine);
        foreach (var address in (string[])[$"/conversations/{id}", $"/conversations/{id}/messages", $"/customers/{(await app.ConversationAsync(theirs, id)).CustomerId}"]) Assert.Equal(404, (await program.GetAsync(address)).Code);
        Assert.Equal(404, (await program.PostAsync($"/conversations/{id}/take", "{}")).Code);
        Assert.Equal(404, (await program.PostAsync($"/conversations/{id}/messages", """{"text":"x"}""")).Code);
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(theirs, id)).HeldBy);
    }

    [Theory, OnBothDatabases]
    public async Task The_channels_page_shows_health_connects_and_disconnects(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var page = await Visitor.OwnerOfAsync(app, shop);
        var shown = await page.ReadAsync($"/w/{shop.Slug}/channels");
        Assert.Contains(shop.Whatsapp.Account, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("[channels.", shown, StringComparison.Ordinal);
        using var refused = await page.SubmitAsync($"/w/{shop.Slug}/channels/connect", new() { ["kind"] = "messenger", ["external_id"] = "12x", ["parent_id"] = "", ["token"] = "invented-secret-token" });
        Assert.Equal(422, (int)refused.StatusCode);
        Assert.DoesNotContain("invented-secret-token", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var off = await page.SubmitAsync($"/w/{shop.Slug}/channels/{shop.Messenger.Id}/disconnect", [], $"/w/{shop.Slug}/channels");
        Assert.Equal(302, (int)off.StatusCode);
        Assert.Equal(ChannelState.Disconnected, await app.ReadAsync(shop, db => db.Channels.Where(c => c.Id == shop.Messenger.Id).Select(c => c.State).SingleAsync()));
        using var again = await page.SubmitAsync($"/w/{shop.Slug}/channels/connect", new() { ["kind"] = "messenger", ["external_id"] = shop.Messenger.Account, ["parent_id"] = "", ["token"] = shop.Messenger.Token });
        Assert.Equal(302, (int)again.StatusCode);
        Assert.Equal(ChannelState.Connected, await app.ReadAsync(shop, db => db.Channels.Where(c => c.Id == shop.Messenger.Id).Select(c => c.State).SingleAsync()));
    }
}
