using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Dashboard;

/// <summary>One record behind a number, as the list shows it.</summary>
/// <param name="Title">What it is called: the order's number, the parcel's; empty for a conversation.</param>
/// <param name="Path">Its own page inside the workspace.</param>
/// <param name="Person">Who it is about.</param>
/// <param name="Reason">Why the agent called a person, as a code.</param>
public sealed record CountedRecord(string Title, string Path, string Person, DateTimeOffset At, Dinars? Amount = null, string? Reason = null);

/// <summary>A part of the records behind a number.</summary>
/// <param name="Count">All of them: the number itself.</param>
public sealed record RecordPart(IReadOnlyList<CountedRecord> Rows, int Count, int Page)
{
    public bool HasMore => Count > (Page + 1) * Records.PerPage;
}

/// <summary>Reads the records behind each number, the newest first.</summary>
public sealed class Records(OrderClosrDb db)
{
    /// <summary>Rows of one part.</summary>
    public const int PerPage = 40;

    /// <summary>Numbers that open, as addresses name them.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["conversations", "orders", "confirmed", "delivered", "returned", "paid", "rescued", "replies", "hand_overs", "leads", "converted", "received"];

    /// <summary>Those whose records are conversations: for who may read them.</summary>
    public static bool IsOfTalks(string kind) => kind is "conversations" or "replies" or "hand_overs";

    /// <summary>Null when there is no such number, or it has no such cut.</summary>
    public async Task<RecordPart?> ReadAsync(string kind, Period period, FigureCut cut, string key, int page, CancellationToken stop)
    {
        var counted = Counted.Of(db, period.From, period.To);
        switch (kind)
        {
            case "orders": return await OrdersAsync(counted.Within(counted.Orders, cut, key), o => o.CreatedAt, isConfirmed: false, page, stop);
            case "confirmed": return await OrdersAsync(counted.Within(counted.Confirmed, cut, key), o => o.ConfirmedAt!.Value, isConfirmed: true, page, stop);
            case "delivered": return await ParcelsAsync(counted.Within(counted.Delivered, cut, key), "parcels", page, stop);
            case "returned": return await ParcelsAsync(counted.Within(counted.Returned, cut, key), "parcels", page, stop);
            case "rescued": return await ParcelsAsync(counted.Within(counted.Rescued, cut, key), "parcels", page, stop);
            case "paid": return await ParcelsAsync(counted.Within(counted.Paid, cut, key), "cash/parcels", page, stop);
            case "conversations": return await TalksAsync(counted.Within(counted.Conversations, cut, key), page, stop);
            case "replies" when cut == FigureCut.Shop: return await TurnsAsync(counted.Replies, page, stop);
            case "hand_overs" when cut == FigureCut.Shop: return await TurnsAsync(counted.HandOvers, page, stop);
            case "hand_overs" when cut == FigureCut.Reason: return await TurnsAsync(counted.HandOvers.Where(t => (t.Reason ?? Counted.None) == key), page, stop);
            case "leads" when cut == FigureCut.Shop: return await LeadsAsync(counted.Leads.OrderByDescending(l => l.At).ThenByDescending(l => l.Id), isConverted: false, page, stop);
            case "converted" when cut == FigureCut.Shop: return await LeadsAsync(counted.Converted.OrderByDescending(l => l.ConvertedAt).ThenByDescending(l => l.Id), isConverted: true, page, stop);
            case "received" when cut is FigureCut.Shop or FigureCut.Courier:
                var slips = counted.Slips;
                if (cut == FigureCut.Courier)
                {
                    if (!CourierAccountId.TryParse(key, null, out var account)) return null;
                    slips = slips.Where(s => s.AccountId == account);
                }
                var rows = await slips.OrderByDescending(s => s.AppliedAt).ThenByDescending(s => s.Id).Skip(page * PerPage).Take(PerPage).Select(s => new { s.Id, s.Number, s.AppliedAt, s.Received }).ToListAsync(stop);
                return new([.. rows.Select(s => new CountedRecord(s.Number, $"cash/slips/{s.Id}", "", s.AppliedAt, s.Received))], await slips.CountAsync(stop), page);
            default: return null;
        }
    }

    private static async Task<RecordPart?> OrdersAsync(IQueryable<Order>? orders, Func<Order, DateTimeOffset> at, bool isConfirmed, int page, CancellationToken stop)
    {
        if (orders is null) return null;
        var sorted = isConfirmed ? orders.OrderByDescending(o => o.ConfirmedAt).ThenByDescending(o => o.Id) : orders.OrderByDescending(o => o.CreatedAt).ThenByDescending(o => o.Id);
        var rows = await sorted.Skip(page * PerPage).Take(PerPage).ToListAsync(stop);
        return new([.. rows.Select(o => new CountedRecord($"{o.Number}", $"orders/{o.Id}", o.Name, at(o), o.Total))], await orders.CountAsync(stop), page);
    }

    private async Task<RecordPart?> ParcelsAsync(IQueryable<Parcel>? parcels, string path, int page, CancellationToken stop)
    {
        if (parcels is null) return null;
        var orders = db.Orders;
        var rows = await parcels.OrderByDescending(p => p.StateAt).ThenByDescending(p => p.Id).Skip(page * PerPage).Take(PerPage)
            .Select(p => new { p.Id, p.Tracking, p.Reference, p.StateAt, p.ToCollect, Name = orders.Where(o => o.Id == p.OrderId).Select(o => o.Name).FirstOrDefault() }).ToListAsync(stop);
        return new([.. rows.Select(p => new CountedRecord(p.Tracking ?? p.Reference, $"{path}/{p.Id}", p.Name ?? "", p.StateAt, p.ToCollect))], await parcels.CountAsync(stop), page);
    }

    private async Task<RecordPart?> TalksAsync(IQueryable<Conversation>? talks, int page, CancellationToken stop)
    {
        if (talks is null) return null;
        var customers = db.Customers;
        var rows = await talks.OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Skip(page * PerPage).Take(PerPage)
            .Select(c => new { c.Id, c.CreatedAt, Name = customers.Where(p => p.Id == c.CustomerId).Select(p => p.Name).FirstOrDefault() }).ToListAsync(stop);
        return new([.. rows.Select(c => new CountedRecord("", $"inbox/{c.Id}", c.Name ?? "", c.CreatedAt))], await talks.CountAsync(stop), page);
    }

    private async Task<RecordPart> TurnsAsync(IQueryable<TurnRecord> turns, int page, CancellationToken stop)
    {
        var (talks, customers) = (db.Conversations, db.Customers);
        var rows = await turns.OrderByDescending(t => t.EndedAt).ThenByDescending(t => t.Id).Skip(page * PerPage).Take(PerPage)
            .Select(t => new { t.ConversationId, t.EndedAt, t.Outcome, t.Reason, Name = talks.Where(c => c.Id == t.ConversationId).Join(customers, c => c.CustomerId, p => p.Id, (_, p) => p.Name).FirstOrDefault() }).ToListAsync(stop);
        return new([.. rows.Select(t => new CountedRecord("", $"inbox/{t.ConversationId}", t.Name ?? "", t.EndedAt, Reason: t.Outcome == TurnOutcome.HandedOver ? t.Reason ?? Counted.None : null))], await turns.CountAsync(stop), page);
    }

    private async Task<RecordPart> LeadsAsync(IQueryable<Lead> leads, bool isConverted, int page, CancellationToken stop)
    {
        var (customers, orders) = (db.Customers, db.Orders);
        var rows = await leads.Skip(page * PerPage).Take(PerPage)
            .Select(l => new { l.Id, l.At, l.ConvertedAt, l.OrderId, Number = orders.Where(o => o.Id == l.OrderId).Select(o => (int?)o.Number).FirstOrDefault(), Name = customers.Where(p => p.Id == l.CustomerId).Select(p => p.Name).FirstOrDefault() }).ToListAsync(stop);
        return new([.. rows.Select(l => isConverted && l.OrderId is { } order ? new CountedRecord($"{l.Number}", $"orders/{order}", l.Name ?? "", l.ConvertedAt!.Value) : new CountedRecord("", $"leads?id={l.Id}", l.Name ?? "", l.At))], await leads.CountAsync(stop), page);
    }
}
