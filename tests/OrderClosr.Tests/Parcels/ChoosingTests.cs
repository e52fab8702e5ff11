using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>Which courier takes a parcel, and what its lists bring into the shop.</summary>
public sealed class ChoosingTests
{
    private static async Task<(ParcelsWorld World, CourierAccountId Other)> TwoAsync(Database database)
    {
        var world = await ParcelsWorld.StartAsync(database);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        return (world, await world.ConnectAsync(world.Other));
    }

    private static async Task<CourierAccountId> ChosenAsync(ParcelsWorld world, Order order) => (await world.DoAsync(async s =>
        await s.Get<Choosing>().ChooseAsync(await s.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == order.Id), null, default))).Value.Account.Id;

    [Theory, OnBothDatabases]
    public async Task The_first_rule_that_fits_decides_else_the_default_and_who_is_down_or_does_not_serve_is_passed_over(Database database)
    {
        var (world, other) = await TwoAsync(database);
        await using var owner = world;
        var oran = await world.OrderAsync();
        var alger = await world.OrderAsync(c => c with { Wilaya = "Alger", Commune = "Hydra" });
        Assert.Equal(world.Account, await ChosenAsync(world, oran));

        await RuleAsync(world, new() { Id = default, Position = 1, AccountId = other, WilayaCode = 16 });
        await RuleAsync(world, new() { Id = default, Position = 2, AccountId = other, From = new(100_000) });
        Assert.Equal([world.Account, other], [await ChosenAsync(world, oran), await ChosenAsync(world, alger)]);

        // Down a moment ago: somebody else; nobody else there: it waits for it.
        await SetAsync(world, a => (a.Trouble, a.TroubleAt) = ("courier_down", world.Clock.GetUtcNow()), world.Account);
        Assert.Equal(other, await ChosenAsync(world, oran));
        world.Clock.Advance(Choosing.DownFor + TimeSpan.FromMinutes(1));
        Assert.Equal(world.Account, await ChosenAsync(world, oran));

        // Not served there by the first: the second.
        await world.DoAsync(s => s.Db.InTransactionAsync(() => s.Db.CourierPlaces.Where(p => p.AccountId == world.Account && p.Name == "BIR EL DJIR").ExecuteUpdateAsync(set => set.SetProperty(p => p.ServesHome, false)), default).ContinueWith(_ => 0));
        Assert.Equal(other, await ChosenAsync(world, oran));
        var offers = await world.DoAsync(async s => await s.Get<Choosing>().CompareAsync(await s.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == oran.Id), default));
        Assert.Equal([(world.Account, null, "not_served"), (other, 700L, null)], offers.Select(o => (o.Account.Id, o.Fee?.Amount, o.No?.Code)));
        // Named by a person: no other is tried, and the person is told why not.
        var named = await world.ShipAsync(oran.Id, world.Account);
        Assert.Equal((ParcelState.Draft, "not_served"), (named.Value.State, named.Value.Trouble));
    }

    [Theory, OnBothDatabases]
    public async Task A_couriers_lists_become_desks_and_fees_but_never_over_what_the_merchant_set(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, connected: false);
        var account = await world.ConnectAsync(world.Courier);
        await using (var scope = world.Open())
        {
            // The shop's own fees of the seed (Alger 400, Oran 600) stand.
            Assert.Equal([400L, 600L], await scope.Db.DeliveryFees.Where(f => f.CommuneCode == 0 && (f.WilayaCode == 16 || f.WilayaCode == 31)).OrderBy(f => f.WilayaCode).Select(f => f.Home!.Value.Amount).ToListAsync());
            var desk = await scope.Db.Desks.SingleAsync();
            Assert.Equal(("Agence Oran Centre", 31, true), (desk.Name, desk.WilayaCode, desk.Active));
            // Without a merchant's row the courier's counts.
            await scope.Db.InTransactionAsync(() => scope.Db.DeliveryFees.Where(f => f.WilayaCode == 31).ExecuteDeleteAsync(), default);
        }
        world.Courier.Fees = [.. world.Courier.Fees, new("w31", "c3100", new(950), null)];
        world.Courier.Rows = [.. world.Courier.Rows.Where(r => r.Ref != "d1"), new(CourierPlaceKind.Desk, "d2", "w31", "Bureau Es Senia") { CommuneRef = world.Courier.Rows.Single(r => r.Name == "ES SENIA").Ref }];
        await AgainAsync(world, account);
        await using (var scope = world.Open())
        {
            var fees = await scope.Db.DeliveryFees.AsNoTracking().Where(f => f.WilayaCode == 31).OrderBy(f => f.CommuneCode).ToListAsync();
            Assert.Equal([700L, 950L], fees.Select(f => f.Home!.Value.Amount));
            Assert.All(fees, f => Assert.Equal(account.Value, f.FromCourier));
            Assert.Equal([("Agence Oran Centre", false), ("Bureau Es Senia", true)], await scope.Db.Desks.AsNoTracking().OrderBy(d => d.Name).Select(d => new ValueTuple<string, bool>(d.Name, d.Active)).ToListAsync());
            var row = await scope.Db.CourierAccounts.AsNoTracking().SingleAsync();
            Assert.Equal((1, 1, 0, 2), (row.ListsAdded, row.ListsGone, row.ListsUnmatched, row.FeesChanged));
            // A merchant who edits the row owns it from then on.
            await scope.Get<SaveFees>().RunAsync([new(31, 0, new(new(650), null, 1, 2))], null, default);
        }
        world.Courier.Fees = [new("w31", "", new(800), new(500))];
        await AgainAsync(world, account);
        Assert.Equal(650L, await world.DoAsync(s => s.Db.DeliveryFees.Where(f => f.WilayaCode == 31 && f.CommuneCode == 0).Select(f => f.Home!.Value.Amount).SingleAsync()));
    }

    [Fact]
    public async Task A_desk_is_the_customers_or_the_only_one_and_never_guessed()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, connected: false);
        var oran = world.Courier.Rows.Single(r => r.Ref == "d1").CommuneRef;
        world.Courier.Rows = [.. world.Courier.Rows, new(CourierPlaceKind.Desk, "d2", "w31", "Agence Oran Est") { CommuneRef = oran }];
        var account = await world.ConnectAsync(world.Courier);
        _ = await world.OrderAsync(c => c with { Commune = "Oran", Delivery = Delivery.Desk, Desk = "Agence Oran Est" });
        await world.RunAsync(account);
        Assert.Equal("d2", world.Courier.All.Single().Book.Desk!.Ref);

        // A desk that only the merchant knows: which of the courier's two it would be nobody can tell.
        await world.DoAsync(s =>
        {
            s.Db.Add(new Desk { Id = Id<Desk>.New(world.Clock.GetUtcNow()), WilayaCode = 31, CommuneCode = 3101, Name = "Chez le voisin" });
            return s.Db.SaveChangesAsync();
        });
        var order = await world.OrderAsync(c => c with { Commune = "Oran", Delivery = Delivery.Desk, Desk = "Chez le voisin" });
        await world.RunAsync(account);
        var parcel = await world.ParcelAsync(order.Id);
        Assert.Equal((ParcelState.Draft, "desk_unclear"), (parcel.State, parcel.Trouble));
        Assert.Equal(["Agence Oran Centre", "Agence Oran Est"], parcel.Suggestions);
        var (commune, desk) = await world.DoAsync(async s => (parcel.CommunePlaceId ?? (await s.Db.CourierPlaces.SingleAsync(p => p.Ref == oran && p.Kind == CourierPlaceKind.Commune)).Id, (await s.Db.CourierPlaces.SingleAsync(p => p.Ref == "d2")).Id));
        Assert.True((await world.DoAsync(s => s.Get<ChangeParcel>().SendToAsync(parcel.Id, commune, desk, world.By(ActorKind.Member), default))).Ok);
        await world.RunAsync(account);
        Assert.Equal(["d2", "d2"], world.Courier.All.Select(p => p.Book.Desk!.Ref));
    }

    private static async Task AgainAsync(ParcelsWorld world, CourierAccountId account)
    {
        Assert.Null(await world.DoAsync(s => SyncLists.AgainAsync(s.Db, account, world.Clock.GetUtcNow(), default)));
        await world.RunAsync(account);
    }

    private static Task<int> RuleAsync(ParcelsWorld world, CourierRule rule) => world.DoAsync(s =>
    {
        s.Db.Add(new CourierRule { Id = Id<CourierRule>.New(world.Clock.GetUtcNow()), Position = rule.Position, AccountId = rule.AccountId, WilayaCode = rule.WilayaCode, From = rule.From });
        return s.Db.SaveChangesAsync();
    });

    private static Task<int> SetAsync(ParcelsWorld world, Action<CourierAccount> change, CourierAccountId id) => world.DoAsync(async s =>
    {
        change(await s.Db.CourierAccounts.SingleAsync(a => a.Id == id));
        return await s.Db.SaveChangesAsync();
    });

    [Theory, OnBothDatabases]
    public async Task Of_couriers_connected_at_the_same_instant_one_is_the_default(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, connected: false);
        var made = await ConnectAsync(Enumerable.Range(1, 6));
        Assert.All(made, m => Assert.True(m.Ok, m.Refusal?.Words));
        Assert.Equal(1, await world.DoAsync(s => s.Db.CourierAccounts.CountAsync(a => a.IsDefault)));

        // One account, sent six times at once, is one.
        made = await ConnectAsync(Enumerable.Repeat(7, 6));
        Assert.Single(made, m => m.Ok);
        Assert.All(made.Where(m => !m.Ok), m => Assert.Equal("courier_connected", m.Refusal!.Code));

        Task<Result<CourierAccount>[]> ConnectAsync(IEnumerable<int> shops) =>
            Task.WhenAll(shops.Select(shop => Task.Run(() => world.DoAsync(s => s.Get<ConnectCourier>().RunAsync(new("test-a", new Dictionary<string, string> { ["token"] = "good", ["shop_id"] = $"{shop}" }, 16), default)))));
    }
}
