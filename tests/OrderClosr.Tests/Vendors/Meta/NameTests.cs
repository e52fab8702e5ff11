using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Messenger and Instagram send no name with a message: it is asked for once, and nothing waits for it (facts/meta.md sections 3.5 and 4.4).</summary>
public sealed class NameTests
{
    [Theory, OnBothDatabases]
    public async Task Who_writes_on_Messenger_or_Instagram_is_called_by_name_in_the_inbox_and_found_by_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await SayAsync(app, shop, ChannelKind.Messenger, "karim", "Karim Bensaïd");
        await SayAsync(app, shop, ChannelKind.Instagram, "lina", "Lina Haddad");
        await Eventually.HoldsAsync(async () => (await NamesAsync(app, shop)) is ["Karim Bensaïd", "Lina Haddad"]);
        Assert.Contains("bensaid", (await app.ReadAsync(shop, db => db.Customers.SingleAsync(c => c.Name == "Karim Bensaïd"))).Search);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.GetAsync($"/w/{shop.Slug}/inbox");
        Assert.Contains("Karim", owner.Html);
        Assert.Contains("Lina Haddad", owner.Html);

        // A second message asks no second time.
        await SayAsync(app, shop, ChannelKind.Messenger, "karim", "Karim Bensaïd");
        Assert.Equal(2, await app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == FetchName.Kind)));
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_profile_the_customer_stays_nameless_and_is_answered_all_the_same(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = "no-profile" });
        await SayAsync(app, shop, ChannelKind.Messenger, "karim", "Karim");
        await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Jobs.AnyAsync(j => j.Kind == FetchName.Kind && j.State == JobState.Done)));
        var conversation = (await app.ConversationsAsync(shop)).Single();
        await app.SayAsync(shop, conversation.Id, new(Author.Agent, "marhba"));
        await app.SettledAsync(shop, conversation.Id, MessageStatus.Delivered);
        await SayAsync(app, shop, ChannelKind.Messenger, "karim", "Karim");
        Assert.Equal(1, await app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == FetchName.Kind)));
        Assert.Equal([""], await NamesAsync(app, shop));
        Assert.Equal(ChannelState.Connected, (await app.ReadAsync(shop, db => db.Channels.SingleAsync(c => c.Id == shop.Messenger.Id))).State);
    }

    [Fact]
    public async Task A_refused_permission_for_profiles_breaks_no_channel()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = "error", status = 403, code = 200, count = 1 });
        await SayAsync(app, shop, ChannelKind.Instagram, "karim", "Karim");
        await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Jobs.AnyAsync(j => j.Kind == FetchName.Kind && j.State == JobState.Done)));
        Assert.Equal([""], await NamesAsync(app, shop));
        var channel = await app.ReadAsync(shop, db => db.Channels.SingleAsync(c => c.Id == shop.Instagram.Id));
        Assert.Equal((ChannelState.Connected, null), (channel.State, channel.Trouble));
    }

    private static Task<List<string>> NamesAsync(TestApp app, Shop shop) => app.ReadAsync(shop, db => db.Customers.OrderBy(c => c.Name).Select(c => c.Name).ToListAsync());

    private static async Task SayAsync(TestApp app, Shop shop, ChannelKind kind, string customer, string name)
    {
        var before = await app.ReadAsync(shop, db => db.Messages.CountAsync());
        using var said = await app.Sandbox.PostAsJsonAsync($"/meta/_customers/{customer}/say", new { channel = kind.ToString().ToLowerInvariant(), account = shop.On(kind).Account, name, text = "salam" });
        Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
        await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Messages.CountAsync()) > before);
    }
}
