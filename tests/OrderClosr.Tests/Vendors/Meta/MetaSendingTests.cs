using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>The road out, through the played Meta: what is said arrives once, or it is visible why not.</summary>
public sealed class MetaSendingTests
{
    [Theory, OnBothDatabases]
    public async Task An_answer_arrives_on_each_channel_and_its_status_only_moves_forward(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var kind in Enum.GetValues<ChannelKind>())
        {
            var conversation = await app.HearAsync(shop, kind, "karim", "salam");
            await app.SayAsync(shop, conversation, new(Author.Agent, "Salam! 3500 DA") { Buttons = [new("M", "SIZE_M"), new("L", "SIZE_L")] });
            var sent = await app.SettledAsync(shop, conversation, MessageStatus.Read);
            Assert.Equal("Salam! 3500 DA", sent.Text);
            Assert.NotNull(sent.ChannelMessageId);
            Assert.Contains("Salam! 3500 DA", await app.ThreadAsync(shop, kind, "karim"));
            Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, conversation)).HeldBy);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_long_answer_is_parted_by_the_limits_of_its_channel(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Instagram, "karim", "salam");
        var text = string.Join(' ', Enumerable.Repeat("مرحبا بيك خويا، عندنا كل المقاسات.", 40));
        await app.SayAsync(shop, conversation, new(Author.Agent, text));
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).All(m => m.Status >= MessageStatus.Sent));
        var parts = await app.OutAsync(shop, conversation);
        Assert.True(parts.Count > 1);
        Assert.All(parts, p => Assert.NotEqual(MessageStatus.Failed, p.Status));
        Assert.Equal(text, string.Join(' ', parts.Select(p => p.Text)));
    }

    [Theory, OnBothDatabases]
    public async Task A_pause_before_the_send_stops_the_agents_message_and_no_other(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        await using (var scope = app.In(shop.Id)) await scope.Get<Pausing>().PauseAsync(true, null, null, default);
        await app.SayAsync(shop, conversation, new(Author.Agent, "too late"));
        var stopped = await app.SettledAsync(shop, conversation, MessageStatus.Failed);
        Assert.Equal("paused", stopped.Error);
        await app.SayAsync(shop, conversation, new(Author.Member, "a person may"));
        await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
        Assert.DoesNotContain("too late", await app.ThreadAsync(shop, ChannelKind.Messenger, "karim"));
    }

    [Theory, OnBothDatabases]
    public async Task A_send_that_timed_out_after_it_was_accepted_reaches_the_customer_once(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var kind in Enum.GetValues<ChannelKind>())
        {
            var conversation = await app.HearAsync(shop, kind, "karim", "salam");
            await app.FaultAsync(new { kind = "timeout-after-work", path = $"/v25.0/{shop.On(kind).Account}/messages", count = 1 });
            await app.SayAsync(shop, conversation, new(Author.Agent, "only once"));
            await app.SettledAsync(shop, conversation, MessageStatus.Read, TimeSpan.FromSeconds(60));
            Assert.Equal(1, (await app.ThreadAsync(shop, kind, "karim")).Split("only once").Length - 1);
            Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, conversation)).HeldBy);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_send_that_stays_unknown_for_a_minute_is_repeated_once_and_the_thread_says_so(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        await app.FaultAsync(new { kind = "no-statuses" });
        await app.FaultAsync(new { kind = "timeout-after-work", path = $"/v25.0/{shop.Whatsapp.Account}/messages", seconds = 0 });
        await app.SayAsync(shop, conversation, new(Author.Agent, "maybe twice"));
        await Eventually.HoldsAsync(async () => (await SendJobAsync(app, shop)).State == JobState.OutcomeUnknown);
        Assert.Equal((MessageStatus.Stored, false), (await app.OutAsync(shop, conversation)).Single() is var waiting ? (waiting.Status, waiting.MayBeRepeated) : default);
        Assert.Equal(1, (await app.ThreadAsync(shop, ChannelKind.Whatsapp, "karim")).Split("maybe twice").Length - 1);

        await LongAgoAsync(app, shop);
        await Eventually.HoldsAsync(async () => (await app.OutAsync(shop, conversation)).Single().MayBeRepeated);
        await Eventually.HoldsAsync(async () => (await SendJobAsync(app, shop)).State == JobState.OutcomeUnknown);
        Assert.Equal(2, (await app.ThreadAsync(shop, ChannelKind.Whatsapp, "karim")).Split("maybe twice").Length - 1);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox/{conversation}");
        Assert.Contains("Envoyé une deuxième fois", System.Net.WebUtility.HtmlDecode(owner.Html));

        // And never a third time: a person has to look.
        await LongAgoAsync(app, shop);
        Assert.Equal("outcome_unknown", (await app.SettledAsync(shop, conversation, MessageStatus.Failed)).Error);
        Assert.Equal(2, (await app.ThreadAsync(shop, ChannelKind.Whatsapp, "karim")).Split("maybe twice").Length - 1);
    }

    [Theory, OnBothDatabases]
    public async Task The_limit_of_messages_to_one_person_makes_only_that_person_wait_longer_each_time(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        await app.FaultAsync(new { kind = "error", status = 400, code = 131056, count = 3, path = $"/v25.0/{shop.Whatsapp.Account}/messages" });
        await app.SayAsync(shop, conversation, new(Author.Agent, "slowly"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var started = DateTimeOffset.UtcNow;
            await Eventually.HoldsAsync(async () => await SendJobAsync(app, shop) is var job && job.Attempts == attempt && job.State == JobState.Waiting);
            var wait = (await SendJobAsync(app, shop)).DueAt - started;
            Assert.InRange(wait.TotalSeconds, Math.Pow(4, attempt) - 0.5, Math.Pow(4, attempt) + 20);
            if (attempt == 3)
            {
                // The lane is not slowed down for the others.
                var other = await app.HearAsync(shop, ChannelKind.Whatsapp, "lina", "salam");
                await app.SayAsync(shop, other, new(Author.Agent, "at once"));
                await app.SettledAsync(shop, other, MessageStatus.Delivered, TimeSpan.FromSeconds(20));
                Assert.Equal(MessageStatus.Stored, (await app.OutAsync(shop, conversation)).Single().Status);
            }
            await app.ReadAsync(shop, db => db.Jobs.Where(j => j.Kind == "send_message" && j.State == JobState.Waiting).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, DateTimeOffset.UtcNow)));
        }
        await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
    }

    private static Task<Job> SendJobAsync(TestApp app, Shop shop) => app.ReadAsync(shop, db => db.Jobs.AsNoTracking().OrderBy(j => j.Id).FirstAsync(j => j.Kind == "send_message"));

    /// <summary>As if more than a minute had passed since the message was handed over.</summary>
    private static async Task LongAgoAsync(TestApp app, Shop shop)
    {
        var ago = DateTimeOffset.UtcNow.AddMinutes(-2);
        await app.ReadAsync(shop, db => db.Messages.Where(m => m.Direction == Direction.Out).ExecuteUpdateAsync(set => set.SetProperty(m => m.SendingAt, ago)));
        await app.ReadAsync(shop, db => db.Jobs.Where(j => j.Kind == "send_message" && j.State == JobState.OutcomeUnknown).ExecuteUpdateAsync(set => set.SetProperty(j => j.DueAt, ago)));
    }

    [Theory, OnBothDatabases]
    public async Task A_dead_token_breaks_the_channel_and_what_waited_is_sent_after_it_is_mended(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { token_dead = 460 });
        await app.SayAsync(shop, conversation, new(Author.Agent, "waits"));
        await Eventually.HoldsAsync(async () => (await app.ReadAsync(shop, db => db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id))) is { State: ChannelState.Broken, Trouble: "token_refused" });
        Assert.Equal(MessageStatus.Stored, (await app.OutAsync(shop, conversation)).Single().Status);
        Assert.Equal(Gate.ChannelBroken, await app.ReadAsync(shop, async db => Gate.SilentBecause(null, await db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id), await db.Conversations.SingleAsync(), await db.Set<OrderClosr.Customers.Customer>().SingleAsync())));

        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { token_dead = 0 });
        await using (var scope = app.In(shop.Id))
            await scope.Db.InTransactionAsync(async () => await scope.Get<ChannelHealth>().MendAsync(await scope.Db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id), default), default);
        await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
    }

    [Theory, OnBothDatabases]
    public async Task After_the_window_the_agent_says_nothing_and_a_person_still_may_on_Messenger(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Messenger, "karim", "salam");
        var twoDaysAgo = DateTimeOffset.UtcNow.AddDays(-2);
        await app.Sandbox.DeleteAsync("/meta/_log");
        await using (var scope = app.In(shop.Id))
        {
            (await scope.Db.Conversations.SingleAsync()).LastCustomerActionAt = twoDaysAgo;
            await scope.Db.SaveChangesAsync();
        }
        await app.SayAsync(shop, conversation, new(Author.Agent, "late robot"));
        Assert.Equal("window_closed", (await app.SettledAsync(shop, conversation, MessageStatus.Failed)).Error);
        await app.SayAsync(shop, conversation, new(Author.Member, "late person"));
        await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
        var log = await app.Sandbox.GetStringAsync("/meta/_log");
        Assert.DoesNotContain("late robot", log);
        Assert.Contains("HUMAN_AGENT", log);
    }

    [Theory, OnBothDatabases]
    public async Task A_refusal_minutes_later_is_shown_with_its_reason(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam");
        await app.FaultAsync(new { kind = "no-statuses" });
        await app.SayAsync(shop, conversation, new(Author.Agent, "hello"));
        var sent = await app.SettledAsync(shop, conversation, MessageStatus.Sent);
        await app.TellAsync(shop.Payload("whatsapp-failed", DateTimeOffset.UtcNow, ("id", sent.ChannelMessageId!), ("code", "131026")));
        var failed = (await app.OutAsync(shop, conversation)).Single();
        Assert.Equal((MessageStatus.Failed, "unreachable 131026"), (failed.Status, failed.Error));
        await Eventually.HoldsAsync(async () => await app.ConversationAsync(shop, conversation) is { HeldBy: HeldBy.Nobody, HandOverReason: "not_sent", SilentBecause: Gate.Unreachable });
    }

    [Theory, OnBothDatabases]
    public async Task What_the_channel_reports_before_it_answered_our_send_is_kept_and_applied(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        // Nothing but the reports tells that it arrived: no echo comes before them.
        await app.FaultAsync(new { kind = "drop-echoes" });
        (ChannelKind Kind, string Customer, string? Value, bool Fails)[] cases =
        [
            (ChannelKind.Whatsapp, "marked", null, false), (ChannelKind.Whatsapp, "unmarked", "unmarked", false), (ChannelKind.Whatsapp, "unreachable", "unmarked", true),
            (ChannelKind.Messenger, "karim", null, false), (ChannelKind.Instagram, "karim", null, false),
        ];
        foreach (var (kind, customer, value, fails) in cases)
        {
            var path = $"/v25.0/{shop.On(kind).Account}/messages";
            var conversation = await app.HearAsync(shop, kind, customer, "salam");
            await app.FaultAsync(new { kind = "reports-before-answer", path, value, count = 1 });
            await app.FaultAsync(new { kind = "hold-answers" });
            if (fails) await app.FaultAsync(new { kind = "fail-later", path, code = 131026, count = 1 });
            await app.SayAsync(shop, conversation, new(Author.Agent, "Salam! 3500 DA"));

            // The send is still waiting for its answer when the reports have been read.
            await Eventually.HoldsAsync(async () => await HeardAsync(conversation), what: $"{kind} {customer}");
            Assert.Equal(JobState.Running, await JobAsync(conversation));
            (await app.Sandbox.DeleteAsync("/meta/_faults?kind=hold-answers")).EnsureSuccessStatusCode();
            var settled = await app.SettledAsync(shop, conversation, fails ? MessageStatus.Failed : MessageStatus.Read);
            await Eventually.HoldsAsync(async () => await JobAsync(conversation) == JobState.Done);
            Assert.Equal(fails ? "unreachable 131026" : null, settled.Error);
            await Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.Jobs.AllAsync(j => j.Kind != "settle_failure" || j.State == JobState.Done)));
            Assert.Equal(fails ? Gate.Unreachable : null, (await app.ConversationAsync(shop, conversation)).SilentBecause);
            var person = (await app.ConversationAsync(shop, conversation)).CustomerId;
            Assert.Equal(fails, await app.ReadAsync(shop, async db => (await db.Customers.SingleAsync(c => c.Id == person)).UnreachableAt is not null));
        }
        Assert.Empty(await app.ReadAsync(shop, db => db.EarlyWords.ToListAsync()));

        Task<bool> HeardAsync(ConversationId id) => app.ReadAsync(shop, async db => await db.EarlyWords.AnyAsync(w => w.Kind == EarlyKind.Status)
            || await db.Messages.AnyAsync(m => m.ConversationId == id && m.Direction == Direction.Out && m.Status != MessageStatus.Stored));
        Task<JobState> JobAsync(ConversationId id)
        {
            var key = id.ToString();
            return app.ReadAsync(shop, db => db.Jobs.Where(j => j.Kind == "send_message" && j.OrderKey == key).Select(j => j.State).SingleAsync());
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_customer_known_by_a_business_scoped_id_only_is_answered_by_recipient(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, "karim", "salam", userIdOnly: true);
        await app.Sandbox.DeleteAsync("/meta/_log");
        await app.SayAsync(shop, conversation, new(Author.Agent, "marhba"));
        await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
        Assert.Contains("\\\"recipient\\\":\\\"DZ.", await app.Sandbox.GetStringAsync("/meta/_log"));
        Assert.Empty((await app.ReadAsync(shop, db => db.Set<OrderClosr.Customers.Customer>().SingleAsync())).Phones);
    }
}

/// <summary>What sending tests say again and again.</summary>
internal static class Talk
{
    /// <summary>The played customer writes; answers the conversation it landed in.</summary>
    internal static async Task<ConversationId> HearAsync(this TestApp app, Shop shop, ChannelKind kind, string customer, string text, bool? userIdOnly = null)
    {
        using var said = await app.Sandbox.PostAsJsonAsync($"/meta/_customers/{customer}/say",
            new { channel = kind.ToString().ToLowerInvariant(), account = shop.On(kind).Account, name = "Karim", text, user_id_only = userIdOnly });
        var answer = await said.Content.ReadAsStringAsync();
        Assert.True(said.IsSuccessStatusCode, answer);
        var id = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString();
        var message = await Eventually.FindsAsync(() => app.ReadAsync(shop, db => db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.ChannelMessageId == id)));
        return message.ConversationId;
    }

    internal static async Task SayAsync(this TestApp app, Shop shop, ConversationId id, Reply reply)
    {
        await using var scope = app.In(shop.Id);
        await scope.Db.InTransactionAsync(async () =>
        {
            await scope.Db.Dialect.LockRowAsync(scope.Db, "conversations", id.Value, default);
            scope.Get<Saying>().SayLater(await scope.Db.Conversations.SingleAsync(c => c.Id == id), reply);
            await scope.Db.SaveChangesAsync();
        }, default);
    }

    internal static Task<List<Message>> OutAsync(this TestApp app, Shop shop, ConversationId id) =>
        app.ReadAsync(shop, db => db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.Out).OrderBy(m => m.Seq).ToListAsync());

    internal static Task<Conversation> ConversationAsync(this TestApp app, Shop shop, ConversationId id) => app.ReadAsync(shop, db => db.Conversations.AsNoTracking().SingleAsync(c => c.Id == id));

    /// <summary>Waits until the last outgoing message has come so far (or further).</summary>
    internal static async Task<Message> SettledAsync(this TestApp app, Shop shop, ConversationId id, MessageStatus status, TimeSpan? within = null)
    {
        Message? last = null;
        try
        {
            await Eventually.HoldsAsync(async () => (last = (await app.OutAsync(shop, id)).LastOrDefault()) is not null && (last.Status == status || (status != MessageStatus.Failed && last.Status > status && last.Status != MessageStatus.Failed)), within);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var jobs = await app.ReadAsync(shop, db => db.Jobs.AsNoTracking().Where(j => j.Kind == "send_message").Select(j => $"{j.State} {j.LastFailure}").ToListAsync());
            Assert.Fail($"Wanted {status}, was {last?.Status} {last?.Error}; jobs: {string.Join(" | ", jobs)}");
        }
        return last!;
    }

    internal static async Task<string> ThreadAsync(this TestApp app, Shop shop, ChannelKind kind, string customer)
    {
        using var thread = JsonDocument.Parse(await app.Sandbox.GetStringAsync($"/meta/_customers/{customer}/thread?channel={kind.ToString().ToLowerInvariant()}&account={shop.On(kind).Account}"));
        return string.Join('\n', thread.RootElement.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("from").GetString() == "business").Select(i => i.GetProperty("text").GetString()));
    }

    internal static async Task FaultAsync(this TestApp app, object fault)
    {
        using var answer = await app.Sandbox.PostAsJsonAsync("/meta/_faults", fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal static async Task PersonSaysAsync(this TestApp app, Shop shop, ChannelKind kind, string customer, string text, string how, DateTimeOffset? at = null)
    {
        using var answer = await app.Sandbox.PostAsJsonAsync($"/meta/_business/{customer}/say", new { channel = kind.ToString().ToLowerInvariant(), account = shop.On(kind).Account, text, how, at });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
