using System.Globalization;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;

namespace OrderClosr.Dashboard;

/// <summary>What the shop pays for a delivered order: an amount, a share of its goods in thousandths, or both.</summary>
public sealed record CommissionRule(Dinars? PerOrder, int? Share)
{
    /// <summary>Nobody said anything.</summary>
    public bool IsNone => PerOrder is null && Share is null;

    /// <summary>The shop's usual one.</summary>
    public static CommissionRule Of(NumberSettings settings) => new(settings.Commission, settings.CommissionShare);

    /// <summary>A share as people write it, <c>2</c> or <c>2,5</c>; empty for none.</summary>
    public string Percent => Share is { } share ? (share / 10m).ToString("0.#", CultureInfo.InvariantCulture).Replace('.', ',') : "";
}

/// <summary>What a member gets for a month.</summary>
/// <param name="OwnRule">Theirs; null: the shop's usual one.</param>
public sealed record PayLine(NamedFigure Member, Dinars Commission, CommissionRule? OwnRule);

/// <summary>Who is paid for what in a month: orders they confirmed that were delivered in it, by the shop's rule or one of their own. What came back is paid to nobody.</summary>
public sealed record PayList(DateOnly Month, CommissionRule Rule, IReadOnlyList<PayLine> Lines, Dinars Total)
{
    /// <summary>A month as an address names it, <c>2026-11</c>; the present one for anything else.</summary>
    public static DateOnly ReadMonth(string? text, DateOnly today) => DateOnly.TryParseExact($"{text}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && month.Year is >= 2000 and < 2200 ? month : RollUp.MonthOf(today);

    /// <summary>People alone: the agent asks for nothing, a program neither.</summary>
    public static PayList Of(NumbersOf numbers)
    {
        var usual = CommissionRule.Of(numbers.Settings);
        var lines = numbers.Of(FigureCut.Member).Where(m => m.Figure.Key is not (Counted.Agent or Counted.Api or Counted.None))
            .Select(m => (Member: m, Own: numbers.OwnRules.GetValueOrDefault(m.Figure.Key))).Select(m => new PayLine(m.Member, Earned.Commission(m.Own ?? usual, m.Member.Figure), m.Own)).ToList();
        return new(numbers.Period.From, usual, lines, Totals.Sum(lines.Select(l => l.Commission)));
    }

    /// <summary>A whole month.</summary>
    public static Period Whole(DateOnly month) => new(month, month.AddMonths(1).AddDays(-1));
}
