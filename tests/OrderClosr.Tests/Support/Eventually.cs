using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace OrderClosr.Tests.Support;

/// <summary>Waits for what must come true soon, looking again and again within a bound; tests never sleep.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as the condition holds; fails with the condition's own text when it does not within the bound.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (within ?? Usual)) Assert.Fail($"Did not come true within {(within ?? Usual).TotalSeconds:0.#} s: {what}");
            await Task.Delay(20);
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan?, string?)"/>
    public static Task HoldsAsync(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        HoldsAsync(() => Task.FromResult(condition()), within, what);

    /// <summary>Waits until the condition holds, at most so long; goes on either way.</summary>
    public static async Task TrueAsync(Func<bool> condition, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < within) await Task.Delay(5);
    }

    /// <summary>Answers the first value that is not null.</summary>
    public static async Task<T> FindsAsync<T>(Func<Task<T?>> look, TimeSpan? within = null, [CallerArgumentExpression(nameof(look))] string? what = null) where T : class
    {
        T? found = null;
        await HoldsAsync(async () => (found = await look()) is not null, within, what);
        return found!;
    }
}
