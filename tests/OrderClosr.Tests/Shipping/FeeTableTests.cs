using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Shipping;

public sealed class FeeTableTests
{
    private static readonly Places Places = new();

    [Theory, OnBothDatabases]
    public async Task The_fee_of_the_commune_goes_before_that_of_its_wilaya(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        scope.Db.Add(new DeliveryFee { Id = new(Guid.NewGuid()), WilayaCode = 16, CommuneCode = 1621, Home = new Dinars(300), DaysFrom = 1, DaysTo = 1 });
        await scope.Db.SaveChangesAsync();
        var fees = new FeeTable(scope.Db);

        var wilaya = (await fees.QuoteAsync(Places.Of(16)!, Delivery.Home, Dinars.Zero, default)).Value;
        Assert.Equal((new Dinars(400), "1-3", false), (wilaya.Fee, wilaya.Days, wilaya.IsFree));
        Assert.Equal(new Dinars(400), (await fees.QuoteAsync(Places.Of(16, 1617)!, Delivery.Home, Dinars.Zero, default)).Value.Fee);
        var commune = (await fees.QuoteAsync(Places.Of(16, 1621)!, Delivery.Home, Dinars.Zero, default)).Value;
        Assert.Equal((new Dinars(300), "1"), (commune.Fee, commune.Days));

        var refusal = (await fees.QuoteAsync(Places.Of(16, 1621)!, Delivery.Desk, Dinars.Zero, default)).Refusal!;
        Assert.Equal(("not_served", "delivery"), (refusal.Code, refusal.Field));
        Assert.Equal(["home"], refusal.Suggestions!);
    }

    [Theory, OnBothDatabases]
    public async Task A_place_without_a_fee_is_not_served(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        await using (var theirs = app.In(other.Id))
        {
            theirs.Db.Add(new DeliveryFee { Id = new(Guid.NewGuid()), WilayaCode = 33, Home = new Dinars(1500) });
            await theirs.Db.SaveChangesAsync();
        }
        await using var scope = app.In(shop.Id);
        var refusal = (await new FeeTable(scope.Db).QuoteAsync(Places.Of(33)!, Delivery.Home, new(100_000), default)).Refusal!;
        Assert.Equal(("not_served", "wilaya"), (refusal.Code, refusal.Field));
        Assert.Null(refusal.Suggestions);
    }

    [Theory, OnBothDatabases]
    public async Task From_the_merchants_amount_on_delivery_is_free_where_it_is_served(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        scope.Db.Add(new DeliveryPolicy { Id = new(Guid.NewGuid()), FreeFrom = new Dinars(12_000), Notes = "Ouverture du colis permise." });
        await scope.Db.SaveChangesAsync();
        var fees = new FeeTable(scope.Db);
        Assert.Equal(new Dinars(600), (await fees.QuoteAsync(Places.Of(31)!, Delivery.Home, new(11_999), default)).Value.Fee);
        var free = (await fees.QuoteAsync(Places.Of(31)!, Delivery.Home, new(12_000), default)).Value;
        Assert.Equal((Dinars.Zero, new Dinars(600), true, new Dinars(12_000)), (free.Fee, free.ListedFee, free.IsFree, free.FreeFrom));
        Assert.Equal("not_served", (await fees.QuoteAsync(Places.Of(33)!, Delivery.Home, new(12_000), default)).Refusal?.Code);
        Assert.Equal("Ouverture du colis permise.", (await fees.QuotesAsync(Places.Of(31)!, Dinars.Zero, default)).Notes);
    }

    [Theory, OnBothDatabases]
    public async Task Desks_are_those_of_the_commune_else_of_the_wilaya(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        foreach (var (commune, name, active) in ((int, string, bool)[])[(3101, "Oran Centre", true), (3105, "Es Senia", true), (3103, "Fermé", false)])
            scope.Db.Add(new Desk { Id = new(Guid.NewGuid()), WilayaCode = 31, CommuneCode = commune, Name = name, Active = active });
        await scope.Db.SaveChangesAsync();
        var fees = new FeeTable(scope.Db);
        Assert.Equal(["Es Senia"], await DesksOf(3105));
        Assert.Equal(["Es Senia", "Oran Centre"], await DesksOf(3103));
        Assert.Equal(["Es Senia", "Oran Centre"], await DesksOf(0));
        Assert.Empty((await fees.QuoteAsync(Places.Of(31)!, Delivery.Home, Dinars.Zero, default)).Value.Desks);

        async Task<IEnumerable<string>> DesksOf(int commune) => (await fees.QuoteAsync(Places.Of(31, commune)!, Delivery.Desk, Dinars.Zero, default)).Value.Desks.Select(d => d.Name);
    }
}
