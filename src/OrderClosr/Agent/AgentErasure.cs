using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Agent;

/// <summary>Proposed answers go; of a turn stays what it cost, for the merchant's limits, and nothing of why it answered so.</summary>
internal sealed class AgentErasure(OrderClosrDb db) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(TurnRecord), typeof(Proposal)];

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var ids = customer.Conversations.Select(c => new ConversationId(c)).ToList();
        await db.Proposals.Where(p => ids.Contains(p.ConversationId)).ExecuteDeleteAsync(stop);
        await db.Turns.Where(t => ids.Contains(t.ConversationId)).ExecuteUpdateAsync(set => set.SetProperty(t => t.Why, "{}"), stop);
    }
}
