using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>A person who answers elsewhere takes the conversation over; our own echoes never do (facts/meta.md section 11).</summary>
public sealed class TakeOverTests
{
    [Theory, OnBothDatabases]
    public async Task A_person_in_the_inbox_or_on_the_phone_silences_the_agent_in_that_conversation_only(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (kind, how) in ((ChannelKind, string)[])[(ChannelKind.Messenger, "inbox"), (ChannelKind.Whatsapp, "smb")]) await TakesOver(kind, how);
        await TakesOver(ChannelKind.Messenger, "phone-app", "amina");
        await TakesOver(ChannelKind.Instagram, "phone-app");

        async Task TakesOver(ChannelKind kind, string how, string customer = "karim")
        {
            var other = await app.HearAsync(shop, kind, "other-" + customer, "salam");
            var conversation = await app.HearAsync(shop, kind, customer, "salam");
            await app.PersonSaysAsync(shop, kind, customer, "C'est moi, Lina", how);
            await Eventually.HoldsAsync(async () => (await app.ConversationAsync(shop, conversation)) is { HeldBy: HeldBy.Person, HandOverReason: Holding.AnsweredElsewhereCode, SilentBecause: Gate.HeldByPerson, DueAt: null, FirstUnansweredAt: null });
            Assert.Equal((Author.Member, "C'est moi, Lina"), (await app.OutAsync(shop, conversation)).Select(m => (m.Author, m.Text)).Single());
            Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, other)).HeldBy);
            // The agent's reply that was being thought meanwhile is not sent.
            await app.SayAsync(shop, conversation, new(Author.Agent, "robot over human"));
            Assert.Equal("held", (await app.SettledAsync(shop, conversation, MessageStatus.Failed)).Error);
            Assert.DoesNotContain("robot over human", await app.ThreadAsync(shop, kind, customer));
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_staff_put_on_or_change_in_a_message_from_the_phone_takes_nothing_over_and_a_photo_does(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        var asked = (await app.MessagesAsync(shop)).Single().ChannelMessageId!;
        await app.SayAsync(shop, conversation, new(Author.Agent, "3500 DA"));
        var answer = await app.SettledAsync(shop, conversation, MessageStatus.Read);
        foreach (var mid in (string[])[asked, answer.ChannelMessageId!]) await DoesAsync(new { reaction = new { mid, emoji = "👍" } });
        await DoesAsync(new { edit_of = answer.ChannelMessageId, text = "3200 DA" });
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).Single().Text == "3200 DA");
        await DoesAsync(new { unsend = answer.ChannelMessageId });
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).Single().DeletedAt is not null);
        Assert.Equal((HeldBy.Agent, null), await app.ConversationAsync(shop, conversation) is var still ? (still.HeldBy, still.SilentBecause) : default);
        Assert.NotNull((await app.ConversationAsync(shop, conversation)).DueAt);

        await DoesAsync(new { image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" });
        await Eventually.HoldsAsync(async () => (await app.ConversationAsync(shop, conversation)) is { HeldBy: HeldBy.Person, HandOverReason: Holding.AnsweredElsewhereCode });
        Assert.Equal(MessageKind.Image, (await app.OutAsync(shop, conversation)).Last().Kind);

        async Task DoesAsync(object what)
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(what)!.AsObject();
            (body["channel"], body["account"], body["how"]) = ("whatsapp", shop.Whatsapp.Account, "smb");
            using var done = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(app.Sandbox, "/meta/_business/karim/say", body);
            Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync());
        }
    }

    [Theory, OnBothDatabases]
    public async Task Our_own_echo_before_the_answer_to_our_send_is_not_a_person(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var kind in (ChannelKind[])[ChannelKind.Messenger, ChannelKind.Instagram])
        {
            var conversation = await app.HearAsync(shop, kind, "karim", "salam");
            await app.FaultAsync(new { kind = "echo-before-answer", path = $"/v25.0/{shop.On(kind).Account}/messages", count = 1, seconds = 3 });
            await app.SayAsync(shop, conversation, new(Author.Agent, "3500 DA  livraison comprise"));
            await app.SettledAsync(shop, conversation, MessageStatus.Delivered, TimeSpan.FromSeconds(30));
            Assert.Single(await app.OutAsync(shop, conversation));
            Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, conversation)).HeldBy);
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_old_echo_after_an_outage_is_shown_and_takes_nothing_over(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        await app.SayAsync(shop, conversation, new(Author.Agent, "of now"));
        await app.SettledAsync(shop, conversation, MessageStatus.Sent);
        await app.PersonSaysAsync(shop, ChannelKind.Messenger, "karim", "of yesterday", "inbox", DateTimeOffset.UtcNow.AddHours(-3));
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).Any(m => m.Text == "of yesterday"));
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, conversation)).HeldBy);
    }

    [Theory, OnBothDatabases]
    public async Task Each_message_of_a_person_restarts_the_clock_after_which_the_agent_goes_on(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, Heard("m1", now)), new ChannelNews(shop.Messenger.Id, Answered("e1", now)));
        var first = (await app.ConversationsAsync(shop)).Single();
        Assert.True(first.ResumesAt > now.AddHours(11));
        await app.ReadAsync(shop, async db => { (await db.Conversations.SingleAsync()).ResumesAt = now.AddMinutes(-1); return await db.SaveChangesAsync(); });
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, Answered("e2", now)));
        await app.ReleaseAsync();
        Assert.Equal(HeldBy.Person, (await app.ConversationsAsync(shop)).Single().HeldBy);

        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, Heard("m2", now)));
        await app.ReadAsync(shop, async db => { (await db.Conversations.SingleAsync()).ResumesAt = now.AddMinutes(-1); return await db.SaveChangesAsync(); });
        await app.ReleaseAsync();
        var after = (await app.ConversationsAsync(shop)).Single();
        Assert.Equal((HeldBy.Agent, null, null), (after.HeldBy, after.SilentBecause, after.ResumesAt));
        Assert.NotNull(after.DueAt);
    }

    [Theory, OnBothDatabases]
    public async Task Taking_over_drops_what_waits_to_be_sent_and_giving_back_wakes_the_agent(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, Heard("m1", DateTimeOffset.UtcNow)));
        var id = (await app.ConversationsAsync(shop)).Single().Id;
        await app.SayAsync(shop, id, new(Author.Agent, "waits"));
        await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().TakeAsync(id, shop.OwnerId, default));
        Assert.Equal((MessageStatus.Failed, "taken_over"), (await app.OutAsync(shop, id)).Select(m => (m.Status, m.Error)).Single());
        Assert.Equal(JobState.Dropped, await app.ReadAsync(shop, db => db.Jobs.Where(j => j.Kind == "send_message").Select(j => j.State).SingleAsync()));
        await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(id, default));
        Assert.NotNull((await app.ConversationAsync(shop, id)).DueAt);
    }

    private static MessageNews Heard(string id, DateTimeOffset at) => new(id, new([new(OrderClosr.Customers.HandleKind.PageScoped, "7001")]), at, MessageKind.Text, "salam");

    private static EchoNews Answered(string id, DateTimeOffset at) => new(id, new([new(OrderClosr.Customers.HandleKind.PageScoped, "7001")]), at, MessageKind.Text, "je suis là", EchoOrigin.Elsewhere);
}

/// <summary>The rooms' own verbs without the door.</summary>
internal static class Direct
{
    internal static async Task ReceiveAsync(this TestApp app, Shop shop, params ChannelNews[] news)
    {
        await using var scope = app.In(shop.Id);
        await scope.Db.InTransactionAsync(async () =>
        {
            await scope.Get<Receiving>().ReceiveAsync(news, default);
            await scope.Db.SaveChangesAsync();
        }, default);
    }

    internal static async Task ReleaseAsync(this TestApp app)
    {
        await using var scope = app.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>().OpenNone();
        await scope.Get<IJobHandler<ReleaseHeld>>().RunAsync(new(), new(default, 1, false), default);
    }
}
