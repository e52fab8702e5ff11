using System.Globalization;
using System.Text;

namespace OrderClosr.Evals;

/// <summary>The table that docs/evals.md shows.</summary>
internal sealed class Report(IReadOnlyList<Score> scores, bool isReal, DateTimeOffset at)
{
    internal bool AllPassed => scores.All(s => s.Passed == s.Trials);

    internal string Table()
    {
        var table = new StringBuilder("| customer | writes | passed | turns | tokens in, cached, out | $ |\n|---|---|---|---|---|---|\n");
        foreach (var score in scores)
        {
            var all = score.Outcomes;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {score.Scenario.Name}: {score.Scenario.Persona} | {score.Scenario.Script} | {score.Passed} of {score.Trials} | {all.Average(o => o.Turns):0.#} | {all.Average(o => o.Input):0}, {all.Average(o => o.Cached):0}, {all.Average(o => o.Output):0} | {all.Average(o => o.MicroDollars) / 1e6:0.0000} |");
        }
        return table.ToString();
    }

    internal string Summary()
    {
        var trials = scores.Min(s => s.Trials);
        var powers = Enumerable.Range(1, trials).Select(k => string.Create(CultureInfo.InvariantCulture, $"pass^{k} {100 * scores.Average(s => s.PassPower(k)):0} %"));
        var outcomes = scores.SelectMany(s => s.Outcomes).ToList();
        var orders = outcomes.Sum(o => o.Orders.Count);
        var dollars = outcomes.Sum(o => o.MicroDollars) / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"{scores.Count} customers, {trials} trials each: {string.Join(", ", powers)}; {outcomes.Sum(o => o.Turns)} turns, {dollars:0.00} $, of that {dollars / outcomes.Count:0.0000} $ a conversation{(orders == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {dollars / orders:0.0000} $ an order"))}.");
    }

    /// <summary>docs/evals.md.</summary>
    internal string Page()
    {
        var models = string.Join(", ", scores.SelectMany(s => s.Outcomes).SelectMany(o => o.Models).Distinct().Order(StringComparer.Ordinal));
        var who = isReal
            ? $"The real Claude answered ({models})."
            : $"**The sandbox's stand-in answered, not Claude** (asked for as {models}): a program of rules that this project wrote. These figures say that the tools, the guards and the road hold; how well Claude sells they do not say, and no run against the real Claude has been made. Tokens and dollars are those of our real prompts at Claude's prices, with the stand-in's answers.";
        return $"""
            # Evaluations

            `dotnet run --project evals -- --trials 4 --write docs/evals.md` plays customers with hidden goals against the whole product: they write through a channel's own webhook, in bursts, typos and all scripts, and afterwards it is looked at what stands in the database and what was said. A trial passes when the one order is exactly the wanted one (or none stands where none was wanted), every amount in every reply is one of the shop's for this customer, a person was called where one is needed and not where none is, and nobody met silence. pass^k is the chance that k trials in a row all pass. With `Claude__ApiKey` in the environment the real Claude answers (`Claude__Model` chooses it); that costs money. `--only words` plays some of them. The exit code is 1 when a trial went wrong.

            {at:yyyy-MM-dd}. {who}

            {Summary()}

            {Table()}
            """.TrimEnd() + "\n";
    }
}
