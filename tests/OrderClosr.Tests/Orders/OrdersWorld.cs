using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Customers;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Orders;

/// <summary>One shop with a customer, and the steps of an order in one line each.</summary>
internal sealed class OrdersWorld(TestApp app, Shop shop) : IAsyncDisposable
{
    internal TestApp App => app;
    internal Shop Shop => shop;

    internal static async Task<OrdersWorld> StartAsync(Database database, TestAppOptions? options = null)
    {
        var app = await TestApp.StartAsync(database, options ?? new() { Started = false });
        return new(app, await app.NewShopAsync());
    }

    internal WorkspaceScope Open() => app.In(shop.Id);

    internal DateTimeOffset Now => app.Get<TimeProvider>().GetUtcNow();

    internal Cause By(ActorKind actor, string? reason = null, DateTimeOffset? until = null) => new(actor, Now, reason, Until: until);

    internal static DraftChange Complete(string phone = "0500000012", int quantity = 1, string product = "Robe d'été", string variant = "M Noir") => new()
    {
        Items = [new(product, variant, quantity)], Name = "Amina Belkacem", Phone = phone, Wilaya = "Oran", Commune = "Bir El Djir", Address = "Cité 1600, bât. 12",
    };

    internal async Task<CustomerId> CustomerAsync()
    {
        await using var scope = Open();
        var customer = new Customer { Id = CustomerId.New(Now), Name = "Amina", CreatedAt = Now };
        scope.Db.Add(customer);
        await scope.Db.SaveChangesAsync();
        return customer.Id;
    }

    /// <summary>A stored draft with this content.</summary>
    internal async Task<OrderId> DraftAsync(DraftChange? change = null, CustomerId? customer = null, ConversationId conversation = default)
    {
        var who = customer ?? await CustomerAsync();
        await using var scope = Open();
        var drafts = scope.Get<Drafts>();
        var draft = drafts.New(who, conversation, OrderOrigin.Agent);
        var applied = await drafts.ApplyAsync(draft, change ?? Complete(), default);
        Assert.True(applied.Ok, applied.Refusal?.Words);
        scope.Db.Add(draft);
        await scope.Db.SaveChangesAsync();
        return draft.Id;
    }

    internal async Task<Result<Order>> ConfirmAsync(OrderId id, int? version = null, ActorKind actor = ActorKind.Member)
    {
        await using var scope = Open();
        return await scope.Get<ConfirmOrder>().RunAsync(id, version, By(actor), default);
    }

    internal async Task<Order> OrderAsync(DraftChange? change = null)
    {
        var confirmed = await ConfirmAsync(await DraftAsync(change));
        Assert.True(confirmed.Ok, confirmed.Refusal?.Words);
        return confirmed.Value;
    }

    internal async Task<Result<Order>> CancelAsync(OrderId id, string? reason = "changed_mind")
    {
        await using var scope = Open();
        return await scope.Get<CancelOrder>().RunAsync(id, By(ActorKind.Member, reason), default);
    }

    internal async Task<Order> ReadAsync(OrderId id)
    {
        await using var scope = Open();
        return await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == id);
    }

    internal async Task<List<OrderMove>> MovesAsync(OrderId id)
    {
        await using var scope = Open();
        return await scope.Db.OrderMoves.AsNoTracking().Where(m => m.OrderId == id).OrderBy(m => m.At).ThenBy(m => m.Id).ToListAsync();
    }

    internal async Task<int?> StockAsync(string sku)
    {
        await using var scope = Open();
        return await scope.Db.Variants.AsNoTracking().Where(v => v.Sku == sku).Select(v => v.Stock).SingleAsync();
    }

    internal async Task ChangeSettingsAsync(Action<OrderSettings> change)
    {
        await using var scope = Open();
        var settings = new OrderSettings { Id = Id<OrderSettings>.New(Now) };
        change(settings);
        scope.Db.Add(settings);
        await scope.Db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
