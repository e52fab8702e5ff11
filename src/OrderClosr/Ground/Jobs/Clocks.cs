using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Jobs;

/// <summary>All recurring work of the product on one page.</summary>
/// <remarks>Each run is a job of the system with the key <c>(name, period)</c>: two nodes never run it twice, and a missed run is seen.
/// The sweep of 2 s (<see cref="Sweep"/>) and the reading of events are loops of their own; all else that recurs is here.</remarks>
public sealed class Clocks(WorkspaceScopes scopes, IEnumerable<JobKind> kinds, IConfiguration settings)
{
    /// <summary>Name, when (Algiers time), which system job.</summary>
    public static readonly IReadOnlyList<Clock> All =
    [
        new("backup", Daily: new TimeOnly(Running.BackupAge.UsualHour, 0), Job: "make_backup"),
        new("prune", Daily: new TimeOnly(4, 10), Job: Prune.Kind),
        new("purge-workspaces", Every: TimeSpan.FromHours(1), Job: Tenancy.PurgeWorkspaces.Kind),
        new("prove-deletions", Daily: new TimeOnly(5, 10), Job: "prove_deletions"),
        new("check-channels", Every: TimeSpan.FromMinutes(30), Job: "check_channels"),
        new("renew-tokens", Daily: new TimeOnly(6, 0), Job: "renew_tokens"),
        new("watch-channels", Every: TimeSpan.FromHours(1), Job: "watch_channels"),
        new("poll-couriers", Every: TimeSpan.FromMinutes(1), Job: "poll_couriers"),
        new("sync-couriers", Every: TimeSpan.FromHours(6), Job: "sync_couriers"),
        new("tick-sheets", Every: TimeSpan.FromMinutes(2), Job: "tick_sheets"),
        new("mark-overdue", Daily: new TimeOnly(5, 40), Job: "mark_overdue"),
        new("count-days", Every: TimeSpan.FromMinutes(1), Job: "count_days"),
        new("evening-letters", Daily: new TimeOnly(21, 0), Job: "write_evening_letters"),
        new("clear-exports", Every: TimeSpan.FromHours(1), Job: "clear_exports"),
        new("roll-plans", Every: TimeSpan.FromHours(1), Job: "roll_plans"),
        new("sweep-payments", Daily: new TimeOnly(3, 50), Job: "sweep_payments"),
        new("purge-unconfirmed", Daily: new TimeOnly(4, 40), Job: "purge_unconfirmed"),
        new("clear-hooks", Daily: new TimeOnly(4, 20), Job: "clear_hooks"),
        new("release-held", Every: TimeSpan.FromMinutes(1), Job: "release_held"),
    ];

    // The backup's hour is the operator's, or none.
    private readonly IReadOnlyList<Clock> _all = [.. All.Select(c => c.Name != "backup" ? c : Running.BackupAge.HourOf(settings) is { } hour ? c with { Daily = new TimeOnly(hour, 0) } : null).OfType<Clock>()];
    private readonly HashSet<string> _known = [.. kinds.Select(k => k.Kind)];
    private readonly Dictionary<string, string> _lastPeriod = [];

    /// <summary>Writes the jobs whose period has begun; a period that another node took is left alone.</summary>
    public async Task TickAsync(DateTimeOffset now, CancellationToken stop)
    {
        foreach (var clock in _all.Where(c => _known.Contains(c.Job)))
        {
            var period = clock.PeriodOf(now);
            if (period is null || _lastPeriod.GetValueOrDefault(clock.Name) == period) continue;
            await using var scope = scopes.OpenEverywhere("clocks are the system's own work");
            var db = scope.Db;
            var taken = await db.Set<ClockRun>().AnyAsync(r => r.Name == clock.Name && r.Period == period, stop);
            if (!taken)
            {
                db.Add(new ClockRun { Name = clock.Name, Period = period, At = now });
                db.Jobs.Add(new Job { Id = Id<Job>.New(now), Kind = clock.Job, Lane = "work/system", OrderKey = clock.Name, Payload = "{}", CreatedAt = now, DueAt = now });
                db.Tell("lane", "work/system");
                try
                {
                    await db.SaveChangesAsync(stop);
                }
                catch (DbUpdateException) when (!stop.IsCancellationRequested)
                {
                    // Another node wrote the same period first.
                }
            }
            _lastPeriod[clock.Name] = period;
        }
    }
}

/// <summary>One recurring work: either every so often or daily at an Algiers time.</summary>
public sealed record Clock(string Name, string Job, TimeSpan? Every = null, TimeOnly? Daily = null)
{
    /// <summary>The period an instant falls into, as text; null when today's daily time has not come yet.</summary>
    public string? PeriodOf(DateTimeOffset now)
    {
        if (Every is { } every) return (now.UtcTicks / every.Ticks).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var local = AlgiersTime.ToAlgiers(now);
        return TimeOnly.FromDateTime(local.DateTime) >= Daily ? DateOnly.FromDateTime(local.DateTime).ToString("yyyy-MM-dd") : null;
    }
}

/// <summary>That a clock's period was taken.</summary>
public sealed class ClockRun
{
    public required string Name { get; init; }
    public required string Period { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class ClockTables : IEntityTypeConfiguration<ClockRun>
{
    public void Configure(EntityTypeBuilder<ClockRun> builder)
    {
        builder.ToTable("clock_runs");
        builder.HasKey(r => new { r.Name, r.Period });
    }
}
