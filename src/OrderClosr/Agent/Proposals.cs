using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Agent;

/// <summary>What a person does with an answer the agent proposed: sends it as it is or changed, or drops it.</summary>
/// <remarks>Under the conversation's lock, in one transaction with the message and its job: of two who send at once one does.</remarks>
public sealed class Proposals(OrderClosrDb db, Saying saying, Holding holding, Drafts drafts, TimeProvider time)
{
    /// <summary>The one that waits in a conversation; null when there is none, or when somebody answered since.</summary>
    public async Task<Proposal?> OpenAsync(ConversationId conversation, CancellationToken stop)
    {
        var open = await db.Proposals.AsNoTracking().Where(p => p.ConversationId == conversation && p.State == ProposalState.Open).OrderByDescending(p => p.Id).FirstOrDefaultAsync(stop);
        return open is null || await IsOvertakenAsync(open, stop) ? null : open;
    }

    /// <summary>Sends it in the member's name; the conversation goes back to the agent, which answers what came meanwhile. A person who had taken it keeps it.</summary>
    /// <param name="text">The words as the person left them; null: as they were proposed.</param>
    public Task<Result<Message>> SendAsync(ConversationId conversation, Id<Proposal> id, Guid? account, string? text, CancellationToken stop) => db.InTransactionAsync<Result<Message>>(async () =>
    {
        var (talk, proposal, no) = await LockAsync(conversation, id, stop);
        if (no is not null) return no;
        var words = text is null ? proposal!.Text : Receiving.Clean(text).ReplaceLineEndings("\n").Trim();
        if (words.Length == 0 && proposal!.Photos is null) return new Refusal("text_empty", "There is nothing to send.", "text");
        if (words.Length > Answering.LongestText) return new Refusal("text_too_long", "The text is longer than 10,000 characters.", "text");
        if (await IsOvertakenAsync(proposal!, stop)) return new Refusal("proposal_overtaken", "Somebody answered since: the proposal is not sent any more.", Kind: RefusalKind.Conflict);
        if (await Answering.RefuseAsync(db, talk!, time.GetUtcNow(), stop) is { } closed) return closed;

        var bubbles = ReplyCheck.Bubbles(words);
        var said = new List<Message>();
        for (var i = 0; i < Math.Max(bubbles.Count, 1); i++)
            said.AddRange(saying.SayLater(talk!, new(Author.Member, bubbles.ElementAtOrDefault(i) ?? "") { AccountId = account, TurnId = proposal!.TurnId.Value, Photos = i == 0 ? proposal.AllPhotos() : [], IsAnswer = true }));
        // What the customer reads now is what a yes will be to.
        if (await drafts.OpenAsync(conversation, stop) is { } draft && ReadBack.Is(bubbles, await drafts.ShowAsync(draft, stop))) draft.MarkReadBack(draft.DraftVersion, said[^1].Seq);
        Decide(proposal!, ProposalState.Sent, account);
        talk!.Unread = 0;
        if (talk.HeldBy == HeldBy.Nobody) await holding.GoOnAsync(talk, stop);
        await db.SaveChangesAsync(stop);
        db.Tell("conversation", conversation);
        return said[0];
    }, stop);

    /// <summary>Drops it; the conversation still waits for a person.</summary>
    public Task<Refusal?> DropAsync(ConversationId conversation, Id<Proposal> id, Guid? account, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        var (_, proposal, no) = await LockAsync(conversation, id, stop);
        if (no is not null) return no;
        Decide(proposal!, ProposalState.Dropped, account);
        await db.SaveChangesAsync(stop);
        db.Tell("conversation", conversation);
        return null;
    }, stop);

    private async Task<(Conversation?, Proposal?, Refusal?)> LockAsync(ConversationId conversation, Id<Proposal> id, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "conversations", conversation.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == conversation, stop) is not { } talk) return (null, null, Refusal.NotFound("conversation"));
        if (await db.Proposals.SingleOrDefaultAsync(p => p.Id == id && p.ConversationId == conversation, stop) is not { } proposal) return (null, null, Refusal.NotFound("proposal"));
        return proposal.State == ProposalState.Open ? (talk, proposal, null) : (null, null, new("proposal_decided", "The proposal was sent, dropped or replaced already.", Kind: RefusalKind.Conflict));
    }

    /// <summary>True when a person answered after it was written, here or in the channel's own inbox.</summary>
    private Task<bool> IsOvertakenAsync(Proposal proposal, CancellationToken stop)
    {
        var (conversation, seq) = (proposal.ConversationId, proposal.Seq);
        return db.Messages.AnyAsync(m => m.ConversationId == conversation && m.Seq > seq && m.Direction == Direction.Out && m.Author == Author.Member && m.Kind != MessageKind.Note && m.DeletedAt == null, stop);
    }

    private void Decide(Proposal proposal, ProposalState state, Guid? account) => (proposal.State, proposal.DecidedBy, proposal.DecidedAt) = (state, account, time.GetUtcNow());
}
