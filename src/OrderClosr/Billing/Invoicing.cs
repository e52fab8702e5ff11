using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>Writes invoices and their numbers, makes them void, keeps the credit. Always in the caller's transaction, on a locked subscription.</summary>
public sealed class Invoicing(OrderClosrDb db, IPayments payments, IConfiguration settings, TimeProvider time)
{
    /// <summary>Tax inside of our prices, in percent.</summary>
    internal int Vat => settings.GetValue("Billing:VatPercent", 0);

    /// <summary>The one that waits to be paid: there is at most one.</summary>
    internal Task<Invoice?> OpenAsync(CancellationToken stop) => db.Invoices.Where(i => i.State == InvoiceState.Open).OrderByDescending(i => i.Id).FirstOrDefaultAsync(stop);

    /// <summary>A new invoice under the next number; what the shop has as credit goes into it.</summary>
    internal async Task<Invoice> IssueAsync(Subscription subscription, InvoiceKind kind, Plan plan, BillingCycle cycle, DateOnly dueOn, CancellationToken stop)
    {
        var (now, here, today) = (time.GetUtcNow(), db.WorkspaceId, time.TodayInAlgiers());
        var unused = kind == InvoiceKind.Change ? Prices.Unused(await RunningAsync(today, stop), today) : Dinars.Zero;
        var bill = Prices.Make(Prices.Of(plan, cycle), unused, subscription.Credit, payments.Least);
        var invoice = new Invoice
        {
            Id = Id<Invoice>.New(now), Number = await NumberAsync(today.Year, bill.ToPay, now, stop), Kind = kind, Plan = plan.Key, PlanName = plan.Name, Cycle = cycle, ShopName = await db.Set<Workspace>().Where(w => w.Id == here).Select(w => w.Name).SingleAsync(stop),
            Price = bill.Price, Unused = bill.Unused, FromCredit = bill.FromCredit, Waived = bill.Waived, ToPay = bill.ToPay, ToCredit = bill.ToCredit, Vat = Vat, IssuedAt = now, DueOn = dueOn,
        };
        db.Add(invoice);
        if (bill.FromCredit > Dinars.Zero)
        {
            subscription.Credit = Prices.Less(subscription.Credit, bill.FromCredit);
            db.Add(new CreditEntry { Id = Id<CreditEntry>.New(now), Cause = CreditCause.Used, Amount = bill.FromCredit, InvoiceId = invoice.Id, At = now });
        }
        await db.SaveChangesAsync(stop);
        return invoice;
    }

    /// <summary>Nobody has to pay what is open any more; the credit in it comes back.</summary>
    internal async Task VoidOpenAsync(Subscription subscription, CancellationToken stop, Id<Invoice>? but = null)
    {
        foreach (var invoice in await db.Invoices.Where(i => i.State == InvoiceState.Open && i.Id != but).ToListAsync(stop)) Void(subscription, invoice);
    }

    /// <summary>A change of plan is good for the day it was asked for and the next: what was unused then is used by now.</summary>
    internal async Task VoidStaleAsync(Subscription subscription, CancellationToken stop)
    {
        var yesterday = AlgiersTime.StartOf(time.TodayInAlgiers().AddDays(-1));
        foreach (var invoice in await db.Invoices.Where(i => i.State == InvoiceState.Open && i.Kind == InvoiceKind.Change && i.IssuedAt < yesterday).ToListAsync(stop)) Void(subscription, invoice);
    }

    /// <summary>Another plan takes over today: what was paid for later days ends.</summary>
    /// <param name="isCounted">The invoice of the other plan has taken what was unused; else it becomes credit.</param>
    internal async Task EndPaidAsync(Subscription subscription, CancellationToken stop, bool isCounted = false)
    {
        var today = time.TodayInAlgiers();
        var running = await RunningAsync(today, stop);
        if (!isCounted) Credit(subscription, CreditCause.Unused, Prices.Unused(running, today), null, null);
        foreach (var invoice in running)
        {
            if (invoice.FromOn > today) invoice.FromOn = today;
            invoice.ToOn = today;
        }
    }

    /// <summary>Adds to the credit; nothing for nothing.</summary>
    internal void Credit(Subscription subscription, CreditCause cause, Dinars amount, Id<Invoice>? invoice, Id<Payment>? payment)
    {
        if (amount == Dinars.Zero) return;
        var now = time.GetUtcNow();
        subscription.Credit = Prices.Plus(subscription.Credit, amount);
        db.Add(new CreditEntry { Id = Id<CreditEntry>.New(now), Cause = cause, Amount = amount, InvoiceId = invoice, PaymentId = payment, At = now });
    }

    private void Void(Subscription subscription, Invoice invoice)
    {
        BillingTransitions.Move(invoice, InvoiceState.Void);
        invoice.VoidedAt = time.GetUtcNow();
        Credit(subscription, CreditCause.GivenBack, invoice.FromCredit, invoice.Id, null);
    }

    private Task<List<Invoice>> RunningAsync(DateOnly today, CancellationToken stop) => db.Invoices.Where(i => i.State == InvoiceState.Paid && i.ToOn > today).ToListAsync(stop);

    /// <summary>The next number of the year. Whoever comes at the same moment waits for this transaction to end, and takes the number should it fail: no gap.</summary>
    private async Task<string> NumberAsync(int year, Dinars toPay, DateTimeOffset now, CancellationToken stop)
    {
        var next = (await db.InvoiceNumbers.Where(n => n.Year == year).MaxAsync(n => (int?)n.Sequence, stop) ?? 0) + 1;
        while (!await db.AddSharedUnlessThereAsync(new InvoiceNumber { Year = year, Sequence = next, IssuedAt = now, ToPay = toPay }, stop)) next++;
        return InvoiceNumber.Text(year, next);
    }
}
