using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Orders;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations.Pages;

/// <summary>A conversation as the page shows it.</summary>
public sealed record Talk
{
    public required Conversation Conversation { get; init; }
    public required Channel Channel { get; init; }
    public required Customer Customer { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>Number of the first message shown when there are older ones.</summary>
    public required int? OlderThan { get; init; }

    /// <summary>Number of the last message shown when there are newer ones (an older part is shown).</summary>
    public required int? NewerThan { get; init; }

    /// <summary>Turns that wrote the messages shown, by id.</summary>
    public required IReadOnlyDictionary<Guid, TurnRecord> Turns { get; init; }

    /// <summary>Names of members by account.</summary>
    public required IReadOnlyDictionary<Guid, string> Members { get; init; }

    /// <summary>Messages by the channel's id, for what a reply answers.</summary>
    public required IReadOnlyDictionary<string, Message> Answered { get; init; }

    /// <summary>The order of this conversation that matters now.</summary>
    public required Order? Order { get; init; }

    /// <summary>Where each field of the order was said: field → its message.</summary>
    public required IReadOnlyDictionary<string, Message> Sources { get; init; }

    /// <summary>The agent is silent in the whole workspace since then.</summary>
    public required Controls? Controls { get; init; }

    /// <summary>The pause that keeps the agent silent here: the workspace's, the channel's or this conversation's, the widest first.</summary>
    public PauseLine? Pause { get; init; }

    /// <summary>When the customer wrote STOP and how that ended, newest first.</summary>
    public IReadOnlyList<OptOut> OptOuts { get; init; } = [];

    /// <summary>An answer the agent wrote for a person to send.</summary>
    public Proposal? Proposal { get; init; }

    /// <summary>The turn that wrote it.</summary>
    public TurnRecord? ProposalTurn { get; init; }

    /// <summary>The first message no member had seen when the page was opened.</summary>
    public int? FirstUnread { get; init; }

    /// <summary>Address of a place in the thread.</summary>
    public bool Shows(int seq) => Messages.Any(m => m.Seq == seq);
}

/// <summary>Reads one conversation for the page.</summary>
public sealed class ThreadReader(OrderClosrDb db, Shop shop, Proposals proposals)
{
    /// <summary>So many messages are shown at once.</summary>
    public const int PageSize = 60;

    /// <summary>The last messages, or those before a number, or those around one; null when there is no such conversation here.</summary>
    public async Task<Talk?> ReadAsync(ConversationId id, int? before, int? at, CancellationToken stop)
    {
        var conversation = await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, stop);
        if (conversation is null) return null;
        var (messages, olderThan, newerThan) = await PageAsync(conversation, before, at, stop);
        var turns = messages.Where(m => m.TurnId is not null).Select(m => new OrderClosr.Ground.Values.Id<TurnRecord>(m.TurnId!.Value)).Distinct().ToList();
        var answered = messages.Where(m => m.RepliesTo is not null).Select(m => m.RepliesTo!).Distinct().ToList();
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.ConversationId == id && o.State != OrderState.Cancelled).OrderByDescending(o => o.CreatedAt).FirstOrDefaultAsync(stop)
            ?? await db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.ConversationId == id).OrderByDescending(o => o.CreatedAt).FirstOrDefaultAsync(stop);
        var proposal = await proposals.OpenAsync(id, stop);
        var sources = order is null ? [] : order.Sources.Values.Distinct().ToList();
        var said = sources.Count == 0 ? [] : await db.Messages.AsNoTracking().Where(m => sources.Contains(m.Id)).ToDictionaryAsync(m => m.Id, stop);
        return new()
        {
            Conversation = conversation,
            Channel = await db.Channels.AsNoTracking().SingleAsync(c => c.Id == conversation.ChannelId, stop),
            Customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == conversation.CustomerId, stop),
            Messages = messages,
            OlderThan = olderThan,
            NewerThan = newerThan,
            Turns = turns.Count == 0 ? [] : await db.Turns.AsNoTracking().Where(t => turns.Contains(t.Id)).ToDictionaryAsync(t => t.Id.Value, stop),
            Members = await (from m in db.Members where m.WorkspaceId == shop.Id join a in db.Accounts on m.AccountId equals a.Id select new { a.Id, a.Name }).ToDictionaryAsync(a => a.Id, a => a.Name, stop),
            Answered = answered.Count == 0 ? [] : await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && answered.Contains(m.ChannelMessageId!)).ToDictionaryAsync(m => m.ChannelMessageId!, stop),
            Order = order,
            Proposal = proposal,
            ProposalTurn = proposal is null ? null : await db.Turns.AsNoTracking().SingleOrDefaultAsync(t => t.Id == proposal.TurnId, stop),
            Sources = order is null ? [] : order.Sources.Where(s => said.ContainsKey(s.Value)).ToDictionary(s => s.Key, s => said[s.Value]),
            Controls = await db.Controls.AsNoTracking().SingleOrDefaultAsync(stop),
            Pause = (await PauseLine.OfAsync(db, db.Pauses.Where(p => p.EndedAt == null && (p.ChannelId == null || p.ChannelId == conversation.ChannelId) && (p.ConversationId == null || p.ConversationId == id)), stop))
                .OrderBy(p => p.Pause switch { { ConversationId: not null } => 2, { ChannelId: not null } => 1, _ => 0 }).Select(p => p.Line).FirstOrDefault(),
            OptOuts = await db.OptOuts.AsNoTracking().Where(o => o.CustomerId == conversation.CustomerId).OrderByDescending(o => o.At).Take(5).ToListAsync(stop),
            FirstUnread = conversation.Unread == 0 ? null : messages.Where(m => m.Direction == Direction.In).TakeLast(conversation.Unread).FirstOrDefault()?.Seq,
        };
    }

    /// <summary>One page as it was written, with the numbers behind which there is more.</summary>
    private async Task<(List<Message> Messages, int? OlderThan, int? NewerThan)> PageAsync(Conversation conversation, int? before, int? at, CancellationToken stop)
    {
        var id = conversation.Id;
        var all = db.Messages.AsNoTracking().Include(m => m.Attachments).AsSplitQuery().Where(m => m.ConversationId == id);
        var mark = (before ?? at) is { } number ? await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Seq == number).Select(m => new { m.At, m.Seq }).SingleOrDefaultAsync(stop) : null;
        List<Message> newer = [];
        if (mark is not null)
        {
            if (before is null) newer = await all.Where(m => m.At > mark.At || (m.At == mark.At && m.Seq > mark.Seq)).OrderBy(m => m.At).ThenBy(m => m.Seq).Take(PageSize / 2 + 1).ToListAsync(stop);
            var last = before is null ? mark.Seq : mark.Seq - 1;
            all = all.Where(m => m.At < mark.At || (m.At == mark.At && m.Seq <= last));
        }
        var hasNewer = mark is not null && (before is not null || newer.Count > PageSize / 2);
        newer = [.. newer.Take(PageSize / 2)];
        var most = PageSize - newer.Count;
        var older = await all.OrderByDescending(m => m.At).ThenByDescending(m => m.Seq).Take(most + 1).ToListAsync(stop);
        var page = older.Take(most).Reverse().Concat(newer).ToList();
        // The numbers belong to the order of the query; inside one second of WhatsApp the page may put it right.
        return ([.. page.AsWritten(conversation.ChannelKind)], older.Count > most ? page[0].Seq : null, hasNewer && page.Count > 0 ? page[^1].Seq : null);
    }
}
