using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Notes interest without an order, and what members do about it. One open lead per conversation and product: said again, its note is renewed.</summary>
public sealed class Leads(OrderClosrDb db, Facts facts, TimeProvider time)
{
    /// <summary>The longest note of a member.</summary>
    public const int LongestNote = 500;

    /// <summary>A day to come back is not later than this.</summary>
    private const int MostDaysAhead = 400;

    /// <summary>Adds or renews; the caller saves (the agent: with its turn).</summary>
    /// <param name="product">The product's name as said; one the catalogue does not know is kept in the note.</param>
    public async Task<Lead> NoteAsync(CustomerId customer, ConversationId conversation, string? product, string note, CancellationToken stop)
    {
        var wanted = Folding.Compact(product);
        var known = wanted.Length == 0 ? [] : await db.Products.AsNoTracking().Select(p => new { p.Id, p.Name }).ToListAsync(stop);
        ProductId? id = known.Where(p => Folding.Compact(p.Name) == wanted).Select(p => (ProductId?)p.Id).FirstOrDefault();
        var words = id is null && wanted.Length > 0 ? $"{product}: {note}" : note;
        words = OneLine.Of(words.Length > 500 ? words[..500] : words);
        var lead = await db.Leads.FirstOrDefaultAsync(l => l.ConversationId == conversation && l.ProductId == id && l.ConvertedAt == null && l.DoneAt == null, stop);
        if (lead is null)
        {
            var now = time.GetUtcNow();
            var from = await db.Conversations.AsNoTracking().Where(c => c.Id == conversation).Select(c => c.Referral).SingleOrDefaultAsync(stop);
            lead = new Lead { Id = Id<Lead>.New(now), CustomerId = customer, ConversationId = conversation, ProductId = id, At = now, Source = Referral.AdOf(from) is null ? LeadSource.Conversation : LeadSource.Ad };
            db.Add(lead);
        }
        lead.Note = words;
        await facts.TellAsync(new LeadNoted(lead.Id), stop);
        db.Tell("lead", lead.Id);
        return lead;
    }

    /// <summary>A member notes what was said and when to come back; an empty day takes the day away.</summary>
    /// <returns>Refused: <c>not_found, too_long, follow_up_day</c>.</returns>
    public Task<Refusal?> FollowAsync(Id<Lead> id, string? note, string? day, Guid account, CancellationToken stop)
    {
        var words = PlainText.Line(note ?? "").Trim();
        if (words.Length > LongestNote) return Task.FromResult<Refusal?>(new("too_long", $"At most {LongestNote} characters.", "note", [$"{LongestNote}"]));
        DateOnly? on = null;
        if (!string.IsNullOrWhiteSpace(day))
        {
            var today = time.TodayInAlgiers();
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", out var read) || read < today || read > today.AddDays(MostDaysAhead)) return Task.FromResult<Refusal?>(new("follow_up_day", "A day from today on.", "day"));
            on = read;
        }
        return ChangeAsync(id, lead => (lead.FollowUpNote, lead.FollowUpOn, lead.FollowedBy, lead.FollowedAt) = (words, on, account, time.GetUtcNow()), stop);
    }

    /// <summary>A member has seen to it, or takes that back.</summary>
    public Task<Refusal?> DoneAsync(Id<Lead> id, bool done, Guid account, CancellationToken stop) =>
        ChangeAsync(id, lead =>
        {
            lead.DoneAt = done ? lead.DoneAt ?? time.GetUtcNow() : null;
            lead.DoneBy = done ? lead.DoneBy ?? account : null;
        }, stop);

    private Task<Refusal?> ChangeAsync(Id<Lead> id, Action<Lead> change, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        await db.Dialect.LockRowAsync(db, "leads", id.Value, stop);
        if (await db.Leads.SingleOrDefaultAsync(l => l.Id == id, stop) is not { } lead) return Refusal.NotFound("lead");
        change(lead);
        await db.SaveChangesAsync(stop);
        db.Tell("lead", id);
        return (Refusal?)null;
    }, stop);
}

/// <summary>A customer of whom leads are open has ordered: they came true. When the order is cancelled they are open again.</summary>
internal sealed class ConvertLeadsOnOrderChanged(OrderClosrDb db) : IListener<OrderConfirmed>, IListener<OrderChanged>, IListener<OrderCancelled>
{
    public Task OnAsync(OrderConfirmed fact, CancellationToken stop) => ConvertAsync(fact.OrderId, stop);

    public Task OnAsync(OrderChanged fact, CancellationToken stop) => ConvertAsync(fact.OrderId, stop);

    public async Task OnAsync(OrderCancelled fact, CancellationToken stop)
    {
        foreach (var lead in await db.Leads.Where(l => l.OrderId == fact.OrderId).ToListAsync(stop)) (lead.ConvertedAt, lead.OrderId) = (null, null);
        await db.SaveChangesAsync(stop);
    }

    private async Task ConvertAsync(OrderId id, CancellationToken stop)
    {
        var order = await db.Orders.AsNoTracking().Where(o => o.Id == id && o.Number > 0 && o.State != OrderState.Cancelled).Select(o => new { o.CustomerId, o.ConversationId }).SingleOrDefaultAsync(stop);
        if (order is null || (order.CustomerId.IsNone && order.ConversationId.IsNone)) return;
        // What a customer wants beyond this order is interest of its own: only what was noted before it was written.
        var written = await db.OrderMoves.Where(m => m.OrderId == id && m.From == OrderState.Draft && m.To != OrderState.Draft).OrderBy(m => m.Id).Select(m => (DateTimeOffset?)m.At).FirstOrDefaultAsync(stop);
        if (written is not { } at) return;
        var (customer, talk) = (order.CustomerId, order.ConversationId);
        var open = db.Leads.Where(l => l.ConvertedAt == null && l.At <= at);
        var leads = await (customer.IsNone ? open.Where(l => l.ConversationId == talk) : open.Where(l => l.CustomerId == customer)).ToListAsync(stop);
        foreach (var lead in leads) (lead.ConvertedAt, lead.OrderId) = (at, id);
        if (leads.Count > 0) await db.SaveChangesAsync(stop);
    }
}

/// <summary>Somebody asks below a post what it costs, or leaves a number: a lead, although nobody has written yet.</summary>
internal sealed class LeadOnCommentReceived(OrderClosrDb db, Facts facts) : IListener<CommentReceived>
{
    public async Task OnAsync(CommentReceived fact, CancellationToken stop)
    {
        var comment = fact.Comment;
        if (comment.RemovedAt is not null || !Interest.IsIn(comment.Text) || await db.Leads.AnyAsync(l => l.CommentId == comment.Id, stop)) return;
        var (channel, handle) = (comment.ChannelId, comment.AuthorHandle);
        var customer = handle is null ? null : await db.CustomerHandles.Where(h => h.ChannelId == channel && h.Handle == handle).Select(h => (CustomerId?)h.CustomerId).FirstOrDefaultAsync(stop);
        var talk = customer is null ? null : await db.Conversations.Where(c => c.ChannelId == channel && c.CustomerId == customer).Select(c => (ConversationId?)c.Id).FirstOrDefaultAsync(stop);
        var lead = new Lead { Id = Id<Lead>.New(comment.At), CustomerId = customer ?? default, ConversationId = talk ?? default, At = comment.At, Source = LeadSource.Comment, CommentId = comment.Id };
        db.Add(lead);
        await facts.TellAsync(new LeadNoted(lead.Id), stop);
        db.Tell("lead", lead.Id);
    }
}

/// <summary>Tells a comment that asks something of the shop from one that only greets: prices, stock, delivery, a phone number, or a question at all.</summary>
internal static class Interest
{
    private static readonly string[] Signs =
        ["prix", "combien", "chhal", "ch7al", "sh7al", "9adech", "9addach", "kadech", "dispo", "commande", "livr", "taille", "pointure", "interess", "kayen", "kayna", "n7eb", "nheb", "bghit", "hab nechri", "price",
         "شحال", "سعر", "ثمن", "بكم", "بشحال", "قداش", "متوفر", "كاين", "توصيل", "طلب", "نحب", "حاب", "مقاس", "سومة", "السومه"];

    internal static bool IsIn(string text)
    {
        if (text.Contains('?', StringComparison.Ordinal) || text.Contains('؟', StringComparison.Ordinal)) return true;
        var folded = Folding.Fold(text);
        return Array.Exists(Signs, sign => folded.Contains(Folding.Fold(sign), StringComparison.Ordinal)) || PhoneIn(text);
    }

    private static bool PhoneIn(string text)
    {
        var digits = new string([.. Folding.AsciiDigits(text).Where(char.IsAsciiDigit)]);
        return digits.Length is >= 9 and <= 14 && Phone.TryRead(digits, out _);
    }
}

/// <summary>Interest was noted, or said again; told in the transaction that keeps it.</summary>
public sealed record LeadNoted(Id<Lead> Lead);
