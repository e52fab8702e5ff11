using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>The wall between shops: the filter and the write check on both databases, PostgreSQL's own lock behind them.</summary>
public sealed class TenancyTests
{
    [Theory, OnBothDatabases]
    public async Task Nothing_set_means_nothing_read_and_nothing_written(Database database)
    {
        await using var world = await World.StartAsync(database);
        await using var scope = world.App.Get<WorkspaceScopes>().OpenNone();
        Assert.Empty(await scope.Db.Products.ToListAsync());
        Assert.Equal(0, await scope.Db.Products.ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, "stolen")));
        scope.Db.Add(NewProduct(default));
        await Assert.ThrowsAsync<ForeignWorkspaceException>(() => scope.Db.SaveChangesAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_foreign_row_is_not_read_not_changed_and_not_written(Database database)
    {
        await using var world = await World.StartAsync(database);
        var theirs = world.Other.Products["robe"];
        await using var scope = world.App.In(world.Shop.Id);
        Assert.Null(await scope.Db.Products.FindAsync(theirs));
        Assert.Equal(0, await scope.Db.Products.Where(p => p.Id == theirs).ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, "stolen")));
        Assert.Equal(0, await scope.Db.Products.Where(p => p.Id == theirs).ExecuteDeleteAsync());
        scope.Db.Add(NewProduct(world.Other.Id));
        await Assert.ThrowsAsync<ForeignWorkspaceException>(() => scope.Db.SaveChangesAsync());
        scope.Db.ChangeTracker.Clear();

        Product foreign;
        await using (var other = world.App.In(world.Other.Id)) foreign = await other.Db.Products.SingleAsync(p => p.Id == theirs);
        scope.Db.Attach(foreign).Property(p => p.Name).CurrentValue = "stolen";
        await Assert.ThrowsAsync<ForeignWorkspaceException>(() => scope.Db.SaveChangesAsync());
        scope.Db.ChangeTracker.Clear();
        scope.Db.Remove(foreign);
        await Assert.ThrowsAsync<ForeignWorkspaceException>(() => scope.Db.SaveChangesAsync());
        await using var after = world.App.In(world.Other.Id);
        Assert.Equal("Robe d'été", (await after.Db.Products.SingleAsync(p => p.Id == theirs)).Name);
    }

    [Theory, OnBothDatabases]
    public async Task A_scope_acts_for_one_workspace_only(Database database)
    {
        await using var world = await World.StartAsync(database);
        await using var scope = world.App.In(world.Shop.Id);
        Assert.Throws<InvalidOperationException>(() => scope.Get<CurrentWorkspace>().Enter(world.Other.Id));
        Assert.Throws<InvalidOperationException>(() => scope.Get<CurrentWorkspace>().EnterEverywhere("no reason is good enough"));
        Assert.Throws<ArgumentException>(() => world.App.In(default));
        Assert.Throws<InvalidOperationException>(() => scope.Db.Everywhere<Product>());
    }

    [Theory, OnBothDatabases]
    public async Task A_write_from_a_second_scope_inside_a_transaction_fails_at_once_instead_of_waiting_for_itself(Database database)
    {
        await using var world = await World.StartAsync(database);
        await using var outer = world.App.In(world.Shop.Id);
        await using var inner = world.App.In(world.Shop.Id);
        inner.Db.Add(NewProduct(default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => outer.Db.InTransactionAsync(() => inner.Db.SaveChangesAsync(), default));
        await inner.Db.SaveChangesAsync();
    }

    [Theory, OnPostgres]
    public async Task With_the_filter_off_PostgreSQL_still_shows_only_our_rows_and_refuses_foreign_ones(Database database)
    {
        await using var world = await World.StartAsync(database);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            var seen = await scope.Db.Products.IgnoreQueryFilters().ToListAsync();
            Assert.Equal(3, seen.Count);
            Assert.All(seen, p => Assert.Equal(world.Shop.Id, p.WorkspaceId));
            Assert.Equal(0, await scope.Db.Products.IgnoreQueryFilters().Where(p => p.WorkspaceId == world.Other.Id).ExecuteDeleteAsync());
            var refused = await Assert.ThrowsAsync<PostgresException>(() => scope.Db.Database.ExecuteSqlAsync(
                $"insert into desks (id, workspace_id, wilaya_code, commune_code, name, address, active) values ({Guid.NewGuid()}, {world.Other.Id.Value}, 16, 1, 'x', '', true)"));
            Assert.Equal("42501", refused.SqlState);
            var moved = await Assert.ThrowsAsync<PostgresException>(() => scope.Db.Products.IgnoreQueryFilters().ExecuteUpdateAsync(set => set.SetProperty(p => p.WorkspaceId, world.Other.Id)));
            Assert.Equal("42501", moved.SqlState);
        }
        await using var none = world.App.Get<WorkspaceScopes>().OpenNone();
        Assert.Empty(await none.Db.Products.IgnoreQueryFilters().ToListAsync());
        // The pool hands the same connections out again: none of them may remember whose it was.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var shop = i % 2 == 0 ? world.Shop : world.Other;
            await using var scope = world.App.In(shop.Id);
            Assert.All(await scope.Db.Products.IgnoreQueryFilters().ToListAsync(), p => Assert.Equal(shop.Id, p.WorkspaceId));
        })));
    }

    private static Product NewProduct(WorkspaceId workspace) => new() { Id = new(Guid.NewGuid()), WorkspaceId = workspace, Name = "x", Price = new(1), CreatedAt = DateTimeOffset.UnixEpoch };

    private sealed class World(TestApp app, Shop shop, Shop other) : IAsyncDisposable
    {
        internal TestApp App => app;
        internal Shop Shop => shop;
        internal Shop Other => other;

        internal static async Task<World> StartAsync(Database database)
        {
            var app = await TestApp.StartAsync(database, new() { Started = false });
            return new(app, await app.NewShopAsync(), await app.NewShopAsync());
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
