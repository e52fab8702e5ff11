using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Conversations;

/// <summary>Sends one message: asks all gates again, marks it as being sent, sends, writes how it ended.</summary>
/// <remarks>Who pauses or takes over before the mark is committed stops the message; who comes after it comes too late for this one only.</remarks>
internal sealed class SendMessageHandler(OrderClosrDb db, ISender sender, Holding holding, Receiving receiving, TimeProvider time) : IJobHandler<SendMessage>
{
    /// <summary>How long an unclear send waits for its echo or status before it is repeated once.</summary>
    internal static readonly TimeSpan LookFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5), EchoWait = TimeSpan.FromSeconds(2);

    private DateTimeOffset _preparedAt;
    private bool _onlyLooks;

    public async Task<JobOutcome> RunAsync(SendMessage job, JobRun run, CancellationToken stop)
    {
        var (outgoing, end) = await PrepareAsync(job, run, isLookedFor: false, stop);
        if (end is not null) return end;
        if (_onlyLooks)
        {
            // It may have arrived. Whoever died could not hear echo and status: they get their moment after the first look.
            if (await sender.FindAsync(outgoing!, stop) is { } id) return JobOutcome.Done((scope, inner) => SentAsync(scope, job, id, inner));
            if (run.LeaseRanOut || _preparedAt - outgoing!.Message.SendingAt < LookFor) return JobOutcome.Unknown("No answer came: looking whether it arrived.", time.GetUtcNow() + LookAgain);
            (outgoing, end) = await PrepareAsync(job, run, isLookedFor: true, stop);
            if (end is not null) return end;
        }
        if (await HearsMissedAsync(outgoing!, stop))
        {
            (outgoing, end) = await PrepareAsync(job, run, isLookedFor: true, stop);
            if (end is not null) return end;
        }
        CrashPoint.Pass("sending");
        try
        {
            var result = await sender.SendAsync(outgoing!, stop);
            return result.Failure is { } failure
                ? JobOutcome.Refused($"Not sent: {failure}.", (scope, inner) => FailAsync(scope, job, failure, inner))
                : JobOutcome.Done((scope, inner) => SentAsync(scope, job, result.ChannelMessageId!, inner));
        }
        catch (VendorFailure failure) when (failure.Category == FailureCategory.Credentials)
        {
            return new(JobState.Parked, failure.Message, Apply: (scope, inner) => BrokenAsync(scope, job, failure.Code, inner));
        }
        catch (VendorFailure failure) when (failure is { Category: FailureCategory.RateLimited, Code: "pair_limit" })
        {
            // Only this customer waits, longer each time: 4, 16, 64 seconds … Thrown on, it would slow the whole lane down, and with it every other customer.
            var at = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(4, Math.Min(run.Attempt, 5)));
            return at - outgoing!.Message.StoredAt > SendMessage.GiveUpAfter ? new(JobState.GivenUp, failure.Message) : JobOutcome.Again(at, failure.Message);
        }
    }

    public async Task OnFailedAsync(SendMessage job, string words, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        if (await db.Messages.SingleOrDefaultAsync(m => m.Id == job.Message, stop) is not { } message) return;
        var conversation = await db.Conversations.SingleAsync(c => c.Id == job.Conversation, stop);
        message.MoveTo(MessageStatus.Failed, new("not_delivered", ""));
        // The customer got no answer: a person has to look.
        if (message.Author == Author.Agent && conversation.HeldBy == HeldBy.Agent) holding.HandOver(conversation, "not_sent", null, await holding.ResumeAfterAsync(stop));
        db.Tell("conversation", conversation.Id);
    }

    /// <summary>Before the agent's first words of an answer: a person who wrote in the thread meanwhile, and whose echo never came, takes it over now.</summary>
    /// <remarks>What stands there from before the conversation was known, or before our own last message, says nothing about now.</remarks>
    private async Task<bool> HearsMissedAsync(OutgoingMessage outgoing, CancellationToken stop)
    {
        var (id, channel, seq, turn) = (outgoing.Message.ConversationId, outgoing.Channel.Id, outgoing.Message.Seq, outgoing.Message.TurnId);
        if (outgoing.IsByPerson || outgoing.Channel.Kind != ChannelKind.Instagram) return false;
        var sent = db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Direction == Direction.Out && m.Seq < seq && m.ChannelMessageId != null);
        if (turn is not null && await sent.AnyAsync(m => m.TurnId == turn, stop)) return false;
        var wrote = await sender.ReadThreadAsync(outgoing, stop);
        if (wrote.Count == 0) return false;
        var conversation = await db.Conversations.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.CreatedAt, c.ReleasedAt }).SingleAsync(stop);
        var since = new[] { conversation.CreatedAt, conversation.ReleasedAt, await sent.MaxAsync(m => (DateTimeOffset?)m.At, stop) }.Max();
        var ids = wrote.Select(w => w.Id).ToList();
        var known = await db.Messages.AsNoTracking().Where(m => m.ChannelId == channel && ids.Contains(m.ChannelMessageId!)).Select(m => m.ChannelMessageId!).ToListAsync(stop);
        List<ChannelNews> missed = [.. wrote.Where(w => w.At > since && !known.Contains(w.Id)).Select(w => new ChannelNews(channel, w))];
        if (missed.Count == 0) return false;
        db.ChangeTracker.Clear(); // what was read before the lock
        await db.InTransactionAsync(() => receiving.ReceiveAsync(missed, stop), stop);
        db.ChangeTracker.Clear();
        return true;
    }

    /// <summary>What to send, or how the job ends without sending. What may have arrived is not marked again before it was looked for.</summary>
    private Task<(OutgoingMessage?, JobOutcome?)> PrepareAsync(SendMessage job, JobRun run, bool isLookedFor, CancellationToken stop) => db.InTransactionAsync<(OutgoingMessage?, JobOutcome?)>(async () =>
    {
        var now = time.GetUtcNow();
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        if (await db.Messages.Include(m => m.Attachments).SingleOrDefaultAsync(m => m.Id == job.Message, stop) is not { } message) return (null, JobOutcome.Dropped("The message is gone."));
        // The echo or a status came first.
        if (message.ChannelMessageId is not null) return (null, JobOutcome.Done((scope, inner) => SentAsync(scope, job, message.ChannelMessageId, inner)));
        if (message.Status != MessageStatus.Stored) return (null, JobOutcome.Dropped("Already ended."));
        var conversation = await db.Conversations.SingleAsync(c => c.Id == job.Conversation, stop);
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == job.Channel, stop);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == conversation.CustomerId, stop);
        var handles = await db.CustomerHandles.AsNoTracking().Where(h => h.CustomerId == customer.Id && h.ChannelId == channel.Id).OrderBy(h => h.Id).Select(h => new PersonHandle(h.Kind, h.Handle)).ToListAsync(stop);
        var wasSent = run.OutcomeWasUnknown && message.SendingAt is not null;
        (_preparedAt, _onlyLooks) = (now, wasSent && !isLookedFor);

        if (!_onlyLooks && channel.State == ChannelState.Disconnected) return Drop(job, Gate.ChannelGone);
        if (!_onlyLooks && Gate.IsUnwanted(message, customer)) return Drop(job, Gate.OptedOut);
        if (!_onlyLooks && message.Author != Author.Member && await SilentAsync(channel, conversation, customer, message, stop) is { } silent)
            return message is { Author: Author.Agent, IsAnswer: true } ? Silence(job, silent) : Drop(job, silent);
        if (channel.State == ChannelState.Broken) return (null, new JobOutcome(JobState.Parked, $"The channel is broken: {channel.Trouble}."));
        if (!_onlyLooks && message.Author != Author.Member && await db.EarlyWords.AnyAsync(w => w.ConversationId == conversation.Id && w.Kind == EarlyKind.Echo, stop))
            return (null, new JobOutcome(wasSent ? JobState.OutcomeUnknown : JobState.Waiting, "Somebody wrote in this thread: waiting to learn who.", now + EchoWait));
        var isPerson = message.Author == Author.Member;
        if (!_onlyLooks && message.Kind != MessageKind.Template && (isPerson ? SendWindow.IsClosedForPeople(conversation, now) : SendWindow.IsClosed(conversation, now)))
            return (null, JobOutcome.Refused("The window for free text is closed.", (scope, inner) => FailAsync(scope, job, new("window_closed", ""), inner)));
        if (handles.Count == 0) return (null, JobOutcome.Refused("The customer has no address on this channel.", (scope, inner) => FailAsync(scope, job, new("unreachable", ""), inner)));

        var extras = message.Extras is null ? null : JsonSerializer.Deserialize<MessageExtras>(message.Extras, Receiving.ExtrasJson);
        var outgoing = new OutgoingMessage(channel, message, handles) { Buttons = extras?.Buttons ?? [], Template = extras?.Template, IsWindowClosed = SendWindow.IsClosed(conversation, now) };
        if (_onlyLooks) return (outgoing, null);
        if (wasSent)
        {
            if (message.MayBeRepeated) return (null, JobOutcome.Refused("Sent twice without an answer.", (scope, inner) => FailAsync(scope, job, new("outcome_unknown", ""), inner)));
            message.MayBeRepeated = true;
        }
        message.SendingAt = now;
        await db.SaveChangesAsync(stop);
        return (outgoing, null);
    }, stop);

    private static (OutgoingMessage?, JobOutcome?) Drop(SendMessage job, string reason) =>
        (null, JobOutcome.Dropped($"Not sent: {reason}.", (scope, inner) => FailAsync(scope, job, new(reason, ""), inner)));

    /// <summary>A gate closed before the agent's answer went out: it is thought anew when the gate opens.</summary>
    private static (OutgoingMessage?, JobOutcome?) Silence(SendMessage job, string reason) => (null, JobOutcome.Dropped($"Not sent: {reason}.", async (scope, inner) =>
    {
        await FailAsync(scope, job, new(reason, ""), inner);
        await Holding.WaitsAgainAsync(scope.Db, await scope.Db.Conversations.SingleAsync(c => c.Id == job.Conversation, inner), [job.Message], scope.Get<TimeProvider>().GetUtcNow(), inner);
    }));

    /// <summary>Gates for what the agent says. Nobody's conversation may still hear it: a hand-over is told to the customer. That a STOP was heard is told whoever holds it.</summary>
    private async Task<string?> SilentAsync(Channel channel, Conversation conversation, Customer customer, Message message, CancellationToken stop)
    {
        var controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        return Gate.SilentBecause(controls, channel, conversation, customer) switch
        {
            Gate.Closed or Gate.ChannelBroken => null,
            Gate.HeldByPerson when message is { Author: Author.System, IsAnswer: true, TurnId: null } => null,
            var reason => reason,
        };
    }

    private static async Task SentAsync(WorkspaceScope scope, SendMessage job, string id, CancellationToken stop)
    {
        var db = scope.Db;
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        var message = await db.Messages.SingleAsync(m => m.Id == job.Message, stop);
        if (message.ChannelMessageId is null)
        {
            // An echo that was taken for a person's although it was ours: the person was never there.
            if (await db.Messages.SingleOrDefaultAsync(m => m.ChannelId == job.Channel && m.ChannelMessageId == id && m.Id != message.Id, stop) is { } mistaken)
            {
                mistaken.ChannelMessageId = null;
                mistaken.DeletedAt = scope.Get<TimeProvider>().GetUtcNow();
                await db.SaveChangesAsync(stop);
            }
            message.ChannelMessageId = id;
        }
        message.MoveTo(MessageStatus.Sent);
        await Statuses.TakeUpEarlyAsync(db, message, await db.Conversations.SingleAsync(c => c.Id == job.Conversation, stop), scope.Get<TimeProvider>().GetUtcNow(), stop);
        db.Tell("conversation", job.Conversation);
    }

    private static async Task FailAsync(WorkspaceScope scope, SendMessage job, SendFailure failure, CancellationToken stop)
    {
        var db = scope.Db;
        var now = scope.Get<TimeProvider>().GetUtcNow();
        await db.Dialect.LockRowAsync(db, "conversations", job.Conversation.Value, stop);
        var message = await db.Messages.SingleAsync(m => m.Id == job.Message, stop);
        var conversation = await db.Conversations.SingleAsync(c => c.Id == job.Conversation, stop);
        message.MoveTo(MessageStatus.Failed, failure);
        await SettleFailureHandler.ReactAsync(scope, message, conversation, failure, now, stop);
        db.Tell("conversation", job.Conversation);
    }

    private static async Task BrokenAsync(WorkspaceScope scope, SendMessage job, string? code, CancellationToken stop)
    {
        var db = scope.Db;
        (await db.Messages.SingleAsync(m => m.Id == job.Message, stop)).SendingAt = null; // refused, so surely not sent
        var channel = await db.Channels.SingleAsync(c => c.Id == job.Channel, stop);
        if (channel.State != ChannelState.Disconnected) await scope.Get<ChannelHealth>().TroubleAsync(channel, code ?? "token_refused", stops: true, stop);
    }
}
