using OrderClosr.Ground.Values;
using OrderClosr.Shipping;

namespace OrderClosr.Orders;

/// <summary>How likely an order comes back unpaid, from 0 to 100, with the reasons, out of this workspace's own records only. Pure.</summary>
/// <remarks>It may ask for a person's look, suggest a call or a stop desk; it never refuses a customer alone (facts/algerian-law.md: no decision by a machine alone).</remarks>
internal static class Risk
{
    /// <summary>From here on a page calls it high.</summary>
    internal const int High = 50;

    /// <summary>From here on something is suggested.</summary>
    internal const int Middle = 25;

    /// <summary>Fewer finished parcels say nothing of a place.</summary>
    private const int Enough = 20;

    internal static RiskResult Of(RiskRecord known)
    {
        var score = 0;
        var reasons = new List<string>();
        void Add(int points, string reason)
        {
            score += points;
            reasons.Add(reason);
        }

        if (known.Returned > 0) Add(Math.Min(60, 30 * known.Returned), "returned_before");
        if (known.WasFake) Add(50, "fake_before");
        if (known.WasSilent) Add(25, "no_answer_before");
        if (known.Cancelled > 0) Add(Math.Min(20, 10 * known.Cancelled), "cancelled_before");
        if (known.IsSilentAtNight) Add(15, "night_no_answer");
        if (known is { Delivery: Delivery.Home, AddressLength: < 8 }) Add(15, "vague_address");
        if (!known.IsMobile) Add(10, "phone_not_mobile");
        if (known.Pieces > 10) Add(20, "many_pieces");
        if (known.IsFarAboveUsual) Add(25, "far_above_usual");
        if (known.IsFarAboveOwn) Add(15, "far_above_own");
        if (known.Here.Count >= Enough && known.Here.ReturnedPercent >= 35) Add(known.Here.ReturnedPercent >= 50 ? 20 : 10, "wilaya_returns");
        if (IsSaferAtDesk(known)) Add(10, "home_returns");
        if (known.IsFirst) Add(5, "first_order");

        // Parcels that were taken and paid speak for a customer.
        if (known.Delivered > 0) score -= Math.Min(40, 15 * known.Delivered);
        return new(Math.Clamp(score, 0, 100), reasons);
    }

    /// <summary>What a person may do about it; null: nothing.</summary>
    /// <returns><c>call</c>: talk to the customer first; <c>desk</c>: offer a stop desk instead of the door.</returns>
    internal static string? Advice(int score, IReadOnlyCollection<string> reasons, Delivery delivery) =>
        score < Middle ? null : score < High && delivery == Delivery.Home && reasons.Any(DeskHelps.Contains) ? "desk" : "call";

    private static readonly string[] DeskHelps = ["returned_before", "vague_address", "wilaya_returns", "home_returns"];

    /// <summary>Doors of this wilaya bring parcels back clearly more often than its desks.</summary>
    private static bool IsSaferAtDesk(RiskRecord known) => known.Delivery == Delivery.Home && known.HereHome.Count >= Enough && known.HereDesk.Count >= Enough
        && known.HereHome.ReturnedPercent >= known.HereDesk.ReturnedPercent + 15;
}

/// <summary>What is known of an order, its phones and its place before it is judged.</summary>
internal sealed record RiskRecord
{
    /// <summary>Parcels to any of the customer's phones.</summary>
    public int Delivered { get; init; }

    /// <inheritdoc cref="Delivered"/>
    public int Returned { get; init; }

    /// <summary>Orders of these phones that the customer called off.</summary>
    public int Cancelled { get; init; }
    public bool WasFake { get; init; }
    public bool WasSilent { get; init; }

    /// <summary>Nothing is known of these phones at all.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Made between 23:00 and 06:00 in Algiers, and nobody answered since.</summary>
    public bool IsSilentAtNight { get; init; }
    public Delivery Delivery { get; init; }
    public int AddressLength { get; init; } = 100;
    public bool IsMobile { get; init; } = true;
    public int Pieces { get; init; } = 1;

    /// <summary>Far above what the shop usually sells.</summary>
    public bool IsFarAboveUsual { get; init; }

    /// <summary>Far above what this customer usually takes.</summary>
    public bool IsFarAboveOwn { get; init; }

    /// <summary>Parcels of the shop to this wilaya, both ways; to its doors; to its desks.</summary>
    public Finished Here => new(HereHome.Delivered + HereDesk.Delivered, HereHome.Returned + HereDesk.Returned);

    /// <inheritdoc cref="Here"/>
    public Finished HereHome { get; init; } = new(0, 0);

    /// <inheritdoc cref="Here"/>
    public Finished HereDesk { get; init; } = new(0, 0);
}

/// <summary>How parcels ended.</summary>
public sealed record Finished(int Delivered, int Returned)
{
    internal int ReturnedPercent => Delivered + Returned == 0 ? 0 : 100 * Returned / (Delivered + Returned);

    internal int Count => Delivered + Returned;
}

/// <summary>A score with its reasons as codes of the pages' words.</summary>
internal sealed record RiskResult(int Score, IReadOnlyList<string> Reasons);

/// <summary>What a room below knows of parcels: how those to these phones ended, and those to this wilaya. Never of another workspace.</summary>
public interface IParcelRecords
{
    Task<PhoneParcels> OfAsync(IReadOnlyCollection<Phone> phones, int wilaya, CancellationToken stop);
}

/// <summary>How parcels ended: those to the phones asked for; those to the wilaya's doors and desks.</summary>
public sealed record PhoneParcels(Finished Phones, Finished Home, Finished Desk);
