using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>A parcel came back and somebody looked into it: what is good goes back into stock, the rest is damaged.</summary>
public sealed class TakeBack(OrderClosrDb db, Moving moving, Stock stock)
{
    /// <summary>Confirms the return, once. Refused: <c>already_taken_back, pieces_wrong</c>, or a move the table does not have.</summary>
    /// <param name="good">Pieces of each line that can be sold again; a line that is not named is damaged whole.</param>
    public Task<Result<Parcel>> RunAsync(ParcelId id, IReadOnlyDictionary<Id<OrderLine>, int> good, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.Parcels.AsNoTracking().Where(p => p.Id == id).Select(p => (OrderId?)p.OrderId).SingleOrDefaultAsync(stop) is not { } of) return Refusal.NotFound("parcel");
        var order = await db.LockedOrderAsync(of, stop);
        if (order is null || await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.TakenBackAt is not null) return new Refusal("already_taken_back", "It was taken back already.", "code", Kind: RefusalKind.Conflict);
        // What was exchanged came back by itself, with the exchange's parcel.
        var taken = ExchangedPieces.Taken(await db.ExchangesOfAsync(of, stop));
        if (order.Lines.Any(l => good.GetValueOrDefault(l.Id) < 0 || good.GetValueOrDefault(l.Id) > l.Quantity - taken.GetValueOrDefault(l.Id))) return ExchangedPieces.Wrong;
        // The goods in somebody's hands are the reason, whatever the courier says.
        if (parcel.State != ParcelState.Returned && await moving.MoveAsync(parcel, ParcelState.Returned, cause with { Reason = parcel.State == ParcelState.Returning ? null : "taken_back" }, stop) is { } no) return no;
        if (order.HasStock)
        {
            await stock.GiveBackAsync([.. order.Lines.Where(l => good.GetValueOrDefault(l.Id) > 0).OrderBy(l => l.VariantId).Select(l => new Pieces(l.VariantId, good[l.Id]))], stop);
            // Nothing of it can be given back a second time by cancelling the order.
            order.HasStock = false;
        }
        parcel.TakenBackAt = cause.At;
        parcel.DamagedPieces = order.Lines.Select(l => l.Quantity - taken.GetValueOrDefault(l.Id) - good.GetValueOrDefault(l.Id)).Sum();
        moving.Note(parcel, cause with { Reason = parcel.DamagedPieces == 0 ? "stock" : "damaged" });
        await db.SaveChangesAsync(stop);
        db.Tell("parcel", id);
        db.Tell("order", parcel.OrderId);
        return parcel;
    }, stop);
}
