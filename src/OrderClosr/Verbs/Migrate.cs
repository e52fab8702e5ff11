using OrderClosr.Ground.Running;

namespace OrderClosr.Verbs;

/// <summary><c>migrate</c>: brings the database to this version's tables without serving anybody.</summary>
internal static class Migrate
{
    internal static readonly Verb Verb = new("migrate", "brings the database to this version's tables", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
        await App.MigrateAsync(app.Services);
        Console.WriteLine("The database has this version's tables.");
        return 0;
    }
}
