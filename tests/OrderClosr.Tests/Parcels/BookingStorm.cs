using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Orders;
using OrderClosr.Parcels;

namespace OrderClosr.Tests.Parcels;

/// <summary>Books orders at every courier over lines that fail in all ways, and then counts at the couriers themselves.</summary>
/// <remarks>The app is built and not started: the lanes are run here, on a clock that jumps to what is due next, so that the couriers' limits and our waits cost nothing.</remarks>
internal sealed class BookingStorm(IServiceProvider services, StormTown town, FakeTimeProvider clock)
{
    /// <summary>So long it blows, from the first booking; later tries then find a calm line.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Connects all couriers and reads their lists, on a calm line.</summary>
    internal async Task ConnectAsync()
    {
        await town.ConnectAsync();
        await RunLanesAsync(ReadLists.Kind, TimeSpan.MaxValue);
    }

    /// <summary>Ships so many confirmed orders, one courier after the other, and waits until every booking has come to its end.</summary>
    /// <param name="weather">What is done to the lines before the first booking; null: a storm.</param>
    internal async Task<IReadOnlyList<StormCount>> RunAsync(int orders, Func<Task>? weather = null)
    {
        var shipped = new Dictionary<string, List<OrderId>>(StringComparer.Ordinal);
        for (var i = 0; i < orders; i++)
        {
            var courier = CourierRoad.All[i % CourierRoad.All.Count].Name;
            if (!shipped.TryGetValue(courier, out var list)) shipped[courier] = list = [];
            list.Add(await town.OrderAsync(i));
        }
        await (weather ?? town.BlowAsync)();
        foreach (var (courier, list) in shipped)
        {
            await using var scope = town.Open();
            foreach (var row in await scope.Get<ShipOrder>().RunAsync(list, town.Accounts[courier], new(ActorKind.Member, clock.GetUtcNow()), default))
                if (!row.Result.Ok) throw new InvalidOperationException($"{courier}: {row.Result.Refusal.Words}");
        }
        await RunLanesAsync(BookParcels.Kind, Lasts);
        var counts = new List<StormCount>();
        foreach (var courier in CourierRoad.All.Where(c => shipped.ContainsKey(c.Name))) counts.Add(await town.CountAsync(courier, shipped[courier.Name]));
        return counts;
    }

    /// <summary>Runs all lanes side by side until no job of this kind waits in them.</summary>
    private async Task RunLanesAsync(string kind, TimeSpan storm)
    {
        var runner = services.GetRequiredService<JobRunner>();
        var lanes = town.Accounts.Values.Select(CourierAccount.LaneOf).ToList();
        var (began, isCalm) = (clock.GetUtcNow(), false);
        while (true)
        {
            if (!isCalm && clock.GetUtcNow() - began > storm)
            {
                await town.CalmAsync();
                isCalm = true;
            }
            await using (var scope = town.Open())
                if (!await scope.Db.Jobs.AnyAsync(j => j.Kind == kind && lanes.Contains(j.Lane) && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown))) return;
            var next = new List<DateTimeOffset>();
            foreach (var lane in lanes)
                if (await runner.NextDueAsync(lane, default) is { } due) next.Add(due);
            if (next.Count == 0) throw new InvalidOperationException($"A job of kind {kind} waits and nothing is due.");
            if (next.Min() is var first && first > clock.GetUtcNow()) clock.Advance(first - clock.GetUtcNow());
            await GoOnAsync(Task.WhenAll(lanes.Select(lane => Task.Run(() => runner.RunDueAsync(lane, default)))));
        }
    }

    /// <summary>Lets the clock walk on while work waits for a courier's limit.</summary>
    private async Task GoOnAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(8));
            if (!work.IsCompleted) clock.Advance(Step);
        }
        await work;
    }
}
