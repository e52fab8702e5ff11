using OrderClosr.Ground.Running;

namespace OrderClosr.Verbs;

/// <summary><c>backup</c>: database and media in one encrypted file, while the app serves.</summary>
internal static class Backup
{
    internal static readonly Verb Verb = new("backup", "makes a backup of database and media in Backups__Folder, while the app serves", RunAsync, """
        One file, encrypted with the first key of FERNET_KEYS; it is there whole or not at all. Without that key nobody can read it.
        PostgreSQL: needs pg_dump (package postgresql-client), of the server's version or newer.
        exit codes: 0 made, 1 not made (the reason is said), 3 another one is being made, 130 stopped
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        using var signals = new Stopping();
        await app.Services.GetRequiredService<StartGate>().RefuseAsync(needDatabase: false, signals.Token);
        return await BackupEnds.SayAsync(async () =>
        {
            Console.WriteLine("Copying database and media …");
            if (await app.Services.GetRequiredService<Backups>().MakeAsync(signals.Token) is not { } made)
            {
                await Console.Error.WriteLineAsync("Another backup is being made.");
                return 3;
            }
            Console.WriteLine($"{made.File}\n{made.Rows} rows, {made.MediaFiles} files of media, {made.Bytes / 1024.0 / 1024:0.0} MB. Check it with: verify-backup {made.File}");
            return 0;
        }, signals);
    }
}

/// <summary>How verbs about backups end when something is in the way.</summary>
internal static class BackupEnds
{
    internal static async Task<int> SayAsync(Func<Task<int>> work, Stopping signals)
    {
        try
        {
            return await work();
        }
        catch (BackupBroken broken)
        {
            await Console.Error.WriteLineAsync(broken.Message);
            return 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync($"It did not work ({error.GetType().Name}): {(error is System.Data.Common.DbException ? "the database cannot be reached or refused" : error.Message)}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
    }
}
