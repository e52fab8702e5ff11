using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>What breaks a channel and what mends it (facts/meta.md sections 3.2 and 5.5).</summary>
public sealed class ChannelHealthTests
{
    /// <summary>What is said of the business account, and the number's state after it.</summary>
    private static readonly (string Field, string Told, ChannelState Ends, string? Trouble)[] OfAnAccount =
    [
        ("account_update", """ "event":"VERIFIED_ACCOUNT" """, ChannelState.Connected, null),
        ("account_update", """ "event":"A_NEW_WORD" """, ChannelState.Connected, null),
        ("account_update", """ "event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SCAM"} """, ChannelState.Connected, "policy_warning"),
        ("account_update", """ "event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"} """, ChannelState.Broken, "account_restricted"),
        ("account_update", """ "event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"}] """, ChannelState.Broken, "account_restricted"),
        ("account_update", """ "event":"ACCOUNT_DELETED" """, ChannelState.Broken, "account_deleted"),
        ("account_update", """ "event":"PARTNER_REMOVED","disconnection_info":{"reason":"ACCOUNT_DISCONNECTED"} """, ChannelState.Broken, "removed_by_merchant"),
        ("account_update", """ "event":"PARTNER_APP_UNINSTALLED" """, ChannelState.Broken, "removed_by_merchant"),
        ("account_update", """ "event":"ACCOUNT_OFFBOARDED" """, ChannelState.Broken, "removed_by_merchant"),
        ("account_review_update", """ "decision":"APPROVED" """, ChannelState.Connected, null),
        ("account_alerts", """ "entity_type":"WABA","alert_severity":"INFORMATIONAL" """, ChannelState.Connected, null),
        ("business_capability_update", """ "max_daily_conversation_per_phone":1000 """, ChannelState.Connected, null),
        ("phone_number_quality_update", """ "display_phone_number":"213500009001","event":"FLAGGED" """, ChannelState.Connected, null),
        ("phone_number_name_update", """ "display_phone_number":"213500009001","decision":"APPROVED" """, ChannelState.Connected, null),
        ("security", """ "display_phone_number":"213500009001","event":"PIN_CHANGED" """, ChannelState.Connected, null),
        ("message_template_status_update", """ "event":"PAUSED","message_template_id":1,"message_template_name":"x","message_template_language":"fr" """, ChannelState.Connected, null),
    ];

    [Theory, OnBothDatabases]
    public async Task What_Meta_says_of_an_account_breaks_or_leaves_its_number(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (field, told, ends, trouble) in OfAnAccount)
        {
            await app.TellAsync(shop.WhatsappBody(field, told, ofAccount: true));
            await LookedAsync(app, shop);
            Assert.Equal((told, ends, trouble), await ChannelAsync(app, shop.Whatsapp, shop) is var number ? (told, number.State, number.Trouble) : default);
            await MendAsync(app, shop, shop.Whatsapp);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_Page_that_Meta_blocks_is_broken_until_Meta_unblocks_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (action, ends, trouble) in ((string, ChannelState, string?)[])[("warning", ChannelState.Connected, "policy_warning"), ("block", ChannelState.Broken, "policy_block"), ("warning", ChannelState.Broken, "policy_block"), ("unblock", ChannelState.Connected, null)])
        {
            await app.TellAsync(shop.MessagingBody(ChannelKind.Messenger, $$$"""{"recipient":{"id":"{{{shop.Messenger.Account}}}"},"timestamp":1,"policy_enforcement":{"action":"{{{action}}}","reason":"invented"}}"""));
            await LookedAsync(app, shop);
            Assert.Equal((action, ends, trouble), await ChannelAsync(app, shop.Messenger, shop) is var page ? (action, page.State, page.Trouble) : default);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_number_whose_merchant_comes_back_goes_on_by_itself_with_what_waited(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (left, back) in ((string, string)[])[("PARTNER_REMOVED", "ACCOUNT_RECONNECTED"), ("ACCOUNT_OFFBOARDED", "PARTNER_ADDED"), ("PARTNER_APP_UNINSTALLED", "PARTNER_APP_INSTALLED")])
        {
            var conversation = await app.HearAsync(shop, ChannelKind.Whatsapp, left, "salam");
            await app.TellAsync(shop.WhatsappBody("account_update", $"\"event\":\"{left}\"", ofAccount: true));
            await app.ChangeAccountAsync(shop.Whatsapp.Account, new { subscribed = false });
            await LookedAsync(app, shop);
            Assert.Equal((left, ChannelState.Broken), (left, (await ChannelAsync(app, shop.Whatsapp, shop)).State));
            await app.SayAsync(shop, conversation, new(Author.Agent, "waits") { IsAnswer = true });
            await Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.Jobs.AnyAsync(j => j.Kind == "send_message" && j.State == JobState.Parked)));

            await app.TellAsync(shop.WhatsappBody("account_update", $"\"event\":\"{back}\"", ofAccount: true));
            await Eventually.HoldsAsync(async () => await ChannelAsync(app, shop.Whatsapp, shop) is { State: ChannelState.Connected, Trouble: null });
            await app.SettledAsync(shop, conversation, MessageStatus.Delivered);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_merchant_who_comes_back_after_the_token_was_forgotten_must_connect_anew(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.ReadAsync(shop, async db =>
        {
            var left = await db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id);
            (left.State, left.Trouble, left.Token) = (ChannelState.Broken, "removed_by_merchant", app.Get<SecretBox>().Seal(shop.Id, "channel.token", ""));
            return await db.SaveChangesAsync();
        });
        await app.TellAsync(shop.WhatsappBody("account_update", "\"event\":\"ACCOUNT_RECONNECTED\"", ofAccount: true));
        await LookedAsync(app, shop);
        Assert.Equal((ChannelState.Broken, "removed_by_merchant"), await ChannelAsync(app, shop.Whatsapp, shop) is var number ? (number.State, number.Trouble) : default);
    }

    [Theory, OnBothDatabases]
    public async Task A_look_that_learns_nothing_mends_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.ChangeAccountAsync(shop.Messenger.Account, new { token_dead = 460 });
        await CheckAsync(app, shop.Messenger, shop);
        Assert.Equal((ChannelState.Broken, "token_refused"), await ChannelAsync(app, shop.Messenger, shop) is var dead ? (dead.State, dead.Trouble) : default);

        await app.FaultAsync(new { kind = "error", status = 503, path = "/v25.0/debug_token" });
        await app.FaultAsync(new { kind = "error", status = 503, path = $"/v25.0/{shop.Messenger.Account}/subscribed_apps" });
        foreach (var byPerson in (bool[])[false, true])
        {
            await CheckAsync(app, shop.Messenger, shop, byPerson);
            var unknown = await ChannelAsync(app, shop.Messenger, shop);
            Assert.Equal((byPerson, ChannelState.Broken, "token_refused", null), (byPerson, unknown.State, unknown.Trouble, Connecting.ChecksOf(unknown).Single(c => c.Check == "token").Ok));
        }

        (await app.Sandbox.DeleteAsync("/meta/_faults?kind=error")).EnsureSuccessStatusCode();
        await app.ChangeAccountAsync(shop.Messenger.Account, new { token_dead = 0 });
        await CheckAsync(app, shop.Messenger, shop);
        Assert.Equal((ChannelState.Connected, null), await ChannelAsync(app, shop.Messenger, shop) is var mended ? (mended.State, mended.Trouble) : default);
    }

    [Theory, OnBothDatabases]
    public async Task A_restriction_is_not_forgotten_over_a_switch_that_was_off_for_a_while(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.TellAsync(shop.WhatsappBody("account_update", "\"event\":\"ACCOUNT_RESTRICTION\"", ofAccount: true));
        await LookedAsync(app, shop);
        await app.ChangeAccountAsync(shop.Whatsapp.Account, new { registered = false });
        await CheckAsync(app, shop.Whatsapp, shop);
        await app.ChangeAccountAsync(shop.Whatsapp.Account, new { registered = true });
        await CheckAsync(app, shop.Whatsapp, shop);
        Assert.Equal((ChannelState.Broken, "account_restricted"), await ChannelAsync(app, shop.Whatsapp, shop) is var restricted ? (restricted.State, restricted.Trouble) : default);
        await CheckAsync(app, shop.Whatsapp, shop, byPerson: true);
        Assert.Equal(ChannelState.Connected, (await ChannelAsync(app, shop.Whatsapp, shop)).State);
    }

    private static Task<Channel> ChannelAsync(TestApp app, ShopChannel of, Shop shop) => app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == of.Id));

    private static async Task CheckAsync(TestApp app, ShopChannel of, Shop shop, bool byPerson = false)
    {
        await using var scope = app.In(shop.Id);
        Assert.Null(await scope.Get<Connecting>().CheckAsync(of.Id, default, byPerson));
    }

    /// <summary>Every event of an account is followed by a look: waits until it is done.</summary>
    private static Task LookedAsync(TestApp app, Shop shop) => Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.Jobs.AllAsync(j => j.Kind != "check_channel" || j.State == JobState.Done)));

    private static async Task MendAsync(TestApp app, Shop shop, ShopChannel of)
    {
        await using var scope = app.In(shop.Id);
        await scope.Db.InTransactionAsync(async () => await scope.Get<ChannelHealth>().MendAsync(await scope.Db.Channels.SingleAsync(c => c.Id == of.Id), default), default);
    }
}
