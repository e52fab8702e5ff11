using System.Collections.Concurrent;

namespace OrderClosr.Ground.Events;

/// <summary>Says when deliveries come thick or storing them gets slow, so that what can wait steps back: reading them, the next turns.</summary>
/// <remarks>A vendor that gets no 200 in time repeats, and later drops us; a customer's answer may come a second later. Under a flood everything
/// else still moves on: of each kind one small step, at most <see cref="Longest"/> after the last.</remarks>
public sealed class Strain(TimeProvider time)
{
    /// <summary>What steps back waits so long at most before the first in its line takes a step.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    // A few deliveries that waited behind one long transaction are no flood: it takes so many within a tenth of a second.
    // So many more are one however soon they are stored: what else ran would take the processor from those to come.
    private const int Flood = 20, Torrent = 60;
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100), Slow = TimeSpan.FromMilliseconds(3), Lasts = TimeSpan.FromMilliseconds(500), Step = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _lines = new();
    private long _last, _tenthBegan;
    private int _inTenth;

    /// <summary>True while deliveries come thick or wait too long for their place on disk, and a moment after.</summary>
    public bool IsOn => Volatile.Read(ref _last) is var last and not 0 && time.GetElapsedTime(last) < Lasts;

    /// <summary>Hears that so many deliveries were stored at once and how long the first of them had waited. Called by the one writer alone.</summary>
    internal void Note(int deliveries, TimeSpan waited)
    {
        if (time.GetElapsedTime(_tenthBegan) > Tenth) (_tenthBegan, _inTenth) = (time.GetTimestamp(), 0);
        _inTenth += deliveries;
        if (_inTenth >= Torrent || (_inTenth >= Flood && waited > Slow)) Volatile.Write(ref _last, time.GetTimestamp());
    }

    /// <summary>Lets the deliveries go first; returns at once when none is in need. Those of one <paramref name="kind"/> of work stand in one line.</summary>
    /// <param name="longest">The longest wait; null: <see cref="Longest"/>.</param>
    public async ValueTask GiveWayAsync(string kind, CancellationToken stop, TimeSpan? longest = null)
    {
        if (!IsOn) return;
        var line = _lines.GetOrAdd(kind, static _ => new(1, 1));
        await line.WaitAsync(stop);
        try
        {
            var began = time.GetTimestamp();
            while (IsOn && time.GetElapsedTime(began) < (longest ?? Longest)) await Task.Delay(Step, time, stop);
        }
        finally
        {
            line.Release();
        }
    }
}
