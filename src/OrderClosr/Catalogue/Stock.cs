using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Pieces of a variant that an order takes or gives back.</summary>
public readonly record struct Pieces(VariantId Variant, int Quantity);

/// <summary>Takes pieces from stock when an order is confirmed and gives them back when it is cancelled, in the order's own transaction.</summary>
/// <remarks>Rows are locked in one order, so two orders for the last piece follow each other and the second is refused. A null stock is not counted.</remarks>
public sealed class Stock(OrderClosrDb db)
{
    /// <summary>Takes all or nothing.</summary>
    /// <returns>Null when taken; <c>out_of_stock</c> naming what is short.</returns>
    public async Task<Refusal?> TakeAsync(IEnumerable<Pieces> pieces, CancellationToken stop)
    {
        var wanted = Sum(pieces);
        var rows = await LockAsync(wanted.Keys, stop);
        // A variant deleted since it was put in the order is as good as out.
        var shortOf = wanted.Where(w => !rows.TryGetValue(w.Key, out var row) || row.Variant.Stock < w.Value).Select(w => w.Key).ToList();
        if (shortOf.Count > 0)
            return new("out_of_stock", "There are not enough pieces left.", "lines",
                [.. shortOf.Select(id => rows.TryGetValue(id, out var row) ? $"{row.Product} {row.Variant.Label}".TrimEnd() + $": {row.Variant.Stock}" : "")
                    .Where(words => words.Length > 0)], RefusalKind.Conflict);
        Change(rows.Values.Select(r => r.Variant), variant => variant.Stock - wanted[variant.Id]);
        return null;
    }

    /// <summary>Gives back what was taken; variants deleted since are passed over.</summary>
    public async Task GiveBackAsync(IEnumerable<Pieces> pieces, CancellationToken stop)
    {
        var back = Sum(pieces);
        var rows = await LockAsync(back.Keys, stop);
        Change(rows.Values.Select(r => r.Variant), variant => variant.Stock + back[variant.Id]);
    }

    private void Change(IEnumerable<Variant> variants, Func<Variant, int?> stock)
    {
        foreach (var variant in variants)
        {
            variant.Stock = stock(variant);
            db.Tell("product", variant.ProductId);
        }
    }

    private static SortedDictionary<VariantId, int> Sum(IEnumerable<Pieces> pieces)
    {
        var sum = new SortedDictionary<VariantId, int>();
        foreach (var piece in pieces) sum[piece.Variant] = checked(sum.GetValueOrDefault(piece.Variant) + piece.Quantity);
        return sum;
    }

    private async Task<Dictionary<VariantId, (Variant Variant, string Product)>> LockAsync(IEnumerable<VariantId> wanted, CancellationToken stop)
    {
        VariantId[] ids = [.. wanted];
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Stock changes only inside the transaction of its cause.");
        foreach (var id in ids) await db.Dialect.LockRowAsync(db, "variants", id.Value, stop);
        var rows = await db.Variants.Where(v => ids.Contains(v.Id)).Join(db.Products, v => v.ProductId, p => p.Id, (v, p) => new { v, p.Name }).ToListAsync(stop);
        // What this context read before the lock may be old.
        foreach (var row in rows) await db.Entry(row.v).ReloadAsync(stop);
        return rows.ToDictionary(r => r.v.Id, r => (r.v, r.Name));
    }
}
