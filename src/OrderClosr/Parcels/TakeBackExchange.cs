using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>The goods a customer gave back in an exchange are in somebody's hands: what is good goes back into stock, the rest is damaged.</summary>
public sealed class TakeBackExchange(OrderClosrDb db, Moving moving, Stock stock)
{
    /// <summary>Once. Refused: <c>already_taken_back, pieces_wrong, exchange_off</c>.</summary>
    /// <param name="good">Pieces of each line that can be sold again; a line that is not named is damaged whole.</param>
    public Task<Result<Exchange>> RunAsync(Id<Exchange> id, IReadOnlyDictionary<Id<OrderLine>, int> good, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Exchange>>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "exchanges", id.Value, stop);
        if (await db.Exchanges.SingleOrDefaultAsync(e => e.Id == id, stop) is not { } exchange) return Refusal.NotFound("exchange");
        if (exchange.TakenBackAt is not null) return new Refusal("already_taken_back", "It was taken back already.", "code", Kind: RefusalKind.Conflict);
        if (!await db.Orders.AnyAsync(o => o.Id == exchange.NewOrderId && o.State != OrderState.Cancelled, stop)) return new Refusal("exchange_off", "This exchange was cancelled.", Kind: RefusalKind.Conflict);
        if (good.Any(g => g.Value < 0 || exchange.Lines.Find(l => l.Line == g.Key) is not { } line || g.Value > line.Quantity)) return ExchangedPieces.Wrong;
        await stock.GiveBackAsync(exchange.Lines.Where(l => good.GetValueOrDefault(l.Line) > 0).Select(l => new Pieces(l.Variant, good[l.Line])), stop);
        exchange.TakenBackAt = cause.At;
        exchange.DamagedPieces = exchange.Lines.Sum(l => l.Quantity - good.GetValueOrDefault(l.Line));
        // The story of the parcel they came with and of the one that brought them.
        var parcels = await db.Parcels.Where(p => p.Id == exchange.ParcelId || p.OrderId == exchange.NewOrderId).ToListAsync(stop);
        foreach (var parcel in parcels.Where(p => p.Id == exchange.ParcelId || p.Sequence == parcels.Where(q => q.OrderId == exchange.NewOrderId).Max(q => q.Sequence)))
        {
            moving.Note(parcel, cause with { Reason = exchange.DamagedPieces == 0 ? "exchange_stock" : "exchange_damaged" });
            db.Tell("parcel", parcel.Id);
        }
        await db.SaveChangesAsync(stop);
        db.Tell("order", exchange.OrderId);
        db.Tell("order", exchange.NewOrderId);
        return exchange;
    }, stop);
}
