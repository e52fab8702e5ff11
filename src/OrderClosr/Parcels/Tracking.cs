using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Parcels;

/// <summary>Asks the courier how parcels stand.</summary>
public sealed record TrackParcels(CourierAccountId Account, IReadOnlyList<ParcelId> Parcels) : IJob
{
    public static string Kind => "track_parcels";
    public string Lane => CourierAccount.LaneOf(Account);
    public string OrderKey => $"track-{Parcels[0]}";
    public static bool GivesWay => true;
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(1);
}

internal sealed class TrackParcelsHandler(OrderClosrDb db, Couriers couriers, CourierCalls calls, ParcelsToBook reading, TimeProvider time) : IJobHandler<TrackParcels>
{
    /// <summary>A parcel that the courier does not list so long after it was booked is not there.</summary>
    private static readonly TimeSpan Appears = TimeSpan.FromMinutes(15);

    public async Task<JobOutcome> RunAsync(TrackParcels job, JobRun run, CancellationToken stop)
    {
        var (account, end) = await calls.AccountAsync(job.Account, stop);
        if (account is null) return end!;
        var ids = job.Parcels;
        var parcels = await db.Parcels.AsNoTracking().Where(p => ids.Contains(p.Id) && p.AccountId == job.Account && (p.Tracking != null || p.TheirId != null)).ToListAsync(stop);
        if (parcels.Count == 0) return JobOutcome.Dropped("Nothing to ask for.");
        var told = await couriers.Of(account).TrackAsync(await reading.OpenAsync(account, stop, givesWay: true), [.. parcels.Select(p => p.AtCourier() with { Since = p.CourierAt ?? p.PostedAt ?? p.CreatedAt })], stop);
        var now = time.GetUtcNow();
        return JobOutcome.Done(async (scope, inner) =>
        {
            var moving = scope.Get<Moving>();
            foreach (var parcel in await scope.Db.LockedParcelsAsync([.. parcels.Select(p => p.Id)], inner))
            {
                if (told.FirstOrDefault(t => Is(t, parcel)) is { } one)
                {
                    if (one.LabelAddress is { } address) parcel.LabelAddress = scope.Get<SecretBox>().Seal(parcel.WorkspaceId, "parcel.label_address", address);
                    await moving.HearAsync(parcel, one, inner);
                    continue;
                }
                parcel.HeardAt = now;
                if (parcel.IsOpen && now - parcel.StateAt > Appears) await moving.TroubleAsync(parcel, "not_at_courier", "The courier does not know this parcel any more.", inner);
            }
            await scope.Get<CourierHealth>().AnsweredAsync(job.Account, inner);
            await scope.Get<CourierHealth>().HeardFromAsync(job.Account, inner);
        });
    }

    private static bool Is(CourierParcel told, Parcel parcel) => told.Tracking is { } tracking && parcel.Tracking is { } known ? tracking == known
        : told.TheirId is { } id ? id == parcel.TheirId : told.Reference == parcel.Reference;
}

/// <summary>Asks for every parcel that was not heard of for a while; in the lanes, inside each account's budget.</summary>
public sealed record PollCouriers : IJob
{
    public static string Kind => "poll_couriers";
    public string Lane => "work/system";
    public string OrderKey => "poll-couriers";
    public static TimeSpan GiveUpAfter => TimeSpan.FromMinutes(5);
}

internal sealed class PollCouriersHandler(WorkspaceScopes scopes, TimeProvider time) : IJobHandler<PollCouriers>
{
    public async Task<JobOutcome> RunAsync(PollCouriers job, JobRun run, CancellationToken stop)
    {
        foreach (var workspace in await scopes.WithAnyAsync<CourierAccount>(a => a.State == CourierState.Connected, stop))
        {
            await using var scope = scopes.Open(workspace);
            await scope.Get<Polling>().AskAsync(time.GetUtcNow(), stop);
        }
        return JobOutcome.Done();
    }
}

/// <summary>Which parcels of a workspace are due to be asked for.</summary>
public sealed class Polling(OrderClosrDb db, Couriers couriers)
{
    /// <summary>A status is known within ten minutes (with the clock's own minute and the call's).</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(7);

    /// <summary>Comes along when there is room in a call that is made anyway.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    /// <summary>Waits at the shop for days.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(60);

    /// <summary>A delivery is sometimes undone.</summary>
    private static readonly TimeSpan AfterDelivery = TimeSpan.FromHours(12), DeliveredFor = TimeSpan.FromDays(14);

    /// <summary>Writes the jobs; an account whose lane still has such jobs is left alone.</summary>
    public Task AskAsync(DateTimeOffset now, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var (usual, soon, idle, delivered, old, fresh) = (now - Usual, now - Soon, now - Idle, now - AfterDelivery, now - DeliveredFor, now.AddDays(-1));
        foreach (var account in await db.CourierAccounts.AsNoTracking().Where(a => a.State == CourierState.Connected).ToListAsync(stop))
        {
            var lane = account.Lane;
            if (await db.Jobs.AnyAsync(j => j.Lane == lane && j.Kind == TrackParcels.Kind && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown), stop)) continue;
            var rows = await db.Parcels.Where(p => p.AccountId == account.Id && (p.Tracking != null || p.TheirId != null))
                .Where(p => (p.State == ParcelState.Delivered && p.StateAt > old && (p.HeardAt == null || p.HeardAt < delivered))
                    || ((p.State == ParcelState.Registered || p.State == ParcelState.ReadyToShip) && (p.HeardAt == null || p.HeardAt < idle || (p.StateAt > fresh && p.HeardAt < soon)))
                    || (p.State != ParcelState.Registered && p.State != ParcelState.ReadyToShip && p.State != ParcelState.Delivered && p.State != ParcelState.Returned && p.State != ParcelState.LostOrDamaged
                        && p.State != ParcelState.Cancelled && (p.HeardAt == null || p.HeardAt < soon)))
                .OrderBy(p => p.HeardAt != null).ThenBy(p => p.HeardAt).Take(1000).Select(p => new { p.Id, p.HeardAt }).ToListAsync(stop);
            var (due, atOnce) = (rows.Count(p => p.HeardAt is null || p.HeardAt < usual), Math.Clamp(couriers.Of(account).Abilities.TrackAtOnce, 1, 100));
            // No call more than those that are due need: the last one's free places go to the next in turn, which spares their own call soon after.
            foreach (var chunk in rows.Select(p => p.Id).Chunk(atOnce).Take((due + atOnce - 1) / atOnce)) db.Later(new TrackParcels(account.Id, chunk), now);
        }
        await db.SaveChangesAsync(stop);
    }, stop);
}
