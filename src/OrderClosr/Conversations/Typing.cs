using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;

namespace OrderClosr.Conversations;

/// <summary>Lets the customer see that the message was read and an answer is being written.</summary>
public sealed class Typing(OrderClosrDb db, ISender sender)
{
    /// <summary>Best effort, never repeated, never in a transaction: a failure is nobody's business.</summary>
    public async Task ShowAsync(ConversationId id, CancellationToken stop)
    {
        if (await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return;
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(c => c.Id == conversation.ChannelId && c.State == ChannelState.Connected, stop) is not { } channel) return;
        var last = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.In).OrderByDescending(m => m.At).ThenByDescending(m => m.Seq).Select(m => m.ChannelMessageId).FirstOrDefaultAsync(stop);
        var handles = await db.CustomerHandles.AsNoTracking().Where(h => h.CustomerId == conversation.CustomerId && h.ChannelId == channel.Id).Select(h => new PersonHandle(h.Kind, h.Handle)).ToListAsync(stop);
        if (handles.Count > 0) await sender.ShowTypingAsync(channel, handles, last, stop);
    }
}
