using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Cancels, releases and corrects parcels; what the courier must do is a job in its lane.</summary>
public sealed class ChangeParcel(OrderClosrDb db, Couriers couriers, Destinations destinations, Choosing choosing, ShipOrder ship, Moving moving)
{
    /// <summary>Cancels a parcel that has not left: at once while the courier knows nothing, else as soon as the courier says so.</summary>
    public Task<Result<Parcel>> CancelAsync(ParcelId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.State == ParcelState.Cancelled || (parcel.CancelAskedAt is not null && parcel.IsOpen)) return parcel;
        if (parcel.State == ParcelState.Draft || (parcel.State == ParcelState.Requested && !parcel.MayExist))
        {
            if (await moving.MoveAsync(parcel, ParcelState.Cancelled, cause, stop) is { } no) return no;
            await db.SaveChangesAsync(stop);
            return parcel;
        }
        var abilities = await AbilitiesAsync(parcel, stop);
        if (parcel.State != ParcelState.Requested && (abilities.CancelUntil is not { } until || parcel.State > until || ParcelTransitions.IsFinished(parcel.State)))
            return new Refusal(BookingCodes.NotCancellable, "The courier takes no cancellation of it by its API any more: ask the courier, or let it come back.", Kind: RefusalKind.Conflict);
        parcel.CancelAskedAt = cause.At;
        // Being booked: whoever hears that it exists cancels it then.
        if (parcel.State == ParcelState.Requested) await ship.AskAsync(parcel.AccountId, [parcel.Id], cause.At, stop);
        else db.Later(new CancelAtCourier(parcel.AccountId, parcel.Id), cause.At);
        await db.SaveChangesAsync(stop);
        db.Tell("order", parcel.OrderId);
        db.Tell("parcel", id);
        return parcel;
    }, stop);

    /// <summary>Releases a parcel for pick-up.</summary>
    public Task<Result<Parcel>> ReleaseAsync(ParcelId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.State is not ParcelState.Registered) return parcel.State == ParcelState.ReadyToShip ? parcel : Refusal.NotAllowed("Only a booked parcel is released.", []);
        if ((await AbilitiesAsync(parcel, stop)).ReadyStep == ReadyStep.None)
        {
            if (await moving.MoveAsync(parcel, ParcelState.ReadyToShip, cause, stop) is { } no) return no;
        }
        else db.Later(new ReleaseParcel(parcel.AccountId, id), cause.At);
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>A person says which of the courier's communes (and desks) it is: kept for every later parcel, and this one is booked.</summary>
    public Task<Result<Parcel>> SendToAsync(ParcelId id, Id<CourierPlace> commune, Id<CourierPlace>? desk, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.State is not (ParcelState.Draft or ParcelState.Requested) || parcel.MayExist) return Refusal.NotAllowed("It is booked already.", []);
        var account = parcel.AccountId;
        var row = await db.CourierPlaces.SingleOrDefaultAsync(p => p.Id == commune && p.AccountId == account && p.Kind == CourierPlaceKind.Commune && p.Active, stop);
        var at = desk is { } d ? await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.Id == d && p.AccountId == account && p.Kind == CourierPlaceKind.Desk && p.Active, stop) : null;
        if (row is null || (desk is not null && (at is null || at.WilayaRef != row.WilayaRef))) return Refusal.NotFound("place");
        var wilaya = await db.CourierPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.AccountId == account && p.Kind == CourierPlaceKind.Wilaya && p.Ref == row.WilayaRef && p.Active, stop);
        if (wilaya is null) return Refusal.NotFound("place");
        if (parcel.Trouble == "destination_unclear" && row.CommuneCode != parcel.CommuneCode)
        {
            // Whoever was taken for this commune before is not: one row of theirs is one of ours.
            await db.CourierPlaces.Where(p => p.AccountId == account && p.Kind == CourierPlaceKind.Commune && p.CommuneCode == parcel.CommuneCode && p.Id != commune).ExecuteUpdateAsync(set => set.SetProperty(p => p.CommuneCode, 0), stop);
            (row.CommuneCode, row.IsMatchedByHand) = (parcel.CommuneCode, true);
        }
        var where = new Destination(wilaya, row, at);
        parcel.Settle();
        parcel.Place(where);
        parcel.CourierFee = await choosing.FeeAsync(await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == account, stop), where, parcel.Delivery, parcel.Weight, stop);
        if (parcel.State == ParcelState.Draft && await moving.MoveAsync(parcel, ParcelState.Requested, cause, stop) is { } no) return no;
        await ship.AskAsync(account, [id], cause.At, stop);
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>A member read the number off the courier's own screen.</summary>
    public Task<Result<Parcel>> SetTrackingAsync(ParcelId id, string? tracking, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        var number = PlainText.Line(tracking);
        if (number.Length is < 4 or > 80) return new Refusal("tracking_wrong", "This is no tracking number.", "tracking");
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.Tracking is { } known) return known == number ? parcel : new Refusal("tracking_known", "The courier gave it another number.", "tracking", Kind: RefusalKind.Conflict);
        if (await db.Parcels.AnyAsync(p => p.AccountId == parcel.AccountId && p.Tracking == number, stop)) return new Refusal("tracking_taken", "Another parcel has this number.", "tracking", Kind: RefusalKind.Conflict);
        if (parcel.State == ParcelState.Requested && await moving.MoveAsync(parcel, ParcelState.Registered, cause, stop) is { } no) return no;
        parcel.MayExist = false;
        parcel.Settle();
        parcel.Tracking = number;
        db.Later(new TrackParcels(parcel.AccountId, [id]), cause.At);
        await db.SaveChangesAsync(stop);
        return parcel;
    }, stop);

    /// <summary>A person dealt with it on the courier's own screen: nothing waits for anybody any more. What only an answer can settle stays.</summary>
    /// <param name="seen">The mark of the order whose lines the person typed; null: whatever it is.</param>
    public Task<Result<Parcel>> SettleAsync(ParcelId id, Cause cause, CancellationToken stop, string? seen = null) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        if (parcel.Trouble is null) return parcel;
        if (parcel.State is ParcelState.Draft or ParcelState.Requested || parcel.Trouble is "tracking_missing" or "status_unknown" or "contradiction") return Refusal.NotAllowed("This needs an answer.", []);
        if (parcel.Trouble == BookingCodes.NotEditable)
        {
            var mark = ParcelVerbs.Mark(await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == parcel.OrderId, stop));
            if (seen is not null && seen != mark) return new Refusal("stale_version", "Somebody changed the order meanwhile: look again.", Kind: RefusalKind.Conflict);
            parcel.OrderMark = mark; // the courier knows it now
        }
        moving.Note(parcel, cause with { Reason = "settled" });
        parcel.Settle();
        await db.SaveChangesAsync(stop);
        db.Tell("parcel", id);
        db.Tell("order", parcel.OrderId);
        return parcel;
    }, stop);

    /// <summary>The order changed: a parcel that is not posted yet takes it over by itself, a booked one is corrected where the courier lets us.</summary>
    internal async Task OrderChangedAsync(OrderId order, DateTimeOffset now, CancellationToken stop)
    {
        await db.SaveChangesAsync(stop); // whoever tells it may not have saved it yet
        var mark = ParcelVerbs.Mark(await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == order, stop));
        foreach (var id in await db.Parcels.Where(p => p.OrderId == order && p.OrderMark != mark).Select(p => p.Id).ToListAsync(stop))
        {
            if (await db.LockedParcelAsync(id, stop) is not { IsOpen: true } parcel) continue;
            if (parcel.State is ParcelState.Draft or ParcelState.Requested && !parcel.MayExist) await ship.AgainAsync(id, null, new(ActorKind.System, now), stop);
            else if (parcel.State is ParcelState.Registered or ParcelState.ReadyToShip) db.Later(new UpdateParcel(parcel.AccountId, id), now);
            // Only what the courier still takes was changed (CorrectLater): the others are held.
            else if (parcel.State != ParcelState.Requested && CorrectLater.FieldsOf(parcel, await AbilitiesAsync(parcel, stop)) != ParcelFields.None) db.Later(new UpdateParcel(parcel.AccountId, id), now);
            else if (parcel.State != ParcelState.Requested) await moving.TroubleAsync(parcel, "changed_after_leaving", "The order changed after the courier took the parcel.", stop);
        }
        await db.SaveChangesAsync(stop);
    }

    private async Task<CourierAbilities> AbilitiesAsync(Parcel parcel, CancellationToken stop) =>
        couriers.Of(await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == parcel.AccountId, stop)).Abilities;

    internal Task<Result<Destination>> WhereAsync(CourierAccount account, Order order, CancellationToken stop) =>
        destinations.ResolveAsync(account, order.WilayaCode, order.CommuneCode, order.Delivery, order.DeskId, stop);
}

/// <summary>An order's end is its parcel's end, where that is still possible.</summary>
internal sealed class CancelOnOrderCancelled(OrderClosrDb db, ChangeParcel change, Moving moving, TimeProvider time) : IListener<OrderCancelled>
{
    public async Task OnAsync(OrderCancelled fact, CancellationToken stop)
    {
        foreach (var id in await db.Parcels.Where(p => p.OrderId == fact.OrderId).Select(p => p.Id).ToListAsync(stop))
        {
            if (await db.LockedParcelAsync(id, stop) is not { IsOpen: true }) continue;
            var done = await change.CancelAsync(id, new(ActorKind.System, time.GetUtcNow(), "order_cancelled"), stop);
            if (!done.Ok && await db.LockedParcelAsync(id, stop) is { } still) await moving.TroubleAsync(still, "order_cancelled", $"The order is cancelled. {done.Refusal.Words}", stop);
        }
        await db.SaveChangesAsync(stop);
    }
}

/// <summary>A changed order changes its parcel.</summary>
internal sealed class UpdateOnOrderChanged(ChangeParcel change, TimeProvider time) : IListener<OrderChanged>
{
    public Task OnAsync(OrderChanged fact, CancellationToken stop) => change.OrderChangedAsync(fact.OrderId, time.GetUtcNow(), stop);
}
