using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>Writes what the channels of one workspace say: messages, edits, statuses, echoes, comments.</summary>
/// <remarks>
/// Runs inside an open transaction, for one news or a thousand: people, conversations and known messages are looked up together,
/// the conversations' rows are locked in the order of their ids, and everything is saved once. A second time is harmless: every
/// row has the channel's own id as key.
/// </remarks>
public sealed class Receiving(OrderClosrDb db, KnownCustomers customers, Holding holding, Facts facts, TimeProvider time)
{
    /// <summary>Older messages are shown and get no automatic answer.</summary>
    public static readonly TimeSpan TooOldToAnswer = TimeSpan.FromHours(24);

    /// <summary>Writes the news in their order.</summary>
    public async Task ReceiveAsync(IReadOnlyList<ChannelNews> news, CancellationToken stop)
    {
        // A changed number must be known before what follows it is read.
        var start = 0;
        for (var i = 0; i < news.Count; i++)
        {
            if (news[i].News is not RekeyNews rekey) continue;
            await ReceivePartAsync([.. news.Skip(start).Take(i - start)], stop);
            await customers.RekeyAsync(news[i].Channel, rekey.Old, rekey.Now, stop);
            start = i + 1;
        }
        await ReceivePartAsync(start == 0 ? news : [.. news.Skip(start)], stop);
    }

    private async Task ReceivePartAsync(IReadOnlyList<ChannelNews> news, CancellationToken stop)
    {
        if (news.Count == 0) return;
        var batch = await ReceivedBatch.LoadAsync(db, customers, news, time.GetUtcNow(), stop);
        // Messages by their own time, so that a batch that came in a mess stands in the thread as it was written; what speaks about messages after them.
        foreach (var (channel, one) in news.OrderBy(Rank).ThenBy(n => n.News is MessageNews or EchoNews ? n.News.At : default)) await WriteAsync(batch, channel, one, stop);
        await customers.MoveHandlesAsync(stop);
        await db.SaveChangesAsync(stop);
        foreach (var (conversation, message, items) in batch.Fresh)
        {
            await facts.TellUnsavedAsync(new MessageReceived(conversation.Id, conversation.CustomerId, message), stop);
            if (items is { Count: > 0 }) await facts.TellUnsavedAsync(new CartReceived(conversation.Id, conversation.CustomerId, message, items), stop);
        }
        await db.SaveChangesAsync(stop);
        foreach (var conversation in batch.Touched) db.Tell("conversation", conversation.Id);
    }

    private static int Rank(ChannelNews news) => news.News switch
    {
        MessageNews or EchoNews => 0,
        EditNews => 1,
        UnsendNews or ReactionNews => 2,
        _ => 3,
    };

    private Task WriteAsync(ReceivedBatch batch, ChannelId channel, News news, CancellationToken stop)
    {
        switch (news)
        {
            case MessageNews message: return StoreAsync(batch, channel, message, stop);
            case EditNews { ByBusiness: true } or UnsendNews { ByBusiness: true }: return ChangedElsewhereAsync(batch, channel, news, stop);
            case EditNews edit: Edit(batch, channel, edit); break;
            case UnsendNews unsend: Unsend(batch, channel, unsend); break;
            case ReactionNews reaction: React(batch, channel, reaction); break;
            case ReferralNews referral: Refer(batch, channel, referral); break;
            case AdvertisingNews advertising: Advertise(batch, channel, advertising); break;
            case EchoNews echo: return Echoes(batch).HearAsync(channel, echo, stop);
            case ControlNews control: return ControlAsync(batch, channel, control, stop);
            case StatusNews status: return Statuses(batch).HearAsync(channel, status, stop);
            case WatermarkNews mark: return Statuses(batch).HearAsync(channel, mark, stop);
            case CommentNews comment: return CommentAsync(channel, comment, stop);
            default: throw new InvalidOperationException($"Nobody writes {news.GetType().Name}.");
        }
        return Task.CompletedTask;
    }

    private Echoes Echoes(ReceivedBatch batch) => new(db, batch, holding, time);

    private Statuses Statuses(ReceivedBatch batch) => new(db, batch, time);

    private async Task StoreAsync(ReceivedBatch batch, ChannelId channel, MessageNews news, CancellationToken stop)
    {
        var conversation = batch.ConversationOf(channel, news.From)!;
        if (batch.MessageOf(channel, news.Id) is { } known)
        {
            Complete(known, news);
            return;
        }
        var message = Add(batch, conversation, news.Id, news.At, news.Kind, news.Text, news.Attachments, news.RepliesTo, Direction.In, Author.Customer, isHistoric: news.IsImported);
        message.Extras = news.Extras is null ? null : JsonSerializer.Serialize(news.Extras, ExtrasJson);
        if (news.Referral is not null) conversation.Referral = news.Referral;
        Arrived(batch, conversation, message, news.IsOfGroup ? Gate.Group : news.AsksNothing ? Gate.NothingAsked : null, opensWindow: !news.IsOfGroup && !news.IsImported);
        if (news.IsElsewhere) await GoesElsewhereAsync(batch, conversation, news.At, stop);
        batch.Fresh.Add((conversation, message, news.Extras?.Items));
    }

    /// <summary>The message after its own edit or unsend: what those could not say is filled in, what they said stays.</summary>
    private static void Complete(Message known, MessageNews news)
    {
        if (known.DeletedAt is not null || known.EditedAt is null || known.Direction == Direction.Out) return;
        // It stands where it was written, not where it was edited.
        if (news.At < known.At) known.At = news.At;
        if (known.Attachments.Count > 0 || news.Kind == MessageKind.Text) return;
        known.Kind = news.Kind;
        known.RepliesTo ??= news.RepliesTo;
        known.Extras ??= news.Extras is null ? null : JsonSerializer.Serialize(news.Extras, ExtrasJson);
    }

    private Message Add(ReceivedBatch batch, Conversation conversation, string id, DateTimeOffset at, MessageKind kind, string text, IReadOnlyList<AttachmentNews> attachments,
        string? repliesTo, Direction direction, Author author, bool isHistoric)
    {
        var now = time.GetUtcNow();
        var message = new Message
        {
            Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, ChannelMessageId = id, Direction = direction,
            Author = author, Kind = kind, Text = Clean(text), RepliesTo = repliesTo, At = at > now ? now : at, StoredAt = now, IsHistoric = isHistoric || at < now - TooOldToAnswer,
            Status = direction == Direction.Out ? MessageStatus.Sent : MessageStatus.Stored,
        };
        for (var i = 0; i < attachments.Count; i++)
        {
            var a = attachments[i];
            message.Attachments.Add(new() { Id = Id<Attachment>.New(now), MessageId = message.Id, Position = i, Kind = a.Kind, MediaId = a.MediaId, Url = a.Url, Hash = a.Hash, Trouble = a.Trouble });
        }
        db.Add(message);
        batch.Remember(message);
        return message;
    }

    /// <summary>What a new message of the customer does to its conversation.</summary>
    private void Arrived(ReceivedBatch batch, Conversation conversation, Message message, string? silentBecause, bool opensWindow)
    {
        var now = time.GetUtcNow();
        conversation.ShowUnlessOvertaken(message);
        conversation.Unread++;
        batch.Touched.Add(conversation);
        if (message.IsHistoric || silentBecause is not null)
        {
            // An older question may still wait for its answer: only a conversation without one falls silent.
            if (conversation.FirstUnansweredAt is null) conversation.SilentBecause = silentBecause ?? Gate.OldMessage;
            if (!opensWindow) return;
        }
        if (conversation.LastCustomerActionAt is null || conversation.LastCustomerActionAt < message.At) conversation.LastCustomerActionAt = message.At;
        batch.CustomerOf(conversation).UnreachableAt = null;
        if (message.IsHistoric || silentBecause is not null) return;
        conversation.FirstUnansweredAt ??= now;
        conversation.SilentBecause = batch.SilentBecause(conversation);
        conversation.DueAt = conversation.SilentBecause is null ? now : null;
    }

    private void Edit(ReceivedBatch batch, ChannelId channel, EditNews news)
    {
        if (batch.MessageOf(channel, news.Id) is { } known)
        {
            if (known.DeletedAt is not null || known.EditedAt >= news.At) return;
            var conversation = batch.ConversationOf(known);
            var isShown = conversation.Shows(known);
            (known.Text, known.EditedAt) = (Clean(news.Text), news.At);
            if (isShown) conversation.Show(known);
            batch.Touched.Add(conversation);
            AskAgain(batch, conversation, known);
            return;
        }
        if (news.From is null || batch.ConversationOf(channel, news.From) is not { } home) return;
        var message = Add(batch, home, news.Id, news.At, MessageKind.Text, news.Text, [], null, Direction.In, Author.Customer, isHistoric: false);
        message.EditedAt = news.At;
        Arrived(batch, home, message, null, opensWindow: true);
        batch.Fresh.Add((home, message, null));
    }

    private void Unsend(ReceivedBatch batch, ChannelId channel, UnsendNews news)
    {
        var now = time.GetUtcNow();
        if (batch.MessageOf(channel, news.Id) is { } known)
        {
            if (known.DeletedAt is not null) return;
            var conversation = batch.ConversationOf(known);
            var isShown = conversation.Shows(known);
            (known.DeletedAt, known.Text, known.Extras) = (now, "", null);
            if (isShown) conversation.Show(known);
            batch.Touched.Add(conversation);
            AskAgain(batch, conversation, known);
            return;
        }
        if (news.From is null || batch.ConversationOf(channel, news.From) is not { } home) return;
        // Taken back before it came: the place is kept so that the words, when they come late, are never shown or answered.
        var message = Add(batch, home, news.Id, news.At, MessageKind.Text, "", [], null, Direction.In, Author.Customer, isHistoric: false);
        message.DeletedAt = now;
        batch.Touched.Add(home);
    }

    /// <summary>A person of the shop changed or took back what they wrote elsewhere: they are in the thread, known or not what it was about.</summary>
    private async Task ChangedElsewhereAsync(ReceivedBatch batch, ChannelId channel, News news, CancellationToken stop)
    {
        var known = batch.MessageOf(channel, (news as EditNews)?.Id ?? ((UnsendNews)news).Id);
        var isRepeat = news is EditNews ? known?.EditedAt >= news.At : known?.DeletedAt is not null;
        if (isRepeat) return;
        if (known is not null && news is EditNews edit) Edit(batch, channel, edit);
        if (known is not null && news is UnsendNews unsend) Unsend(batch, channel, unsend);
        var person = (news as EditNews)?.From ?? (news as UnsendNews)?.From;
        if ((known is not null ? batch.ConversationOf(known) : person is not null ? batch.ConversationOf(channel, person) : null) is not { } conversation) return;
        if (await Echoes(batch).IsOfNowAsync(conversation, news.At, time.GetUtcNow(), stop)) await Echoes(batch).TakenElsewhereAsync(conversation, stop);
        batch.Touched.Add(conversation);
    }

    /// <summary>Not answered yet: the turn that comes must read the new words, and one that is being thought must be thrown away.</summary>
    private void AskAgain(ReceivedBatch batch, Conversation conversation, Message changed)
    {
        if (changed.Direction == Direction.In && changed.Seq > conversation.AnsweredUpTo && conversation.FirstUnansweredAt is not null && batch.SilentBecause(conversation) is null)
            conversation.DueAt = time.GetUtcNow();
    }

    private void React(ReceivedBatch batch, ChannelId channel, ReactionNews news)
    {
        if (batch.MessageOf(channel, news.Id) is not { } known)
        {
            batch.Keep(db, channel, news.Id, EarlyKind.Reaction, news, time.GetUtcNow());
            return;
        }
        known.Reaction = news.Emoji;
        var conversation = batch.ConversationOf(known);
        // A reaction opens the window but asks nothing.
        if (known.Direction == Direction.Out && (conversation.LastCustomerActionAt is null || conversation.LastCustomerActionAt < news.At)) conversation.LastCustomerActionAt = news.At;
        batch.Touched.Add(conversation);
    }

    private static void Refer(ReceivedBatch batch, ChannelId channel, ReferralNews news)
    {
        var conversation = batch.ConversationOf(channel, news.From)!;
        conversation.Referral = news.Json;
        if (conversation.LastCustomerActionAt is null || conversation.LastCustomerActionAt < news.At) conversation.LastCustomerActionAt = news.At;
        batch.Touched.Add(conversation);
    }

    private static void Advertise(ReceivedBatch batch, ChannelId channel, AdvertisingNews news)
    {
        if (batch.Customers.Of(channel, news.Customer) is { } customer) customer.AdvertisingStoppedAt = news.IsWanted ? null : news.At;
    }

    private async Task ControlAsync(ReceivedBatch batch, ChannelId channel, ControlNews news, CancellationToken stop)
    {
        if (batch.ConversationOf(channel, news.Customer) is not { } conversation) return;
        batch.Touched.Add(conversation);
        if (news.IsElsewhere) await GoesElsewhereAsync(batch, conversation, news.At, stop);
        // An old word of a return, heard again, takes nothing from whoever has it since.
        else if (conversation is { HeldBy: HeldBy.Person, HandOverReason: Holding.ThreadElsewhere } && news.At >= conversation.HeldSince)
            holding.GiveBack(conversation, () => batch.SilentBecause(conversation), time.GetUtcNow());
    }

    private async Task GoesElsewhereAsync(ReceivedBatch batch, Conversation conversation, DateTimeOffset at, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        if (!await Echoes(batch).IsOfNowAsync(conversation, at, now, stop)) return;
        holding.GoesElsewhere(conversation, batch.ResumeAfter, at < now ? at : now);
        await holding.DropPendingAsync(conversation, stop);
    }

    private async Task CommentAsync(ChannelId channel, CommentNews news, CancellationToken stop)
    {
        var comment = db.Comments.Local.FirstOrDefault(c => c.ChannelId == channel && c.ChannelCommentId == news.Id)
            ?? await db.Comments.SingleOrDefaultAsync(c => c.ChannelId == channel && c.ChannelCommentId == news.Id, stop);
        var isNew = comment is null;
        if (comment is null)
        {
            comment = new()
            {
                Id = Id<Comment>.New(time.GetUtcNow()), ChannelId = channel, ChannelCommentId = news.Id, Text = Clean(news.Text), At = news.At, PostId = news.PostId, ParentId = news.ParentId,
                AdId = news.AdId, AuthorHandle = news.AuthorHandle, AuthorName = news.AuthorName,
            };
            db.Add(comment);
        }
        if (news.Change == CommentChange.Edited && comment.RemovedAt is null) (comment.Text, comment.EditedAt) = (Clean(news.Text), news.At);
        if (news.Change == CommentChange.Removed) (comment.Text, comment.RemovedAt) = ("", news.At);
        else comment.AuthorName ??= news.AuthorName;
        if (isNew && news.Change != CommentChange.Removed) await facts.TellAsync(new CommentReceived(comment), stop);
    }

    /// <summary>Control characters out (a NUL cannot be stored), and no more than a channel's message can hold.</summary>
    internal static string Clean(string text)
    {
        var cut = text.Length > 20_000 ? text[..20_000] : text;
        return cut.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? string.Concat(cut.Where(c => !char.IsControl(c) || c is '\n' or '\t')) : cut;
    }

    internal static readonly JsonSerializerOptions ExtrasJson = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
