using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Orders;

/// <summary>A customer who wants no messages has an order under way: a person is asked to call. What they ask after that, the agent answers again.</summary>
internal sealed class CallOnCustomerOptedOut(OrderClosrDb db, Holding holding) : IListener<CustomerOptedOut>
{
    public async Task OnAsync(CustomerOptedOut fact, CancellationToken stop)
    {
        var (id, customer) = (fact.Conversation, fact.Customer);
        var isUnderWay = await db.Orders.AnyAsync(o => o.CustomerId == customer && (o.State == OrderState.ToConfirm || o.State == OrderState.Contacting || o.State == OrderState.Postponed || (o.State == OrderState.Draft && o.ConversationId == id && o.Lines.Count > 0)), stop);
        if (!isUnderWay) return;
        var conversation = await db.Conversations.SingleAsync(c => c.Id == id, stop);
        if (conversation.HeldBy == HeldBy.Agent) holding.HandOver(conversation, Gate.OptedOut, null, await holding.ResumeAfterAsync(stop));
    }
}
