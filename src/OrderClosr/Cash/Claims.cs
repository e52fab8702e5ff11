using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>Money asked back: its amount, its end.</summary>
public sealed class Claims(OrderClosrDb db, CashBook book, TimeProvider time)
{
    /// <summary>What a member may claim for a parcel.</summary>
    public static readonly IReadOnlyList<ClaimKind> ByHand = [ClaimKind.LostOrDamaged, ClaimKind.Damaged, ClaimKind.Missing];

    /// <summary>What a courier may answer.</summary>
    public static readonly IReadOnlyList<ClaimWord> Answers = [ClaimWord.Accepted, ClaimWord.Asked, ClaimWord.Refused];

    /// <summary>Opens one by hand; one of its kind is open at a time.</summary>
    /// <param name="amount">Null: what the goods are worth.</param>
    /// <returns>Refused: <c>not_found, claim_kind, not_booked, claim_open</c>.</returns>
    public Task<Result<Claim>> OpenAsync(ParcelId id, ClaimKind kind, Dinars? amount, string? note, Guid member, CancellationToken stop) => db.InTransactionAsync<Result<Claim>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (!ByHand.Contains(kind)) return new Refusal("claim_kind", "Say what is claimed.", "kind");
        if (parcel.State is ParcelState.Draft or ParcelState.Requested or ParcelState.Registered or ParcelState.ReadyToShip or ParcelState.Cancelled) return new Refusal("never_left", "The courier never had it.", Kind: RefusalKind.Conflict);
        if (await db.Claims.AnyAsync(c => c.ParcelId == id && c.Kind == kind && c.State == ClaimState.Open, stop)) return new Refusal("claim_open", "There is such a claim already.", Kind: RefusalKind.Conflict);
        var now = time.GetUtcNow();
        var claim = new Claim
        {
            Id = Id<Claim>.New(now), AccountId = parcel.AccountId, ParcelId = id, Kind = kind, Amount = amount ?? await db.WorthAsync(parcel, stop), Note = ResolveDifference.Lines(note), OpenedAt = now, OpenedBy = member,
        };
        db.Open(claim);
        await db.SaveChangesAsync(stop);
        db.Tell("cash", claim.AccountId);
        db.Tell("parcel", id);
        return claim;
    }, stop);

    /// <summary>What the courier said: kept with its day; the claim goes on until somebody ends it.</summary>
    public Task<Result<Claim>> AnswerAsync(Id<Claim> id, ClaimWord answer, string? note, Guid member, CancellationToken stop) => WithAsync(id, claim =>
    {
        if (!Answers.Contains(answer)) throw new ArgumentOutOfRangeException(nameof(answer));
        claim.Answer = answer;
        db.Step(claim, answer, time.GetUtcNow(), member, note: note);
        return Task.CompletedTask;
    }, stop);

    /// <summary>Changes what is asked for and what is noted.</summary>
    /// <returns>Refused: <c>not_found, claim_ended</c>.</returns>
    public Task<Result<Claim>> ChangeAsync(Id<Claim> id, Dinars amount, string? note, Guid member, CancellationToken stop) => WithAsync(id, claim =>
    {
        (claim.Amount, claim.Note) = (amount, ResolveDifference.Lines(note));
        db.Step(claim, ClaimWord.Changed, time.GetUtcNow(), member, amount);
        return Task.CompletedTask;
    }, stop);

    /// <summary>The courier paid: so much.</summary>
    public Task<Result<Claim>> SettleAsync(Id<Claim> id, Dinars got, string? note, Guid member, CancellationToken stop) => WithAsync(id, async claim =>
    {
        claim.Got = got;
        db.End(claim, ClaimState.Settled, time.GetUtcNow(), member);
        if (note is not null) claim.Note = ResolveDifference.Lines(note);
        await FinishAsync(claim, "claim_settled", member, stop);
    }, stop);

    /// <summary>Nothing will come.</summary>
    public Task<Result<Claim>> GiveUpAsync(Id<Claim> id, string? note, Guid member, CancellationToken stop) => WithAsync(id, async claim =>
    {
        db.End(claim, ClaimState.GivenUp, time.GetUtcNow(), member);
        if (note is not null) claim.Note = ResolveDifference.Lines(note);
        if (claim.Kind == ClaimKind.Difference) await FinishAsync(claim, "claim_given_up", member, stop);
    }, stop);

    /// <summary>Money that was short, or lost with its parcel, is finished with its claim.</summary>
    private async Task FinishAsync(Claim claim, string reason, Guid member, CancellationToken stop)
    {
        if (claim.ParcelId is not { } id || await db.LockedParcelAsync(id, stop) is not { } parcel) return;
        await book.OfAsync(parcel, stop);
        var line = claim.LineId is { } lineId ? await db.SlipLines.SingleOrDefaultAsync(l => l.Id == lineId, stop) : null;
        var isOurs = line is not null ? line.Before is not null && line.After == parcel.CashState : claim.Kind == ClaimKind.LostOrDamaged;
        var cause = new Cause(ActorKind.Member, time.GetUtcNow(), reason, member);
        if (isOurs && (parcel.CashState is CashState.ShortPaid or CashState.InPayment || (parcel is { CashState: CashState.NotDue, State: ParcelState.LostOrDamaged })))
        {
            book.MustMove(parcel, CashState.Paid, cause, line?.SlipId);
            if (line is not null) line.After = CashState.Paid;
        }
        else book.Note(parcel, cause, line?.SlipId);
    }

    private Task<Result<Claim>> WithAsync(Id<Claim> id, Func<Claim, Task> act, CancellationToken stop) => db.InTransactionAsync<Result<Claim>>(async () =>
    {
        await db.Dialect.LockRowAsync(db, "claims", id.Value, stop);
        if (await db.Claims.SingleOrDefaultAsync(c => c.Id == id, stop) is not { } claim) return Refusal.NotFound("claim");
        await db.Entry(claim).ReloadAsync(stop);
        if (claim.State != ClaimState.Open) return new Refusal("claim_ended", "This claim has ended.", Kind: RefusalKind.Conflict);
        await act(claim);
        db.Tell("cash", claim.AccountId);
        if (claim.ParcelId is { } of) db.Tell("parcel", of);
        await db.SaveChangesAsync(stop);
        return claim;
    }, stop);
}

/// <summary>Claims begin and end with a line of their story.</summary>
internal static class ClaimSteps
{
    extension(OrderClosrDb db)
    {
        internal void Open(Claim claim)
        {
            db.Add(claim);
            db.Step(claim, ClaimWord.Opened, claim.OpenedAt, claim.OpenedBy, claim.Amount);
        }

        internal void End(Claim claim, ClaimState how, DateTimeOffset now, Guid? member)
        {
            (claim.State, claim.EndedAt) = (how, now);
            db.Step(claim, how == ClaimState.Settled ? ClaimWord.Settled : ClaimWord.GivenUp, now, member, claim.Got);
        }

        internal void Step(Claim claim, ClaimWord what, DateTimeOffset now, Guid? member, Dinars? amount = null, string? note = null) => db.Add(new ClaimStep
        {
            Id = Id<ClaimStep>.New(now), ClaimId = claim.Id, At = now, AccountId = member, What = what, Amount = amount, Note = ResolveDifference.Lines(note),
        });

        /// <summary>What the goods of a parcel cost the shop when they are gone: of an exchange their whole price, else what the driver was to collect for them.</summary>
        internal async Task<Dinars> WorthAsync(Parcel parcel, CancellationToken stop) => parcel.IsExchange
            ? Totals.ToPay(await db.OrderLines.AsNoTracking().Where(l => l.OrderId == parcel.OrderId).ToListAsync(stop)) : Matching.GoodsOf(parcel.ToCollect, parcel.DeliveryFee);
    }
}
