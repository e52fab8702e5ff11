using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Tests.Support;

/// <summary>One test's own database: a copy of a template that was migrated once in this run.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(Database kind, string folder, string connectionString) => (Kind, Folder, ConnectionString) = (kind, folder, connectionString);

    internal Database Kind { get; }

    /// <summary>The test's data folder; gone with the test.</summary>
    internal string Folder { get; }

    internal string ConnectionString { get; }

    private static readonly ConcurrentDictionary<(Database Kind, bool AtRest), Lazy<Task<TestDatabase>>> Templates = [];

    // PostgreSQL copies a template only while nobody else does.
    private static readonly SemaphoreSlim Copying = new(1, 1);

    /// <param name="kind">Which database.</param>
    /// <param name="atRest">All recurring work of the next hours counts as done: done by every start it is a third of what a start costs.</param>
    internal static async Task<TestDatabase> CreateAsync(Database kind, bool atRest)
    {
        var folder = NewFolder();
        var migrated = await Templates.GetOrAdd((kind, atRest), of => new(() => MigratedAsync(of.Kind, of.AtRest))).Value;
        if (kind == Database.Sqlite)
        {
            File.Copy(FileIn(migrated.Folder), FileIn(folder));
            return new(kind, folder, $"Data Source={FileIn(folder)}");
        }
        await Copying.WaitAsync();
        try
        {
            return new(kind, folder, await PostgresServer.CreateAsync(PostgresServer.NameOf(migrated.ConnectionString)));
        }
        finally
        {
            Copying.Release();
        }
    }

    /// <summary>A database without a single table.</summary>
    internal static async Task<TestDatabase> CreateEmptyAsync(Database kind)
    {
        var folder = NewFolder();
        // Not pooled: a pooled connection would keep the journal of the file that is copied.
        return new(kind, folder, kind == Database.Sqlite ? $"Data Source={FileIn(folder)};Pooling=False" : await PostgresServer.CreateAsync());
    }

    private static async Task<TestDatabase> MigratedAsync(Database kind, bool atRest)
    {
        var database = await CreateEmptyAsync(kind);
        await using (var app = App.Build([], TestApp.SettingsFor(database), builder => builder.Logging.ClearProviders()))
        {
            await App.MigrateAsync(app.Services);
            await TakeClocksAsync(app.Services, atRest ? Clocks.All : Clocks.All.Where(c => c.Name == "check-channels"));
        }
        if (kind == Database.Postgres) Npgsql.NpgsqlConnection.ClearAllPools();
        return database;
    }

    /// <summary>What these clocks would begin within the next hours counts as done. The looks at the channels always do: they would come at moments of their own and take the faults that a test lays for another call.</summary>
    private static async Task TakeClocksAsync(IServiceProvider services, IEnumerable<Clock> clocks)
    {
        var now = DateTimeOffset.UtcNow;
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the template of every test's database");
        foreach (var clock in clocks)
        {
            var step = clock.Every ?? TimeSpan.FromHours(1);
            var periods = Enumerable.Range(0, (int)(TimeSpan.FromHours(3) / step) + 1).Select(n => clock.PeriodOf(now + (n * step))).OfType<string>().Distinct();
            scope.Db.AddRange(periods.Select(period => new ClockRun { Name = clock.Name, Period = period, At = now }));
        }
        await scope.Db.SaveChangesAsync();
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("orderclosr-test-").FullName;

    private static string FileIn(string folder) => Path.Combine(folder, "orderclosr.db");

    public async ValueTask DisposeAsync()
    {
        if (Kind == Database.Sqlite)
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection(ConnectionString);
            Microsoft.Data.Sqlite.SqliteConnection.ClearPool(connection);
        }
        else
        {
            await PostgresServer.DropAsync(ConnectionString);
        }
        Directory.Delete(Folder, recursive: true);
    }
}
