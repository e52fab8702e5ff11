namespace OrderClosr.Sandbox.Faults;

/// <summary>The sandbox's only source of randomness: seeded, so a run repeats; safe for many threads.</summary>
public sealed class Chance(int seed)
{
    // Not for secrets: a repeatable sequence is the point.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    /// <summary>True with the given probability (0 never, 1 always).</summary>
    public bool Hits(double rate)
    {
        if (rate >= 1) return true;
        lock (_lock) return _random.NextDouble() < rate;
    }

    /// <summary>A whole number from 0 up to, not including, <paramref name="below"/>.</summary>
    public long Next(long below)
    {
        lock (_lock) return _random.NextInt64(below);
    }

    /// <summary>Digits as vendors use them for ids; the first is never 0.</summary>
    public string Digits(int length)
    {
        lock (_lock) return string.Concat(Enumerable.Range(0, length).Select(i => (char)('0' + (i == 0 ? 1 + _random.Next(9) : _random.Next(10)))));
    }
#pragma warning restore CA5394
}
