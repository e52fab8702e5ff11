using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Orders;

/// <summary>The cart of a channel's catalogue becomes the conversation's draft, by the shop's codes and at the shop's prices.</summary>
/// <remarks>Lines the shop cannot sell (a code it lost, too few pieces) are left away: the agent reads the cart too and says so.</remarks>
internal sealed class DraftOnCartReceived(OrderClosrDb db, Drafts drafts) : IListener<CartReceived>
{
    public async Task OnAsync(CartReceived fact, CancellationToken stop)
    {
        var open = await drafts.OpenAsync(fact.Conversation, stop);
        var draft = open is { ChangeOf: null } ? open : drafts.New(fact.Customer, fact.Conversation, OrderOrigin.Cart);
        var wanted = fact.Items.GroupBy(i => i.ProductCode).Take(DraftItems.MostLines)
            .Select(g => new DraftItem(null, null, Math.Clamp(g.Sum(i => Math.Clamp(i.Quantity, 0, DraftItems.MostPieces)), 1, DraftItems.MostPieces), Sku: g.Key)).ToList();
        var sold = new List<DraftItem>();
        foreach (var item in wanted)
            if ((await drafts.ApplyAsync(drafts.New(fact.Customer, fact.Conversation, OrderOrigin.Cart), new() { Items = [item] }, stop)).Ok) sold.Add(item);
        if (sold.Count == 0 || !(await drafts.ApplyAsync(draft, new() { Items = sold, Source = fact.Message.Id }, stop)).Ok) return;
        if (draft != open) db.Add(draft);
        db.Tell("order", draft.Id);
    }
}
