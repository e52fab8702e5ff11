using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>Deliveries go first; what steps back for them still moves on.</summary>
public sealed class StrainTests
{
    private readonly TestClock _time = new();

    [Fact]
    public async Task On_SQLite_a_delivery_waits_for_the_open_transaction_and_not_for_those_in_the_queue()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var dialect = app.Get<Dialect>();
        var open = await dialect.WaitToWriteAsync(default);
        var (first, second) = (dialect.WaitToWriteAsync(default).AsTask(), dialect.WaitToWriteAsync(default).AsTask());
        var delivery = dialect.InsertEventsAsync([new() { Id = Id<InboundEvent>.New(TimeProvider.System.GetUtcNow()), Key = "k", Source = "nobody", ReceivedAt = TimeProvider.System.GetUtcNow(), Body = [1] }], default);
        Assert.False(delivery.IsCompleted);
        open!.Dispose();
        using (await first)
        {
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            Assert.Equal(1, await scope.Db.InboundEvents.CountAsync());
            Assert.False(second.IsCompleted);
        }
        (await second)!.Dispose();
        await delivery;
    }

    [Fact]
    public async Task One_that_waits_in_the_queue_and_gives_up_blocks_nobody()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var dialect = app.Get<Dialect>();
        var open = await dialect.WaitToWriteAsync(default);
        using var impatient = new CancellationTokenSource();
        var gone = dialect.WaitToWriteAsync(impatient.Token).AsTask();
        var patient = dialect.WaitToWriteAsync(default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        open!.Dispose();
        (await patient)!.Dispose();
    }

    [Fact]
    public void A_few_slow_deliveries_or_some_quick_ones_are_no_strain()
    {
        var strain = new Strain(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        strain.Note(59, TimeSpan.FromMilliseconds(2));
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(60));
            strain.Note(9, TimeSpan.FromSeconds(1));
        }
        Assert.False(strain.IsOn);
        Assert.True(Waits(strain, "turns").IsCompleted);
    }

    [Fact]
    public void Sixty_deliveries_within_a_tenth_of_a_second_are_however_soon_they_are_stored()
    {
        var strain = new Strain(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 59; i++) strain.Note(1, TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(101));
        for (var i = 0; i < 59; i++) strain.Note(1, TimeSpan.Zero);
        Assert.False(strain.IsOn);
        strain.Note(1, TimeSpan.Zero);
        Assert.True(strain.IsOn);
    }

    [Fact]
    public async Task Under_strain_one_step_of_a_kind_is_taken_each_quarter_of_a_second_and_the_line_goes_on_when_it_is_over()
    {
        var strain = new Strain(_time);
        _time.Advance(TimeSpan.FromSeconds(1));
        Flood(strain);
        var (reading, first, second) = (Waits(strain, "reading"), Waits(strain, "turns"), Waits(strain, "turns"));
        for (var passed = TimeSpan.Zero; passed < Strain.Longest; passed += TimeSpan.FromMilliseconds(10))
        {
            Assert.False(reading.IsCompleted || first.IsCompleted);
            Step(strain);
        }
        await MovingOnAsync(() => Step(strain), reading, first);
        Assert.False(second.IsCompleted);
        await MovingOnAsync(() => _time.Advance(TimeSpan.FromMilliseconds(10)), second);
    }

    /// <summary>Moves the clock until the tasks are done: who waits looks at it on another thread.</summary>
    private static async Task MovingOnAsync(Action step, params Task[] tasks)
    {
        for (var i = 0; i < 2000 && !tasks.All(t => t.IsCompleted); i++)
        {
            step();
            await Task.Yield();
        }
        await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static Task Waits(Strain strain, string kind) => strain.GiveWayAsync(kind, default).AsTask();

    private static void Flood(Strain strain) => strain.Note(64, TimeSpan.FromMilliseconds(20));

    private void Step(Strain strain)
    {
        Flood(strain);
        _time.Advance(TimeSpan.FromMilliseconds(10));
    }
}
