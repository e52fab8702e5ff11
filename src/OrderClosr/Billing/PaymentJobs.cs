using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>Looks what became of a payment: by the clock after its page was made, because of an event, or in the nightly sweep.</summary>
/// <param name="Round">Which look it is; each waits for none of the others.</param>
public sealed record LookAtPayment(Id<Payment> Payment, int Round) : IJob
{
    /// <summary>Rounds from here on are because of events.</summary>
    public const int ByEvent = 100;

    /// <summary>The round of the nightly sweep.</summary>
    public const int ByNight = 50;

    public static string Kind => "look_at_payment";
    public string Lane => BillingSetup.Lane;
    public string OrderKey => $"{Payment}-{Round.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(48);
}

internal sealed class LookAtPaymentHandler(Paying paying, OrderClosrDb db) : IJobHandler<LookAtPayment>
{
    public async Task<JobOutcome> RunAsync(LookAtPayment job, JobRun run, CancellationToken stop)
    {
        var isOver = await db.Payments.AnyAsync(p => p.Id == job.Payment && (p.CreditedAt != null || (job.Round < LookAtPayment.ByNight && p.State != PaymentState.Open && p.State != PaymentState.Asking)), stop);
        if (isOver) return JobOutcome.Dropped("It is known what became of it.");
        await paying.LookAsync(job.Payment, stop);
        return JobOutcome.Done();
    }
}

/// <summary>After a copy of the database was put back: what was paid on pages made since that copy is found at the service and taken in.</summary>
public sealed record FindLostPayments(DateTimeOffset At) : IJob
{
    /// <summary>No copy that is put back is older.</summary>
    public static readonly TimeSpan GoesBack = TimeSpan.FromDays(15);

    public static string Kind => "find_lost_payments";
    public string Lane => BillingSetup.Lane;
    public string OrderKey => Kind;
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(48);
}

internal sealed class FindLostPaymentsHandler(IPayments service, Paying paying, OrderClosrDb db) : IJobHandler<FindLostPayments>
{
    public async Task<JobOutcome> RunAsync(FindLostPayments job, JobRun run, CancellationToken stop)
    {
        if (!service.IsOn) return JobOutcome.Dropped("There are no plans on this server.");
        foreach (var found in await service.ListAsync(job.At - FindLostPayments.GoesBack, stop))
            if (found.Workspace == db.WorkspaceId) await paying.BringBackAsync(found, stop);
        return JobOutcome.Done();
    }
}

/// <summary>Our rows may have forgotten payments.</summary>
internal sealed class FindLostPaymentsOnDatabaseRestored(OrderClosrDb db, Plans plans) : IListener<DatabaseRestored>
{
    public Task OnAsync(DatabaseRestored fact, CancellationToken stop)
    {
        if (plans.IsOn) db.Later(new FindLostPayments(fact.At), fact.At);
        return Task.CompletedTask;
    }
}

/// <summary>Every night: everything of the last 48 hours that is not paid is looked at once more, also what expired: a bank may have been slow. And what the service was paid for without our knowing is taken in.</summary>
public sealed record SweepPayments : IJob
{
    public static string Kind => "sweep_payments";
    public string Lane => "work/system";
    public string OrderKey => "sweep-payments";
}

internal sealed class SweepPaymentsHandler(WorkspaceScopes scopes, Plans plans, IPayments service, TimeProvider time) : IJobHandler<SweepPayments>
{
    public async Task<JobOutcome> RunAsync(SweepPayments job, JobRun run, CancellationToken stop)
    {
        if (!plans.IsOn) return JobOutcome.Done();
        var (now, since) = (time.GetUtcNow(), time.GetUtcNow() - Payment.SweptFor);
        foreach (var workspace in await scopes.WithAnyAsync<Payment>(p => p.StartedAt > since && p.CreditedAt == null, stop))
        {
            await using var scope = scopes.Open(workspace);
            foreach (var id in await scope.Db.Payments.Where(p => p.StartedAt > since && p.CreditedAt == null).Select(p => p.Id).ToListAsync(stop)) scope.Db.Later(new LookAtPayment(id, LookAtPayment.ByNight), now);
            await scope.Db.SaveChangesAsync(stop);
        }
        // A shop that is gone, or on its way, gets nothing back.
        var paid = (await service.ListAsync(since, stop)).Where(f => f.Seen.Status == CheckoutStatus.Paid).ToLookup(f => f.Workspace);
        foreach (var workspace in paid.Count == 0 ? [] : await scopes.WithAnyAsync<Subscription>(_ => true, stop))
            foreach (var found in paid[workspace])
            {
                await using var scope = scopes.Open(workspace);
                await scope.Get<Paying>().BringBackAsync(found, stop);
            }
        return JobOutcome.Done();
    }
}

/// <summary>Every hour: what the day does to each shop's plan.</summary>
public sealed record RollPlans : IJob
{
    public static string Kind => "roll_plans";
    public string Lane => "work/system";
    public string OrderKey => "roll-plans";
}

internal sealed class RollPlansHandler(WorkspaceScopes scopes, Plans plans) : IJobHandler<RollPlans>
{
    public async Task<JobOutcome> RunAsync(RollPlans job, JobRun run, CancellationToken stop)
    {
        if (!plans.IsOn) return JobOutcome.Done();
        foreach (var workspace in await scopes.WithAnyAsync<Subscription>(s => s.State != SubscriptionState.Cancelled, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<Subscriptions>().RollAsync(stop);
        }
        return JobOutcome.Done();
    }
}
