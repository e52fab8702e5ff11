using OrderClosr.Ground.Values;

namespace OrderClosr.Billing;

/// <summary>What a bill comes to.</summary>
/// <param name="Price">Of the plan for its cycle.</param>
/// <param name="Unused">Of what was paid before and is not used up, taken off the price.</param>
/// <param name="FromCredit">Of the shop's credit.</param>
/// <param name="Waived">Too little to be paid by card: nobody pays it.</param>
/// <param name="ToPay">What is left.</param>
/// <param name="ToCredit">More was unused than the new plan costs: it becomes credit.</param>
public sealed record Bill(Dinars Price, Dinars Unused, Dinars FromCredit, Dinars Waived, Dinars ToPay, Dinars ToCredit);

/// <summary>The only place where the price of our own plans is computed.</summary>
public static class Prices
{
    /// <summary>A plan's price for a cycle.</summary>
    public static Dinars Of(Plan plan, BillingCycle cycle) => cycle == BillingCycle.Yearly ? plan.Yearly : plan.Monthly;

    /// <summary>What a year at once saves, in whole months; 0: nothing.</summary>
    public static int MonthsFree(Plan plan) => plan.IsFree ? 0 : (int)Math.Max(0, ((plan.Monthly.Amount * 12) - plan.Yearly.Amount) / plan.Monthly.Amount);

    /// <summary>What is left of a paid span on a day: by whole days, in begun dinars, that day counted.</summary>
    /// <example>3 900 DA for 1 to 30 November (30 days), left on the 21st: 10 days, 1 300 DA.</example>
    public static Dinars Unused(Dinars paid, DateOnly from, DateOnly to, DateOnly today)
    {
        var (all, left) = (to.DayNumber - from.DayNumber, to.DayNumber - Math.Max(today.DayNumber, from.DayNumber));
        return all <= 0 || left <= 0 ? Dinars.Zero : new((paid.Amount * left + all - 1) / all);
    }

    /// <summary>All that is left of several spans.</summary>
    internal static Dinars Unused(IEnumerable<Invoice> paid, DateOnly today) => paid.Aggregate(Dinars.Zero, (sum, i) => sum + (i is { FromOn: { } from, ToOn: { } to } ? Unused(i.Price, from, to, today) : Dinars.Zero));

    /// <summary>A bill for a price, with what was unused and the shop's credit.</summary>
    /// <param name="least">The least that can be paid by card.</param>
    public static Bill Make(Dinars price, Dinars unused, Dinars credit, Dinars least)
    {
        var taken = unused > price ? price : unused;
        var open = price - taken;
        var fromCredit = credit > open ? open : credit;
        open -= fromCredit;
        var waived = open < least ? open : Dinars.Zero;
        return new(price, taken, fromCredit, waived, open - waived, unused - taken);
    }

    /// <summary>A credit after something came to it.</summary>
    internal static Dinars Plus(Dinars credit, Dinars more) => credit + more;

    /// <summary>A credit after something was used of it.</summary>
    internal static Dinars Less(Dinars credit, Dinars used) => credit - used;

    /// <summary>The tax that is inside of an amount, at so many percent; rounded to the dinar.</summary>
    public static Dinars VatIn(Dinars amount, int percent) => new((long)Math.Round(amount.Amount * (decimal)percent / (100 + percent), MidpointRounding.AwayFromZero));

    /// <summary>What an amount is without the tax inside of it.</summary>
    public static Dinars WithoutVat(Dinars amount, int percent) => amount - VatIn(amount, percent);
}
