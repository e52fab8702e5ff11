using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>Takes a member's last step in a rescue back: "the courier was told" and "given up".</summary>
public sealed class UndoRescue(OrderClosrDb db, Places places)
{
    /// <summary>Steps that can be taken back.</summary>
    public static readonly IReadOnlyList<string> Steps = ["told_courier", "closed"];

    /// <summary>Back to the person's queue, with what has to be typed. Refused: <c>not_found, nothing_to_undo</c>.</summary>
    public Task<Result<Rescue>> RunAsync(RescueId id, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Rescue>>(async () =>
    {
        if (await db.LockedRescueAsync(id, stop) is not { } rescue) return Refusal.NotFound("rescue");
        var parcel = await db.Parcels.AsNoTracking().SingleAsync(p => p.Id == rescue.ParcelId, stop);
        var last = await db.RescueSteps.AsNoTracking().Where(s => s.RescueId == id).OrderByDescending(s => s.At).ThenByDescending(s => s.Id).FirstOrDefaultAsync(stop);
        if (last is not { Actor: ActorKind.Member } || !Steps.Contains(last.What) || last.State != rescue.State || !parcel.IsOpen) return Nothing;
        if (!rescue.IsOpen && await db.Rescues.AnyAsync(r => r.OpenParcelId == rescue.ParcelId, stop)) return Nothing;
        var desk = rescue.NewDeskId;
        var name = desk is null ? null : await db.CourierPlaces.AsNoTracking().Where(p => p.Id == desk).Select(p => p.Name).SingleOrDefaultAsync(stop);
        // The step tells why a person was needed before it.
        var why = RescueNeeds.All.Contains(last.Reason ?? "") ? last.Reason! : RescueNeeds.NothingMoved;
        if (!rescue.IsOpen) (rescue.OpenParcelId, rescue.FinishedAt) = (rescue.ParcelId, null);
        var moved = RescueTransitions.Move(rescue, RescueState.NeedsPerson, "undone", cause with { Reason = why });
        if (!moved.Ok) return moved.Refusal;
        db.Add(moved.Value);
        (rescue.Needs, rescue.DueAt, rescue.CameToAPerson) = (why, cause.At, true);
        if (why is RescueNeeds.AtCourier or RescueNeeds.CourierRefused) rescue.ToType = RescueToType.Of(rescue, rescue.NewCommuneCode is { } code ? places.CommuneOf(code)?.Name : null, name);
        await db.SaveChangesAsync(stop);
        db.TellOf(rescue);
        return rescue;
    }, stop);

    private static readonly Refusal Nothing = new("nothing_to_undo", "This cannot be taken back any more.", Kind: RefusalKind.Conflict);
}
