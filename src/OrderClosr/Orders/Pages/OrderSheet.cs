using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels.Pages;
using OrderClosr.Shipping;
using OrderClosr.Web;

namespace OrderClosr.Orders.Pages;

/// <summary>One order with all that a page says about it.</summary>
public sealed record OrderSheet
{
    public required Order Order { get; init; }
    public required Customer? Customer { get; init; }
    public required Conversation? Conversation { get; init; }
    public required string? Desk { get; init; }

    /// <summary>The messages that said its fields.</summary>
    public required IReadOnlyDictionary<MessageId, Message> Said { get; init; }

    /// <summary>Pieces left of each of its variants; null: not counted.</summary>
    public required IReadOnlyDictionary<VariantId, int?> Left { get; init; }

    /// <summary>Number of the order it may repeat.</summary>
    public required Order? Duplicate { get; init; }

    /// <summary>Orders of this customer that were not cancelled, this one included.</summary>
    public required int CustomerOrders { get; init; }

    public required Place? Place { get; init; }

    /// <summary>What stands for the number where it is not for this member: <c>0500 •• •• 12</c>; null: it may be shown.</summary>
    public string? HiddenPhone { get; init; }

    /// <summary>What couriers carry for it and what was exchanged; only on its own page.</summary>
    public OrdersParcels? Parcels { get; init; }

    public IReadOnlyList<string> Missing => DraftView.MissingOf(Order);

    /// <summary>The commune in the reader's language; empty while unknown.</summary>
    public string Commune => Place?.Commune is { } commune ? Languages.Current == "ar" ? commune.NameAr : commune.Name : "";

    /// <summary><c>31 Oran</c> in the reader's language; empty while unknown.</summary>
    public string Wilaya => Place is { } place ? $"{place.WilayaCode} {(Languages.Current == "ar" ? place.Wilaya.NameAr : place.Wilaya.Name)}" : "";

    /// <summary><c>low</c>, <c>middle</c> or <c>high</c>.</summary>
    public string Risk => RiskOf(Order);

    /// <inheritdoc cref="Risk"/>
    public static string RiskOf(Order order) => order.RiskScore switch { >= OrderClosr.Orders.Risk.High => "high", >= OrderClosr.Orders.Risk.Middle => "middle", _ => "low" };

    /// <summary>What a person may do about the risk, <c>call</c> or <c>desk</c>; null: nothing.</summary>
    public string? RiskAdvice => OrderClosr.Orders.Risk.Advice(Order.RiskScore, Order.RiskReasons, Order.Delivery);
}

/// <summary>Reads orders for pages.</summary>
public sealed class OrderSheets(OrderClosrDb db, Places places, ExchangeViews parcels)
{
    /// <summary>The order; null when this workspace has none with the id.</summary>
    public async Task<OrderSheet?> FindAsync(OrderId id, CancellationToken stop)
    {
        var order = await db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).SingleOrDefaultAsync(o => o.Id == id && o.ChangeOf == null, stop);
        return order is null ? null : await OfAsync(order, stop);
    }

    /// <summary>The order with its parcels, for its own page.</summary>
    public async Task<OrderSheet?> WholeAsync(OrderId id, CancellationToken stop) => await FindAsync(id, stop) is { } sheet ? sheet with { Parcels = await parcels.ParcelsOfAsync(sheet.Order, stop) } : null;

    /// <summary>What stands beside a conversation: its open draft, else the customer's last order; null when there is neither.</summary>
    public async Task<OrderSheet?> BesideAsync(ConversationId conversation, CancellationToken stop)
    {
        var here = db.Orders.AsNoTracking().Include(o => o.Lines.OrderBy(l => l.Id)).Where(o => o.ConversationId == conversation);
        var order = await here.Where(o => o.State == OrderState.Draft).OrderByDescending(o => o.Id).FirstOrDefaultAsync(stop)
            ?? await here.Where(o => o.ChangeOf == null && (o.State != OrderState.Cancelled || o.Number > 0)).OrderByDescending(o => o.Id).FirstOrDefaultAsync(stop);
        return order is null ? null : await OfAsync(order, stop);
    }

    private async Task<OrderSheet> OfAsync(Order order, CancellationToken stop)
    {
        var messages = order.Sources.Values.Distinct().ToList();
        var variants = order.Lines.Select(l => l.VariantId).ToList();
        return new OrderSheet
        {
            Order = order, Place = places.Of(order.WilayaCode, order.CommuneCode),
            Customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == order.CustomerId, stop),
            Conversation = await db.Conversations.AsNoTracking().SingleOrDefaultAsync(c => c.Id == order.ConversationId, stop),
            Desk = order.DeskId is { } desk ? await db.Desks.AsNoTracking().Where(d => d.Id == desk).Select(d => d.Name).SingleOrDefaultAsync(stop) : null,
            Said = messages.Count == 0 ? new Dictionary<MessageId, Message>() : await db.Messages.AsNoTracking().Where(m => messages.Contains(m.Id)).ToDictionaryAsync(m => m.Id, stop),
            Left = await db.Variants.AsNoTracking().Where(v => variants.Contains(v.Id)).ToDictionaryAsync(v => v.Id, v => v.Stock, stop),
            Duplicate = order.DuplicateOf is { } twin ? await db.Orders.AsNoTracking().SingleOrDefaultAsync(o => o.Id == twin, stop) : null,
            CustomerOrders = await db.Orders.CountAsync(o => o.CustomerId == order.CustomerId && o.Number > 0 && o.State != OrderState.Cancelled, stop),
        };
    }
}
