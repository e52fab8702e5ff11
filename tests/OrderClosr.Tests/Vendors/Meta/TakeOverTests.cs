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
    public async Task What_staff_put_on_a_message_from_the_phone_takes_nothing_over_and_a_photo_or_another_word_does(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        var asked = (await app.MessagesAsync(shop)).Single().ChannelMessageId!;
        await app.SayAsync(shop, conversation, new(Author.Agent, "3500 DA"));
        var answer = await app.SettledAsync(shop, conversation, MessageStatus.Read);
        foreach (var mid in (string[])[asked, answer.ChannelMessageId!]) await DoesAsync(new { reaction = new { mid, emoji = "👍" } });
        await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "w livraison?"); // read behind them
        Assert.Equal((HeldBy.Agent, null), await app.ConversationAsync(shop, conversation) is var still ? (still.HeldBy, still.SilentBecause) : default);
        Assert.NotNull((await app.ConversationAsync(shop, conversation)).DueAt);

        await DoesAsync(new { edit_of = answer.ChannelMessageId, text = "3200 DA" });
        await TakenAsync();
        Assert.Equal("3200 DA", (await app.OutAsync(shop, conversation)).Single().Text);
        await DoesAsync(new { unsend = answer.ChannelMessageId });
        await TakenAsync();
        Assert.NotNull((await app.OutAsync(shop, conversation)).Single().DeletedAt);
        await DoesAsync(new { image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" });
        await TakenAsync();
        Assert.Equal(MessageKind.Image, (await app.OutAsync(shop, conversation)).Last().Kind);

        // Taken over, and given back for the next word.
        async Task TakenAsync()
        {
            await Eventually.HoldsAsync(async () => (await app.ConversationAsync(shop, conversation)) is { HeldBy: HeldBy.Person, HandOverReason: Holding.AnsweredElsewhereCode });
            await using var scope = app.In(shop.Id);
            Assert.Null(await scope.Get<Holding>().ReleaseAsync(conversation, default));
        }

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
    public async Task A_person_on_the_phone_of_whom_Instagram_says_nothing_is_found_in_the_thread_before_the_agent_speaks(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = "drop-app-echoes" });
        var conversation = await app.HearAsync(shop, ChannelKind.Instagram, "karim", "ch7al?");
        await app.SayAsync(shop, conversation, new(Author.Agent, "3500 DA"));
        await app.SettledAsync(shop, conversation, MessageStatus.Sent);
        await app.HearAsync(shop, ChannelKind.Instagram, "karim", "w livraison?");
        await app.PersonSaysAsync(shop, ChannelKind.Instagram, "karim", "C'est moi, Lina", "phone-app");
        await app.SayAsync(shop, conversation, new(Author.Agent, "robot over human"));
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).Any(m => m is { Text: "robot over human", Status: MessageStatus.Failed, Error: "held" }));
        Assert.Contains(await app.OutAsync(shop, conversation), m => m is { Text: "C'est moi, Lina", Author: Author.Member });
        Assert.True(await app.ConversationAsync(shop, conversation) is { HeldBy: HeldBy.Person, HandOverReason: Holding.AnsweredElsewhereCode, FirstUnansweredAt: null });
        Assert.DoesNotContain("robot over human", await app.ThreadAsync(shop, ChannelKind.Instagram, "karim"));
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

    [Theory, OnBothDatabases]
    public async Task What_the_agent_answered_waits_again_when_the_answer_was_stopped_before_the_customer_read_any_of_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var by in (string[])["pause", "member"])
        {
            var id = await app.HearAsync(shop, ChannelKind.Messenger, by, "ch7al?");
            var asked = (await app.ConversationAsync(shop, id)).FirstUnansweredAt;
            await StopAsync(by, id, true);
            await AnsweredByAgentAsync(id, "3 500 DA");
            await app.SettledAsync(shop, id, MessageStatus.Failed);
            var stopped = await app.ConversationAsync(shop, id);
            Assert.Equal((0, null), (stopped.AnsweredUpTo, stopped.DueAt));
            Assert.InRange(asked!.Value - stopped.FirstUnansweredAt!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1)); // since when the customer waits
            await StopAsync(by, id, false);
            Assert.NotNull((await app.ConversationAsync(shop, id)).DueAt);

            // Of two bubbles the customer read one: he was answered, a second turn would say it again.
            await AnsweredByAgentAsync(id, "3 500 DA.");
            await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, id)).Any(m => m.Status >= MessageStatus.Sent && m.Status != MessageStatus.Failed));
            await StopAsync(by, id, true);
            await AnsweredByAgentAsync(id, "Livraison 500 DA.");
            await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, id)).Count(m => m.Status == MessageStatus.Failed) == 2);
            await StopAsync(by, id, false);
            var told = await app.ConversationAsync(shop, id);
            Assert.Equal((null, null), (told.FirstUnansweredAt, told.DueAt));
        }

        // As a turn commits it.
        Task AnsweredByAgentAsync(ConversationId id, string text) => InConversationAsync(id, (scope, conversation) =>
        {
            scope.Get<Saying>().SayLater(conversation, new(Author.Agent, text) { IsAnswer = true });
            conversation.Answered();
        });

        async Task StopAsync(string by, ConversationId id, bool stops)
        {
            await using var scope = app.In(shop.Id);
            Assert.Null(by == "pause" ? await scope.Get<Pausing>().PauseConversationAsync(id, stops, shop.OwnerId, default)
                : stops ? await scope.Get<Holding>().TakeAsync(id, shop.OwnerId, default) : await scope.Get<Holding>().ReleaseAsync(id, default));
        }

        async Task InConversationAsync(ConversationId id, Action<OrderClosr.Ground.Tenancy.WorkspaceScope, Conversation> does)
        {
            await using var scope = app.In(shop.Id);
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Db.Dialect.LockRowAsync(scope.Db, "conversations", id.Value, default);
                does(scope, await scope.Db.Conversations.SingleAsync(c => c.Id == id));
                await scope.Db.SaveChangesAsync();
            }, default);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_person_elsewhere_answers_what_was_written_before_and_nothing_after(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        await app.ReceiveAsync(shop, On(shop, Heard("m1", now.AddMinutes(-2))), On(shop, Heard("m2", now.AddMinutes(-1))));
        await app.ReceiveAsync(shop, On(shop, Answered("e1", now.AddSeconds(-90))));
        var held = (await app.ConversationsAsync(shop)).Single();
        Assert.Equal((HeldBy.Person, 1, null), (held.HeldBy, held.AnsweredUpTo, held.DueAt));
        Assert.NotNull(held.FirstUnansweredAt);
        await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(held.Id, default));
        Assert.NotNull((await app.ConversationAsync(shop, held.Id)).DueAt);
        await app.ReceiveAsync(shop, On(shop, Answered("e2", now)));
        var all = await app.ConversationAsync(shop, held.Id);
        Assert.Equal((all.LastSeq, null), (all.AnsweredUpTo, all.FirstUnansweredAt));
    }

    [Theory, OnBothDatabases]
    public async Task A_person_who_edits_or_takes_back_what_they_wrote_on_the_phone_is_in_the_thread(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await app.ReceiveAsync(shop, On(shop, Heard("m1", now)));
        await app.ReceiveAsync(shop, On(shop, Answered("e1", now)));
        var id = (await app.ConversationsAsync(shop)).Single().Id;
        foreach (var (changed, isKnown) in ((News, bool)[])
            [(new EditNews("e1", Karim, now.AddSeconds(5), "je suis là !", ByBusiness: true), true), (new UnsendNews("e1", Karim, now.AddSeconds(9), ByBusiness: true), true),
            (new EditNews("never seen", Karim, now.AddSeconds(5), "d'avant", ByBusiness: true), false), (new UnsendNews("not seen either", Karim, now.AddSeconds(9), ByBusiness: true), false)])
        {
            await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(id, default));
            await app.SayAsync(shop, id, new(Author.Agent, "waits"));
            await app.ReceiveAsync(shop, On(shop, changed));
            var held = await app.ConversationAsync(shop, id);
            Assert.Equal((HeldBy.Person, Holding.AnsweredElsewhereCode), (held.HeldBy, held.HandOverReason));
            Assert.Equal("taken_over", (await app.OutAsync(shop, id)).OrderBy(m => m.Seq).Last().Error);
            Assert.Equal(1, (await app.OutAsync(shop, id)).Count(m => m.Author == Author.Member));
            if (!isKnown) continue;
            // Heard a second time it says nothing new.
            await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(id, default));
            await app.ReceiveAsync(shop, On(shop, changed));
            Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, id)).HeldBy);
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_old_word_of_who_owns_the_thread_changes_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        await app.ReceiveAsync(shop, On(shop, Heard("m1", now)));
        var id = (await app.ConversationsAsync(shop)).Single().Id;
        await app.SayAsync(shop, id, new(Author.Agent, "of now"));
        await app.ReceiveAsync(shop, On(shop, new ControlNews(Karim, now.AddHours(-3), IsElsewhere: true)));
        await app.ReceiveAsync(shop, On(shop, Heard("m0", now.AddHours(-3)) with { IsElsewhere = true }));
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, id)).HeldBy);

        await app.ReceiveAsync(shop, On(shop, new ControlNews(Karim, now, IsElsewhere: true)));
        Assert.Equal((HeldBy.Person, Holding.ThreadElsewhere), ((await app.ConversationAsync(shop, id)).HeldBy, (await app.ConversationAsync(shop, id)).HandOverReason));
        await app.ReceiveAsync(shop, On(shop, new ControlNews(Karim, now.AddMinutes(-10), IsElsewhere: false)));
        Assert.Equal(HeldBy.Person, (await app.ConversationAsync(shop, id)).HeldBy);
        await app.ReceiveAsync(shop, On(shop, new ControlNews(Karim, now.AddSeconds(1), IsElsewhere: false)));
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, id)).HeldBy);
    }

    [Theory, OnBothDatabases]
    public async Task An_old_message_that_comes_during_a_pause_does_not_make_the_agent_forget_what_waits(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        await app.ReceiveAsync(shop, On(shop, Heard("m1", now)));
        var id = (await app.ConversationsAsync(shop)).Single().Id;
        await PauseAsync(true);
        await app.ReceiveAsync(shop, On(shop, Heard("m0", now.AddHours(-30))));
        Assert.Equal(Gate.Paused, (await app.ConversationAsync(shop, id)).SilentBecause);
        await PauseAsync(false);
        Assert.NotNull((await app.ConversationAsync(shop, id)).DueAt);

        async Task PauseAsync(bool isPaused)
        {
            await using var scope = app.In(shop.Id);
            await scope.Get<Pausing>().PauseAsync(isPaused, shop.OwnerId, null, default);
        }
    }

    private static ChannelNews On(Shop shop, News news) => new(shop.Messenger.Id, news);

    private static readonly OrderClosr.Customers.Person Karim = new([new(OrderClosr.Customers.HandleKind.PageScoped, "7001")]);

    private static MessageNews Heard(string id, DateTimeOffset at) => new(id, Karim, at, MessageKind.Text, "salam");

    private static EchoNews Answered(string id, DateTimeOffset at) => new(id, Karim, at, MessageKind.Text, "je suis là", EchoOrigin.Elsewhere);
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
