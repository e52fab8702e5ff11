using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Sheets;

/// <summary>Notes, in the transaction of a change, that a row of the sheet no longer says what is true, and that somebody must write it.</summary>
public sealed class SheetMarks(OrderClosrDb db, TimeProvider time)
{
    /// <summary>What comes within so long is written together.</summary>
    public static readonly TimeSpan Gathers = TimeSpan.FromSeconds(4);

    // A job that is due so soon may be starting at this moment and have read what it writes.
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(1);

    internal async Task OrderAsync(OrderId id, CancellationToken stop)
    {
        if (await ConnectionAsync(stop) is not { } connection) return;
        if (await db.SheetRows.Where(r => r.ConnectionId == connection.Id && r.OrderId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop) == 0)
        {
            db.Add(new SheetRow { Id = Id<SheetRow>.New(time.GetUtcNow()), ConnectionId = connection.Id, OrderId = id });
            await db.SaveChangesAsync(stop);
        }
        await WakeAsync(connection, stop);
    }

    internal async Task LeadAsync(Id<Lead> id, CancellationToken stop)
    {
        if (await ConnectionAsync(stop) is not { MirrorsLeads: true } connection) return;
        if (await db.SheetRows.Where(r => r.ConnectionId == connection.Id && r.LeadId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Wanted, r => r.Wanted + 1), stop) == 0)
        {
            db.Add(new SheetRow { Id = Id<SheetRow>.New(time.GetUtcNow()), ConnectionId = connection.Id, LeadId = id });
            await db.SaveChangesAsync(stop);
        }
        await WakeAsync(connection, stop);
    }

    /// <summary>Writes the job that writes the sheet, unless one waits already; the caller saves.</summary>
    internal async Task WakeAsync(SheetConnection connection, CancellationToken stop, bool now = false)
    {
        if (connection.State != SheetState.Connected) return;
        var at = time.GetUtcNow();
        var (lane, soon) = (connection.Lane, at + TooSoon);
        if (!now && await db.Jobs.AnyAsync(j => j.Lane == lane && j.Kind == MirrorSheet.Kind && j.State == JobState.Waiting && j.DueAt >= soon, stop)) return;
        db.Later(new MirrorSheet(connection.Id, connection.Spreadsheet), at, now ? at : at + Gathers);
        await db.SaveChangesAsync(stop);
    }

    /// <summary>What the merchant is told; older ones than a month, and all but the last hundred, go. Saves.</summary>
    internal async Task RemarkAsync(Id<SheetConnection> connection, string code, string subject, int count, OrderId? order, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        db.Add(new SheetRemark { Id = Id<SheetRemark>.New(now), ConnectionId = connection, At = now, Code = code, Subject = subject.Length > 80 ? subject[..80] : subject, Count = count, OrderId = order });
        await db.SaveChangesAsync(stop);
        var old = now - TimeSpan.FromDays(30);
        var kept = await db.SheetRemarks.Where(r => r.ConnectionId == connection).OrderByDescending(r => r.Id).Select(r => r.Id).Skip(100).Take(1).ToListAsync(stop);
        await db.SheetRemarks.Where(r => r.ConnectionId == connection && r.At < old).ExecuteDeleteAsync(stop);
        if (kept.Count > 0) await db.SheetRemarks.Where(r => r.ConnectionId == connection && r.Id <= kept[0]).ExecuteDeleteAsync(stop);
    }

    /// <summary>The workspace's connection once it has a sheet; null: nothing is mirrored.</summary>
    internal Task<SheetConnection?> ConnectionAsync(CancellationToken stop) => db.SheetConnections.AsNoTracking().SingleOrDefaultAsync(c => c.State != SheetState.Draft, stop);
}

/// <summary>Orders, leads and parcels that change are to be written.</summary>
internal sealed class MirrorListeners(SheetMarks marks, OrderClosrDb db)
    : IListener<OrderConfirmed>, IListener<OrderCancelled>, IListener<OrderChanged>, IListener<LeadNoted>, IListener<ParcelMoved>, IListener<ParcelRegistered>
{
    public Task OnAsync(OrderConfirmed fact, CancellationToken stop) => marks.OrderAsync(fact.OrderId, stop);
    public Task OnAsync(OrderCancelled fact, CancellationToken stop) => marks.OrderAsync(fact.OrderId, stop);
    public Task OnAsync(OrderChanged fact, CancellationToken stop) => marks.OrderAsync(fact.OrderId, stop);
    public Task OnAsync(LeadNoted fact, CancellationToken stop) => marks.LeadAsync(fact.Lead, stop);
    public Task OnAsync(ParcelMoved fact, CancellationToken stop) => ParcelAsync(fact.ParcelId, stop);
    public Task OnAsync(ParcelRegistered fact, CancellationToken stop) => ParcelAsync(fact.ParcelId, stop);

    private async Task ParcelAsync(ParcelId id, CancellationToken stop)
    {
        if (await marks.ConnectionAsync(stop) is not { } connection || !connection.Columns.Exists(c => SheetColumns.OfParcels.Contains(c.Key))) return;
        if (await db.Parcels.AsNoTracking().Where(p => p.Id == id).Select(p => (OrderId?)p.OrderId).SingleOrDefaultAsync(stop) is { } order) await marks.OrderAsync(order, stop);
    }
}
