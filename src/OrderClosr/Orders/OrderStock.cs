using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The pieces of an order, and of an order that becomes another.</summary>
internal static class OrderStock
{
    internal static IEnumerable<Pieces> PiecesOf(Order order) => order.Lines.Select(l => new Pieces(l.VariantId, l.Quantity));

    /// <summary>Takes only what is more than before and gives back what is less; refused before anything is taken.</summary>
    internal static async Task<Refusal?> SwapAsync(OrderClosrDb db, Stock stock, Order before, Order after, CancellationToken stop)
    {
        var changes = PiecesOf(after).Concat(PiecesOf(before).Select(p => p with { Quantity = -p.Quantity }))
            .GroupBy(p => p.Variant).Select(g => new Pieces(g.Key, g.Sum(p => p.Quantity))).Where(p => p.Quantity != 0).OrderBy(p => p.Variant).ToList();
        // All rows in one order first, or two swaps could wait for each other.
        foreach (var piece in changes) await db.Dialect.LockRowAsync(db, "variants", piece.Variant.Value, stop);
        if (changes.Any(p => p.Quantity > 0) && await stock.TakeAsync(changes.Where(p => p.Quantity > 0), stop) is { } none) return none;
        await stock.GiveBackAsync(changes.Where(p => p.Quantity < 0).Select(p => p with { Quantity = -p.Quantity }), stop);
        return null;
    }
}
