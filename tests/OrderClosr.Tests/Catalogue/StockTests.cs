using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Catalogue;

public sealed class StockTests
{
    [Theory, OnBothDatabases]
    public async Task Pieces_are_taken_all_or_none_and_come_back(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        Pieces[] order = [new(shop.Variants["SAC-CAMEL"], 1), new(shop.Variants["ROBE-M-NOIR"], 2), new(shop.Variants["HIJAB-BEIGE"], 50), new(shop.Variants["SAC-CAMEL"], 1)];
        Assert.Null(await TakeAsync(app, shop, order));
        Assert.Equal((0, 3, null), await StockAsync(app, shop));

        var refusal = await TakeAsync(app, shop, new(shop.Variants["ROBE-M-NOIR"], 1), new(shop.Variants["SAC-CAMEL"], 1));
        Assert.Equal("out_of_stock", refusal?.Code);
        Assert.Equal(["Sac à main Camel: 0"], refusal!.Suggestions!);
        Assert.Equal((0, 3, null), await StockAsync(app, shop));

        await using var scope = app.In(shop.Id);
        await scope.Db.InTransactionAsync(async () =>
        {
            await new Stock(scope.Db).GiveBackAsync(order, default);
            await scope.Db.SaveChangesAsync();
        }, default);
        Assert.Equal((2, 5, null), await StockAsync(app, shop));
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_orders_at_once_only_as_many_succeed_as_there_are_pieces(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => n % 2 == 0
            ? TakeAsync(app, shop, new(shop.Variants["ROBE-L-NOIR"], 1), new(shop.Variants["ROBE-M-NOIR"], 1))
            : TakeAsync(app, shop, new(shop.Variants["ROBE-M-NOIR"], 1), new(shop.Variants["ROBE-L-NOIR"], 1)))));
        Assert.Equal(5, results.Count(r => r is null));
        Assert.Equal(7, results.Count(r => r?.Code == "out_of_stock"));
    }

    [Theory, OnBothDatabases]
    public async Task Another_shops_pieces_cannot_be_taken(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (first, second) = (await app.NewShopAsync(), await app.NewShopAsync());
        Assert.Equal("out_of_stock", (await TakeAsync(app, first, new Pieces(second.Variants["SAC-CAMEL"], 1)))?.Code);
        Assert.Equal((2, 5, null), await StockAsync(app, second));
    }

    private static async Task<OrderClosr.Ground.Values.Refusal?> TakeAsync(TestApp app, Shop shop, params Pieces[] pieces)
    {
        await using var scope = app.In(shop.Id);
        // Read before the lock, as a page would have: the lock must read again.
        await scope.Db.Variants.ToListAsync();
        return await scope.Db.InTransactionAsync(async () =>
        {
            var refusal = await new Stock(scope.Db).TakeAsync(pieces, default);
            await scope.Db.SaveChangesAsync();
            return refusal;
        }, default);
    }

    private static async Task<(int?, int?, int?)> StockAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        var stock = await scope.Db.Variants.AsNoTracking().ToDictionaryAsync(v => v.Sku, v => v.Stock);
        return (stock["SAC-CAMEL"], stock["ROBE-M-NOIR"], stock["HIJAB-BEIGE"]);
    }
}
