using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>A failed attempt or a desk begins a rescue, the parcel's end ends it. Only moves are told: what the courier says late or twice comes not this far.</summary>
/// <remarks>It only writes rows. The customer is written to by <see cref="StepRescue"/>, which locks the conversation before the parcel, as turns do.</remarks>
internal sealed class RescueOnParcelMoved(OrderClosrDb db, TimeProvider time) : IListener<ParcelMoved>
{
    /// <summary>A second attempt so soon after the question asks nothing new.</summary>
    private static readonly TimeSpan AskedJustNow = TimeSpan.FromHours(12);

    public async Task OnAsync(ParcelMoved fact, CancellationToken stop)
    {
        if (fact.To is not (ParcelState.AttemptFailed or ParcelState.AtDesk or ParcelState.Returning) && !ParcelTransitions.IsFinished(fact.To)) return;
        var now = time.GetUtcNow();
        var open = await db.OpenRescueAsync(fact.ParcelId, stop);
        var parcel = await db.Parcels.SingleAsync(p => p.Id == fact.ParcelId, stop);
        if (fact.To is ParcelState.AttemptFailed or ParcelState.AtDesk)
        {
            if (open is not null) await AgainAsync(open, fact, now, stop);
            else await BeginAsync(parcel, fact, now, stop);
        }
        else if (open is not null) await EndAsync(open, fact, now, stop);
        await db.SaveChangesAsync(stop);
    }

    private async Task BeginAsync(Parcel parcel, ParcelMoved fact, DateTimeOffset now, CancellationToken stop)
    {
        var id = parcel.Id;
        // What a member closed stays closed until something new happens.
        var last = await db.Rescues.AsNoTracking().Where(r => r.ParcelId == id).OrderByDescending(r => r.Id).Select(r => r.FinishedAt).FirstOrDefaultAsync(stop);
        if (last is { } ended && parcel.StateAt <= ended) return;
        var settings = await RescueSettings.OfAsync(db, stop);
        var order = await db.Orders.AsNoTracking().SingleAsync(o => o.Id == parcel.OrderId, stop);
        var isDesk = fact.To == ParcelState.AtDesk;
        var rescue = new Rescue
        {
            Id = RescueId.New(now), ParcelId = id, OpenParcelId = id, OrderId = order.Id, CustomerId = order.CustomerId, ConversationId = order.ConversationId.IsNone ? null : order.ConversationId,
            StateAt = now, CreatedAt = now, AtStake = parcel.ToCollect, Kind = isDesk ? RescueKind.DeskWaiting : RescueReasons.Read(fact.Reason), RawReason = fact.Reason, Attempts = isDesk ? 0 : 1, DueAt = settings.NextWaking(now),
        };
        db.Add(rescue);
        db.Add(RescueTransitions.Step(rescue, "begun", new(ActorKind.Courier, now, fact.Reason)));
        if (rescue.ConversationId is null) db.CallPerson(rescue, RescueNeeds.NoConversation, settings, new(ActorKind.System, now));
        else if (!settings.WritesAlone) db.CallPerson(rescue, RescueNeeds.SwitchedOff, settings, new(ActorKind.System, now));
        else db.StepLater(rescue, now);
        db.TellOf(rescue);
    }

    private async Task AgainAsync(Rescue rescue, ParcelMoved fact, DateTimeOffset now, CancellationToken stop)
    {
        var settings = await RescueSettings.OfAsync(db, stop);
        var isDesk = fact.To == ParcelState.AtDesk;
        var cause = new Cause(ActorKind.Courier, now, fact.Reason);
        var isNews = isDesk != (rescue.Kind == RescueKind.DeskWaiting);
        rescue.Kind = isDesk ? RescueKind.DeskWaiting : RescueReasons.Read(fact.Reason);
        rescue.RawReason = fact.Reason;
        if (!isDesk) rescue.Attempts++;
        var asks = settings.WritesAlone && rescue.ConversationId is not null && rescue.State switch
        {
            RescueState.Asked => isNews || now - rescue.StateAt >= AskedJustNow,
            RescueState.Answered => isNews || !isDesk,
            _ => false,
        };
        var what = isDesk ? "at_desk" : "attempt_failed";
        if (!asks)
        {
            db.Add(RescueTransitions.Step(rescue, what, cause));
            // What was agreed did not work out, and nobody may be asked.
            if (rescue.State == RescueState.Answered && !isDesk) db.CallPerson(rescue, RescueNeeds.SwitchedOff, settings, new(ActorKind.System, now));
        }
        else
        {
            var moved = RescueTransitions.Move(rescue, RescueState.Begun, what, cause);
            if (!moved.Ok) throw new InvalidOperationException(moved.Refusal.Words);
            db.Add(moved.Value);
            (rescue.DueAt, rescue.RemindedAt) = (settings.NextWaking(now), null);
            db.StepLater(rescue, now);
        }
        db.TellOf(rescue);
    }

    private async Task EndAsync(Rescue rescue, ParcelMoved fact, DateTimeOffset now, CancellationToken stop)
    {
        if (fact.To == ParcelState.Returning)
        {
            // Perhaps a call still stops it.
            if (rescue.Needs != RescueNeeds.Returning) db.CallPerson(rescue, RescueNeeds.Returning, await RescueSettings.OfAsync(db, stop), new(ActorKind.Courier, now));
            return;
        }
        var to = fact.To switch { ParcelState.Delivered => RescueState.Done, ParcelState.Cancelled => RescueState.Closed, _ => RescueState.Lost };
        var moved = RescueTransitions.Move(rescue, to, RescueTransitions.Word(to), new(ActorKind.Courier, now, to == RescueState.Closed ? "cancelled" : null));
        if (!moved.Ok) throw new InvalidOperationException(moved.Refusal.Words);
        db.Add(moved.Value);
        rescue.IsSaved = to == RescueState.Done && (rescue.Attempts > 0 || rescue.RemindedAt is not null || rescue.CameToAPerson || rescue.Answer is not null);
        db.TellOf(rescue);
    }
}
