using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

/// <summary>A job of these tests; what it does is up to the test.</summary>
internal sealed record Probe(string Lane, string OrderKey, string Word) : IJob
{
    public static string Kind => "probe";
    public static TimeSpan GiveUpAfter => TimeSpan.FromHours(3);
}

/// <summary>What the probes did, and what they shall do.</summary>
internal sealed class ProbeBook : IListener<LaneBroken>
{
    internal ConcurrentQueue<(string Word, JobRun Run)> Runs { get; } = new();
    internal ConcurrentQueue<string> Failed { get; } = new();
    internal ConcurrentQueue<LaneBroken> Broken { get; } = new();
    internal Func<Probe, JobRun, CancellationToken, Task<JobOutcome>> Do { get; set; } = (_, _, _) => Task.FromResult(JobOutcome.Done());

    public Task OnAsync(LaneBroken fact, CancellationToken stop)
    {
        Broken.Enqueue(fact);
        return Task.CompletedTask;
    }

    internal static void Add(IServiceCollection services) => services.AddSingleton<ProbeBook>().AddJob<Probe, ProbeHandler>()
        .AddSingleton<IListener<LaneBroken>>(p => p.GetRequiredService<ProbeBook>()).AddSingleton(new LaneRule("probe/", new LaneBudget(3)))
        .AddSingleton<IEventSource, ProbeSource>();
}

internal sealed class ProbeHandler(ProbeBook book) : IJobHandler<Probe>
{
    public Task<JobOutcome> RunAsync(Probe job, JobRun run, CancellationToken stop)
    {
        book.Runs.Enqueue((job.Word, run));
        return book.Do(job, run, stop);
    }

    public Task OnFailedAsync(Probe job, string words, CancellationToken stop)
    {
        book.Failed.Enqueue($"{job.Word}: {words}");
        return Task.CompletedTask;
    }
}

/// <summary>Deliveries of these tests: each part puts one fee, known by its number, into its shop.</summary>
internal sealed class ProbeSource : IEventSource
{
    public string Source => "probe";

    internal sealed record Part(string RouteSource, string Account, int Number, bool Broken) : EventPart(RouteSource, Account, "probe");

    internal static byte[] Body(params IEnumerable<(string Account, int Number, bool Broken)> parts) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts.Select(p => new { account = p.Account, number = p.Number, broken = p.Broken, words = "slm ch7al hadi" })));

    public IReadOnlyList<EventPart> Split(InboundEvent e) => [.. JsonDocument.Parse(e.Body!).RootElement.EnumerateArray()
        .Select(p => new Part("meta/page", p.GetProperty("account").GetString()!, p.GetProperty("number").GetInt32(), p.GetProperty("broken").GetBoolean()))];

    public async Task ApplyAsync(WorkspaceScope scope, IReadOnlyList<EventPart> parts, CancellationToken stop)
    {
        foreach (var part in parts.Cast<Part>())
        {
            if (part.Broken) throw new InvalidOperationException("slm ch7al hadi");
            if (await scope.Db.DeliveryFees.AnyAsync(f => f.CommuneCode == part.Number, stop)) continue;
            scope.Db.Add(new DeliveryFee { Id = Id<DeliveryFee>.New(part.Event.ReceivedAt), WilayaCode = 1, CommuneCode = part.Number, Home = new Dinars(1) });
            await scope.Db.SaveChangesAsync(stop);
        }
    }

    internal static async Task<List<int>> NumbersIn(TestApp app, WorkspaceId workspace)
    {
        await using var scope = app.In(workspace);
        return await scope.Db.DeliveryFees.Where(f => f.CommuneCode != 0).OrderBy(f => f.CommuneCode).Select(f => f.CommuneCode).ToListAsync();
    }
}
