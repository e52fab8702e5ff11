using OrderClosr.Cash;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;

namespace OrderClosr.Tests.Cash;

/// <summary>One line against one parcel.</summary>
public sealed class MatchingTests
{
    private static Dinars? D(int? amount) => amount is { } known ? new Dinars(known) : null;

    private static KnownParcel Parcel(ParcelState state = ParcelState.Delivered, CashState cash = CashState.Collected, int received = 0, int? fee = 450, int tolerance = 0, int? back = 200, int? billed = null) =>
        new(true, state, cash, new(4500), new(received), D(fee), new(tolerance), D(back), D(billed));

    private static SlipRow Row(int? collected = 4500, int? fee = null, int? back = null, int? net = null, bool returned = false) => new(2, "T1", "", D(collected), D(fee), D(back), D(net), returned);

    [Theory]
    [InlineData(4500, 450, 4050, Finding.Exact, 0), InlineData(4500, 450, null, Finding.Exact, 0), InlineData(4500, null, null, Finding.Exact, 0), InlineData(null, null, 4050, Finding.Exact, 0)]
    [InlineData(4000, 450, 3550, Finding.Short, -500), InlineData(0, 450, -450, Finding.Short, -4500), InlineData(4700, 450, 4250, Finding.Over, 200), InlineData(null, null, 4000, Finding.Short, -50)]
    [InlineData(4500, 500, 4000, Finding.FeeDiffers, -50), InlineData(4500, 400, 4100, Finding.FeeDiffers, 50), InlineData(4500, 450, 4000, Finding.Short, -50), InlineData(4500, 450, 4100, Finding.Over, 50)]
    public void A_delivered_parcel(int? collected, int? fee, int? net, Finding found, int difference)
    {
        var verdict = Matching.Of(Row(collected, fee, net: net), Parcel(), false);
        Assert.Equal((found, difference), (verdict.Finding, (int)verdict.Difference.Amount));
    }

    [Fact]
    public void An_unknown_fee_is_learned_where_it_is_shown_and_questioned_where_it_is_not()
    {
        Assert.Equal(Finding.Exact, Matching.Of(Row(4500, 470, net: 4030), Parcel(fee: null), false).Finding);
        Assert.Equal(Finding.Exact, Matching.Of(Row(4500, net: 4030), Parcel(fee: null), false).Finding);
        Assert.Equal(Finding.FeeUnknown, Matching.Of(Row(null, net: 4030), Parcel(fee: null), false).Finding);
    }

    [Fact]
    public void A_fee_with_a_part_of_the_amount_may_be_rounded_either_way()
    {
        var fee = Matching.FeeOf(new Dinars(450), new Dinars(4500), 75)!.Value; // 450 + 33.75
        Assert.Equal(484, fee.Amount);
        foreach (var (billed, found) in ((int, Finding)[])[(483, Finding.Exact), (484, Finding.Exact), (485, Finding.Exact), (486, Finding.FeeDiffers)])
            Assert.Equal(found, Matching.Of(Row(4500, billed, net: 4500 - billed), Parcel(fee: (int)fee.Amount, tolerance: 1), false).Finding);
    }

    [Fact]
    public void The_rest_of_a_short_parcel_is_exact_and_its_whole_again_is_too_much()
    {
        var half = Parcel(cash: CashState.ShortPaid, received: 3000);
        Assert.Equal(Finding.Exact, Matching.Of(Row(1500, net: 1500), half, false).Finding);
        Assert.Equal((Finding.Over, 3000), (Matching.Of(Row(4500), half, false).Finding, (int)Matching.Of(Row(4500), half, false).Difference.Amount));
        Assert.Equal(Finding.PaidBefore, Matching.Of(Row(4500), Parcel(cash: CashState.Paid, received: 4500), false).Finding);
    }

    [Fact]
    public void Returns_are_billed_once_as_agreed_and_only_for_what_came_back()
    {
        var back = Parcel(ParcelState.Returned, CashState.ReturnFeeDue);
        Assert.Equal(Finding.ReturnBilled, Matching.Of(Row(0, 200, net: -200), back, false).Finding);
        Assert.Equal(Finding.ReturnBilled, Matching.Of(Row(0, back: 200, returned: true), back, false).Finding);
        Assert.Equal((Finding.ReturnFeeDiffers, -60), (Matching.Of(Row(0, 260, net: -260), back, false).Finding, (int)Matching.Of(Row(0, 260, net: -260), back, false).Difference.Amount));
        Assert.Equal(Finding.ReturnBilled, Matching.Of(Row(0, 260, net: -260), Parcel(ParcelState.Returning, CashState.NotDue, back: null), false).Finding);
        Assert.Equal(Finding.PaidBefore, Matching.Of(Row(0, 200, net: -200), Parcel(ParcelState.Returned, CashState.NotDue, billed: 200), false).Finding);
        Assert.Equal(Finding.ReturnUnknown, Matching.Of(Row(0, back: 200, returned: true), Parcel(), false).Finding);
        Assert.Equal(Finding.ReturnedButPaid, Matching.Of(Row(), back, false).Finding);
    }

    [Theory]
    [InlineData("4 500,00 DA", 4500), InlineData("4\u00a0500", 4500), InlineData("4.500", 4500), InlineData("4,500.00", 4500), InlineData("DZD 4500", 4500), InlineData("٤٥٠٠ دج", 4500), InlineData("(250)", -250), InlineData("250-", -250), InlineData("−250,00", -250), InlineData("0", 0)]
    public void Amounts_are_read_as_couriers_write_them(string cell, int amount)
    {
        var row = SlipContent.Read([new(1, ["Tracking", "Net"]), new(2, ["T1", cell])], new() { Tracking = 0, Net = 1 }).Rows.Single();
        Assert.Equal((null, new Dinars(amount)), (row.Wrong, row.Net!.Value));
    }

    [Theory]
    [InlineData("45,5"), InlineData("abc"), InlineData("4500,75"), InlineData("#REF!"), InlineData("99999999999")]
    public void What_is_no_whole_amount_is_shown_and_never_rounded(string cell)
    {
        var row = SlipContent.Read([new(1, ["Tracking", "Montant"]), new(2, ["T1", cell])], new() { Tracking = 0, Collected = 1 }).Rows.Single();
        Assert.Equal((cell, Finding.Unreadable), (row.Wrong, Matching.Of(row, Parcel(), false).Finding));
    }

    [Fact]
    public void Heads_are_found_below_titles_and_total_means_what_its_neighbours_leave_to_it()
    {
        List<SheetRow> maystro = [new(1, ["Bordereau de paiement", "N° 12"]), new(3, ["Display ID", "External order ID", "Client", "Wilaya", "Prix", "Frais de livraison", "Total"]), new(4, ["1", "R", "C", "16", "1", "1", "1"])];
        var columns = SlipColumns.Detect(maystro)!;
        Assert.Equal((1, 0, 1, 4, 5, 6), (columns.HeadRow, columns.Tracking!.Value, columns.Reference!.Value, columns.Collected!.Value, columns.Fee!.Value, columns.Net!.Value));
        var procolis = SlipColumns.Detect([new(1, ["Tracking", "Client", "Mobile", "Wilaya", "Situation", "Total", "Tarif", "Net"])])!;
        Assert.Equal((5, 6, 7, 4), (procolis.Collected!.Value, procolis.Fee!.Value, procolis.Net!.Value, procolis.Status!.Value));
        var arabic = SlipColumns.Detect([new(1, ["رقم التتبّع", "الحالة", "المبلغ", "رسوم التوصيل", "رسوم الإرجاع", "الصافي"])])!;
        Assert.Equal((0, 1, 2, 3, 4, 5), (arabic.Tracking!.Value, arabic.Status!.Value, arabic.Collected!.Value, arabic.Fee!.Value, arabic.ReturnFee!.Value, arabic.Net!.Value));
        Assert.Null(SlipColumns.Detect([new(1, ["Nom", "Ville"]), new(2, ["a", "b"])]));
    }
}
