using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>Messages of the business that appear in a thread: ours coming back, or a person answering elsewhere, who then holds the conversation.</summary>
/// <remarks>The five races of facts/meta.md section 11: an echo may come before the answer to our send; echoes are compared inside their
/// conversation only; an old one takes nothing over; each silences its own conversation only; a reply that waits to be sent is dropped.</remarks>
internal sealed class Echoes(OrderClosrDb db, ReceivedBatch batch, Holding holding, TimeProvider time)
{
    /// <summary>How long an echo of unclear origin waits for the answer to our own send.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    /// <summary>How far the clocks of the channel and ours may be apart when words are compared.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(60);

    /// <summary>Younger echoes always take over; older ones only if nothing happened since.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    internal async Task HearAsync(ChannelId channel, EchoNews news, CancellationToken stop)
    {
        if (batch.MessageOf(channel, news.Id) is not null) return;
        if (batch.MarkedOf(channel, news.Mark) is { } ours && ours.Direction == Direction.Out)
        {
            await ClaimAsync(ours, news.Id, stop);
            return;
        }
        // Ours without a mark we know: another installation of the same app, or a send of a test. Not a person.
        if (news.Origin == EchoOrigin.Ours || batch.ConversationOf(channel, news.To) is not { } conversation) return;
        if (news.Origin is EchoOrigin.Unclear or EchoOrigin.InThread && !news.IsImported && await FindOursAsync(conversation, news, stop) is { } sent)
        {
            await ClaimAsync(sent, news.Id, stop);
            return;
        }
        if (news.Origin == EchoOrigin.Unclear && !news.IsImported)
        {
            var now = time.GetUtcNow();
            batch.Keep(db, channel, news.Id, EarlyKind.Echo, news, now, conversation.Id);
            db.Later(new SettleEcho(channel, news.Id, conversation.Id), now, now + Grace);
            return;
        }
        await WrittenElsewhereAsync(conversation, news, stop);
    }

    /// <summary>Stores a person's answer from elsewhere; when it is not an old one, the person holds the conversation from now on.</summary>
    internal async Task WrittenElsewhereAsync(Conversation conversation, EchoNews news, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var takesOver = !news.IsImported && await IsOfNowAsync(conversation, news.At, now, stop);
        var message = new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, ChannelMessageId = news.Id,
            Direction = Direction.Out, Author = Author.Member, Kind = news.Kind, Text = Receiving.Clean(news.Text), RepliesTo = news.RepliesTo, Status = MessageStatus.Sent,
            At = news.At > now ? now : news.At, StoredAt = now, IsHistoric = !takesOver,
        };
        for (var i = 0; i < news.Attachments.Count; i++)
        {
            var a = news.Attachments[i];
            message.Attachments.Add(new() { Id = Id<Attachment>.New(now), MessageId = message.Id, Position = i, Kind = a.Kind, MediaId = a.MediaId, Url = a.Url, Hash = a.Hash, Trouble = a.Trouble });
        }
        db.Add(message);
        foreach (var attachment in message.Attachments.Where(a => a.Trouble is null)) db.Later(new FetchMedia(attachment.Id, message.Id, message.ChannelId), now);
        batch.Remember(message);
        batch.Touched.Add(conversation);
        conversation.ShowUnlessOvertaken(message);
        if (!takesOver) return;
        await TakenElsewhereAsync(conversation, stop);
        // What the customer wrote after the person is not answered by them.
        var (id, answered) = (conversation.Id, conversation.AnsweredUpTo);
        var next = await db.Messages.Where(m => m.ConversationId == id && m.Seq > answered && m.Direction == Direction.In && m.At > news.At && !m.IsHistoric && !m.IsSettled && m.DeletedAt == null).OrderBy(m => m.Seq).FirstOrDefaultAsync(stop);
        conversation.Answered();
        if (next is not null) (conversation.AnsweredUpTo, conversation.FirstUnansweredAt) = (next.Seq - 1, next.StoredAt);
    }

    /// <summary>A person acts in the thread elsewhere: they hold the conversation, what the agent was about to send is dropped.</summary>
    internal async Task TakenElsewhereAsync(Conversation conversation, CancellationToken stop)
    {
        holding.AnsweredElsewhere(conversation, batch.ResumeAfter, time.GetUtcNow());
        await holding.DropPendingAsync(conversation, stop);
    }

    /// <summary>True when what a person did at an instant says something about now: an old word after an outage must not silence a conversation that went on.</summary>
    internal async Task<bool> IsOfNowAsync(Conversation conversation, DateTimeOffset at, DateTimeOffset now, CancellationToken stop)
    {
        if (at < now - Receiving.TooOldToAnswer) return false;
        if (at > now - Fresh) return true;
        if (conversation.ReleasedAt > at) return false;
        return !await db.Messages.AnyAsync(m => m.ConversationId == conversation.Id && m.Direction == Direction.Out && m.Author == Author.Agent && m.At > at, stop);
    }

    private async Task ClaimAsync(Message ours, string id, CancellationToken stop)
    {
        if (ours.ChannelMessageId is not null) return;
        ours.ChannelMessageId = id;
        ours.MoveTo(MessageStatus.Sent);
        batch.Remember(ours);
        batch.Touched.Add(batch.ConversationOf(ours));
        await Statuses.TakeUpEarlyAsync(db, ours, batch.ConversationOf(ours), time.GetUtcNow(), stop);
    }

    /// <summary>A send of ours in the same conversation that has no id yet and says the same.</summary>
    internal async Task<Message?> FindOursAsync(Conversation conversation, EchoNews news, CancellationToken stop)
    {
        var (from, to) = (news.At - Near, news.At + Near);
        var waiting = await db.Messages.Include(m => m.Attachments)
            .Where(m => m.ConversationId == conversation.Id && m.Direction == Direction.Out && m.ChannelMessageId == null && m.SendingAt >= from && m.SendingAt <= to)
            .OrderBy(m => m.Seq).ToListAsync(stop);
        return waiting.FirstOrDefault(m => Plain(m.Text) == Plain(news.Text) && m.Attachments.Count == news.Attachments.Count);
    }

    /// <summary>Words without what a channel may change on the way.</summary>
    internal static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormC))
            if (!char.IsWhiteSpace(c) && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format) plain.Append(c);
        return plain.ToString();
    }
}
