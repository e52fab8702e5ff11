using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>The money of a carried parcel stays in the books to the dinar; what members wrote about it goes. A file of a courier that was only looked at is gone within the hour.</summary>
internal sealed class CashErasure(OrderClosrDb db) : ICustomerErasure
{
    public IReadOnlyList<Type> SpeaksFor => [typeof(ParcelCash), typeof(CashMove), typeof(Claim), typeof(ClaimStep), typeof(SlipLine), typeof(SlipLook)];

    public async Task EraseAsync(ErasedCustomer customer, CancellationToken stop)
    {
        var orders = customer.Orders.Select(o => new OrderId(o)).ToList();
        var gone = customer.GoneOrders.Select(o => new OrderId(o)).ToList();
        var lost = await db.Parcels.Where(p => gone.Contains(p.OrderId)).Select(p => p.Id).ToListAsync(stop);
        var maybeLost = lost.ConvertAll(p => (ParcelId?)p);
        await db.Set<ParcelCash>().Where(c => lost.Contains(c.ParcelId)).ExecuteDeleteAsync(stop);
        await db.Set<CashMove>().Where(m => lost.Contains(m.ParcelId)).ExecuteDeleteAsync(stop);
        await db.ClaimSteps.Where(s => db.Set<Claim>().Any(c => c.Id == s.ClaimId && maybeLost.Contains(c.ParcelId))).ExecuteDeleteAsync(stop);
        await db.Claims.Where(c => maybeLost.Contains(c.ParcelId)).ExecuteDeleteAsync(stop);

        var parcels = await db.Parcels.Where(p => orders.Contains(p.OrderId)).Select(p => p.Id).ToListAsync(stop);
        var maybe = parcels.ConvertAll(p => (ParcelId?)p);
        await db.ClaimSteps.Where(s => db.Set<Claim>().Any(c => c.Id == s.ClaimId && maybe.Contains(c.ParcelId))).ExecuteUpdateAsync(set => set.SetProperty(s => s.Note, ""), stop);
        await db.Claims.Where(c => maybe.Contains(c.ParcelId)).ExecuteUpdateAsync(set => set.SetProperty(c => c.Note, ""), stop);
        await db.SlipLines.Where(l => maybe.Contains(l.ParcelId)).ExecuteUpdateAsync(set => set.SetProperty(l => l.Reason, (string?)null), stop);
        var typed = (await db.Set<CashMove>().Where(m => parcels.Contains(m.ParcelId) && m.Reason != null).Select(m => new { m.Id, m.Reason }).ToListAsync(stop))
            .Where(m => !m.Reason!.All(c => char.IsAsciiLetterLower(c) || c == '_')).Select(m => m.Id).ToList();
        await db.Set<CashMove>().Where(m => typed.Contains(m.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.Reason, (string?)null), stop);
    }
}
