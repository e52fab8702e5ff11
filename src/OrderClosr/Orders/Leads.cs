using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Notes interest without an order. One lead per conversation and product: said again, its note is renewed.</summary>
public sealed class Leads(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Adds or renews; the caller saves (the agent: with its turn).</summary>
    /// <param name="product">The product's name as said; one the catalogue does not know is kept in the note.</param>
    public async Task<Lead> NoteAsync(CustomerId customer, ConversationId conversation, string? product, string note, CancellationToken stop)
    {
        var wanted = Folding.Compact(product);
        var known = wanted.Length == 0 ? [] : await db.Products.AsNoTracking().Select(p => new { p.Id, p.Name }).ToListAsync(stop);
        ProductId? id = known.Where(p => Folding.Compact(p.Name) == wanted).Select(p => (ProductId?)p.Id).FirstOrDefault();
        var words = id is null && wanted.Length > 0 ? $"{product}: {note}" : note;
        words = OneLine.Of(words.Length > 500 ? words[..500] : words);
        var lead = await db.Leads.FirstOrDefaultAsync(l => l.ConversationId == conversation && l.ProductId == id, stop);
        if (lead is null)
        {
            var now = time.GetUtcNow();
            lead = new Lead { Id = Id<Lead>.New(now), CustomerId = customer, ConversationId = conversation, ProductId = id, At = now };
            db.Add(lead);
        }
        lead.Note = words;
        return lead;
    }
}
