using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <summary>Writes how a booking ended, and what follows from it.</summary>
internal sealed class BookingEnds(OrderClosrDb db, Couriers couriers, Moving moving, ShipOrder ship, SecretBox secrets, Facts facts)
{
    /// <summary>Inside a transaction, with the parcel locked.</summary>
    internal async Task EndAsync(Parcel parcel, BookingAnswer answer, DateTimeOffset now, CancellationToken stop)
    {
        if (answer.End == BookingEnd.Registered)
        {
            await RegisteredAsync(parcel, answer.Parcel!, now, stop);
            return;
        }
        if (parcel.State != ParcelState.Requested) return;
        parcel.MayExist = false;
        if (answer.End == BookingEnd.Refused)
        {
            if (parcel.CancelAskedAt is not null) await moving.MoveAsync(parcel, ParcelState.Cancelled, new(ActorKind.System, now, "cancelled_before_booking"), stop);
            else await moving.TroubleAsync(parcel, answer.No!.Code, answer.No.Words, stop, answer.No.Suggestions);
            return;
        }
        // It is there, and nobody can tell us under which number: a person reads it off the courier's screen.
        await moving.MoveAsync(parcel, ParcelState.Registered, new(ActorKind.System, now, "exists_already"), stop);
        await moving.TroubleAsync(parcel, "tracking_missing", "The courier has this parcel but does not tell its number: copy it from the courier's screen.", stop);
        await facts.TellAsync(new ParcelRegistered(parcel.Id), stop);
    }

    /// <summary>The courier has the parcel: what we learned of it, and the work that comes next.</summary>
    internal async Task RegisteredAsync(Parcel parcel, CourierParcel told, DateTimeOffset now, CancellationToken stop)
    {
        var wasRequested = parcel.State == ParcelState.Requested;
        if (told.LabelAddress is { } address) parcel.LabelAddress = secrets.Seal(parcel.WorkspaceId, "parcel.label_address", address);
        await moving.HearAsync(parcel, told, stop);
        if (!wasRequested) return;
        if (parcel.State == ParcelState.Cancelled)
        {
            // Found under our name, but cancelled at the courier: the order goes out under its next name.
            if (parcel.CancelAskedAt is null) await ship.NextAsync(parcel, now, stop);
            return;
        }
        if (told.ToCollect is { } theirs && theirs != parcel.ToCollect)
            await moving.TroubleAsync(parcel, "amount_differs", $"The courier will collect {theirs}, not {parcel.ToCollect}.", stop);
        await FollowAsync(parcel, now, stop);
    }

    private async Task FollowAsync(Parcel parcel, DateTimeOffset now, CancellationToken stop)
    {
        if (parcel.CancelAskedAt is not null)
        {
            db.Later(new CancelAtCourier(parcel.AccountId, parcel.Id), now);
            return;
        }
        var account = await db.CourierAccounts.AsNoTracking().SingleAsync(a => a.Id == parcel.AccountId, stop);
        var abilities = couriers.Of(account).Abilities;
        if (parcel.Tracking is null) db.Later(new TrackParcels(parcel.AccountId, [parcel.Id]), now, now.AddSeconds(5));
        if (ParcelVerbs.Mark(await db.Orders.AsNoTracking().Include(o => o.Lines).SingleAsync(o => o.Id == parcel.OrderId, stop)) != parcel.OrderMark) db.Later(new UpdateParcel(parcel.AccountId, parcel.Id), now);
        if (abilities.ReadyStep != ReadyStep.None && parcel.State == ParcelState.Registered && (await ParcelSettings.OfAsync(db, stop)).ReleasesAlone) db.Later(new ReleaseParcel(parcel.AccountId, parcel.Id), now);
        if (abilities.HasLabels) db.Later(new FetchLabel(parcel.AccountId, parcel.Id), now);
    }
}
