using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Verbs;

/// <summary><c>purge</c>: what the nightly clocks take away, now.</summary>
internal static class Purge
{
    internal static readonly Verb Verb = new("purge", "takes away now what is older than it may be kept: events, finished jobs, backups", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        using var signals = new Stopping();
        var gate = app.Services.GetRequiredService<StartGate>();
        foreach (var database in (bool[])[false, true]) await gate.RefuseAsync(database, signals.Token);
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using (var scope = app.Services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("retention takes away old events and jobs of every workspace"))
            await scope.Get<IJobHandler<Prune>>().RunAsync(new(), new(default, 1, false), signals.Token);
        Console.WriteLine("Events and finished jobs that are too old are gone.");
        Console.WriteLine($"{app.Services.GetRequiredService<BackupFolder>().Prune(now)} backups older than 14 days are gone.");
        return 0;
    }
}
