using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Cash;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>Goods of a delivered order for others, used as a browser without scripts does.</summary>
public sealed class ExchangeTests
{
    [Theory, OnBothDatabases]
    public async Task A_delivered_size_is_exchanged_for_another_and_the_old_one_comes_back_into_stock_once(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        world.Courier.Abilities = world.Courier.Abilities with { Exchange = ExchangeWay.Flag };
        var order = await world.OrderAsync(o => o with { Items = [new("Robe d'été", "M Noir", 2)] });
        var old = await BookedAsync(world, order.Id);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (shop, line) = ($"/w/{world.Shop.Slug}", order.Lines[0].Id);
        var page = $"{shop}/parcels/{old.Id}/exchange";
        var wish = new Dictionary<string, string> { [$"back.{line}"] = "1", ["variant"] = $"{world.Shop.Variants["ROBE-L-NOIR"]}", ["quantity"] = "1", ["unit_price"] = "", ["reason"] = "size", ["note"] = "trop petite", ["seen"] = "0" };

        // What is on its way is not exchanged yet.
        Assert.Equal(HttpStatusCode.Conflict, (await member.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(page, new(wish), shop + "/orders/new")).StatusCode);
        await DeliveredAsync(world, old);
        Assert.Contains($"parcels/{old.Id}/exchange", await member.ReadAsync($"{shop}/orders/{order.Id}"));

        // The sum is the server's: 3500 for 3500 leaves the delivery alone.
        var sum = WebUtility.HtmlDecode(await (await member.SubmitAsync($"{page}/preview", new(wish), page)).Content.ReadAsStringAsync());
        Assert.Contains("Articles rendus", sum);
        Assert.Matches(@"À encaisser(?s:.)*600", sum);
        foreach (var (field, wrong) in ((string, string)[])[($"back.{line}", "3"), ($"back.{line}", "-1"), ($"back.{line}", "0"), ("variant", ""), ("reason", ""), ("quantity", "9")])
            Assert.True((int)(await member.SubmitAsync(page, new(wish) { [field] = wrong })).StatusCode is 422 or 409, field);
        await using (var scope = world.Open()) Assert.Equal((1, 0), (await scope.Db.Orders.CountAsync(), await scope.Db.Exchanges.CountAsync()));

        var (m, l) = (await LeftAsync(world, "ROBE-M-NOIR"), await LeftAsync(world, "ROBE-L-NOIR"));
        var made = await member.SubmitAsync(page, new(wish));
        Assert.Equal(HttpStatusCode.Found, made.StatusCode);
        // Pressed twice: one exchange.
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(page, new(wish))).StatusCode);
        var exchange = await world.DoAsync(s => s.Db.Exchanges.AsNoTracking().SingleAsync());
        var fresh = await OrderAsync(world, exchange.NewOrderId);
        Assert.Equal((OrderState.Confirmed, order.Id, 3500, 3500, 600, 600, 0, (OrderId?)null), (fresh.State, fresh.ExchangeOf, fresh.Goods.Amount, fresh.Discount.Amount, fresh.DeliveryFee.Amount, fresh.Total.Amount, fresh.GiveBack.Amount, fresh.DuplicateOf));
        Assert.Equal((order.Phone, order.CommuneCode, order.CustomerId), (fresh.Phone, fresh.CommuneCode, fresh.CustomerId));
        Assert.Equal((m, l - 1), (await LeftAsync(world, "ROBE-M-NOIR"), await LeftAsync(world, "ROBE-L-NOIR")));
        var told = await member.ReadAsync(made.Headers.Location!.ToString());
        Assert.Contains("échange annoncé au livreur", await Until(world, async () => await member.ReadAsync(made.Headers.Location!.ToString()), "échange annoncé"));
        Assert.Contains($"orders/{order.Id}", told);

        // The courier has it as an exchange, with the goods to bring back and the difference alone.
        var parcel = await BookedAsync(world, fresh.Id);
        var book = world.Courier.All.Single(p => p.Tracking == parcel.Tracking).Book;
        Assert.Equal((true, "Robe d'été, M / Noir x1", 600), (book.IsExchange, book.ToTakeBack, book.ToCollect.Amount));
        // A change of the order keeps what the old goods pay.
        await using (var scope = world.Open())
        {
            var changed = await scope.Get<ChangeOrder>().RunAsync(fresh.Id, new() { Address = "Cité neuve" }, null, world.By(ActorKind.Member), default);
            Assert.Equal(600, (await scope.Db.Orders.AsNoTracking().SingleAsync(o => o.Id == fresh.Id)).Total.Amount);
            Assert.True(changed.Ok, changed.Refusal?.Words);
        }

        await DeliveredAsync(world, parcel);
        Assert.Equal(CashState.Collected, (await world.ParcelAsync(fresh.Id)).CashState);
        var returns = await member.ReadAsync($"{shop}/parcels/returns");
        Assert.Contains("À recevoir : 1", returns);
        var scanned = await member.ReadAsync($"{shop}/parcels/returns?code={parcel.Tracking}");
        Assert.Contains($"parcels/exchanges/{exchange.Id}/taken-back", scanned);
        var back = $"{shop}/parcels/exchanges/{exchange.Id}/taken-back";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(back, new() { [$"good.{line}"] = "2" }, $"{shop}/parcels/returns?code={parcel.Tracking}")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(back, new() { [$"good.{line}"] = "1", ["code"] = parcel.Reference }, $"{shop}/parcels/returns?code={parcel.Tracking}")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(back, new() { [$"good.{line}"] = "1" }, $"{shop}/orders/new")).StatusCode);
        Assert.Equal(m + 1, await LeftAsync(world, "ROBE-M-NOIR"));
        Assert.Equal((ParcelState.Delivered, null), ((await world.ParcelAsync(fresh.Id)).State, (await world.ParcelAsync(fresh.Id)).TakenBackAt));
        Assert.DoesNotContain("À recevoir : 1", await member.ReadAsync($"{shop}/parcels/returns"));
        Assert.Contains("Articles rendus remis en stock", await member.ReadAsync($"{shop}/parcels/{old.Id}"));

        // The other piece of the first parcel comes back after all: only that one can.
        await DoAsync(world, old, ParcelState.Returned);
        var rest = $"{shop}/parcels/{old.Id}/taken-back";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync(rest, new() { [$"good.{line}"] = "2" }, $"{shop}/orders/new")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(rest, new() { [$"good.{line}"] = "1" }, $"{shop}/orders/new")).StatusCode);
        Assert.Equal((m + 2, 0), (await LeftAsync(world, "ROBE-M-NOIR"), (await world.ParcelAsync(order.Id)).DamagedPieces));
    }

    [Theory, OnBothDatabases]
    public async Task Less_worth_than_what_comes_back_collects_nothing_and_a_person_gives_the_rest_back(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: true);
        var order = await world.OrderAsync(o => o with { Items = [new("Robe d'été", "M Noir", 1)] });
        var old = await BookedAsync(world, order.Id);
        await DeliveredAsync(world, old);
        using var member = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var (shop, line) = ($"/w/{world.Shop.Slug}", order.Lines[0].Id);
        var page = $"{shop}/parcels/{old.Id}/exchange";
        var made = await member.SubmitAsync(page, new() { [$"back.{line}"] = "1", ["variant"] = $"{world.Shop.Variants["HIJAB-BEIGE"]}", ["quantity"] = "1", ["unit_price"] = "", ["reason"] = "disliked", ["shop_pays"] = "true", ["seen"] = "0" });
        Assert.Equal(HttpStatusCode.Found, made.StatusCode);
        var exchange = await world.DoAsync(s => s.Db.Exchanges.AsNoTracking().SingleAsync());
        var fresh = await OrderAsync(world, exchange.NewOrderId);
        Assert.Equal((1200, 1200, 0, 0, 2300), (fresh.Goods.Amount, fresh.Discount.Amount, fresh.DeliveryFee.Amount, fresh.Total.Amount, fresh.GiveBack.Amount));
        Assert.Contains("À rendre au client", await member.ReadAsync($"{shop}/orders/{fresh.Id}"));

        // This courier has no field for it: the driver reads it, and a person is told to say so, too.
        var parcel = await BookedAsync(world, fresh.Id);
        Assert.Contains("prévenez aussi le livreur", await member.ReadAsync($"{shop}/parcels/{parcel.Id}"));
        // Nothing was collected: nothing is owed and nothing becomes late.
        await DeliveredAsync(world, parcel);
        await using (var scope = world.Open()) await scope.Get<Overdue>().RunAsync(world.Clock.GetUtcNow().AddDays(60), default);
        Assert.Equal(CashState.NotDue, (await world.ParcelAsync(fresh.Id)).CashState);

        var give = $"{shop}/parcels/exchanges/{exchange.Id}/given-back";
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(give, [], $"{shop}/orders/{fresh.Id}")).StatusCode);
        var given = (await world.DoAsync(s => s.Db.Exchanges.AsNoTracking().SingleAsync())).GivenBackAt;
        Assert.NotNull(given);
        Assert.DoesNotContain("C'est rendu", await member.ReadAsync($"{shop}/orders/{fresh.Id}"));
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"{shop}/parcels/exchanges/{Id<Exchange>.New(world.Clock.GetUtcNow())}/given-back", [], $"{shop}/orders/{fresh.Id}")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task An_exchange_whose_order_is_cancelled_leaves_the_goods_with_the_customer_and_free_for_another(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database, isStarted: false);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var order = await world.OrderAsync(o => o with { Items = [new("Robe d'été", "M Noir", 1)] });
        Assert.True((await world.ShipAsync(order.Id)).Ok);
        await world.RunAsync();
        await DeliveredAsync(world, await world.ParcelAsync(order.Id));
        var wish = new ExchangeWish(new Dictionary<Id<OrderLine>, int> { [order.Lines[0].Id] = 1 }, [new(null, null, 1, VariantId: world.Shop.Variants["ROBE-L-NOIR"])], "faulty", null, false, null, 0);
        var old = (await world.ParcelAsync(order.Id)).Id;
        var made = await world.DoAsync(s => s.Get<MakeExchange>().RunAsync(old, wish, world.By(ActorKind.Member), default));
        Assert.True(made.Ok, made.Refusal?.Words);
        Assert.Equal("stale_version", (await world.DoAsync(s => s.Get<MakeExchange>().RunAsync(old, wish, world.By(ActorKind.Member), default))).Refusal?.Code);
        Assert.Equal("pieces_wrong", (await world.DoAsync(s => s.Get<MakeExchange>().RunAsync(old, wish with { Seen = 1 }, world.By(ActorKind.Member), default))).Refusal?.Code);
        Assert.True((await world.CancelOrderAsync(made.Value.NewOrderId)).Ok);
        Assert.Equal("exchange_off", (await world.DoAsync(s => s.Get<TakeBackExchange>().RunAsync(made.Value.Id, new Dictionary<Id<OrderLine>, int>(), world.By(ActorKind.Member), default))).Refusal?.Code);
        Assert.True((await world.DoAsync(s => s.Get<MakeExchange>().RunAsync(old, wish, world.By(ActorKind.Member), default))).Ok);

        // The last piece went a moment ago: nothing of the exchange stays.
        await using var scope = world.Open();
        await scope.Db.InTransactionAsync(() => scope.Db.Set<Variant>().Where(v => v.Sku == "ROBE-L-NOIR").ExecuteUpdateAsync(set => set.SetProperty(v => v.Stock, 0)), default);
        var before = await scope.Db.Orders.CountAsync();
        var again = await world.OrderAsync();
        Assert.True((await world.ShipAsync(again.Id)).Ok);
        await world.RunAsync();
        await DeliveredAsync(world, await world.ParcelAsync(again.Id));
        var none = await scope.Get<MakeExchange>().RunAsync((await world.ParcelAsync(again.Id)).Id, wish with { Back = new Dictionary<Id<OrderLine>, int> { [again.Lines[0].Id] = 1 } }, world.By(ActorKind.Member), default);
        Assert.Equal(("out_of_stock", before + 1), (none.Refusal?.Code, await scope.Db.Orders.CountAsync()));
    }

    private static Task DeliveredAsync(ParcelsWorld world, Parcel parcel) => DoAsync(world, parcel, ParcelState.Delivered);

    private static async Task DoAsync(ParcelsWorld world, Parcel parcel, ParcelState to)
    {
        var moved = await world.DoAsync(s => s.Get<Moving>().MoveAsync(parcel.Id, to, world.By(ActorKind.Member, "seen"), default));
        Assert.True(moved.Ok, moved.Refusal?.Words);
    }

    private static async Task<Parcel> BookedAsync(ParcelsWorld world, OrderId order)
    {
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order)).Tracking is not null);
        return await world.ParcelAsync(order);
    }

    private static async Task<string> Until(ParcelsWorld world, Func<Task<string>> read, string words)
    {
        var page = "";
        await world.ComesTrueAsync(async () => (page = await read()).Contains(words, StringComparison.Ordinal));
        return page;
    }

    private static Task<Order> OrderAsync(ParcelsWorld world, OrderId id) => world.DoAsync(s => s.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == id));

    private static Task<int?> LeftAsync(ParcelsWorld world, string sku) => world.DoAsync(s => s.Db.Set<Variant>().Where(v => v.Id == world.Shop.Variants[sku]).Select(v => v.Stock).SingleAsync());
}
