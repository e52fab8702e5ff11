using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What of an order its courier was not told, as a person types it at the courier's screen: in French, the language of those screens.</summary>
internal static class ParcelToType
{
    /// <summary>What programs read of such a parcel.</summary>
    internal const string ByHand = "The courier took the rest of the change by its API, and this has to be corrected on its screen.";

    /// <summary>One line a field, as the order has it now; null when the parcel waits for nothing of the kind.</summary>
    /// <param name="commune">The order's commune by name.</param>
    /// <param name="desk">The order's desk by name, where it has one.</param>
    internal static string? Of(Parcel parcel, Order order, string? commune, string? desk)
    {
        if (parcel.Trouble != BookingCodes.NotEditable) return null;
        var fields = ParcelVerbs.Changed(parcel.OrderMark, ParcelVerbs.Mark(order));
        var moves = order.CommuneCode != parcel.CommuneCode || order.Delivery != parcel.Delivery;
        var lines = new List<string>();
        if (fields.HasFlag(ParcelFields.Name)) lines.Add($"Nouveau nom : {order.Name}");
        if (fields.HasFlag(ParcelFields.Phone) && order.Phone is { } phone) lines.Add(RescueToType.Phone(phone) + (order.SecondPhone is { } second ? $" / {second.National}" : ""));
        if (fields.HasFlag(ParcelFields.Address) || (moves && order.Delivery == Delivery.Home)) lines.Add(RescueToType.Address(order.Address, moves ? commune : null));
        if (moves && order.Delivery == Delivery.Desk) lines.Add(RescueToType.Desk(desk ?? commune ?? ""));
        if (fields.HasFlag(ParcelFields.Goods)) lines.Add($"Contenu : {string.Join(", ", order.Lines.OrderBy(l => l.Id).Select(l => $"{l.FullName} x{l.Quantity}"))}");
        if (order.Total != parcel.ToCollect) lines.Add($"Montant : {order.Total}");
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }
}
