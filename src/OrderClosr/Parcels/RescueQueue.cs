using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>A rescue as the queue and the parcel's page show it.</summary>
public sealed record RescueRow(Rescue Rescue, int Number, string Name, Phone? Phone, string? Tracking, string Courier, ParcelState ParcelState, int WilayaCode, int CommuneCode);

/// <summary>What rescues brought in a month.</summary>
/// <param name="Parcels">Delivered after a rescue, and not brought back since.</param>
/// <param name="Money">What was to be collected for them.</param>
/// <param name="Open">Still being rescued today, with what is at stake.</param>
/// <param name="Waiting">Of those, waiting for a person.</param>
public sealed record RescueSaved(int Parcels, Dinars Money, int Lost, int Open, Dinars AtStake, int Waiting);

/// <summary>Reads rescues for pages; changes nothing.</summary>
public sealed class RescueQueue(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Open rescues: those that wait for a person first, each group by what is due next.</summary>
    public async Task<IReadOnlyList<RescueRow>> OpenAsync(int most, CancellationToken stop)
    {
        var first = db.Rescues.AsNoTracking().Where(r => r.OpenParcelId != null).OrderBy(r => r.State == RescueState.NeedsPerson ? 0 : 1).ThenBy(r => r.DueAt).ThenBy(r => r.Id).Take(most);
        // A join keeps no order.
        return [.. (await Rows(first).ToListAsync(stop)).OrderBy(r => r.Rescue.State == RescueState.NeedsPerson ? 0 : 1).ThenBy(r => r.Rescue.DueAt).ThenBy(r => r.Rescue.Id)];
    }

    /// <summary>How many wait for a person: the number beside the menu's word.</summary>
    public static Task<int> WaitingAsync(OrderClosrDb db, CancellationToken stop) => db.Rescues.CountAsync(r => r.OpenParcelId != null && r.State == RescueState.NeedsPerson, stop);

    /// <summary>One rescue; null when there is none in this workspace.</summary>
    public Task<RescueRow?> FindAsync(RescueId id, CancellationToken stop) => Rows(db.Rescues.AsNoTracking().Where(r => r.Id == id)).SingleOrDefaultAsync(stop);

    /// <summary>The open rescue of a parcel, else its last one.</summary>
    public Task<RescueRow?> OfAsync(ParcelId parcel, CancellationToken stop) =>
        Rows(db.Rescues.AsNoTracking().Where(r => r.ParcelId == parcel).OrderBy(r => r.OpenParcelId == null ? 1 : 0).ThenByDescending(r => r.Id).Take(1)).SingleOrDefaultAsync(stop);

    /// <summary>Its story, oldest first.</summary>
    public async Task<IReadOnlyList<RescueStep>> StoryAsync(RescueId id, CancellationToken stop) =>
        await db.RescueSteps.AsNoTracking().Where(s => s.RescueId == id).OrderBy(s => s.At).ThenBy(s => s.Id).ToListAsync(stop);

    /// <summary>What was saved in a month of Algiers.</summary>
    /// <param name="month">Any day of it; null: this month.</param>
    public async Task<RescueSaved> SavedAsync(CancellationToken stop, DateOnly? month = null)
    {
        var day = month ?? time.TodayInAlgiers();
        var (from, to) = (AlgiersTime.StartOf(new(day.Year, day.Month, 1)), AlgiersTime.StartOf(new DateOnly(day.Year, day.Month, 1).AddMonths(1)));
        var ended = db.Rescues.AsNoTracking().Where(r => r.FinishedAt >= from && r.FinishedAt < to);
        // A parcel may be rescued twice (closed by a member, failed again): it is saved once. One that came back after all is not saved.
        var saved = await ended.Where(r => r.IsSaved && db.Set<Parcel>().Any(p => p.Id == r.ParcelId && p.State == ParcelState.Delivered)).Select(r => new { r.ParcelId, r.AtStake }).ToListAsync(stop);
        var lost = await ended.Where(r => r.State == RescueState.Lost).Select(r => r.ParcelId).Distinct().CountAsync(stop);
        var open = await db.Rescues.AsNoTracking().Where(r => r.OpenParcelId != null).Select(r => new { r.State, r.AtStake }).ToListAsync(stop);
        saved = [.. saved.DistinctBy(s => s.ParcelId)];
        return new(saved.Count, Totals.Sum(saved.Select(s => s.AtStake)), lost, open.Count, Totals.Sum(open.Select(o => o.AtStake)), open.Count(o => o.State == RescueState.NeedsPerson));
    }

    private IQueryable<RescueRow> Rows(IQueryable<Rescue> rescues) =>
        from r in rescues
        join p in db.Parcels.AsNoTracking() on r.ParcelId equals p.Id
        join o in db.Orders.AsNoTracking() on r.OrderId equals o.Id
        select new RescueRow(r, o.Number, o.Name, o.Phone, p.Tracking, p.Courier, p.State, p.WilayaCode, p.CommuneCode);
}
