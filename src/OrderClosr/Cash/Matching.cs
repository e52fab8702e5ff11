using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Cash;

/// <summary>What is found about one line of a slip.</summary>
public enum Finding
{
    /// <summary>As it should be.</summary>
    Exact,

    /// <summary>A return billed as agreed.</summary>
    ReturnBilled,

    /// <summary>Less than was to be collected, or less handed over than collected less fees.</summary>
    Short,

    /// <summary>More.</summary>
    Over,

    /// <summary>The fee is another one than the courier's list says.</summary>
    FeeDiffers,

    /// <summary>Only what is left is named, and nobody knows the fee: it cannot be checked.</summary>
    FeeUnknown,

    /// <summary>Another fee for the return than the courier's list says.</summary>
    ReturnFeeDiffers,

    /// <summary>No parcel of ours.</summary>
    UnknownTracking,

    /// <summary>A parcel of ours at another courier.</summary>
    OtherCourier,

    /// <summary>Paid (or billed) by an earlier slip.</summary>
    PaidBefore,

    /// <summary>Named twice on this slip.</summary>
    Twice,

    /// <summary>Paid although it came back.</summary>
    ReturnedButPaid,

    /// <summary>Billed as a return, but we know of none.</summary>
    ReturnUnknown,

    /// <summary>Paid, but not delivered as far as we know.</summary>
    NotDelivered,

    /// <summary>An amount without a parcel: a deduction, a service.</summary>
    NoParcel,

    /// <summary>A cell that should be an amount is none.</summary>
    Unreadable,
}

/// <summary>A parcel as matching needs it.</summary>
/// <param name="Received">What earlier slips paid.</param>
/// <param name="Fee">What the courier bills for carrying, with what it keeps of the amount; null: unknown.</param>
/// <param name="Tolerance">How far a fee that is a percentage may be off by rounding.</param>
/// <param name="ReturnFee">What its list says for bringing it back; null: unknown.</param>
/// <param name="ReturnFeeBilled">What an earlier slip billed for that; null: nothing yet.</param>
public sealed record KnownParcel(bool IsOfThisCourier, ParcelState State, CashState Cash, Dinars ToCollect, Dinars Received, Dinars? Fee, Dinars Tolerance, Dinars? ReturnFee, Dinars? ReturnFeeBilled);

/// <summary>What was found about a line.</summary>
/// <param name="Expected">What should have stood there.</param>
/// <param name="Difference">For the shop: below zero is missing.</param>
/// <param name="Counted">What the line pays of the parcel's amount.</param>
public sealed record Verdict(Finding Finding, Dinars Expected, Dinars Difference, Dinars Counted)
{
    /// <summary>Nothing to do for a person.</summary>
    public bool IsFine => Finding is Finding.Exact or Finding.ReturnBilled;
}

/// <summary>A slip's lines added up.</summary>
public sealed record SlipSums(Dinars Collected, Dinars Fees, Dinars ReturnFees, Dinars Net);

/// <summary>The only place where a courier's money is compared and added up. Pure.</summary>
public static class Matching
{
    /// <summary>Compares one line with the parcel it names.</summary>
    /// <param name="parcel">Null: none of ours.</param>
    /// <param name="isRepeated">An earlier line of the same slip names the parcel.</param>
    public static Verdict Of(SlipRow row, KnownParcel? parcel, bool isRepeated)
    {
        var net = NetOf(row);
        if (row.Wrong is not null) return new(Finding.Unreadable, Dinars.Zero, Dinars.Zero, Dinars.Zero);
        if (row.Tracking.Length == 0) return new(Finding.NoParcel, Dinars.Zero, net, Dinars.Zero);
        if (parcel is null) return new(Finding.UnknownTracking, Dinars.Zero, net, Dinars.Zero);
        if (!parcel.IsOfThisCourier) return new(Finding.OtherCourier, Dinars.Zero, net, Dinars.Zero);
        if (isRepeated) return new(Finding.Twice, Dinars.Zero, net, Dinars.Zero);
        var cameBack = parcel.State is ParcelState.Returning or ParcelState.Returned;
        var isReturn = row.SaysReturn || (cameBack && (row.Collected ?? Dinars.Zero) == Dinars.Zero && net <= Dinars.Zero);
        return isReturn ? OfReturn(row, parcel, cameBack) : OfDelivery(row, parcel, cameBack, net);
    }

    /// <summary>What a line adds to the slip's sum.</summary>
    public static Dinars NetOf(SlipRow row)
    {
        if (row.Net is { } net) return net;
        // A return line repeats the parcel's price although nobody paid it.
        var collected = row.SaysReturn ? Dinars.Zero : row.Collected ?? Dinars.Zero;
        return collected - (row.Fee ?? Dinars.Zero) - (row.ReturnFee ?? Dinars.Zero);
    }

    /// <summary>All lines added up, whatever was found about them.</summary>
    public static SlipSums Sum(IEnumerable<SlipRow> rows)
    {
        var (collected, fees, returns, net) = (Dinars.Zero, Dinars.Zero, Dinars.Zero, Dinars.Zero);
        foreach (var row in rows)
        {
            net += NetOf(row);
            if (row.SaysReturn) returns += BilledForReturn(row);
            else
            {
                collected += row.Collected ?? Dinars.Zero;
                fees += row.Fee ?? Dinars.Zero;
            }
        }
        return new(collected, fees, returns, net);
    }

    /// <summary>What is still to be handed over for a parcel: its amount less what came and, while nothing came, less the courier's fee.</summary>
    public static Dinars Owed(Dinars toCollect, Dinars received, Dinars? fee) => toCollect - received - (received == Dinars.Zero ? fee ?? Dinars.Zero : Dinars.Zero);

    /// <summary>What the courier bills for carrying: its fee and its part of the amount, in hundredths of a percent.</summary>
    public static Dinars? FeeOf(Dinars? carrying, Dinars toCollect, int basisPoints) =>
        carrying is { } fee ? fee + new Dinars((long)Math.Round(toCollect.Amount * basisPoints / 10_000m, MidpointRounding.AwayFromZero)) : null;

    /// <summary>The part of a bill that is for carrying, where <see cref="FeeOf"/> is the whole.</summary>
    public static Dinars CarryingOf(Dinars billed, Dinars toCollect, int basisPoints) => billed - FeeOf(Dinars.Zero, toCollect, basisPoints)!.Value;

    /// <summary>Nothing of the amount is missing.</summary>
    public static bool IsWhole(Dinars toCollect, Dinars received) => received >= toCollect;

    /// <summary>The goods inside an amount to collect: what a lost parcel costs the shop.</summary>
    public static Dinars GoodsOf(Dinars toCollect, Dinars deliveryFee) => toCollect > deliveryFee ? toCollect - deliveryFee : Dinars.Zero;

    /// <summary>What a slip lacks (below zero) or has too much.</summary>
    public static Dinars Difference(Dinars received, Dinars net) => received - net;

    /// <summary>Received so far with this line's.</summary>
    public static Dinars Together(Dinars a, Dinars b) => a + b;

    /// <summary>The same amount with the other sign.</summary>
    public static Dinars Turned(Dinars amount) => Dinars.Zero - amount;

    /// <summary>The amount without its sign: some slips write fees below zero.</summary>
    public static Dinars? Size(Dinars? amount) => amount is { } known ? Size(known) : null;

    /// <inheritdoc cref="Size(Dinars?)"/>
    public static Dinars Size(Dinars amount) => amount < Dinars.Zero ? Turned(amount) : amount;

    /// <summary>The fee a line shows for carrying; null where it shows none.</summary>
    public static Dinars? FeeShown(SlipRow row) => row.Fee ?? (row is { Collected: { } collected, Net: { } net } ? collected - net : null);

    /// <summary>What a line bills for a return.</summary>
    public static Dinars BilledForReturn(SlipRow row) => row.Fee is null && row.ReturnFee is null
        ? row.Net is { } net && net < Dinars.Zero ? Turned(net) : Dinars.Zero
        : (row.Fee ?? Dinars.Zero) + (row.ReturnFee ?? Dinars.Zero);

    private static Verdict OfReturn(SlipRow row, KnownParcel parcel, bool cameBack)
    {
        var billed = BilledForReturn(row);
        if (!cameBack) return new(Finding.ReturnUnknown, Dinars.Zero, Turned(billed), Dinars.Zero);
        if (parcel.ReturnFeeBilled is not null) return new(Finding.PaidBefore, Dinars.Zero, Turned(billed), Dinars.Zero);
        return parcel.ReturnFee is not { } agreed || agreed == billed ? new(Finding.ReturnBilled, billed, Dinars.Zero, Dinars.Zero) : new(Finding.ReturnFeeDiffers, agreed, agreed - billed, Dinars.Zero);
    }

    private static Verdict OfDelivery(SlipRow row, KnownParcel parcel, bool cameBack, Dinars net)
    {
        if (cameBack) return new(Finding.ReturnedButPaid, Dinars.Zero, net, Dinars.Zero);
        if (parcel.Cash == CashState.Paid || (parcel.Received != Dinars.Zero && parcel.Cash != CashState.ShortPaid)) return new(Finding.PaidBefore, Dinars.Zero, net, Dinars.Zero);
        var isRest = parcel.Received != Dinars.Zero;
        var wanted = parcel.ToCollect - parcel.Received;
        // The fee was kept from the first part.
        Dinars? fee = isRest ? Dinars.Zero : parcel.Fee;
        if (parcel.State != ParcelState.Delivered) return new(Finding.NotDelivered, wanted, net, row.Collected ?? net + (row.Fee ?? fee ?? Dinars.Zero));
        if (row.Collected is { } collected)
        {
            if (collected != wanted) return new(collected < wanted ? Finding.Short : Finding.Over, wanted, collected - wanted, collected);
            if (row.Fee is { } shown && fee is { } known && Size(shown - known) > parcel.Tolerance) return new(Finding.FeeDiffers, known, known - shown, collected);
            var kept = row.Fee ?? fee;
            if (row.Net is { } left && kept is { } less && OffBy(left, collected - less - (row.ReturnFee ?? Dinars.Zero), row.Fee is null ? parcel.Tolerance : Dinars.Zero) is { } off)
                return new(off < Dinars.Zero ? Finding.Short : Finding.Over, left - off, off, collected);
            return new(Finding.Exact, wanted, Dinars.Zero, collected);
        }
        if ((row.Fee ?? fee) is not { } cut) return new(Finding.FeeUnknown, wanted, Dinars.Zero, net);
        if (row.Fee is { } told && fee is { } list && Size(told - list) > parcel.Tolerance) return new(Finding.FeeDiffers, list, list - told, net + told);
        return OffBy(net, wanted - cut, row.Fee is null ? parcel.Tolerance : Dinars.Zero) is { } difference
            ? new(difference < Dinars.Zero ? Finding.Short : Finding.Over, wanted - cut, difference, net + cut)
            : new(Finding.Exact, wanted - cut, Dinars.Zero, wanted);
    }

    private static Dinars? OffBy(Dinars is_, Dinars should, Dinars tolerance) => Size(is_ - should) > tolerance ? is_ - should : null;
}
