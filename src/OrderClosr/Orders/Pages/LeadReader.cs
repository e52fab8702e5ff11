using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders.Pages;

/// <summary>One lead as the list shows it.</summary>
/// <param name="Product">Name of the product it is about; null when none that the catalogue knows.</param>
/// <param name="OrderedSince">An order of this customer that came after it: the lead was worth something.</param>
public sealed record LeadRow(Id<Lead> Id, string Customer, string? Phone, ConversationId ConversationId, ChannelKind? Channel, string? Product, string Note, DateTimeOffset At, int? OrderedSince);

/// <summary>A part of the list of leads.</summary>
/// <param name="Products">Products that leads are about, for the filter.</param>
/// <param name="Next">Where the next part begins; null at the end.</param>
public sealed record LeadPart(IReadOnlyList<LeadRow> Rows, IReadOnlyList<(ProductId Id, string Name)> Products, ProductId? Product, bool OnlyOpen, string? Text, Id<Lead>? Before, Id<Lead>? Next);

/// <summary>Reads leads for their page.</summary>
public sealed class LeadReader(OrderClosrDb db)
{
    /// <summary>Rows of one part.</summary>
    public const int PerPage = 40;

    /// <summary>The newest first.</summary>
    /// <param name="onlyOpen">Without those whose customer has ordered since.</param>
    public async Task<LeadPart> ReadAsync(ProductId? product, bool onlyOpen, string? text, Id<Lead>? before, CancellationToken stop)
    {
        var (customers, conversations, products, orders) = (db.Customers, db.Conversations, db.Products, db.Orders);
        var (leads, all) = (db.Leads.AsNoTracking(), db.Leads);
        if (product is { } about) leads = leads.Where(l => l.ProductId == about);
        if (onlyOpen) leads = leads.Where(l => !orders.Any(o => o.CustomerId == l.CustomerId && o.Number > 0 && o.State != OrderState.Cancelled && o.CreatedAt >= l.At));
        if (!string.IsNullOrWhiteSpace(text))
        {
            var digits = Folding.Compact(text);
            var folded = digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits.TrimStart('0') : Folding.Fold(text);
            leads = leads.Where(l => customers.Any(c => c.Id == l.CustomerId && c.Search.Contains(folded)));
        }
        if (before is { } last) leads = leads.Where(l => l.Id < last);
        var rows = await leads.OrderByDescending(l => l.Id).Take(PerPage + 1).Select(l => new
        {
            l.Id, l.ConversationId, l.Note, l.At, Customer = customers.Where(c => c.Id == l.CustomerId).FirstOrDefault(),
            Channel = conversations.Where(c => c.Id == l.ConversationId).Select(c => (ChannelKind?)c.ChannelKind).FirstOrDefault(),
            Product = products.Where(p => p.Id == l.ProductId).Select(p => p.Name).FirstOrDefault(),
            Order = orders.Where(o => o.CustomerId == l.CustomerId && o.Number > 0 && o.State != OrderState.Cancelled && o.CreatedAt >= l.At).OrderBy(o => o.CreatedAt).Select(o => (int?)o.Number).FirstOrDefault(),
        }).ToListAsync(stop);
        var named = await db.Products.AsNoTracking().Where(p => all.Any(l => l.ProductId == p.Id)).OrderBy(p => p.Name).Take(200).Select(p => new { p.Id, p.Name }).ToListAsync(stop);
        return new([.. rows.Take(PerPage).Select(r => new LeadRow(r.Id, r.Customer?.Name ?? "", r.Customer?.Phones.FirstOrDefault(), r.ConversationId, r.Channel, r.Product, r.Note, r.At, r.Order))],
            named.ConvertAll(p => (p.Id, p.Name)), product, onlyOpen, text, before, rows.Count > PerPage ? rows[PerPage - 1].Id : null);
    }
}
