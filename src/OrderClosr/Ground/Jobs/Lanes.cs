using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>What a person does to a lane of the current workspace: let it go on after the connection was mended, try a job again.</summary>
public sealed class Lanes(OrderClosrDb db, TimeProvider time)
{
    /// <summary>Lets jobs that waited for a mended connection go on; answers how many. Joins the caller's transaction.</summary>
    public Task<int> ResumeAsync(string lane, CancellationToken stop) => AgainAsync(db.Jobs.Where(j => j.Lane == lane && j.State == JobState.Parked), lane, stop);

    /// <summary>Starts a job again that was refused or given up; false when there is no such job.</summary>
    public async Task<bool> TryAgainAsync(Id<Job> id, CancellationToken stop)
    {
        var lane = await db.Jobs.Where(j => j.Id == id).Select(j => j.Lane).SingleOrDefaultAsync(stop);
        return lane is not null && await AgainAsync(db.Jobs.Where(j => j.Id == id && (j.State == JobState.Refused || j.State == JobState.GivenUp)), lane, stop) > 0;
    }

    private Task<int> AgainAsync(IQueryable<Job> jobs, string lane, CancellationToken stop) => db.InTransactionAsync(async () =>
    {
        var now = time.GetUtcNow();
        var count = await jobs.MakeDueAsync(now, stop);
        if (count > 0) db.Tell("lane", lane);
        return count;
    }, stop);
}


/// <summary>How much a lane may do: so many jobs at once, and so many starts per span.</summary>
/// <param name="AtOnce">Jobs running side by side (never two with one order key).</param>
/// <param name="Limits">Most starts within each span.</param>
public sealed record LaneBudget(int AtOnce, params IReadOnlyList<LaneLimit> Limits)
{
    /// <summary>For lanes nobody described.</summary>
    public static readonly LaneBudget Default = new(4);
}

/// <summary>At most <paramref name="Count"/> starts in any <paramref name="Per"/>.</summary>
public sealed record LaneLimit(int Count, TimeSpan Per);

/// <summary>A room or vendor's statement about the lanes that start with a prefix (<c>meta/</c>).</summary>
public sealed record LaneRule(string Prefix, LaneBudget Budget);

/// <summary>Counts the starts of one lane against its budget. One instance per lane over all machines (the lane's grain holds it).</summary>
public sealed class LanePace(LaneBudget budget, TimeProvider time)
{
    private readonly Queue<DateTimeOffset>[] _starts = [.. budget.Limits.Select(_ => new Queue<DateTimeOffset>())];

    /// <summary>Zero and counted when a job may start now; else how long to wait.</summary>
    public TimeSpan TryStart()
    {
        var now = time.GetUtcNow();
        var wait = TimeSpan.Zero;
        for (var i = 0; i < _starts.Length; i++)
        {
            while (_starts[i].TryPeek(out var first) && first <= now - budget.Limits[i].Per) _starts[i].Dequeue();
            if (_starts[i].Count < budget.Limits[i].Count) continue;
            var until = _starts[i].Peek() + budget.Limits[i].Per - now;
            if (until > wait) wait = until;
        }
        if (wait > TimeSpan.Zero) return wait;
        foreach (var starts in _starts) starts.Enqueue(now);
        return TimeSpan.Zero;
    }
}
