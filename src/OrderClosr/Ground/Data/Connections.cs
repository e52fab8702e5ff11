using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>What every SQLite connection is told: durable commits, deleted content overwritten, foreign keys on.</summary>
internal static class SqlitePragmas
{
    internal static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma journal_mode=wal; pragma synchronous=full; pragma secure_delete=on; pragma foreign_keys=on; pragma busy_timeout=10000;";
        command.ExecuteNonQuery();
    }
}

/// <summary>Applies the pragmas to each connection that EF Core opens; <c>synchronous</c> is per connection.</summary>
internal sealed class SqliteConnections : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SqlitePragmas.Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SqlitePragmas.Apply(connection);
        return Task.CompletedTask;
    }
}

/// <summary>Tells PostgreSQL for which workspace a connection acts, so that its row-level security sees the same as our filter.</summary>
/// <remarks>Both forms are overridden: a synchronous open that forgot it would see nothing (facts/stack.md section 7).</remarks>
internal sealed class PostgresConnections(CurrentWorkspace workspace) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "select set_config('app.workspace', $1, false), set_config('app.everywhere', $2, false)";
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = workspace.Id.IsNone ? "" : workspace.Id.Value.ToString() });
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = workspace.IsEverywhere ? "on" : "" });
        return command;
    }
}
