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

    private static readonly Lazy<Task<TestDatabase>> SqliteTemplate = new(() => MigratedAsync(Database.Sqlite));
    private static readonly Lazy<Task<TestDatabase>> PostgresTemplate = new(() => MigratedAsync(Database.Postgres));

    // PostgreSQL copies a template only while nobody else does.
    private static readonly SemaphoreSlim Copying = new(1, 1);

    internal static async Task<TestDatabase> CreateAsync(Database kind)
    {
        var folder = NewFolder();
        if (kind == Database.Sqlite)
        {
            var template = await SqliteTemplate.Value;
            File.Copy(FileIn(template.Folder), FileIn(folder));
            return new(kind, folder, $"Data Source={FileIn(folder)}");
        }
        var migrated = await PostgresTemplate.Value;
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

    private static async Task<TestDatabase> MigratedAsync(Database kind)
    {
        var database = await CreateEmptyAsync(kind);
        await using (var app = App.Build([], TestApp.SettingsFor(database), builder => builder.Logging.ClearProviders()))
        {
            await App.MigrateAsync(app.Services);
            await TakeLooksAtChannelsAsync(app.Services);
        }
        if (kind == Database.Postgres) Npgsql.NpgsqlConnection.ClearAllPools();
        return database;
    }

    /// <summary>The looks at the channels of the next hours count as done: they would come at moments of their own and take the faults that a test lays for another call.</summary>
    private static async Task TakeLooksAtChannelsAsync(IServiceProvider services)
    {
        var (clock, now) = (Clocks.All.Single(c => c.Name == "check-channels"), DateTimeOffset.UtcNow);
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the template of every test's database");
        for (var n = 0; n < 6; n++) scope.Db.Add(new ClockRun { Name = clock.Name, Period = clock.PeriodOf(now + (n * clock.Every!.Value))!, At = now });
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
