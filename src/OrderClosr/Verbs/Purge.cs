using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Workspaces;

namespace OrderClosr.Verbs;

/// <summary><c>purge</c>: what the clocks take away, now.</summary>
internal static class Purge
{
    internal static readonly Verb Verb = new("purge", "takes away now what may not be kept: events, finished jobs, exports, backups, unconfirmed accounts, deleted workspaces", RunAsync, """
        Deleted workspaces whose week to undo is over go from the database and its files; those whose backups are gone get their proof (the running app sends
        the letters). May run beside the app, may be stopped and started again: it goes on with what is left.
        exit codes: 0 done, 1 refused (the reason is said), 3 the database's files could not be rewritten now: run it again
        """);

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
        Console.WriteLine($"{await app.Services.GetRequiredService<ExportClearing>().RunAsync(signals.Token)} exports older than 48 hours are gone.");
        Console.WriteLine($"{app.Services.GetRequiredService<BackupFolder>().Prune(now)} backups older than 14 days are gone.");
        Console.WriteLine($"{await app.Services.GetRequiredService<UnconfirmedAccounts>().PurgeAsync(signals.Token)} accounts that nobody confirmed in time are gone.");
        return await DeletionsAsync(app.Services, now, signals.Token);
    }

    private static async Task<int> DeletionsAsync(IServiceProvider services, DateTimeOffset now, CancellationToken stop)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the operator purges deleted workspaces");
        foreach (var gone in await scope.Db.Deletions.Where(d => d.PurgedAt != null).Select(d => d.WorkspaceId).ToListAsync(stop)) await services.GetRequiredService<Purging>().SettleAsync(gone, stop);
        var due = await PurgeWorkspacesHandler.DueAsync(scope.Db, now, stop);
        foreach (var workspace in due) while (!await services.GetRequiredService<Purging>().PurgeAsync(workspace, null, stop)) Console.WriteLine("A large workspace: going on with it …");
        Console.WriteLine($"{due.Count} deleted workspaces are gone.");
        if (await scope.Db.Deletions.AnyAsync(d => d.PurgedAt != null && d.ScrubbedAt == null, stop))
        {
            Console.WriteLine("Rewriting the database's files …");
            if (await services.GetRequiredService<Scrubbing>().RunAsync(services.GetRequiredService<TimeProvider>().GetUtcNow(), stop) is { } words)
            {
                await Console.Error.WriteLineAsync(words);
                return 3;
            }
        }
        Console.WriteLine($"{await scope.Get<DeletionProofs>().AskAsync(stop)} deletions are proven: their owners get the letter.");
        return 0;
    }
}
