using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

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
    public async Task Whom_WhatsApp_lets_nobody_write_freely_is_answered_by_an_approved_template(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Karim", DateTimeOffset.UtcNow.AddHours(-30), ["win rah le colis ?"]);
        var fresh = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Sara", DateTimeOffset.UtcNow, ["slm"]);
        var page = $"/w/{shop.Slug}/inbox/{id}";
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync(page);
        Assert.Contains("Répondre par un modèle WhatsApp (0)", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Contains("Aucun modèle", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id))
        {
            (await scope.Db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id)).Templates = """
                [{"name":"colis","language":"fr","state":"approved","category":"utility","body":"Bonjour {{1}}, votre colis arrive {{2}}."},
                {"name":"promo","language":"fr","state":"approved","category":"marketing","body":"-20 %"},
                {"name":"autre","language":"fr","state":"rejected","category":"utility","body":"Non"},
                {"name":"nomme","language":"fr","state":"approved","category":"utility","body":"Bonjour {{prenom}}"}]
                """;
            var customer = (await scope.Db.Conversations.SingleAsync(c => c.Id == id)).CustomerId;
            (await scope.Db.Customers.SingleAsync(c => c.Id == customer)).AdvertisingStoppedAt = DateTimeOffset.UtcNow;
            await scope.Db.SaveChangesAsync();
        }
        await owner.GetAsync(page);
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("Répondre par un modèle WhatsApp (2)", text, StringComparison.Ordinal);
        Assert.Contains("Bonjour {{1}}, votre colis arrive {{2}}.", text, StringComparison.Ordinal);

        // What is not approved, not whole or not wanted changes nothing and says why.
        foreach (var (name, words, said) in ((string, string[], string)[])[("autre", [], "pas approuvé"), ("colis", ["Karim", " "], "Il manque des mots"), ("colis", ["Karim"], "Il manque des mots"), ("promo", [], "ne veut plus de publicité")])
        {
            Assert.Contains((await owner.PostAsync($"{page}/template", true, [("template", name), ("language", "fr"), .. words.Select(w => ("parameters", w))])).StatusCode, (HttpStatusCode[])[HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity]);
            Assert.Contains(said, WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        }
        await using (var scope = app.In(shop.Id))
        {
            Assert.False(await scope.Db.Messages.AnyAsync(m => m.ConversationId == id && m.Direction == Direction.Out));
            Assert.Equal(HeldBy.Agent, (await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == id)).HeldBy);
        }

        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{page}/template", true, ("template", "colis"), ("language", "fr"), ("parameters", "Karim"), ("parameters", "demain matin"))).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            var sent = await scope.Db.Messages.AsNoTracking().SingleAsync(m => m.ConversationId == id && m.Direction == Direction.Out);
            Assert.Equal((MessageKind.Template, Author.Member, shop.OwnerId), (sent.Kind, sent.Author, sent.AccountId));
            Assert.Contains("\"colis\"", sent.Extras, StringComparison.Ordinal);
        }
        await owner.GetAsync(page);
        Assert.Contains("Bonjour Karim, votre colis arrive demain matin.", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Vous répondez", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{fresh}");
        Assert.DoesNotContain("modèle WhatsApp", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_pause_is_seen_on_every_page_and_says_who_waits(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddAsync(app, shop, ChannelKind.Messenger, "Karim Zerrouki", DateTimeOffset.UtcNow, ["slm"], c => (c.FirstUnansweredAt, c.AnsweredUpTo, c.SilentBecause) = (DateTimeOffset.UtcNow, 0, "conversation_paused"));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var controls = $"/w/{shop.Slug}/controls";
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{controls}/pause", true, ("note", "rupture basket noire"))).StatusCode);
        await owner.GetAsync(controls);
        var text = WebUtility.HtmlDecode(owner.Html);
        Assert.Contains("L'agent est en pause", text, StringComparison.Ordinal);
        Assert.Contains("par <bdi>Owner 1</bdi> : « <bdi>rupture basket noire</bdi> »", text, StringComparison.Ordinal);
        Assert.Contains("Karim Zerrouki", text, StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("L'agent est en pause dans toute la boutique.", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Contains("Par <bdi>Owner 1</bdi>", owner.Html, StringComparison.Ordinal);

        await owner.PostAsync($"{controls}/resume");
        await owner.GetAsync(controls);
        text = WebUtility.HtmlDecode(owner.Html);
        Assert.DoesNotContain("L'agent est en pause", text, StringComparison.Ordinal);
        Assert.Contains("rupture basket noire", text, StringComparison.Ordinal); // among the last pauses
        await using var scope = app.In(shop.Id);
        var pause = await scope.Db.Pauses.SingleAsync();
        Assert.Equal((null, null, shop.OwnerId, shop.OwnerId), (pause.ChannelId, pause.ConversationId, pause.AccountId, pause.EndedBy));
        Assert.True(pause.EndedAt >= pause.At);
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
        Assert.Equal(2, owner.Html.Split("par <bdi>Owner 1</bdi>").Length - 1); // the channel and the conversation
        Assert.Contains("Karim Zerrouki", owner.Html, StringComparison.Ordinal);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{id}");
        Assert.Contains("Par <bdi>Owner 1</bdi>", owner.Html, StringComparison.Ordinal);
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
            Assert.All(await scope.Db.Pauses.ToListAsync(), p => Assert.Equal((shop.OwnerId, shop.OwnerId, true), (p.AccountId, p.EndedBy, p.EndedAt is not null)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Of_what_a_pause_missed_the_agent_answers_what_is_checked_and_people_the_rest(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var controls = $"/w/{shop.Slug}/controls";
        await owner.PostAsync($"{controls}/pause", true, ("note", "rupture"));
        var ids = new List<ConversationId>();
        foreach (var (name, hours) in new[] { ("Sofiane L.", 1), ("Houda", 2), ("Bilal", 3), ("Trop tard", 30) })
            ids.Add(await Talks.AddAsync(app, shop, ChannelKind.Messenger, name, now.AddHours(-hours), ["slm"], c => (c.FirstUnansweredAt, c.AnsweredUpTo, c.SilentBecause) = (now.AddHours(-hours), 0, Gate.Paused)));
        await owner.GetAsync(controls);
        Assert.Contains("L&#x27;agent répond à Sofiane L.".Replace("&#x27;", "'", StringComparison.Ordinal), WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal(3, owner.Html.Split("name=\"listed\"").Length - 1); // the channel takes nothing for the fourth

        await owner.PostAsync($"{controls}/missed", true, ("listed", $"{ids[0]}"), ("listed", $"{ids[1]}"), ("listed", $"{ids[2]}"), ("answer", $"{ids[0]}"), ("answer", $"{ids[2]}"), ("then", "resume"));
        await using var scope = app.In(shop.Id);
        Assert.Null((await scope.Db.Controls.SingleAsync()).PausedAt);
        var after = ids.ConvertAll(id => scope.Db.Conversations.Single(c => c.Id == id));
        Assert.Equal([(HeldBy.Agent, null, true), (HeldBy.Nobody, "kept_for_person", false), (HeldBy.Agent, null, true), (HeldBy.Agent, null, true)], after.Select(c => (c.HeldBy, c.HandOverReason, c.DueAt is not null)));
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{ids[1]}");
        Assert.Contains("gardée pour une personne", owner.Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task The_owner_caps_what_Claude_may_cost_in_dinars(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var controls = $"/w/{shop.Slug}/controls";
        foreach (var (day, words) in new[] { ("beaucoup", "en dinars entiers"), ("0", "utilisez la pause"), ("-5", "sous zéro") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{controls}/spending", true, ("day_cap", day), ("month_cap", "5 000"))).StatusCode);
            Assert.Contains(words, WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
            Assert.Contains($"value=\"{day}\"", owner.Html, StringComparison.Ordinal); // what was typed is not lost
        }
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{controls}/spending", true, ("day_cap", "300 DA"), ("month_cap", "5 000"))).StatusCode);
        await owner.GetAsync(controls);
        Assert.Contains("<progress max=\"5000\" value=\"0\"", owner.Html, StringComparison.Ordinal);
        await using var scope = app.In(shop.Id);
        var saved = await scope.Db.Set<OrderClosr.Agent.AgentSettings>().SingleAsync();
        Assert.Equal((300, 5000), (saved.DayCap!.Value.Amount, saved.MonthCap!.Value.Amount));
    }

    [Theory, OnBothDatabases]
    public async Task A_photo_goes_out_with_the_answer_and_a_file_that_is_none_does_not(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var id = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/inbox/{id}";
        using (var wrong = Sent(owner, "voila", "photo.png", "<svg/>"u8.ToArray()))
        using (var refused = await owner.SendAsync(HttpMethod.Post, $"{page}/say", wrong))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("JPEG · PNG · WebP", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Empty(Files());
        using (var right = Sent(owner, "voilà la robe", "robe.exe", Png)) // typed by content, not by name
        using (var answer = await owner.SendAsync(HttpMethod.Post, $"{page}/say", right)) Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Single(Files());
        await owner.GetAsync(page);
        Assert.Contains("<img class=\"photo\"", owner.Html, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, id)) is [{ Kind: MessageKind.Image, Status: >= MessageStatus.Sent and not MessageStatus.Failed }, { Kind: MessageKind.Text, Status: >= MessageStatus.Sent and not MessageStatus.Failed }]);
        Assert.Contains("\"type\":\"image\"", (await app.Sandbox.GetStringAsync("/meta/_log")).Replace("\\", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        string[] Files() => Directory.Exists(Path.Combine(app.Folder, "media", shop.Id.ToString())) ? Directory.GetFiles(Path.Combine(app.Folder, "media", shop.Id.ToString())) : [];
    }

    [Theory, OnBothDatabases]
    public async Task A_note_is_for_members_alone_never_sent_and_never_read_by_the_agent(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var id = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        await RepliesAsync();
        int before;
        await using (var scope = app.In(shop.Id)) before = await scope.Db.Jobs.CountAsync(j => j.Kind == SendMessage.Kind);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/inbox/{id}";
        await owner.GetAsync(page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync($"{page}/note", true, ("text", " "))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{page}/note", true, ("text", "zlabiya : il discute toujours"))).StatusCode);
        await using (var scope = app.In(shop.Id))
        {
            Assert.Equal(HeldBy.Agent, (await scope.Db.Conversations.AsNoTracking().SingleAsync(c => c.Id == id)).HeldBy);
            Assert.Equal(before, await scope.Db.Jobs.CountAsync(j => j.Kind == SendMessage.Kind));
        }
        await app.HearAsync(shop, ChannelKind.Messenger, "karim", "ch7al la robe?");
        await RepliesAsync();
        var (claude, meta) = (await app.Sandbox.GetStringAsync("/claude/_log"), await app.Sandbox.GetStringAsync("/meta/_log"));
        Assert.Contains("ch7al la robe?", claude, StringComparison.Ordinal);
        Assert.DoesNotContain("zlabiya", claude, StringComparison.Ordinal);
        Assert.DoesNotContain("zlabiya", meta, StringComparison.Ordinal);
        await owner.GetAsync(page);
        Assert.Contains("zlabiya : il discute toujours", owner.Html, StringComparison.Ordinal);
        Assert.Contains("Note de <bdi>Owner</bdi>", owner.Html, StringComparison.Ordinal);

        // The last thing said is the agent's, and it has arrived.
        Task RepliesAsync() => Eventually.HoldsAsync(async () =>
        {
            await using var scope = app.In(shop.Id);
            return await scope.Db.Messages.Where(m => m.ConversationId == id).OrderByDescending(m => m.Seq).Select(m => m.Author == Author.Agent && m.ChannelMessageId != null).FirstAsync();
        });
    }

    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static MultipartFormDataContent Sent(Visitor owner, string text, string name, byte[] content) =>
        new() { { new StringContent(owner.Proof), "__RequestVerificationToken" }, { new StringContent(text), "text" }, { new ByteArrayContent(content), "photo", name } };

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
