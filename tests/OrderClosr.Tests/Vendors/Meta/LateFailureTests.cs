using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>WhatsApp took a message and says minutes later that it did not arrive: what follows is what follows a refusal at once (facts/meta.md sections 1 fact 4, 5.3 and 7.2).</summary>
public sealed class LateFailureTests
{
    /// <summary>What a late code means: for the conversation, the customer and the number.</summary>
    private static readonly (int Code, string Error, string? Customer, ChannelState Number, string? Trouble)[] Codes =
    [
        (131047, "window_closed", null, ChannelState.Connected, null),
        (131053, "media_refused", null, ChannelState.Connected, null),
        (131049, "held_back_by_meta", null, ChannelState.Connected, null),
        (131000, "meta_is_down", null, ChannelState.Connected, null),
        (999999, "refused_by_channel", null, ChannelState.Connected, null),
        (131026, "unreachable", "unreachable", ChannelState.Connected, null),
        (131050, "advertising_stopped", "no advertising", ChannelState.Connected, null),
        (131042, "payment_problem", null, ChannelState.Connected, "payment_problem"),
        (131048, "spam_restriction", null, ChannelState.Connected, "spam_restriction"),
        (131037, "display_name_not_approved", null, ChannelState.Broken, "display_name_not_approved"),
        (131031, "account_restricted", null, ChannelState.Broken, "account_restricted"),
        (368, "account_restricted", null, ChannelState.Broken, "account_restricted"),
    ];

    [Theory, OnBothDatabases]
    public async Task An_answer_that_did_not_arrive_is_handed_to_a_person_and_its_code_says_what_else_follows(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        for (var i = 0; i < Codes.Length; i++)
        {
            var expected = Codes[i];
            var (conversation, id) = await app.SentAsync(shop, $"2135000001{i:00}");
            await FailsAsync(app, shop, id, expected.Code);
            var message = (await app.OutAsync(shop, conversation)).Single();
            Assert.Equal((MessageStatus.Failed, $"{expected.Error} {expected.Code}"), (message.Status, message.Error));
            var after = await app.ConversationAsync(shop, conversation);
            Assert.Equal((expected.Code, HeldBy.Nobody, "not_sent", null), (expected.Code, after.HeldBy, after.HandOverReason, after.DueAt));
            var customer = await app.ReadAsync(shop, db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == after.CustomerId));
            Assert.Equal((expected.Code, expected.Customer), (expected.Code, customer.UnreachableAt is not null ? "unreachable" : customer.AdvertisingStoppedAt is not null ? "no advertising" : null));
            var number = await NumberAsync(app, shop);
            Assert.Equal((expected.Code, expected.Number, expected.Trouble), (expected.Code, number.State, number.Trouble));
            await using var scope = app.In(shop.Id);
            await scope.Db.InTransactionAsync(async () => await scope.Get<ChannelHealth>().MendAsync(await scope.Db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id), default), default);
        }
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox");
        Assert.Contains("une réponse de l'agent n'est pas arrivée", System.Net.WebUtility.HtmlDecode(owner.Html));
    }

    [Theory, OnBothDatabases]
    public async Task A_late_refusal_of_an_old_message_leaves_a_fresh_question_to_the_agent(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (code, customer) in ((int, string)[])[(131026, "213500000021"), (131047, "213500000022")])
        {
            var (conversation, id) = await app.SentAsync(shop, customer);
            await app.TellAsync(shop.Payload("whatsapp-text", DateTimeOffset.UtcNow, ("from", customer), ("id", $"wamid.fresh.{customer}"), ("text", "w la livraison?")));
            await FailsAsync(app, shop, id, code);
            Assert.Equal(MessageStatus.Failed, (await app.OutAsync(shop, conversation)).Single().Status);
            var after = await app.ConversationAsync(shop, conversation);
            Assert.Equal((code, HeldBy.Agent, null), (code, after.HeldBy, after.SilentBecause));
            Assert.NotNull(after.DueAt);
            Assert.Null((await app.ReadAsync(shop, db => db.Customers.AsNoTracking().SingleAsync(c => c.Id == after.CustomerId))).UnreachableAt);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_arrived_after_all_and_what_a_person_wrote_hands_nothing_over(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var (arrived, id) = await app.SentAsync(shop, "213500000031");
        await FailsAsync(app, shop, id, 131000, then: "delivered");
        Assert.Equal((MessageStatus.Delivered, null), (await app.OutAsync(shop, arrived)).Select(m => (m.Status, m.Error)).Single());
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, arrived)).HeldBy);

        var (written, other) = await app.SentAsync(shop, "213500000032", Author.Member);
        await FailsAsync(app, shop, other, 131053);
        Assert.Equal((MessageStatus.Failed, "media_refused 131053"), (await app.OutAsync(shop, written)).Select(m => (m.Status, m.Error)).Single());
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, written)).HeldBy);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_said_before_the_number_was_connected_anew_says_nothing_of_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var (_, id) = await app.SentAsync(shop, "213500000041");
        await FailsAsync(app, shop, id, 131031, at: DateTimeOffset.UtcNow.AddMinutes(-5));
        Assert.Equal((ChannelState.Connected, null), await NumberAsync(app, shop) is var number ? (number.State, number.Trouble) : default);
    }

    /// <summary>Tells it and waits until what follows from it is done.</summary>
    private static async Task FailsAsync(TestApp app, Shop shop, string id, int code, string? then = null, DateTimeOffset? at = null)
    {
        var second = (at ?? DateTimeOffset.UtcNow.AddSeconds(1)).ToUnixTimeSeconds();
        string Status(string status, string more = "") => $$"""{"id":"{{id}}","status":"{{status}}","timestamp":"{{second}}","recipient_id":"213500000099"{{more}}}""";
        await app.TellAsync(shop.WhatsappBody("messages", $"\"statuses\":[{Status("failed", $",\"errors\":[{{\"code\":{code},\"title\":\"invented\"}}]")}{(then is null ? "" : "," + Status(then))}]"));
        await Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.Jobs.AllAsync(j => j.Kind != "settle_failure" || j.State == JobState.Done)));
    }

    private static Task<Channel> NumberAsync(TestApp app, Shop shop) => app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == shop.Whatsapp.Id));
}
