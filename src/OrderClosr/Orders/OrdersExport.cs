using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <inheritdoc cref="IRoomExport"/>
/// <remarks>Other rooms find what hangs on a customer's orders by <see cref="Of"/>.</remarks>
internal sealed class OrdersExport(Places places) : IRoomExport
{
    public IReadOnlyList<TableExport> Tables =>
    [
        TableExport.Of<Order>("orders", "Orders and drafts.", o => o.Id, o => o.Number, o => o.State, o => o.Goods, o => o.Discount, o => o.DeliveryFee, o => o.IsFeeKnown, o => o.Total, o => o.WilayaCode,
                o => o.CommuneCode, o => o.Address, o => o.Delivery, o => o.DeskId, o => o.Name, o => o.Phone, o => o.SecondPhone, o => o.Note, o => o.Origin, o => o.ChangeOf, o => o.DuplicateOf, o => o.ExchangeOf, o => o.Credit, o => o.CreditUsed,
                o => o.GiveBack, o => o.ShopPaysDelivery, o => o.ContactAttempts, o => o.NextTryAt, o => o.Reason, o => o.TakenBy, o => o.TakenUntil, o => o.HasStock, o => o.Sources, o => o.CreatedAt, o => o.ConfirmedAt)
            .As("customer_id", o => o.CustomerId.IsNone ? null : (CustomerId?)o.CustomerId).As("conversation_id", o => o.ConversationId.IsNone ? null : (ConversationId?)o.ConversationId)
            .As("commune", o => NameOf(o.CommuneCode)).As("risk", o => new { Score = o.RiskScore, Reasons = o.RiskReasons })
            .With("lines", o => o.Lines, TableExport.Of<OrderLine>("order_lines", "What an order holds.", l => l.Id, l => l.ProductId, l => l.VariantId, l => l.Name, l => l.VariantLabel, l => l.Quantity, l => l.ListPrice, l => l.UnitPrice))
            .OfCustomer(Of),
        TableExport.Of<OrderMove>("order_moves", "Each move of an order: who, when, why.", m => m.Id, m => m.OrderId, m => m.From, m => m.To, m => m.Actor, m => m.AccountId, m => m.At, m => m.MessageId, m => m.Reason)
            .OfCustomer((db, customer) =>
            {
                var orders = Of(db, customer).Select(o => o.Id);
                return db.OrderMoves.Where(m => orders.Contains(m.OrderId));
            }),
        TableExport.Of<Lead>("leads", "Interest without an order.", l => l.Id, l => l.CustomerId, l => l.ConversationId, l => l.ProductId, l => l.Source, l => l.CommentId, l => l.Note, l => l.At, l => l.FollowUpOn, l => l.FollowUpNote, l => l.FollowedBy, l => l.FollowedAt,
                l => l.DoneAt, l => l.DoneBy, l => l.ConvertedAt, l => l.OrderId)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.Leads.Where(l => l.CustomerId == of);
            }),
        TableExport.Of<OrderSettings>("order_settings", "The shop's rules about orders.", s => s.ConfirmsAlone, s => s.DuplicateHours, s => s.RiskFrom, s => s.MostAttempts, s => s.RetryMinutes),
        TableExport.LeftOut<OrderCounter>("The number the next order takes; the highest so far stands in the orders."),
    ];

    /// <summary>The orders of one customer.</summary>
    internal static IQueryable<Order> Of(OrderClosrDb db, Guid customer)
    {
        var of = new CustomerId(customer);
        return db.Orders.Where(o => o.CustomerId == of);
    }

    private string? NameOf(int commune) => places.CommuneOf(commune)?.Name;
}
