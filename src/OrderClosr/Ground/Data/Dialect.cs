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
    internal virtual Task ActForNobodyAsync(OrderClosrDb db, CancellationToken stop) => Task.CompletedTask;

    internal abstract void ConfigureConventions(ModelConfigurationBuilder conventions);

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
    public override ValueTask<IDisposable?> WaitToWriteAsync(CancellationToken stop) => new((IDisposable?)null);

    public override Task LockRowAsync(OrderClosrDb db, string table, Guid id, CancellationToken stop) =>
#pragma warning disable EF1002 // the table's name comes from our own code, never from input
        db.Database.ExecuteSqlRawAsync($"select 1 from {table} where id = {{0}} for update", [id], stop);

    public override Task LockRowsAsync(OrderClosrDb db, string table, IReadOnlyCollection<Guid> ids, CancellationToken stop) =>
        db.Database.ExecuteSqlRawAsync($"select 1 from {table} where id = any({{0}}) order by id for update", [ids.ToArray()], stop);
#pragma warning restore EF1002

    internal override Task ActForNobodyAsync(OrderClosrDb db, CancellationToken stop) =>
        db.Database.ExecuteSqlRawAsync("select set_config('app.workspace', '00000000-0000-0000-0000-000000000000', true)", stop);

    internal override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<InstantToMilliseconds>();

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
