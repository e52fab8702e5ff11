using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>A member leaves a note in a conversation for the other members: it is never sent, the agent does not read it, and it takes nothing over.</summary>
public sealed class Noting(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Longest note.</summary>
    public const int LongestText = 2000;

    public async Task<Result<Message>> NoteAsync(ConversationId id, Guid account, string text, CancellationToken stop)
    {
        var words = Receiving.Clean(text).Trim();
        if (words.Length == 0) return new Refusal("note_empty", "There is nothing to note.", "text");
        if (words.Length > LongestText) return new Refusal("note_too_long", "The note is longer than 2,000 characters.", "text");
        return await db.InTransactionAsync<Result<Message>>(async () =>
        {
            await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
            if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
            var now = time.GetUtcNow();
            // No job sends it; the list keeps showing the last thing that was said.
            var note = new Message
            {
                Id = MessageId.New(now), ConversationId = id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, Direction = Direction.Out, Author = Author.Member,
                AccountId = account, Kind = MessageKind.Note, Text = words, At = now, StoredAt = now,
            };
            db.Add(note);
            await db.SaveChangesAsync(stop);
            db.Tell("conversation", id);
            return note;
        }, stop);
    }
}
