namespace OrderClosr.Parcels;

/// <summary>Track 2: where a parcel stands, in the product's words.</summary>
public enum ParcelState
{
    /// <summary>Made by a person and not asked for yet.</summary>
    Draft,

    /// <summary>To be booked, or being booked.</summary>
    Requested,

    /// <summary>The courier has it on its list; still editable.</summary>
    Registered,

    /// <summary>Released: waits for pick-up.</summary>
    ReadyToShip,
    PickedUp,
    InTransit,

    /// <summary>Waits for the customer at a stop desk.</summary>
    AtDesk,
    OutForDelivery,

    /// <summary>An attempt failed; another may follow: rescue.</summary>
    AttemptFailed,

    /// <summary>Blocked, postponed, something missing.</summary>
    OnHold,
    Delivered,

    /// <summary>On the way back.</summary>
    Returning,

    /// <summary>Back at the shop.</summary>
    Returned,
    LostOrDamaged,
    Cancelled,
}

/// <summary>What a courier's label means: the list all adapters translate into (facts/couriers/common.md section 3).</summary>
public enum Movement
{
    /// <summary>A label nobody mapped. Never guess.</summary>
    Unknown,

    /// <summary>No movement: money, notes, edits.</summary>
    None,
    Registered,
    ReadyToShip,
    PickedUp,
    InTransit,

    /// <summary>Lies in a hub on its way.</summary>
    AtHub,

    /// <summary>Lies at the desk and waits for the customer.</summary>
    WaitsAtDesk,
    OutForDelivery,
    AttemptFailed,
    OnHold,
    Delivered,
    Returning,
    Returned,
    LostOrDamaged,
    Cancelled,
}

/// <summary>Track 3: the money of a parcel. The room of cash moves it.</summary>
public enum CashState { NotDue, Collected, Ready, InPayment, Paid, ShortPaid, Overdue, ReturnFeeDue }
