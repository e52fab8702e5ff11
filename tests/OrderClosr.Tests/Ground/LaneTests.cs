using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>Lanes and the sweep in a running app with a real silo. The lane <c>probe/</c> may run three jobs at once.</summary>
public sealed class LaneTests
{
    [Theory, OnBothDatabases]
    public async Task A_committed_job_runs_soon_and_one_whose_nudge_was_lost_runs_too(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        await WriteAsync(app, shop, ("k", "told"));
        await Eventually.HoldsAsync(() => app.Get<ProbeBook>().Runs.Any(r => r.Word == "told"));
        await using (var scope = app.In(shop.Id))
        {
            var now = app.Get<TimeProvider>().GetUtcNow();
            scope.Db.Jobs.Add(new Job { Id = Id<Job>.New(now), Kind = Probe.Kind, Lane = $"probe/quiet-{shop.Id}", OrderKey = "k", CreatedAt = now, DueAt = now, Payload = """{"lane":"","orderKey":"","word":"untold"}""" });
            await scope.Db.SaveChangesAsync();
        }
        await Eventually.HoldsAsync(() => app.Get<ProbeBook>().Runs.Any(r => r.Word == "untold"));
        await Eventually.HoldsAsync(async () => (await StatesAsync(app, shop)).All(s => s == JobState.Done));
    }

    [Theory, OnBothDatabases]
    public async Task A_lane_runs_three_at_once_never_two_of_one_key_and_each_key_in_order(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        var (now, most, keys, broken) = (0, 0, new ConcurrentDictionary<string, int>(), 0);
        app.Get<ProbeBook>().Do = async (job, _, stop) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            if (keys.AddOrUpdate(job.OrderKey, 1, (_, n) => n + 1) > 1) Interlocked.Increment(ref broken);
            await Task.Delay(30, stop);
            keys.AddOrUpdate(job.OrderKey, 0, (_, n) => n - 1);
            Interlocked.Decrement(ref now);
            return JobOutcome.Done();
        };
        await WriteAsync(app, shop, [.. Enumerable.Range(0, 24).Select(i => ($"k{i % 6}", $"{i:00}"))]);
        await Eventually.HoldsAsync(async () => (await StatesAsync(app, shop)).All(s => s == JobState.Done));
        Assert.Equal(3, most);
        Assert.Equal(0, broken);
        foreach (var key in app.Get<ProbeBook>().Runs.Select(r => r.Word).GroupBy(w => int.Parse(w) % 6)) Assert.Equal(key.Order(), key);
    }

    [Theory, OnBothDatabases]
    public async Task One_slow_call_does_not_hold_back_another_customers(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        var slow = new TaskCompletionSource();
        app.Get<ProbeBook>().Do = async (job, _, _) => { if (job.Word == "slow") await slow.Task; return JobOutcome.Done(); };
        await WriteAsync(app, shop, ("k1", "slow"));
        await Eventually.HoldsAsync(() => app.Get<ProbeBook>().Runs.Any(r => r.Word == "slow"));
        await WriteAsync(app, shop, ("k2", "quick"));
        await Eventually.HoldsAsync(async () => (await StatesAsync(app, shop)).SequenceEqual([JobState.Running, JobState.Done]));
        slow.SetResult();
        await Eventually.HoldsAsync(async () => (await StatesAsync(app, shop)).All(s => s == JobState.Done));
    }

    [Theory, OnBothDatabases]
    public async Task After_five_failures_in_a_row_a_lane_tries_one_job_at_a_time_until_one_succeeds(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        var (now, runs, besides) = (0, 0, new ConcurrentDictionary<int, int>());
        app.Get<ProbeBook>().Do = async (_, _, stop) =>
        {
            var run = Interlocked.Increment(ref runs);
            besides[run] = Interlocked.Increment(ref now);
            // Where three are expected they wait for each other, so that a slow machine does not thin them out.
            if (run is <= 3 or >= 10) await Eventually.TrueAsync(() => Volatile.Read(ref now) >= 3, TimeSpan.FromSeconds(2));
            else await Task.Delay(60, stop);
            Interlocked.Decrement(ref now);
            return run <= 8 ? throw new VendorFailure(FailureCategory.Transient, "down") : JobOutcome.Done();
        };
        await WriteAsync(app, shop, [.. Enumerable.Range(0, 14).Select(i => ($"k{i}", $"{i}"))]);
        await Eventually.HoldsAsync(() => runs >= 14);
        // The first three start together; once five have failed each runs alone; after the first success three again.
        Assert.Equal(3, Enumerable.Range(1, 6).Max(i => besides[i]));
        Assert.Equal([1, 1], Enumerable.Range(8, 2).Select(i => besides[i]));
        Assert.Equal(3, Enumerable.Range(10, 5).Max(i => besides[i]));
    }

    [Theory, OnBothDatabases]
    public async Task A_rate_limit_makes_the_whole_lane_wait(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        var watch = new Stopwatch();
        var second = TimeSpan.Zero;
        app.Get<ProbeBook>().Do = (job, run, _) =>
        {
            if (job.Word == "first" && run.Attempt == 1)
            {
                watch.Start();
                throw new VendorFailure(FailureCategory.RateLimited, "Too many calls.", retryAfter: TimeSpan.FromSeconds(1.5));
            }
            if (job.Word == "second") second = watch.Elapsed;
            return Task.FromResult(JobOutcome.Done());
        };
        await WriteAsync(app, shop, ("k1", "first"));
        await Eventually.HoldsAsync(async () => (await JobsAsync(app, shop))[0] is { State: JobState.Waiting, Attempts: 1 });
        await WriteAsync(app, shop, ("k2", "second"));
        await Eventually.HoldsAsync(async () => (await StatesAsync(app, shop)).All(s => s == JobState.Done));
        Assert.True(second > TimeSpan.FromSeconds(1.4), $"started after {second}");
    }

    [Theory, OnBothDatabases]
    public async Task A_job_under_way_finishes_when_the_app_stops(Database database)
    {
        await using var app = await StartAsync(database);
        var shop = await app.NewShopAsync();
        var asked = new TaskCompletionSource();
        app.Get<ProbeBook>().Do = async (_, _, stop) => { asked.TrySetResult(); await Task.Delay(700, stop); return JobOutcome.Done(); };
        await WriteAsync(app, shop, ("k", "a"), ("k", "b"));
        await asked.Task;
        await app.StopAsync();
        Assert.Equal([JobState.Done, JobState.Waiting], await StatesAsync(app, shop));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static Task<TestApp> StartAsync(Database database) => TestApp.StartAsync(database, new() { Services = ProbeBook.Add });

    private static async Task WriteAsync(TestApp app, Shop shop, params (string Key, string Word)[] jobs)
    {
        await using var scope = app.In(shop.Id);
        foreach (var (key, word) in jobs) scope.Db.Later(new Probe($"probe/{shop.Id}", key, word), app.Get<TimeProvider>().GetUtcNow());
        await scope.Db.SaveChangesAsync();
    }

    private static async Task<List<Job>> JobsAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        // A clock that strikes meanwhile writes jobs too.
        return await scope.Db.Jobs.AsNoTracking().Where(j => j.Lane == $"probe/{shop.Id}").OrderBy(j => j.Id).ToListAsync();
    }

    private static async Task<List<JobState>> StatesAsync(TestApp app, Shop shop) => (await JobsAsync(app, shop)).ConvertAll(j => j.State);
}
