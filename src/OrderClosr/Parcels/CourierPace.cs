using System.Collections.Concurrent;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Parcels;

/// <summary>This process's way to the calls of one courier account: takes them in small blocks from the budget that all processes share.</summary>
public sealed class CourierPace
{
    /// <summary>A longer wait is left to the job: it must not outlive its lease.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>A database so slow that calls are stale before they are given out.</summary>
    private const int MostTries = 50;

    /// <summary>Another process may have been asked to wait: so long we go on without looking.</summary>
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>A shorter wait is over before others would hear of it.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<LaneLimit> _limits;
    private readonly TimeProvider _time;
    private readonly KeptBudget _kept;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _lock = new();

    // One for calls that wait for nobody, one for those that give way.
    private readonly Held[] _held = [new(), new()];
    private DateTimeOffset _holdUntil, _sharedHold;

    /// <summary>A budget of this process alone.</summary>
    public CourierPace(IReadOnlyList<LaneLimit> limits, TimeProvider time) : this(limits, time, new BudgetInMemory()) { }

    internal CourierPace(IReadOnlyList<LaneLimit> limits, TimeProvider time, KeptBudget kept) => (_limits, _time, _kept) = (limits, time, kept);

    /// <summary>One call's turn.</summary>
    internal async ValueTask StartAsync(bool givesWay, CancellationToken stop)
    {
        var waited = TimeSpan.Zero;
        for (var tries = 1; ; tries++)
        {
            var until = await TakeAsync(givesWay, stop);
            if (until == default) return;
            var wait = until - _time.GetUtcNow();
            // Timers of the system are early by parts of a millisecond.
            if (wait < TimeSpan.FromMilliseconds(1)) wait = TimeSpan.FromMilliseconds(1);
            waited += wait;
            if (waited > LongestWait || tries > MostTries) throw new VendorFailure(FailureCategory.RateLimited, "The courier's limit of calls is used up for now.", "rate_limited", wait);
            await Task.Delay(wait, _time, stop);
        }
    }

    private int _scans;

    /// <summary>The turn to read the courier's whole list, until it is disposed; null while another job reads it, for whoever waits as well.</summary>
    internal IDisposable? TryScan() => Interlocked.CompareExchange(ref _scans, 1, 0) == 0 ? new ScanTurn(this) : null;

    private sealed class ScanTurn(CourierPace pace) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref pace._scans, 0);
    }

    internal void Hold(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = _time.GetUtcNow() + wait;
            if (until > _holdUntil) _holdUntil = until;
        }
    }

    /// <summary>Writes a wait that is not written yet.</summary>
    internal async Task ShareHoldAsync(CancellationToken stop)
    {
        DateTimeOffset until;
        lock (_lock)
        {
            until = _holdUntil;
            if (until <= _sharedHold || until - _time.GetUtcNow() < WorthTelling) return;
            _sharedHold = until;
        }
        await _kept.ChangeAsync(budget =>
        {
            if (budget.HeldUntil is null || until > budget.HeldUntil) budget.HeldUntil = until;
            return default;
        }, stop);
    }

    /// <summary>Nothing when the call may start; else when to ask again.</summary>
    private async ValueTask<DateTimeOffset> TakeAsync(bool givesWay, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            var now = _time.GetUtcNow();
            lock (_lock)
                if (_holdUntil > now) return _holdUntil;
            var held = _held[givesWay ? 1 : 0];
            if (held.Left == 0 || held.Until <= now)
            {
                var grant = await AskAsync(held, givesWay, now, stop);
                if (grant.Calls == 0) return grant.Until;
                // The answer may have taken longer than the calls are good for.
                if (grant.Until <= _time.GetUtcNow()) return _time.GetUtcNow();
            }
            held.Use(_time.GetUtcNow());
            return default;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<CallGrant> AskAsync(Held held, bool givesWay, DateTimeOffset now, CancellationToken stop)
    {
        if (_limits.Count == 0)
        {
            var heldUntil = await _kept.HeldUntilAsync(stop);
            if (heldUntil > now) return new(0, heldUntil.Value);
            held.Begin(0, new(int.MaxValue, now + LooksAgainAfter));
            return new(int.MaxValue, held.Until);
        }
        var mark = Random.Shared.Next(1, int.MaxValue);
        var grant = await _kept.ChangeAsync(budget =>
        {
            now = _time.GetUtcNow(); // it may have waited for its turn
            if (budget.HeldUntil > now) return new(0, budget.HeldUntil.Value);
            var ledger = CallLedger.Read(budget.Calls);
            if (held.Mark != 0) ledger.Settle(held.Mark, held.Used, held.LastAt);
            var given = ledger.Take(_limits, givesWay, now, mark);
            budget.Calls = ledger.ToString();
            return given;
        }, stop);
        held.Begin(grant.Calls > 0 ? mark : 0, grant.Calls > 0 ? grant : default);
        return grant;
    }

    /// <summary>The block this process has.</summary>
    private sealed class Held
    {
        internal int Mark { get; private set; }
        internal int Left { get; private set; }
        internal int Used { get; private set; }
        internal DateTimeOffset Until { get; private set; }
        internal DateTimeOffset LastAt { get; private set; }

        internal void Begin(int mark, CallGrant grant) => (Mark, Left, Used, Until) = (mark, grant.Calls, 0, grant.Until);

        internal void Use(DateTimeOffset now)
        {
            Left--;
            Used++;
            LastAt = now;
        }
    }
}

/// <summary>The paces of all accounts this process calls.</summary>
public sealed class CourierPaces(WorkspaceScopes scopes, TimeProvider time)
{
    private readonly ConcurrentDictionary<CourierAccountId, CourierPace> _paces = [];

    /// <summary>The pace of an account of this workspace.</summary>
    public CourierPace Of(WorkspaceId workspace, CourierAccountId account, CourierAbilities abilities) =>
        _paces.GetOrAdd(account, _ => new(abilities.Limits, time, new BudgetInDatabase(scopes, workspace, account, time)));
}
