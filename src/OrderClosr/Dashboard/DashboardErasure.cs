using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Dashboard;

/// <summary>Figures hold no person. But what is erased is deleted past saving, so the days it counted on are marked here: a recount after it must not find other numbers.</summary>
internal sealed class DashboardErasure(OrderClosrDb db, RollUp rollUp, TimeProvider time) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [];

    // Rooms erase the other way round: this one before those whose rows it reads.
    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var id = new CustomerId(customer.Customer);
        var days = new HashSet<DateOnly>();
        days.UnionWith((await rollUp.DaysOfAsync(MarkKind.Order, customer.Orders, stop)).SelectMany(o => o));
        days.UnionWith((await rollUp.DaysOfAsync(MarkKind.Source, customer.Conversations, stop)).SelectMany(t => t));
        var talks = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        days.UnionWith((await db.Set<Agent.TurnRecord>().Where(t => talks.Contains(t.ConversationId)).Select(t => t.EndedAt).ToListAsync(stop)).Select(AlgiersTime.DateInAlgiers));
        foreach (var lead in await db.Leads.Where(l => l.CustomerId == id || talks.Contains(l.ConversationId)).Select(l => new { l.At, l.ConvertedAt }).ToListAsync(stop))
        {
            days.Add(AlgiersTime.DateInAlgiers(lead.At));
            if (lead.ConvertedAt is { } at) days.Add(AlgiersTime.DateInAlgiers(at));
        }
        var now = time.GetUtcNow();
        foreach (var day in days) db.Add(new FigureMark { Id = Id<FigureMark>.New(now), Kind = MarkKind.Day, On = day });
        await db.SaveChangesAsync(stop);
    }
}
