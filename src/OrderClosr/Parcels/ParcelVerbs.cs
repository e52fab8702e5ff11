using System.Security.Cryptography;
using System.Text;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>What happens inside a parcel's row.</summary>
internal static class ParcelVerbs
{
    /// <summary>All of an order that a courier is told. Its version would miss an address that changed alone.</summary>
    internal static string Mark(Order order)
    {
        var said = string.Join('\n', (object?[])[order.Name, order.Phone?.E164, order.SecondPhone?.E164, order.Address, order.Delivery, order.DeskId, order.WilayaCode, order.CommuneCode, order.Total.Amount,
            .. order.Lines.OrderBy(l => l.VariantId).Select(l => $"{l.VariantId} {l.FullName} {l.Quantity} {l.UnitPrice.Amount}")]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)).AsSpan(0, 12));
    }

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
