using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>Takes a whole slip back, as long as nothing builds on it.</summary>
public sealed class UndoSlip(OrderClosrDb db, CashBook book, TimeProvider time)
{
    /// <returns>Refused: <c>not_found, slip_built_on</c> with the trackings that stand in the way.</returns>
    public Task<Result<PaymentSlip>> RunAsync(Id<PaymentSlip> id, Guid member, CancellationToken stop) => db.InTransactionAsync<Result<PaymentSlip>>(async () =>
    {
        if (await db.LockedSlipAsync(id, stop) is not { } slip) return Refusal.NotFound("slip");
        if (slip.State == SlipState.Undone) return slip;
        var lines = await db.SlipLines.Where(l => l.SlipId == id).OrderBy(l => l.Line).ToListAsync(stop);
        var ids = lines.Select(l => l.Id).ToList();
        var changed = lines.Where(l => l.Before is not null).ToDictionary(l => l.ParcelId!.Value);
        var parcels = await db.LockedParcelsAsync(changed.Keys, stop);
        await book.LoadAsync(changed.Keys, stop);
        var claims = await db.Claims.Where(c => c.LineId != null && ids.Contains(c.LineId.Value)).ToListAsync(stop);

        var inTheWay = parcels.Where(p => p.CashState != changed[p.Id].After || book.Of(p).Received != changed[p.Id].ReceivedAfter).Select(p => changed[p.Id].Tracking)
            .Concat(claims.Where(c => c.State == ClaimState.Settled).Select(c => lines.First(l => l.Id == c.LineId).Tracking)).ToList();
        foreach (var chunk in ids.Chunk(500))
            inTheWay.AddRange(await db.SlipLines.Where(l => l.EarlierLineId != null && chunk.Contains(l.EarlierLineId.Value) && l.SlipId != id)
                .Join(db.PaymentSlips.Where(s => s.State == SlipState.Applied), l => l.SlipId, s => s.Id, (l, _) => l.Tracking).ToListAsync(stop));
        if (inTheWay.Count > 0) return new Refusal("slip_built_on", "Something builds on this slip.", Suggestions: [.. inTheWay.Distinct().Take(10)], Kind: RefusalKind.Conflict);

        var cause = new Cause(ActorKind.Member, time.GetUtcNow(), "slip_undone", member);
        foreach (var parcel in parcels)
        {
            var (line, cash) = (changed[parcel.Id], book.Of(parcel));
            if (line.Before!.Value != parcel.CashState) book.MustMove(parcel, line.Before.Value, cause, id, takesBack: true);
            else book.Note(parcel, cause, id);
            if (line.Finding is Finding.ReturnBilled or Finding.ReturnFeeDiffers) cash.ReturnFee = null;
            cash.Received = line.ReceivedBefore;
            parcel.Collected = line.ReceivedBefore == Dinars.Zero ? null : line.ReceivedBefore;
            // Scanned after the slip had billed it: the bill is gone, the fee is due again.
            if (parcel is { State: ParcelState.Returned, CashState: CashState.NotDue } && cash.ReturnFee is null) book.MustMove(parcel, CashState.ReturnFeeDue, new(ActorKind.System, cause.At, "returned"));
        }
        foreach (var claim in claims.Where(c => c.State == ClaimState.Open)) db.End(claim, ClaimState.GivenUp, cause.At, member);
        (slip.State, slip.UndoneAt, slip.UndoneBy) = (SlipState.Undone, cause.At, member);
        // The file may come again.
        slip.FileKey = $"{slip.FileKey}-{slip.Id}";
        foreach (var look in await db.SlipLooks.Where(l => l.SlipId == id).ToListAsync(stop)) db.Remove(look);
        db.Tell("cash", slip.AccountId);
        await db.SaveChangesAsync(stop);
        return slip;
    }, stop);
}

/// <summary>What a person says about a line or a sum that is not as it should be.</summary>
public sealed class ResolveDifference(OrderClosrDb db, CashBook book, TimeProvider time)
{
    /// <summary>It is all right so, because …</summary>
    /// <returns>Refused: <c>not_found, nothing_to_resolve, reason_missing</c>.</returns>
    public Task<Result<SlipLine>> AcceptAsync(Id<SlipLine> id, string? reason, Guid member, CancellationToken stop) => ResolveAsync(id, async (slip, line) =>
    {
        if (CashBook.Cut(reason) is not { Length: > 0 } why) return new Refusal("reason_missing", "Say why.", "reason");
        var cause = new Cause(ActorKind.Member, time.GetUtcNow(), why, member);
        if (line.ParcelId is { } parcelId && await db.LockedParcelAsync(parcelId, stop) is { } parcel)
        {
            var cash = await book.OfAsync(parcel, stop);
            if (line.Before is not null && line.After == parcel.CashState && parcel.CashState is CashState.ShortPaid or CashState.InPayment)
            {
                book.MustMove(parcel, CashState.Paid, cause, slip.Id);
                line.After = CashState.Paid;
            }
            else if (line.Finding == Finding.ReturnFeeDiffers && cash.ReturnFee is null)
            {
                cash.ReturnFee = Matching.Together(line.Fee ?? Dinars.Zero, line.ReturnFee ?? Dinars.Zero);
                if (parcel.CashState == CashState.ReturnFeeDue) book.MustMove(parcel, CashState.NotDue, cause, slip.Id);
            }
            else book.Note(parcel, cause, slip.Id);
        }
        (line.Resolution, line.Reason) = (Resolution.Accepted, why);
        return null;
    }, member, stop);

    /// <summary>It is asked back from the courier.</summary>
    public Task<Result<SlipLine>> ClaimAsync(Id<SlipLine> id, string? note, Guid member, CancellationToken stop) => ResolveAsync(id, (slip, line) =>
    {
        db.Open(new Claim
        {
            Id = Id<Claim>.New(time.GetUtcNow()), AccountId = slip.AccountId, ParcelId = line.ParcelId, LineId = line.Id, Kind = ClaimKind.Difference, Amount = Matching.Size(line.Difference),
            Note = Lines(note), OpenedAt = time.GetUtcNow(), OpenedBy = member,
        });
        line.Resolution = Resolution.Claimed;
        return Task.FromResult<Refusal?>(null);
    }, member, stop);

    /// <summary>Counts the money of a slip again, or says why its sum is another.</summary>
    /// <returns>Refused: <c>not_found, reason_missing</c>.</returns>
    public Task<Result<PaymentSlip>> CountAsync(Id<PaymentSlip> id, Dinars received, string? reason, CancellationToken stop) => db.InTransactionAsync<Result<PaymentSlip>>(async () =>
    {
        if (await db.LockedSlipAsync(id, stop) is not { State: SlipState.Applied } slip) return Refusal.NotFound("slip");
        slip.Received = received;
        slip.SumReason = received == slip.Net || CashBook.Cut(reason) is not { Length: > 0 } why ? null : why;
        db.Tell("cash", slip.AccountId);
        await db.SaveChangesAsync(stop);
        return slip;
    }, stop);

    private Task<Result<SlipLine>> ResolveAsync(Id<SlipLine> id, Func<PaymentSlip, SlipLine, Task<Refusal?>> act, Guid member, CancellationToken stop) => db.InTransactionAsync<Result<SlipLine>>(async () =>
    {
        var slipId = await db.SlipLines.Where(l => l.Id == id).Select(l => (Id<PaymentSlip>?)l.SlipId).SingleOrDefaultAsync(stop);
        if (slipId is not { } of || await db.LockedSlipAsync(of, stop) is not { } slip) return Refusal.NotFound("line");
        var line = await db.SlipLines.SingleAsync(l => l.Id == id, stop);
        if (slip.State != SlipState.Applied || line.Resolution != Resolution.None || line.Finding is Finding.Exact or Finding.ReturnBilled)
            return new Refusal("nothing_to_resolve", "There is nothing to decide about this line.", Kind: RefusalKind.Conflict);
        if (await act(slip, line) is { } refusal) return refusal;
        (line.ResolvedAt, line.ResolvedBy) = (time.GetUtcNow(), member);
        db.Tell("cash", slip.AccountId);
        await db.SaveChangesAsync(stop);
        return line;
    }, stop);

    internal static string Lines(string? text) => PlainText.Lines(text) is { Length: > 1000 } cut ? cut[..1000] : PlainText.Lines(text);
}

/// <summary>Who changes a slip locks its row first.</summary>
internal static class SlipLocks
{
    extension(OrderClosrDb db)
    {
        /// <summary>The slip as it is now, locked until the running transaction ends; null when there is none in this workspace.</summary>
        internal async Task<PaymentSlip?> LockedSlipAsync(Id<PaymentSlip> id, CancellationToken stop)
        {
            await db.Dialect.LockRowAsync(db, "payment_slips", id.Value, stop);
            if (await db.PaymentSlips.SingleOrDefaultAsync(s => s.Id == id, stop) is not { } slip) return null;
            await db.Entry(slip).ReloadAsync(stop);
            return slip;
        }
    }
}
