using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>The next number of the workspace, from 1001, without gaps: the counter's row stays locked until the order is committed.</summary>
internal static class OrderNumbers
{
    internal static async Task<int> NextAsync(OrderClosrDb db, DateTimeOffset now, CancellationToken stop)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Take a number inside a transaction.");
        if (await AddOneAsync(db, stop) == 0)
        {
            // Two first orders at once: one makes the row, the other waits for it and goes on.
            await db.AddUnlessThereAsync(new OrderCounter { Id = Id<OrderCounter>.New(now) }, stop);
            await AddOneAsync(db, stop);
        }
        return await db.Set<OrderCounter>().Select(c => c.Last).SingleAsync(stop);
    }

    /// <summary>Undoes the last <see cref="NextAsync"/> of this transaction, which still holds the counter.</summary>
    internal static Task GiveBackAsync(OrderClosrDb db, CancellationToken stop) =>
        db.Set<OrderCounter>().ExecuteUpdateAsync(set => set.SetProperty(c => c.Last, c => c.Last - 1), stop);

    private static Task<int> AddOneAsync(OrderClosrDb db, CancellationToken stop) =>
        db.Set<OrderCounter>().ExecuteUpdateAsync(set => set.SetProperty(c => c.Last, c => c.Last + 1), stop);
}
