using OrderClosr.Ground.Values;

namespace OrderClosr.Dashboard;

/// <summary>What OrderClosr earned and cost in a time, term by term, as the page writes it down. The only place where these sums are made.</summary>
/// <remarks>Each term is a count of records times an amount the shop itself said; one it did not say is zero, and the page asks for it.</remarks>
public sealed record Earned
{
    /// <summary>Orders the agent confirmed and that were delivered × the shop's margin.</summary>
    public required Dinars AgentOrders { get; init; }

    /// <summary>Answers of the agent × minutes a person would need × the shop's hourly rate, in full dinars.</summary>
    public required Dinars TimeSaved { get; init; }

    /// <summary>Returns that did not happen × what one costs.</summary>
    public required Dinars ReturnsAvoided { get; init; }
    public required Dinars AgentCost { get; init; }
    public required Dinars PlanCost { get; init; }
    public Dinars Total => AgentOrders + TimeSaved + ReturnsAvoided;
    public Dinars Cost => AgentCost + PlanCost;

    /// <summary>Below zero while it costs more than it earns.</summary>
    public Dinars Net => Total - Cost;

    /// <summary>Dinars earned for each one spent, whole; null when nothing was spent or less was earned.</summary>
    public long? PerDinar => Cost.Amount > 0 && Total.Amount >= Cost.Amount ? Total.Amount / Cost.Amount : null;

    public static Earned Of(int agentDelivered, int replies, int rescued, NumberSettings settings, Dinars agentCost, Dinars planCost) => new()
    {
        AgentOrders = Times(settings.MarginPerOrder, agentDelivered),
        TimeSaved = new((settings.HourlyRate?.Amount ?? 0) * settings.MinutesPerReply * replies / 60),
        ReturnsAvoided = Times(settings.ReturnCost, rescued), AgentCost = agentCost, PlanCost = planCost,
    };

    /// <summary>What a member gets for deliveries: an amount for each, and a share of the goods in all of them, in full dinars.</summary>
    /// <example>3 delivered orders of 11 700 together at 50 each and 2 % → 150 + 234.</example>
    public static Dinars Commission(CommissionRule rule, Figure figure) => Times(rule.PerOrder, figure.Delivered) + new Dinars(figure.Sold.Amount * (rule.Share ?? 0) / 1000);

    public static Dinars Plus(Dinars a, Dinars b) => a + b;

    /// <summary>The terms and the cost as parts of one bar, each between 0 and 1.</summary>
    public static IReadOnlyList<(string Class, double Part)> Parts(Earned earned)
    {
        var whole = (earned.Total + earned.Cost).Amount;
        return whole <= 0 ? [] : [("n1", (double)earned.AgentOrders.Amount / whole), ("n2", (double)earned.TimeSaved.Amount / whole), ("n3", (double)earned.ReturnsAvoided.Amount / whole), ("n4", (double)earned.Cost.Amount / whole)];
    }

    /// <summary>An amount without its sign, for pages that write the sign themselves.</summary>
    public static Dinars Size(Dinars amount) => new(Math.Abs(amount.Amount));

    /// <summary>An amount shared out, with its centimes; null for nobody.</summary>
    public static decimal? Each(Dinars amount, int among) => among == 0 ? null : (decimal)amount.Amount / among;

    /// <summary>So many days of a price that was paid for more of them, in full dinars.</summary>
    public static Dinars Days(Dinars price, int days, int ofDays) => ofDays <= 0 ? Dinars.Zero : new(price.Amount * days / ofDays);

    private static Dinars Times(Dinars? amount, int times) => (amount ?? Dinars.Zero) * times;
}
