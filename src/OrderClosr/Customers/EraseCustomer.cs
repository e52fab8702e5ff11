using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Customers;

/// <summary>Erases one customer everywhere (promise P18): every room its own rows, all in one transaction; files and what lies in the database's files go by jobs.</summary>
public sealed class EraseCustomer(OrderClosrDb db, IEnumerable<ICustomerErasure> rooms, DeletionBook book, Facts facts, Audit audit, TimeProvider time)
{
    private const int FilesAtOnce = 100;

    /// <summary>Null: erased. Refused: <c>not_found</c>, or what a room has against it, e.g. a parcel under way.</summary>
    /// <param name="isReplayed">Erased before, and back with an older copy of the database: nothing stands against it.</param>
    public Task<Refusal?> RunAsync(CustomerId id, CancellationToken stop, bool isReplayed = false) => db.InTransactionAsync<Refusal?>(async () =>
    {
        var (customer, now) = (new ErasedCustomer(id.Value), time.GetUtcNow());
        foreach (var room in rooms)
            if (await room.GatherAsync(customer, stop) is { } refusal && !isReplayed) return refusal;
        // Before the commit: after a crash in between the next start finishes what the merchant wanted.
        if (!isReplayed) await book.WriteErasedAsync(db.WorkspaceId, id.Value, stop);
        foreach (var room in rooms.Reverse()) await room.EraseAsync(customer, stop);
        // Who and when, not whom.
        audit.Write(AuditAction.CustomerErased, id);
        foreach (var some in customer.Files.Order(StringComparer.Ordinal).Chunk(FilesAtOnce)) db.Later(new RemoveFiles(some), now);
        db.Later(new Scrub(now), now, Scrub.NextNight(now));
        await facts.TellAsync(new CustomerErased(id), stop);
        await db.SaveChangesAsync(stop);
        foreach (var conversation in customer.Conversations) db.Tell("conversation", conversation.ToString("N"));
        foreach (var order in customer.Orders) db.Tell("order", order.ToString("N"));
        return null;
    }, stop);
}

/// <summary>An older copy of the database has an erased customer again.</summary>
internal sealed class EraseAgainOnErasureReplayed(OrderClosrDb db, EraseCustomer erase) : IListener<ErasureReplayed>
{
    public async Task OnAsync(ErasureReplayed fact, CancellationToken stop)
    {
        var id = new CustomerId(fact.Customer);
        if (await db.Customers.AnyAsync(c => c.Id == id, stop)) await erase.RunAsync(id, stop, isReplayed: true);
    }
}

/// <summary>A customer was erased; told in its transaction. Whatever keeps a copy outside of the rooms' tables (a mirror of the orders) takes it out there by a job.</summary>
public sealed record CustomerErased(CustomerId Customer);
