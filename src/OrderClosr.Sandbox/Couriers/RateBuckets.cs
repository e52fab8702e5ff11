namespace OrderClosr.Sandbox.Couriers;

/// <summary>So many calls in so long.</summary>
public sealed record RateWindow(string Name, TimeSpan Length, int Limit);

/// <summary>What counting one call said. <c>Left</c> is in the order of the windows.</summary>
public sealed record RateAnswer(bool IsRefused, TimeSpan Wait, IReadOnlyList<int> Left);

/// <summary>Counts the calls of each account in sliding windows: no stretch of a minute may hold more than a minute's calls.</summary>
/// <remarks>Stricter than a counter that starts anew each minute. A refused call does not count.</remarks>
public sealed class RateBuckets(TimeProvider time)
{
    private sealed class Bucket
    {
        public Queue<DateTimeOffset> Calls { get; } = new();
        public int Most { get; set; }
        public int Refused { get; set; }
        public int Limit { get; set; }
    }

    private readonly Dictionary<(string Account, string Window), Bucket> _buckets = [];
    private readonly Lock _lock = new();

    /// <summary>Counts a call, unless a window is full.</summary>
    public RateAnswer Count(string account, IReadOnlyList<RateWindow> windows)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var buckets = windows.Select(w => Of(account, w, now)).ToList();
            var wait = TimeSpan.Zero;
            for (var i = 0; i < windows.Count; i++)
            {
                if (buckets[i].Calls.Count < windows[i].Limit) continue;
                buckets[i].Refused++;
                // When enough of the oldest have left the window.
                var free = buckets[i].Calls.ElementAt(buckets[i].Calls.Count - windows[i].Limit) + windows[i].Length - now;
                if (free > wait) wait = free;
            }
            if (wait == TimeSpan.Zero)
                foreach (var bucket in buckets)
                {
                    bucket.Calls.Enqueue(now);
                    bucket.Most = Math.Max(bucket.Most, bucket.Calls.Count);
                }
            return new(wait > TimeSpan.Zero, wait, [.. windows.Select((w, i) => Math.Max(0, w.Limit - buckets[i].Calls.Count))]);
        }
    }

    /// <summary>What was counted so far: the fullest each window ever was, and how often a call was turned away.</summary>
    public IEnumerable<object> Shown()
    {
        lock (_lock) return [.. _buckets.Select(b => new { account = b.Key.Account, window = b.Key.Window, limit = b.Value.Limit, most = b.Value.Most, refused = b.Value.Refused })];
    }

    /// <summary>Forgets all calls.</summary>
    public void Clear() { lock (_lock) _buckets.Clear(); }

    private Bucket Of(string account, RateWindow window, DateTimeOffset now)
    {
        if (!_buckets.TryGetValue((account, window.Name), out var bucket)) _buckets[(account, window.Name)] = bucket = new();
        bucket.Limit = window.Limit;
        while (bucket.Calls.TryPeek(out var oldest) && oldest + window.Length <= now) bucket.Calls.Dequeue();
        return bucket;
    }
}
