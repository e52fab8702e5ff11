using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Verbs;

/// <summary><c>check</c>: what the server would refuse to start with, whom it may talk to, what waits for a person. Exit code 1 when something is wrong.</summary>
internal static class Check
{
    internal static readonly Verb Verb = new("check", "looks at configuration, keys, database TLS, vendors and what waits for a person", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        var wrong = 0;
        var databaseAsked = true;
        foreach (var check in app.Services.GetServices<StartCheck>().OrderBy(c => c.NeedsDatabase))
        {
            if (check.NeedsDatabase && wrong > 0)
            {
                databaseAsked = false;
                Console.WriteLine($"{check.Name,-14} not asked before the rest is right");
                continue;
            }
            var problems = await check.Problems(app.Services, default);
            wrong += problems.Count;
            Console.WriteLine($"{check.Name,-14} {(problems.Count == 0 ? "ok" : problems[0])}");
            foreach (var more in problems.Skip(1)) Console.WriteLine($"{"",-14} {more}");
        }
        if (FernetKeys.Problem(app.Configuration["FERNET_KEYS"]) is null)
            Console.WriteLine($"{"keys in use",-14} {string.Join(", ", app.Services.GetRequiredService<FernetKeys>().All.Select(k => k.Fingerprint))} (the first encrypts)");
        foreach (var rule in app.Services.GetServices<OutboundRule>())
            Console.WriteLine($"{"may call",-14} {rule.Vendor}: {string.Join(", ", rule.Hosts)}{(rule.MayBePrivate ? " (a private address is configured)" : "")}");
        if (databaseAsked && wrong == 0) await WaitingAsync(app.Services);
        return wrong == 0 ? 0 : 1;
    }

    private static async Task WaitingAsync(IServiceProvider services)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the operator asks what waits for a person in any workspace");
        var unreadable = await scope.Db.InboundEvents.CountAsync(e => e.State == EventState.Unreadable);
        var failed = await scope.Db.Everywhere<Job>().Where(j => j.State == JobState.Refused || j.State == JobState.GivenUp || j.State == JobState.Parked)
            .GroupBy(j => new { j.Kind, j.State }).Select(g => new { g.Key.Kind, g.Key.State, Count = g.Count() }).ToListAsync();
        Console.WriteLine($"{"events",-14} {unreadable} unreadable");
        Console.WriteLine($"{"jobs",-14} {(failed.Count == 0 ? "none failed" : string.Join(", ", failed.Select(f => $"{f.Count} {f.Kind} {f.State}")))}");
    }
}
