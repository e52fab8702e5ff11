using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Ground.Crashes;

namespace OrderClosr.Tests.Ground;

/// <summary>Customers who buy one after the other in several shops and on all channels, while the app under them comes and goes.</summary>
internal sealed class Buyers(RoadWorld world, IReadOnlyList<Shop> shops)
{
    private static readonly Wish[] Wishes =
    [
        new("slm nheb robe M noir, smiti amine, {0}, bab ezzouar alger", "ROBE-M-NOIR", "1 × Robe d'été, M / Noir", "Bab Ezzouar", 3500, 400),
        new("je veux une robe M noire, Amine Kaci, {0}, Bab Ezzouar Alger", "ROBE-M-NOIR", "1 × Robe d'été, M / Noir", "Bab Ezzouar", 3500, 400),
        new("slm nheb robe L noir, smiti karim, {0}, bir el djir wahran", "ROBE-L-NOIR", "1 × Robe d'été, L / Noir", "Bir El Djir", 3500, 600),
    ];

    private readonly ConcurrentBag<Purchase> _purchases = [];
    private int _next;
    private volatile bool _isEnough;

    /// <summary>How many have begun.</summary>
    internal int Count => _purchases.Count;

    /// <summary>So many at once; each who has bought makes room for the next, until it is enough.</summary>
    internal Task BuyAsync(int atOnce) => Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
    {
        do await BuyOnceAsync();
        while (!_isEnough);
    })));

    /// <summary>Who is in the middle may finish.</summary>
    internal void IsEnough() => _isEnough = true;

    private async Task BuyOnceAsync()
    {
        var n = Interlocked.Increment(ref _next);
        var purchase = new Purchase(world.Customer((ChannelKind)(n % 3), shops[n % shops.Count]), Wishes[n % Wishes.Length], $"050000{2000 + n:0000}");
        _purchases.Add(purchase);
        foreach (var text in (string[])[string.Format(System.Globalization.CultureInfo.InvariantCulture, purchase.Wish.Text, purchase.Phone), "oui"])
        {
            purchase.Said.Add(await purchase.Customer.SayAsync(text));
            if ((await purchase.Customer.HearAsync(Patience)).Length == 0) Assert.Fail($"silence after \"{text}\": {await purchase.Customer.StandAsync()}");
        }
    }

    /// <summary>Every message stored once, every conversation answered, one order each with the right total, goods taken once, and a reply twice only where its outcome was unknown, which the thread says.</summary>
    internal async Task NothingIsLostAndNothingTwiceAsync()
    {
        await Eventually.HoldsAsync(async () =>
        {
            await using var none = world.App.Get<WorkspaceScopes>().OpenNone();
            return await none.Db.InboundEvents.AllAsync(e => e.State == EventState.Read && e.Body == null);
        }, Patience);
        foreach (var shop in shops)
        {
            var purchases = _purchases.Where(p => p.Customer.Shop == shop).ToList();
            await using var scope = world.App.In(shop.Id);
            var db = scope.Db;
            var stored = await db.Messages.Where(m => m.Direction == Direction.In).Select(m => m.ChannelMessageId!).ToListAsync();
            Assert.Equal(purchases.SelectMany(p => p.Said).Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
            Assert.Equal(purchases.Count, await db.Conversations.CountAsync(c => c.FirstUnansweredAt == null && c.DueAt == null && c.HeldBy == HeldBy.Agent));
            Assert.Equal(purchases.Count, await db.Orders.CountAsync());
            var left = await db.Set<Variant>().ToDictionaryAsync(v => v.Sku, v => v.Stock);
            foreach (var sku in Wishes.Select(w => w.Sku).Distinct()) Assert.Equal(5000 - purchases.Count(p => p.Wish.Sku == sku), left[sku]);
            await world.NothingIsLeftAsync(shop);
        }
        foreach (var purchase in _purchases)
        {
            var wish = purchase.Wish;
            await purchase.Customer.BoughtAsync(wish.Lines, wish.Commune, $"+213{purchase.Phone[1..]}", wish.Goods, 0, wish.Fee);
            await using var scope = world.App.In(purchase.Customer.Shop.Id);
            var conversation = (await purchase.Customer.ConversationAsync())!.Id;
            var written = await scope.Db.Messages.AsNoTracking().Where(m => m.ConversationId == conversation && m.Direction == Direction.Out).ToListAsync();
            var heard = await purchase.Customer.ShopWroteAsync();
            foreach (var same in written.GroupBy(m => m.Text))
            {
                var copies = heard.Count(text => text == same.Key);
                Assert.True(copies >= same.Count() && copies <= same.Count() + same.Count(m => m.MayBeRepeated), $"{copies} copies of \"{same.Key}\":\n{await purchase.Customer.StandAsync()}");
            }
            Assert.Equal(written.Select(m => m.Text).Distinct().Order(StringComparer.Ordinal), heard.Distinct().Order(StringComparer.Ordinal));
        }
    }

    /// <summary>What a customer writes first, and what they must get.</summary>
    private sealed record Wish(string Text, string Sku, string Lines, string Commune, long Goods, long Fee);

    /// <summary>One customer's way to an order, with the ids of what they wrote.</summary>
    private sealed record Purchase(RoadCustomer Customer, Wish Wish, string Phone)
    {
        internal List<string> Said { get; } = [];
    }
}
