using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;

namespace OrderClosr.Orders;

/// <summary>Who changes an order locks its row first, so that two at once follow each other and the second sees what the first did.</summary>
public static class OrderLocks
{
    extension(OrderClosrDb db)
    {
        /// <summary>The order with its lines as it is now, locked until the running transaction ends; null when there is none in this workspace.</summary>
        /// <remarks>What this context changed and has not saved is saved first: the caller holds the lock already and goes on with its own work.</remarks>
        internal async Task<Order?> LockedOrderAsync(OrderId id, CancellationToken stop)
        {
            if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Lock an order inside a transaction.");
            await db.SaveChangesAsync(stop);
            await db.Dialect.LockRowAsync(db, "orders", id.Value, stop);
            if (db.ChangeTracker.Entries<Order>().FirstOrDefault(e => e.Entity.Id == id) is { } known)
            {
                // Read before the lock: forget it, or EF Core would hand out the old values again.
                foreach (var line in known.Entity.Lines.ToList()) db.Entry(line).State = EntityState.Detached;
                known.State = EntityState.Detached;
            }
            return await db.Orders.Include(o => o.Lines.OrderBy(l => l.Id)).SingleOrDefaultAsync(o => o.Id == id, stop);
        }
    }
}
