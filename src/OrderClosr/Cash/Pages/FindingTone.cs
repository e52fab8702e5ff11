namespace OrderClosr.Cash.Pages;

/// <summary>The colour of what was found about a line.</summary>
internal static class FindingTone
{
    internal static string Of(Finding finding) => finding switch
    {
        Finding.Exact or Finding.ReturnBilled => "green",
        Finding.Short or Finding.UnknownTracking or Finding.OtherCourier or Finding.PaidBefore or Finding.Twice or Finding.ReturnedButPaid or Finding.ReturnUnknown => "red",
        _ => "amber",
    };
}
