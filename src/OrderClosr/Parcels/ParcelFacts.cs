namespace OrderClosr.Parcels;

/// <summary>The courier has the parcel on its list: tracking (or its own id) is known.</summary>
public sealed record ParcelRegistered(ParcelId ParcelId);

/// <summary>A parcel came from one state into another. Told for every move; the facts below are told besides.</summary>
/// <param name="Reason">The courier's or a member's reason.</param>
public sealed record ParcelMoved(ParcelId ParcelId, ParcelState From, ParcelState To, string? Reason);

/// <summary>It was handed over: its cash is due.</summary>
public sealed record ParcelDelivered(ParcelId ParcelId);

/// <summary>It is back at the shop, or, after a delivery, the delivery was undone.</summary>
/// <param name="WasDelivered">The courier had said "delivered" before.</param>
public sealed record ParcelReturned(ParcelId ParcelId, bool WasDelivered);

/// <summary>It was cancelled before it left.</summary>
public sealed record ParcelCancelled(ParcelId ParcelId);

/// <summary>A person must look: see <see cref="Parcel.Trouble"/>.</summary>
public sealed record ParcelNeedsAPerson(ParcelId ParcelId, string Trouble);

/// <summary>The courier said something about a parcel's money (not a movement).</summary>
/// <param name="Slip">The courier's number of the payment, where it told one.</param>
public sealed record ParcelMoneyHeard(ParcelId ParcelId, CashState Step, string? Slip, DateTimeOffset At);

/// <summary>A courier account's lists were read whole.</summary>
public sealed record CourierListsRead(CourierAccountId AccountId);
