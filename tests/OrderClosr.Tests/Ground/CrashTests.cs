using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>The app as a real process, killed with SIGKILL right after a commit of the engine, and started again.</summary>
public sealed class CrashTests
{
    [Theory, OnBothDatabases]
    public async Task Killed_right_after_an_event_was_stored_its_message_is_there_once_after_the_restart(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await host.NewShopAsync();
        await using (var run = await AppProcess.StartAsync(host, crashAt: "event-stored"))
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => DeliverAsync(run, shop));
            await run.DiesAsync();
        }
        Assert.Equal(EventState.Unread, Assert.Single(await EventsAsync(host)).State);
        Assert.Equal(0, await MessagesAsync(host, shop));
        await using var again = await AppProcess.StartAsync(host);
        await Eventually.HoldsAsync(async () => await MessagesAsync(host, shop) == 1, TimeSpan.FromMinutes(2));
        // Meta never had its 200 and repeats: still one.
        (await DeliverAsync(again, shop)).EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(async () => (await EventsAsync(host)).All(e => e is { State: EventState.Read, Body: null }));
        Assert.Equal(1, await MessagesAsync(host, shop));
        Assert.Single(await EventsAsync(host));
    }

    [Theory, OnBothDatabases]
    public async Task Killed_between_the_two_commits_of_reading_the_message_stays_one(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await host.NewShopAsync();
        await using (var run = await AppProcess.StartAsync(host, crashAt: "event-read"))
        {
            try { await DeliverAsync(run, shop); }
            catch (HttpRequestException) { /* the reader may be quicker than the answer */ }
            await run.DiesAsync();
        }
        Assert.Equal(EventState.Unread, Assert.Single(await EventsAsync(host)).State);
        Assert.Equal(1, await MessagesAsync(host, shop));
        await using var again = await AppProcess.StartAsync(host);
        await Eventually.HoldsAsync(async () => (await EventsAsync(host)).All(e => e is { State: EventState.Read, Body: null }), TimeSpan.FromMinutes(2));
        Assert.Equal(1, await MessagesAsync(host, shop));
    }

    [Theory, OnBothDatabases]
    public async Task Killed_round_a_job_it_is_run_again_unless_its_end_was_written(Database database)
    {
        foreach (var (point, state, attempts) in ((string, JobState, int)[])[("job-running", JobState.Running, 2), ("job-ran", JobState.Running, 2), ("job-done", JobState.Done, 1)])
            await KilledAtAsync(database, point, state, attempts);
    }

    private static async Task KilledAtAsync(Database database, string point, JobState state, int attempts)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        var now = host.Get<TimeProvider>().GetUtcNow();
        var id = Id<Job>.New(now);
        await using (var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test writes a job of the system"))
        {
            // The clocks have struck already, for the next minutes too: the test's job is the system's only one.
            foreach (var clock in Clocks.All)
                foreach (var period in Enumerable.Range(0, 10).Select(minute => clock.PeriodOf(now.AddMinutes(minute))).OfType<string>().Distinct())
                    all.Db.Add(new ClockRun { Name = clock.Name, Period = period, At = now });
            all.Db.Jobs.Add(new Job { Id = id, Kind = Prune.Kind, Lane = "work/system", OrderKey = "crash", Payload = "{}", CreatedAt = now, DueAt = now });
            await all.Db.SaveChangesAsync();
        }
        await using (var run = await AppProcess.StartAsync(host, crashAt: point, waits: false)) await run.DiesAsync();
        Assert.Equal((state, 1), await JobAsync(host, id));
        // As if the lease of a minute had run out.
        await using (var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test lets the lease run out"))
            await all.Db.Everywhere<Job>().Where(j => j.Id == id && j.State == JobState.Running).ExecuteUpdateAsync(set => set.SetProperty(j => j.LeasedUntil, now.AddSeconds(-1)));
        await using var again = await AppProcess.StartAsync(host);
        await Eventually.HoldsAsync(async () => await JobAsync(host, id) == (JobState.Done, attempts), TimeSpan.FromMinutes(2));
    }

    [Theory, OnBothDatabases]
    public async Task A_process_that_is_told_to_stop_ends_in_order_and_another_may_start(Database database)
    {
        await using var host = await TestApp.StartAsync(database, new() { Started = false });
        await using var run = await AppProcess.StartAsync(host);
        await using (var second = await AppProcess.StartAsync(host, waits: false))
        {
            Assert.Equal(1, await second.EndsAsync());
            Assert.Contains("Another OrderClosr runs", second.Output, StringComparison.Ordinal);
        }
        Assert.Equal(0, await run.TerminateAsync());
        await using var third = await AppProcess.StartAsync(host);
    }

    [Fact]
    public async Task Verbs_answer_with_exit_codes_a_script_can_use()
    {
        await using var host = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var (code, key) = await AppProcess.VerbAsync(host, "generate-key");
        Assert.Equal(0, code);
        Assert.Null(OrderClosr.Ground.Secrets.FernetKeys.Problem(key.Trim()));
        (code, var help) = await AppProcess.VerbAsync(host, "frobnicate");
        Assert.Equal(2, code);
        Assert.Contains("generate-key", help, StringComparison.Ordinal);
        Assert.Equal(0, (await AppProcess.VerbAsync(host, "migrate")).Code);
        (code, var report) = await AppProcess.VerbAsync(host, "check");
        Assert.Equal(0, code);
        Assert.Contains("0 unreadable", report, StringComparison.Ordinal);
        Assert.DoesNotContain(TestApp.FernetKey, report, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> DeliverAsync(AppProcess run, Shop shop)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"object":"page","entry":[{"id":"{{{shop.Messenger.Account}}}","time":1795856400000,"messaging":[{"sender":{"id":"2400000000001"},"recipient":{"id":"{{{shop.Messenger.Account}}}"},"timestamp":1795856400000,"message":{"mid":"m_crash_0001","text":"slm ch7al hadi?"}}]}]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/meta") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestApp.MetaAppSecret), body))}");
        return await run.Http.SendAsync(request);
    }

    private static async Task<List<InboundEvent>> EventsAsync(TestApp host)
    {
        await using var scope = host.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.InboundEvents.AsNoTracking().ToListAsync();
    }

    private static async Task<int> MessagesAsync(TestApp host, Shop shop)
    {
        await using var scope = host.In(shop.Id);
        return await scope.Db.Messages.CountAsync(m => m.Author == Author.Customer);
    }

    private static async Task<(JobState, int)> JobAsync(TestApp host, Id<Job> id)
    {
        await using var all = host.Get<WorkspaceScopes>().OpenEverywhere("the test looks at a job of the system");
        var job = await all.Db.Everywhere<Job>().AsNoTracking().SingleAsync(j => j.Id == id);
        return (job.State, job.Attempts);
    }
}
