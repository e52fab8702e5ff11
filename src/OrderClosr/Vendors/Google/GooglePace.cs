using OrderClosr.Ground.Outbound;

namespace OrderClosr.Vendors.Google;

/// <summary>Counts calls per service account, as Google does: 60 reads and 60 writes a minute each (facts/google-sheets.md section 7); we stay at 50.</summary>
/// <remarks>A process that has just begun may follow one that died a second ago: its first minute is short.</remarks>
internal sealed class GooglePace(TimeProvider time)
{
    internal const int MostAMinute = 50, MostInTheFirst = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Account, bool IsWrite), Queue<DateTimeOffset>> _calls = [];
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly Lock _lock = new();

    /// <summary>How long until so many more calls may be made; zero: now.</summary>
    internal TimeSpan RoomIn(string account, bool isWrite, int count)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var calls = Of(account, isWrite, now);
            var most = now - _began < Minute ? MostInTheFirst : MostAMinute;
            var over = calls.Count + Math.Min(count, most) - most;
            return over <= 0 ? TimeSpan.Zero : calls.ElementAt(over - 1) + Minute - now;
        }
    }

    /// <summary>Counts a call, or says how long to wait.</summary>
    /// <exception cref="VendorFailure">The minute is full.</exception>
    internal void Take(string account, bool isWrite)
    {
        if (RoomIn(account, isWrite, 1) is var wait && wait > TimeSpan.Zero) throw new VendorFailure(FailureCategory.RateLimited, "This minute's calls to Google Sheets are used up: it goes on by itself.", "quota", wait);
        lock (_lock) Of(account, isWrite, time.GetUtcNow()).Enqueue(time.GetUtcNow());
    }

    private Queue<DateTimeOffset> Of(string account, bool isWrite, DateTimeOffset now)
    {
        if (!_calls.TryGetValue((account, isWrite), out var calls)) _calls[(account, isWrite)] = calls = new();
        while (calls.TryPeek(out var oldest) && oldest + Minute <= now) calls.Dequeue();
        return calls;
    }
}
