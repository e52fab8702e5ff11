using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using Orleans;
using Orleans.Runtime;

namespace OrderClosr.Tests.Ground;

/// <summary>Several processes on one PostgreSQL.</summary>
public sealed class ClusterTests
{
    [Theory, OnPostgres]
    public async Task Of_writers_who_read_the_same_table_exactly_one_wins(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var table = await TableAsync(app);
        var read = await table.ReadAll();
        Assert.Equal(0, read.Version.Version);
        var wins = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => Task.Run(() => table.InsertRow(Member(i), read.Version.Next()))));
        Assert.Single(wins, w => w);
        read = await table.ReadAll();
        Assert.Equal((1, 1), (read.Version.Version, read.Members.Count));

        var (entry, etag) = read.Members[0];
        entry.Status = SiloStatus.Active;
        wins = await Task.WhenAll(Enumerable.Range(1, 12).Select(_ => Task.Run(() => table.UpdateRow(entry, etag, read.Version.Next()))));
        Assert.Single(wins, w => w);
        Assert.Equal(2, (await table.ReadAll()).Version.Version);
    }

    [Theory, OnPostgres]
    public async Task A_write_on_what_is_no_longer_so_changes_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var table = await TableAsync(app);
        Assert.True(await table.InsertRow(Member(1), (await table.ReadAll()).Version.Next()));
        var before = await table.ReadAll();
        Assert.False(await table.InsertRow(Member(1), before.Version.Next())); // there already
        Assert.False(await table.UpdateRow(Member(2), "0", before.Version.Next())); // nobody
        Assert.False(await table.UpdateRow(Member(1), "7", before.Version.Next())); // another state of the row
        Assert.False(await table.UpdateRow(Member(1), before.Members[0].Item2, new TableVersion(before.Version.Version, "0"))); // another state of the table
        var after = await table.ReadAll();
        Assert.Equal((before.Version, before.Members[0].Item2), (after.Version, after.Members[0].Item2));
    }

    [Theory, OnPostgres]
    public async Task All_that_a_silo_says_of_itself_comes_back_and_saying_that_it_lives_raises_no_version(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var table = await TableAsync(app);
        var member = Member(1);
        member.AddSuspector(Member(2).SiloAddress, new DateTime(2026, 11, 28, 9, 0, 1, DateTimeKind.Utc));
        Assert.True(await table.InsertRow(member, (await table.ReadAll()).Version.Next()));
        member.IAmAliveTime = member.IAmAliveTime.AddMinutes(5);
        await table.UpdateIAmAlive(member);
        var read = await table.ReadRow(member.SiloAddress);
        var back = Assert.Single(read.Members).Item1;
        Assert.Equal(1, read.Version.Version);
        Assert.Equal("0", read.Members[0].Item2);
        Assert.Equal(member.ToFullString(), back.ToFullString());
        Assert.Empty((await table.ReadRow(Member(9).SiloAddress)).Members);

        member.Status = SiloStatus.Dead;
        Assert.True(await table.UpdateRow(member, "0", read.Version.Next()));
        await table.CleanupDefunctSiloEntries(member.IAmAliveTime.AddSeconds(-1));
        Assert.Single((await table.ReadAll()).Members);
        await table.CleanupDefunctSiloEntries(member.IAmAliveTime.AddSeconds(1));
        Assert.Empty((await table.ReadAll()).Members);
    }

    [Theory, OnPostgres]
    public async Task Three_processes_share_the_work_and_two_go_on_when_one_breaks_off(Database database)
    {
        await using var first = await NodeAsync(database, null);
        await using var second = await NodeAsync(database, first);
        await using var third = await NodeAsync(database, first);
        var shop = await first.NewShopAsync();
        await Eventually.HoldsAsync(() => first.Get<ISiloStatusOracle>().GetActiveSilos().Length == 3);

        await WriteAsync("before");
        await Eventually.HoldsAsync(() => Ran("before") == 24);
        await Eventually.HoldsAsync(async () => await DoneAsync() == 24); // a run is counted before its end is written
        Assert.All((TestApp[])[first, second, third], node => Assert.NotEmpty(node.Get<ProbeBook>().Runs)); // 24 lanes, three nodes
        await second.BreakOffAsync();
        await WriteAsync("after");
        await Eventually.HoldsAsync(() => Ran("after") == 24);
        await Eventually.HoldsAsync(() => first.Get<ISiloStatusOracle>().GetActiveSilos().Length == 2);
        await Eventually.HoldsAsync(async () => await DoneAsync() == 48);
        Assert.DoesNotContain(second.Get<ProbeBook>().Runs, r => r.Word == "after");

        async Task<int> DoneAsync()
        {
            await using var scope = first.In(shop.Id);
            return await scope.Db.Jobs.CountAsync(j => j.State == JobState.Done);
        }

        int Ran(string word) => ((TestApp[])[first, second, third]).Sum(node => node.Get<ProbeBook>().Runs.Count(r => r.Word == word));

        async Task WriteAsync(string word)
        {
            await using var writing = first.In(shop.Id);
            for (var i = 0; i < 24; i++) writing.Db.Later(new Probe($"probe/{i}", "k", word), first.Get<TimeProvider>().GetUtcNow());
            await writing.Db.SaveChangesAsync();
        }
    }

    [Theory, OnPostgres]
    public async Task When_one_of_two_processes_is_killed_in_the_middle_of_talks_the_other_goes_on_with_them(Database database)
    {
        await using var world = await RoadWorld.StartAsync(database, new() { Started = false, VendorsPlay = true });
        var host = world.App;
        var buyers = new Buyers(world, [world.Shop, await RoadWorld.StockedAsync(host, await host.NewShopAsync())]);
        await using var door = await AppProcess.StartAsync(host, settings: Settings(), waits: false);
        await using var other = await AppProcess.StartAsync(host, url: $"http://127.0.0.1:{Ports.Free()}", settings: Settings(), waits: false);
        await door.IsReadyAsync();
        await other.IsReadyAsync();

        var buying = buyers.BuyAsync(10);
        // The door is the first one's; conversations and lanes lie on both.
        await Eventually.HoldsAsync(async () => await other.Http.GetStringAsync("/metrics") is var said && said.Contains("vendor=\"claude\"", StringComparison.Ordinal) && said.Contains("kind=\"send_message\"", StringComparison.Ordinal), Crashes.Patience);
        await other.KillAsync();
        var killedAt = host.Get<TimeProvider>().GetUtcNow();
        var begun = buyers.Count;
        await Eventually.HoldsAsync(() => buyers.Count > begun || buying.IsFaulted, Crashes.Patience);
        buyers.IsEnough();
        for (var second = 1; await Task.WhenAny(buying, Task.Delay(TimeSpan.FromSeconds(1))) != buying; second++)
        {
            // Nothing that lives takes so long.
            await Crashes.LeasesRunOutAsync(host, heldFor: TimeSpan.FromSeconds(20));
            if (second > 30) await Crashes.LookingEndsAsync(host, killedAt);
        }
        await buying;
        await buyers.NothingIsLostAndNothingTwiceAsync();
    }

    private static Dictionary<string, string> Settings() => new() { ["Cluster:Mode"] = "postgres", ["Cluster:Address"] = "127.0.0.1", ["Cluster:Port"] = $"{Ports.Free()}" };

    private static Task<TestApp> NodeAsync(Database database, TestApp? beside) => TestApp.StartAsync(database, new()
    {
        Beside = beside, Services = ProbeBook.Add,
        Settings = Settings().ToDictionary(s => s.Key, s => (string?)s.Value),
    });

    private static async Task<PostgresMembership> TableAsync(TestApp app)
    {
        var table = new PostgresMembership(app.Get<NpgsqlDataSource>());
        await table.InitializeMembershipTable(true);
        await table.InitializeMembershipTable(true);
        return table;
    }

    private static MembershipEntry Member(int number) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11000 + number), number), Status = SiloStatus.Joining, HostName = "host", SiloName = $"silo-{number}", RoleName = "role",
        ProxyPort = 3, UpdateZone = 1, FaultZone = 2, StartTime = new(2026, 11, 28, 8, 0, 0, DateTimeKind.Utc), IAmAliveTime = new(2026, 11, 28, 9, 0, 0, DateTimeKind.Utc), SuspectTimes = [],
    };
}
