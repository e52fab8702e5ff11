using OrderClosr.Ground.Values;
using OrderClosr.Web.Api;

namespace OrderClosr.Dashboard;

/// <summary>The dashboard's numbers for a merchant's programs.</summary>
public static class DashboardApi
{
    public static void MapDashboardApi(this RouteGroupBuilder api) => api.MapGet("/dashboard", async (string? from, string? to, Numbers numbers, TimeProvider time, CancellationToken stop) =>
    {
        var period = Period.Read(from, to, time.TodayInAlgiers());
        return ApiAnswers.Of<DashboardShape>(period.Ok ? DashboardShape.Of(await numbers.ReadAsync(period.Value, stop)) : period.Refusal);
    }).Answers<DashboardShape>().WithSummary("The numbers of the dashboard for days of Algiers, both included; without days this month.");
}

/// <summary>All numbers of a time, as the page shows them.</summary>
/// <param name="Before">The whole shop in the time before: the same days of the month before, or as many days just before.</param>
/// <param name="FirstAnswerSeconds">The middle of the waits for a first answer; null while nobody waited.</param>
public sealed record DashboardShape(DateOnly From, DateOnly To, EarnedShape Earned, CountsShape Shop, CountsShape Before, int? FirstAnswerSeconds, IReadOnlyList<DayShape> Days, IReadOnlyList<CutShape> Wilayas, IReadOnlyList<CutShape> Products,
    IReadOnlyList<CutShape> Couriers, IReadOnlyList<CutShape> Channels, IReadOnlyList<CutShape> Ads, IReadOnlyList<CutShape> Members, IReadOnlyList<ReasonShape> HandOverReasons)
{
    internal static DashboardShape Of(NumbersOf numbers)
    {
        IReadOnlyList<CutShape> Cut(FigureCut cut) => [.. numbers.Of(cut).Select(n => new CutShape(n.Figure.Key, n.Name, CountsShape.Of(n.Figure)))];
        return new(numbers.Period.From, numbers.Period.To, EarnedShape.Of(numbers.Earned), CountsShape.Of(numbers.Shop), CountsShape.Of(numbers.Before), numbers.FirstAnswer, [.. numbers.Days.Select(d => new DayShape(d.On, CountsShape.Of(d)))],
            Cut(FigureCut.Wilaya), Cut(FigureCut.Product), Cut(FigureCut.Courier), Cut(FigureCut.Channel), Cut(FigureCut.Ad), Cut(FigureCut.Member), [.. numbers.Of(FigureCut.Reason).Select(r => new ReasonShape(r.Figure.Key, r.Figure.HandOvers))]);
    }
}

/// <summary>What was earned and what it cost.</summary>
public sealed record EarnedShape(Dinars AgentOrders, Dinars TimeSaved, Dinars ReturnsAvoided, Dinars Total, Dinars AgentCost, Dinars PlanCost, Dinars Cost, Dinars Net)
{
    internal static EarnedShape Of(Earned earned) => new(earned.AgentOrders, earned.TimeSaved, earned.ReturnsAvoided, earned.Total, earned.AgentCost, earned.PlanCost, earned.Cost, earned.Net);
}

/// <summary>What happened, counted; rates are percent with one decimal, null where there is no whole.</summary>
/// <param name="Sold">Goods of delivered orders.</param>
/// <param name="Received">What was counted in the shop's hand.</param>
public sealed record CountsShape(int Conversations, int Orders, int Confirmed, int Delivered, int Returned, int Paid, int Rescued, int Replies, int HandOvers, int Leads, int Converted, Dinars Sold, Dinars Received, double? ConfirmationRate, double? DeliveryRate, double? ReturnRate)
{
    internal static CountsShape Of(Figure f) => new(f.Conversations, f.Orders, f.Confirmed, f.Delivered, f.Returned, f.Paid, f.Rescued, f.Replies, f.HandOvers, f.Leads, f.Converted, f.Sold, f.Received, Round(f.Confirmation()), Round(f.Delivery()), Round(f.Return()));

    private static double? Round(double? rate) => rate is { } some ? Math.Round(some, 1, MidpointRounding.AwayFromZero) : null;
}

/// <summary>One day of Algiers.</summary>
public sealed record DayShape(DateOnly On, CountsShape Counts);

/// <summary>One of a cut.</summary>
/// <param name="Key">Code of the wilaya, id of the product, courier account, channel or member; <c>agent</c>, <c>api</c>, <c>none</c>.</param>
public sealed record CutShape(string Key, string Name, CountsShape Counts);

/// <summary>Why the agent called a person, and how often.</summary>
public sealed record ReasonShape(string Reason, int HandOvers);
