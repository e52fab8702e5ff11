using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Writes a whole order at once: typed by a member, sent by a program, imported. It waits for confirmation like one from the chat.</summary>
/// <remarks>Whatever is wrong is said before the first row is written.</remarks>
public sealed class CreateOrder(OrderClosrDb db, Drafts drafts, ConfirmOrder confirm)
{
    /// <summary>The order in <c>to_confirm</c>; refused with the field that is missing or not understood.</summary>
    public Task<Result<Order>> RunAsync(DraftChange content, OrderOrigin origin, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Order>>(async () =>
    {
        var draft = drafts.New(default, default, origin);
        var applied = await drafts.ApplyAsync(draft, content, stop);
        if (!applied.Ok) return applied.Refusal;
        if (applied.Value.Missing is { Count: > 0 } missing) return new Refusal("field_missing", "The order needs this field.", missing[0], missing);
        draft.CustomerId = await CustomerOfAsync(draft, cause.At, stop);
        db.Add(draft);
        await db.SaveChangesAsync(stop);
        return await confirm.QueueAsync(draft.Id, cause, stop);
    }, stop);

    /// <summary>The customer who has this phone, else a new one.</summary>
    private async Task<CustomerId> CustomerOfAsync(Order draft, DateTimeOffset now, CancellationToken stop)
    {
        var phone = draft.Phone!.Value;
        // Of two orders that come at once from one new phone the second finds the first one's customer.
        await db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);
        if (await db.Customers.Where(c => c.Phones.Contains(phone.E164)).OrderBy(c => c.CreatedAt).Select(c => (CustomerId?)c.Id).FirstOrDefaultAsync(stop) is { } known) return known;
        var customer = new Customer { Id = CustomerId.New(now), Name = draft.Name, Phones = [phone.E164], CreatedAt = now };
        customer.Search = KnownCustomers.SearchOf(customer);
        db.Add(customer);
        return customer.Id;
    }
}
