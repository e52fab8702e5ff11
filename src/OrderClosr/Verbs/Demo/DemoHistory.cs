using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Cash;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Verbs.Demo;

/// <summary>Weeks before the demo's own: orders that were confirmed, carried, paid or brought back, so that the numbers have something to tell. Made by chance, the same each time.</summary>
/// <remarks>States are moved by the tables; what the courier and the customer did in between is not played.</remarks>
public sealed class DemoHistory(WorkspaceScopes scopes, Places places, TimeProvider time)
{
    /// <summary>Rows are written so many orders at a time.</summary>
    private const int AtOnce = 250;

    private static readonly (int Wilaya, int Often, int Back)[] Where = [(16, 26, 7), (31, 16, 10), (25, 12, 13), (19, 11, 15), (9, 9, 9), (6, 7, 14), (13, 6, 17), (30, 5, 20), (1, 3, 45)];
    private static readonly (string Id, string Title)[] Ads = [("120208881", "Robe d'été, livraison partout"), ("120208882", "Soldes sacs"), ("120208883", "Abaya brodée main")];
    private static readonly string[] Reasons = ["damaged", "voice_note", "price_outside_policy", "complaint", "asked_for_person"];

    /// <summary>Days that end <paramref name="until"/> days ago, with about so many orders on each.</summary>
    /// <param name="firstNumber">The first order's number; those of the shop's own orders must be others.</param>
    public async Task<int> AddAsync(WorkspaceId workspace, int days, int until, int perDay, int firstNumber, CancellationToken stop)
    {
        var chance = new Random(41);
        Shop shop;
        await using (var scope = scopes.Open(workspace))
        {
            var db = scope.Db;
            var (members, here) = (db.Members, workspace);
            shop = new(await db.Products.AsNoTracking().Include(p => p.Variants).OrderBy(p => p.Id).ToListAsync(stop), await db.Channels.AsNoTracking().OrderBy(c => c.Id).ToListAsync(stop), await db.CourierAccounts.AsNoTracking().OrderBy(a => a.Id).ToListAsync(stop),
                await db.DeliveryFees.AsNoTracking().ToDictionaryAsync(f => f.WilayaCode, f => f.Home ?? Dinars.Zero, stop), await members.Where(m => m.WorkspaceId == here).OrderBy(m => m.CreatedAt).Select(m => m.AccountId).FirstAsync(stop));
            if (!await db.NumberSettings.AnyAsync(stop)) await scope.Get<SaveNumberSettings>().RunAsync(new("900", "650", "250", "2", "50"), stop);
        }
        if (shop.Products.Count == 0 || shop.Channels.Count == 0 || shop.Couriers.Count == 0) return 0;
        var today = time.TodayInAlgiers();
        var instants = Enumerable.Range(0, days).SelectMany(n =>
        {
            // A little more each week; Fridays people have time to look.
            var day = today.AddDays(-until - days + n + 1);
            var count = perDay + (day.DayOfWeek == DayOfWeek.Friday ? perDay / 3 : 0) + n * perDay / (4 * days) + chance.Next(-perDay / 6, perDay / 6 + 1);
            return Enumerable.Range(0, count).Select(_ => AlgiersTime.StartOf(day).AddMinutes(chance.Next(8 * 60, 23 * 60)));
        }).Order().ToList();
        var number = firstNumber;
        foreach (var some in instants.Chunk(AtOnce))
        {
            await using var scope = scopes.Open(workspace);
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            await scope.Db.InTransactionAsync(async () =>
            {
                foreach (var at in some) Add(scope.Db, shop, chance, at, number++);
                await scope.Db.SaveChangesAsync(stop);
            }, stop);
        }
        return instants.Count;
    }

    private sealed record Shop(IReadOnlyList<Product> Products, IReadOnlyList<Channel> Channels, IReadOnlyList<CourierAccount> Couriers, IReadOnlyDictionary<int, Dinars> Fees, Guid Owner);

    private void Add(OrderClosrDb db, Shop shop, Random chance, DateTimeOffset at, int number)
    {
        var channel = shop.Channels[chance.Next(shop.Channels.Count)];
        var customer = new Customer { Id = CustomerId.New(at), Name = $"Client {number}", Phones = [$"+21350000{number % 10_000:0000}"], Search = $"client {number} 050000{number % 10_000:0000}", CreatedAt = at };
        var ad = chance.Next(3) == 0 ? Ads[chance.Next(Ads.Length)] : default;
        var talk = new Conversation
        {
            Id = ConversationId.New(at), ChannelId = channel.Id, ChannelKind = channel.Kind, CustomerId = customer.Id, CreatedAt = at, LastMessageAt = at.AddMinutes(9), LastCustomerActionAt = at, LastSeq = 2, AnsweredUpTo = 2, Preview = "Merci, c'est noté.", PreviewAuthor = Author.Agent,
            Referral = ad.Id is null ? null : System.Text.Json.JsonSerializer.Serialize(new Referral { AdId = ad.Id, Title = ad.Title }, Receiving.ExtrasJson),
        };
        db.AddRange(customer, talk, Said(talk, 1, Author.Customer, "Salam, c'est disponible ?", at), Said(talk, 2, Author.Agent, "Merci, c'est noté.", at.AddSeconds(4 + chance.Next(9))));
        Turns(db, talk, chance, at);
        // Not everybody who asks buys.
        if (chance.Next(100) < 45) return;

        var (wilaya, _, back) = Pick(chance.Next(Where.Sum(w => w.Often)));
        var order = new Order { Id = OrderId.New(at), Number = number, CustomerId = customer.Id, ConversationId = talk.Id, Origin = OrderOrigin.Agent, CreatedAt = at.AddMinutes(4), Name = customer.Name, Phone = Phone.Stored(customer.Phones[0]), WilayaCode = wilaya, CommuneCode = places.CommunesOf(wilaya).First().Code, Address = "Cité 100" };
        // The first ones sell best.
        var product = shop.Products[(int)(shop.Products.Count * Math.Pow(chance.NextDouble(), 2))];
        var variant = product.Variants[chance.Next(product.Variants.Count)];
        var price = variant.Price ?? product.Price;
        order.Lines.Add(new OrderLine { Id = Id<OrderLine>.New(at), OrderId = order.Id, ProductId = product.Id, VariantId = variant.Id, Name = product.Name, VariantLabel = variant.Label, Quantity = 1 + chance.Next(5) / 4, ListPrice = price, UnitPrice = price });
        Totals.Apply(order, shop.Fees.GetValueOrDefault(wilaya, new Dinars(600)));
        db.Add(order);
        var byMember = chance.Next(5) == 0;
        Move(db, order, OrderState.ToConfirm, new(ActorKind.Agent, order.CreatedAt.AddMinutes(2)));
        if (chance.Next(100) < 15)
        {
            Move(db, order, OrderState.Cancelled, new(ActorKind.Member, order.CreatedAt.AddHours(5), "changed_mind", shop.Owner));
            return;
        }
        Move(db, order, OrderState.Confirmed, byMember ? new(ActorKind.Member, order.CreatedAt.AddHours(3), AccountId: shop.Owner) : new(ActorKind.Customer, order.CreatedAt.AddMinutes(3)));
        order.ConfirmedVersion = order.DraftVersion;
        Carry(db, order, shop.Couriers[chance.Next(Math.Min(2, shop.Couriers.Count))], chance, isBack: chance.Next(100) < back + (byMember ? 4 : 0));
    }

    private void Carry(OrderClosrDb db, Order order, CourierAccount courier, Random chance, bool isBack)
    {
        var end = AlgiersTime.StartOf(AlgiersTime.DateInAlgiers(order.ConfirmedAt!.Value).AddDays(1 + chance.Next(3) + (isBack ? 3 : 0))).AddHours(10 + chance.Next(8));
        // Couriers do not deliver on Fridays.
        if (AlgiersTime.DateInAlgiers(end).DayOfWeek == DayOfWeek.Friday) end = end.AddDays(1);
        if (end > time.GetUtcNow()) return;
        var parcel = new Parcel
        {
            Id = ParcelId.New(order.ConfirmedAt.Value), OrderId = order.Id, AccountId = courier.Id, Courier = courier.Courier, Reference = ParcelReference.Of(order.Number, order.Id, 1), Sequence = 1, PublicKey = $"{Guid.NewGuid():N}", CreatedAt = order.ConfirmedAt.Value, Tracking = $"DEMO-{order.Number}",
            ToCollect = order.Total, DeliveryFee = order.DeliveryFee, CourierFee = order.DeliveryFee, WilayaCode = order.WilayaCode, CommuneCode = order.CommuneCode,
        };
        db.Add(parcel);
        Step(ParcelState.Requested, ActorKind.System, parcel.CreatedAt);
        Step(ParcelState.Registered, ActorKind.Courier, parcel.CreatedAt.AddMinutes(1));
        Step(ParcelState.OutForDelivery, ActorKind.Courier, end.AddHours(-2));
        var wasTried = chance.Next(100) < 12;
        if (wasTried || isBack) Step(ParcelState.AttemptFailed, ActorKind.Courier, end.AddHours(-1));
        if (isBack)
        {
            Step(ParcelState.Returning, ActorKind.Courier, end.AddMinutes(-30));
            Step(ParcelState.Returned, ActorKind.Courier, end);
            return;
        }
        Step(ParcelState.Delivered, ActorKind.Courier, end);
        if (wasTried)
            db.Add(new Rescue { Id = RescueId.New(end), ParcelId = parcel.Id, OrderId = order.Id, CustomerId = order.CustomerId, ConversationId = order.ConversationId, State = RescueState.Done, StateAt = end, Kind = RescueKind.NoAnswer, Attempts = 1, AtStake = parcel.ToCollect, CreatedAt = end.AddHours(-1), FinishedAt = end, IsSaved = true });
        var paidAt = end.AddDays(3 + chance.Next(4));
        Count(CashState.Collected, ActorKind.System, end);
        db.Add(new ParcelCash { Id = Id<ParcelCash>.New(end), ParcelId = parcel.Id, AccountId = courier.Id, DueAt = end, Received = paidAt < time.GetUtcNow() ? parcel.ToCollect : Dinars.Zero });
        if (paidAt < time.GetUtcNow()) Count(CashState.Paid, ActorKind.Member, paidAt);

        void Step(ParcelState to, ActorKind actor, DateTimeOffset at)
        {
            var from = parcel.State;
            if (ParcelTransitions.Move(parcel, to, actor, at) is { } refusal) throw new InvalidOperationException($"The demo's own parcel is refused: {refusal.Words}");
            db.Add(new ParcelEvent { Id = Id<ParcelEvent>.New(at), ParcelId = parcel.Id, Key = $"demo-{to}", At = at, HeardAt = at, Actor = actor, From = from, State = to, Movement = Movement.None, Effect = EventEffect.Moved });
        }

        void Count(CashState to, ActorKind actor, DateTimeOffset at)
        {
            var from = parcel.CashState;
            if (CashTransitions.Move(parcel, to, actor, null, takesBack: false) is { } refusal) throw new InvalidOperationException($"The demo's own money is refused: {refusal.Words}");
            db.Add(new CashMove { Id = Id<CashMove>.New(at), ParcelId = parcel.Id, From = from, To = to, Actor = actor, At = at });
        }
    }

    private static void Move(OrderClosrDb db, Order order, OrderState to, Cause cause)
    {
        var moved = OrderTransitions.Move(order, to, cause);
        if (!moved.Ok) throw new InvalidOperationException($"The demo's own order is refused: {moved.Refusal.Words}");
        db.Add(moved.Value);
    }

    private static void Turns(OrderClosrDb db, Conversation talk, Random chance, DateTimeOffset at)
    {
        var handsOver = chance.Next(11) == 0;
        for (var n = 0; n < 3; n++)
            db.Add(new TurnRecord
            {
                Id = Id<TurnRecord>.New(at), ConversationId = talk.Id, AnsweredUpTo = n + 1, StartedAt = at.AddMinutes(n), EndedAt = at.AddMinutes(n).AddSeconds(5), Outcome = handsOver && n == 2 ? TurnOutcome.HandedOver : TurnOutcome.Replied, Reason = handsOver && n == 2 ? Reasons[chance.Next(Reasons.Length)] : null,
                Model = "demo", Steps = 1, InputTokens = 3200, CacheReadTokens = 2900, CacheWriteTokens = 0, OutputTokens = 90, CostMicroDollars = 1500 + chance.Next(3000), Why = "{}",
            });
    }

    private static Message Said(Conversation talk, int seq, Author author, string text, DateTimeOffset at) => new()
    {
        Id = MessageId.New(at), ConversationId = talk.Id, ChannelId = talk.ChannelId, Seq = seq, ChannelMessageId = $"past.{talk.Id}.{seq}", Direction = author == Author.Customer ? Direction.In : Direction.Out, Author = author, Kind = MessageKind.Text, Text = text,
        Status = author == Author.Customer ? MessageStatus.Stored : MessageStatus.Read, At = at, StoredAt = at,
    };

    private static (int Wilaya, int Often, int Back) Pick(int n)
    {
        foreach (var where in Where)
            if ((n -= where.Often) < 0) return where;
        return Where[0];
    }
}
