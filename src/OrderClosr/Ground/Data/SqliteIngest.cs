using Microsoft.Data.Sqlite;
using OrderClosr.Ground.Events;

namespace OrderClosr.Ground.Data;

/// <summary>The one connection that stores webhook deliveries on SQLite, with a prepared statement: many rows, one commit.</summary>
internal sealed class SqliteIngest(string connectionString) : IDisposable
{
    private SqliteConnection? _connection;
    private SqliteCommand? _insert;

    internal void Insert(IReadOnlyList<InboundEvent> events)
    {
        Open();
        using var transaction = _connection!.BeginTransaction();
        _insert!.Transaction = transaction;
        foreach (var e in events)
        {
            _insert.Parameters[0].Value = e.Id.Value.ToString().ToUpperInvariant();
            _insert.Parameters[1].Value = e.Key;
            _insert.Parameters[2].Value = e.Source;
            _insert.Parameters[3].Value = e.ReceivedAt.ToUnixTimeMilliseconds();
            _insert.Parameters[4].Value = e.State.ToString();
            _insert.Parameters[5].Value = e.Attempts;
            _insert.Parameters[6].Value = (object?)e.Body ?? DBNull.Value;
            _insert.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    private void Open()
    {
        if (_connection is not null) return;
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        SqlitePragmas.Apply(connection);
        _insert = connection.CreateCommand();
        _insert.CommandText = """
            insert into inbound_events (id, key, source, received_at, state, attempts, body)
            values ($id, $key, $source, $received_at, $state, $attempts, $body)
            on conflict (key) do nothing
            """;
        foreach (var name in (string[])["$id", "$key", "$source", "$received_at", "$state", "$attempts", "$body"]) _insert.Parameters.Add(new() { ParameterName = name });
        _connection = connection;
    }

    public void Dispose()
    {
        _insert?.Dispose();
        _connection?.Dispose();
    }
}
