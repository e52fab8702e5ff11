using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent.Guards;
using OrderClosr.Agent.Tools;
using OrderClosr.Billing;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Agent;

/// <summary>The second transaction of a turn: everything or nothing, and only when the world is still the one the turn began with.</summary>
public sealed class TurnCommit(OrderClosrDb db, Saying saying, Holding holding, Drafts drafts, ChangeOrder changes, ConfirmOrder confirm, CancelOrder cancel, AnswerRescue rescues, Leads leads, Summary summary, Spending spending, UsageMeter usage, Noticing notices, TimeProvider time, ILogger<TurnCommit> log)
{
    /// <summary>How long a chat answer is worth trying for; after that a person answers.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(15);

    public async Task<TurnEnd> CommitAsync(Id<TurnRecord> id, DateTimeOffset startedAt, TurnStart start, Thought thought, CancellationToken stop)
    {
        var (end, reason) = await TryAsync(id, startedAt, start, thought, stop);
        if (end == TurnEnd.ThrownAway && thought.Steps > 0) await KeepCostAsync(id, startedAt, start, thought, reason, stop);
        return end;
    }

    private async Task<(TurnEnd, string)> TryAsync(Id<TurnRecord> id, DateTimeOffset startedAt, TurnStart start, Thought thought, CancellationToken stop)
    {
        try
        {
            return await db.InTransactionAsync(async () =>
            {
                var conversation = await LockAsync(start.Conversation.Id, stop);
                if (await ChangedAsync(conversation, start, stop) is { } changed) throw new Thrown(changed);
                var end = thought.Failure is { } failure ? await AfterFailureAsync(id, startedAt, conversation, start, thought, failure, stop) : await AnswerAsync(id, startedAt, conversation, start, thought, stop);
                await db.SaveChangesAsync(stop);
                db.Tell("conversation", conversation.Id);
                return (end, "");
            }, stop);
        }
        catch (Thrown thrown)
        {
            return (TurnEnd.ThrownAway, thrown.Reason);
        }
        catch (DbUpdateException) when (!stop.IsCancellationRequested)
        {
            // Another node committed the same turn, or somebody changed a row meanwhile: it is taken again on what is there now.
            return (TurnEnd.ThrownAway, "conflict");
        }
    }

    private async Task<Conversation> LockAsync(ConversationId id, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        return await db.Conversations.SingleAsync(c => c.Id == id, stop);
    }

    /// <summary>Why the turn is worthless: paused, taken over, answered, or something new from the customer.</summary>
    private async Task<string?> ChangedAsync(Conversation conversation, TurnStart start, CancellationToken stop)
    {
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == conversation.CustomerId, stop);
        var controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        if (Gate.SilentBecause(controls, channel, conversation, customer) is { } gate) return gate;
        if (conversation.AnsweredUpTo != start.Conversation.AnsweredUpTo) return "answered";
        var now = await TurnGates.UnansweredAsync(db, conversation, stop);
        return TurnStart.AskedOf(conversation.LastSeq, now) == start.Asked ? null : "newer_message";
    }

    private async Task<TurnEnd> AnswerAsync(Id<TurnRecord> id, DateTimeOffset startedAt, Conversation conversation, TurnStart start, Thought thought, CancellationToken stop)
    {
        var work = thought.Work!;
        var bubbles = thought.Bubbles;
        var (draft, number) = await DoAsync(work, stop);
        if (number is { } taken && taken.Told != taken.Is) bubbles = Renumbered(bubbles, taken.Told, taken.Is);

        await notices.SayFirstAsync(conversation, start.Settings, work.Language, id.Value, stop);
        var photos = work.Effects.OfType<PhotosEffect>().SelectMany(e => e.Photos).Distinct().ToList();
        if (thought.Proposes is { } why) return await ProposeAsync(id, startedAt, conversation, start, thought, why, bubbles, photos, stop);
        var last = 0;
        for (var i = 0; i < bubbles.Count; i++)
        {
            var said = saying.SayLater(conversation, new(Author.Agent, bubbles[i]) { TurnId = id.Value, Photos = i == 0 ? photos : [], IsAnswer = true });
            if (said.Count > 0) last = said[^1].Seq;
        }
        if (draft is not null && work.HandOver is null && ReadBack.Is(bubbles, work.View)) draft.MarkReadBack(work.View!.Version, last);

        conversation.Language = work.Language.ToString();
        await usage.CountAsync(conversation.Id.Value, stop);
        await summary.RenewAsync(conversation, stop);
        conversation.SilentBecause = null;
        conversation.Answered();
        if (work.HandOver is { } handOver) holding.HandOver(conversation, handOver.Reason, handOver.Note, spending.OpensIn(handOver.Reason) ?? await holding.ResumeAfterAsync(stop));
        Record(id, startedAt, start, thought, work.HandOver is null ? TurnOutcome.Replied : TurnOutcome.HandedOver, work.HandOver?.Reason, start.Conversation.LastSeq);
        return work.HandOver is null ? TurnEnd.Replied : TurnEnd.HandedOver;
    }

    /// <summary>The words with the order's other number. Where the told one may also be an amount, a house or anything else, other words are needed.</summary>
    private static IReadOnlyList<string> Renumbered(IReadOnlyList<string> bubbles, int told, int @is)
    {
        var number = new Regex($@"(?<!\d){told}(?!\d)");
        if (bubbles.Sum(number.Count) > 1 || bubbles.SelectMany(b => b.Split('\n')).SelectMany(l => MoneyGuard.Read(l)).Any(r => r.InDinars?.Amount == told)) throw new Thrown("outcome_changed");
        return [.. bubbles.Select(b => number.Replace(b, $"{@is}"))];
    }

    /// <summary>The answer becomes a row for a person; the customer hears in our own words that one answers.</summary>
    private async Task<TurnEnd> ProposeAsync(Id<TurnRecord> id, DateTimeOffset startedAt, Conversation conversation, TurnStart start, Thought thought, ProposalReason why, IReadOnlyList<string> bubbles, List<StoredPhoto> photos, CancellationToken stop)
    {
        var work = thought.Work!;
        var (now, talk) = (time.GetUtcNow(), conversation.Id);
        var since = now - Proposing.Lasts;
        var wasTold = await db.Messages.AnyAsync(m => m.ConversationId == talk && m.Author == Author.System && m.Direction == Direction.Out && m.Kind == MessageKind.Text && m.At >= since && !db.Set<ConsentNotice>().Any(n => n.MessageId == m.Id), stop);
        saying.SayLater(conversation, new(Author.System, wasTold ? HandOverWords.Moment(work.Language) : HandOverWords.Person(work.Language)) { TurnId = id.Value, IsAnswer = true });
        foreach (var older in await db.Proposals.Where(p => p.ConversationId == talk && p.State == ProposalState.Open).ToListAsync(stop)) (older.State, older.DecidedAt) = (ProposalState.Replaced, now);
        db.Add(new Proposal
        {
            Id = Id<Proposal>.New(now), ConversationId = talk, TurnId = id, Reason = why, Text = string.Join("\n\n", bubbles), Photos = photos.Count == 0 ? null : JsonSerializer.Serialize(photos, JsonSerializerOptions.Web),
            Seq = conversation.LastSeq, At = now,
        });
        conversation.Language = work.Language.ToString();
        await summary.RenewAsync(conversation, stop);
        conversation.Answered();
        var reason = $"proposal_{why.ToString().ToLowerInvariant()}";
        holding.HandOver(conversation, reason, work.HandOver?.Note, await holding.ResumeAfterAsync(stop));
        Record(id, startedAt, start, thought, TurnOutcome.HandedOver, reason, start.Conversation.LastSeq);
        return TurnEnd.HandedOver;
    }

    /// <summary>Does what the tools collected, by the verbs that pages call. What is refused now was allowed while the turn thought: it is taken again.</summary>
    private async Task<(Order?, (int Told, int Is)?)> DoAsync(TurnWork work, CancellationToken stop)
    {
        var draft = await drafts.OpenAsync(work.Conversation.Id, stop);
        (int, int)? number = null;
        foreach (var effect in work.Effects)
        {
            switch (effect)
            {
                case SaveDraftEffect save:
                    draft = await DraftForAsync(draft, save, work, stop);
                    var applied = await drafts.ApplyAsync(draft, save.Change, stop);
                    if (!applied.Ok) throw new Thrown(applied.Refusal.Code);
                    await db.SaveChangesAsync(stop);
                    db.Tell("order", draft.Id);
                    break;
                case ConfirmEffect yes:
                    var order = await confirm.RunAsync(yes.Draft, yes.Version, new(ActorKind.Agent, time.GetUtcNow(), MessageId: yes.Yes), yes.Waits, stop);
                    if (!order.Ok) throw new Thrown(order.Refusal.Code);
                    // What was told to the model is in its words: another outcome needs other words. Another number is only put in its place.
                    if (order.Value.State != yes.State || order.Value.Total != yes.Total) throw new Thrown("outcome_changed");
                    number = (yes.Number, order.Value.Number);
                    draft = null;
                    break;
                case CancelEffect wish:
                    var cancelled = await cancel.RunAsync(wish.Order, new(ActorKind.Agent, time.GetUtcNow(), wish.Reason, MessageId: work.Cause), stop);
                    if (!cancelled.Ok) throw new Thrown(cancelled.Refusal.Code);
                    break;
                case RescueEffect answer:
                    var taken = await rescues.RunAsync(answer.Rescue, answer.Wish, new(ActorKind.Agent, time.GetUtcNow(), MessageId: work.Cause), stop);
                    if (!taken.Ok) throw new Thrown(taken.Refusal.Code);
                    // The driver may have left meanwhile: then other words are true.
                    if (taken.Value.GoesToCourier != answer.GoesToCourier || taken.Value.ToType is not null != answer.ByPerson) throw new Thrown("outcome_changed");
                    break;
                case LeadEffect lead:
                    await leads.NoteAsync(work.Customer.Id, work.Conversation.Id, lead.Product, lead.Note, stop);
                    break;
            }
        }
        if (draft is not null && work.View is { } view && (draft.DraftVersion != view.Version || draft.Total != (view.Total ?? draft.Total))) throw new Thrown("draft_changed");
        return (draft, number);
    }

    private async Task<Order> DraftForAsync(Order? open, SaveDraftEffect save, TurnWork work, CancellationToken stop)
    {
        if (save.ChangeOf is { } number)
        {
            var order = await changes.FindAsync(work.Conversation.Id, number, stop) ?? throw new Thrown("not_found");
            if (open?.ChangeOf == order.Id) return open;
            var begun = ChangeOrder.Begin(order, time.GetUtcNow());
            if (!begun.Ok) throw new Thrown(begun.Refusal.Code);
            db.Add(begun.Value);
            return begun.Value;
        }
        if (open is not null) return open;
        var draft = drafts.New(work.Customer.Id, work.Conversation.Id, OrderOrigin.Agent);
        db.Add(draft);
        return draft;
    }

    /// <summary>The provider did not answer: try again later, tell the customer once, and after a while give the conversation to a person.</summary>
    private async Task<TurnEnd> AfterFailureAsync(Id<TurnRecord> id, DateTimeOffset startedAt, Conversation conversation, TurnStart start, Thought thought, VendorFailure failure, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var since = conversation.FirstUnansweredAt ?? start.Unanswered[0].StoredAt;
        var (conversationId, reason) = (conversation.Id, Trouble);
        var tries = await db.Turns.CountAsync(t => t.ConversationId == conversationId && t.Outcome == TurnOutcome.ThrownAway && t.Reason == reason && t.EndedAt >= since, stop) + 1;
        var lasts = failure.Category is not (FailureCategory.Transient or FailureCategory.RateLimited) || failure.Code == ISalesModel.ProviderPaused;
        if (lasts) log.LogError("The agent cannot answer: {Code}. {Words}", failure.Code, failure.Message);
        var wait = failure.RetryAfter ?? Retries.Wait(tries);
        var language = ReplyLanguage.Decide([.. start.Unanswered.Select(m => m.Text)], ReplyLanguage.Stored(conversation.Language));
        var soon = start.Settings.SoonMessage.Trim() is { Length: > 0 } own ? own : HandOverWords.Soon(language);

        if (lasts || now + wait - since > GiveUpAfter)
        {
            if (!await ToldAsync(conversation, since, stop)) saying.SayLater(conversation, new(Author.Agent, soon) { TurnId = id.Value, IsAnswer = true });
            conversation.Answered();
            holding.HandOver(conversation, "provider_down", failure.Message, await holding.ResumeAfterAsync(stop));
            Record(id, startedAt, start, thought, TurnOutcome.HandedOver, failure.Code ?? reason, start.Conversation.LastSeq);
            return TurnEnd.HandedOver;
        }
        // The first hiccup may pass unnoticed; from the second on the customer should know that we are there.
        if (tries >= 2 && !await ToldAsync(conversation, since, stop)) saying.SayLater(conversation, new(Author.System, soon) { TurnId = id.Value, IsAnswer = true });
        conversation.DueAt = now + wait;
        Record(id, startedAt, start, thought, TurnOutcome.ThrownAway, reason, null);
        return TurnEnd.Later;
    }

    private const string Trouble = "provider";

    private Task<bool> ToldAsync(Conversation conversation, DateTimeOffset since, CancellationToken stop)
    {
        var id = conversation.Id;
        return db.Messages.AnyAsync(m => m.ConversationId == id && m.Author == Author.System && m.Direction == Direction.Out && m.At >= since, stop);
    }

    /// <summary>A thrown-away turn did nothing but cost.</summary>
    private Task KeepCostAsync(Id<TurnRecord> id, DateTimeOffset startedAt, TurnStart start, Thought thought, string reason, CancellationToken stop)
    {
        db.ChangeTracker.Clear();
        Record(id, startedAt, start, thought, TurnOutcome.ThrownAway, reason, null);
        return db.SaveChangesAsync(stop);
    }

    private void Record(Id<TurnRecord> id, DateTimeOffset startedAt, TurnStart start, Thought thought, TurnOutcome outcome, string? reason, int? answeredUpTo) => db.Add(new TurnRecord
    {
        Id = id, ConversationId = start.Conversation.Id, AnsweredUpTo = answeredUpTo, StartedAt = startedAt, EndedAt = time.GetUtcNow(), Outcome = outcome, Reason = reason, Model = thought.Model,
        Steps = thought.Steps, InputTokens = thought.Usage.Input, CacheReadTokens = thought.Usage.CacheRead, CacheWriteTokens = thought.Usage.CacheWrite, OutputTokens = thought.Usage.Output,
        CostMicroDollars = thought.Usage.CostMicroDollars,
        Why = JsonSerializer.Serialize(new { steps = thought.Work?.Steps ?? [], guards = thought.Guards, language = thought.Work?.Language.ToString(), answer = thought.Work?.Answer.ToString().ToLowerInvariant() }, ToolInput.Json),
    });

    /// <summary>The turn is not to be committed.</summary>
    private sealed class Thrown(string reason) : Exception
    {
        internal string Reason => reason;
    }
}
