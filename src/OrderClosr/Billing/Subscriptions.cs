using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Billing;

/// <summary>What becomes of a shop's plan: the trial, what the owner chooses, what a payment does, what a day that passes does. One change after the other in a workspace.</summary>
/// <remarks>Nothing here calls the payment service (<see cref="Paying"/> does). Where the server has no plans, nothing is written at all.</remarks>
public sealed class Subscriptions(OrderClosrDb db, Plans plans, Invoicing invoicing, IEnumerable<IPlanUse> uses, Facts facts, Audit audit, Actor actor, PlanLetters letters, TimeProvider time)
{
    private DateOnly Today => time.TodayInAlgiers();

    /// <summary>The plan of the current workspace; a trial begins where there is none yet. Null: this server has no plans.</summary>
    public async Task<Subscription?> EnsureAsync(CancellationToken stop)
    {
        if (!plans.IsOn) return null;
        if (await db.Subscriptions.AsNoTracking().SingleOrDefaultAsync(stop) is { } known) return known;
        return await db.InTransactionAsync(async () =>
        {
            var today = Today;
            await db.AddUnlessThereAsync(new Subscription
            {
                Id = Id<Subscription>.New(time.GetUtcNow()), Plan = plans.Trial.Key, Cycle = BillingCycle.Monthly, State = SubscriptionState.Trialing, FromOn = today, ToOn = today.AddDays(plans.TrialDays), Day = today.Day, CreatedAt = time.GetUtcNow(),
            }, stop);
            return await db.Subscriptions.AsNoTracking().SingleAsync(stop);
        }, stop);
    }

    /// <summary>Another plan or cycle. In a trial it is only noted; a free one begins at once; else there is an invoice, less what was paid and not used.</summary>
    /// <returns>The invoice, paid already where nothing is left to pay; null: nothing is to pay. Refused: <c>plan_unknown, plan_same, plan_members, plan_channels</c>.</returns>
    public Task<Result<Invoice?>> ChooseAsync(string? key, BillingCycle cycle, CancellationToken stop) => ChangeAsync<Result<Invoice?>>(async subscription =>
    {
        if (plans.Find(key) is not { } plan) return new Refusal("plan_unknown", "There is no such plan.", "plan");
        var (was, runs) = (plans.Of(subscription), subscription.Serves(Today));
        if (was.Key == plan.Key && (subscription.Cycle == cycle || plan.IsFree) && subscription.State is SubscriptionState.Trialing or SubscriptionState.Active) return new Refusal("plan_same", "The shop has this plan.", "plan", Kind: RefusalKind.Conflict);
        foreach (var use in uses)
            if (await use.RefusesAsync(plan, 0, stop) is { } tooMany) return tooMany;
        audit.Write(AuditAction.PlanChosen, old: new { subscription.Plan, subscription.Cycle }, now: new { Plan = plan.Key, Cycle = cycle });
        await invoicing.VoidOpenAsync(subscription, stop);
        if (subscription.State == SubscriptionState.Trialing && !plan.IsFree)
        {
            (subscription.Plan, subscription.Cycle) = (plan.Key, cycle);
            await facts.TellAsync(new PlanOpened(), stop);
            return (Invoice?)null;
        }
        if (plan.IsFree)
        {
            await invoicing.EndPaidAsync(subscription, stop);
            (subscription.Plan, subscription.Cycle, subscription.FromOn, subscription.Day) = (plan.Key, BillingCycle.Monthly, Today, Today.Day);
            subscription.ToOn = Periods.End(Today, BillingCycle.Monthly, Today.Day);
            await BeActiveAsync(subscription, "chosen", stop);
            return (Invoice?)null;
        }
        var isRunning = runs && subscription.State is SubscriptionState.Active or SubscriptionState.Cancelled && !was.IsFree;
        var invoice = await invoicing.IssueAsync(subscription, isRunning || was.IsFree ? InvoiceKind.Change : InvoiceKind.Renewal, plan, cycle, Today, stop);
        if (invoice.ToPay == Dinars.Zero) await PaidAsync(subscription, invoice, stop);
        return invoice;
    }, stop);

    /// <summary>The invoice to pay now: the open one, or the next one before its time. Null: nothing is to pay.</summary>
    public Task<Invoice?> NextAsync(CancellationToken stop) => ChangeAsync(async subscription =>
    {
        await invoicing.VoidStaleAsync(subscription, stop);
        if (await invoicing.OpenAsync(stop) is { } open) return open;
        var plan = plans.Of(subscription);
        if (plan.IsFree) return null;
        var invoice = await invoicing.IssueAsync(subscription, InvoiceKind.Renewal, plan, subscription.Cycle, subscription.ToOn, stop);
        if (invoice.ToPay == Dinars.Zero) await PaidAsync(subscription, invoice, stop);
        return invoice;
    }, stop);

    /// <summary>The owner ends the plan: what is paid is used up, no more invoices.</summary>
    public Task<Refusal?> CancelAsync(CancellationToken stop) => ChangeAsync(async subscription =>
    {
        if (subscription.State == SubscriptionState.Cancelled) return new Refusal("plan_cancelled", "The plan is ended already.", Kind: RefusalKind.Conflict);
        await invoicing.VoidOpenAsync(subscription, stop);
        Move(subscription, SubscriptionState.Cancelled, "cancelled");
        audit.Write(AuditAction.PlanCancelled, now: new { subscription.Plan });
        return (Refusal?)null;
    }, stop);

    /// <summary>The owner takes the end back while what was paid still runs. Null: done; else it has to be paid: <see cref="NextAsync"/>.</summary>
    public Task<Refusal?> ResumeAsync(CancellationToken stop) => ChangeAsync(async subscription =>
    {
        if (subscription.State != SubscriptionState.Cancelled || Today >= subscription.ToOn) return new Refusal("plan_to_pay", "Nothing is paid any more: pay the next invoice.", Kind: RefusalKind.Conflict);
        audit.Write(AuditAction.PlanResumed, now: new { subscription.Plan });
        await BeActiveAsync(subscription, "resumed", stop);
        return (Refusal?)null;
    }, stop);

    /// <summary>Money came for an invoice: its plan goes on, or, where it was paid or void already, the money is the shop's credit. In the caller's transaction, on a locked subscription.</summary>
    internal async Task TakeAsync(Subscription subscription, Invoice invoice, Payment payment, CancellationToken stop)
    {
        if (invoice.State == InvoiceState.Open)
        {
            await PaidAsync(subscription, invoice, stop);
            await letters.WriteAsync(PlanLetter.Paid, invoice.Id, null, stop);
            return;
        }
        invoicing.Credit(subscription, CreditCause.PaidTwice, payment.Amount, invoice.Id, payment.Id);
        await letters.WriteAsync(PlanLetter.Credit, invoice.Id, null, stop);
        // What is open takes the credit, so that nobody rests who has paid.
        if (await invoicing.OpenAsync(stop) is not { Kind: InvoiceKind.Renewal } open) return;
        await invoicing.VoidOpenAsync(subscription, stop);
        var again = await invoicing.IssueAsync(subscription, open.Kind, plans.Find(open.Plan) ?? plans.Trial, open.Cycle, open.DueOn, stop);
        if (again.ToPay == Dinars.Zero) await PaidAsync(subscription, again, stop);
    }

    /// <summary>What the day that has come does: writes the next invoice, reminds, ends the grace. Again on the same day: nothing.</summary>
    public Task RollAsync(CancellationToken stop) => ChangeAsync(async subscription =>
    {
        var (today, plan) = (Today, plans.Of(subscription));
        await invoicing.VoidStaleAsync(subscription, stop);
        if (subscription.State == SubscriptionState.Cancelled) return 0;
        while (plan.IsFree && subscription.State == SubscriptionState.Active && today >= subscription.ToOn) (subscription.FromOn, subscription.ToOn) = (subscription.ToOn, Periods.End(subscription.ToOn, BillingCycle.Monthly, subscription.Day));
        if (plan.IsFree) return 0;

        var open = await invoicing.OpenAsync(stop);
        if (open is null && subscription.State != SubscriptionState.Suspended && today >= subscription.ToOn.AddDays(-Plans.InvoiceAhead))
        {
            open = await invoicing.IssueAsync(subscription, InvoiceKind.Renewal, plan, subscription.Cycle, subscription.ToOn, stop);
            if (open.ToPay == Dinars.Zero)
            {
                await PaidAsync(subscription, open, stop);
                open = null;
            }
        }
        if (subscription.State is SubscriptionState.Trialing or SubscriptionState.Active && today >= subscription.ToOn) Move(subscription, SubscriptionState.PastDue, "unpaid");
        if (subscription.State == SubscriptionState.PastDue && today >= subscription.ToOn.AddDays(Plans.GraceDays))
        {
            Move(subscription, SubscriptionState.Suspended, "grace_over");
            await letters.WriteAsync(PlanLetter.Suspended, open?.Id, null, stop);
        }
        if (open is { Kind: InvoiceKind.Renewal } && subscription.State != SubscriptionState.Suspended) await letters.RemindAsync(open, subscription.ToOn, today, stop);
        return 0;
    }, stop);

    /// <summary>The row as it is now and until the transaction ends; in the caller's transaction.</summary>
    internal async Task<Subscription> LockAsync(CancellationToken stop)
    {
        var id = await db.Subscriptions.Select(s => s.Id).SingleAsync(stop);
        await db.Dialect.LockRowAsync(db, "subscriptions", id.Value, stop);
        var subscription = await db.Subscriptions.SingleAsync(stop);
        await db.Entry(subscription).ReloadAsync(stop);
        return subscription;
    }

    private async Task PaidAsync(Subscription subscription, Invoice invoice, CancellationToken stop)
    {
        BillingTransitions.Move(invoice, InvoiceState.Paid);
        invoice.PaidAt = time.GetUtcNow();
        var (today, isTrial) = (Today, subscription.State == SubscriptionState.Trialing);
        if (invoice.Kind == InvoiceKind.Change)
        {
            await invoicing.EndPaidAsync(subscription, stop, isCounted: true);
            invoicing.Credit(subscription, CreditCause.Unused, invoice.ToCredit, invoice.Id, null);
            await invoicing.VoidOpenAsync(subscription, stop, but: invoice.Id);
            (subscription.FromOn, subscription.ToOn, subscription.Day) = (today, today, today.Day);
        }
        // Early money adds to what runs; late money begins with the day it came.
        var from = subscription.ToOn > today ? subscription.ToOn : today;
        if (from > subscription.ToOn || isTrial) subscription.Day = from.Day;
        if (from > subscription.ToOn) subscription.FromOn = from;
        (subscription.Plan, subscription.Cycle) = (invoice.Plan, invoice.Cycle);
        (invoice.FromOn, invoice.ToOn) = (from, Periods.End(from, invoice.Cycle, subscription.Day));
        subscription.ToOn = invoice.ToOn.Value;
        audit.Write(AuditAction.PlanPaid, invoice.Id, invoice.Number, now: new { invoice.Plan, invoice.ToPay });
        await BeActiveAsync(subscription, "paid", stop);
    }

    private async Task BeActiveAsync(Subscription subscription, string cause, CancellationToken stop)
    {
        if (subscription.State != SubscriptionState.Active) Move(subscription, SubscriptionState.Active, cause);
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new PlanOpened(), stop);
    }

    private void Move(Subscription subscription, SubscriptionState to, string cause)
    {
        var (was, now) = (subscription.State, time.GetUtcNow());
        BillingTransitions.Move(subscription, to);
        db.Add(new SubscriptionMove { Id = Id<SubscriptionMove>.New(now), From = was, To = to, Actor = actor.Kind, ActorId = actor.Id, Cause = cause, At = now });
    }

    private async Task<T> ChangeAsync<T>(Func<Subscription, Task<T>> change, CancellationToken stop)
    {
        await EnsureAsync(stop);
        return await db.InTransactionAsync(async () =>
        {
            var result = await change(await LockAsync(stop));
            await db.SaveChangesAsync(stop);
            db.Tell("billing", db.WorkspaceId);
            db.Tell("controls", db.WorkspaceId);
            return result;
        }, stop);
    }
}

/// <summary>A new workspace begins its trial in the transaction that makes it.</summary>
internal sealed class BeginTrialOnWorkspaceMade(Subscriptions subscriptions) : IListener<WorkspaceMade>
{
    public Task OnAsync(WorkspaceMade fact, CancellationToken stop) => subscriptions.EnsureAsync(stop);
}
