using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Verbs;

/// <summary><c>restore FILE</c>: puts a backup back, brings it to this version and tells every workspace that its rows are older than the world.</summary>
internal static class Restore
{
    internal static readonly Verb Verb = new("restore FILE [--yes]", "replaces database and media by a backup; no app may run", RunAsync, """
        Reads the whole file first; half a file, a changed byte or a key too few changes nothing. Asks before it replaces anything; --yes answers for scripts.
        The database is replaced whole or not at all, then brought to this version, and every workspace is told that its rows are older than the
        world: what may have been done since is looked for before it is done again (bookings at couriers). A workspace that was deleted since is deleted
        again, one that was asked to go stays so, an account that its person closed since is closed again.
        exit codes: 0 restored, 1 not restored (the reason is said), 2 no file named or not confirmed, 3 the copy is in place but what follows failed: run the verb restored
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        if (args.FirstOrDefault(a => !a.StartsWith('-')) is not { } file)
        {
            await Console.Error.WriteLineAsync("Which file? restore FILE");
            return 2;
        }
        await using var app = App.Build([.. args.Except([file, "--yes"])]);
        using var signals = new Stopping();
        await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(signals.Token);
        return await BackupEnds.SayAsync(async () =>
        {
            string[] migrations;
            await using (var none = app.Services.GetRequiredService<WorkspaceScopes>().OpenNone()) migrations = [.. none.Db.Database.GetMigrations()];
            Console.WriteLine("Reading the backup …");
            using var ready = await app.Services.GetRequiredService<Backups>().OpenAsync(file, migrations, signals.Token);
            if (!args.Contains("--yes"))
            {
                Console.WriteLine($"This replaces the database and all media by what they were on {ready.At:yyyy-MM-dd HH:mm:ss} UTC. What came later is lost. Write yes to go on:");
                if (Console.ReadLine()?.Trim() != "yes")
                {
                    await Console.Error.WriteLineAsync("Nothing was changed.");
                    return 2;
                }
            }
            await ready.PutBackAsync();
            return await AfterAsync(app.Services);
        }, signals);
    }

    private static async Task<int> AfterAsync(IServiceProvider services)
    {
        try
        {
            await App.MigrateAsync(services);
            var told = await services.GetRequiredService<Restored>().TellAsync(default);
            Console.WriteLine($"Restored; {told} workspaces know that their rows are older than the world.");
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"The copy is in place, but what has to follow failed ({error.GetType().Name}). Run the verb restored before you start the app.");
            return 3;
        }
        foreach (var problem in await services.GetRequiredService<StartGate>().ProblemsAsync(needDatabase: true, default)) await Console.Error.WriteLineAsync($"- {problem}");
        return 0;
    }
}
