using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Puts together what an adapter needs for a parcel: the order's content and the courier's own rows.</summary>
internal sealed class ParcelsToBook(OrderClosrDb db, Couriers couriers, Places places)
{
    /// <summary>The account opened for its adapter, with the shop's name and the row it sends from.</summary>
    internal async Task<CourierAccess> OpenAsync(CourierAccount account, CancellationToken stop, bool givesWay = false)
    {
        var shop = await db.Set<Workspace>().AsNoTracking().Where(w => w.Id == db.WorkspaceId).Select(w => w.Name).SingleAsync(stop);
        var old = places.WilayaOf(account.OriginWilaya)?.Code58 ?? 0;
        var origin = old == 0 ? null : await db.CourierPlaces.AsNoTracking()
            .Where(p => p.AccountId == account.Id && p.Kind == CourierPlaceKind.Wilaya && p.Active && (p.WilayaCode == old || p.WilayaCode == account.OriginWilaya)).OrderBy(p => p.WilayaCode != account.OriginWilaya).FirstOrDefaultAsync(stop);
        return couriers.Open(account, shop, origin is null ? null : RowOf(origin), givesWay);
    }

    /// <summary>The parcel as it is to be made; null when its place is no longer on the courier's lists.</summary>
    internal async Task<ParcelToBook?> OfAsync(Parcel parcel, Order order, CancellationToken stop)
    {
        var ids = new[] { parcel.WilayaPlaceId, parcel.CommunePlaceId, parcel.DeskPlaceId }.OfType<Id<CourierPlace>>().ToList();
        var rows = await db.CourierPlaces.AsNoTracking().Where(p => ids.Contains(p.Id) && p.Active).ToDictionaryAsync(p => p.Id, stop);
        if (parcel.WilayaPlaceId is not { } wilaya || parcel.CommunePlaceId is not { } commune || rows.Count != ids.Distinct().Count()) return null;
        var variants = order.Lines.Select(l => l.VariantId).ToList();
        var skus = await db.Set<Variant>().AsNoTracking().Where(v => variants.Contains(v.Id)).ToDictionaryAsync(v => v.Id, v => v.Sku, stop);
        return new()
        {
            Reference = parcel.Reference, Name = Plain(order.Name, 80), Phone = order.Phone ?? default, SecondPhone = order.SecondPhone, Delivery = parcel.Delivery,
            Address = Plain(order.Address, 240) is { Length: > 0 } address ? address : rows[commune].Name, Wilaya = RowOf(rows[wilaya]), Commune = RowOf(rows[commune]),
            Desk = parcel.DeskPlaceId is { } desk ? RowOf(rows[desk]) : null, Goods = Plain(string.Join(", ", order.Lines.OrderBy(l => l.Id).Select(l => $"{l.FullName} x{l.Quantity}")), 240),
            Lines = [.. order.Lines.OrderBy(l => l.Id).Select(l => new ParcelLine(Plain(l.FullName, 120), skus.GetValueOrDefault(l.VariantId) ?? "", l.Quantity, l.UnitPrice))],
            ToCollect = parcel.ToCollect, GoodsValue = Totals.ToPay(order.Lines), DeliveryFee = parcel.DeliveryFee, Weight = parcel.Weight, IsExchange = parcel.IsExchange, ToTakeBack = Plain(parcel.ToTakeBack, 120),
            MayOpen = parcel.MayOpen, IsFragile = parcel.IsFragile, Note = Plain(parcel.Note, 200), IsReady = false,
        };
    }

    /// <summary>A row of ours as the adapter gave it.</summary>
    internal static PlaceRow RowOf(CourierPlace p) => new(p.Kind, p.Ref, p.WilayaRef, p.Name)
    {
        CommuneRef = p.CommuneRef, NameAr = p.NameAr, Address = p.Address, PostalCode = p.PostalCode, WilayaCode = p.WilayaCode, ServesHome = p.ServesHome, ServesDesk = p.ServesDesk, DaysFrom = p.DaysFrom, DaysTo = p.DaysTo,
    };

    /// <summary>One line without emoji: couriers' systems choke on characters beyond the basic plane (facts/couriers/ecotrack-anderson.md section 7).</summary>
    internal static string Plain(string text, int most)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in PlainText.Line(text).EnumerateRunes())
            if (rune.IsBmp && rune.Value is not (0x200D or >= 0x2600 and <= 0x27BF or >= 0xFE00 and <= 0xFE0F)) plain.Append(rune.ToString());
        var line = PlainText.Line(plain.ToString());
        return line.Length > most ? line[..most].TrimEnd() : line;
    }
}
