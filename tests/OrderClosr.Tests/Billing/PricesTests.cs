using OrderClosr.Billing;
using OrderClosr.Ground.Values;

namespace OrderClosr.Tests.Billing;

/// <summary>What our own plans cost, to the dinar and the day.</summary>
public sealed class PricesTests
{
    private static readonly Plan Boutique = new("boutique", "Boutique", new(3900), new(39000), 2000, 5, 3);

    [Theory]
    [InlineData(2026, 11, 1, 3900), InlineData(2026, 11, 21, 1300), InlineData(2026, 11, 30, 130), InlineData(2026, 12, 1, 0), InlineData(2026, 10, 5, 3900)]
    public void What_is_left_of_a_month_is_counted_by_whole_days(int year, int month, int day, long left) =>
        Assert.Equal(new Dinars(left), Prices.Unused(new(3900), new(2026, 11, 1), new(2026, 12, 1), new(year, month, day)));

    [Theory]
    [InlineData(9900, 1300, 0, 1300, 0, 8600, 0), InlineData(9900, 1300, 500, 1300, 500, 8100, 0), InlineData(3900, 7920, 0, 3900, 0, 0, 4020), InlineData(3900, 0, 5000, 0, 3900, 0, 0)]
    [InlineData(3900, 3850, 0, 3850, 0, 0, 0)]
    public void A_bill_takes_what_was_unused_then_the_credit_and_asks_for_nothing_too_small(long price, long unused, long credit, long taken, long fromCredit, long toPay, long toCredit)
    {
        var bill = Prices.Make(new(price), new(unused), new(credit), new(75));
        Assert.Equal((taken, fromCredit, toPay, toCredit), (bill.Unused.Amount, bill.FromCredit.Amount, bill.ToPay.Amount, bill.ToCredit.Amount));
        Assert.Equal(price, bill.Unused.Amount + bill.FromCredit.Amount + bill.Waived.Amount + bill.ToPay.Amount);
    }

    [Fact]
    public void A_year_is_ten_months_and_the_tax_is_inside()
    {
        Assert.Equal((3900, 39000, 2), (Prices.Of(Boutique, BillingCycle.Monthly).Amount, Prices.Of(Boutique, BillingCycle.Yearly).Amount, Prices.MonthsFree(Boutique)));
        Assert.Equal((623, 3277), (Prices.VatIn(new(3900), 19).Amount, Prices.WithoutVat(new(3900), 19).Amount));
    }

    [Theory]
    [InlineData("2026-01-31", 31, "2026-02-28"), InlineData("2026-02-28", 31, "2026-03-31"), InlineData("2028-01-30", 30, "2028-02-29"), InlineData("2026-11-15", 15, "2026-12-15")]
    public void A_month_ends_on_the_day_it_began_with_where_there_is_one(string from, int day, string to) =>
        Assert.Equal(DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture), Periods.End(DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), BillingCycle.Monthly, day));
}
