using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;

namespace OrderClosr.Parcels;

/// <summary>What is to be corrected of a parcel that is on its way; a null field stays.</summary>
/// <param name="SecondPhone">Empty takes it away.</param>
/// <param name="Desk">Name of one of our desks of the wilaya; empty: to the door.</param>
/// <param name="Commune">ONS code of another commune of the same wilaya.</param>
public sealed record LateChange(string? Phone = null, string? SecondPhone = null, string? Address = null, string? Desk = null, int? Commune = null);

/// <summary>Corrects a parcel the courier has already, where the courier takes that (<see cref="CourierAbilities.EditableLater"/>): order, parcel and courier then say the same.</summary>
/// <remarks>What the customer pays stays as it was agreed, whatever the fee table says today. Another wilaya is another parcel.</remarks>
public sealed class CorrectLater(OrderClosrDb db, Couriers couriers, Places places, Facts facts)
{
    /// <summary>Fields a member may correct now; none: the courier takes nothing any more, or the order itself may still change.</summary>
    public static ParcelFields FieldsOf(Parcel parcel, CourierAbilities abilities) => parcel.State > abilities.EditUntil && (parcel.State == ParcelState.ReadyToShip || ParcelTransitions.HasLeft(parcel.State)) && parcel.State != ParcelState.Returning
        ? abilities.EditableAt(parcel.State) & (ParcelFields.Phone | ParcelFields.Address | ParcelFields.Destination) : ParcelFields.None;

    /// <param name="seen">The order's version the member looked at; null: whatever it is.</param>
    /// <returns>Refused: <c>not_found, not_editable, stale_version, phone_unreadable, phone_foreign, too_long, desk_unknown, place_unknown</c>.</returns>
    public Task<Result<Parcel>> RunAsync(ParcelId id, LateChange change, int? seen, Cause cause, CancellationToken stop) => db.InTransactionAsync<Result<Parcel>>(async () =>
    {
        if (await db.Parcels.AsNoTracking().Where(p => p.Id == id).Select(p => (OrderId?)p.OrderId).SingleOrDefaultAsync(stop) is not { } of) return Refusal.NotFound("parcel");
        var order = await db.LockedOrderAsync(of, stop);
        if (order is null || await db.LockedParcelAsync(id, stop) is not { } parcel) return Refusal.NotFound("parcel");
        var can = couriers.Find(parcel.Courier) is { } courier ? FieldsOf(parcel, courier.Abilities) : ParcelFields.None;
        var wanted = (change.Phone is null && change.SecondPhone is null ? 0 : ParcelFields.Phone) | (change.Address is null ? 0 : ParcelFields.Address) | (change.Desk is null && change.Commune is null ? 0 : ParcelFields.Destination);
        if ((wanted & ~can) != 0 || can == ParcelFields.None) return new Refusal(BookingCodes.NotEditable, "The courier takes no such correction any more: tell it by phone or on its screen.", Kind: RefusalKind.Conflict);
        if (seen is { } version && version != order.DraftVersion) return new Refusal("stale_version", "Somebody changed the order meanwhile: look again.", Kind: RefusalKind.Conflict);

        var (first, second) = (order.Phone, order.SecondPhone);
        if (change.Phone is { } typed)
        {
            if (Phone.ReadAll(typed) is not [var read, ..]) return new Refusal("phone_unreadable", "This is no phone number.", "phone");
            if (!read.IsAlgerian) return new Refusal("phone_foreign", "A courier can call numbers of Algeria only.", "phone");
            first = read;
        }
        if (change.SecondPhone is { } other)
        {
            if (other.Trim().Length > 0 && Phone.ReadAll(other) is not [_, ..]) return new Refusal("phone_unreadable", "This is no phone number.", "second_phone");
            second = other.Trim().Length == 0 ? null : Phone.ReadAll(other)[0];
        }
        if (change.Address?.Length > 500) return new Refusal("too_long", "At most 500 characters.", "address");
        if (change.Commune is { } code && places.CommuneOf(code)?.WilayaCode != order.WilayaCode) return new Refusal("place_unknown", "There is no such commune in this wilaya.", "commune");
        Desk? desk = null;
        if (change.Desk is { Length: > 0 } named && (desk = await db.Desks.AsNoTracking().FirstOrDefaultAsync(d => d.WilayaCode == order.WilayaCode && d.Active && d.Name == named, stop)) is null)
            return new Refusal("desk_unknown", "There is no such desk in this wilaya.", "desk");

        (order.Phone, order.SecondPhone) = (first, second);
        if (change.Address is { } address) order.Address = OneLine.Of(address);
        if (change.Commune is { } commune) order.CommuneCode = commune;
        if (change.Desk is not null) (order.Delivery, order.DeskId) = (desk is null ? Delivery.Home : Delivery.Desk, desk?.Id);
        // A member's word is newer than what the customer answered about a failed attempt.
        var forgot = await db.OpenRescueAsync(id, stop) is { } rescue && rescue.Forget(wanted);
        if (ParcelVerbs.Mark(order) == parcel.OrderMark)
        {
            if (forgot) db.Later(new UpdateParcel(parcel.AccountId, id), cause.At);
            await db.SaveChangesAsync(stop);
            return parcel;
        }
        order.DraftVersion++;
        order.ConfirmedVersion = order.DraftVersion;
        db.Add(OrderTransitions.Changed(order, cause));
        await db.SaveChangesAsync(stop);
        // Whoever hears that the order changed tells the courier.
        await facts.TellAsync(new OrderChanged(order.Id), stop);
        db.Tell("order", order.Id);
        return parcel;
    }, stop);
}
