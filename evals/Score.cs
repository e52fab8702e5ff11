namespace OrderClosr.Evals;

/// <summary>How often a scenario went well.</summary>
/// <param name="Faults">Of each trial; none: passed.</param>
internal sealed record Score(Scenario Scenario, IReadOnlyList<IReadOnlyList<string>> Faults, IReadOnlyList<Outcome> Outcomes)
{
    internal int Trials => Faults.Count;
    internal int Passed => Faults.Count(f => f.Count == 0);

    /// <summary>The chance that <paramref name="k"/> trials in a row all pass, from those that were made: of all ways to choose k of them, those without a failed one.</summary>
    internal double PassPower(int k)
    {
        if (k > Trials) throw new ArgumentOutOfRangeException(nameof(k), "So many trials were not made.");
        var chance = 1.0;
        for (var i = 0; i < k; i++) chance *= (double)Math.Max(0, Passed - i) / (Trials - i);
        return chance;
    }
}
