using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Sheets;

/// <summary>What we wrote of the customer into the merchant's sheet goes: rows of orders and leads that go are emptied, those of orders that stay in the books are written without the person. What the merchant typed beside them is the merchant's.</summary>
/// <remarks>Done by the job that writes the sheet; while the sheet is broken the rows wait, with an id and nothing else.</remarks>
internal sealed class SheetsErasure(OrderClosrDb db, SheetMarks marks) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(SheetRow), typeof(SheetRemark), typeof(SheetIntake)];

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var talks = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        var leads = (await db.Leads.Where(l => l.CustomerId == id || talks.Contains(l.ConversationId)).Select(l => l.Id).ToListAsync(stop)).ConvertAll(l => (Id<Lead>?)l);
        var (all, gone, kept) = (Of(customer.Orders), Of(customer.GoneOrders), Of(customer.KeptOrders));
        await db.SheetIntakes.Where(i => all.Contains(i.OrderId)).ExecuteDeleteAsync(stop);
        await db.SheetRemarks.Where(r => all.Contains(r.OrderId)).ExecuteDeleteAsync(stop);
        var touched = await db.SheetRows.Where(r => gone.Contains(r.OrderId) || leads.Contains(r.LeadId)).ExecuteUpdateAsync(set => set.SetProperty(r => r.IsGone, true).SetProperty(r => r.Hash, (string?)null).SetProperty(r => r.StateHash, (string?)null).SetProperty(r => r.NoteHash, (string?)null), stop);
        touched += await db.SheetRows.Where(r => kept.Contains(r.OrderId)).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1).SetProperty(r => r.NoteHash, (string?)null), stop);
        await db.SheetConnections.ExecuteUpdateAsync(set => set.SetProperty(c => c.Writing, (Ground.Secrets.Sealed?)null), stop);
        if (touched > 0 && await marks.ConnectionAsync(stop) is { } connection) await marks.WakeAsync(connection, stop);
    }

    private static List<OrderId?> Of(IEnumerable<Guid> orders) => [.. orders.Select(o => (OrderId?)new OrderId(o))];
}
