using Microsoft.EntityFrameworkCore;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Gathers what this workspace knows of an order before it is judged.</summary>
public sealed class RiskReader(OrderClosrDb db, IEnumerable<IParcelRecords> parcels)
{
    /// <summary>Cancelled for these reasons, it was the customer who did not want it.</summary>
    private static readonly string[] ByTheCustomer = ["changed_mind", "too_expensive", "too_far"];

    internal async Task<RiskResult> OfAsync(Order order, CancellationToken stop) => Risk.Of(await ReadAsync(order, stop));

    private async Task<RiskRecord> ReadAsync(Order order, CancellationToken stop)
    {
        var customers = await CustomersAsync(order, stop);
        var phones = PhonesOf(order, customers);
        // One column with a converter: compared as values, so a list is asked for.
        var asked = phones.Select(p => (Phone?)p).ToList();
        var earlier = await db.Orders.AsNoTracking().Where(o => (asked.Contains(o.Phone) || asked.Contains(o.SecondPhone)) && o.Number > 0 && o.Id != order.Id).OrderByDescending(o => o.Id).Take(50)
            .Select(o => new { o.State, o.Reason, o.ContactAttempts, o.Total }).ToListAsync(stop);
        var usual = await db.Orders.AsNoTracking().Where(o => o.State == OrderState.Confirmed && o.Id != order.Id).OrderByDescending(o => o.Id).Take(200).Select(o => o.Total).ToListAsync(stop);

        var (delivered, returned) = (customers.Sum(c => c.Delivered), customers.Sum(c => c.Returned));
        var (home, desk) = (new Finished(0, 0), new Finished(0, 0));
        foreach (var room in parcels)
        {
            var known = await room.OfAsync(phones, order.WilayaCode, stop);
            // The customer's own counts may be older than the parcels we have: the larger one counts, never both.
            (delivered, returned, home, desk) = (Math.Max(delivered, known.Phones.Delivered), Math.Max(returned, known.Phones.Returned), known.Home, known.Desk);
        }
        var hour = AlgiersTime.ToAlgiers(order.CreatedAt).Hour;
        return new()
        {
            Delivered = delivered, Returned = returned, HereHome = home, HereDesk = desk,
            WasFake = earlier.Any(o => o is { State: OrderState.Cancelled, Reason: "fake" or "wrong_number" }),
            WasSilent = earlier.Any(o => o is { State: OrderState.Cancelled, Reason: "unreachable" } || o.ContactAttempts >= 3),
            Cancelled = earlier.Count(o => o.State == OrderState.Cancelled && ByTheCustomer.Contains(o.Reason)),
            IsFirst = earlier.Count + delivered + returned == 0, IsSilentAtNight = order.ContactAttempts > 0 && (hour is >= 23 or < 6),
            Delivery = order.Delivery, AddressLength = order.Address.Trim().Length, IsMobile = order.Phone is null or { IsMobile: true }, Pieces = order.Lines.Sum(l => l.Quantity),
            IsFarAboveUsual = Totals.IsFarAbove(order, usual), IsFarAboveOwn = Totals.IsFarAbove(order, [.. earlier.Where(o => o.State == OrderState.Confirmed).Select(o => o.Total)], least: 2),
        };
    }

    /// <summary>The order's own customer and whoever else ordered with its phones.</summary>
    private async Task<List<Customer>> CustomersAsync(Order order, CancellationToken stop)
    {
        var own = new[] { order.Phone, order.SecondPhone }.Where(p => p is not null).ToList();
        var ids = await db.Orders.AsNoTracking().Where(o => (own.Contains(o.Phone) || own.Contains(o.SecondPhone)) && o.Number > 0 && o.Id != order.Id).Select(o => o.CustomerId).Distinct().Take(20).ToListAsync(stop);
        if (!order.CustomerId.IsNone && !ids.Contains(order.CustomerId)) ids.Add(order.CustomerId);
        return await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(stop);
    }

    private static List<Phone> PhonesOf(Order order, List<Customer> customers)
    {
        var phones = new List<Phone>();
        if (order.Phone is { } first) phones.Add(first);
        if (order.SecondPhone is { } second) phones.Add(second);
        foreach (var text in customers.SelectMany(c => c.Phones))
            if (Phone.TryRead(text, out var phone)) phones.Add(phone);
        return [.. phones.Distinct().Take(20)];
    }
}

/// <summary>While an order waits for a person, its risk follows what happens: a corrected address, a call nobody answered.</summary>
internal sealed class JudgeOnOrderChanged(OrderClosrDb db, RiskReader risk) : IListener<OrderChanged>
{
    public async Task OnAsync(OrderChanged fact, CancellationToken stop)
    {
        var order = await db.Orders.Include(o => o.Lines).SingleOrDefaultAsync(o => o.Id == fact.OrderId, stop);
        if (order is not { Number: > 0, State: OrderState.ToConfirm or OrderState.Contacting or OrderState.Postponed }) return;
        var judged = await risk.OfAsync(order, stop);
        if (judged.Score == order.RiskScore && judged.Reasons.SequenceEqual(order.RiskReasons)) return;
        order.RiskScore = judged.Score;
        order.RiskReasons.Clear();
        order.RiskReasons.AddRange(judged.Reasons);
        await db.SaveChangesAsync(stop);
    }
}
