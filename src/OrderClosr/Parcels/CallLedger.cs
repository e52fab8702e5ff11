using System.Globalization;
using OrderClosr.Ground.Jobs;

namespace OrderClosr.Parcels;

/// <summary>The calls that were given out for one courier account lately, against its limits. Pure.</summary>
/// <remarks>
/// Calls are given out in small blocks that are good for a few seconds, so that one write serves several calls. Until its holder says
/// what became of it, a block counts whole and as if all of it were called at its very end: whoever dies with one wastes calls, and never makes
/// one too many. Older blocks are put together, always to the later end.
/// </remarks>
public sealed class CallLedger
{
    /// <summary>So long may a block be used: longer than a slow commit, shorter than anybody waits for his turn.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(2);

    /// <summary>Of a limit, the part that calls may use which can wait: a booking never finds the window filled by tracking.</summary>
    public const double ShareOfWaiting = 0.7;

    /// <summary>Most calls in one block.</summary>
    private const int LargestBlock = 5;

    private readonly List<Block> _blocks;

    private CallLedger(List<Block> blocks) => _blocks = blocks;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static CallLedger Read(string text)
    {
        var blocks = new List<Block>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (part.Split(',') is [var until, var count, var mark] && long.TryParse(until, CultureInfo.InvariantCulture, out var ms) && int.TryParse(count, CultureInfo.InvariantCulture, out var n) && int.TryParse(mark, CultureInfo.InvariantCulture, out var m))
                blocks.Add(new(DateTimeOffset.FromUnixTimeMilliseconds(ms), n, m));
        return new(blocks);
    }

    public override string ToString() => string.Join(';', _blocks.Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Until.ToUnixTimeMilliseconds()},{b.Count},{b.Mark}")));

    /// <summary>The block is done with: so many of its calls were made, the last one then.</summary>
    public void Settle(int mark, int used, DateTimeOffset last)
    {
        var at = _blocks.FindIndex(b => b.Mark == mark);
        if (at < 0) return; // put together with others meanwhile: it counts whole
        if (used == 0) _blocks.RemoveAt(at);
        else _blocks[at] = new(last < _blocks[at].Until ? last : _blocks[at].Until, used, 0);
    }

    /// <summary>A block of calls from now on; or none, and when to ask for one.</summary>
    /// <param name="limits">At least one.</param>
    /// <param name="mark">Names the block, for <see cref="Settle"/>; not 0.</param>
    public CallGrant Take(IReadOnlyList<LaneLimit> limits, bool givesWay, DateTimeOffset now, int mark)
    {
        Tidy(limits, now);
        var (most, wait) = (LargestBlock, TimeSpan.Zero);
        foreach (var limit in limits)
        {
            var allowed = givesWay ? Math.Max(1, (int)(limit.Count * ShareOfWaiting)) : limit.Count;
            // A tenth at once: a lone caller must not hold what others could use.
            most = Math.Min(most, Math.Max(limit.Per <= GoodFor ? allowed : allowed / 10, 1));
            var within = _blocks.Where(b => b.Until > now - Whole(limit)).OrderBy(b => b.Until).ToList();
            var left = allowed - within.Sum(b => b.Count);
            most = Math.Min(most, left);
            if (left > 0) continue;
            // So many of the oldest must have left the window.
            var free = left;
            var until = within.First(b => (free += b.Count) > 0).Until + Whole(limit) - now;
            if (until > wait) wait = until;
        }
        if (most < 1) return new(0, now + wait);
        _blocks.Add(new(now + GoodFor, most, mark));
        return new(most, now + GoodFor);
    }

    /// <summary>How many calls were given out since then.</summary>
    public int Since(DateTimeOffset since) => _blocks.Where(b => b.Until > since).Sum(b => b.Count);

    /// <summary>A window a little longer than the courier's: what we sent at its two ends may arrive nearer together.</summary>
    private static TimeSpan Whole(LaneLimit limit) => limit.Per + (limit.Per / 4 < LongestWay ? limit.Per / 4 : LongestWay);

    /// <summary>What no limit looks at any more goes; what is older than two minutes is kept by the minute, than an hour by the half hour.</summary>
    private void Tidy(IReadOnlyList<LaneLimit> limits, DateTimeOffset now)
    {
        var oldest = now - limits.Max(Whole);
        _blocks.RemoveAll(b => b.Until <= oldest);
        var (fine, rough) = (now.AddMinutes(-2), now.AddMinutes(-62));
        var old = _blocks.Where(b => b.Until < fine).GroupBy(b => b.Until < rough ? (1, b.Until.UtcTicks / TimeSpan.TicksPerMinute / 30) : (0, b.Until.UtcTicks / TimeSpan.TicksPerMinute))
            .Select(g => new Block(g.Max(b => b.Until), g.Sum(b => b.Count), 0)).ToList();
        _blocks.RemoveAll(b => b.Until < fine);
        _blocks.AddRange(old);
    }

    private readonly record struct Block(DateTimeOffset Until, int Count, int Mark);
}

/// <summary>Calls given out.</summary>
/// <param name="Calls">How many; 0: none yet.</param>
/// <param name="Until">They are good until then; or, when there are none, ask again then.</param>
public readonly record struct CallGrant(int Calls, DateTimeOffset Until);
