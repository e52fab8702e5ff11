using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Saying something to a customer who wrote too long ago (facts/meta.md section 6.3).</summary>
public sealed class ReachingTests
{
    private static readonly Reply Waits = new(Author.System, "Votre colis YAL-1 vous attend.");

    private static TemplateWords Shipped(params string[] words) => new("parcel_shipped", "fr", words);

    private static async Task<(TestApp App, Shop Shop)> StartAsync(Database database)
    {
        var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await LookAsync(app, shop);
        return (app, shop);
    }

    private static async Task LookAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        Assert.Null(await scope.Get<Connecting>().CheckAsync(shop.Whatsapp.Id, default, byPerson: true));
    }

    /// <summary>A customer whose last word is two days old, for us and for the played Meta.</summary>
    private static async Task<ConversationId> LongAgoAsync(TestApp app, Shop shop, ChannelKind kind, string customer)
    {
        var ago = DateTimeOffset.UtcNow.AddDays(-2);
        using var said = await app.Sandbox.PostAsJsonAsync($"/meta/_customers/{customer}/say", new { channel = kind.ToString().ToLowerInvariant(), account = shop.On(kind).Account, name = "Karim", text = "salam", at = ago });
        Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
        var id = System.Text.Json.JsonDocument.Parse(await said.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        var message = await Eventually.FindsAsync(() => app.ReadAsync(shop, db => db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.ChannelMessageId == id)));
        await using var scope = app.In(shop.Id);
        var row = await scope.Db.Conversations.SingleAsync(c => c.Id == message.ConversationId);
        (row.LastCustomerActionAt, row.HeldBy) = (ago, HeldBy.Agent);
        await scope.Db.SaveChangesAsync();
        return row.Id;
    }

    private static async Task<Result<List<Message>>> ReachAsync(TestApp app, Shop shop, ConversationId id, TemplateWords? template)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Db.InTransactionAsync(async () =>
        {
            await scope.Db.Dialect.LockRowAsync(scope.Db, "conversations", id.Value, default);
            var said = await scope.Get<Reaching>().SayLaterAsync(await scope.Db.Conversations.SingleAsync(c => c.Id == id), Waits, template, default);
            await scope.Db.SaveChangesAsync();
            return said;
        }, default);
    }

    [Theory, OnBothDatabases]
    public async Task After_the_window_WhatsApp_delivers_the_approved_template_and_inside_it_the_free_text(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        var old = await LongAgoAsync(app, shop, ChannelKind.Whatsapp, "karim");
        var said = await ReachAsync(app, shop, old, Shipped("YAL-1", "Oran,\n Bir El Djir"));
        Assert.True(said.Ok, said.Refusal?.Words);
        var sent = await app.SettledAsync(shop, old, MessageStatus.Delivered);
        Assert.Equal((MessageKind.Template, "Votre colis YAL-1 est en route vers Oran, Bir El Djir."), (sent.Kind, sent.Text));
        Assert.Equal(sent.Text, await app.ThreadAsync(shop, ChannelKind.Whatsapp, "karim"));
        Assert.Equal(HeldBy.Agent, (await app.ConversationAsync(shop, old)).HeldBy);

        var fresh = await app.HearAsync(shop, ChannelKind.Whatsapp, "lina", "salam");
        Assert.True((await ReachAsync(app, shop, fresh, Shipped("YAL-1", "Oran"))).Ok);
        Assert.Equal((MessageKind.Text, Waits.Text), await app.SettledAsync(shop, fresh, MessageStatus.Delivered) is var free ? (free.Kind, free.Text) : default);
    }

    [Theory, OnBothDatabases]
    public async Task What_no_program_may_say_is_refused_and_a_person_is_told_what_should_be_said(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        await app.Sandbox.DeleteAsync("/meta/_log");
        foreach (var (kind, customer, template, code) in new (ChannelKind, string, TemplateWords?, string)[]
        {
            (ChannelKind.Messenger, "karim", Shipped("YAL-1", "Oran"), "window_closed"),
            (ChannelKind.Instagram, "karim", Shipped("YAL-1", "Oran"), "window_closed"),
            (ChannelKind.Whatsapp, "without", null, "window_closed"),
            (ChannelKind.Whatsapp, "unknown", new("parcel_waits", "fr", []), "template_not_approved"),
            (ChannelKind.Whatsapp, "other", new("parcel_shipped", "de", ["YAL-1", "Oran"]), "template_not_approved"),
            (ChannelKind.Whatsapp, "few", Shipped("YAL-1"), "template_parameters"),
            (ChannelKind.Whatsapp, "blank", Shipped("YAL-1", " "), "template_parameters"),
        })
        {
            var id = await LongAgoAsync(app, shop, kind, customer);
            Assert.Equal((customer, code), (customer, (await ReachAsync(app, shop, id, template)).Refusal?.Code));
            var conversation = await app.ConversationAsync(shop, id);
            Assert.Equal((HeldBy.Nobody, "window_closed", Waits.Text), (conversation.HeldBy, conversation.HandOverReason, conversation.HandOverNote));
            Assert.Empty(await app.OutAsync(shop, id));
        }
        Assert.DoesNotContain("YAL-1", await app.Sandbox.GetStringAsync("/meta/_log"));
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox");
        Assert.Contains("ne laisse plus écrire automatiquement", System.Net.WebUtility.HtmlDecode(owner.Html));
    }

    [Theory, OnBothDatabases]
    public async Task The_channels_page_lists_the_templates_with_their_state_and_a_paused_one_is_not_used(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        using (var review = await app.Sandbox.PostAsJsonAsync("/meta/_templates/parcel_shipped", new { account = shop.Whatsapp.Account, language = "fr", status = "PAUSED" })) Assert.True(review.IsSuccessStatusCode);
        await Eventually.HoldsAsync(async () => (await app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == shop.Whatsapp.Id))).Templates?.Contains("\"paused\"", StringComparison.Ordinal) == true);
        var old = await LongAgoAsync(app, shop, ChannelKind.Whatsapp, "karim");
        Assert.Equal("template_not_approved", (await ReachAsync(app, shop, old, Shipped("YAL-1", "Oran"))).Refusal?.Code);

        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/channels");
        var page = System.Net.WebUtility.HtmlDecode(owner.Html);
        foreach (var words in (string[])["Modèles de message", "parcel_shipped", "order_confirmed", "Votre colis {{1}} est en route vers {{2}}.", "Suspendu", "Approuvé"]) Assert.Contains(words, page);
    }

    [Theory, OnBothDatabases]
    public async Task Who_stopped_advertising_gets_no_advertising_template(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        var id = await LongAgoAsync(app, shop, ChannelKind.Whatsapp, "karim");
        await using (var scope = app.In(shop.Id))
        {
            (await scope.Db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id)).Templates = """[{"name":"promo","language":"fr","state":"approved","category":"marketing","body":"-20 %"},{"name":"news","language":"fr","state":"approved","category":"utility","body":"Ouvert"}]""";
            (await scope.Db.Customers.SingleAsync()).AdvertisingStoppedAt = DateTimeOffset.UtcNow;
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal("advertising_stopped", (await ReachAsync(app, shop, id, new("promo", "fr", []))).Refusal?.Code);
        Assert.True((await ReachAsync(app, shop, id, new("news", "fr", []))).Ok);
    }

    [Theory, OnBothDatabases]
    public async Task A_number_that_Meta_limits_answers_still_and_says_nothing_unasked_until_a_person_has_looked(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        foreach (var (code, trouble, unasked) in ((int, string, string?)[])[(131042, "payment_problem", null), (131048, "spam_restriction", "channel_limited")])
        {
            var old = await LongAgoAsync(app, shop, ChannelKind.Whatsapp, $"old-{code}");
            await app.FaultAsync(new { kind = "error", status = 400, code, count = 1, path = $"/v25.0/{shop.Whatsapp.Account}/messages" });
            Assert.True((await ReachAsync(app, shop, old, Shipped("YAL-1", "Oran"))).Ok);
            Assert.Equal($"{trouble} {code}", (await app.SettledAsync(shop, old, MessageStatus.Failed)).Error);
            Assert.Equal((ChannelState.Connected, trouble), await NumberAsync() is var number ? (number.State, number.Trouble) : default);

            // Who writes is answered.
            var fresh = await app.HearAsync(shop, ChannelKind.Whatsapp, $"fresh-{code}", "salam");
            await app.SayAsync(shop, fresh, new(Author.Agent, "Salam! 3500 DA") { IsAnswer = true });
            await app.SettledAsync(shop, fresh, MessageStatus.Delivered);
            Assert.Equal(unasked, await SilentAsync(fresh));

            // What nobody asked for goes to a person instead.
            var other = await LongAgoAsync(app, shop, ChannelKind.Whatsapp, $"other-{code}");
            Assert.Equal("channel_limited", (await ReachAsync(app, shop, other, Shipped("YAL-2", "Oran"))).Refusal?.Code);
            Assert.Equal((HeldBy.Nobody, Waits.Text), await app.ConversationAsync(shop, other) is var held ? (held.HeldBy, held.HandOverNote) : default);

            // The clock's look lifts nothing, a person's does.
            await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Connecting>().CheckAsync(shop.Whatsapp.Id, default));
            Assert.Equal(trouble, (await NumberAsync()).Trouble);
            using var owner = await Visitor.OwnerOfAsync(app, shop);
            await owner.GetAsync($"/w/{shop.Slug}/channels");
            Assert.Contains("dans le gestionnaire WhatsApp, puis appuyez sur « Vérifier »", System.Net.WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
            await LookAsync(app, shop);
            Assert.Null((await NumberAsync()).Trouble);
            Assert.Null(await SilentAsync(fresh));
        }

        async Task<string?> SilentAsync(ConversationId id)
        {
            await using var scope = app.In(shop.Id);
            return await scope.Get<Reaching>().SilentBecauseAsync(await scope.Db.Conversations.SingleAsync(c => c.Id == id), default);
        }

        Task<Channel> NumberAsync() => app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == shop.Whatsapp.Id));
    }

    [Theory, OnBothDatabases]
    public async Task The_owner_is_told_once_by_letter_that_Meta_limits_a_number(Database database)
    {
        var (app, shop) = await StartAsync(database);
        await using var _ = app;
        for (var i = 0; i < 2; i++)
        {
            await using var scope = app.In(shop.Id);
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<ChannelHealth>().TroubleAsync(await scope.Db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id), "payment_problem", stops: false, default);
                await scope.Db.SaveChangesAsync();
            }, default);
        }
        Assert.Equal(1, await app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == "send_owner_letter")));
        await Eventually.HoldsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).Length > 0);
        var letter = Assert.Single(await app.LettersAsync(shop.OwnerEmail));
        Assert.Equal(("Meta limite un numéro de votre boutique", $"/w/{shop.Slug}/channels"), (letter.Subject, letter.Link));
    }
}
