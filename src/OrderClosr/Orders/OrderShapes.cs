using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>An order as the API says it.</summary>
public sealed record OrderShape
{
    public required OrderId Id { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public required int? Number { get; init; }

    public required OrderState State { get; init; }
    public required CustomerId? CustomerId { get; init; }
    public required ConversationId? ConversationId { get; init; }
    public required IReadOnlyList<OrderLineShape> Lines { get; init; }
    public required Dinars Goods { get; init; }
    public required Dinars Discount { get; init; }

    /// <summary>Null until place and way of delivery are known.</summary>
    public required Dinars? DeliveryFee { get; init; }

    /// <inheritdoc cref="DeliveryFee"/>
    public required Dinars? Total { get; init; }

    public required int? WilayaCode { get; init; }
    public required string? Commune { get; init; }
    public required string? Address { get; init; }
    public required Delivery Delivery { get; init; }
    public required string? Desk { get; init; }
    public required string? Name { get; init; }
    public required Phone? Phone { get; init; }
    public required Phone? SecondPhone { get; init; }
    public required RiskShape Risk { get; init; }

    /// <summary>An earlier order it may repeat.</summary>
    public required OrderId? DuplicateOf { get; init; }

    /// <summary>Why it was cancelled, postponed or not reached.</summary>
    public required string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? ConfirmedAt { get; init; }

    internal static OrderShape Of(Order order, Places places, IReadOnlyDictionary<Id<Desk>, string> desks) => new()
    {
        Id = order.Id, Number = order.Number > 0 ? order.Number : null, State = order.State,
        CustomerId = order.CustomerId.IsNone ? null : order.CustomerId, ConversationId = order.ConversationId.IsNone ? null : order.ConversationId,
        Lines = [.. order.Lines.OrderBy(l => l.Id).Select(l => new OrderLineShape(l.ProductId, l.VariantId, l.FullName, l.Quantity, l.UnitPrice))],
        Goods = order.Goods, Discount = order.Discount, DeliveryFee = order.IsFeeKnown ? order.DeliveryFee : null, Total = order.IsFeeKnown ? order.Total : null,
        WilayaCode = order.WilayaCode > 0 ? order.WilayaCode : null, Commune = places.CommuneOf(order.CommuneCode)?.Name, Address = Said(order.Address), Delivery = order.Delivery,
        Desk = order.DeskId is { } desk ? desks.GetValueOrDefault(desk) : null, Name = Said(order.Name), Phone = order.Phone, SecondPhone = order.SecondPhone,
        Risk = new(order.RiskScore, order.RiskReasons), DuplicateOf = order.DuplicateOf, Reason = order.Reason, CreatedAt = order.CreatedAt, ConfirmedAt = order.ConfirmedAt,
    };

    /// <summary>Names of the workspace's desks, for orders that go to one.</summary>
    internal static async Task<IReadOnlyDictionary<Id<Desk>, string>> DesksAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.Desks.AsNoTracking().ToDictionaryAsync(d => d.Id, d => d.Name, stop);

    private static string? Said(string text) => text.Length == 0 ? null : text;
}

/// <summary>A line of an order.</summary>
public sealed record OrderLineShape(ProductId ProductId, VariantId VariantId, string Name, int Quantity, Dinars UnitPrice);

/// <summary>How likely an order comes back, 0 to 100, and why.</summary>
public sealed record RiskShape(int Score, IReadOnlyList<string> Reasons);

/// <summary>Interest without an order.</summary>
public sealed record LeadShape(Id<Lead> Id, CustomerId? CustomerId, ConversationId? ConversationId, ProductId? ProductId, string Note, DateTimeOffset At, string Source, DateOnly? FollowUpOn, string FollowUpNote, DateTimeOffset? DoneAt, DateTimeOffset? ConvertedAt, OrderId? OrderId)
{
    internal static LeadShape Of(Lead lead) => new(lead.Id, lead.CustomerId.IsNone ? null : lead.CustomerId, lead.ConversationId.IsNone ? null : lead.ConversationId, lead.ProductId, lead.Note, lead.At, lead.Source.ToString().ToLowerInvariant(), lead.FollowUpOn, lead.FollowUpNote,
        lead.DoneAt, lead.ConvertedAt, lead.OrderId);
}

/// <summary>An order that a program sends: place and phones as people type them.</summary>
public sealed record NewOrder
{
    public IReadOnlyList<NewOrderLine>? Lines { get; init; }
    public string? Name { get; init; }
    public string? Phone { get; init; }
    public string? SecondPhone { get; init; }
    public string? Wilaya { get; init; }
    public string? Commune { get; init; }
    public string? Address { get; init; }
    public Delivery? Delivery { get; init; }
    public string? Desk { get; init; }
    public string? Note { get; init; }

    internal Result<DraftChange> Read()
    {
        var items = new List<DraftItem>();
        foreach (var line in Lines ?? [])
        {
            if (line is null || !VariantId.TryParse(line.VariantId, null, out var variant)) return new Refusal("variant_unknown", "There is no such variant.", "lines.variant_id");
            items.Add(new(null, null, line.Quantity, VariantId: variant));
        }
        return new DraftChange
        {
            Items = items, Name = Name, Phone = Phone, SecondPhone = SecondPhone, Wilaya = Wilaya, Commune = Commune, Address = Address, Delivery = Delivery, Desk = Desk, Note = Note,
        };
    }
}

/// <summary>A wanted line.</summary>
public sealed record NewOrderLine(string VariantId, int Quantity);

/// <summary>Why an order is cancelled.</summary>
public sealed record CancelOrderRequest(string? Reason);
