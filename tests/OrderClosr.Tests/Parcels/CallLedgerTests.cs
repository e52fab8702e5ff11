using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Parcels;

/// <summary>One budget of calls per courier account, over all machines and past every crash.</summary>
public sealed class CallLedgerTests
{
    private static readonly LaneLimit[] Yalidine = [new(5, TimeSpan.FromSeconds(1)), new(50, TimeSpan.FromMinutes(1)), new(1_000, TimeSpan.FromHours(1)), new(10_000, TimeSpan.FromDays(1))];
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Three greedy processes with one ledger for two days; they die and are slow at random. No stretch of a window ever holds more than its limit.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_stretch_of_time_ever_holds_more_calls_than_the_courier_allows(int seed)
    {
        var random = new Random(seed);
        var (text, now, mark) = ("", Start, 0);
        var calls = new List<DateTimeOffset>();
        var held = new (int Mark, int Left, int Used, DateTimeOffset Until, DateTimeOffset Last, DateTimeOffset Next)[3];
        while (now < Start.AddHours(3))
        {
            var i = random.Next(3);
            // Mostly at once, now and then a rest.
            now += random.Next(100) switch { < 70 => TimeSpan.FromMilliseconds(random.Next(60)), < 99 => TimeSpan.FromSeconds(random.NextDouble()), _ => TimeSpan.FromSeconds(random.Next(30)) };
            if (random.Next(200) == 0) held[i] = default; // killed: nobody says what it did with its block
            if (held[i].Next > now) continue;
            if (held[i].Left == 0 || held[i].Until <= now)
            {
                var ledger = CallLedger.Read(text);
                if (held[i].Mark != 0) ledger.Settle(held[i].Mark, held[i].Used, held[i].Last);
                var given = ledger.Take(Yalidine, i == 2, now, ++mark);
                text = ledger.ToString();
                held[i] = given.Calls > 0 ? (mark, given.Calls, 0, given.Until, default, default) : (0, 0, 0, default, default, given.Until);
                if (given.Calls == 0) continue;
            }
            held[i] = held[i] with { Left = held[i].Left - 1, Used = held[i].Used + 1, Last = now };
            calls.Add(now);
        }
        foreach (var limit in Yalidine)
        {
            var most = 0;
            for (int first = 0, last = 0; last < calls.Count; last++)
            {
                while (calls[last] - calls[first] >= limit.Per) first++;
                most = Math.Max(most, last - first + 1);
            }
            Assert.True(most <= limit.Count, $"{most} calls within {limit.Per}");
        }
        // It is no proof if hardly anybody calls: the hour's limit is the narrow one.
        Assert.True(calls.Count > 2_000, $"Only {calls.Count} calls in three hours");
        Assert.True(text.Length < 8_000, $"The row has grown to {text.Length} letters");
    }

    [Fact]
    public void What_is_unused_of_a_block_comes_back_once_its_holder_says_so()
    {
        LaneLimit[] limits = [new(60, TimeSpan.FromMinutes(1))];
        var ledger = CallLedger.Read("");
        Assert.Equal(5, ledger.Take(limits, false, Start, 1).Calls);
        Assert.Equal(5, ledger.Take(limits, false, Start, 2).Calls);
        ledger.Settle(1, 2, Start.AddSeconds(0.3));
        ledger = CallLedger.Read(ledger.ToString());
        Assert.Equal(7, ledger.Since(Start));
        ledger.Settle(2, 0, default);
        Assert.Equal(2, ledger.Since(Start));
        ledger.Settle(2, 0, default); // told twice
        Assert.Equal(2, ledger.Since(Start));
    }

    [Fact]
    public void Calls_that_can_wait_leave_a_part_of_every_window_to_those_that_cannot()
    {
        LaneLimit[] limits = [new(50, TimeSpan.FromMinutes(1))];
        var (ledger, mark) = (CallLedger.Read(""), 0);
        var waiting = 0;
        while (ledger.Take(limits, true, Start, ++mark) is { Calls: > 0 } given) waiting += given.Calls;
        Assert.Equal(35, waiting);
        var others = 0;
        while (ledger.Take(limits, false, Start, ++mark) is { Calls: > 0 } given) others += given.Calls;
        Assert.Equal(50, waiting + others);
        Assert.Equal(Start.AddSeconds(67), ledger.Take(limits, false, Start, ++mark).Until); // the blocks' end, the window, the way
    }

    /// <summary>Two processes with a pace each, and one that was killed in the midst of a minute: the row knows of all.</summary>
    [Theory, OnBothDatabases]
    public async Task A_restarted_process_and_one_beside_it_share_what_is_left_of_the_minute(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        var abilities = new CourierAbilities { Lookup = Lookup.None, Repeat = Repeat.MakesAnother, Limits = [new(20, TimeSpan.FromMinutes(1))] };
        CourierPace Process() => new CourierPaces(world.App.Get<WorkspaceScopes>(), world.Clock).Of(world.Shop.Id, world.Account, abilities);
        world.Clock.Advance(TimeSpan.FromHours(1));
        var counts = new List<int>();
        for (var process = 0; process < 2; process++) counts.Add(await AllAsync(Process(), 5));
        // Each took blocks of two and was killed in the midst of one: what it held is lost, never made twice.
        var (beside, restarted) = (Process(), Process());
        var rest = await Task.WhenAll(AllAsync(beside, 20), AllAsync(restarted, 20));
        Assert.Equal([5, 5], counts);
        Assert.Equal(8, rest.Sum());
        world.Clock.Advance(TimeSpan.FromSeconds(68));
        Assert.Equal(6, await AllAsync(beside, 6));
    }

    [Theory, OnBothDatabases]
    public async Task A_wait_the_courier_asks_for_holds_every_process(Database database)
    {
        await using var world = await ParcelsWorld.StartAsync(database);
        CourierPace Process() => new CourierPaces(world.App.Get<WorkspaceScopes>(), world.Clock).Of(world.Shop.Id, world.Account, world.Courier.Abilities);
        var (told, other) = (Process(), Process());
        told.Hold(TimeSpan.FromSeconds(60));
        await told.ShareHoldAsync(default);
        Assert.Equal(0, await AllAsync(other, 1));
        world.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, await AllAsync(other, 1));
    }

    /// <summary>How many calls may start now, at most so many.</summary>
    private static async Task<int> AllAsync(CourierPace pace, int most)
    {
        for (var count = 0; ; count++)
        {
            if (count == most) return count;
            try
            {
                await pace.StartAsync(false, default);
            }
            catch (VendorFailure failure) when (failure.Category == FailureCategory.RateLimited)
            {
                return count;
            }
        }
    }
}
