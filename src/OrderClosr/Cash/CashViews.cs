using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>One parcel whose money is still to come.</summary>
/// <param name="Owed">What the courier still has to hand over: its fee is taken off already.</param>
public sealed record DueParcel(ParcelId Id, OrderId OrderId, CourierAccountId AccountId, string? Tracking, CashState State, DateTimeOffset DueAt, Dinars ToCollect, Dinars Owed, int DaysLate, string? Announced);

/// <summary>What one courier account still has to hand over.</summary>
public sealed record CourierDebt(CourierAccountId AccountId, string Courier, int Parcels, Dinars Owed, int LateCount, Dinars Late);

/// <summary>Money the courier says it paid, by its number of the payment.</summary>
public sealed record AnnouncedPayment(CourierAccountId AccountId, string Number, int Parcels, Dinars Owed, DateTimeOffset? At);

/// <summary>A line a person must decide, with its slip.</summary>
public sealed record OpenLine(SlipLine Line, CourierAccountId AccountId, string Number);

/// <summary>How things stand with one courier account.</summary>
public sealed record CourierCash
{
    public required CourierAccount Account { get; init; }
    public required AgreedTerms Terms { get; init; }

    /// <summary>Parcels whose money is to come.</summary>
    public required IReadOnlyList<DueParcel> Due { get; init; }
    public required Dinars Owed { get; init; }
    public required int LateCount { get; init; }
    public required Dinars Late { get; init; }

    /// <summary>Parcels that came back and whose fee no slip billed yet.</summary>
    public required int ReturnCount { get; init; }

    /// <summary>Their fees, where the courier's list tells them.</summary>
    public required Dinars ReturnFees { get; init; }
    public required int OpenLines { get; init; }
    public required int OpenClaims { get; init; }
    public required Dinars Claimed { get; init; }

    /// <summary>False when there is nothing to say of it.</summary>
    public bool IsSome => Due.Count + ReturnCount + OpenLines + OpenClaims > 0;
}

/// <summary>All that is owed today.</summary>
public sealed record CashOverview
{
    public required IReadOnlyList<CourierCash> Couriers { get; init; }
    public required Dinars Owed { get; init; }
    public required Dinars Late { get; init; }
    public required IReadOnlyList<AnnouncedPayment> Announced { get; init; }
    public required IReadOnlyList<OpenLine> Lines { get; init; }
    public required int LineCount { get; init; }

    /// <summary>Slips whose counted sum is another one than their lines come to, not yet explained.</summary>
    public required IReadOnlyList<PaymentSlip> Sums { get; init; }
    public required IReadOnlyList<Claim> Claims { get; init; }
    public required IReadOnlyDictionary<ParcelId, string?> Trackings { get; init; }
    public required IReadOnlyList<PaymentSlip> Slips { get; init; }

    /// <summary>The latest first.</summary>
    public IReadOnlyList<DueParcel> LateParcels => [.. Couriers.SelectMany(c => c.Due).Where(d => d.DaysLate > 0).OrderByDescending(d => d.DaysLate).ThenBy(d => d.Id)];
    public string NameOf(CourierAccountId account) => Couriers.FirstOrDefault(c => c.Account.Id == account)?.Account.Name ?? "–";
}

/// <summary>The money as pages ask for it.</summary>
public sealed class CashViews(OrderClosrDb db, Terms terms, ReturnFees returnFees, TimeProvider time)
{
    /// <summary>Rows shown of a long list.</summary>
    public const int Most = 100;

    private static readonly Finding[] Fine = [Finding.Exact, Finding.ReturnBilled];

    /// <summary>What is owed today, courier by courier, and what a person must decide.</summary>
    public async Task<CashOverview> OverviewAsync(CancellationToken stop)
    {
        var agreed = await terms.AllAsync(stop);
        var due = await DueAsync(agreed, stop);
        var returned = await db.Parcels.AsNoTracking().Where(p => p.CashState == CashState.ReturnFeeDue).ToListAsync(stop);
        var fees = await returnFees.OfAsync(returned, stop);
        var claims = await db.Claims.AsNoTracking().Where(c => c.State == ClaimState.Open).OrderBy(c => c.OpenedAt).ToListAsync(stop);
        var open = OpenLines();
        var perAccount = await open.GroupBy(o => o.AccountId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, stop);
        var sums = await db.PaymentSlips.AsNoTracking().Where(s => s.State == SlipState.Applied && s.Received != s.Net && s.SumReason == null).OrderByDescending(s => s.Id).Take(Most).ToListAsync(stop);
        var couriers = (await db.CourierAccounts.AsNoTracking().OrderBy(a => a.Name).ThenBy(a => a.Id).ToListAsync(stop)).Select(account =>
        {
            var own = due.Where(d => d.AccountId == account.Id).ToList();
            var back = returned.Where(p => p.AccountId == account.Id).ToList();
            return new CourierCash
            {
                Account = account, Terms = agreed[account.Id], Due = own, Owed = Totals.Sum(own.Select(d => d.Owed)), LateCount = own.Count(d => d.DaysLate > 0), Late = Totals.Sum(own.Where(d => d.DaysLate > 0).Select(d => d.Owed)),
                ReturnCount = back.Count, ReturnFees = Totals.Sum(back.Select(p => fees.GetValueOrDefault(p.Id))), OpenLines = perAccount.GetValueOrDefault(account.Id) + sums.Count(s => s.AccountId == account.Id),
                OpenClaims = claims.Count(c => c.AccountId == account.Id), Claimed = Totals.Sum(claims.Where(c => c.AccountId == account.Id).Select(c => c.Amount)),
            };
        }).Where(c => c.IsSome || c.Account.State != CourierState.Disconnected).ToList();
        var named = claims.Select(c => c.ParcelId).OfType<ParcelId>().ToList();
        return new()
        {
            Couriers = couriers, Owed = Totals.Sum(couriers.Select(c => c.Owed)), Late = Totals.Sum(couriers.Select(c => c.Late)),
            Announced = [.. due.Where(d => d.Announced is not null && d.State is CashState.InPayment or CashState.Overdue).GroupBy(d => (d.AccountId, d.Announced!)).Where(g => g.Key.Item2 is not null)
                .Select(g => new AnnouncedPayment(g.Key.AccountId, g.Key.Item2, g.Count(), Totals.Sum(g.Select(d => d.Owed)), g.Min(d => d.DueAt)))],
            Lines = await open.OrderByDescending(o => o.SlipId).ThenBy(o => o.Line.Line).Take(Most).Select(o => new OpenLine(o.Line, o.AccountId, o.Number)).ToListAsync(stop), LineCount = perAccount.Values.Sum(), Sums = sums,
            Claims = claims, Trackings = await db.Parcels.AsNoTracking().Where(p => named.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Tracking, stop),
            Slips = await db.PaymentSlips.AsNoTracking().OrderByDescending(s => s.Id).Take(Most).ToListAsync(stop),
        };
    }

    /// <summary>What each courier still has to hand over today, the most first.</summary>
    public async Task<IReadOnlyList<CourierDebt>> DebtsAsync(CancellationToken stop)
    {
        var due = await DueAsync(await terms.AllAsync(stop), stop);
        var names = await db.CourierAccounts.AsNoTracking().ToDictionaryAsync(a => a.Id, a => a.Name, stop);
        return [.. due.GroupBy(d => d.AccountId).Select(g => new CourierDebt(g.Key, names.GetValueOrDefault(g.Key, "–"), g.Count(), Totals.Sum(g.Select(d => d.Owed)), g.Count(d => d.DaysLate > 0), Totals.Sum(g.Where(d => d.DaysLate > 0).Select(d => d.Owed))))
            .OrderByDescending(d => d.Owed)];
    }

    /// <summary>What waits for a person, for the navigation.</summary>
    public static async Task<int> WaitingAsync(OrderClosrDb db, CancellationToken stop) =>
        await db.SlipLines.Where(l => l.Resolution == Resolution.None && !Fine.Contains(l.Finding)).Join(db.PaymentSlips.Where(s => s.State == SlipState.Applied), l => l.SlipId, s => s.Id, (l, _) => l.Id).CountAsync(stop)
        + await db.PaymentSlips.CountAsync(s => s.State == SlipState.Applied && s.Received != s.Net && s.SumReason == null, stop);

    /// <summary>One slip with its lines; null when this workspace has none with the id.</summary>
    public async Task<SlipSheet?> SlipAsync(Id<PaymentSlip> id, CancellationToken stop)
    {
        if (await db.PaymentSlips.AsNoTracking().Include(s => s.Lines.OrderBy(l => l.Line)).SingleOrDefaultAsync(s => s.Id == id, stop) is not { } slip) return null;
        var lines = slip.Lines.Select(l => l.ParcelId).OfType<ParcelId>().Distinct().ToList();
        // Announced under this number, and not on the slip.
        var announced = await db.ParcelCash.AsNoTracking().Where(c => c.AccountId == slip.AccountId && c.Announced == slip.Number)
            .Join(db.Parcels.AsNoTracking(), c => c.ParcelId, p => p.Id, (_, p) => p).ToListAsync(stop);
        var missing = announced.Where(p => !lines.Contains(p.Id) && CashTransitions.IsDue(p.CashState)).ToList();
        return new(slip, await db.CourierAccounts.AsNoTracking().Where(a => a.Id == slip.AccountId).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? "–", missing);
    }

    /// <summary>One parcel's money with its story; null when this workspace has none with the id.</summary>
    public async Task<ParcelMoney?> ParcelAsync(ParcelId id, CancellationToken stop)
    {
        if (await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, stop) is not { } parcel) return null;
        var lines = await db.SlipLines.AsNoTracking().Where(l => l.ParcelId == id).OrderBy(l => l.Id).ToListAsync(stop);
        var slips = lines.Select(l => l.SlipId).Distinct().ToList();
        var agreed = (await terms.AllAsync(stop)).GetValueOrDefault(parcel.AccountId);
        return new()
        {
            Parcel = parcel, Cash = await db.ParcelCash.AsNoTracking().SingleOrDefaultAsync(c => c.ParcelId == id, stop), Moves = await db.CashMoves.AsNoTracking().Where(m => m.ParcelId == id).OrderBy(m => m.Id).ToListAsync(stop), Lines = lines,
            Slips = await db.PaymentSlips.AsNoTracking().Where(s => slips.Contains(s.Id)).ToDictionaryAsync(s => s.Id, stop), Claims = await db.Claims.AsNoTracking().Where(c => c.ParcelId == id).OrderBy(c => c.Id).ToListAsync(stop),
            Courier = await db.CourierAccounts.AsNoTracking().Where(a => a.Id == parcel.AccountId).Select(a => a.Name).SingleOrDefaultAsync(stop) ?? "–", Fee = Matching.FeeOf(parcel.CourierFee, parcel.ToCollect, agreed?.CodBasisPoints ?? 0),
            OrderNumber = await db.Orders.AsNoTracking().Where(o => o.Id == parcel.OrderId).Select(o => (int?)o.Number).SingleOrDefaultAsync(stop),
        };
    }

    private async Task<List<DueParcel>> DueAsync(IReadOnlyDictionary<CourierAccountId, AgreedTerms> agreed, CancellationToken stop)
    {
        var today = time.TodayInAlgiers();
        var rows = await db.Parcels.AsNoTracking().Where(p => CashTransitions.Due.Contains(p.CashState) && p.State == ParcelState.Delivered)
            .GroupJoin(db.ParcelCash.AsNoTracking(), p => p.Id, c => c.ParcelId, (p, c) => new { p, c }).SelectMany(x => x.c.DefaultIfEmpty(), (x, c) => new
            {
                x.p.Id, x.p.OrderId, x.p.AccountId, x.p.Tracking, x.p.CashState, x.p.StateAt, x.p.ToCollect, x.p.CourierFee, Received = c == null ? Dinars.Zero : c.Received, DueAt = c == null ? null : c.DueAt, Announced = c == null ? null : c.Announced,
            }).OrderBy(p => p.Id).ToListAsync(stop);
        return [.. rows.Where(r => agreed.ContainsKey(r.AccountId)).Select(r =>
        {
            var (terms, dueAt) = (agreed[r.AccountId], r.DueAt ?? r.StateAt);
            return new DueParcel(r.Id, r.OrderId, r.AccountId, r.Tracking, r.CashState, dueAt, r.ToCollect, Matching.Owed(r.ToCollect, r.Received, Matching.FeeOf(r.CourierFee, r.ToCollect, terms.CodBasisPoints)),
                r.CashState == CashState.ShortPaid ? 0 : terms.DaysLate(dueAt, today), r.Announced);
        })];
    }

    private IQueryable<Opened> OpenLines() => db.SlipLines.AsNoTracking().Where(l => l.Resolution == Resolution.None && !Fine.Contains(l.Finding))
        .Join(db.PaymentSlips.AsNoTracking().Where(s => s.State == SlipState.Applied), l => l.SlipId, s => s.Id, (l, s) => new Opened { Line = l, SlipId = s.Id, AccountId = s.AccountId, Number = s.Number });

    private sealed class Opened
    {
        public required SlipLine Line { get; init; }
        public required Id<PaymentSlip> SlipId { get; init; }
        public required CourierAccountId AccountId { get; init; }
        public required string Number { get; init; }
    }
}

/// <summary>A slip as its page shows it.</summary>
/// <param name="Missing">Parcels the courier announced under this number that the slip does not name.</param>
public sealed record SlipSheet(PaymentSlip Slip, string Courier, IReadOnlyList<Parcel> Missing);

/// <summary>One parcel's money as its page shows it.</summary>
public sealed record ParcelMoney
{
    public required Parcel Parcel { get; init; }
    public required ParcelCash? Cash { get; init; }
    public required IReadOnlyList<CashMove> Moves { get; init; }
    public required IReadOnlyList<SlipLine> Lines { get; init; }
    public required IReadOnlyDictionary<Id<PaymentSlip>, PaymentSlip> Slips { get; init; }
    public required IReadOnlyList<Claim> Claims { get; init; }
    public required string Courier { get; init; }

    /// <summary>What the courier bills for carrying it; null while unknown.</summary>
    public required Dinars? Fee { get; init; }
    public required int? OrderNumber { get; init; }
}
