using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>How likely an order comes back unpaid, from 0 to 100, with the reasons, out of this workspace's own records only.</summary>
/// <remarks>It may ask for a person's look or suggest a stop desk; it never refuses a customer alone.</remarks>
internal static class Risk
{
    internal static async Task<RiskResult> OfAsync(OrderClosrDb db, Order order, CancellationToken stop)
    {
        var score = 0;
        var reasons = new List<string>();
        void Add(int points, string reason)
        {
            score += points;
            reasons.Add(reason);
        }

        var phone = order.Phone;
        var customers = await db.Orders.AsNoTracking().Where(o => o.Phone == phone && o.Number > 0 && o.Id != order.Id).Select(o => o.CustomerId).Distinct().Take(20).ToListAsync(stop);
        if (!order.CustomerId.IsNone && !customers.Contains(order.CustomerId)) customers.Add(order.CustomerId);
        var records = await db.Customers.AsNoTracking().Where(c => customers.Contains(c.Id)).Select(c => new { c.Delivered, c.Returned }).ToListAsync(stop);
        var (delivered, returned) = (records.Sum(r => r.Delivered), records.Sum(r => r.Returned));
        if (returned > 0) Add(Math.Min(60, 30 * returned), "returned_before");

        var earlier = await db.Orders.AsNoTracking().Where(o => o.Phone == phone && o.Number > 0 && o.Id != order.Id)
            .Select(o => new { o.State, o.Reason, o.ContactAttempts }).Take(50).ToListAsync(stop);
        if (earlier.Any(o => o is { State: OrderState.Cancelled, Reason: "fake" or "wrong_number" })) Add(50, "fake_before");
        if (earlier.Any(o => o is { State: OrderState.Cancelled, Reason: "unreachable" } || o.ContactAttempts >= 3)) Add(25, "no_answer_before");

        if (order is { Delivery: Delivery.Home, Address.Length: < 8 }) Add(15, "vague_address");
        if (order.Phone is { IsMobile: false }) Add(10, "phone_not_mobile");
        if (order.Lines.Sum(l => l.Quantity) > 10) Add(20, "many_pieces");

        var usual = await db.Orders.AsNoTracking().Where(o => o.State == OrderState.Confirmed).OrderByDescending(o => o.Id).Take(200).Select(o => o.Total).ToListAsync(stop);
        if (Totals.IsFarAbove(order, usual)) Add(25, "far_above_usual");

        // Parcels that were taken and paid speak for a customer.
        if (delivered > 0) score -= Math.Min(40, 15 * delivered);
        return new(Math.Clamp(score, 0, 100), reasons);
    }
}

/// <summary>A score with its reasons as codes of the pages' words.</summary>
internal sealed record RiskResult(int Score, IReadOnlyList<string> Reasons);
