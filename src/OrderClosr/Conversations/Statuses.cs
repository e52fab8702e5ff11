using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Conversations;

/// <summary>How far our messages came: statuses only move forward and never wake the agent.</summary>
internal sealed class Statuses(OrderClosrDb db, ReceivedBatch batch, TimeProvider time)
{
    internal async Task HearAsync(ChannelId channel, StatusNews news, CancellationToken stop)
    {
        var message = batch.MessageOf(channel, news.Id) ?? batch.MarkedOf(channel, news.Mark);
        if (message is null || message.Direction == Direction.In)
        {
            // It overtook the answer to our send: kept until that has come.
            if (message is null) batch.Keep(db, channel, news.Id, EarlyKind.Status, news, time.GetUtcNow());
            return;
        }
        if (message.ChannelMessageId is null)
        {
            message.ChannelMessageId = news.Id;
            batch.Remember(message);
            await TakeUpEarlyAsync(db, message, batch.ConversationOf(message), time.GetUtcNow(), stop);
        }
        Move(db, message, news, time.GetUtcNow());
        batch.Touched.Add(batch.ConversationOf(message));
    }

    internal async Task HearAsync(ChannelId channel, WatermarkNews news, CancellationToken stop)
    {
        if (batch.ConversationOf(channel, news.By) is not { } conversation) return;
        var behind = news.Status == MessageStatus.Read ? (MessageStatus[])[MessageStatus.Sent, MessageStatus.Delivered] : [MessageStatus.Sent];
        var messages = await db.Messages.Where(m => m.ConversationId == conversation.Id && m.Direction == Direction.Out && behind.Contains(m.Status) && m.At <= news.UpTo).ToListAsync(stop);
        foreach (var message in messages) message.MoveTo(news.Status);
        if (messages.Count > 0) batch.Touched.Add(conversation);
        // It may have overtaken the answer to a send that it means too: that one looks here when its answer comes.
        if (!await db.Messages.AnyAsync(m => m.ConversationId == conversation.Id && m.Direction == Direction.Out && m.Status == MessageStatus.Stored && m.SendingAt != null, stop)) return;
        if (news.Status == MessageStatus.Read) conversation.ReadUpTo = Later(conversation.ReadUpTo, news.UpTo);
        else conversation.DeliveredUpTo = Later(conversation.DeliveredUpTo, news.UpTo);
    }

    /// <summary>Writes what came before the message's own id was known; call it where that id is set, with the message moved to "sent".</summary>
    internal static async Task TakeUpEarlyAsync(OrderClosrDb db, Message message, Conversation conversation, DateTimeOffset now, CancellationToken stop)
    {
        var words = await db.EarlyWords.Where(w => w.ChannelId == message.ChannelId && w.ChannelMessageId == message.ChannelMessageId).ToListAsync(stop);
        foreach (var word in words)
        {
            if (word.Kind == EarlyKind.Status) Move(db, message, JsonSerializer.Deserialize<StatusNews>(word.News, Receiving.ExtrasJson)!, now);
            if (word.Kind == EarlyKind.Reaction) message.Reaction = JsonSerializer.Deserialize<ReactionNews>(word.News, Receiving.ExtrasJson)!.Emoji;
            db.Remove(word);
        }
        if (message.Status is MessageStatus.Failed || message.SendingAt is not { } since) return;
        if (since <= conversation.DeliveredUpTo) message.MoveTo(MessageStatus.Delivered);
        if (since <= conversation.ReadUpTo) message.MoveTo(MessageStatus.Read);
    }

    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset now) => known > now ? known.Value : now;

    private static void Move(OrderClosrDb db, Message message, StatusNews news, DateTimeOffset now)
    {
        if (message.MoveTo(news.Status, news.Failure) && news.Failure is { } failure) db.Later(new SettleFailure(message.Id, message.ConversationId, message.ChannelId, failure, news.At), now);
    }
}
