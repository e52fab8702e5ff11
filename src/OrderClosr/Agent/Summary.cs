using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Agent;

/// <summary>The running summary of what lies before the messages that are sent word for word: made by code from what is known, not by a model.</summary>
/// <remarks>Orders, drafts, name, phone and place stand in the facts anyway; what would be lost is which products were spoken of and where the customer lives (docs/decisions).</remarks>
public sealed class Summary(OrderClosrDb db, Places places)
{
    private const int Longest = 800;

    /// <summary>Renews the summary once enough messages have left the window.</summary>
    public async Task RenewAsync(Conversation conversation, CancellationToken stop)
    {
        var upTo = conversation.LastSeq - Prompt.HistoryMessages;
        if (upTo - conversation.SummaryUpTo < Prompt.HistoryMessages / 2) return;
        var (id, from) = (conversation.Id, conversation.SummaryUpTo);
        var left = await db.Messages.AsNoTracking().Where(m => m.ConversationId == id && m.Seq > from && m.Seq <= upTo && m.DeletedAt == null && m.Direction == Direction.In)
            .OrderBy(m => m.Seq).Select(m => new { m.Text, m.At }).Take(200).ToListAsync(stop);
        var names = await db.Products.AsNoTracking().OrderBy(p => p.Name).Select(p => p.Name).Take(500).ToListAsync(stop);
        var said = left.Select(m => Folding.Words(m.Text).ToHashSet()).ToList();
        var products = names.Where(n => Folding.Words(n).Where(w => w.Length > 3).ToList() is { Count: > 0 } words && said.Exists(s => words.TrueForAll(s.Contains))).Take(6).ToList();
        var towns = left.SelectMany(m => places.FindIn(m.Text)).Select(m => m.Only?.Name).OfType<string>().Distinct().Take(3).ToList();

        var text = new StringBuilder(conversation.Summary);
        if (left.Count > 0) text.Append(text.Length > 0 ? " " : "").Append($"Until {AlgiersTime.DateInAlgiers(left[^1].At):yyyy-MM-dd}:");
        if (products.Count > 0) text.Append($" asked about {string.Join(", ", products)};");
        if (towns.Count > 0) text.Append($" named {string.Join(", ", towns)};");
        if (left.Exists(m => Wishes.IsHard(m.Text))) text.Append(" complained or asked for a person;");
        if (left.Exists(m => Wishes.ToCancel(m.Text))) text.Append(" spoke of cancelling;");
        if (products.Count + towns.Count == 0 && left.Count > 0) text.Append($" {left.Count} messages;");
        // The newest is worth most.
        conversation.Summary = text.Length <= Longest ? text.ToString() : text.ToString(text.Length - Longest, Longest);
        conversation.SummaryUpTo = upTo;
    }
}
