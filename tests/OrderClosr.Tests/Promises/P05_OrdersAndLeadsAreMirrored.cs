using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Sheets;
using OrderClosr.Tests.Agent;
using OrderClosr.Tests.Sheets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Promises;

/// <summary>Orders and leads taken from conversations lie in our database first and are mirrored to the merchant's own sheet; of a shop without a sheet nothing goes to Google. More: <c>Sheets/MirrorTests.cs</c>.</summary>
/// <remarks>Seen to fail: when <c>MirrorListeners</c> does not mark a confirmed order no row is ever written; when the deletion does not let go of the sheet our key to it stays. To see more: with <c>grid.Rows</c> left empty in <c>MirrorTab.PlanAsync</c> the order stands there twice.</remarks>
public sealed class P05_OrdersAndLeadsAreMirrored
{
    [Theory, OnBothDatabases]
    public async Task What_was_taken_from_a_conversation_is_kept_at_once_and_stands_once_in_the_sheet(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var (talk, customer) = await TurnWorld.AddConversationAsync(world.App, world.Shop);
        // Google is away: what is ours is kept all the same.
        await world.FaultAsync("error", status: 503);
        var draft = await world.Orders.DraftAsync(customer: customer, conversation: talk);
        var order = (await world.Orders.ConfirmAsync(draft)).Value;
        await using (var scope = world.Open())
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Get<Leads>().NoteAsync(customer, talk, "Sac à main", "veut une autre couleur", default);
                await scope.Db.SaveChangesAsync();
            }, default);
        await world.RunAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(await world.RowsAsync());
        await using (var scope = world.Open())
        {
            Assert.Equal(OrderState.Confirmed, (await scope.Db.Orders.AsNoTracking().SingleAsync(o => o.Id == order.Id)).State);
            Assert.Single(await scope.Db.Leads.ToListAsync());
        }
        // Back: done and never answered, then done.
        await world.ClearAsync();
        await world.FaultAsync("work-then-503", count: 2, path: $"/v4/spreadsheets/{world.Sheet}:batchUpdate");
        await world.RunAsync();
        var row = await world.RowAsync(order.Id);
        Assert.Equal(("Confirmée", "Oran", $"{order.Total.Amount}"), (row["État"], row["Wilaya"], row["Total"]));
        Assert.Equal("veut une autre couleur", Assert.Single(await world.RowsAsync(SheetsWorld.Leads))["Note"]);
    }

    [Theory, OnBothDatabases]
    public async Task Of_a_shop_without_a_sheet_nothing_goes_to_Google_and_one_that_disconnects_keeps_its_sheet(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database, connected: false);
        await world.OrderAsync();
        await world.TickAsync();
        Assert.Empty((await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray());
        await world.ConnectAsync();
        Assert.Single(await world.RowsAsync());
        await world.DoAsync(s => s.Get<ConnectSheet>().DisconnectAsync(default));
        var calls = (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count;
        await world.OrderAsync();
        await world.TickAsync();
        Assert.Equal(calls, (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count);
        Assert.Single(await world.RowsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task The_sheet_of_a_shop_that_is_deleted_stays_the_merchants_and_our_key_to_it_is_forgotten_at_once(Database database)
    {
        await using var world = await SheetsWorld.StartAsync(database);
        var (app, shop) = (world.App, world.Shop);
        var order = await world.OrderAsync();
        await world.RunAsync();
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "R1", value = "A moi" });
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "R2", value = "rappeler dimanche" });
        // A change still waits to be written.
        await world.Orders.CancelAsync(order.Id);
        var (cells, calls) = (await world.CellsAsync(), (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count);
        Assert.Null(await world.DoAsync(s => s.Get<Deletions>().AskAsync(() => Task.CompletedTask, default)));

        // Day 0: the key is gone from our rows, and nobody calls.
        var connection = await world.ConnectionAsync();
        Assert.Equal((null, "", SheetState.Draft), (connection.ServiceAccount?.Token, connection.Spreadsheet, connection.State));
        async Task NothingIsCalledAsync()
        {
            await world.TickAsync();
            Assert.Equal(calls, (await world.DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray().Count);
            Assert.Equal(cells.Select(r => string.Join('|', r)), (await world.CellsAsync()).Select(r => string.Join('|', r)));
        }
        await NothingIsCalledAsync();

        // Day 8: the shop is purged. What was written stands there as it did, the merchant's own words beside it.
        world.Clock.Advance(Deletions.PurgeAfter + TimeSpan.FromHours(1));
        await app.Get<Clocks>().TickAsync(world.Clock.GetUtcNow(), default);
        foreach (var lane in (string[])["work/system", "work/purge"])
            foreach (var job in await app.Get<JobRunner>().DueAsync(lane, 50, default)) await app.Get<JobRunner>().RunAsync(job, default);
        await using (var none = app.Get<WorkspaceScopes>().OpenNone()) Assert.False(await none.Db.Set<Workspace>().AnyAsync(w => w.Id == shop.Id));
        await using (var scope = world.Open()) Assert.Empty(await scope.Db.SheetConnections.ToListAsync());
        await NothingIsCalledAsync();
        Assert.Contains(cells, r => r.Contains(order.Id.ToString()) && r.Contains("rappeler dimanche"));
    }
}
