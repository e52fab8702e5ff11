using OrderClosr.Ground.Running;

namespace OrderClosr.Verbs;

/// <summary><c>restored</c>: to be run once, before the server, after an older copy of the database was put back by any means.</summary>
internal static class TellRestored
{
    internal static readonly Verb Verb = new("restored", "says that the database is an older copy: what it may have forgotten is looked for before it is done again", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
        await App.MigrateAsync(app.Services);
        var told = await app.Services.GetRequiredService<Restored>().TellAsync(default);
        Console.WriteLine($"{told} workspaces know that their rows are older than the world.");
        return 0;
    }
}
