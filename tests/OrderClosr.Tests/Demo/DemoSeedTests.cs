using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Verbs.Demo;

namespace OrderClosr.Tests.Demo;

/// <summary>The shops that a stranger meets first.</summary>
public sealed class DemoSeedTests
{
    /// <summary>Scripts read <c>data/demo.json</c> from the root of the clone; the SDK for the web would start the programs in their own folders.</summary>
    [Theory, InlineData("OrderClosr.Demo"), InlineData("OrderClosr")]
    public async Task A_program_that_is_run_from_the_clone_works_where_the_person_stands(string project)
    {
        using var msbuild = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Repository.Root, "src", project), "-nologo", "-getProperty:RunWorkingDirectory"]) { RedirectStandardOutput = true })!;
        Assert.Equal("", (await msbuild.StandardOutput.ReadToEndAsync()).Trim());
        await msbuild.WaitForExitAsync();
        Assert.Equal(0, msbuild.ExitCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_demo_shop_has_a_week_of_conversations_and_orders_in_every_state(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        await using var shop = await SeedAsync(app);

        Assert.Equal(12, await shop.Db.Products.CountAsync());
        Assert.True(await shop.Db.Products.AllAsync(p => p.Photos.Count > 0), "Every product has a photo.");
        Assert.Equal(40, await shop.Db.Customers.CountAsync());
        Assert.Equal(40, await shop.Db.Conversations.CountAsync());
        Assert.Equal(69, await shop.Db.DeliveryFees.CountAsync());
        Assert.Equal(Enum.GetValues<OrderState>().Order(), (await shop.Db.Orders.Select(o => o.State).Distinct().ToListAsync()).Order());
        Assert.True(await shop.Db.Leads.AnyAsync());
        Assert.True(await shop.Db.Conversations.AnyAsync(c => c.HeldBy == HeldBy.Nobody), "Somebody waits for a person.");
        var now = app.Get<TimeProvider>().GetUtcNow();
        Assert.False(await shop.Db.Messages.AnyAsync(m => m.At > now), "Nothing of the demo lies in the future.");
    }

    [Theory, OnBothDatabases]
    public async Task No_amount_in_the_demos_talk_is_false(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        await using var shop = await SeedAsync(app);

        var messages = await shop.Db.Messages.AsNoTracking().ToListAsync();
        Assert.DoesNotContain(messages, m => m.Text.Contains('{') || m.Text.Contains('}'));
        var orders = await shop.Db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.Number > 0).ToListAsync();
        Assert.NotEmpty(orders);
        foreach (var order in orders)
        {
            Assert.Equal(order.Goods.Amount - order.Discount.Amount + order.DeliveryFee.Amount, order.Total.Amount);
            Assert.Contains(messages, m => m.ConversationId == order.ConversationId && m.Text.Contains(order.Total.Digits, StringComparison.Ordinal));
        }
    }

    private static async Task<WorkspaceScope> SeedAsync(TestApp app)
    {
        var seed = ActivatorUtilities.CreateInstance<SeedDemo>(app.Services);
        await seed.MakeAsync(new("dar-lina", "Dar Lina", "Lina", "lina@example.test", "a demo password",
        [
            new(ChannelKind.Messenger, "101", null, "Dar Lina", "invented-1"), new(ChannelKind.Instagram, "178", null, "dar.lina", "invented-2"),
            new(ChannelKind.Whatsapp, "106", "206", "Dar Lina", "invented-3"),
        ]), withWeek: true, default);
        Assert.True(await seed.IsDoneAsync("dar-lina", default));
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        return app.In(await none.Db.Set<Workspace>().Where(w => w.Slug == "dar-lina").Select(w => w.Id).SingleAsync());
    }
}
