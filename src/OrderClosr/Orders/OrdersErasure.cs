using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Orders that a courier carried stay in the merchant's books with number, goods, sums, days and states; name, phones, address and words are replaced. All others go, with leads and drafts, and their pieces go back to stock.</summary>
internal sealed class OrdersErasure(OrderClosrDb db, Stock stock) : ICustomerErasure
{
    /// <summary>What stands for the name of somebody who was erased.</summary>
    internal const string Nobody = "—";

    public IReadOnlyList<Type> SpeaksFor => [typeof(Order), typeof(OrderLine), typeof(OrderMove), typeof(Lead)];

    public async Task<Refusal?> GatherAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var talks = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        var found = await db.Orders.Where(o => o.CustomerId == id || talks.Contains(o.ConversationId)).Select(o => o.Id).ToListAsync(stop);
        await db.Dialect.LockRowsAsync(db, "orders", found.ConvertAll(o => o.Value), stop);
        customer.Orders.UnionWith(found.Select(o => o.Value));
        return null;
    }

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var talks = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        var gone = customer.GoneOrders.Select(o => new OrderId(o)).ToList();
        foreach (var order in await db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => gone.Contains(o.Id) && o.HasStock).ToListAsync(stop)) await stock.GiveBackAsync(OrderStock.PiecesOf(order), stop);
        await db.SaveChangesAsync(stop);
        await db.OrderLines.Where(l => gone.Contains(l.OrderId)).ExecuteDeleteAsync(stop);
        await db.OrderMoves.Where(m => gone.Contains(m.OrderId)).ExecuteDeleteAsync(stop);
        await db.Orders.Where(o => gone.Contains(o.Id)).ExecuteDeleteAsync(stop);
        var maybe = gone.ConvertAll(o => (OrderId?)o);
        await db.Orders.Where(o => maybe.Contains(o.DuplicateOf)).ExecuteUpdateAsync(set => set.SetProperty(o => o.DuplicateOf, (OrderId?)null), stop);
        await db.Leads.Where(l => l.CustomerId == id || talks.Contains(l.ConversationId)).ExecuteDeleteAsync(stop);
        // Of what they asked below a post before they ever wrote.
        var (comments, handles) = (db.Comments, db.CustomerHandles);
        await db.Leads.Where(l => comments.Any(c => c.Id == l.CommentId && handles.Any(h => h.CustomerId == id && h.ChannelId == c.ChannelId && h.Handle == c.AuthorHandle))).ExecuteDeleteAsync(stop);
        await KeepAsync([.. customer.KeptOrders.Select(o => new OrderId(o))], stop);
    }

    private async Task KeepAsync(List<OrderId> kept, CancellationToken stop)
    {
        foreach (var order in await db.Orders.Where(o => kept.Contains(o.Id)).ToListAsync(stop))
        {
            (order.Name, order.Phone, order.SecondPhone, order.Address, order.Note, order.CustomerId) = (Nobody, null, null, Nobody, "", default);
            order.Sources = [];
            order.Reason = CodeOf(order.Reason);
            order.RiskReasons.Clear();
        }
        await db.SaveChangesAsync(stop);
        await db.Orders.Where(o => kept.Contains(o.Id)).ExecuteUpdateAsync(set => set.SetProperty(o => o.ConversationId, default(ConversationId)), stop);
        await db.OrderMoves.Where(m => kept.Contains(m.OrderId)).ExecuteUpdateAsync(set => set.SetProperty(m => m.MessageId, (MessageId?)null), stop);
        var typed = (await db.OrderMoves.Where(m => kept.Contains(m.OrderId) && m.Reason != null).Select(m => new { m.Id, m.Reason }).ToListAsync(stop)).Where(m => CodeOf(m.Reason) is null).Select(m => m.Id).ToList();
        await db.OrderMoves.Where(m => typed.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.Reason, (string?)null), stop);
    }

    /// <summary>A code of ours stays; what a person typed goes.</summary>
    private static string? CodeOf(string? reason) => reason is not null && reason.All(c => char.IsAsciiLetterLower(c) || c == '_') ? reason : null;
}
