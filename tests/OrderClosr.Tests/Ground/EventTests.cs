using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class EventTests
{
    [Theory, OnBothDatabases]
    public async Task The_same_delivery_twice_at_the_same_moment_is_one_event(Database database)
    {
        await using var app = await QuietAsync(database);
        await app.Get<EventWriter>().StartAsync(default);
        var stored = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.Get<EventWriter>().StoreAsync("nobody", "[1]"u8.ToArray(), default)));
        Assert.All(stored, Assert.True);
        Assert.True(await app.Get<EventWriter>().StoreAsync("nobody", "[1]"u8.ToArray(), default));
        Assert.True(await app.Get<EventWriter>().StoreAsync("other", "[1]"u8.ToArray(), default));
        Assert.Equal(["nobody", "other"], (await EventsOf(app)).Select(e => e.Source).Order());
    }

    [Theory, OnBothDatabases]
    public async Task A_delivery_that_cannot_be_stored_costs_only_itself(Database database)
    {
        await using var app = await QuietAsync(database);
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
            await scope.Db.Database.ExecuteSqlRawAsync(database == Database.Sqlite
                ? "create trigger no_bad before insert on inbound_events when new.source = 'bad' begin select raise(abort, 'no'); end"
                : "alter table inbound_events add constraint no_bad check (source <> 'bad')");
        var writer = app.Get<EventWriter>();
        var waiting = Enumerable.Range(0, 20).Select(i => writer.StoreAsync(i == 7 ? "bad" : "good", [(byte)i], default)).ToList();
        await writer.StartAsync(default); // all twenty are one batch
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i != 7), await Task.WhenAll(waiting));
        Assert.Equal(19, (await EventsOf(app)).Count);
        Assert.True(await writer.StoreAsync("good", "later"u8.ToArray(), default));
    }

    [Theory, OnBothDatabases]
    public async Task A_full_queue_says_so_at_once_and_what_it_took_is_stored(Database database)
    {
        await using var app = await QuietAsync(database);
        var writer = app.Get<EventWriter>();
        var taken = Enumerable.Range(0, 4096).Select(i => writer.StoreAsync("good", BitConverter.GetBytes(i), default)).ToList();
        var refused = writer.StoreAsync("good", "one too many"u8.ToArray(), default);
        Assert.True(refused.IsCompleted);
        Assert.False(await refused);
        Assert.DoesNotContain(taken, t => t.IsCompleted);
        await writer.StartAsync(default);
        Assert.All(await Task.WhenAll(taken), Assert.True);
        Assert.Equal(4096, (await EventsOf(app)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Stopping_finishes_what_was_accepted_and_takes_nothing_new(Database database)
    {
        await using var app = await QuietAsync(database);
        var writer = app.Get<EventWriter>();
        var taken = Enumerable.Range(0, 300).Select(i => writer.StoreAsync("good", BitConverter.GetBytes(i), default)).ToList();
        await writer.StartAsync(default);
        await writer.StopAsync(default);
        Assert.All(await Task.WhenAll(taken), Assert.True);
        Assert.False(await writer.StoreAsync("good", "late"u8.ToArray(), default));
    }

    [Theory, OnBothDatabases]
    public async Task A_broken_part_costs_its_neighbours_nothing_and_waits_sealed_for_a_person(Database database)
    {
        await using var app = await QuietAsync(database);
        var (first, second) = (await app.NewShopAsync(), await app.NewShopAsync());
        await StoreAsync(app,
            ProbeSource.Body((first.Messenger.Account, 1, false), (first.Messenger.Account, 2, true), (second.Messenger.Account, 3, false)),
            ProbeSource.Body((first.Messenger.Account, 4, false)));
        await app.Get<EventReader>().ReadAsync(default);
        Assert.Equal([1, 4], await ProbeSource.NumbersIn(app, first.Id));
        Assert.Equal([3], await ProbeSource.NumbersIn(app, second.Id));
        var events = await EventsOf(app);
        Assert.Equal((EventState.Read, null), (events[1].State, events[1].Body));
        Assert.Equal((EventState.Unread, 1), (events[0].State, events[0].Attempts));

        foreach (var wait in (int[])[2, 8, 50, 540])
        {
            app.Time.Advance(TimeSpan.FromSeconds(wait));
            await app.Get<EventReader>().ReadAsync(default);
        }
        var broken = (await EventsOf(app))[0];
        Assert.Equal((EventState.Unreadable, 5), (broken.State, broken.Attempts));
        var token = Encoding.ASCII.GetString(broken.Body!);
        Assert.DoesNotContain("ch7al", token, StringComparison.Ordinal);
        Assert.Contains("ch7al", Encoding.UTF8.GetString(Convert.FromBase64String(app.Get<SecretBox>().Open(Guid.Empty, "inbound_event", token))), StringComparison.Ordinal);
        Assert.Equal([1, 4], await ProbeSource.NumbersIn(app, first.Id));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("ch7al", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_parsed_is_kept_sealed_and_what_is_not_ours_leaves_no_words(Database database)
    {
        await using var app = await QuietAsync(database);
        await StoreAsync(app, "{ not json"u8.ToArray(), ProbeSource.Body(("999", 1, false)));
        await app.Get<EventReader>().ReadAsync(default);
        var events = await EventsOf(app);
        Assert.Equal(EventState.Unreadable, events[0].State);
        Assert.DoesNotContain("not json", Encoding.UTF8.GetString(events[0].Body!), StringComparison.Ordinal);
        Assert.Equal((EventState.Read, null, "not ours: meta/page 999 probe"), (events[1].State, events[1].Body, events[1].Note));
    }

    [Theory, OnBothDatabases]
    public async Task Two_nodes_that_read_the_same_events_at_once_write_each_thing_once(Database database)
    {
        await using var app = await QuietAsync(database);
        var shop = await app.NewShopAsync();
        await StoreAsync(app, [.. Enumerable.Range(1, 40).Select(n => ProbeSource.Body((shop.Messenger.Account, n, false)))]);
        var readers = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<EventReader>(app.Services)).ToList();
        await Task.WhenAll(readers.Select(r => Task.Run(() => r.ReadAsync(default))));
        app.Time.Advance(TimeSpan.FromSeconds(3));
        await readers[0].ReadAsync(default);
        Assert.Equal(Enumerable.Range(1, 40), await ProbeSource.NumbersIn(app, shop.Id));
        Assert.All(await EventsOf(app), e => Assert.Equal((EventState.Read, null), (e.State, e.Body)));
    }

    [Theory, OnBothDatabases]
    public async Task An_event_read_again_after_a_crash_between_its_two_commits_changes_nothing(Database database)
    {
        await using var app = await QuietAsync(database);
        var shop = await app.NewShopAsync();
        await StoreAsync(app, ProbeSource.Body((shop.Messenger.Account, 1, false), (shop.Messenger.Account, 2, false)));
        // The first commit of reading, without the second that marks the event.
        await using (var scope = app.In(shop.Id))
        {
            var e = (await EventsOf(app))[0];
            var parts = app.Get<IEnumerable<IEventSource>>().Single(s => s.Source == "probe").Split(e);
            foreach (var part in parts) part.Event = e;
            await scope.Db.InTransactionAsync(() => new ProbeSource().ApplyAsync(scope, [parts[0]], default), default);
        }
        await app.Get<EventReader>().ReadAsync(default);
        Assert.Equal([1, 2], await ProbeSource.NumbersIn(app, shop.Id));
    }

    [Theory, OnBothDatabases]
    public async Task A_running_app_reads_what_was_stored_without_being_asked(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Services = ProbeBook.Add });
        var shop = await app.NewShopAsync();
        Assert.True(await app.Get<EventWriter>().StoreAsync("probe", ProbeSource.Body((shop.Messenger.Account, 1, false)), default));
        await Eventually.HoldsAsync(async () => (await ProbeSource.NumbersIn(app, shop.Id)).Count == 1);
        await Eventually.HoldsAsync(async () => (await EventsOf(app)).All(e => e.Body is null));
    }

    private static Task<TestApp> QuietAsync(Database database) =>
        TestApp.StartAsync(database, new() { Started = false, Services = ProbeBook.Add, Time = new TestClock(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero)) });

    private static async Task StoreAsync(TestApp app, params byte[][] bodies)
    {
        await app.Get<EventWriter>().StartAsync(default);
        foreach (var body in bodies) Assert.True(await app.Get<EventWriter>().StoreAsync("probe", body, default));
    }

    private static async Task<List<InboundEvent>> EventsOf(TestApp app)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.InboundEvents.AsNoTracking().OrderBy(e => e.Id).ToListAsync();
    }
}
