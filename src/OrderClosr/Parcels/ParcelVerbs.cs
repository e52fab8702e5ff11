using System.Security.Cryptography;
using System.Text;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>What happens inside a parcel's row.</summary>
internal static class ParcelVerbs
{
    /// <summary>Fields with a piece of their own in the mark, in its order; place and amount stand on the parcel.</summary>
    private static readonly ParcelFields[] Marked = [ParcelFields.Name, ParcelFields.Phone, ParcelFields.Address, ParcelFields.Goods];

    /// <summary>Hex digits of a piece: enough to see a change, too few to find a phone number by trying.</summary>
    private const int Piece = 4;

    /// <summary>All of an order that a courier is told, then a piece for each field. Its version would miss an address that changed alone.</summary>
    internal static string Mark(Order order)
    {
        var said = string.Join('\n', (object?[])[order.Name, order.Phone?.E164, order.SecondPhone?.E164, order.Address, order.Delivery, order.DeskId, order.WilayaCode, order.CommuneCode, order.Total.Amount,
            .. order.Lines.OrderBy(l => l.VariantId).Select(l => $"{l.VariantId} {l.FullName} {l.Quantity} {l.UnitPrice.Amount}")]);
        return $"{Hash(said, 24)}.{Hash(order.Name, Piece)}{Hash($"{order.Phone?.E164} {order.SecondPhone?.E164}", Piece)}{Hash(order.Address, Piece)}{Hash(string.Join('\n', order.Lines.OrderBy(l => l.VariantId).Select(l => $"{l.VariantId} {l.FullName} {l.Quantity}")), Piece)}";
    }

    /// <summary>Which of name, phone, address and goods differ between two marks.</summary>
    internal static ParcelFields Changed(string before, string now) => before.Length != now.Length
        ? Marked.Aggregate((all, field) => all | field)
        : Marked.Index().Where(m => PieceOf(before, m.Index) != PieceOf(now, m.Index)).Aggregate(ParcelFields.None, (all, m) => all | m.Item);

    /// <summary>The mark of what the courier knows: as now, but for the fields it was not told.</summary>
    internal static string Told(string before, string now, ParcelFields untold) => before.Length != now.Length
        ? (untold & Changed(before, now)) == 0 ? now : ""
        : now[..^(Piece * Marked.Length)] + string.Concat(Marked.Index().Select(m => PieceOf(untold.HasFlag(m.Item) ? before : now, m.Index)));

    private static string PieceOf(string mark, int index) => mark.Substring(mark.Length - (Piece * (Marked.Length - index)), Piece);

    private static string Hash(string text, int digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];

    extension(Parcel parcel)
    {
        /// <summary>Nothing waits for a person any more.</summary>
        internal void Settle()
        {
            (parcel.Trouble, parcel.TroubleWords) = (null, null);
            parcel.Suggestions.Clear();
        }

        /// <summary>Amounts and place as the order has them now.</summary>
        internal void TakeFrom(Order order) => (parcel.ToCollect, parcel.DeliveryFee, parcel.Delivery, parcel.WilayaCode, parcel.CommuneCode, parcel.OrderMark) =
            (order.Total, order.DeliveryFee, order.Delivery, order.WilayaCode, order.CommuneCode, Mark(order));

        internal void Place(Destination where) => (parcel.WilayaPlaceId, parcel.CommunePlaceId, parcel.DeskPlaceId) = (where.Wilaya.Id, where.Commune.Id, where.Desk?.Id);

        /// <summary>As calls about it name it.</summary>
        internal BookedParcel AtCourier() => new(parcel.Reference, parcel.Tracking, parcel.TheirId, parcel.PostedAt ?? parcel.CreatedAt) { Delivery = parcel.Delivery, State = parcel.State };
    }
}
