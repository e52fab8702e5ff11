using Microsoft.Extensions.Time.Testing;

namespace OrderClosr.Tests.Support;

/// <summary>The clock that a test moves. A timer that repeats fires once per move, however far it went, as on a machine that slept.</summary>
/// <remarks>The library's own catches up on every missed beat: a month of a sweep that beats every two seconds is a million of them.</remarks>
internal sealed class TestClock : FakeTimeProvider
{
    public TestClock() { }

    public TestClock(DateTimeOffset start) : base(start) { }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Beats(this, callback, state, dueTime, period);

    private ITimer Once(TimerCallback callback, TimeSpan dueTime) => base.CreateTimer(callback, null, dueTime, Timeout.InfiniteTimeSpan);

    private sealed class Beats : ITimer
    {
        private readonly ITimer _next;
        private TimeSpan _period;

        public Beats(TestClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            // It is told when to fire only once it can be told again: at a due time of zero it fires before it is made.
            _next = clock.Once(_ =>
            {
                if (_period > TimeSpan.Zero) _next!.Change(_period, Timeout.InfiniteTimeSpan);
                callback(state);
            }, Timeout.InfiniteTimeSpan);
            if (dueTime != Timeout.InfiniteTimeSpan) _next.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            return _next.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _next.Dispose();

        public ValueTask DisposeAsync() => _next.DisposeAsync();
    }
}
