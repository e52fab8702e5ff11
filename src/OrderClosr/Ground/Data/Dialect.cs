using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Data;

/// <summary>What must differ between the two databases: who may write when, row locks, instants, the ingest statement.</summary>
public abstract class Dialect
{
    /// <summary>Waits until this process may write. SQLite has one writer; PostgreSQL answers at once.</summary>
    public abstract ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken stop);

    /// <summary>Locks one row until the transaction ends, so that two turns of one conversation follow each other.</summary>
    /// <remarks>On SQLite the transaction itself (<c>BEGIN IMMEDIATE</c>) is the lock.</remarks>
    public abstract Task LockRowAsync(OrderClosrDb db, string table, Guid id, CancellationToken stop);

    /// <summary>Locks many rows of one table, always in the order of their ids, so that two batches cannot block each other.</summary>
    public abstract Task LockRowsAsync(OrderClosrDb db, string table, IReadOnlyCollection<Guid> ids, CancellationToken stop);

    /// <summary>Until the transaction ends the database's own lock lets rows of no workspace pass, and none of any workspace.</summary>
    internal Task ActForNobodyAsync(OrderClosrDb db, CancellationToken stop) => ActForAsync(db, default, stop);

    /// <summary>Until the transaction ends the database's own lock lets rows of this workspace pass, and no others.</summary>
    internal virtual Task ActForAsync(OrderClosrDb db, WorkspaceId workspace, CancellationToken stop) => Task.CompletedTask;

    /// <summary>One moment of the database, to be read for as long as the transaction is open; others write meanwhile. Nothing can be written in it.</summary>
    internal abstract Task<IAsyncDisposable> BeginReadingAsync(OrderClosrDb db, CancellationToken stop);

    internal abstract void ConfigureConventions(ModelConfigurationBuilder conventions);

    /// <summary>Rewrites the files so that nothing of deleted rows is left in them; outside of any transaction. False when a table was in use and has to be done later.</summary>
    internal abstract Task<bool> ScrubAsync(IReadOnlyList<string> tables, CancellationToken stop);

    /// <summary>Stores many webhook deliveries in one commit; a delivery whose key is known is skipped.</summary>
    internal abstract Task InsertEventsAsync(IReadOnlyList<Events.InboundEvent> events, CancellationToken stop);
}

/// <summary>SQLite: WAL with <c>synchronous=FULL</c>, one writer at a time behind a short queue in which ingest is always next.</summary>
public sealed class SqliteDialect(string connectionString) : Dialect, IDisposable
{
    // Everybody stands in the queue but ingest, which waits only for the transaction that is open: a delivery is answered once it is on
    // disk, while whatever else is written has been promised to nobody yet.
    private readonly SemaphoreSlim _queue = new(1, 1), _writer = new(1, 1);
    private readonly SqliteIngest _ingest = new(connectionString);

    public override async ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken stop)
    {
        await _queue.WaitAsync(stop);
        try
        {
            await _writer.WaitAsync(stop);
        }
        catch
        {
            _queue.Release();
            throw;
        }
        return new Turn(_writer, _queue);
    }

    public override Task LockRowAsync(OrderClosrDb db, string table, Guid id, CancellationToken stop) => Task.CompletedTask;

    public override Task LockRowsAsync(OrderClosrDb db, string table, IReadOnlyCollection<Guid> ids, CancellationToken stop) => Task.CompletedTask;

    // Deferred: it takes no turn to write, and its moment begins with the first row that is read.
    internal override async Task<IAsyncDisposable> BeginReadingAsync(OrderClosrDb db, CancellationToken stop)
    {
        await db.Database.OpenConnectionAsync(stop);
        var transaction = ((Microsoft.Data.Sqlite.SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(System.Data.IsolationLevel.Serializable, deferred: true);
        await db.Database.UseTransactionAsync(transaction, stop);
        return transaction;
    }

    internal override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<InstantAsMilliseconds>();

    internal override async Task InsertEventsAsync(IReadOnlyList<Events.InboundEvent> events, CancellationToken stop)
    {
        await _writer.WaitAsync(stop);
        try
        {
            _ingest.Insert(events);
        }
        finally
        {
            _writer.Release();
        }
    }

    internal override async Task<bool> ScrubAsync(IReadOnlyList<string> tables, CancellationToken stop)
    {
        // Nobody can write meanwhile: deliveries wait in their queue, and beyond it Meta repeats them.
        using var turn = await WaitToWriteAsync(stop);
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"{connectionString};Pooling=False");
        await connection.OpenAsync(stop);
        SqlitePragmas.Apply(connection);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = "vacuum";
        await command.ExecuteNonQueryAsync(stop);
        // The journal too: it holds the pages as they were. 1: somebody reads it just now.
        command.CommandText = "pragma wal_checkpoint(truncate)";
        return (long)(await command.ExecuteScalarAsync(stop))! == 0;
    }

    public void Dispose()
    {
        _ingest.Dispose();
        _writer.Dispose();
        _queue.Dispose();
    }

    private sealed class Turn(SemaphoreSlim writer, SemaphoreSlim queue) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) != 0) return;
            writer.Release();
            queue.Release();
        }
    }
}

/// <summary>PostgreSQL: row locks, <c>unnest</c> for ingest, row-level security as the second lock of tenancy.</summary>
public sealed class PostgresDialect(Npgsql.NpgsqlDataSource source) : Dialect
{
    /// <summary>A table up to this is rewritten whole, in seconds; while that lasts, nobody reads it.</summary>
    private const long WholeUpTo = 256L * 1024 * 1024;

    /// <summary>How often it is looked whether somebody still reads what was deleted, a second apart.</summary>
    private const int Looks = 20;

    public override ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken stop) => new((IDisposable?)null);

    public override Task LockRowAsync(OrderClosrDb db, string table, Guid id, CancellationToken stop) =>
#pragma warning disable EF1002 // the table's name comes from our own code, never from input
        db.Database.ExecuteSqlRawAsync($"select 1 from {table} where id = {{0}} for update", [id], stop);

    public override Task LockRowsAsync(OrderClosrDb db, string table, IReadOnlyCollection<Guid> ids, CancellationToken stop) =>
        db.Database.ExecuteSqlRawAsync($"select 1 from {table} where id = any({{0}}) order by id for update", [ids.ToArray()], stop);
#pragma warning restore EF1002

    internal override Task ActForAsync(OrderClosrDb db, WorkspaceId workspace, CancellationToken stop) =>
        db.Database.ExecuteSqlRawAsync("select set_config('app.workspace', {0}, true)", [workspace.Value.ToString()], stop);

    internal override async Task<IAsyncDisposable> BeginReadingAsync(OrderClosrDb db, CancellationToken stop)
    {
        var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        await db.Database.ExecuteSqlRawAsync("set transaction read only", stop);
        return transaction;
    }

    internal override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<InstantToMilliseconds>();

    // A plain vacuum only frees the places of deleted rows, and most of their bytes are written over at once; rewriting leaves none.
    internal override async Task<bool> ScrubAsync(IReadOnlyList<string> tables, CancellationToken stop)
    {
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = "set lock_timeout = '5s'";
        await command.ExecuteNonQueryAsync(stop);
        var isDone = true;
        try
        {
            if (!await IsReadByNobodyAsync(command, stop)) return false;
            foreach (var table in tables)
            {
#pragma warning disable CA2100 // names come from the model
                command.CommandText = $"select pg_total_relation_size('{table}')";
                var isSmall = (long)(await command.ExecuteScalarAsync(stop))! <= WholeUpTo;
                try
                {
                    command.CommandText = isSmall ? $"vacuum (full) {table}" : $"vacuum {table}";
                    await command.ExecuteNonQueryAsync(stop);
                }
                catch (Npgsql.PostgresException busy) when (busy.SqlState == Npgsql.PostgresErrorCodes.LockNotAvailable)
                {
                    isDone = false;
                }
#pragma warning restore CA2100
            }
        }
        finally
        {
            command.CommandText = "reset lock_timeout";
            await command.ExecuteNonQueryAsync(default);
        }
        return isDone;
    }

    /// <summary>Waits until nobody sees this database as it was: a rewriting copies a deleted row as long as one older snapshot (a backup, an analysis of a table) could still read it.</summary>
    /// <remarks>A snapshot is as old as the oldest change under way anywhere in the cluster, the rewriting's own one too: so changes in other databases are waited for,
    /// and whoever is only arriving and has no database yet.</remarks>
    private static async Task<bool> IsReadByNobodyAsync(Npgsql.NpgsqlCommand command, CancellationToken stop)
    {
        command.CommandText = "select pg_current_xact_id()::text";
        var now = (string)(await command.ExecuteScalarAsync(stop))!;
        for (var look = 1; ; look++)
        {
            // Once no older change is under way, no new snapshot is older, and those that are already stand in the list.
#pragma warning disable CA2100 // a number of the database's own
            command.CommandText = $"""
                select pg_snapshot_xmin(pg_current_snapshot()) < '{now}'::xid8 or exists(select 1 from pg_stat_activity
                where pid <> pg_backend_pid() and (datname = current_database() or datname is null) and age(backend_xmin) > age('{now}'::xid8::xid))
                """;
#pragma warning restore CA2100
            if (!(bool)(await command.ExecuteScalarAsync(stop))!) return true;
            if (look == Looks) return false;
            // The database's own second: what is waited for goes by no clock of ours.
            command.CommandText = "select pg_sleep(1)";
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    internal override async Task InsertEventsAsync(IReadOnlyList<Events.InboundEvent> events, CancellationToken stop)
    {
        await using var command = source.CreateCommand("""
            insert into inbound_events (id, key, source, received_at, state, attempts, body)
            select * from unnest($1, $2, $3, $4, $5, $6, $7)
            on conflict (key) do nothing
            """);
        command.Parameters.Add(new() { Value = events.Select(e => e.Id.Value).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.Key).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.Source).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.ReceivedAt).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.State.ToString()).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.Attempts).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(e => e.Body).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Bytea });
        await command.ExecuteNonQueryAsync(stop);
    }
}
