using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>The runner of jobs, called directly: no silo, a clock that the test moves.</summary>
public sealed class JobTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    [Theory, OnBothDatabases]
    public async Task Jobs_of_one_key_run_in_the_order_they_were_written_and_one_at_a_time(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k1", "a"), ("k1", "b"), ("k2", "c"), ("k1", "d"));
        Assert.Equal(2, (await world.Runner.DueAsync(world.Lane, 10, default)).Count);
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal(["a", "b", "d"], world.Book.Runs.Select(r => r.Word).Where(w => w != "c"));
        Assert.Equal(4, world.Book.Runs.Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_job_of_a_rolled_back_transaction_never_was_and_rings_no_bell(Database database)
    {
        await using var world = await World.StartAsync(database);
        var rings = new List<Notice>();
        world.App.Get<Bell>().Listen(rings.Add);
        await using var scope = world.App.In(world.Shop.Id);
        await Assert.ThrowsAsync<FormatException>(() => scope.Db.InTransactionAsync(async () =>
        {
            scope.Db.Later(new Probe(world.Lane, "k", "never"), Start);
            await scope.Db.SaveChangesAsync();
            throw new FormatException();
        }, default));
        scope.Db.ChangeTracker.Clear();
        scope.Db.Later(new Probe(world.Lane, "k", "once"), Start);
        await scope.Db.SaveChangesAsync();
        Assert.Single(rings);
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal(["once"], world.Book.Runs.Select(r => r.Word));
    }

    [Theory, OnBothDatabases]
    public async Task Two_runners_never_start_one_job(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"));
        var due = Assert.Single(await world.Runner.DueAsync(world.Lane, 10, default));
        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Runner.RunAsync(due, default))));
        Assert.Single(ends, e => e is not null);
        Assert.Single(world.Book.Runs);
    }

    [Theory, OnBothDatabases]
    public async Task A_job_whose_process_died_is_looked_at_before_it_is_repeated(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"), ("k", "b"));
        using var dying = new CancellationTokenSource();
        world.Book.Do = (_, _, stop) => { dying.Cancel(); stop.ThrowIfCancellationRequested(); return null!; };
        Assert.Null(await world.Runner.RunAsync((await world.Runner.DueAsync(world.Lane, 1, default))[0], dying.Token));
        Assert.Equal(JobState.Running, (await world.JobsAsync())[0].State);
        world.Time.Advance(JobRunner.Lease);
        Assert.Empty(await world.Runner.DueAsync(world.Lane, 10, default)); // its key is held, also against the next of that key
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        world.Book.Do = (_, _, _) => Task.FromResult(JobOutcome.Done());
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal([("a", 1, false), ("a", 2, true), ("b", 1, false)], world.Book.Runs.Select(r => (r.Word, r.Run.Attempt, r.Run.OutcomeWasUnknown)));
        Assert.Single(world.Book.Runs.Where(r => r.Word == "a").Select(r => r.Run.Id).Distinct());
    }

    [Theory, OnBothDatabases]
    public async Task A_failure_of_the_moment_is_tried_after_5_s_30_s_2_min_10_min_then_hourly_until_its_kind_gives_up(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"));
        world.Book.Do = (_, _, _) => throw new VendorFailure(FailureCategory.Transient, "The vendor is down.");
        foreach (var wait in (int[])[5, 30, 120, 600, 3600, 3600])
        {
            await world.Runner.RunDueAsync(world.Lane, default);
            var job = Assert.Single(await world.JobsAsync());
            Assert.Equal((JobState.Waiting, world.Time.GetUtcNow().AddSeconds(wait), "The vendor is down."), (job.State, job.DueAt, job.LastFailure));
            world.Time.Advance(TimeSpan.FromSeconds(wait - 1));
            Assert.Empty(await world.Runner.DueAsync(world.Lane, 10, default));
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await world.Runner.RunDueAsync(world.Lane, default);
        var last = Assert.Single(await world.JobsAsync());
        Assert.Equal((JobState.GivenUp, world.Time.GetUtcNow()), (last.State, last.FinishedAt));
        Assert.Equal(["a: The vendor is down."], world.Book.Failed);
    }

    [Theory, OnBothDatabases]
    public async Task A_vendor_that_says_when_is_asked_then(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"));
        world.Book.Do = (_, _, _) => throw new VendorFailure(FailureCategory.RateLimited, "Too many calls.", retryAfter: TimeSpan.FromSeconds(77));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal((JobState.Waiting, Start.AddSeconds(77)), Assert.Single((await world.JobsAsync()).Select(j => (j.State, j.DueAt))));
    }

    [Theory, OnBothDatabases]
    public async Task A_final_no_is_not_repeated_and_a_person_is_told_and_may_try_again(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"), ("k", "b"));
        world.Book.Do = (job, _, _) => job.Word == "a" ? throw new VendorFailure(FailureCategory.Refused, "The window is closed.") : Task.FromResult(JobOutcome.Done());
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal([JobState.Refused, JobState.Done], (await world.JobsAsync()).Select(j => j.State));
        Assert.Equal(["a: The window is closed."], world.Book.Failed);

        world.Book.Do = (_, _, _) => Task.FromResult(JobOutcome.Done());
        var id = (await world.JobsAsync())[0].Id;
        await using (var scope = world.App.In(world.Shop.Id)) Assert.True(await scope.Get<Lanes>().TryAgainAsync(id, default));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.All(await world.JobsAsync(), j => Assert.Equal(JobState.Done, j.State));
    }

    [Theory, OnBothDatabases]
    public async Task Refused_credentials_stop_the_lane_tell_the_owner_and_it_goes_on_after_reconnecting(Database database)
    {
        await using var world = await World.StartAsync(database);
        var other = await world.App.NewShopAsync();
        await world.WriteAsync(("k1", "a"), ("k1", "b"), ("k2", "c"));
        world.Book.Do = (_, _, _) => throw new VendorFailure(FailureCategory.Credentials, "The token was refused: connect again.");
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal([JobState.Parked, JobState.Waiting, JobState.Waiting], (await world.JobsAsync()).Select(j => j.State));
        Assert.Equal(new LaneBroken(world.Lane, "The token was refused: connect again."), Assert.Single(world.Book.Broken));
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await world.Runner.RunDueAsync(world.Lane, default));

        world.Book.Do = (_, _, _) => Task.FromResult(JobOutcome.Done());
        await using (var stranger = world.App.In(other.Id)) Assert.Equal(0, await stranger.Get<Lanes>().ResumeAsync(world.Lane, default));
        await using (var scope = world.App.In(world.Shop.Id)) Assert.Equal(1, await scope.Get<Lanes>().ResumeAsync(world.Lane, default));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal(["a", "a", "b", "c"], world.Book.Runs.Select(r => r.Word).Order());
        Assert.All(await world.JobsAsync(), j => Assert.Equal(JobState.Done, j.State));
    }

    [Theory, OnBothDatabases]
    public async Task What_may_have_been_done_is_looked_for_first_also_after_its_lane_was_stopped_or_it_was_given_up(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k1", "posted"), ("k2", "never posted"));
        world.Book.Do = (job, run, _) => (job.Word, run.Attempt) switch
        {
            ("posted", 1) => throw new VendorFailure(FailureCategory.OutcomeUnknown, "The vendor never answered."),
            ("posted", 2) => throw new VendorFailure(FailureCategory.Credentials, "The token was refused: connect again."),
            ("never posted", 1) => Task.FromResult(JobOutcome.Again(Start.AddSeconds(5), "Not now.")),
            ("never posted", 2) => throw new VendorFailure(FailureCategory.Credentials, "The token was refused: connect again."),
            _ => Task.FromResult(JobOutcome.Done()),
        };
        await world.Runner.RunDueAsync(world.Lane, default);
        world.Time.Advance(TimeSpan.FromSeconds(5));
        foreach (var due in await world.Runner.DueAsync(world.Lane, 10, default)) await world.Runner.RunAsync(due, default);
        Assert.Equal([(JobState.Parked, true), (JobState.Parked, false)], (await world.JobsAsync()).Select(j => (j.State, j.MayBeDone)));

        await using (var scope = world.App.In(world.Shop.Id)) Assert.Equal(2, await scope.Get<Lanes>().ResumeAsync(world.Lane, default));
        Assert.Equal([JobState.OutcomeUnknown, JobState.Waiting], (await world.JobsAsync()).Select(j => j.State));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal([("never posted", false), ("posted", true)], world.Book.Runs.Where(r => r.Run.Attempt == 3).Select(r => (r.Word, r.Run.OutcomeWasUnknown)).Order());
        Assert.All(await world.JobsAsync(), j => Assert.Equal((JobState.Done, false), (j.State, j.MayBeDone)));

        // Given up because nobody could find out: a person who tries it again does not make it repeat blindly.
        await world.WriteAsync(("k3", "lost"));
        world.Book.Do = (_, _, _) => throw new VendorFailure(FailureCategory.OutcomeUnknown, "The vendor never answered.");
        for (var hour = 0; (await world.JobsAsync())[^1].State != JobState.GivenUp; hour++)
        {
            Assert.True(hour < 12);
            await world.Runner.RunDueAsync(world.Lane, default);
            world.Time.Advance(TimeSpan.FromHours(1));
        }
        var lost = (await world.JobsAsync())[^1];
        world.Book.Do = (_, _, _) => Task.FromResult(JobOutcome.Done());
        await using (var scope = world.App.In(world.Shop.Id)) Assert.True(await scope.Get<Lanes>().TryAgainAsync(lost.Id, default));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.True(world.Book.Runs.Last().Run.OutcomeWasUnknown);
    }

    [Theory, OnBothDatabases]
    public async Task Our_own_fault_may_have_come_after_the_work_so_it_is_looked_at_and_its_words_are_not_logged(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"));
        world.Book.Do = (_, run, _) => run.Attempt == 1 ? throw new FormatException("slm ch7al hadi") : Task.FromResult(JobOutcome.Done());
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal((JobState.OutcomeUnknown, "Our own fault: FormatException."), Assert.Single((await world.JobsAsync()).Select(j => (j.State, j.LastFailure))));
        Assert.Contains(world.App.Logs.Lines, l => l.Contains("FormatException", StringComparison.Ordinal));
        Assert.DoesNotContain(world.App.Logs.Lines, l => l.Contains("ch7al", StringComparison.Ordinal));
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.True(world.Book.Runs.Last().Run.OutcomeWasUnknown);
    }

    [Theory, OnBothDatabases]
    public async Task What_a_run_found_is_written_with_its_end_or_again_when_somebody_wrote_first(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k", "a"));
        var applied = 0;
        world.Book.Do = (_, _, _) => Task.FromResult(JobOutcome.Done(async (scope, stop) =>
        {
            var robe = await scope.Db.Products.SingleAsync(p => p.Id == world.Shop.Products["robe"], stop);
            robe.Description += "!";
            // Somebody writes between our read and our write, the first time.
            if (++applied == 1) await scope.Db.Products.Where(p => p.Id == robe.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Version, p => p.Version + 1), stop);
        }));
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal(2, applied);
        Assert.Single(world.Book.Runs);
        await using var scope = world.App.In(world.Shop.Id);
        Assert.Equal("!", (await scope.Db.Products.SingleAsync(p => p.Id == world.Shop.Products["robe"])).Description);
        Assert.Equal(JobState.Done, (await world.JobsAsync())[0].State);
    }

    [Theory, OnBothDatabases]
    public async Task A_kind_that_nobody_knows_any_more_is_refused_visibly(Database database)
    {
        await using var world = await World.StartAsync(database);
        await using (var scope = world.App.In(world.Shop.Id))
        {
            scope.Db.Jobs.Add(new Job { Id = Id<Job>.New(Start), Kind = "gone", Lane = world.Lane, OrderKey = "k", Payload = "{}", CreatedAt = Start, DueAt = Start });
            await scope.Db.SaveChangesAsync();
        }
        await world.Runner.RunDueAsync(world.Lane, default);
        Assert.Equal((JobState.Refused, "Nothing handles jobs of kind gone."), Assert.Single((await world.JobsAsync()).Select(j => (j.State, j.LastFailure))));
    }

    [Theory, OnBothDatabases]
    public async Task A_clock_strikes_once_per_period_though_two_nodes_look_at_it(Database database)
    {
        await using var world = await World.StartAsync(database);
        Clocks Node() => new(world.App.Get<WorkspaceScopes>(), world.App.Get<IEnumerable<JobKind>>(), world.App.Get<Microsoft.Extensions.Configuration.IConfiguration>());
        var nodes = (Node(), Node());
        var early = new DateTimeOffset(2026, 11, 28, 3, 9, 59, TimeSpan.Zero); // 04:09:59 in Algiers
        await BothAsync(early);
        Assert.DoesNotContain(await RunsAsync(), r => r.Name == "prune");
        await BothAsync(early.AddSeconds(1));
        await BothAsync(early.AddHours(5));
        Assert.Single(await RunsAsync(), r => r.Name == "prune");
        await BothAsync(early.AddDays(1).AddSeconds(1));
        Assert.Equal(["2026-11-28", "2026-11-29"], (await RunsAsync()).Where(r => r.Name == "prune").Select(r => r.Period).Order());
        await using var all = world.App.Get<WorkspaceScopes>().OpenEverywhere("the test counts the system's jobs");
        Assert.Equal(2, await all.Db.Everywhere<Job>().CountAsync(j => j.Kind == "prune"));

        Task BothAsync(DateTimeOffset now) => Task.WhenAll(Task.Run(() => nodes.Item1.TickAsync(now, default)), Task.Run(() => nodes.Item2.TickAsync(now, default)));
        async Task<List<ClockRun>> RunsAsync()
        {
            await using var scope = world.App.Get<WorkspaceScopes>().OpenNone();
            return await scope.Db.Set<ClockRun>().AsNoTracking().ToListAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Pruning_takes_what_is_old_and_finished_and_nothing_else(Database database)
    {
        await using var world = await World.StartAsync(database);
        await world.WriteAsync(("k1", "done"), ("k2", "refused"));
        world.Book.Do = (job, _, _) => Task.FromResult(job.Word == "done" ? JobOutcome.Done() : JobOutcome.Refused("no"));
        await world.Runner.RunDueAsync(world.Lane, default);
        await world.WriteAsync(("k3", "waiting"));
        await using (var all = world.App.Get<WorkspaceScopes>().OpenEverywhere("deliveries belong to no workspace yet"))
        {
            foreach (var state in Enum.GetValues<EventState>()) all.Db.Add(new InboundEvent { Id = Id<InboundEvent>.New(world.Time.GetUtcNow()), Key = $"{state}", Source = "meta", ReceivedAt = world.Time.GetUtcNow(), State = state });
            await all.Db.SaveChangesAsync();
        }
        world.Time.Advance(TimeSpan.FromDays(15));
        await PruneAsync();
        await using (var all = world.App.Get<WorkspaceScopes>().OpenEverywhere("deliveries belong to no workspace yet")) Assert.Equal([EventState.Unread], await all.Db.InboundEvents.Select(e => e.State).ToListAsync());
        Assert.Equal([JobState.Refused, JobState.Waiting], (await world.JobsAsync()).Select(j => j.State));
        world.Time.Advance(TimeSpan.FromDays(80));
        await PruneAsync();
        Assert.Equal([JobState.Waiting], (await world.JobsAsync()).Select(j => j.State));

        async Task PruneAsync()
        {
            await using var scope = world.App.Get<WorkspaceScopes>().OpenEverywhere("the system's own job");
            await scope.Get<IJobHandler<Prune>>().RunAsync(new(), new(Id<Job>.New(Start), 1, false), default);
        }
    }

    [Fact]
    public void A_lane_starts_no_more_than_its_budget_in_any_span()
    {
        var time = new TestClock(Start);
        var pace = new LanePace(new LaneBudget(10, new LaneLimit(2, TimeSpan.FromSeconds(1)), new LaneLimit(3, TimeSpan.FromMinutes(1))), time);
        Assert.Equal(TimeSpan.Zero, pace.TryStart());
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(TimeSpan.Zero, pace.TryStart());
        Assert.Equal(TimeSpan.FromMilliseconds(600), pace.TryStart());
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(TimeSpan.Zero, pace.TryStart());
        Assert.Equal(TimeSpan.FromSeconds(59), pace.TryStart());
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.Zero, pace.TryStart());
    }

    private sealed class World(TestApp app, Shop shop) : IAsyncDisposable
    {
        internal TestApp App => app;
        internal Shop Shop => shop;
        internal FakeTimeProvider Time => app.Time;
        internal ProbeBook Book => app.Get<ProbeBook>();
        internal JobRunner Runner => app.Get<JobRunner>();
        internal string Lane => $"probe/{shop.Id}";

        internal static async Task<World> StartAsync(Database database)
        {
            var app = await TestApp.StartAsync(database, new() { Started = false, Services = ProbeBook.Add, Time = new TestClock(Start) });
            return new(app, await app.NewShopAsync());
        }

        internal async Task WriteAsync(params (string Key, string Word)[] jobs)
        {
            await using var scope = app.In(shop.Id);
            foreach (var (key, word) in jobs) scope.Db.Later(new Probe(Lane, key, word), Time.GetUtcNow());
            await scope.Db.SaveChangesAsync();
        }

        internal async Task<List<Job>> JobsAsync()
        {
            await using var scope = app.In(shop.Id);
            return await scope.Db.Jobs.AsNoTracking().OrderBy(j => j.Id).ToListAsync();
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
