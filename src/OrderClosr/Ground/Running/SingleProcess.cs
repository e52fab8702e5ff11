using Npgsql;
using OrderClosr.Ground.Data;

namespace OrderClosr.Ground.Running;

/// <summary>With <c>Cluster__Mode=single</c> only one process may have the data: two would each believe to own every conversation.</summary>
/// <remarks>A lock file in the data folder, and on PostgreSQL a lock of the session too, held until the process ends (facts/stack.md section 4).</remarks>
public sealed class SingleProcess(IConfiguration settings, DataFolder folder) : IAsyncDisposable
{
    private const long DatabaseLock = 0x4F72646572436C6F;

    // A process that was killed is started again at once: PostgreSQL needs a moment to notice that its session is gone. Of a machine that
    // vanished it hears nothing; its session ends after these probes, not after two hours.
    private const string Patience = "set lock_timeout = '3s'; set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

    private FileStream? _file;
    private NpgsqlConnection? _session;

    /// <summary>Takes the lock; does nothing when it is held already or when several processes are meant to run.</summary>
    /// <exception cref="StartRefused">Another process has the data.</exception>
    public async Task TakeAsync(CancellationToken stop)
    {
        if (_file is not null || (settings["Cluster:Mode"] ?? "single") != "single") return;
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(folder.Path, "orderclosr.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartRefused([$"Another OrderClosr runs on the data folder {folder.Path}: stop it first, or set Cluster__Mode=postgres to run several."]);
        }
        var connectionString = settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection;
        if (DatabaseSetup.IsPostgres(connectionString))
        {
            var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 30, ApplicationName = "OrderClosr lock" }.ConnectionString);
            try
            {
                await session.OpenAsync(stop);
                await using (var patience = new NpgsqlCommand(Patience, session)) await patience.ExecuteNonQueryAsync(stop);
                await using var command = new NpgsqlCommand("select pg_advisory_lock($1)", session) { Parameters = { new() { Value = DatabaseLock } } };
                await command.ExecuteNonQueryAsync(stop);
                _session = session;
            }
            catch (Exception error)
            {
                await session.DisposeAsync();
                await file.DisposeAsync();
                if (error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
                    throw new StartRefused(["Another OrderClosr runs on this database: stop it first, or set Cluster__Mode=postgres to run several."]);
                if (error is NpgsqlException away) throw new StartRefused([DatabaseTls.Words(away)]);
                throw;
            }
        }
        _file = file;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        if (_file is not null) await _file.DisposeAsync();
    }
}
