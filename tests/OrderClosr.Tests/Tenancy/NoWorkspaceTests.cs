using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>Nothing set means nothing read, and no context writes into a foreign workspace; on PostgreSQL the database itself holds the second lock.</summary>
public sealed class NoWorkspaceTests
{
    private static IEnumerable<IEntityType> Tables(OrderClosrDb db) => db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType));

    private static async Task<(TestApp App, Planting A, Planting B)> PlantAsync(Database database)
    {
        var app = await TestApp.StartAsync(database, new() { Started = false });
        return (app, await Planting.AddAsync(app, await app.NewShopAsync(), "mot-de-a"), await Planting.AddAsync(app, await app.NewShopAsync(), "mot-de-b"));
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_workspace_every_table_is_empty_and_with_one_only_its_own_rows_are_there(Database database)
    {
        var (app, a, b) = await PlantAsync(database);
        await using var _ = app;
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        await using var mine = app.In(a.Shop.Id);
        await using var theirs = app.In(b.Shop.Id);
        var tables = Tables(none.Db).ToList();
        Assert.True(tables.Count > 12);
        foreach (var table in tables)
        {
            Assert.True((await Rows.OfAsync(none.Db, table)).Count == 0, $"{table.GetTableName()} is read without a workspace");
            var rows = await Rows.OfAsync(mine.Db, table);
            Assert.True(rows.Count > 0, $"{table.GetTableName()}: nothing is planted, so nothing would be proven");
            Assert.True(rows.Cast<IOfWorkspace>().All(r => r.WorkspaceId == a.Shop.Id), $"{table.GetTableName()} shows rows of another workspace");
            Assert.NotEmpty(await Rows.OfAsync(theirs.Db, table));
        }
    }

    [Theory, OnPostgres]
    public async Task With_the_filter_switched_off_the_database_still_shows_nothing_foreign(Database database)
    {
        var (app, a, _) = await PlantAsync(database);
        await using var owner = app;
        await using var none = app.Get<WorkspaceScopes>().OpenNone();
        await using var mine = app.In(a.Shop.Id);
        foreach (var table in Tables(none.Db))
        {
            Assert.True((await Rows.OfAsync(none.Db, table, withoutFilter: true)).Count == 0, $"{table.GetTableName()} has no second lock");
            var rows = await Rows.OfAsync(mine.Db, table, withoutFilter: true);
            Assert.True(rows.Count > 0 && rows.Cast<IOfWorkspace>().All(r => r.WorkspaceId == a.Shop.Id), $"{table.GetTableName()} shows rows of another workspace with the filter switched off");
        }
    }

    [Theory, OnPostgres]
    public async Task No_row_can_be_written_into_another_workspace_past_the_product(Database database)
    {
        var (app, a, b) = await PlantAsync(database);
        await using var owner = app;
        await using var mine = app.In(a.Shop.Id);
        foreach (var table in Tables(mine.Db))
        {
            var (name, column) = (table.GetTableName()!, table.FindProperty("WorkspaceId")!.GetColumnName());
#pragma warning disable EF1002 // names come from the model
            var refused = await Assert.ThrowsAsync<PostgresException>(() => mine.Db.Database.ExecuteSqlRawAsync($"update {name} set {column} = {{0}}", b.Shop.Id.Value));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{name}: {refused.MessageText}");
            // Their rows are not there to be changed or deleted.
            Assert.Equal(0, await mine.Db.Database.ExecuteSqlRawAsync($"delete from {name} where {column} = {{0}}", b.Shop.Id.Value));
#pragma warning restore EF1002
        }
        var insert = await Assert.ThrowsAsync<PostgresException>(() => mine.Db.Database.ExecuteSqlRawAsync("insert into controls (id, workspace_id, version) values ({0}, {1}, 1)", Guid.NewGuid(), b.Shop.Id.Value));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, insert.SqlState);
    }

    [Theory, OnBothDatabases]
    public async Task A_row_of_another_workspace_is_refused_by_the_product_however_it_is_written(Database database)
    {
        var (app, a, b) = await PlantAsync(database);
        await using var _ = app;
        var now = app.Get<TimeProvider>().GetUtcNow();
        Product Foreign() => new() { Id = ProductId.New(now), WorkspaceId = b.Shop.Id, Name = "x", Price = new(1), CreatedAt = now };
        await using (var mine = app.In(a.Shop.Id))
        {
            mine.Db.Add(Foreign());
            await Assert.ThrowsAsync<ForeignWorkspaceException>(() => mine.Db.SaveChangesAsync());
        }
        await using (var none = app.Get<WorkspaceScopes>().OpenNone())
        {
            none.Db.Add(new Product { Id = ProductId.New(now), Name = "x", Price = new(1), CreatedAt = now });
            await Assert.ThrowsAsync<ForeignWorkspaceException>(() => none.Db.SaveChangesAsync());
        }
        // A row that somebody attached with the other shop's id and then changed or removed.
        await using (var mine = app.In(a.Shop.Id))
        {
            var attached = Foreign();
            mine.Db.Attach(attached);
            attached.Name = "y";
            await Assert.ThrowsAsync<ForeignWorkspaceException>(() => mine.Db.SaveChangesAsync());
        }
        await using (var mine = app.In(a.Shop.Id))
        {
            mine.Db.Remove(Foreign());
            await Assert.ThrowsAsync<ForeignWorkspaceException>(() => mine.Db.SaveChangesAsync());
        }
    }
}
