using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>All that was said with the customer, here and below the shop's posts, goes.</summary>
internal sealed class ConversationsErasure(OrderClosrDb db) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(Conversation), typeof(Message), typeof(Attachment), typeof(Comment), typeof(EarlyWord), typeof(Pause), typeof(OptOut), typeof(ConsentNotice)];

    public async Task<Refusal?> GatherAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var ids = await db.Conversations.Where(c => c.CustomerId == id).Select(c => c.Id).ToListAsync(stop);
        // Their rows are the locks: no turn commits and no message is added meanwhile.
        await db.Dialect.LockRowsAsync(db, "conversations", ids.ConvertAll(c => c.Value), stop);
        customer.Conversations.UnionWith(ids.Select(c => c.Value));
        customer.Others.UnionWith((await db.Messages.Where(m => ids.Contains(m.ConversationId)).Select(m => m.Id).ToListAsync(stop)).Select(m => m.Value));
        var files = await db.Attachments.Where(a => db.Set<Message>().Any(m => m.Id == a.MessageId && ids.Contains(m.ConversationId))).Select(a => new { a.Id, a.File }).ToListAsync(stop);
        customer.Others.UnionWith(files.Select(f => f.Id.Value));
        customer.Files.UnionWith(files.Select(f => f.File).OfType<string>());
        return null;
    }

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var ids = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        var maybe = ids.ConvertAll(c => (ConversationId?)c);
        var messages = db.Messages.Where(m => ids.Contains(m.ConversationId));
        await db.OptOuts.Where(o => o.CustomerId == id || ids.Contains(o.ConversationId)).ExecuteDeleteAsync(stop);
        await db.ConsentNotices.Where(n => n.CustomerId == id || ids.Contains(n.ConversationId)).ExecuteDeleteAsync(stop);
        await db.EarlyWords.Where(w => maybe.Contains(w.ConversationId) || messages.Any(m => m.ChannelId == w.ChannelId && m.ChannelMessageId == w.ChannelMessageId)).ExecuteDeleteAsync(stop);
        await db.Attachments.Where(a => messages.Any(m => m.Id == a.MessageId)).ExecuteDeleteAsync(stop);
        await messages.ExecuteDeleteAsync(stop);
        await db.Pauses.Where(p => maybe.Contains(p.ConversationId)).ExecuteDeleteAsync(stop);
        await db.Comments.Where(c => db.Set<CustomerHandle>().Any(h => h.CustomerId == id && h.ChannelId == c.ChannelId && h.Handle == c.AuthorHandle)).ExecuteDeleteAsync(stop);
        await db.Conversations.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(stop);
    }
}
