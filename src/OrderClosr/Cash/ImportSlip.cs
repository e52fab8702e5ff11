using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>A slip in three steps: keep the file's cells, show what they would do, do exactly that.</summary>
public sealed class ImportSlip(OrderClosrDb db, SlipPlanning planning, CashBook book, TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    /// <summary>Keeps a file to look at; no parcel changes.</summary>
    public async Task<Result<SlipLook>> LookAsync(CourierAccountId account, byte[] bytes, string fileName, Guid member, CancellationToken stop)
    {
        if (!await db.CourierAccounts.AnyAsync(a => a.Id == account, stop)) return Refusal.NotFound("courier");
        var sheet = SlipFile.Read(bytes);
        if (!sheet.Ok) return sheet.Refusal;
        var name = PlainText.Line(Path.GetFileName(fileName));
        return await KeepAsync(account, sheet.Value, name.Length > 100 ? name[..100] : name, Convert.ToHexStringLower(SHA256.HashData(bytes)), await ColumnsAsync(account, sheet.Value, stop), member, stop);
    }

    /// <summary>A payment the courier announced by its API, as a slip of the parcels it named: for couriers that send no file.</summary>
    public async Task<Result<SlipLook>> LookAtAnnouncedAsync(CourierAccountId account, string number, Guid member, CancellationToken stop)
    {
        var parcels = await db.ParcelCash.AsNoTracking().Where(c => c.AccountId == account && c.Announced == number)
            .Join(db.Parcels.AsNoTracking().Where(p => p.CashState != CashState.Paid && p.State == ParcelState.Delivered), c => c.ParcelId, p => p.Id, (_, p) => p).OrderBy(p => p.Id).Take(SlipFile.MostRows).ToListAsync(stop);
        if (parcels.Count == 0) return Refusal.NotFound("payment");
        List<SheetRow> sheet = [new(1, ["Tracking", "Montant", "Frais"]), .. parcels.Select((p, i) => new SheetRow(i + 2, [p.Tracking ?? p.Reference, $"{p.ToCollect.Amount}", $"{p.CourierFee?.Amount}"]))];
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"announced\n{number}\n{string.Join('\n', parcels.Select(p => p.Id))}"));
        return await KeepAsync(account, sheet, CashBook.Cut(number)!, Convert.ToHexStringLower(hash), SlipColumns.Detect(sheet), member, stop);
    }

    /// <summary>A person says which column is what; kept for the next file with these heads.</summary>
    public Task<Result<SlipLook>> SetColumnsAsync(Id<SlipLook> id, SlipColumns columns, CancellationToken stop) => db.InTransactionAsync<Result<SlipLook>>(async () =>
    {
        if (await LockedAsync(id, stop) is not { SlipId: null } look) return Refusal.NotFound("import");
        if (columns.HeadRow < 0 || columns.HeadRow >= Math.Min(look.Sheet.Count, SlipColumns.MostHeadRows)) return new Refusal("head_row_unknown", "There is no such row.", "head_row");
        var width = look.Sheet.Max(r => r.Cells.Count);
        foreach (var role in SlipColumns.Roles)
        {
            if (columns[role] is { } at && (at < 0 || at >= width)) return new Refusal("column_unknown", "There is no such column.", role);
            if (columns[role] is { } twice && SlipColumns.Roles.Any(r => r != role && columns[r] == twice)) return new Refusal("column_twice", "One column cannot be two things.", role);
        }
        if (columns.Tracking is null) return new Refusal("column_missing", "Say which column holds the tracking number.", "tracking");
        if (!columns.IsEnough) return new Refusal("column_missing", "Say which column holds an amount.", "collected");
        look.Columns = columns;
        var head = SlipColumns.HeadOf(look.Sheet[columns.HeadRow]);
        if (await db.SlipFormats.SingleOrDefaultAsync(f => f.AccountId == look.AccountId && f.Head == head, stop) is { } known) known.Columns = columns;
        else db.Add(new SlipFormat { Id = Id<SlipFormat>.New(time.GetUtcNow()), AccountId = look.AccountId, Head = head, Columns = columns });
        await db.SaveChangesAsync(stop);
        return look;
    }, stop);

    /// <summary>What the file would do; null while nobody said what its columns are.</summary>
    public async Task<SlipPlan?> PlanAsync(SlipLook look, CancellationToken stop) =>
        look.Columns is { IsEnough: true } columns ? await planning.PlanAsync(look.AccountId, SlipContent.Read(look.Sheet, columns), stop) : null;

    /// <summary>The slip this file was applied as before; null when it was not.</summary>
    public async Task<PaymentSlip?> AppliedBeforeAsync(SlipLook look, CancellationToken stop) =>
        await db.PaymentSlips.AsNoTracking().SingleOrDefaultAsync(s => s.AccountId == look.AccountId && s.FileKey == look.FileHash, stop);

    /// <summary>Applies a file that was looked at: all of it or nothing, once.</summary>
    /// <param name="seen">The <see cref="SlipPlan.Mark"/> of what the person was shown.</param>
    /// <param name="received">What was counted; null: exactly what the slip comes to.</param>
    /// <returns>Refused: <c>not_found, column_missing, slip_outdated, slip_applied_before, slip_of_other_courier, slip_nothing_known, received_below_zero</c>.</returns>
    public async Task<Result<PaymentSlip>> ApplyAsync(Id<SlipLook> id, string seen, string? number, Dinars? received, Guid member, CancellationToken stop)
    {
        try
        {
            return await db.InTransactionAsync(() => ApplyOnceAsync(id, seen, number, received, member, stop), stop);
        }
        catch (DbUpdateException) when (!stop.IsCancellationRequested)
        {
            // The same file or one of its parcels was written in this very moment.
            db.ChangeTracker.Clear();
            return Outdated;
        }
    }

    private async Task<Result<PaymentSlip>> ApplyOnceAsync(Id<SlipLook> id, string seen, string? number, Dinars? received, Guid member, CancellationToken stop)
    {
        if (await LockedAsync(id, stop) is not { } look) return Refusal.NotFound("import");
        if (look.SlipId is { } done) return await db.PaymentSlips.SingleAsync(s => s.Id == done, stop);
        if (look.Columns is not { IsEnough: true } columns) return new Refusal("column_missing", "Say which column holds the tracking number.", "tracking");
        if (await AppliedBeforeAsync(look, stop) is { } before) return new Refusal("slip_applied_before", "This file was applied before.", Suggestions: [before.Number], Kind: RefusalKind.Conflict);
        var content = SlipContent.Read(look.Sheet, columns);
        // Once to know which parcels, then under their locks.
        var first = await planning.PlanAsync(look.AccountId, content, stop);
        var parcels = (await db.LockedParcelsAsync([.. first.Lines.Where(l => l.Verdict.Finding != Finding.OtherCourier).Select(l => l.ParcelId).OfType<ParcelId>().Distinct()], stop)).ToDictionary(p => p.Id);
        var plan = await planning.PlanAsync(look.AccountId, content, stop);
        if (plan.Known == 0)
            return plan.Elsewhere is { } other
                ? new Refusal("slip_of_other_courier", "These parcels are at another courier.", "file", [await db.CourierAccounts.Where(a => a.Id == other).Select(a => a.Name).SingleAsync(stop)])
                : new Refusal("slip_nothing_known", "No line names a parcel of this shop.", "file");
        if (plan.Mark != seen) return Outdated;
        if (received < Dinars.Zero) return new Refusal("received_below_zero", "An amount cannot be below zero.", "received");

        var now = time.GetUtcNow();
        var named = CashBook.Cut(number) is { Length: > 0 } typed ? typed : plan.Announced ?? Path.GetFileNameWithoutExtension(look.FileName);
        var slip = new PaymentSlip
        {
            Id = Id<PaymentSlip>.New(now), AccountId = look.AccountId, Number = named.Length > 0 ? named : look.FileName, FileName = look.FileName, FileKey = look.FileHash, LineCount = plan.Lines.Count, Collected = plan.Sums.Collected,
            Fees = plan.Sums.Fees, ReturnFees = plan.Sums.ReturnFees, Net = plan.Sums.Net, FileTotal = plan.TotalDiffers ? plan.FileTotal : plan.Totals.Net ?? plan.Totals.Collected, Received = received ?? plan.Sums.Net,
            AppliedAt = now, AppliedBy = member,
        };
        db.Add(slip);
        foreach (var line in plan.Lines) slip.Lines.Add(Apply(slip, line, line.ParcelId is { } parcel ? parcels.GetValueOrDefault(parcel) : null, new(ActorKind.Member, now, AccountId: member)));
        look.SlipId = slip.Id;
        db.Tell("cash", look.AccountId);
        await db.SaveChangesAsync(stop);
        return slip;
    }

    /// <summary>What one line does to its parcel. Differences wait for a person; the money that did come counts.</summary>
    private SlipLine Apply(PaymentSlip slip, PlannedLine planned, Parcel? parcel, Cause cause)
    {
        var (row, verdict) = (planned.Row, planned.Verdict);
        var to = parcel is null ? null : Effect(verdict.Finding, parcel.CashState);
        CashState? before = null;
        var (receivedBefore, receivedAfter) = (Dinars.Zero, Dinars.Zero);
        if (to is { } target)
        {
            var cash = book.Of(parcel!);
            (before, receivedBefore) = (parcel!.CashState, cash.Received);
            book.MustMove(parcel, target, cause, slip.Id);
            if (verdict.Finding == Finding.ReturnBilled) cash.ReturnFee = Matching.BilledForReturn(row);
            else
            {
                cash.Received = Matching.Together(cash.Received, verdict.Counted);
                parcel.Collected = cash.Received;
                // What nobody knew is learned from the courier's own paper.
                if (verdict.Finding == Finding.Exact && parcel.CourierFee is null && Matching.FeeShown(row) is { } shown) parcel.CourierFee = shown;
            }
            receivedAfter = cash.Received;
        }
        return new()
        {
            Id = Id<SlipLine>.New(cause.At), SlipId = slip.Id, Line = row.Line, Tracking = row.Tracking, ParcelId = planned.ParcelId, Collected = row.Collected, Fee = row.Fee, ReturnFee = row.ReturnFee,
            Net = Matching.NetOf(row), Finding = verdict.Finding, Expected = verdict.Expected, Difference = verdict.Difference, Before = before, After = before is null ? null : parcel!.CashState,
            ReceivedBefore = receivedBefore, ReceivedAfter = receivedAfter, EarlierLineId = planned.EarlierLineId,
        };
    }

    /// <summary>Where a parcel's money stands after a line; null: where it stood.</summary>
    private static CashState? Effect(Finding finding, CashState now) => finding switch
    {
        Finding.Exact or Finding.Over or Finding.FeeDiffers => CashState.Paid,
        Finding.Short => CashState.ShortPaid,
        Finding.FeeUnknown => CashState.InPayment,
        Finding.NotDelivered => CashState.InPayment,
        // Billed before the shop scanned the parcel: nothing was due yet, and nothing will be.
        Finding.ReturnBilled => now is CashState.ReturnFeeDue or CashState.NotDue ? CashState.NotDue : now,
        _ => null,
    };

    private async Task<SlipLook> KeepAsync(CourierAccountId account, List<SheetRow> sheet, string name, string hash, SlipColumns? columns, Guid member, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await db.SlipLooks.Where(l => l.ExpiresAt < now).ExecuteDeleteAsync(stop);
        var look = new SlipLook { Id = Id<SlipLook>.New(now), AccountId = account, LookedBy = member, FileName = name, FileHash = hash, Sheet = sheet, Columns = columns, CreatedAt = now, ExpiresAt = now + Lasts };
        db.Add(look);
        await db.SaveChangesAsync(stop);
        return look;
    }

    /// <summary>As a person said for such heads, else by their words.</summary>
    private async Task<SlipColumns?> ColumnsAsync(CourierAccountId account, List<SheetRow> sheet, CancellationToken stop)
    {
        var heads = sheet.Take(SlipColumns.MostHeadRows).Select(SlipColumns.HeadOf).ToList();
        var known = await db.SlipFormats.AsNoTracking().Where(f => f.AccountId == account && heads.Contains(f.Head)).ToListAsync(stop);
        foreach (var (at, head) in heads.Index())
            if (known.Find(f => f.Head == head) is { Columns: { } columns }) return columns with { HeadRow = at };
        return SlipColumns.Detect(sheet);
    }

    private async Task<SlipLook?> LockedAsync(Id<SlipLook> id, CancellationToken stop)
    {
        await db.Dialect.LockRowAsync(db, "slip_looks", id.Value, stop);
        var look = await db.SlipLooks.SingleOrDefaultAsync(l => l.Id == id, stop);
        if (look is null || look.ExpiresAt < time.GetUtcNow()) return null;
        await db.Entry(look).ReloadAsync(stop);
        return look;
    }

    private static readonly Refusal Outdated = new("slip_outdated", "Something changed since the file was looked at: look at it again.", Kind: RefusalKind.Conflict);
}
