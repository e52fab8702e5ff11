using OrderClosr.Ground.Running;

namespace OrderClosr.Verbs;

/// <summary><c>verify-backup FILE</c>: restores into a scratch database, counts every table, throws it away.</summary>
internal static class VerifyBackup
{
    internal static readonly Verb Verb = new("verify-backup FILE", "restores a backup into a scratch database and counts every table", RunAsync, """
        Reads the whole file, restores it beside the database and counts every table against what was counted when it was made. Nothing of ours changes.
        --scratch "Host=…;Database=…"   PostgreSQL: an empty database to restore into; without it one is made and dropped, for which the role needs createdb
        exit codes: 0 the backup is good, 1 it is not (the reason is said), 2 no file named, 130 stopped
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        var rest = args.ToList();
        string? scratch = null;
        if (rest.IndexOf("--scratch") is >= 0 and var at && at + 1 < rest.Count)
        {
            scratch = rest[at + 1];
            rest.RemoveRange(at, 2);
        }
        if (rest.FirstOrDefault(a => !a.StartsWith('-')) is not { } file)
        {
            await Console.Error.WriteLineAsync("Which file? verify-backup FILE");
            return 2;
        }
        rest.Remove(file);
        await using var app = App.Build([.. rest]);
        using var signals = new Stopping();
        await app.Services.GetRequiredService<StartGate>().RefuseAsync(needDatabase: false, signals.Token);
        return await BackupEnds.SayAsync(async () =>
        {
            Console.WriteLine("Reading the backup and restoring it into a scratch database …");
            var seen = await app.Services.GetRequiredService<Backups>().VerifyAsync(file, scratch, signals.Token);
            foreach (var table in seen.Tables) Console.WriteLine($"  {table.Name,-34} {table.Found,10} {(table.Found == table.Expected ? "ok" : $"should be {table.Expected}")}");
            Console.WriteLine($"  {"media",-34} {seen.MediaFiles,10} files, {seen.MediaBytes} bytes");
            Console.WriteLine($"Made {seen.At:yyyy-MM-dd HH:mm:ss} UTC: {(seen.IsRight ? "the backup is good." : "the backup is NOT good.")}");
            return seen.IsRight ? 0 : 1;
        }, signals);
    }
}
