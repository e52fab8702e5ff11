using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>What parcels tell becomes money: delivered is due, returned costs a fee, lost is a claim, and a courier's word about money is noted as its claim.</summary>
/// <remarks>Runs inside the transaction that moved the parcel, with the parcel locked.</remarks>
internal sealed class CashListeners(OrderClosrDb db, CashBook book, ReturnFees returnFees, TimeProvider time)
    : IListener<ParcelDelivered>, IListener<ParcelReturned>, IListener<ParcelMoved>, IListener<ParcelMoneyHeard>
{
    public async Task OnAsync(ParcelDelivered fact, CancellationToken stop)
    {
        var parcel = await db.Parcels.SingleAsync(p => p.Id == fact.ParcelId, stop);
        var cash = await book.OfAsync(parcel, stop);
        // An exchange of equal worth: the driver took nothing, nothing is owed.
        if (parcel.ToCollect == Dinars.Zero && parcel.CashState == CashState.NotDue) return;
        cash.DueAt = parcel.StateAt;
        if (parcel.CashState == CashState.NotDue) Collect(parcel, cash);
        else if (parcel.CashState == CashState.InPayment && cash.Received > Dinars.Zero) await SettleAsync(parcel, cash, stop);
    }

    public async Task OnAsync(ParcelReturned fact, CancellationToken stop)
    {
        var parcel = await db.Parcels.SingleAsync(p => p.Id == fact.ParcelId, stop);
        var cash = await book.OfAsync(parcel, stop);
        var wasPaid = parcel.CashState is CashState.Paid or CashState.ShortPaid;
        cash.DueAt = null;
        var isFree = cash.ReturnFee is not null || (await returnFees.OfAsync([parcel], stop)).GetValueOrDefault(parcel.Id) == Dinars.Zero;
        var to = isFree && !wasPaid ? CashState.NotDue : CashState.ReturnFeeDue;
        if (parcel.CashState != to) book.Move(parcel, to, System(wasPaid ? "returned_after_paid" : fact.WasDelivered ? "returned_after_delivered" : "returned"));
    }

    public async Task OnAsync(ParcelMoved fact, CancellationToken stop)
    {
        if (fact.To != ParcelState.LostOrDamaged && fact.From != ParcelState.LostOrDamaged) return;
        var open = await db.Claims.Where(c => c.ParcelId == fact.ParcelId && c.Kind == ClaimKind.LostOrDamaged && c.State == ClaimState.Open).ToListAsync(stop);
        if (fact.From == ParcelState.LostOrDamaged)
        {
            foreach (var claim in open) db.End(claim, ClaimState.GivenUp, time.GetUtcNow(), null);
        }
        else if (open.Count == 0)
        {
            var parcel = await db.Parcels.SingleAsync(p => p.Id == fact.ParcelId, stop);
            db.Open(new Claim
            {
                Id = Id<Claim>.New(time.GetUtcNow()), AccountId = parcel.AccountId, ParcelId = parcel.Id, Kind = ClaimKind.LostOrDamaged, Amount = await db.WorthAsync(parcel, stop), OpenedAt = time.GetUtcNow(),
            });
            db.Tell("cash", parcel.AccountId);
        }
    }

    public async Task OnAsync(ParcelMoneyHeard fact, CancellationToken stop)
    {
        var parcel = await db.Parcels.SingleAsync(p => p.Id == fact.ParcelId, stop);
        var cash = await book.OfAsync(parcel, stop);
        var step = fact.Step is CashState.Paid or CashState.InPayment or CashState.ShortPaid ? CashState.InPayment : fact.Step == CashState.Ready ? CashState.Ready : CashState.Collected;
        (cash.Announced, cash.AnnouncedAt) = (CashBook.Cut(fact.Slip) ?? cash.Announced, fact.At);
        if (cash.Claimed is null || step > cash.Claimed) cash.Claimed = step;
        if (parcel.State != ParcelState.Delivered)
        {
            book.Note(parcel, Courier($"said_{CashTransitions.Word(fact.Step)}"), announced: fact.Slip);
            return;
        }
        // The word of the money comes just before the fact of the delivery it arrived with.
        if (parcel.ToCollect == Dinars.Zero && parcel.CashState == CashState.NotDue)
        {
            book.Note(parcel, Courier($"said_{CashTransitions.Word(fact.Step)}"), announced: fact.Slip);
            return;
        }
        cash.DueAt ??= parcel.StateAt;
        if (parcel.CashState == CashState.NotDue) Collect(parcel, cash);
        else if (!Claim(parcel, cash)) book.Note(parcel, Courier($"said_{CashTransitions.Word(fact.Step)}"), announced: fact.Slip);
    }

    private void Collect(Parcel parcel, ParcelCash cash)
    {
        book.MustMove(parcel, CashState.Collected, System("delivered"));
        Claim(parcel, cash);
    }

    /// <summary>As far as the courier says, where the table allows it: a claim never ends the matter.</summary>
    private bool Claim(Parcel parcel, ParcelCash cash) => cash.Claimed is { } claimed and not CashState.Collected && claimed != parcel.CashState
        && book.Move(parcel, claimed, Courier($"said_{CashTransitions.Word(claimed)}"), announced: cash.Announced) is null;

    /// <summary>A slip paid for it before the delivery was heard of.</summary>
    private async Task SettleAsync(Parcel parcel, ParcelCash cash, CancellationToken stop)
    {
        var line = await db.SlipLines.Where(l => l.ParcelId == parcel.Id && l.Finding == Finding.NotDelivered && l.After == CashState.InPayment && l.Resolution == Resolution.None)
            .OrderByDescending(l => l.Id).FirstOrDefaultAsync(stop);
        book.MustMove(parcel, Matching.IsWhole(parcel.ToCollect, cash.Received) ? CashState.Paid : CashState.ShortPaid, System("delivered_later"), line?.SlipId);
        if (line is null) return;
        line.After = parcel.CashState;
        // A part that is missing stays to be looked at.
        if (parcel.CashState == CashState.Paid) (line.Resolution, line.Reason, line.ResolvedAt) = (Resolution.Settled, "delivered_later", time.GetUtcNow());
    }

    private Cause System(string reason) => new(ActorKind.System, time.GetUtcNow(), reason);
    private Cause Courier(string reason) => new(ActorKind.Courier, time.GetUtcNow(), reason);
}
