using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Connecting an account by its ids and token, and what its health says.</summary>
public sealed class ConnectingTests
{
    private static async Task<Result<Channel>> ConnectAsync(TestApp app, Shop shop, NewConnection given)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Get<Connecting>().ConnectAsync(given, default);
    }

    private static async Task NewAccountAsync(TestApp app, object account)
    {
        using var made = await app.Sandbox.PostAsJsonAsync("/meta/_accounts", account);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_pasted_account_is_connected_subscribed_and_healthy_and_its_messages_come(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await NewAccountAsync(app, new { kind = "page", id = "555000111", name = "Nouvelle Page", token = "invented-token-of-a-page" });
        await NewAccountAsync(app, new { kind = "instagram", id = "555000222", name = "nouvelle.dz", token = "invented-token-of-instagram" });
        await NewAccountAsync(app, new { kind = "whatsapp", id = "555000333", name = "Nouvelle", token = "invented-token-of-whatsapp", waba_id = "555000444", display_phone = "213500009009" });
        foreach (var given in (NewConnection[])[new(ChannelKind.Messenger, "555000111", null, "invented-token-of-a-page"), new(ChannelKind.Instagram, "555000222", null, "invented-token-of-instagram"), new(ChannelKind.Whatsapp, "555000333", "555000444", "invented-token-of-whatsapp")])
        {
            var made = await ConnectAsync(app, shop, given);
            Assert.True(made.Ok, made.Refusal?.Words);
            var channel = await app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.ExternalId == given.ExternalId));
            Assert.Equal((ChannelState.Connected, null), (channel.State, channel.Trouble));
            Assert.DoesNotContain(given.Token!, channel.Token.Token, StringComparison.Ordinal);
            Assert.All(Connecting.ChecksOf(channel).Where(c => c.Check != "events"), c => Assert.True(c.Ok, $"{given.Kind} {c.Check} {c.Detail}"));
            using var said = await app.Sandbox.PostAsJsonAsync("/meta/_customers/nadia/say", new { channel = given.Kind.ToString().ToLowerInvariant(), account = given.ExternalId, name = "Nadia", text = "salam" });
            Assert.Contains("\"webhook\":true", await said.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Messages.AnyAsync(m => m.ChannelId == channel.Id)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Several_looks_at_one_channel_at_the_same_moment_all_end_well(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var looks = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await using var scope = app.In(shop.Id);
            return await scope.Get<Connecting>().CheckAsync(shop.Messenger.Id, default, byPerson: i % 2 == 0);
        }));
        Assert.All(looks, Assert.Null);
        Assert.Equal(ChannelState.Connected, (await app.ReadAsync(shop, db => db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id))).State);
    }

    [Theory, OnBothDatabases]
    public async Task An_account_of_another_workspace_is_refused_clearly(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var (mine, theirs) = (await app.NewShopAsync(), await app.NewShopAsync());
        var made = await ConnectAsync(app, mine, new(ChannelKind.Messenger, theirs.Messenger.Account, null, theirs.Messenger.Token));
        Assert.Equal("account_taken", made.Refusal?.Code);
        Assert.Equal(3, await app.ReadAsync(mine, db => db.Channels.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_wrong_id_or_token_is_refused_with_its_field(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var (given, code, field) in ((NewConnection, string, string)[])
        [
            (new(ChannelKind.Messenger, "abc", null, shop.Messenger.Token), "channel_id_wrong", "external_id"),
            (new(ChannelKind.Messenger, shop.Messenger.Account, null, "short"), "channel_token_wrong", "token"),
            (new(ChannelKind.Messenger, shop.Messenger.Account, null, "invented-but-unknown-token"), "channel_token_refused", "token"),
            (new(ChannelKind.Whatsapp, shop.Whatsapp.Account, null, shop.Whatsapp.Token), "business_account_missing", "parent_id"),
        ])
        {
            var made = await ConnectAsync(app, shop, given);
            Assert.Equal((code, field), (made.Refusal?.Code, made.Refusal?.Field));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_lost_subscription_is_taken_again_and_a_dead_token_is_noticed_and_healed_by_reconnecting(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { subscribed = false });
        await CheckAsync();
        Assert.Equal((ChannelState.Connected, true), await StateAsync("subscribed"));

        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { token_dead = 460 });
        await CheckAsync();
        Assert.Equal((ChannelState.Broken, false), await StateAsync("token"));

        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { token = "invented-page-token-renewed" });
        Assert.True((await ConnectAsync(app, shop, new(ChannelKind.Messenger, shop.Messenger.Account, null, "invented-page-token-renewed"))).Ok);
        Assert.Equal((ChannelState.Connected, true), await StateAsync("token"));

        await app.Sandbox.PostAsJsonAsync($"/meta/_accounts/{shop.Messenger.Account}", new { remove_scopes = new[] { "pages_messaging" } });
        await CheckAsync();
        Assert.Equal((ChannelState.Broken, false), await StateAsync("permissions"));

        async Task CheckAsync()
        {
            await using var scope = app.In(shop.Id);
            await scope.Get<Connecting>().CheckAsync(shop.Messenger.Id, default);
        }

        async Task<(ChannelState, bool?)> StateAsync(string check)
        {
            var channel = await app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == shop.Messenger.Id));
            return (channel.State, Connecting.ChecksOf(channel).SingleOrDefault(c => c.Check == check)?.Ok);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Pausing_a_channel_silences_its_conversations_and_resuming_wakes_the_unanswered(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        MessageNews Said(string id, OrderClosr.Customers.HandleKind kind) => new(id, new([new(kind, "7001")]), now, MessageKind.Text, "salam");
        await app.ReceiveAsync(shop, new ChannelNews(shop.Messenger.Id, Said("a", OrderClosr.Customers.HandleKind.PageScoped)), new ChannelNews(shop.Instagram.Id, Said("b", OrderClosr.Customers.HandleKind.InstagramScoped)));
        await DoAsync(p => p.PauseChannelAsync(shop.Messenger.Id, true, null, default));
        Assert.Equal([(Gate.ChannelPaused, false), (null, true)], await StatesAsync());
        await DoAsync(async p => { await p.PauseAsync(true, null, null, default); return null; });
        Assert.Equal([(Gate.Paused, false), (Gate.Paused, false)], await StatesAsync());
        await DoAsync(async p => { await p.PauseAsync(false, null, null, default); return null; });
        Assert.Equal([(Gate.ChannelPaused, false), (null, true)], await StatesAsync());
        await DoAsync(p => p.PauseChannelAsync(shop.Messenger.Id, false, null, default));
        var first = (await app.ConversationsAsync(shop)).Single(c => c.ChannelId == shop.Messenger.Id).Id;
        Assert.Equal([(null, true), (null, true)], await StatesAsync());
        await DoAsync(p => p.PauseConversationAsync(first, true, null, default));
        Assert.Equal([(Gate.ConversationPaused, false), (null, true)], await StatesAsync());

        async Task DoAsync(Func<Pausing, Task<Refusal?>> act)
        {
            await using var scope = app.In(shop.Id);
            Assert.Null(await act(scope.Get<Pausing>()));
        }

        async Task<List<(string?, bool)>> StatesAsync() => [.. (await app.ConversationsAsync(shop)).OrderBy(c => c.ChannelKind).Select(c => (c.SilentBecause, c.DueAt is not null))];
    }
}
