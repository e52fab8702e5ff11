using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>What a member wants exchanged.</summary>
/// <param name="Back">Pieces of each line of the delivered order that come back.</param>
/// <param name="Out">What goes out instead.</param>
/// <param name="Seen">How many exchanges of the order the member saw: the same form sent twice makes one.</param>
public sealed record ExchangeWish(IReadOnlyDictionary<Id<OrderLine>, int> Back, IReadOnlyList<DraftItem> Out, string? Reason, string? Note, bool ShopPaysDelivery, CourierAccountId? Courier, int Seen);

/// <summary>Makes an exchange from a delivered parcel: a confirmed order of its own, less what comes back, and never below nothing.</summary>
public sealed class MakeExchange(OrderClosrDb db, Drafts drafts, ConfirmOrder confirm, Moving moving, TimeProvider time)
{
    /// <summary>Codes of reasons.</summary>
    public static readonly IReadOnlyList<string> Reasons = ["size", "disliked", "faulty", "wrong_item"];

    /// <summary>The new order as it would be; nothing is saved.</summary>
    public async Task<Result<Order>> TryAsync(ParcelId id, ExchangeWish wish, CancellationToken stop)
    {
        var parcel = await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop);
        if (parcel is null || await db.Orders.AsNoTracking().Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == parcel.OrderId, stop) is not { } order) return Refusal.NotFound("parcel");
        return await DraftAsync(parcel, order, await db.ExchangesOfAsync(order.Id, stop), wish, time.GetUtcNow(), stop);
    }

    /// <returns>Refused: <c>not_found, not_delivered, stale_version, nothing_back, pieces_wrong, nothing_out, reason_missing, out_of_stock</c>, or what a new order is refused for.</returns>
    public Task<Result<Exchange>> RunAsync(ParcelId id, ExchangeWish wish, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Exchange>>(async () =>
    {
        if (await db.Parcels.AsNoTracking().Where(p => p.Id == id).Select(p => (OrderId?)p.OrderId).SingleOrDefaultAsync(stop) is not { } of) return Refusal.NotFound("parcel");
        var order = await db.LockedOrderAsync(of, stop);
        if (order is null || await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        var earlier = await db.ExchangesOfAsync(of, stop);
        if (earlier.Count != wish.Seen) return new Refusal("stale_version", "Somebody exchanged goods of it meanwhile: look again.", Kind: RefusalKind.Conflict);
        if (wish.Reason is null || !Reasons.Contains(wish.Reason)) return new Refusal("reason_missing", "Say why.", "reason");
        if (wish.Courier is { } courier && !await db.CourierAccounts.AnyAsync(a => a.Id == courier && a.State != CourierState.Disconnected, stop)) return new Refusal("courier_unknown", "There is no such courier.", "courier");
        var drafted = await DraftAsync(parcel, order, earlier, wish, cause.At, stop);
        if (!drafted.Ok) return drafted.Refusal;
        var draft = drafted.Value;
        var exchange = new Exchange
        {
            Id = Id<Exchange>.New(cause.At), ParcelId = id, OrderId = of, NewOrderId = draft.Id, Reason = wish.Reason, Note = Cut(wish.Note), Courier = wish.Courier, MadeAt = cause.At, MadeBy = cause.AccountId ?? default,
            Lines = [.. order.Lines.OrderBy(l => l.Id).Where(l => wish.Back.GetValueOrDefault(l.Id) > 0).Select(l => new ExchangedLine(l.Id, l.VariantId, l.FullName, wish.Back[l.Id]))],
        };
        db.AddRange(draft, exchange);
        await db.SaveChangesAsync(stop);
        var confirmed = await confirm.RunAsync(draft.Id, null, cause with { Reason = null }, stop);
        if (!confirmed.Ok)
        {
            // Somebody took the last piece a moment ago: nothing of it stays.
            db.Remove(exchange);
            db.Remove(await db.Orders.Include(o => o.Lines).SingleAsync(o => o.Id == draft.Id, stop));
            await db.SaveChangesAsync(stop);
            return confirmed.Refusal;
        }
        moving.Note(parcel, cause with { Reason = "exchange" });
        await db.SaveChangesAsync(stop);
        db.Tell("order", of);
        db.Tell("parcel", id);
        return exchange;
    }, stop);

    /// <summary>The rest of the money is with the customer.</summary>
    public Task<Result<Exchange>> GiveBackAsync(Id<Exchange> id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Exchange>>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "exchanges", id.Value, stop);
        if (await db.Exchanges.SingleOrDefaultAsync(e => e.Id == id, stop) is not { } exchange) return Refusal.NotFound("exchange");
        if (exchange.GivenBackAt is not null) return exchange;
        if (!await db.Orders.AnyAsync(o => o.Id == exchange.NewOrderId && o.State != OrderState.Cancelled && o.GiveBack > Dinars.Zero, stop)) return new Refusal("nothing_to_give", "No money has to be given back.", Kind: RefusalKind.Conflict);
        (exchange.GivenBackAt, exchange.GivenBackBy) = (cause.At, cause.AccountId);
        await db.SaveChangesAsync(stop);
        db.Tell("order", exchange.OrderId);
        db.Tell("order", exchange.NewOrderId);
        return exchange;
    }, stop);

    private async Task<Result<Order>> DraftAsync(Parcel parcel, Order order, IReadOnlyList<Exchange> earlier, ExchangeWish wish, DateTimeOffset now, CancellationToken stop)
    {
        if (parcel.State != ParcelState.Delivered) return new Refusal("not_delivered", "Only what was delivered is exchanged.", Kind: RefusalKind.Conflict);
        var taken = ExchangedPieces.Taken(earlier);
        if (wish.Back.Any(b => b.Value < 0 || order.Lines.Find(l => l.Id == b.Key) is not { } line || b.Value > line.Quantity - taken.GetValueOrDefault(b.Key))) return ExchangedPieces.Wrong;
        if (wish.Back.Values.All(n => n == 0)) return new Refusal("nothing_back", "Say what comes back.", "pieces");
        if (wish.Out.Count == 0) return new Refusal("nothing_out", "Choose what goes out instead.", "variant");
        var draft = new Order
        {
            Id = OrderId.New(now), CustomerId = order.CustomerId, ConversationId = order.ConversationId, Origin = OrderOrigin.Member, CreatedAt = now, ExchangeOf = order.Id,
            Name = order.Name, Phone = order.Phone, SecondPhone = order.SecondPhone, WilayaCode = order.WilayaCode, CommuneCode = order.CommuneCode, Address = order.Address, Delivery = order.Delivery, DeskId = order.DeskId,
            Credit = Totals.Worth(order.Lines, wish.Back), ShopPaysDelivery = wish.ShopPaysDelivery,
        };
        var applied = await drafts.ApplyAsync(draft, new() { Items = wish.Out, IgnoresFloor = true }, stop);
        if (!applied.Ok) return applied.Refusal;
        return applied.Value.Missing is { Count: > 0 } missing ? new Refusal("field_missing", "The order needs this field.", missing[0], missing) : draft;
    }

    private static string Cut(string? text) => PlainText.Line(text) is { Length: > 300 } line ? line[..300] : PlainText.Line(text);
}
