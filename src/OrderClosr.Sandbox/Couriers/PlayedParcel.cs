using System.Text.Json.Nodes;

namespace OrderClosr.Sandbox.Couriers;

/// <summary>One line of a parcel's life.</summary>
/// <param name="At">When.</param>
/// <param name="Status">In the courier's own words.</param>
/// <param name="Reason">Why, where the courier says so.</param>
/// <param name="Station">Where it lay.</param>
/// <param name="Driver">Who had it.</param>
/// <param name="DriverPhone">His number.</param>
public sealed record ParcelEvent(DateTimeOffset At, string Status, string? Reason = null, string? Station = null, string? Driver = null, string? DriverPhone = null);

/// <summary>A parcel at a courier. Touch it only under <see cref="Courier.Gate"/>.</summary>
public sealed class PlayedParcel
{
    /// <summary>Whose it is.</summary>
    public required CourierAccount Account { get; init; }

    /// <summary>What the customer is told.</summary>
    public required string Tracking { get; init; }

    /// <summary>The courier's inner id, where it differs from the tracking.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant's own reference.</summary>
    public string? Reference { get; set; }

    /// <summary>Name of the one who gets it.</summary>
    public required string Client { get; set; }

    /// <summary>His number as it was sent.</summary>
    public required string Phone { get; set; }

    /// <summary>A second number.</summary>
    public string? Phone2 { get; set; }

    /// <summary>Street and landmark.</summary>
    public string Address { get; set; } = "";

    /// <summary>In the courier's own count.</summary>
    public required int Wilaya { get; set; }

    /// <summary>In the courier's own spelling.</summary>
    public required string Commune { get; set; }

    /// <summary>To a desk, not home.</summary>
    public bool ToDesk { get; set; }

    /// <summary>The desk's code.</summary>
    public string? Desk { get; set; }

    /// <summary>What the customer pays at the door, whole dinars.</summary>
    public required int Amount { get; set; }

    /// <summary>The goods in words.</summary>
    public string Product { get; set; } = "";

    /// <summary>Words for the driver.</summary>
    public string? Note { get; set; }

    /// <summary>Kilograms.</summary>
    public decimal Weight { get; set; } = 1;

    /// <summary>Delivery, exchange … in the courier's own numbers.</summary>
    public int Kind { get; set; } = 1;

    /// <summary>The courier's own word for where it stands.</summary>
    public required string Status { get; set; }

    /// <summary>False: a draft that logistics does not see.</summary>
    public bool IsReleased { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Oldest first.</summary>
    public List<ParcelEvent> History { get; } = [];

    /// <summary>The payment slip it was on.</summary>
    public string? Slip { get; set; }

    /// <summary>Fields only this courier has, as they were sent.</summary>
    public JsonObject More { get; init; } = [];
}
