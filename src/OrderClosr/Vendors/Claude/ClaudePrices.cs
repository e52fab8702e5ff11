namespace OrderClosr.Vendors.Claude;

/// <summary>US dollars per million tokens, which is millionths of a dollar per token (facts/claude.md section 3.1, October 2026).</summary>
internal static class ClaudePrices
{
    private sealed record Price(decimal Input, decimal Output, decimal Write5Minutes, decimal Write1Hour, decimal Read);

    private static readonly Dictionary<string, Price> All = new(StringComparer.Ordinal)
    {
        ["claude-haiku-5-5"] = new(0.10m, 0.50m, 0.125m, 0.20m, 0.01m),
        ["claude-haiku-4-5"] = new(1m, 5m, 1.25m, 2m, 0.10m),
        ["claude-sonnet-5-5"] = new(2m, 10m, 2.50m, 4m, 0.10m),
        ["claude-sonnet-5"] = new(2m, 10m, 2.50m, 4m, 0.20m),
        ["claude-sonnet-4-6"] = new(3m, 15m, 3.75m, 6m, 0.30m),
        ["claude-opus-5-5"] = new(4m, 20m, 5m, 8m, 0.20m),
        ["claude-opus-5"] = new(5m, 25m, 6.25m, 10m, 0.50m),
        ["claude-opus-4-8"] = new(5m, 25m, 6.25m, 10m, 0.50m),
    };

    /// <summary>Prompts above this cost five times as much on the small model.</summary>
    private const long LongPrompt = 100_000;

    /// <summary>The price of one call, rounded up; an unknown model is priced as the dearest, so that a cap errs on the safe side.</summary>
    internal static long MicroDollars(string model, long input, long cacheRead, long write5Minutes, long write1Hour, long output)
    {
        var price = All.GetValueOrDefault(model) ?? All["claude-opus-4-8"];
        var cost = (input * price.Input) + (cacheRead * price.Read) + (write5Minutes * price.Write5Minutes) + (write1Hour * price.Write1Hour) + (output * price.Output);
        if (model == "claude-haiku-5-5" && input + cacheRead + write5Minutes + write1Hour > LongPrompt) cost *= 5;
        return (long)decimal.Ceiling(cost);
    }
}
