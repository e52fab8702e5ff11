using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class ConversationsExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Conversation>("conversations", "All that one customer and the shop wrote to each other on one channel.", c => c.Id, c => c.CustomerId, c => c.HeldBy, c => c.HeldByAccount, c => c.HandOverReason, c => c.HandOverNote, c => c.HeldSince,
                c => c.ResumesAt, c => c.ReleasedAt, c => c.PausedAt, c => c.SilentBecause, c => c.LastMessageAt, c => c.LastCustomerActionAt, c => c.Summary, c => c.Language, c => c.Unread, c => c.CreatedAt)
            .As("channel", c => new { Kind = c.ChannelKind, Id = c.ChannelId }).As("window_closes_at", c => c.WindowClosesAt).Json(c => c.Referral)
            .OfCustomer(Talks),
        TableExport.Of<Message>("messages", "Every message, in and out, with the members' own notes.", m => m.Id, m => m.ConversationId, m => m.Seq, m => m.Direction, m => m.Author, m => m.AccountId, m => m.Kind, m => m.Text, m => m.Status, m => m.Error, m => m.At,
                m => m.StoredAt, m => m.EditedAt, m => m.DeletedAt, m => m.IsHistoric, m => m.IsAnswer, m => m.IsSettled, m => m.MayBeRepeated, m => m.Reaction, m => m.ChannelMessageId, m => m.RepliesTo, m => m.TurnId)
            .Json(m => m.Extras)
            .With("attachments", m => m.Attachments, TableExport.Of<Attachment>("attachments", "Photos, voice notes and files of a message; the file itself lies in media.",
                a => a.Id, a => a.Kind, a => a.MediaType, a => a.Bytes, a => a.Trouble).File(a => a.File))
            .OfCustomer((db, customer) =>
            {
                var talks = Talks(db, customer).Select(c => c.Id);
                return db.Messages.Where(m => talks.Contains(m.ConversationId));
            }),
        TableExport.Of<Comment>("comments", "Public comments below posts and ads.", c => c.Id, c => c.ChannelId, c => c.ChannelCommentId, c => c.PostId, c => c.ParentId, c => c.AdId, c => c.AuthorHandle, c => c.AuthorName, c => c.Text, c => c.At, c => c.EditedAt, c => c.RemovedAt)
            .OfCustomer((db, customer) =>
            {
                var (of, handles) = (new CustomerId(customer), db.CustomerHandles);
                return db.Comments.Where(c => handles.Any(h => h.CustomerId == of && h.ChannelId == c.ChannelId && h.Handle == c.AuthorHandle));
            }),
        TableExport.Of<ConsentNotice>("consent_notices", "That a customer was told who answers and what becomes of their words.", n => n.Id, n => n.CustomerId, n => n.ConversationId, n => n.MessageId, n => n.At)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.ConsentNotices.Where(n => n.CustomerId == of);
            }),
        TableExport.Of<OptOut>("opt_outs", "That a customer wants no messages, and how that ended.", o => o.Id, o => o.CustomerId, o => o.ConversationId, o => o.MessageId, o => o.At, o => o.EndedAt, o => o.EndedBy, o => o.Reason)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.OptOuts.Where(o => o.CustomerId == of);
            }),
        TableExport.Of<EarlyWord>("early_words", "What a channel said about a message that is not known yet; kept for a day.", w => w.Id, w => w.ChannelId, w => w.ChannelMessageId, w => w.ConversationId, w => w.Kind, w => w.At).Json(w => w.News)
            .OfCustomer((db, customer) =>
            {
                var talks = Talks(db, customer).Select(c => c.Id);
                return db.EarlyWords.Where(w => w.ConversationId != null && talks.Contains(w.ConversationId.Value));
            }),
        TableExport.Of<Pause>("pauses", "Pauses of the agent: of everything, of a channel, of one conversation.", p => p.Id, p => p.ChannelId, p => p.ConversationId, p => p.AccountId, p => p.At, p => p.Note, p => p.EndedAt, p => p.EndedBy)
            .OfCustomer((db, customer) =>
            {
                var talks = Talks(db, customer).Select(c => c.Id);
                return db.Pauses.Where(p => p.ConversationId != null && talks.Contains(p.ConversationId.Value));
            }),
    ];

    private static IQueryable<Conversation> Talks(OrderClosrDb db, Guid customer)
    {
        var of = new CustomerId(customer);
        return db.Conversations.Where(c => c.CustomerId == of);
    }
}
