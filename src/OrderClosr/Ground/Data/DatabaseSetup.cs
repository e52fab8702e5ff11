using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>Chooses the database by the connection string and registers the one context for it.</summary>
public static class DatabaseSetup
{
    /// <summary>The contract's default: a SQLite file in the data folder.</summary>
    public const string DefaultConnection = "Data Source=data/orderclosr.db";

    /// <summary>Adds <see cref="OrderClosrDb"/>, tenancy and what differs per database. <c>Host=…</c> means PostgreSQL, <c>Data Source=…</c> SQLite.</summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services, string connectionString)
    {
        services.AddScoped<CurrentWorkspace>();
        services.AddSingleton<WorkspaceScopes>();
        services.AddSingleton<Bell>();
        if (IsPostgres(connectionString))
        {
            // A turn asks dozens of small things, each of them many times a minute: planned anew each time, they cost more than their answers.
            // Whoever pools connections outside says "Max Auto Prepare=0" in the connection string.
            services.AddSingleton(_ => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder($"Max Auto Prepare=200;{connectionString}") { ApplicationName = "OrderClosr" }));
            services.AddSingleton<Dialect, PostgresDialect>();
            services.AddScoped<PostgresConnections>();
            // The data source is found among our services. Handing it over would make EF build its own services and the model once per
            // connection string and keep them for ever: nothing for one app, gigabytes for hundreds of test databases in one process.
            services.AddDbContext<OrderClosrDb, PostgresDb>((provider, options) => options
                .UseNpgsql()
                .AddInterceptors([provider.GetRequiredService<PostgresConnections>(), .. provider.GetServices<ISaveChangesInterceptor>()]));
        }
        else
        {
            services.AddSingleton<Dialect>(_ => new SqliteDialect(connectionString));
            services.AddDbContext<OrderClosrDb, SqliteDb>((provider, options) => options.UseSqlite(connectionString).AddInterceptors([Pragmas, .. provider.GetServices<ISaveChangesInterceptor>()]));
        }
        return services;
    }

    /// <summary>True for a PostgreSQL connection string.</summary>
    public static bool IsPostgres(string connectionString) => connectionString.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    private static readonly SqliteConnections Pragmas = new();
}
