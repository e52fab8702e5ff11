using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Every kind of event, through the door (facts/meta.md sections 2 to 5), and what must be survived (section 12).</summary>
public sealed class MetaReadingTests
{
    [Theory, OnBothDatabases]
    public async Task Every_kind_of_a_Page_is_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.TellAsync(shop.Payload("page-kinds", DateTimeOffset.UtcNow));
        var messages = (await app.MessagesAsync(shop)).ToDictionary(m => m.ChannelMessageId!);
        Assert.Equal((MessageKind.Button, "M", "SIZE_M", "m_q", "❤"), (messages["p_quick"].Kind, messages["p_quick"].Text, Extras(messages["p_quick"]).Payload, messages["p_quick"].RepliesTo, messages["p_quick"].Reaction));
        Assert.Equal((MessageKind.Sticker, "👍", 0), (messages["p_thumb"].Kind, messages["p_thumb"].Text, messages["p_thumb"].Attachments.Count));
        Assert.Equal(("voici le lien", "https://example.org/r", "Robe"), (messages["p_link"].Text, Extras(messages["p_link"]).Link, Extras(messages["p_link"]).Title));
        Assert.Equal("https://www.facebook.com/reel/123", Extras(messages["p_reel"]).Link);
        Assert.Equal("ROBE-M-NOIR", Extras(messages["p_product"]).ProductCode);
        Assert.Equal((36.75, 3.05), (Extras(messages["p_where"]).Latitude, Extras(messages["p_where"]).Longitude));
        Assert.NotNull(messages["p_unsupported"].DeletedAt);
        Assert.Equal(MessageKind.Unsupported, messages["p_new_kind"].Kind);
        Assert.Equal(new CartItem("SAC-CAMEL", 2), Extras(messages.Values.Single(m => m.Kind == MessageKind.Order)).Items!.Single());
        Assert.Equal("START", Extras(messages.Values.Single(m => m.Text == "Commander")).Payload);
        var conversation = Assert.Single(await app.ConversationsAsync(shop));
        Assert.Contains("6021", conversation.Referral, StringComparison.Ordinal);
        var comments = await app.ReadAsync(shop, db => db.Comments.AsNoTracking().ToListAsync());
        Assert.Equal(["55_91", "55_93"], comments.Select(c => c.ChannelCommentId).Order());
        Assert.NotNull(comments.Single(c => c.ChannelCommentId == "55_93").RemovedAt);
        Assert.Contains("brand_new_kind", (await EventAsync(app)).Note, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Every_kind_of_Instagram_is_read_under_either_secret(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.TellAsync(shop.Payload("instagram-kinds", DateTimeOffset.UtcNow), TestApp.InstagramAppSecret);
        await app.TellAsync(shop.Payload("instagram-kinds", DateTimeOffset.UtcNow.AddSeconds(1)));
        var messages = (await app.MessagesAsync(shop)).ToDictionary(m => m.ChannelMessageId!);
        Assert.Equal(["i_heart", "i_once", "i_share", "i_story_reply"], messages.Keys.Order());
        Assert.Equal(("https://www.instagram.com/p/1", "Robe"), (Extras(messages["i_share"]).Link, Extras(messages["i_share"]).Title));
        Assert.Equal((MessageKind.StoryReply, "dispo?"), (messages["i_story_reply"].Kind, messages["i_story_reply"].Text));
        Assert.Equal("❤️", messages["i_heart"].Text);
        Assert.Equal(MessageKind.Unsupported, messages["i_once"].Kind);
        Assert.Equal(["c1", "c2"], (await app.ReadAsync(shop, db => db.Comments.AsNoTracking().Select(c => c.ChannelCommentId).ToListAsync())).Order());
        Assert.Contains("not ours: meta/instagram 0", (await EventAsync(app)).Note, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Every_kind_of_WhatsApp_is_read_and_a_broken_one_costs_only_itself(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.TellAsync(shop.Payload("whatsapp-kinds", DateTimeOffset.UtcNow));
        var messages = (await app.MessagesAsync(shop)).ToDictionary(m => m.ChannelMessageId!);
        Assert.Equal(("Confirmer", "ok:42", "wamid.Q"), (messages["w_button"].Text, Extras(messages["w_button"]).Payload, messages["w_button"].RepliesTo));
        Assert.Equal(("Oran", "👍"), (messages["w_list"].Text, messages["w_list"].Reaction));
        Assert.Equal("""{"city":"Oran"}""", Extras(messages["w_flow"]).Payload);
        Assert.NotNull(messages["w_quick"].DeletedAt);
        Assert.Equal((35.69, -0.63, "Oran, Front de mer"), (Extras(messages["w_where"]).Latitude, Extras(messages["w_where"]).Longitude, messages["w_where"].Text));
        Assert.Equal("+213 500 00 00 12", Extras(messages["w_card"]).Phones!.Single());
        Assert.Equal((MessageKind.Order, new CartItem("ROBE-M-NOIR", 2)), (messages["w_order"].Kind, Extras(messages["w_order"]).Items!.Single()));
        Assert.Equal("HIJAB-BEIGE", Extras(messages["w_card_product"]).ProductCode);
        Assert.Equal("prix et tailles", messages["w_ad"].Text);
        Assert.Equal(MessageKind.Unsupported, messages["w_unknown"].Kind);

        var customers = await app.ReadAsync(shop, db => db.Customers.AsNoTracking().OrderBy(c => c.Name).ToListAsync());
        Assert.Equal(["", "Lina", "Sara"], customers.Select(c => c.Name));
        Assert.Equal(["+213500000012"], customers[1].Phones);
        Assert.Empty(customers[0].Phones);
        Assert.Equal(2, (await app.MessagesAsync(shop)).Count(m => m.ConversationId == messages["w_bsuid"].ConversationId));
        var e = await EventAsync(app);
        Assert.Equal(EventState.Unreadable, e.State);
        Assert.DoesNotContain("sans num", Encoding.UTF8.GetString(e.Body!), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_or_unsend_before_its_message_decides_what_is_shown(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        var who = new Person([new(HandleKind.PageScoped, "7001")]);
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, new EditNews("m1", who, now, "new words")), new ChannelNews(shop.Messenger.Id, new UnsendNews("m2", who, now)));
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, new MessageNews("m1", who, now, MessageKind.Text, "old words")), new ChannelNews(shop.Messenger.Id, new MessageNews("m2", who, now, MessageKind.Text, "taken back")));
        var messages = await app.MessagesAsync(shop);
        Assert.Equal(["new words", ""], messages.OrderBy(m => m.ChannelMessageId).Select(m => m.Text));
        Assert.Equal([1, 2], messages.Select(m => m.Seq));
    }

    [Theory, OnBothDatabases]
    public async Task A_changed_number_keeps_its_customer_and_lets_the_old_number_go(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        Person Number(string n) => new([new(HandleKind.WaId, n)]);
        MessageNews Said(string id, string n) => new(id, Number(n), now, MessageKind.Text, id);
        await app.ReceiveAsync(shop,
            new ChannelNews(shop.Whatsapp.Id, Said("before", "213500000012")),
            new ChannelNews(shop.Whatsapp.Id, new RekeyNews(new(HandleKind.WaId, "213500000012"), new(HandleKind.WaId, "213500000014"), now)),
            new ChannelNews(shop.Whatsapp.Id, Said("after", "213500000014")),
            new ChannelNews(shop.Whatsapp.Id, Said("stranger", "213500000012")));
        var messages = (await app.MessagesAsync(shop)).ToDictionary(m => m.ChannelMessageId!);
        Assert.Equal(messages["before"].ConversationId, messages["after"].ConversationId);
        Assert.NotEqual(messages["before"].ConversationId, messages["stranger"].ConversationId);
    }

    [Theory, OnBothDatabases]
    public async Task A_number_and_a_business_scoped_id_are_one_customer(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        PersonHandle number = new(HandleKind.WaId, "213500000012"), id = new(HandleKind.BusinessScoped, "DZ.12");
        await app.ReceiveAsync(shop, new ChannelNews(shop.Whatsapp.Id, new MessageNews("a", new([id]), now, MessageKind.Text, "a")));
        await app.ReceiveAsync(shop, new ChannelNews(shop.Whatsapp.Id, new MessageNews("b", new([number, id]), now, MessageKind.Text, "b")));
        await app.ReceiveAsync(shop, new ChannelNews(shop.Whatsapp.Id, new MessageNews("c", new([number]), now, MessageKind.Text, "c")));
        Assert.Single(await app.ConversationsAsync(shop));
        Assert.Equal(["+213500000012"], (await app.ReadAsync(shop, db => db.Customers.AsNoTracking().SingleAsync())).Phones);
    }

    [Theory, OnBothDatabases]
    public async Task Late_messages_and_groups_are_shown_and_not_answered(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        await app.ReceiveAsync(shop,
            new ChannelNews(shop.Messenger.Id, new MessageNews("old", new([new(HandleKind.PageScoped, "1")]), now.AddDays(-2), MessageKind.Text, "old")),
            new ChannelNews(shop.Messenger.Id, new MessageNews("group", new([new(HandleKind.PageScoped, "2")]), now, MessageKind.Text, "g") { IsOfGroup = true }),
            new ChannelNews(shop.Messenger.Id, new MessageNews("away", new([new(HandleKind.PageScoped, "3")]), now, MessageKind.Text, "s") { IsElsewhere = true }));
        var conversations = await app.ConversationsAsync(shop);
        Assert.Equal(3, conversations.Count);
        Assert.All(conversations, c => Assert.Null(c.DueAt));
        Assert.Equal([Gate.Group, Gate.HeldByPerson, Gate.OldMessage], conversations.Select(c => c.SilentBecause).Order());
    }

    [Theory, OnBothDatabases]
    public async Task A_thousand_messages_for_two_shops_with_one_broken_among_them_are_all_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var (one, two) = (await app.NewShopAsync(), await app.NewShopAsync());
        var now = DateTimeOffset.UtcNow;
        string Item(Shop shop, int i) => $$$"""{"sender":{"id":"7{{{i % 100}}}"},"recipient":{"id":"{{{shop.Messenger.Account}}}"},"timestamp":{{{now.ToUnixTimeMilliseconds() + i}}},"message":{"mid":"{{{shop.Slug}}}.{{{i}}}","text":"message {{{i}}}"}}""";
        string Entry(Shop shop, string extra) => $$$"""{"id":"{{{shop.Messenger.Account}}}","time":{{{now.ToUnixTimeMilliseconds()}}},"messaging":[{{{extra}}}{{{string.Join(',', Enumerable.Range(0, 500).Select(i => Item(shop, i)))}}}]}""";
        await app.TellAsync($$$"""{"object":"page","entry":[{{{Entry(one, "{\"message\":{\"text\":\"nobody\"}},")}}},{{{Entry(two, "")}}},{"id":"999","time":1,"messaging":[{{{Item(one, 1)}}}]}]}""");
        foreach (var shop in (Shop[])[one, two])
        {
            var messages = await app.MessagesAsync(shop);
            Assert.Equal(500, messages.Count);
            Assert.All(messages, m => Assert.StartsWith(shop.Slug, m.ChannelMessageId!, StringComparison.Ordinal));
            foreach (var thread in messages.GroupBy(m => m.ConversationId)) Assert.Equal(Enumerable.Range(1, thread.Count()), thread.OrderBy(m => m.At).Select(m => m.Seq));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Large_malformed_and_foreign_bodies_are_taken_and_answered_rightly(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var large = shop.Payload("messenger-text", DateTimeOffset.UtcNow, ("psid", "7001"), ("mid", "m_large"), ("text", new string('x', 5 * 1024 * 1024)));
        await app.TellAsync(large);
        Assert.Equal(20_000, Assert.Single(await app.MessagesAsync(shop)).Text.Length);

        var huge = new byte[9 * 1024 * 1024];
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await app.KnockAsync(huge, MetaDoor.Sign(huge)));
        foreach (var body in (string[])["{", "[]", "nothing", """{"object":"page","entry":[{"id":"1","messaging":7}]}""", """{"object":"moon","entry":[{"id":"5"}]}""", "{}"])
            await app.TellAsync(body);
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        var unreadable = await scope.Db.InboundEvents.AsNoTracking().Where(e => e.State == EventState.Unreadable).ToListAsync();
        Assert.Equal(3, unreadable.Count);
        Assert.All(unreadable, e => Assert.NotNull(e.Body));
    }

    [Fact]
    public async Task The_verification_gives_the_challenge_back_to_who_knows_the_token()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        Assert.Equal("1158201444", await app.Http.GetStringAsync($"/webhooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={TestApp.VerifyToken}"));
        using var wrong = await app.Http.GetAsync("/webhooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=other");
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_phantom_edit_instead_of_its_message_is_looked_up_and_read_once(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = "phantom-edit", count = 1 });
        await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(app.Sandbox, "/meta/_customers/karim/say", new { channel = "instagram", account = shop.Instagram.Account, name = "Karim", text = "kayen?" });
        await Eventually.HoldsAsync(async () => (await app.MessagesAsync(shop)).Count == 1);
        Assert.Equal("kayen?", (await app.MessagesAsync(shop)).Single().Text);
    }

    private static MessageExtras Extras(Message message) => JsonSerializer.Deserialize<MessageExtras>(message.Extras!, JsonSerializerOptions.Web)!;

    private static async Task<InboundEvent> EventAsync(TestApp app)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.InboundEvents.AsNoTracking().OrderBy(e => e.Id).LastAsync();
    }
}
