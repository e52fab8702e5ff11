using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Tests.Agent;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Ground.Crashes;

namespace OrderClosr.Tests.Ground;

/// <summary>The app as a real process, killed with SIGKILL right after a commit of the engine, and started again; the vendors outlive it.</summary>
public sealed class CrashTests
{
    /// <summary>Each start goes on from where the one before was killed and is killed at the next commit: a start costs seconds, so none is wasted.</summary>
    [Theory, OnBothDatabases]
    public async Task Killed_after_every_commit_of_the_road_each_yes_becomes_one_order_and_one_reply(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database, new() { Started = false, VendorsPlay = true });
        var (host, shop) = (world.App, world.Shop);
        // The vendor repeats what nobody took more often than in life; WhatsApp's word that a message arrived never comes.
        await world.FaultAsync("meta", new { kind = "retry-schedule", value = string.Join(',', Enumerable.Repeat("0.5", 1000)) });
        await world.FaultAsync("meta", new { kind = "no-statuses" });
        var (amina, karim, sara) = (world.Customer(ChannelKind.Instagram), world.Customer(ChannelKind.Messenger), world.Customer(ChannelKind.Whatsapp));

        // Up to the yes, unharmed. A second process is refused meanwhile; told to stop, the first one ends in order.
        await using (var run = await AppProcess.StartAsync(host))
        {
            await Task.WhenAll(
                AskAsync(amina, "slm nheb robe M noir, smiti amina, 0500000061, bab ezzouar alger"),
                AskAsync(karim, "slm nheb robe M noir, smiti karim, 0500000062, bab ezzouar alger"),
                AskAsync(sara, "slm nheb robe M noir, smiti sara, 0500000063, bab ezzouar alger"));
            await using (var scope = host.In(shop.Id))
            {
                var echoes = await scope.Db.Messages.CountAsync(m => m.Direction == Direction.Out && m.ChannelId != shop.Whatsapp.Id);
                await Eventually.HoldsAsync(async () => await EventsAsync(host) is var all && all.Count == 3 + echoes && all.All(e => e.State == EventState.Read), Patience);
            }
            await using (var second = await AppProcess.StartAsync(host, url: $"http://127.0.0.1:{Ports.Free()}", waits: false))
            {
                Assert.Equal(1, await second.EndsAsync());
                Assert.Contains("Another OrderClosr runs", second.Output, StringComparison.Ordinal);
            }
            Assert.Equal(0, await run.TerminateAsync());
        }

        // Commit 1, the event: Meta never had its 200 and repeats.
        await amina.SayAsync("oui");
        await KilledAtAsync(host, "event-stored");
        Assert.Single(await EventsAsync(host), e => e.State == EventState.Unread);
        Assert.Equal(1, await WroteAsync(world, amina));

        // Commit 2, the message, before its event is marked as read.
        await KilledAtAsync(host, "event-read");
        Assert.Single(await EventsAsync(host), e => e.State == EventState.Unread);
        Assert.Equal(2, await WroteAsync(world, amina));

        // Commit 3, the turn.
        await KilledAtAsync(host, "turn-committed");
        Assert.Equal(OrderState.Confirmed, Assert.Single(await amina.OrdersAsync()).State);
        var reply = await ReplyAsync(world, amina);
        Assert.Equal((MessageStatus.Stored, 0), (reply.Status, await CopiesAsync(amina, reply)));

        // The job claimed, its message not yet marked: surely not sent.
        await KilledAtAsync(host, "job-running/send_message");
        Assert.Equal((JobState.Running, 1), await JobAsync(world, amina));
        reply = await ReplyAsync(world, amina);
        Assert.Equal((null, 0), (reply.SendingAt, await CopiesAsync(amina, reply)));
        await LeasesRunOutAsync(host);

        // Commit 4, marked as being sent, and the call never went out.
        await KilledAtAsync(host, "sending");
        Assert.Equal((JobState.Running, 2), await JobAsync(world, amina));
        reply = await ReplyAsync(world, amina);
        Assert.NotNull(reply.SendingAt);
        Assert.Equal((false, 0), (reply.MayBeRepeated, await CopiesAsync(amina, reply)));
        await LeasesRunOutAsync(host);
        await SentAMinuteAgoAsync(host, reply.Id);

        // It is looked for (first pass) and then sent (second), which the thread says. Commit 4 again (third): the vendor did the work, nothing of it is written.
        await using (var run = await AppProcess.StartAsync(host, crashAt: "job-ran/send_message:3", waits: false))
        {
            Assert.NotEmpty(await amina.HearAsync(Patience));
            Assert.Equal((JobState.Done, 4), await JobAsync(world, amina));
            reply = await ReplyAsync(world, amina);
            Assert.Equal((true, 1), (reply.MayBeRepeated, await CopiesAsync(amina, reply)));
            await world.FaultAsync("meta", new { kind = "drop-echoes" });
            await karim.SayAsync("oui");
            await run.DiesAsync();
        }
        Assert.Equal((JobState.Running, 1), await JobAsync(world, karim));
        reply = await ReplyAsync(world, karim);
        Assert.Equal((MessageStatus.Stored, false, 1), (reply.Status, reply.MayBeRepeated, await CopiesAsync(karim, reply)));
        await LeasesRunOutAsync(host);
        await SentAMinuteAgoAsync(host, reply.Id);

        // No echo tells that it arrived, but a look into the thread does, however long the outage was: no second copy. The same on WhatsApp, where nothing tells.
        await using (var run = await AppProcess.StartAsync(host, crashAt: "job-ran/send_message:2", waits: false))
        {
            Assert.NotEmpty(await karim.HearAsync(Patience));
            Assert.Equal((JobState.Done, 2), await JobAsync(world, karim));
            await sara.SayAsync("oui");
            await run.DiesAsync();
        }
        reply = await ReplyAsync(world, sara);
        Assert.Equal((MessageStatus.Stored, false, 1), (reply.Status, reply.MayBeRepeated, await CopiesAsync(sara, reply)));
        await LeasesRunOutAsync(host);
        await SentAMinuteAgoAsync(host, reply.Id);

        // Looked for in vain, repeated once, and commit 5: sent.
        await KilledAtAsync(host, "job-done/send_message:2");
        Assert.Equal((JobState.Done, 3), await JobAsync(world, sara));
        reply = await ReplyAsync(world, sara);
        Assert.Equal((MessageStatus.Sent, true, 2), (reply.Status, reply.MayBeRepeated, await CopiesAsync(sara, reply)));

        // In the end it works on, and nobody hears anything more.
        await using var last = await AppProcess.StartAsync(host);
        await AskAsync(world.Customer(ChannelKind.Messenger), "ch7al la robe?");
        using var owner = await Visitor.OwnerOfAsync(host, shop);
        foreach (var (customer, phone, copies, isSaid) in ((RoadCustomer, string, int, bool)[])[(amina, "+213500000061", 1, true), (karim, "+213500000062", 1, false), (sara, "+213500000063", 2, true)])
        {
            reply = await ReplyAsync(world, customer);
            Assert.Equal((MessageStatus.Sent, copies), (reply.Status, await CopiesAsync(customer, reply)));
            await customer.BoughtAsync("1 × Robe d'été, M / Noir", "Bab Ezzouar", phone, 3500, 0, 400);
            Assert.Equal(2, await WroteAsync(world, customer));
            await owner.GetAsync($"/w/{shop.Slug}/inbox/{reply.ConversationId}");
            Assert.Equal(isSaid, System.Net.WebUtility.HtmlDecode(owner.Html).Contains("peut-être reçu deux fois", StringComparison.Ordinal));
        }
        await Eventually.HoldsAsync(async () => (await EventsAsync(host)).All(e => e is { State: EventState.Read, Body: null }), Patience);
        await world.NothingIsLeftAsync();
    }

    /// <summary>From the turn that proposes over a person's yes to the last bubble.</summary>
    /// <remarks>Seen to fail: with the deciding in a transaction of its own behind the sending, the bubbles are written and the proposal still waits.</remarks>
    [Theory, OnBothDatabases]
    public async Task Killed_around_a_proposal_it_waits_once_is_sent_once_and_each_bubble_is_on_the_phone_once(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database, new() { Started = false, VendorsPlay = true });
        var (host, shop) = (world.App, world.Shop);
        await world.FaultAsync("meta", new { kind = "retry-schedule", value = string.Join(',', Enumerable.Repeat("0.5", 1000)) });
        await using (var scope = host.In(shop.Id)) Assert.Null(await scope.Get<SaveAgentSettings>().ProposeAsync(true, false, null, default));
        string[] bubbles = ["Nous sommes désolés.", "Envoyez-nous une photo de la robe, on vous l'échange."];
        await world.ModeAsync(new JsonObject { ["mode"] = "script", ["responses"] = new JsonArray(TurnWorld.Says(string.Join("\n\n", bubbles))) });
        var amina = world.Customer(ChannelKind.Messenger);

        // The turn is committed with its proposal and the word that a person will answer; none of it was sent.
        await using (var run = await AppProcess.StartAsync(host, crashAt: "turn-committed"))
        {
            await amina.SayAsync("bonjour, la robe est arrivée déchirée");
            await run.DiesAsync();
        }
        async Task<List<Proposal>> ProposalsAsync()
        {
            await using var scope = host.In(shop.Id);
            return await scope.Db.Proposals.AsNoTracking().ToListAsync();
        }
        Assert.Equal(ProposalState.Open, Assert.Single(await ProposalsAsync()).State);
        Assert.Empty(await amina.ShopWroteAsync());

        // The word goes out once. A person sends the proposal, and the process dies as the first bubble is about to leave: all of it is decided, none of it sent.
        var talk = (await amina.ConversationAsync())!.Id;
        var proposal = Assert.Single(await ProposalsAsync());
        var send = $"/w/{shop.Slug}/inbox/{talk}/proposals/{proposal.Id}/send";
        await using (var run = await AppProcess.StartAsync(host, crashAt: "job-running/send_message:2"))
        {
            await Eventually.HoldsAsync(async () => (await amina.ShopWroteAsync()).Count == 1, Patience);
            await amina.HearNothingMoreAsync();
            using var owner = await Visitor.OwnerOfAsync(host, shop);
            await owner.GetAsync($"/w/{shop.Slug}/inbox/{talk}");
            try
            {
                await owner.PostAsync(send);
            }
            catch (HttpRequestException)
            {
                // It died before it could say so.
            }
            await run.DiesAsync();
        }
        Assert.Equal((ProposalState.Sent, shop.OwnerId), Assert.Single(await ProposalsAsync()) is var decided ? (decided.State, decided.DecidedBy) : default);
        Assert.Single(await amina.ShopWroteAsync());
        await LeasesRunOutAsync(host);

        async Task<Message> FirstAsync()
        {
            await using var scope = host.In(shop.Id);
            return await scope.Db.Messages.AsNoTracking().Where(m => m.ConversationId == talk && m.Author == Author.Member).OrderBy(m => m.Seq).FirstAsync();
        }

        // The first bubble is marked as being sent, and the call never went out.
        await KilledAtAsync(host, "sending");
        Assert.NotNull((await FirstAsync()).SendingAt);
        Assert.Single(await amina.ShopWroteAsync());
        await LeasesRunOutAsync(host);
        await SentAMinuteAgoAsync(host, (await FirstAsync()).Id);

        // Looked for in vain, then the channel took it, and nothing of that is written.
        await KilledAtAsync(host, "job-ran/send_message:2");
        Assert.Equal((MessageStatus.Stored, 2), ((await FirstAsync()).Status, (await amina.ShopWroteAsync()).Count));
        await LeasesRunOutAsync(host);
        await SentAMinuteAgoAsync(host, (await FirstAsync()).Id);

        // Found on the phone, its job ended; the second bubble still waits. The channel may have said meanwhile that the first one was seen.
        await KilledAtAsync(host, "job-done/send_message");
        Assert.True((await FirstAsync()).Status is MessageStatus.Sent or MessageStatus.Delivered or MessageStatus.Read);
        Assert.Equal(2, (await amina.ShopWroteAsync()).Count);

        await using (await AppProcess.StartAsync(host))
        {
            await Eventually.HoldsAsync(async () => (await amina.ShopWroteAsync()).Count >= 3, Patience);
            await amina.HearNothingMoreAsync();
            Assert.Equal(bubbles, (await amina.ShopWroteAsync()).Skip(1));
            // Pressed again by somebody who saw no answer: it is decided, nothing more goes out.
            using var owner = await Visitor.OwnerOfAsync(host, shop);
            await owner.GetAsync($"/w/{shop.Slug}/inbox/{talk}");
            await owner.PostAsync(send);
            await amina.HearNothingMoreAsync();
            Assert.Equal(3, (await amina.ShopWroteAsync()).Count);
        }
        Assert.Single(await ProposalsAsync());
        await world.NothingIsLeftAsync();
    }

    [Fact]
    public async Task Verbs_answer_with_exit_codes_a_script_can_use()
    {
        await using var host = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var (code, key) = await AppProcess.VerbAsync(host, "generate-key");
        Assert.Equal(0, code);
        Assert.Null(OrderClosr.Ground.Secrets.FernetKeys.Problem(key.Trim()));
        (code, var help) = await AppProcess.VerbAsync(host, "frobnicate");
        Assert.Equal(2, code);
        Assert.Contains("generate-key", help, StringComparison.Ordinal);
        Assert.Equal(0, (await AppProcess.VerbAsync(host, "migrate")).Code);
        (code, var report) = await AppProcess.VerbAsync(host, "check");
        Assert.Equal(0, code);
        Assert.Contains("0 unreadable", report, StringComparison.Ordinal);
        Assert.DoesNotContain(TestApp.FernetKey, report, StringComparison.Ordinal);
    }

    /// <summary>Starts it; it goes on by itself with what is in the database until it is killed.</summary>
    private static async Task KilledAtAsync(TestApp host, string point)
    {
        await using var run = await AppProcess.StartAsync(host, crashAt: point, waits: false);
        await run.DiesAsync();
    }

    private static async Task AskAsync(RoadCustomer customer, string text)
    {
        await customer.SayAsync(text);
        Assert.NotEmpty(await customer.HearAsync(Patience));
    }

    private static async Task<List<InboundEvent>> EventsAsync(TestApp host)
    {
        await using var scope = host.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.InboundEvents.AsNoTracking().ToListAsync();
    }

    /// <summary>How many messages of the customer are stored.</summary>
    private static async Task<int> WroteAsync(RoadWorld world, RoadCustomer customer)
    {
        var conversation = (await customer.ConversationAsync())!.Id;
        await using var scope = world.App.In(world.Shop.Id);
        return await scope.Db.Messages.CountAsync(m => m.ConversationId == conversation && m.Author == Author.Customer);
    }

    /// <summary>The one message that answers the customer's last one.</summary>
    private static async Task<Message> ReplyAsync(RoadWorld world, RoadCustomer customer)
    {
        var conversation = (await customer.ConversationAsync())!.Id;
        await using var scope = world.App.In(world.Shop.Id);
        var messages = await scope.Db.Messages.AsNoTracking().Where(m => m.ConversationId == conversation).OrderBy(m => m.Seq).ToListAsync();
        return Assert.Single(messages.Skip(messages.FindLastIndex(m => m.Direction == Direction.In) + 1));
    }

    /// <summary>How often it is on the customer's phone.</summary>
    private static async Task<int> CopiesAsync(RoadCustomer customer, Message reply) => (await customer.ShopWroteAsync()).Count(text => text == reply.Text);

    /// <summary>How the job of the conversation's last message stands, and how often it was started.</summary>
    private static async Task<(JobState, int)> JobAsync(RoadWorld world, RoadCustomer customer)
    {
        var key = (await customer.ConversationAsync())!.Id.ToString();
        await using var scope = world.App.In(world.Shop.Id);
        var job = await scope.Db.Jobs.AsNoTracking().Where(j => j.OrderKey == key && j.Kind == SendMessage.Kind).OrderByDescending(j => j.Id).FirstAsync();
        return (job.State, job.Attempts);
    }
}
