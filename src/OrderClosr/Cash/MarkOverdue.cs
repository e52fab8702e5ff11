using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>Every morning: money whose agreed days went by is overdue.</summary>
public sealed record MarkOverdue : IJob
{
    public static string Kind => "mark_overdue";
    public string Lane => "work/system";
    public string OrderKey => "mark-overdue";
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(6);
}

internal sealed class MarkOverdueHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<MarkOverdue>
{
    public async Task<JobOutcome> RunAsync(MarkOverdue job, JobRun run, CancellationToken stop)
    {
        foreach (var workspace in await scopes.WithAnyAsync<Parcel>(p => p.State == ParcelState.Delivered && p.CashState != CashState.Paid, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<Overdue>().RunAsync(time.GetUtcNow(), stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Which money of a workspace is late, by the terms of each courier.</summary>
public sealed class Overdue(OrderClosrDb db, Terms terms, CashBook book)
{
    /// <summary>Marks what became late, takes the mark from what is not late any more (other terms), and finds deliveries whose money nobody noticed.</summary>
    public async Task RunAsync(DateTimeOffset now, CancellationToken stop)
    {
        var agreed = await terms.AllAsync(stop);
        var today = AlgiersTime.DateInAlgiers(now);
        var last = default(ParcelId);
        while (true)
        {
            var after = last;
            var rows = await db.Parcels.AsNoTracking().Where(p => p.Id > after && p.State == ParcelState.Delivered && p.ToCollect != Dinars.Zero && (p.CashState == CashState.NotDue || p.CashState == CashState.Collected
                || p.CashState == CashState.Ready || p.CashState == CashState.InPayment || p.CashState == CashState.Overdue)).OrderBy(p => p.Id).Take(500).Select(p => new { p.Id, p.AccountId, p.CashState, p.StateAt }).ToListAsync(stop);
            if (rows.Count == 0) return;
            last = rows[^1].Id;
            var due = rows.Where(r => r.CashState == CashState.NotDue || (agreed.GetValueOrDefault(r.AccountId) is { } t && t.DaysLate(r.StateAt, today) > 0 != (r.CashState == CashState.Overdue))).Select(r => r.Id).ToList();
            if (due.Count > 0) await db.InTransactionAsync(() => MarkAsync(due, agreed, today, now, stop), stop);
        }
    }

    private async Task MarkAsync(List<ParcelId> due, IReadOnlyDictionary<CourierAccountId, AgreedTerms> agreed, DateOnly today, DateTimeOffset now, CancellationToken stop)
    {
        var parcels = await db.LockedParcelsAsync(due, stop);
        await book.LoadAsync(due, stop);
        foreach (var parcel in parcels.Where(p => p.State == ParcelState.Delivered && agreed.ContainsKey(p.AccountId)))
        {
            var cash = book.Of(parcel);
            cash.DueAt ??= parcel.StateAt;
            // Delivered before there were books.
            if (parcel.CashState == CashState.NotDue) book.MustMove(parcel, CashState.Collected, new(ActorKind.System, now, "delivered"));
            var isLate = agreed[parcel.AccountId].DaysLate(cash.DueAt, today) > 0;
            // Money that came on a slip is counted, whatever its line still waits for.
            if (isLate && cash.Received == Dinars.Zero && parcel.CashState is CashState.Collected or CashState.Ready or CashState.InPayment) book.MustMove(parcel, CashState.Overdue, new(ActorKind.System, now, "overdue"));
            else if (!isLate && parcel.CashState == CashState.Overdue) book.MustMove(parcel, CashState.Collected, new(ActorKind.System, now, "terms_changed"));
        }
        await db.SaveChangesAsync(stop);
    }
}
