using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Conversations.Pages;

/// <summary>Which conversations the list shows.</summary>
public enum InboxView { All, Waiting, Mine, Agent, Unread, Closing }

/// <summary>What the reader of the list asked for; all of it stands in the address.</summary>
public sealed record InboxQuery(InboxView View = InboxView.All, string? Text = null, string? After = null)
{
    /// <summary>Reads the address; anything unknown means "all".</summary>
    public static InboxQuery Of(string? view, string? q, string? after) =>
        new(Enum.TryParse<InboxView>(view, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : InboxView.All, string.IsNullOrWhiteSpace(q) ? null : q.Trim(), after);

    /// <summary>The part of an address behind the question mark, with another starting point.</summary>
    public string Address(string? after = null)
    {
        var parts = new List<string>();
        if (View != InboxView.All) parts.Add($"view={View.Word()}");
        if (Text is not null) parts.Add($"q={Uri.EscapeDataString(Text)}");
        if (after is not null) parts.Add($"after={after}");
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }
}

/// <summary>One line of the list.</summary>
public sealed record InboxRow
{
    public required ConversationId Id { get; init; }
    public required ChannelKind Channel { get; init; }
    public required string Name { get; init; }
    public required HeldBy HeldBy { get; init; }
    public required Guid? HeldByAccount { get; init; }
    public required string? HandOverReason { get; init; }
    public required DateTimeOffset? HeldSince { get; init; }
    public required DateTimeOffset? DueAt { get; init; }
    public required DateTimeOffset? FirstUnansweredAt { get; init; }
    public required string? SilentBecause { get; init; }
    public required DateTimeOffset LastMessageAt { get; init; }
    public required DateTimeOffset? LastCustomerActionAt { get; init; }
    public required string Preview { get; init; }
    public required MessageKind PreviewKind { get; init; }
    public required Author PreviewAuthor { get; init; }
    public required int Unread { get; init; }

    /// <summary>Nobody will answer unless a person does.</summary>
    public bool Waits => HeldBy == HeldBy.Nobody || HeldBy == HeldBy.Agent && FirstUnansweredAt is not null && SilentBecause is not null;
}

/// <summary>A part of the list under its title.</summary>
/// <param name="Key">Words <c>conversations.group_KEY</c>.</param>
/// <param name="Count">How many there are in all; null: not said.</param>
public sealed record InboxGroup(string Key, IReadOnlyList<InboxRow> Rows, int? Count);

/// <summary>The list as it is drawn.</summary>
/// <param name="Next">Where the next part begins; null at the end.</param>
public sealed record InboxPart(InboxQuery Query, IReadOnlyList<InboxGroup> Groups, string? Next, IReadOnlyDictionary<Guid, string> Members, int Waiting);

/// <summary>Reads the list of conversations: quick for a hundred thousand of them, by index and by key, never by counting through.</summary>
public sealed class InboxReader(OrderClosrDb db, Shop shop, TimeProvider time)
{
    private const int PageSize = 30, Pinned = 50;

    /// <summary>Conversations that wait for a person, for the badge.</summary>
    public static async Task<int> WaitingAsync(OrderClosrDb db, CancellationToken stop) =>
        await HandedOver(db.Conversations).CountAsync(stop) + await Unanswered(db.Conversations).CountAsync(stop);

    public async Task<InboxPart> ReadAsync(InboxQuery query, CancellationToken stop)
    {
        var me = shop.AccountId;
        var now = time.GetUtcNow();
        var members = await (from m in db.Members where m.WorkspaceId == shop.Id join a in db.Accounts on m.AccountId equals a.Id select new { a.Id, a.Name }).ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        var waiting = await WaitingAsync(db, stop);
        var all = db.Conversations.AsNoTracking();
        var groups = new List<InboxGroup>();

        if (query.Text is { } text)
        {
            var (rows, next) = await PartAsync(await FoundAsync(all, text, stop), query.After, stop);
            return new(query, [new("found", rows, null)], next, members, waiting);
        }
        if (query.View == InboxView.All && query.After is null)
        {
            if (waiting > 0) groups.Add(new("waiting", await RowsAsync(Waiting(all).OrderBy(c => c.LastMessageAt).Take(Pinned), stop), waiting));
            var mine = await RowsAsync(all.Where(c => c.HeldBy == HeldBy.Person && c.HeldByAccount == me).OrderByDescending(c => c.LastMessageAt).Take(Pinned), stop);
            if (mine.Count > 0) groups.Add(new("mine", mine, mine.Count));
        }
        var (part, after) = await PartAsync(query.View switch
        {
            InboxView.Waiting => Waiting(all),
            InboxView.Mine => all.Where(c => c.HeldBy == HeldBy.Person && c.HeldByAccount == me),
            InboxView.Agent => all.Where(c => c.HeldBy == HeldBy.Agent),
            InboxView.Unread => all.Where(c => c.Unread > 0),
            InboxView.Closing => all.Where(c => c.LastMessageAt > now.AddHours(-24) && c.LastCustomerActionAt > now.AddHours(-24) && c.LastCustomerActionAt < now.AddHours(-21)),
            _ => all.Where(c => !(c.HeldBy == HeldBy.Person && c.HeldByAccount == me) && !(c.HeldBy == HeldBy.Nobody) && !(c.HeldBy == HeldBy.Agent && c.FirstUnansweredAt != null && c.SilentBecause != null)),
        }, query.After, stop);
        if (query.View != InboxView.All)
        {
            groups.Add(new(query.View.Word(), part, null));
        }
        else
        {
            Add("agent", part.Where(r => r.HeldBy == HeldBy.Agent && IsOpen(r)));
            Add("others", part.Where(r => r.HeldBy == HeldBy.Person));
            Add("silent", part.Where(r => r.HeldBy == HeldBy.Agent && !IsOpen(r)));
        }
        return new(query, groups, after, members, waiting);

        bool IsOpen(InboxRow row) => row.LastCustomerActionAt > now.AddHours(-24);
        void Add(string key, IEnumerable<InboxRow> rows)
        {
            if (rows.ToList() is { Count: > 0 } some) groups.Add(new(key, some, null));
        }
    }

    // Two reads, each with an index of its own: with "or" both databases would read every conversation of the shop.
    private static IQueryable<Conversation> Waiting(IQueryable<Conversation> all) => HandedOver(all).Concat(Unanswered(all));

    private static IQueryable<Conversation> HandedOver(IQueryable<Conversation> all) => all.Where(c => c.HeldBy == HeldBy.Nobody);

    private static IQueryable<Conversation> Unanswered(IQueryable<Conversation> all) => all.Where(c => c.FirstUnansweredAt != null && c.HeldBy == HeldBy.Agent && c.SilentBecause != null);

    /// <summary>By name or phone (folded, as they are stored), or by the number of an order.</summary>
    private async Task<IQueryable<Conversation>> FoundAsync(IQueryable<Conversation> all, string text, CancellationToken stop)
    {
        var folded = Folding.Fold(text);
        var digits = Folding.Compact(text);
        if (digits.All(char.IsAsciiDigit) && digits.Length > 0)
        {
            if (digits.Length is >= 4 and <= 7 && int.TryParse(digits, CultureInfo.InvariantCulture, out var number)
                && await db.Orders.Where(o => o.Number == number).Select(o => o.ConversationId).ToListAsync(stop) is { Count: > 0 } ids && ids.Any(id => !id.IsNone))
                return all.Where(c => ids.Contains(c.Id));
            folded = digits.TrimStart('0');
        }
        return from c in all join p in db.Customers on c.CustomerId equals p.Id where p.Search.Contains(folded) select c;
    }

    private async Task<(List<InboxRow> Rows, string? Next)> PartAsync(IQueryable<Conversation> from, string? after, CancellationToken stop)
    {
        if (after?.Split('-') is [var ms, var last] && long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && ConversationId.TryParse(last, null, out var id) && at < 253402300799999)
        {
            var when = DateTimeOffset.FromUnixTimeMilliseconds(at);
            from = from.Where(c => c.LastMessageAt < when || (c.LastMessageAt == when && c.Id < id));
        }
        var rows = await RowsAsync(from.OrderByDescending(c => c.LastMessageAt).ThenByDescending(c => c.Id).Take(PageSize + 1), stop);
        if (rows.Count <= PageSize) return (rows, null);
        rows.RemoveAt(PageSize);
        return (rows, $"{rows[^1].LastMessageAt.ToUnixTimeMilliseconds()}-{rows[^1].Id}");
    }

    private async Task<List<InboxRow>> RowsAsync(IQueryable<Conversation> from, CancellationToken stop)
    {
        var customers = db.Customers;
        return await from.Select(c => new InboxRow
        {
            Id = c.Id, Channel = c.ChannelKind, HeldBy = c.HeldBy, HeldByAccount = c.HeldByAccount, HandOverReason = c.HandOverReason, HeldSince = c.HeldSince, DueAt = c.DueAt,
            FirstUnansweredAt = c.FirstUnansweredAt, SilentBecause = c.SilentBecause, LastMessageAt = c.LastMessageAt, LastCustomerActionAt = c.LastCustomerActionAt,
            Preview = c.Preview, PreviewKind = c.PreviewKind, PreviewAuthor = c.PreviewAuthor, Unread = c.Unread,
            Name = customers.Where(p => p.Id == c.CustomerId).Select(p => p.Name).FirstOrDefault() ?? "",
        }).ToListAsync(stop);
    }
}
