using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>A person answers on our pages or through the API: that takes the conversation over.</summary>
public sealed class Answering(OrderClosrDb db, Saying saying, Reaching reaching, Holding holding, Pictures pictures, TimeProvider time)
{
    /// <summary>Longest text a person may send at once; longer ones are a mistake.</summary>
    public const int LongestText = 10_000;

    /// <summary>Writes the answer, to be sent at once; the agent falls silent.</summary>
    public Task<Result<Message>> AnswerAsync(ConversationId id, Guid? account, string text, CancellationToken stop) => AnswerAsync(id, account, text, null, stop);

    /// <summary>Writes the answer with a photo before its words, or a photo alone.</summary>
    public async Task<Result<Message>> AnswerAsync(ConversationId id, Guid? account, string text, Stream? photo, CancellationToken stop)
    {
        var words = Receiving.Clean(text).Trim();
        if (words.Length == 0 && photo is null) return new Refusal("text_empty", "There is nothing to send.", "text");
        if (words.Length > LongestText) return new Refusal("text_too_long", "The text is longer than 10,000 characters.", "text");
        if (photo is null) return await WriteAsync(id, account, words, [], stop);

        // Asked before the file is kept, and again under the lock.
        if (await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
        if (await RefusedAsync(conversation, stop) is { } refusal) return refusal;
        var kept = await pictures.SaveAsync(db.WorkspaceId, photo, MediaFiles.Photos, MediaFiles.MostPhotoBytes, stop);
        if (!kept.Ok) return kept.Refusal with { Field = "photo" };
        var said = await WriteAsync(id, account, words, [new(kept.Value.File, kept.Value.MediaType)], stop);
        if (!said.Ok) pictures.Delete(db.WorkspaceId, kept.Value.File);
        return said;
    }

    /// <summary>Answers by an approved template of the number, which WhatsApp also takes when the customer wrote too long ago for anything else.</summary>
    public Task<Result<Message>> AnswerByTemplateAsync(ConversationId id, Guid? account, TemplateWords template, CancellationToken stop) =>
        WriteAsync(id, account, conversation => reaching.TemplateLaterAsync(conversation, account, template, stop), isFree: false, stop);

    private Task<Result<Message>> WriteAsync(ConversationId id, Guid? account, string words, IReadOnlyList<StoredPhoto> photos, CancellationToken stop) =>
        WriteAsync(id, account, conversation => Task.FromResult<Result<Message>>(saying.SayLater(conversation, new(Author.Member, words) { AccountId = account, Photos = photos, IsAnswer = true })[0]), isFree: true, stop);

    private Task<Result<Message>> WriteAsync(ConversationId id, Guid? account, Func<Conversation, Task<Result<Message>>> say, bool isFree, CancellationToken stop) => db.InTransactionAsync<Result<Message>>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
        if (await RefusedAsync(conversation, stop, isFree) is { } refusal) return refusal;
        var said = await say(conversation);
        if (!said.Ok) return said.Refusal;
        await holding.TakeLockedAsync(conversation, account, stop);
        conversation.Answered();
        conversation.Unread = 0;
        await db.SaveChangesAsync(stop);
        return said.Value;
    }, stop);

    private Task<Refusal?> RefusedAsync(Conversation conversation, CancellationToken stop, bool isFree = true) => RefuseAsync(db, conversation, time.GetUtcNow(), stop, isFree);

    /// <summary>Why a person cannot write in a conversation now; null when they can.</summary>
    /// <param name="isFree">Free text, which no channel takes for good; false: a template.</param>
    internal static async Task<Refusal?> RefuseAsync(OrderClosrDb db, Conversation conversation, DateTimeOffset now, CancellationToken stop, bool isFree = true)
    {
        var channel = await db.Set<Channel>().AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop);
        return RefuseOn(channel, conversation, now, isFree) ?? await OptOuts.RefuseAsync(db, conversation, stop);
    }

    private static Refusal? RefuseOn(Channel channel, Conversation conversation, DateTimeOffset now, bool isFree)
    {
        if (channel.State == ChannelState.Disconnected) return new Refusal("channel_disconnected", "The channel is disconnected: connect it again first.", Kind: RefusalKind.Conflict);
        return isFree && SendWindow.IsClosedForPeople(conversation, now) ? new Refusal("window_closed", "The customer wrote too long ago: the channel takes no free text now.", Kind: RefusalKind.Conflict) : null;
    }
}
