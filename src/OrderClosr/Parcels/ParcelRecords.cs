using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>How this workspace's parcels to some phones, and to a wilaya, ended.</summary>
/// <remarks>No courier's documents name a call that tells a phone's returns at other shops (facts/couriers), and what one workspace knows no other may see: only our own rows count.</remarks>
internal sealed class ParcelRecords(OrderClosrDb db, TimeProvider time) : IParcelRecords
{
    /// <summary>A place is judged by what happened lately.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromDays(180);

    public async Task<PhoneParcels> OfAsync(IReadOnlyCollection<Phone> phones, int wilaya, CancellationToken stop)
    {
        var asked = phones.Select(p => (Phone?)p).ToList();
        var ends = db.Parcels.AsNoTracking().Where(p => p.State == ParcelState.Delivered || p.State == ParcelState.Returning || p.State == ParcelState.Returned);
        var mine = asked.Count == 0 ? [] : await ends.Join(db.Orders.Where(o => asked.Contains(o.Phone) || asked.Contains(o.SecondPhone)), p => p.OrderId, o => o.Id, (p, _) => p.State)
            .GroupBy(s => s).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(stop);
        var since = time.GetUtcNow() - Lately;
        var there = await ends.Where(p => p.WilayaCode == wilaya && p.StateAt >= since).GroupBy(p => new { p.Delivery, p.State }).Select(g => new { g.Key.Delivery, g.Key.State, Count = g.Count() }).ToListAsync(stop);
        return new(new(mine.Where(m => m.Key == ParcelState.Delivered).Sum(m => m.Count), mine.Where(m => m.Key != ParcelState.Delivered).Sum(m => m.Count)), Of(Delivery.Home), Of(Delivery.Desk));

        Finished Of(Delivery way) => new(there.Where(t => t.Delivery == way && t.State == ParcelState.Delivered).Sum(t => t.Count), there.Where(t => t.Delivery == way && t.State != ParcelState.Delivered).Sum(t => t.Count));
    }
}
