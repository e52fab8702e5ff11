using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Verbs.Demo;

/// <summary>The plan of the demo's shop: two months paid, the next one to pay within days, so that whoever tries it can.</summary>
internal static class DemoPlan
{
    internal static async Task AddAsync(WorkspaceScope scope, string shop, TimeProvider time, CancellationToken stop)
    {
        var plans = scope.Get<Plans>();
        if (!plans.IsOn) return;
        var (db, now, today) = (scope.Db, time.GetUtcNow(), time.TodayInAlgiers());
        var plan = plans.Trial;
        var (ends, price) = (today.AddDays(5), Prices.Of(plan, BillingCycle.Monthly));
        var begins = ends.AddMonths(-1);
        await db.InTransactionAsync(async () =>
        {
            foreach (var from in (DateOnly[])[begins.AddMonths(-1), begins])
            {
                var at = AlgiersTime.StartOf(from).AddHours(10);
                var sequence = (await db.InvoiceNumbers.Where(n => n.Year == from.Year).MaxAsync(n => (int?)n.Sequence, stop) ?? 0) + 1;
                db.Add(new InvoiceNumber { Year = from.Year, Sequence = sequence, IssuedAt = at, ToPay = price });
                var invoice = new Invoice
                {
                    Id = Id<Invoice>.New(at), Number = InvoiceNumber.Text(from.Year, sequence), Kind = InvoiceKind.Renewal, Plan = plan.Key, PlanName = plan.Name, Cycle = BillingCycle.Monthly, ShopName = shop, Price = price, ToPay = price, IssuedAt = at,
                    DueOn = from, PaidAt = at, FromOn = from, ToOn = from.AddMonths(1),
                };
                BillingTransitions.Move(invoice, InvoiceState.Paid);
                db.Add(invoice);
                await db.SaveChangesAsync(stop);
            }
            var subscription = new Subscription { Id = Id<Subscription>.New(now), Plan = plan.Key, Cycle = BillingCycle.Monthly, FromOn = begins, ToOn = ends, Day = ends.Day, CreatedAt = now };
            BillingTransitions.Move(subscription, SubscriptionState.Active);
            db.Add(subscription);
            foreach (var conversation in await db.Conversations.Select(c => c.Id).ToListAsync(stop))
                db.Add(new UsageMark { Id = Id<UsageMark>.New(now), MonthOn = Periods.Month(today), Conversation = conversation.Value, At = now });
            await db.SaveChangesAsync(stop);
        }, stop);
        await scope.Get<Subscriptions>().RollAsync(stop);
    }
}
