using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Books parcels of one account in one call. More than one only while none of them was ever posted.</summary>
public sealed record BookParcels(CourierAccountId Account, IReadOnlyList<ParcelId> Parcels) : IJob
{
    public static string Kind => "book_parcels";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => Parcels[0].ToString();
}

/// <summary>Exactly one parcel (facts/couriers/common.md section 5): the row stands first, an earlier attempt is looked for, nothing is posted blindly.</summary>
internal sealed class BookParcelsHandler(OrderClosrDb db, Couriers couriers, ParcelsToBook reading, Moving moving, BookingEnds ending, CourierHealth health, TimeProvider time) : IJobHandler<BookParcels>
{
    /// <summary>A post whose outcome is unknown may still arrive at the courier after we stopped waiting; only then does "not there" mean it.</summary>
    internal static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(60);

    /// <summary>About how long a courier's list takes to read.</summary>
    private static readonly TimeSpan ScanTakes = TimeSpan.FromSeconds(20);

    public async Task<JobOutcome> RunAsync(BookParcels job, JobRun run, CancellationToken stop)
    {
        if (await db.CourierAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == job.Account, stop) is not { } account) return JobOutcome.Dropped("The courier is gone.");
        if (account.State == CourierState.Disconnected) return JobOutcome.Refused("The courier was disconnected.");
        if (account.State == CourierState.Broken) return new(JobState.Parked, $"The courier refuses us: {account.Trouble}.");
        var courier = couriers.Of(account);
        var access = await reading.OpenAsync(account, stop);

        var (rows, wereTried) = await BeginAsync(job, account, stop);
        if (rows.Count == 0) return JobOutcome.Dropped("Nothing of it is to be booked any more.");
        var scans = Scans(courier, rows);
        using var turn = scans ? access.TryScan() : null;
        if (scans && turn is null)
        {
            if (!wereTried) await MarkAsync(rows, mayExist: false, stop);
            return JobOutcome.Again(time.GetUtcNow() + ScanTakes, "The courier's list is being read for all that wait.");
        }
        var found = await FirstLookAsync(courier, access, account, rows, wereTried, stop);
        var open = rows.Where(r => !found.ContainsKey(r.Book.Reference)).ToList();

        if (open.Count > 0 && wereTried && courier.Abilities.Repeat == Repeat.MakesAnother)
        {
            if (courier.Abilities.Lookup == Lookup.None)
                return JobOutcome.Done((scope, inner) => ApplyAsync(scope, job, rows.ToDictionary(r => r.Book.Reference, _ => new BookingAnswer(BookingEnd.Exists)), inner));
            if (open.Any(r => time.GetUtcNow() - r.PostedAt < SettlesWithin) && found.Count == 0)
                throw new VendorFailure(FailureCategory.OutcomeUnknown, "The courier never answered: looking whether it has the parcel.", "no_answer");
        }
        var answers = found.ToDictionary(f => f.Key, f => BookingAnswer.Registered(f.Value));
        if (open.Count > 0 && !(found.Count > 0 && wereTried))
            foreach (var (reference, answer) in await PostAsync(courier, access, open, wereTried, stop)) answers[reference] = answer;

        // One parcel, and nobody knows its number: this job itself looks again, ever later.
        if (answers.Values.ToList() is [var only] && (only.End == BookingEnd.Unclear || (only.End == BookingEnd.Exists && courier.Abilities.Lookup != Lookup.None))) throw new VendorFailure(FailureCategory.OutcomeUnknown, "The courier's answer was unclear.", "no_answer");
        return JobOutcome.Done((scope, inner) => ApplyAsync(scope, job, answers, inner));
    }

    public async Task OnFailedAsync(BookParcels job, string words, CancellationToken stop)
    {
        foreach (var parcel in await db.LockedParcelsAsync(job.Parcels, stop))
            if (parcel.State == ParcelState.Requested) await moving.TroubleAsync(parcel, parcel.MayExist ? "outcome_unknown" : "not_booked", words, stop);
    }

    /// <summary>Marks the rows as asked for, in a commit of its own, before any call.</summary>
    private Task<(List<BookingRow> Rows, bool WereTried)> BeginAsync(BookParcels job, CourierAccount account, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var rows = new List<BookingRow>();
        var wereTried = false;
        foreach (var parcel in await db.LockedParcelsAsync(job.Parcels, stop))
        {
            // Booked meanwhile by a word of the courier, cancelled, or moved to another courier by a person.
            if (parcel.State != ParcelState.Requested || parcel.AccountId != job.Account) continue;
            // It waits for a person: what was decided then asks anew.
            if (!parcel.MayExist && parcel.Trouble is not (null or "not_booked" or "outcome_unknown")) continue;
            if (parcel.CancelAskedAt is not null && !parcel.MayExist)
            {
                await moving.MoveAsync(parcel, ParcelState.Cancelled, new(ActorKind.System, now, "cancelled_before_booking"), stop);
                continue;
            }
            var order = await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == parcel.OrderId, stop);
            if (await reading.OfAsync(parcel, order, stop) is not { } book)
            {
                await moving.TroubleAsync(parcel, "destination_unclear", "The courier's lists changed: choose the place again.", stop);
                continue;
            }
            wereTried |= parcel.MayExist;
            var isListed = MayBeListed(parcel, order.CreatedAt, account);
            if (!parcel.MayExist) (parcel.MayExist, parcel.PostedAt) = (true, now);
            rows.Add(new(parcel.Id, book, parcel.PostedAt ?? now, order.CreatedAt, isListed));
        }
        await db.SaveChangesAsync(stop);
        return (rows, wereTried);
    }, stop);

    /// <summary>A look that fails before the first post leaves no doubt behind.</summary>
    private async Task<IReadOnlyDictionary<string, CourierParcel>> FirstLookAsync(ICourier courier, CourierAccess access, CourierAccount account, List<BookingRow> rows, bool wereTried, CancellationToken stop)
    {
        try
        {
            return await LookAsync(courier, access, account, rows, wereTried, stop);
        }
        catch (VendorFailure failure)
        {
            if (!wereTried) await MarkAsync(rows, mayExist: false, stop);
            if (failure.Category == FailureCategory.Transient) await health.DownAsync(access.Account, failure.Message, stop);
            throw;
        }
    }

    /// <summary>What the courier has of them already. Cheap lookups are always made: after a restored backup our rows know nothing.</summary>
    private async Task<IReadOnlyDictionary<string, CourierParcel>> LookAsync(ICourier courier, CourierAccess access, CourierAccount account, List<BookingRow> rows, bool wereTried, CancellationToken stop)
    {
        var looks = courier.Abilities.Lookup switch
        {
            Lookup.None => false,
            Lookup.Direct => wereTried || courier.Abilities.Repeat == Repeat.MakesAnother || rows.Any(r => r.OrderedAt <= account.LookFirstBefore),
            _ => Scans(courier, rows),
        };
        if (!looks) return new Dictionary<string, CourierParcel>();
        var found = courier.Abilities.Lookup == Lookup.Scan ? await ScanAsync(courier, access, account, rows, stop) : await courier.FindAsync(access, [.. rows.Select(r => r.Book.Reference)], rows.Min(r => r.OrderedAt), stop);
        return rows.Where(r => found.ContainsKey(r.Book.Reference)).ToDictionary(r => r.Book.Reference, r => found[r.Book.Reference]);
    }

    private static bool Scans(ICourier courier, List<BookingRow> rows) => courier.Abilities.Lookup == Lookup.Scan && rows.Exists(r => r.MayBeListed);

    /// <summary>Whether a courier's list has to be read before it is posted: it was posted and never answered, or our row may have forgotten that it was; and the list was not read since.</summary>
    private static bool MayBeListed(Parcel parcel, DateTimeOffset orderedAt, CourierAccount account) =>
        (parcel.MayExist || orderedAt <= account.LookFirstBefore)
        && !(parcel.NotListedAt >= (account.LookFirstBefore ?? DateTimeOffset.MinValue) && (!parcel.MayExist || parcel.NotListedAt - parcel.PostedAt >= SettlesWithin));

    /// <summary>Reads the list once for all that wait at this courier and may be there: each for itself would read dozens of pages, and spend the courier's limit of hours.</summary>
    private async Task<IReadOnlyDictionary<string, CourierParcel>> ScanAsync(ICourier courier, CourierAccess access, CourierAccount account, List<BookingRow> rows, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        var own = rows.Select(r => r.Id).ToHashSet();
        var waiting = await db.Parcels.AsNoTracking().Where(p => p.AccountId == account.Id && p.State == ParcelState.Requested)
            .Join(db.Orders, p => p.OrderId, o => o.Id, (p, o) => new { Parcel = p, OrderedAt = o.CreatedAt }).ToListAsync(stop);
        var others = waiting.Where(w => !own.Contains(w.Parcel.Id) && MayBeListed(w.Parcel, w.OrderedAt, account)).ToList();
        var found = await courier.FindAsync(access, [.. rows.Select(r => r.Book.Reference), .. others.Select(o => o.Parcel.Reference)], rows.Select(r => r.OrderedAt).Concat(others.Select(o => o.OrderedAt)).Min(), stop);
        await db.InTransactionAsync(async () =>
        {
            foreach (var parcel in await db.LockedParcelsAsync([.. own, .. others.Select(o => o.Parcel.Id)], stop))
            {
                if (parcel.State != ParcelState.Requested) continue;
                if (!found.TryGetValue(parcel.Reference, out var told)) parcel.NotListedAt = began;
                else if (!own.Contains(parcel.Id)) await ending.EndAsync(parcel, BookingAnswer.Registered(told), began, stop);
            }
            await db.SaveChangesAsync(stop);
        }, stop);
        return found;
    }

    private async Task<IEnumerable<(string, BookingAnswer)>> PostAsync(ICourier courier, CourierAccess access, List<BookingRow> rows, bool wereTried, CancellationToken stop)
    {
        if (wereTried) await MarkAsync(rows, mayExist: true, stop);
        try
        {
            var answers = await courier.BookAsync(access, [.. rows.Select(r => r.Book)], stop);
            if (answers.Count != rows.Count) throw new VendorFailure(FailureCategory.OutcomeUnknown, "The courier's answer lacks parcels.", "no_answer");
            return rows.Select((r, i) => (r.Book.Reference, answers[i]));
        }
        catch (VendorFailure failure) when (failure.Category != FailureCategory.OutcomeUnknown)
        {
            // Surely not done: the next try may post without a doubt, unless an older try cannot be looked for.
            if (!wereTried || courier.Abilities.Lookup != Lookup.None) await MarkAsync(rows, mayExist: false, stop);
            if (failure.Category == FailureCategory.Transient) await health.DownAsync(access.Account, failure.Message, stop);
            throw;
        }
    }

    private Task MarkAsync(List<BookingRow> rows, bool mayExist, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        foreach (var parcel in await db.LockedParcelsAsync([.. rows.Select(r => r.Id)], stop))
        {
            if (parcel.State != ParcelState.Requested) continue;
            parcel.MayExist = mayExist;
            if (mayExist) parcel.PostedAt = time.GetUtcNow();
        }
        await db.SaveChangesAsync(stop);
    }, stop);

    private static async Task ApplyAsync(WorkspaceScope scope, BookParcels job, IReadOnlyDictionary<string, BookingAnswer> answers, CancellationToken stop)
    {
        var (db, now) = (scope.Db, scope.Get<TimeProvider>().GetUtcNow());
        var ending = scope.Get<BookingEnds>();
        await scope.Get<CourierHealth>().AnsweredAsync(job.Account, stop);
        // A bad parcel may have taken the others of its call with it: each is asked for alone before it is called bad.
        var allRefused = answers.Count > 1 && answers.Values.All(a => a.End == BookingEnd.Refused);
        foreach (var parcel in await db.LockedParcelsAsync(job.Parcels, stop))
        {
            var answer = answers.GetValueOrDefault(parcel.Reference);
            if (answer is null || answer.End == BookingEnd.Unclear || (answer.End == BookingEnd.Exists && answers.Count > 1) || (allRefused && parcel.State == ParcelState.Requested))
            {
                if (parcel.State != ParcelState.Requested) continue;
                if (allRefused) parcel.MayExist = false;
                db.Later(new BookParcels(job.Account, [parcel.Id]), now, allRefused ? null : now.AddSeconds(5));
            }
            else await ending.EndAsync(parcel, answer, now, stop);
        }
        await db.SaveChangesAsync(stop);
    }

    private sealed record BookingRow(ParcelId Id, ParcelToBook Book, DateTimeOffset PostedAt, DateTimeOffset OrderedAt, bool MayBeListed);
}
