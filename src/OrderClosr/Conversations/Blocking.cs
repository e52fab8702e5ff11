using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>A member blocks a customer: messages are still stored, the agent answers none, in all conversations of that customer; and takes it back.</summary>
/// <remarks>The send itself asks the same gate again, so an answer being written does not go out.</remarks>
public sealed class Blocking(OrderClosrDb db, Pausing pausing, TimeProvider time)
{
    /// <summary>Blocks or unblocks the customer of a conversation.</summary>
    public Task<Refusal?> BlockAsync(ConversationId id, bool isBlocked, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        if (await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
        var customer = await db.Customers.SingleAsync(c => c.Id == conversation.CustomerId, stop);
        if (customer.BlockedAt is not null == isBlocked) return null;
        customer.BlockedAt = isBlocked ? time.GetUtcNow() : null;
        await db.SaveChangesAsync(stop);
        var theirs = db.Conversations.Where(c => c.CustomerId == customer.Id);
        if (isBlocked)
        {
            await theirs.Where(c => c.HeldBy == HeldBy.Agent).ExecuteUpdateAsync(set => set
                .SetProperty(c => c.SilentBecause, Gate.Blocked).SetProperty(c => c.DueAt, (DateTimeOffset?)null).SetProperty(c => c.Version, c => c.Version + 1), stop);
        }
        else
        {
            // As if a pause had silenced them: what else is closed keeps them silent, the rest is answered.
            await theirs.Where(c => c.SilentBecause == Gate.Blocked).ExecuteUpdateAsync(set => set.SetProperty(c => c.SilentBecause, Gate.Paused).SetProperty(c => c.Version, c => c.Version + 1), stop);
            await pausing.SettleAsync(theirs, stop);
        }
        foreach (var one in await theirs.Select(c => c.Id).ToListAsync(stop)) db.Tell("conversation", one);
        return (Refusal?)null;
    }, stop);
}
