using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary>Reads one part of a courier's lists; the last part is followed by <see cref="FinishLists"/>.</summary>
/// <param name="Run">Which reading: an older one that is still under way ends where it stands.</param>
/// <param name="From">The adapter's own word for where to go on; null: the beginning.</param>
public sealed record ReadLists(CourierAccountId Account, int Run, string? From) : IJob
{
    public static string Kind => "read_lists";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => "lists";
    public static bool GivesWay => true;
}

/// <summary>Brings a courier's wilayas, communes, desks and fees up to date: weekly, by hand, and after connecting.</summary>
public static class SyncLists
{
    /// <summary>Begins a reading, in the caller's transaction.</summary>
    internal static void Begin(OrderClosrDb db, CourierAccount account, DateTimeOffset now)
    {
        account.SyncRun++;
        db.Later(new ReadLists(account.Id, account.SyncRun, null), now);
    }

    /// <summary>Reads an account's lists again.</summary>
    public static Task<Refusal?> AgainAsync(OrderClosrDb db, CourierAccountId id, DateTimeOffset now, CancellationToken stop) => db.InTransactionAsync<Refusal?>(async () =>
    {
        if (await db.CourierAccounts.SingleOrDefaultAsync(a => a.Id == id && a.State != CourierState.Disconnected, stop) is not { } account) return Refusal.NotFound("courier");
        Begin(db, account, now);
        await db.SaveChangesAsync(stop);
        db.Tell("courier", id);
        return null;
    }, stop);
}

internal sealed class ReadListsHandler(Couriers couriers, CourierCalls calls) : IJobHandler<ReadLists>
{
    public async Task<JobOutcome> RunAsync(ReadLists job, JobRun run, CancellationToken stop)
    {
        var (account, end) = await calls.AccountAsync(job.Account, stop);
        if (account is null) return end!;
        if (account.SyncRun != job.Run) return JobOutcome.Dropped("A newer reading began.");
        var part = await couriers.Of(account).ReadListsAsync(couriers.Open(account, givesWay: true), job.From, stop);
        return JobOutcome.Done(async (scope, inner) =>
        {
            await scope.Get<KeepLists>().KeepAsync(job.Account, job.Run, part, inner);
            var now = scope.Get<TimeProvider>().GetUtcNow();
            if (part.Next is { } next && next != job.From) scope.Db.Later(job with { From = next }, now);
            else await scope.Get<KeepLists>().FinishAsync(job.Account, job.Run, inner);
        });
    }
}

/// <summary>Writes what was read of a courier's lists and says what changed.</summary>
internal sealed class KeepLists(OrderClosrDb db, Couriers couriers, Places places, Facts facts, Audit audit, TimeProvider time)
{
    /// <summary>Rows of one part; rows of before keep their ids.</summary>
    internal async Task KeepAsync(CourierAccountId account, int run, ListPart part, CancellationToken stop)
    {
        var wilayas = part.Places.Select(p => p.WilayaRef).Distinct().ToList();
        var there = await db.CourierPlaces.Where(p => p.AccountId == account && wilayas.Contains(p.WilayaRef)).ToDictionaryAsync(p => (p.Kind, p.WilayaRef, p.Ref), stop);
        foreach (var row in part.Places.DistinctBy(p => (p.Kind, p.WilayaRef, p.Ref)))
        {
            if (!there.TryGetValue((row.Kind, row.WilayaRef, row.Ref), out var place))
            {
                place = new() { Id = Id<CourierPlace>.New(time.GetUtcNow()), AccountId = account, Kind = row.Kind, Ref = row.Ref, WilayaRef = row.WilayaRef, Name = row.Name, Active = false };
                db.Add(place);
            }
            (place.Name, place.NameAr, place.Address, place.PostalCode, place.CommuneRef, place.WilayaCode) = (row.Name, row.NameAr, row.Address, row.PostalCode, row.CommuneRef, row.WilayaCode);
            (place.ServesHome, place.ServesDesk, place.DaysFrom, place.DaysTo, place.SeenInRun) = (row.ServesHome, row.ServesDesk, row.DaysFrom, row.DaysTo, run);
        }
        var of = part.Fees.Select(f => f.WilayaRef).Distinct().ToList();
        var fees = await db.CourierFees.Where(f => f.AccountId == account && of.Contains(f.WilayaRef)).ToDictionaryAsync(f => (f.WilayaRef, f.CommuneRef), stop);
        foreach (var line in part.Fees.DistinctBy(f => (f.WilayaRef, f.CommuneRef)))
        {
            if (!fees.TryGetValue((line.WilayaRef, line.CommuneRef), out var fee))
            {
                fee = new() { Id = Id<CourierFee>.New(time.GetUtcNow()), AccountId = account, WilayaRef = line.WilayaRef, CommuneRef = line.CommuneRef };
                db.Add(fee);
            }
            (fee.Home, fee.Desk, fee.Return, fee.PerExtraKilo, fee.OverweightFrom, fee.SeenInRun) = (line.Home, line.Desk, line.Return, line.PerExtraKilo, line.OverweightFrom, run);
        }
        db.Tell("courier", account);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>The customers' fees follow the courier's list again, everywhere: what the merchant set for himself is given up. Inside the caller's transaction.</summary>
    /// <returns>How many rows changed.</returns>
    internal async Task<int> FollowAsync(CourierAccount account, CancellationToken stop)
    {
        await SaveFees.LockAsync(db, stop);
        var live = await db.CourierPlaces.Where(p => p.AccountId == account.Id && p.Active).ToListAsync(stop);
        var listed = live.Where(p => p.Kind == CourierPlaceKind.Commune && p.CommuneCode != 0).Select(p => places.CommuneOf(p.CommuneCode)!.WilayaCode).ToHashSet();
        foreach (var fee in (await db.DeliveryFees.ToListAsync(stop)).Where(f => listed.Contains(f.WilayaCode))) fee.FromCourier = account.Id.Value;
        await db.SaveChangesAsync(stop);
        var changed = await FeesAsync(account, live, stop);
        db.Tell("shipping", "fees");
        await db.SaveChangesAsync(stop);
        return changed;
    }

    /// <summary>The whole list is here: what is gone is no longer served, communes and desks are matched to ours, the shop's own fees follow the default courier.</summary>
    internal async Task FinishAsync(CourierAccountId id, int run, CancellationToken stop)
    {
        await SaveFees.LockAsync(db, stop);
        var account = await db.CourierAccounts.SingleAsync(a => a.Id == id, stop);
        if (account.SyncRun != run) return;
        var adapter = couriers.Of(account);
        var rows = await db.CourierPlaces.Where(p => p.AccountId == id).ToListAsync(stop);
        var changes = new ListChanges();
        foreach (var row in rows)
        {
            var isThere = row.SeenInRun == run;
            if (isThere && !row.Active) changes.Added++;
            if (!isThere && row.Active) changes.Gone++;
            row.Active = isThere;
        }
        await db.CourierFees.Where(f => f.AccountId == id && f.SeenInRun != run).ExecuteDeleteAsync(stop);

        var live = rows.Where(r => r.Active).ToList();
        var codes = live.Where(r => r.Kind == CourierPlaceKind.Wilaya).ToDictionary(r => r.Ref, r => r.WilayaCode > 0 ? r.WilayaCode : places.Resolve(r.Name) is { Ok: true } named ? named.Value.WilayaCode58 : 0);
        var communes = live.Where(r => r.Kind == CourierPlaceKind.Commune).ToList();
        var byHand = communes.Where(r => r.IsMatchedByHand).Select(r => r.CommuneCode).ToHashSet();
        var asked = communes.Where(r => !r.IsMatchedByHand).ToDictionary(ParcelsToBook.RowOf);
        var matched = PlaceMatching.Match([.. asked.Keys], codes, places, adapter.CommuneOf);
        foreach (var (row, place) in asked)
        {
            var ours = matched.GetValueOrDefault(row);
            place.CommuneCode = byHand.Contains(ours) ? 0 : ours;
        }
        changes.Unmatched = communes.Count(c => c.CommuneCode == 0);
        await db.SaveChangesAsync(stop);
        await DesksAsync(live, codes, communes, stop);
        account.SyncedAt = time.GetUtcNow();
        await db.SaveChangesAsync(stop);
        if (account.IsDefault) changes.Fees = await FeesAsync(account, live, stop);
        (account.ListsAdded, account.ListsGone, account.ListsUnmatched, account.FeesChanged) = (changes.Added, changes.Gone, changes.Unmatched, changes.Fees);
        await db.SaveChangesAsync(stop);
        await facts.TellAsync(new CourierListsRead(id), stop);
        db.Tell("courier", id);
        db.Tell("shipping", "fees");
        await BookWaitingAsync(id, stop);
    }

    /// <summary>The courier's desks become desks customers are offered.</summary>
    private async Task DesksAsync(List<CourierPlace> live, Dictionary<string, int> codes, List<CourierPlace> communes, CancellationToken stop)
    {
        var desks = live.Where(r => r.Kind == CourierPlaceKind.Desk).ToList();
        var known = await db.Desks.ToDictionaryAsync(d => d.Id, stop);
        foreach (var desk in desks)
        {
            var commune = communes.Find(c => desk.CommuneRef.Length > 0 && c.WilayaRef == desk.WilayaRef && c.Ref == desk.CommuneRef);
            if (commune is not null) desk.CommuneCode = commune.CommuneCode;
            else if (desk.CommuneCode == 0 && desk.CommuneRef.Length > 0 && codes.GetValueOrDefault(desk.WilayaRef) is > 0 and var number)
                desk.CommuneCode = places.Resolve(number.ToString(System.Globalization.CultureInfo.InvariantCulture), desk.CommuneRef) is { Ok: true, Value: { Commune: { } found, IsSure: true } } ? found.Code : 0;
            if (places.CommuneOf(desk.CommuneCode) is not { } ours) continue;
            if (desk.DeskId is not { } id || !known.TryGetValue(id, out var offered))
            {
                // The merchant may have typed it in before the courier was connected.
                offered = known.Values.FirstOrDefault(d => d.CommuneCode == ours.Code && Folding.Compact(d.Name) == Folding.Compact(desk.Name));
                if (offered is null)
                {
                    offered = new() { Id = Id<Desk>.New(time.GetUtcNow()), WilayaCode = ours.WilayaCode, CommuneCode = ours.Code, Name = desk.Name, Address = desk.Address };
                    db.Add(offered);
                    known[offered.Id] = offered;
                }
                desk.DeskId = offered.Id;
            }
            (offered.Name, offered.Address, offered.Active) = (desk.Name, desk.Address, true);
        }
        // A desk nobody lists any more is offered to no customer.
        var account = live.Count > 0 ? live[0].AccountId : default;
        var gone = await db.CourierPlaces.Where(p => p.AccountId == account && p.Kind == CourierPlaceKind.Desk && !p.Active && p.DeskId != null).Select(p => p.DeskId!.Value).ToListAsync(stop);
        var still = desks.Select(d => d.DeskId).OfType<Id<Desk>>().ToHashSet();
        foreach (var id in gone.Where(g => !still.Contains(g)))
            if (known.TryGetValue(id, out var closed) && closed.Active && !await db.CourierPlaces.AnyAsync(p => p.DeskId == id && p.Active && p.AccountId != account, stop)) closed.Active = false;
    }

    /// <summary>What customers pay follows the default courier's list, but never over a fee the merchant set.</summary>
    private async Task<int> FeesAsync(CourierAccount account, List<CourierPlace> live, CancellationToken stop)
    {
        var lines = await db.CourierFees.AsNoTracking().Where(f => f.AccountId == account.Id).ToListAsync(stop);
        var fees = await db.DeliveryFees.ToDictionaryAsync(f => (f.WilayaCode, f.CommuneCode), stop);
        var communes = live.Where(r => r.Kind == CourierPlaceKind.Commune && r.CommuneCode != 0).ToList();
        var changed = 0;
        foreach (var wilaya in places.Wilayas)
        {
            var here = communes.Where(c => places.CommuneOf(c.CommuneCode)!.WilayaCode == wilaya.Code).ToList();
            if (here.Count == 0) continue;
            var quotes = here.Select(c => (Place: c, Line: LineOf(lines, c))).Where(q => q.Line is not null).ToList();
            if (quotes.Count == 0) continue;
            // The wilaya's row is what most of its communes cost; a commune that differs has a row of its own.
            var usual = quotes.GroupBy(q => Of(q.Place, q.Line!)).OrderByDescending(g => g.Count()).ThenByDescending(g => g.Key.Home?.Amount).First().Key;
            // A fee the merchant set for the wilaya is meant for all of it: no commune of the courier's may undercut or top it.
            var isMerchants = fees.TryGetValue((wilaya.Code, 0), out var whole) && whole.FromCourier is null;
            changed += Set(wilaya.Code, 0, usual);
            foreach (var (place, line) in quotes.Where(q => !isMerchants || fees.ContainsKey((wilaya.Code, q.Place.CommuneCode))))
                if (Of(place, line!) is var own && (own != usual || (fees.TryGetValue((wilaya.Code, place.CommuneCode), out var row) && row.FromCourier is not null))) changed += Set(wilaya.Code, place.CommuneCode, own);
        }
        if (changed > 0) audit.Write(AuditAction.FeesChanged, account.Id, account.Name, now: new { Rows = changed });
        return changed;

        static FeeValues Of(CourierPlace place, CourierFee line) => new(place.ServesHome ? line.Home : null, place.ServesDesk ? line.Desk : null, place.DaysFrom, place.DaysTo);

        int Set(int wilaya, int commune, FeeValues values)
        {
            if (fees.TryGetValue((wilaya, commune), out var row))
            {
                if (row.FromCourier is null || FeeValues.Of(row) == values) return 0;
            }
            else
            {
                row = new() { Id = Id<DeliveryFee>.New(time.GetUtcNow()), WilayaCode = wilaya, CommuneCode = commune };
                db.Add(row);
                fees[(wilaya, commune)] = row;
            }
            (row.Home, row.Desk, row.DaysFrom, row.DaysTo) = values;
            row.FromCourier = account.Id.Value;
            return 1;
        }
    }

    private static CourierFee? LineOf(List<CourierFee> lines, CourierPlace commune) =>
        lines.Find(l => l.WilayaRef == commune.WilayaRef && l.CommuneRef == commune.Ref) ?? lines.Find(l => l.WilayaRef == commune.WilayaRef && l.CommuneRef.Length == 0);

    /// <summary>Parcels that waited for the lists are placed now.</summary>
    private async Task BookWaitingAsync(CourierAccountId id, CancellationToken stop)
    {
        foreach (var parcel in await db.Parcels.Where(p => p.AccountId == id && p.Trouble == "lists_missing" && p.State == ParcelState.Draft).Select(p => p.Id).Take(500).ToListAsync(stop))
            db.Later(new PlaceParcel(db.WorkspaceId, parcel), time.GetUtcNow());
        await db.SaveChangesAsync(stop);
    }

    private sealed class ListChanges
    {
        internal int Added, Gone, Unmatched, Fees;
    }
}

/// <summary>Tries again to find where a waiting parcel goes.</summary>
public sealed record PlaceParcel(WorkspaceId Workspace, ParcelId Parcel) : IJob
{
    public static string Kind => "place_parcel";
    public string Lane => $"work/{Workspace}";
    public string OrderKey => Parcel.ToString();
}

internal sealed class PlaceParcelHandler(TimeProvider time) : IJobHandler<PlaceParcel>
{
    public Task<JobOutcome> RunAsync(PlaceParcel job, JobRun run, CancellationToken stop) =>
        Task.FromResult(JobOutcome.Done((scope, inner) => scope.Get<ShipOrder>().AgainAsync(job.Parcel, null, new(Orders.ActorKind.System, time.GetUtcNow()), inner)));
}

/// <summary>Every account's lists, once a week.</summary>
public sealed record SyncCouriers : IJob
{
    public static string Kind => "sync_couriers";
    public string Lane => "work/system";
    public string OrderKey => "sync-couriers";
}

internal sealed class SyncCouriersHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<SyncCouriers>
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public async Task<JobOutcome> RunAsync(SyncCouriers job, JobRun run, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var before = now - Week;
        foreach (var workspace in await scopes.WithAnyAsync<CourierAccount>(a => a.State == CourierState.Connected && (a.SyncedAt == null || a.SyncedAt <= before), stop))
        {
            await using var scope = scopes.Open(workspace);
            foreach (var account in await scope.Db.CourierAccounts.Where(a => a.State == CourierState.Connected && (a.SyncedAt == null || a.SyncedAt <= before)).ToListAsync(stop)) SyncLists.Begin(scope.Db, account, now);
            await scope.Db.SaveChangesAsync(stop);
        }
        // Whoever has not called for so long has nothing to count.
        var idle = now.AddDays(-2);
        foreach (var workspace in await scopes.WithAnyAsync<CallBudget>(b => b.ChangedAt < idle, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Db.InTransactionAsync(() => scope.Db.CallBudgets.Where(b => b.ChangedAt < idle).ExecuteDeleteAsync(stop), stop);
        }
        return JobOutcome.Done();
    }
}
