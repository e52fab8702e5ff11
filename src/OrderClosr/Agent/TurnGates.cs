using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Agent;

/// <summary>What a turn starts from, as it stood under the conversation's lock.</summary>
public sealed record TurnStart(Conversation Conversation, Customer Customer, Channel Channel, AgentSettings Settings, IReadOnlyList<Message> Unanswered, long SpentMicroDollars, Spent Spent)
{
    /// <summary>Changes when anything that the turn answers changed: a new message, an edit, one taken back.</summary>
    public string Asked => AskedOf(Conversation.LastSeq, Unanswered);

    internal static string AskedOf(int lastSeq, IEnumerable<Message> unanswered) =>
        $"{lastSeq}|{string.Join(';', unanswered.Select(m => $"{m.Seq}:{m.EditedAt?.ToUnixTimeMilliseconds()}:{m.DeletedAt?.ToUnixTimeMilliseconds()}"))}";
}

/// <summary>The first transaction of a turn: locks the conversation, reads what is unanswered, asks every gate before anything is spent.</summary>
public sealed class TurnGates(OrderClosrDb db, ISalesModel model, Spending spending, UsageMeter usage, Saying saying, Holding holding, TimeProvider time)
{
    /// <summary>Codes of the agent's own gates, beside those of <see cref="Gate"/>.</summary>
    public const string NoKey = "no_key", OutsideHours = "outside_hours", Cap = "cap", WindowClosed = "window_closed", PlanRests = "plan_rests", PlanFull = "plan_full";

    /// <summary>Messages older than this get no automatic answer.</summary>
    public static readonly TimeSpan TooOld = TimeSpan.FromHours(24);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>Null with the reason when no turn may be taken now.</summary>
    public Task<(TurnStart?, TurnEnd)> OpenAsync(ConversationId id, CancellationToken stop) => db.InTransactionAsync<(TurnStart?, TurnEnd)>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "conversations", id.Value, stop);
        if (await db.Conversations.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } conversation) return (null, TurnEnd.Nothing);
        var unanswered = await UnansweredAsync(db, conversation, stop);
        if (unanswered.Count == 0)
        {
            if (conversation.DueAt is null && conversation.FirstUnansweredAt is null) return (null, TurnEnd.Nothing);
            (conversation.DueAt, conversation.FirstUnansweredAt) = (null, null);
            await db.SaveChangesAsync(stop);
            return (null, TurnEnd.Nothing);
        }
        var channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == conversation.CustomerId, stop);
        var controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop);
        var settings = await SettingsAsync(db, stop);
        var now = time.GetUtcNow();
        var spent = await db.Turns.Where(t => t.ConversationId == id && t.EndedAt > now - TimeSpan.FromDays(30)).SumAsync(t => t.CostMicroDollars, stop);
        var (silent, again) = Gate.SilentBecause(controls, channel, conversation, customer) is { } gate ? (gate, (DateTimeOffset?)null) : Own(conversation, settings, unanswered, spent, now);
        var plan = silent is null ? await usage.AskAsync(id.Value, stop) : PlanWord.Open;
        // Looked at again by itself, should the word that it is paid have been lost.
        if (plan == PlanWord.Rests) (silent, again) = (PlanRests, now + LookAgain);
        if (silent is not null)
        {
            if (conversation.SilentBecause != silent || conversation.DueAt != again)
            {
                (conversation.SilentBecause, conversation.DueAt) = (silent, again);
                db.Tell("conversation", id);
                await db.SaveChangesAsync(stop);
            }
            return (null, TurnEnd.Silent);
        }
        var ofShop = await spending.ReadAsync(settings, stop);
        if ((plan == PlanWord.Full ? PlanFull : ofShop.Over(settings)) is { } cap)
        {
            await HandOverAsync(conversation, settings, unanswered, cap, stop);
            return (null, TurnEnd.HandedOver);
        }
        return (new(conversation, customer, channel, settings, unanswered, spent, ofShop), TurnEnd.Nothing);
    }, stop);

    /// <summary>The shop's cap, or the month of its plan, is reached: the customer is told once that an answer comes, a person is asked for it. What was asked stays unanswered, so that the agent answers it when the cap opens.</summary>
    private async Task HandOverAsync(Conversation conversation, AgentSettings settings, IReadOnlyList<Message> unanswered, string cap, CancellationToken stop)
    {
        var (id, since) = (conversation.Id, conversation.FirstUnansweredAt ?? unanswered[0].StoredAt);
        var language = ReplyLanguage.Decide([.. unanswered.Select(m => m.Text)], ReplyLanguage.Stored(conversation.Language));
        if (!await db.Messages.AnyAsync(m => m.ConversationId == id && m.Author == Author.System && m.Direction == Direction.Out && m.At >= since, stop))
            saying.SayLater(conversation, new(Author.System, settings.SoonMessage.Trim() is { Length: > 0 } own ? own : HandOverWords.Soon(language)) { IsAnswer = true });
        holding.HandOver(conversation, cap, null, cap == PlanFull ? usage.OpensIn() : spending.OpensIn(cap) ?? await holding.ResumeAfterAsync(stop));
        db.Tell("conversation", id);
        db.Tell("controls", db.WorkspaceId);
        await db.SaveChangesAsync(stop);
    }

    private (string?, DateTimeOffset?) Own(Conversation conversation, AgentSettings settings, IReadOnlyList<Message> unanswered, long spent, DateTimeOffset now)
    {
        if (unanswered[^1].At < now - TooOld) return (Gate.OldMessage, null);
        if (SendWindow.IsClosed(conversation, now)) return (WindowClosed, null);
        // Looked at again by itself: the operator may set a key, the shop opens.
        if (!model.IsConfigured) return (NoKey, now + LookAgain);
        if (AgentHours.Read(settings.Hours) is { } hours && !hours.IsOpen(now)) return (OutsideHours, hours.NextOpening(now));
        return spent >= settings.ConversationCapMicroDollars ? (Cap, null) : (null, null);
    }

    internal static async Task<IReadOnlyList<Message>> UnansweredAsync(OrderClosrDb db, Conversation conversation, CancellationToken stop)
    {
        var (id, answered) = (conversation.Id, conversation.AnsweredUpTo);
        var messages = await db.Messages.AsNoTracking().Include(m => m.Attachments)
            .Where(m => m.ConversationId == id && m.Seq > answered && m.Direction == Direction.In && m.Author == Author.Customer && !m.IsHistoric && !m.IsSettled && m.DeletedAt == null)
            .ToListAsync(stop);
        return [.. messages.AsWritten(conversation.ChannelKind)];
    }

    /// <summary>The workspace's settings, or the defaults while it has changed nothing.</summary>
    internal static async Task<AgentSettings> SettingsAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.AgentSettings.AsNoTracking().FirstOrDefaultAsync(stop) ?? new AgentSettings { Id = default };
}
