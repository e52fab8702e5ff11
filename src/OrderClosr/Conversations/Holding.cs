using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Conversations;

/// <summary>Who answers a conversation: the agent, a person, or nobody. All moves between them are here.</summary>
/// <remarks>A move locks the conversation's row and, in the same transaction, drops what the agent was about to send.</remarks>
public sealed class Holding(OrderClosrDb db, Facts facts, TimeProvider time)
{
    /// <summary>Why a conversation is held: codes of the pages' words.</summary>
    public const string TakenByMember = "taken", AnsweredElsewhereCode = "answered_elsewhere", ThreadElsewhere = "thread_elsewhere", KeptForPerson = "kept_for_person", MemberGone = "member_gone";

    /// <summary>A member takes the conversation over; the agent falls silent at once. Taking what one holds already restarts the clock.</summary>
    public Task<Refusal?> TakeAsync(ConversationId id, Guid? account, CancellationToken stop) => MoveAsync(id, conversation => TakeLockedAsync(conversation, account, stop), stop);

    /// <summary>The same for a caller who has locked the row and saves.</summary>
    internal async Task TakeLockedAsync(Conversation conversation, Guid? account, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        Hold(conversation, HeldBy.Person, TakenByMember, now + await ResumeAfterAsync(stop), now);
        conversation.HandOverReason = TakenByMember;
        conversation.HeldByAccount = account;
        await DropPendingAsync(conversation, stop);
    }

    /// <summary>Gives the conversation back to the agent, which answers what is still unanswered.</summary>
    public Task<Refusal?> ReleaseAsync(ConversationId id, CancellationToken stop) => MoveAsync(id, conversation => ReleaseLockedAsync(conversation, stop), stop);

    /// <summary>The same by the clock: only if nobody restarted it meanwhile.</summary>
    internal Task<Refusal?> ReleaseDueAsync(ConversationId id, CancellationToken stop) =>
        MoveAsync(id, conversation => conversation.ResumesAt <= time.GetUtcNow() ? ReleaseLockedAsync(conversation, stop) : Task.CompletedTask, stop);

    private async Task ReleaseLockedAsync(Conversation conversation, CancellationToken stop)
    {
        var controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop);
        var customer = await db.Set<Customers.Customer>().AsNoTracking().SingleAsync(c => c.Id == conversation.CustomerId, stop);
        GiveBack(conversation, () => Gate.SilentBecause(controls, channel, conversation, customer), time.GetUtcNow());
    }

    /// <summary>A person settled what was asked of them and the agent goes on; unlike a release this says nothing about what was written before. The caller has locked the row and saves.</summary>
    internal async Task GoOnAsync(Conversation conversation, CancellationToken stop)
    {
        var released = conversation.ReleasedAt;
        await ReleaseLockedAsync(conversation, stop);
        conversation.ReleasedAt = released;
        await facts.TellAsync(new HolderChanged(conversation.Id, conversation.HeldBy, conversation.HandOverReason), stop);
    }

    /// <summary>The agent gives the conversation to people: nobody holds it until one takes it or the time passes. The caller has locked the row.</summary>
    public void HandOver(Conversation conversation, string reason, string? note, TimeSpan resumeAfter)
    {
        var now = time.GetUtcNow();
        Hold(conversation, HeldBy.Nobody, reason, now + resumeAfter, now);
        conversation.HandOverNote = note;
    }

    /// <summary>A member wants a person, not the agent, to answer what waits here: nobody holds it until one takes it.</summary>
    public Task<Refusal?> KeepForPersonAsync(ConversationId id, CancellationToken stop) => MoveAsync(id, async conversation =>
    {
        if (conversation.HeldBy != HeldBy.Agent) return;
        HandOver(conversation, KeptForPerson, null, await ResumeAfterAsync(stop));
        await DropPendingAsync(conversation, stop);
    }, stop);

    /// <summary>What a member had taken over who answers nobody any more: it waits for another person, until the agent goes on at the hour that was set. In the caller's transaction; the caller saves.</summary>
    internal async Task FreeAsync(Guid account, CancellationToken stop)
    {
        var ids = await db.Conversations.Where(c => c.HeldByAccount == account).Select(c => c.Id).ToListAsync(stop);
        if (ids.Count == 0) return;
        await db.Dialect.LockRowsAsync(db, "conversations", [.. ids.Select(id => id.Value)], stop);
        foreach (var conversation in await db.Conversations.Where(c => c.HeldByAccount == account).ToListAsync(stop))
        {
            conversation.HeldByAccount = null;
            db.Tell("conversation", conversation.Id);
            if (conversation.HeldBy != HeldBy.Person) continue;
            (conversation.HeldBy, conversation.HandOverReason, conversation.SilentBecause, conversation.DueAt) = (HeldBy.Nobody, MemberGone, Gate.Closed, null);
            await facts.TellAsync(new HolderChanged(conversation.Id, conversation.HeldBy, conversation.HandOverReason), stop);
        }
    }

    /// <summary>How long a take-over lasts in this workspace.</summary>
    public async Task<TimeSpan> ResumeAfterAsync(CancellationToken stop) =>
        TimeSpan.FromHours((await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop))?.ResumeAfterHours ?? new Controls { Id = default }.ResumeAfterHours);

    /// <summary>Drops the agent's messages that wait to be sent; they stay in the thread as not sent, with the reason.</summary>
    public async Task DropPendingAsync(Conversation conversation, CancellationToken stop, string reason = "taken_over")
    {
        var key = conversation.Id.ToString();
        var waiting = await db.Jobs.AsNoTracking()
            .Where(j => j.OrderKey == key && j.Kind == SendMessage.Kind && (j.State == JobState.Waiting || j.State == JobState.Parked)).ToListAsync(stop);
        var unsent = new List<MessageId>(); // answers among them
        foreach (var job in waiting)
        {
            var id = JsonSerializer.Deserialize<SendMessage>(job.Payload, JobRows.PayloadJson)!.Message;
            if (await db.Messages.SingleOrDefaultAsync(m => m.Id == id, stop) is not { Author: Author.Agent or Author.System } message) continue;
            var now = time.GetUtcNow();
            // Only what has not started: a running one asks the same gates itself, right before it sends.
            var dropped = await db.Jobs.Where(j => j.Id == job.Id && (j.State == JobState.Waiting || j.State == JobState.Parked))
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, JobState.Dropped).SetProperty(j => j.LastFailure, reason).SetProperty(j => j.FinishedAt, now), stop);
            if (dropped == 1 && message.MoveTo(MessageStatus.Failed, new(reason, "")) && message is { Author: Author.Agent, IsAnswer: true }) unsent.Add(id);
        }
        if (unsent.Count > 0 && reason != Gate.OptedOut) await WaitsAgainAsync(db, conversation, unsent, time.GetUtcNow(), stop);
    }

    /// <summary>An answer was stopped before it was sent: what the customer asked waits for one again, unless somebody answered it meanwhile. The caller has locked the row and saves.</summary>
    /// <param name="unsent">What was stopped, perhaps not saved as such yet.</param>
    internal static async Task WaitsAgainAsync(OrderClosrDb db, Conversation conversation, IReadOnlyList<MessageId> unsent, DateTimeOffset now, CancellationToken stop)
    {
        var id = conversation.Id;
        var answered = await db.Messages.Where(m => m.ConversationId == id && m.Direction == Direction.Out && (m.Author == Author.Member || (m.Author == Author.Agent && m.IsAnswer))
            && m.Kind != MessageKind.Note && m.Status != MessageStatus.Failed && m.DeletedAt == null && !unsent.Contains(m.Id)).MaxAsync(m => (int?)m.Seq, stop) ?? 0;
        var first = await db.Messages.Where(m => m.ConversationId == id && m.Seq > answered && m.Direction == Direction.In && !m.IsHistoric && !m.IsSettled && m.DeletedAt == null).OrderBy(m => m.Seq).FirstOrDefaultAsync(stop);
        if (first is null || first.Seq > conversation.AnsweredUpTo) return;
        conversation.AnsweredUpTo = first.Seq - 1;
        conversation.FirstUnansweredAt = first.StoredAt;
        if (conversation is { HeldBy: HeldBy.Agent, SilentBecause: null }) conversation.DueAt = now;
    }

    /// <summary>A person wrote, or changed what they wrote, in the channel's own inbox or app: they hold it, each further message of theirs restarts the clock.</summary>
    internal void AnsweredElsewhere(Conversation conversation, TimeSpan resumeAfter, DateTimeOffset now) =>
        Hold(conversation, HeldBy.Person, AnsweredElsewhereCode, now + resumeAfter, now);

    /// <summary>Another app or the channel's inbox owns the thread.</summary>
    internal void GoesElsewhere(Conversation conversation, TimeSpan resumeAfter, DateTimeOffset now) =>
        Hold(conversation, HeldBy.Person, ThreadElsewhere, now + resumeAfter, now);

    internal void GiveBack(Conversation conversation, Func<string?> silentBecause, DateTimeOffset now)
    {
        (conversation.HeldBy, conversation.HeldByAccount, conversation.HandOverReason, conversation.HandOverNote) = (HeldBy.Agent, null, null, null);
        (conversation.HeldSince, conversation.ResumesAt, conversation.ReleasedAt) = (null, null, now);
        conversation.SilentBecause = silentBecause();
        conversation.DueAt = conversation.SilentBecause is null && conversation.FirstUnansweredAt is not null ? now : null;
    }

    private static void Hold(Conversation conversation, HeldBy by, string reason, DateTimeOffset resumesAt, DateTimeOffset now)
    {
        if (conversation.HeldBy == HeldBy.Agent) conversation.HeldSince = now;
        // A member who took it here stays the holder when they also write from their phone.
        if (conversation.HeldBy != HeldBy.Person || conversation.HandOverReason is not TakenByMember) conversation.HandOverReason = reason;
        conversation.HeldBy = by;
        conversation.ResumesAt = resumesAt;
        conversation.SilentBecause = by == HeldBy.Person ? Gate.HeldByPerson : Gate.Closed;
        conversation.DueAt = null;
    }

    private async Task<Refusal?> MoveAsync(ConversationId id, Func<Conversation, Task> move, CancellationToken stop)
    {
        return await db.InTransactionAsync(async () =>
        {
            await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
            if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return Refusal.NotFound("conversation");
            await move(conversation);
            await facts.TellAsync(new HolderChanged(id, conversation.HeldBy, conversation.HandOverReason), stop);
            await db.SaveChangesAsync(stop);
            db.Tell("conversation", id);
            return (Refusal?)null;
        }, stop);
    }
}
