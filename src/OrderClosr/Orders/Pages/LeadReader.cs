using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders.Pages;

/// <summary>One lead as the list shows it.</summary>
/// <param name="Customer">Who; for a comment the name it shows.</param>
/// <param name="Product">Name of the product it is about; null when none that the catalogue knows.</param>
/// <param name="Words">What was said: the agent's sentence, or the comment.</param>
/// <param name="Ordered">Number of the order it came true by.</param>
public sealed record LeadRow(Lead Lead, string Customer, string? Phone, ChannelKind? Channel, string? Product, string Words, string? Ad, int? Ordered, string? FollowedBy, string? DoneBy);

/// <summary>Which leads somebody wants to see.</summary>
public sealed record LeadFilter
{
    /// <summary>Views of the list: nothing done yet, to come back to by today, ordered after all, seen to.</summary>
    public static readonly IReadOnlyList<string> Views = ["open", "due", "ordered", "done"];

    public string? View { get; init; }
    public ProductId? Product { get; init; }
    public LeadSource? Source { get; init; }
    public string? Text { get; init; }
    public Id<Lead>? Before { get; init; }

    /// <summary>One lead alone.</summary>
    public Id<Lead>? Only { get; init; }

    internal static LeadFilter Read(IQueryCollection query)
    {
        var words = query["q"].ToString();
        return new()
        {
            View = Views.Contains(query["view"].ToString()) ? query["view"].ToString() : null, Product = ProductId.TryParse(query["product"], null, out var product) ? product : null,
            Source = Enum.TryParse<LeadSource>(query["source"], ignoreCase: true, out var source) && Enum.IsDefined(source) ? source : null,
            Text = string.IsNullOrWhiteSpace(words) ? null : OneLine.Of(words.Length > 100 ? words[..100] : words), Before = Id<Lead>.TryParse(query["before"], null, out var last) ? last : null,
            Only = Id<Lead>.TryParse(query["id"], null, out var one) ? one : null,
        };
    }
}

/// <summary>A part of the list of leads.</summary>
/// <param name="Products">Products that leads are about, for the filter.</param>
/// <param name="Counts">How many there are of each view.</param>
/// <param name="Next">Where the next part begins; null at the end.</param>
public sealed record LeadPart(IReadOnlyList<LeadRow> Rows, IReadOnlyList<(ProductId Id, string Name)> Products, LeadFilter Filter, IReadOnlyDictionary<string, int> Counts, DateOnly Today, Id<Lead>? Next);

/// <summary>Reads leads for their page.</summary>
public sealed class LeadReader(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Rows of one part.</summary>
    public const int PerPage = 40;

    /// <summary>The newest first; those to come back to by their day.</summary>
    public async Task<LeadPart> ReadAsync(LeadFilter filter, CancellationToken stop)
    {
        var (customers, conversations, products, orders, comments, channels, accounts) = (db.Customers, db.Conversations, db.Products, db.Orders, db.Comments, db.Channels, db.Accounts);
        var (today, all) = (time.TodayInAlgiers(), db.Leads);
        var leads = In(db.Leads.AsNoTracking(), filter.View, today);
        if (filter.Only is { } one) leads = leads.Where(l => l.Id == one);
        if (filter.Product is { } about) leads = leads.Where(l => l.ProductId == about);
        if (filter.Source is { } source) leads = leads.Where(l => l.Source == source);
        if (filter.Text is { } text)
        {
            var digits = Folding.Compact(text);
            var folded = digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits.TrimStart('0') : Folding.Fold(text);
            leads = leads.Where(l => customers.Any(c => c.Id == l.CustomerId && c.Search.Contains(folded)) || comments.Any(c => c.Id == l.CommentId && c.AuthorName!.Contains(text)));
        }
        if (filter.Before is { } last) leads = leads.Where(l => l.Id < last);
        var sorted = filter.View == "due" ? leads.OrderBy(l => l.FollowUpOn).ThenByDescending(l => l.Id) : leads.OrderByDescending(l => l.Id);
        var rows = await sorted.Take(PerPage + 1).Select(l => new
        {
            Lead = l, Customer = customers.Where(c => c.Id == l.CustomerId).FirstOrDefault(), Comment = comments.Where(c => c.Id == l.CommentId).FirstOrDefault(),
            Talk = conversations.Where(c => c.Id == l.ConversationId).Select(c => new { c.ChannelKind, c.Referral }).FirstOrDefault(),
            Below = comments.Where(c => c.Id == l.CommentId).Join(channels, c => c.ChannelId, c => c.Id, (_, c) => (ChannelKind?)c.Kind).FirstOrDefault(),
            Product = products.Where(p => p.Id == l.ProductId).Select(p => p.Name).FirstOrDefault(), Order = orders.Where(o => o.Id == l.OrderId).Select(o => (int?)o.Number).FirstOrDefault(),
            FollowedBy = accounts.Where(a => a.Id == l.FollowedBy).Select(a => a.Name).FirstOrDefault(), DoneBy = accounts.Where(a => a.Id == l.DoneBy).Select(a => a.Name).FirstOrDefault(),
        }).ToListAsync(stop);
        var named = await db.Products.AsNoTracking().Where(p => all.Any(l => l.ProductId == p.Id)).OrderBy(p => p.Name).Take(200).Select(p => new { p.Id, p.Name }).ToListAsync(stop);
        var counts = new Dictionary<string, int>();
        foreach (var view in (string[])["open", "due"]) counts[view] = await In(db.Leads, view, today).CountAsync(stop);
        return new([.. rows.Take(PerPage).Select(r => new LeadRow(r.Lead, r.Customer?.Name is { Length: > 0 } name ? name : r.Comment?.AuthorName ?? "", r.Customer?.Phones.FirstOrDefault(), r.Talk?.ChannelKind ?? r.Below, r.Product,
                r.Lead.Note.Length > 0 ? r.Lead.Note : r.Comment?.Text ?? "", r.Lead.Source == LeadSource.Ad ? Referral.AdOf(r.Talk?.Referral)?.Title : null, r.Order, r.FollowedBy, r.DoneBy))],
            named.ConvertAll(p => (p.Id, p.Name)), filter, counts, today, rows.Count > PerPage && filter.View != "due" ? rows[PerPage - 1].Lead.Id : null);
    }

    /// <summary>The form of a new order for who is behind a lead: name, phone, product.</summary>
    public async Task<OrderForm> FormAsync(Id<Lead> id, CancellationToken stop)
    {
        if (await db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, stop) is not { } lead) return new OrderForm();
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == lead.CustomerId, stop);
        var product = lead.ProductId is { } wanted ? await db.Products.AsNoTracking().Include(p => p.Variants).SingleOrDefaultAsync(p => p.Id == wanted && p.Active, stop) : null;
        return new OrderForm
        {
            Name = customer?.Name ?? "", Phone = Phone.TryRead(customer?.Phones.FirstOrDefault() ?? "", out var phone) ? Web.Ui.PhoneText.Written(phone) : "",
            Lines = product?.Variants.Find(v => v.Stock is null or > 0) is { } variant ? [new FormLine(variant.Id.ToString(), "1", "")] : [],
        };
    }

    private static IQueryable<Lead> In(IQueryable<Lead> leads, string? view, DateOnly today) => view switch
    {
        "open" => leads.Where(l => l.ConvertedAt == null && l.DoneAt == null),
        "due" => leads.Where(l => l.ConvertedAt == null && l.DoneAt == null && l.FollowUpOn <= today),
        "ordered" => leads.Where(l => l.ConvertedAt != null),
        "done" => leads.Where(l => l.DoneAt != null),
        _ => leads,
    };
}
