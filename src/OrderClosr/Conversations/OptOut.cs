using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations;

/// <summary>A customer wrote STOP: by which message, since when, and how it ended.</summary>
/// <remarks>The switch that the gate reads is <see cref="Customer.OptedOutAt"/>; this is its story. Found for export and erasure by workspace and customer.</remarks>
public sealed class OptOut : IOfWorkspace, IHasId<OptOut>
{
    /// <summary>Longest <see cref="Reason"/>.</summary>
    public const int LongestReason = 200;

    public required Id<OptOut> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }
    public required CustomerId CustomerId { get; set; }
    public required ConversationId ConversationId { get; init; }

    /// <summary>The message that said it.</summary>
    public required MessageId MessageId { get; init; }

    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The member who lifted it; null: the customer wrote START.</summary>
    public Guid? EndedBy { get; set; }

    /// <summary>Why a member lifted it, in their words.</summary>
    public string? Reason { get; set; }
}

/// <summary>A customer wants no messages any more, other than answers.</summary>
public sealed record CustomerOptedOut(ConversationId Conversation, CustomerId Customer);

/// <summary>STOP and START: from the one on, a customer gets nothing that they did not ask for, over any channel, until the other or until a member lifts it with a reason.</summary>
/// <remarks>What enforces it is <see cref="Gate.IsUnwanted"/>, right before each send. A question is answered as ever.</remarks>
public sealed class OptOuts(OrderClosrDb db, Saying saying, Holding holding, Facts facts, Audit audit, TimeProvider time)
{
    /// <summary>Reads one fresh message of a customer, inside the transaction that stored it and under the conversation's lock.</summary>
    internal async Task HearAsync(MessageReceived fact, CancellationToken stop)
    {
        var message = fact.Message;
        // Both are at hand already: a batch of a thousand messages asks the database for none of them.
        var conversation = (await db.Conversations.FindAsync([fact.Conversation], stop))!;
        var customer = (await db.Customers.FindAsync([fact.Customer], stop))!;
        switch (message.Kind is MessageKind.Text or MessageKind.Button or MessageKind.StoryReply ? OptOutWords.Read(message.Text) : OptOutWish.None)
        {
            case OptOutWish.Stop when !await MeansADeskAsync(message, stop) && !await IsLongPastAsync(message, stop):
                await StopAsync(conversation, customer, message, stop);
                break;
            case OptOutWish.Start when customer.OptedOutAt is not null:
                await StartAsync(conversation, customer, message, stop);
                break;
            // They ask something again: nobody has to be called before it is answered.
            case var _ when conversation is { HeldBy: HeldBy.Nobody, HandOverReason: Gate.OptedOut, FirstUnansweredAt: not null }:
                await holding.GoOnAsync(conversation, stop);
                break;
            default:
                return;
        }
        await db.SaveChangesAsync(stop);
    }

    /// <summary>A member lets messages go to the customer again, because the customer said so elsewhere.</summary>
    /// <param name="reason">Why; without one it is refused.</param>
    public Task<Refusal?> LiftAsync(ConversationId id, Guid account, string? reason, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var words = Receiving.Clean(reason ?? "").ReplaceLineEndings(" ").Trim();
        if (words.Length == 0) return new Refusal("opt_out_reason_missing", "Say why the customer may be written to again.", "reason");
        if (words.Length > OptOut.LongestReason) return new Refusal("opt_out_reason_long", $"At most {OptOut.LongestReason} characters.", "reason", [$"{OptOut.LongestReason}"]);
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
        var customer = await db.Customers.SingleAsync(c => c.Id == conversation.CustomerId, stop);
        if (customer.OptedOutAt is null) return new Refusal("not_opted_out", "The customer did not write STOP, or it was lifted already.", Kind: RefusalKind.Conflict);
        await EndAsync(customer, account, words, stop);
        if (conversation is { HeldBy: HeldBy.Nobody, HandOverReason: Gate.OptedOut }) await holding.GoOnAsync(conversation, stop);
        audit.Write(AuditAction.OptOutLifted, id);
        await db.SaveChangesAsync(stop);
        db.Tell("conversation", id);
        return (Refusal?)null;
    }, stop);

    /// <summary>Why a member may not write now: the customer wrote STOP and nothing after it. Null when they may.</summary>
    internal static async Task<Refusal?> RefuseAsync(OrderClosrDb db, Conversation conversation, CancellationToken stop)
    {
        var (id, customerId) = (conversation.Id, conversation.CustomerId);
        if (await db.Customers.Where(c => c.Id == customerId).Select(c => c.OptedOutAt).SingleAsync(stop) is not { } since) return null;
        return await db.Messages.AnyAsync(m => m.ConversationId == id && m.Direction == Direction.In && !m.IsSettled && m.StoredAt >= since, stop)
            ? null : new Refusal("opted_out", "The customer wrote STOP: call them, or lift it with a reason.", Kind: RefusalKind.Conflict);
    }

    private async Task StopAsync(Conversation conversation, Customer customer, Message message, CancellationToken stop)
    {
        // What was asked before is not wanted any more. Deliveries overtake each other and WhatsApp counts in seconds: of what was written in the same one nobody knows the order, and a question is answered.
        foreach (var before in (await UnansweredAsync(conversation, stop)).Where(m => m.At < message.At)) before.IsSettled = true;
        message.IsSettled = true;
        await NothingWaitsAsync(conversation, stop);
        if (customer.OptedOutAt is not null) return;
        customer.OptedOutAt = message.StoredAt;
        db.Add(new OptOut { Id = Id<OptOut>.New(message.StoredAt), CustomerId = customer.Id, ConversationId = conversation.Id, MessageId = message.Id, At = message.StoredAt });
        await holding.DropPendingAsync(conversation, stop, Gate.OptedOut);
        if (!message.IsHistoric) saying.SayLater(conversation, new(Author.System, OptOutWords.Stopped(conversation.Language, message.Text)) { IsAnswer = true });
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new CustomerOptedOut(conversation.Id, customer.Id), stop);
    }

    private async Task StartAsync(Conversation conversation, Customer customer, Message message, CancellationToken stop)
    {
        message.IsSettled = true;
        await EndAsync(customer, null, null, stop);
        if (conversation is { HeldBy: HeldBy.Nobody, HandOverReason: Gate.OptedOut }) await holding.GoOnAsync(conversation, stop);
        await NothingWaitsAsync(conversation, stop);
        if (!message.IsHistoric) saying.SayLater(conversation, new(Author.System, OptOutWords.Started(conversation.Language, message.Text)) { IsAnswer = true });
    }

    private async Task EndAsync(Customer customer, Guid? account, string? reason, CancellationToken stop)
    {
        var id = customer.Id;
        foreach (var running in await db.OptOuts.Where(o => o.CustomerId == id && o.EndedAt == null).ToListAsync(stop)) (running.EndedAt, running.EndedBy, running.Reason) = (time.GetUtcNow(), account, reason);
        customer.OptedOutAt = null;
    }

    private async Task<List<Message>> UnansweredAsync(Conversation conversation, CancellationToken stop)
    {
        var (id, answered) = (conversation.Id, conversation.AnsweredUpTo);
        return await db.Messages.Where(m => m.ConversationId == id && m.Seq > answered && m.Direction == Direction.In && m.Author == Author.Customer && !m.IsSettled && !m.IsHistoric && m.DeletedAt == null).ToListAsync(stop);
    }

    private async Task NothingWaitsAsync(Conversation conversation, CancellationToken stop)
    {
        // Of what the database says, what this transaction has settled meanwhile is left out.
        if ((await UnansweredAsync(conversation, stop)).TrueForAll(m => m.IsSettled)) (conversation.FirstUnansweredAt, conversation.DueAt) = (null, null);
    }

    /// <summary>"Stop" alone, right after we offered a stop desk, answers that.</summary>
    private async Task<bool> MeansADeskAsync(Message message, CancellationToken stop)
    {
        if (!OptOutWords.IsBareStop(message.Text)) return false;
        var (id, seq) = (message.ConversationId, message.Seq);
        var last = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.Out && m.Kind != MessageKind.Note && m.Seq < seq && m.DeletedAt == null && m.Status != MessageStatus.Failed)
            .OrderByDescending(m => m.Seq).Select(m => m.Text).FirstOrDefaultAsync(stop);
        return last is not null && OptOutWords.OffersADesk(last);
    }

    /// <summary>An old message, of an import or after an outage, behind which the customer wrote on.</summary>
    private async Task<bool> IsLongPastAsync(Message message, CancellationToken stop)
    {
        if (!message.IsHistoric) return false;
        var (id, at) = (message.ConversationId, message.At);
        return await db.Messages.AnyAsync(m => m.ConversationId == id && m.Direction == Direction.In && m.At > at, stop);
    }
}

/// <summary>Every fresh message is read for STOP and START before anybody answers it.</summary>
internal sealed class OptOutOnMessageReceived(OptOuts optOuts) : IListener<MessageReceived>
{
    public Task OnAsync(MessageReceived fact, CancellationToken stop) => optOuts.HearAsync(fact, stop);
}
