using System.Globalization;

namespace OrderClosr.Bench;

/// <summary>A clock that runs so many times as fast as the wall's from its beginning on, alike in every process that is told the same.</summary>
internal sealed class FastTime(double speed) : TimeProvider
{
    private DateTimeOffset _start = DateTimeOffset.MaxValue;

    /// <summary>From now on it is fast.</summary>
    internal void Begin() => _start = System.GetUtcNow();

    private bool IsFast => _start != DateTimeOffset.MaxValue;

    /// <summary>The clock of a process started by another: <see cref="ToString"/> of that one's.</summary>
    internal static FastTime Parse(string text) => text.Split('x') is [var ms, var speed]
        ? new(double.Parse(speed, CultureInfo.InvariantCulture)) { _start = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(ms, CultureInfo.InvariantCulture)) }
        : throw new FormatException(text);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_start.ToUnixTimeMilliseconds()}x{speed}");

    public override DateTimeOffset GetUtcNow() => IsFast ? _start + (System.GetUtcNow() - _start) * speed : System.GetUtcNow();

    public override long GetTimestamp() => (long)(System.GetTimestamp() * speed);

    public override long TimestampFrequency => System.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(System.CreateTimer(callback, state, Slow(dueTime), Slow(period)), this);

    private TimeSpan Slow(TimeSpan span) => span <= TimeSpan.Zero || !IsFast ? span : span / speed is var slow && slow < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : span / speed;

    private sealed class Timer(ITimer timer, FastTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Slow(dueTime), time.Slow(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
