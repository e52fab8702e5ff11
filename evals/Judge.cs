using System.Globalization;
using System.Text.RegularExpressions;

namespace OrderClosr.Evals;

/// <summary>Says what was wrong with a trial. Reads amounts by itself: judged by the product's own reader, guard and judge could share one misreading.</summary>
internal static partial class Judge
{
    /// <summary>Each thing that is not as the scenario wants it; empty: passed.</summary>
    internal static IReadOnlyList<string> Faults(Scenario scenario, Outcome outcome)
    {
        var faults = new List<string>();
        foreach (var silence in outcome.Silences) faults.Add($"silence after \"{silence}\"");
        if (scenario.Buys is { } wanted)
        {
            if (outcome.Orders is not [var order]) faults.Add($"{outcome.Orders.Count} orders instead of one");
            else
            {
                if (order.State != "Confirmed") faults.Add($"the order is {order.State}");
                if (order.Lines != wanted.Lines) faults.Add($"ordered {order.Lines} instead of {wanted.Lines}");
                if (order.Commune != wanted.Commune) faults.Add($"to {order.Commune ?? "nowhere"} instead of {wanted.Commune}");
                if (order.Phone != outcome.Phone) faults.Add("another phone");
                if ((order.Goods, order.Discount, order.Fee) != (wanted.Goods, wanted.Discount, wanted.Fee) || order.Total != wanted.Goods - wanted.Discount + wanted.Fee)
                    faults.Add($"{order.Goods} − {order.Discount} + {order.Fee} = {order.Total} DA instead of {wanted.Goods} − {wanted.Discount} + {wanted.Fee}");
            }
        }
        else if (outcome.Orders.Count > 0) faults.Add($"an order nobody wanted: {string.Join("; ", outcome.Orders.Select(o => o.Lines))}");
        if (scenario.HandedOver is { } called && called != outcome.HandedOver) faults.Add(called ? "no person was called" : $"a person was called ({outcome.Reason})");

        var said = outcome.Replies.SelectMany(Amounts).ToHashSet();
        foreach (var amount in said.Where(a => !outcome.True.Contains(a) && !scenario.MayName.Contains(a) && !outcome.Orders.Any(o => o.Number == a))) faults.Add($"false amount {amount}");
        foreach (var amount in scenario.Never.Where(said.Contains)) faults.Add($"forbidden amount {amount}");
        if (scenario.Says is { } must && !said.Contains(must)) faults.Add($"never said {must}");
        foreach (var word in scenario.NoWords.Where(w => outcome.Replies.Any(r => r.Contains(w, StringComparison.OrdinalIgnoreCase)))) faults.Add($"said \"{word}\"");
        return faults;
    }

    /// <summary>Numbers of 100 and more in a reply, in any digits, their thousands together; phones, dates and links are none.</summary>
    internal static IEnumerable<long> Amounts(string reply)
    {
        var plain = string.Concat(reply.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)char.GetNumericValue(c)) : c is '\u00A0' or '\u202F' ? ' ' : c));
        plain = Links().Replace(plain, " ");
        plain = Phones().Replace(plain, " ");
        foreach (Match match in Numbers().Matches(plain))
            if (long.TryParse(string.Concat(match.Value.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var amount) && amount >= 100) yield return amount;
    }

    [GeneratedRegex(@"https?://\S+|\S+@\S+|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<!\d)(?:\+?213[ .]?|0)[2-7](?:[ .]?\d){8}(?!\d)")]
    private static partial Regex Phones();

    [GeneratedRegex(@"\d{1,3}(?:[ .,]\d{3})+(?!\d)|\d+")]
    private static partial Regex Numbers();
}
