using System.Threading.Channels;
using Npgsql;
using OrderClosr.Ground.Values;

namespace OrderClosr.Ground.Data;

/// <summary>Carries what this node's commits told to the other nodes and theirs to ours, by PostgreSQL <c>NOTIFY</c>: ids only, never content.</summary>
/// <remarks>
/// For live pages alone: work is found by the sweep. One listening connection per node, opened anew when it breaks; whatever may be lost
/// meanwhile ends in "refresh" for the pages that are open. A node does not hear itself.
/// </remarks>
internal sealed class FarBell : BackgroundService
{
    /// <summary>Name under which the listening connection is seen in <c>pg_stat_activity</c>.</summary>
    internal const string ListenerName = "OrderClosr notices";

    // A notice has at most 8000 bytes; an id has 32.
    private const int Longest = 400, AtOnce = 200;
    private const string Refresh = "refresh";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly Channel<Notice> _told = Channel.CreateBounded<Notice>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly string _connectionString;
    private readonly Bell _bell;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly ILogger<FarBell> _log;
    private int _owesRefresh;

    public FarBell(string connectionString, Bell bell, NpgsqlDataSource source, TimeProvider time, ILogger<FarBell> log)
    {
        // Not pooled: it is held for as long as the node lives. The keep-alive finds out that the other end is gone.
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 15, ApplicationName = ListenerName }.ConnectionString;
        (_bell, _source, _time, _log) = (bell, source, time, log);
        bell.Listen(notice =>
        {
            if (notice.What != "lane" && notice.Key.Length <= Longest && !_told.Writer.TryWrite(notice)) Interlocked.Exchange(ref _owesRefresh, 1);
        });
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(HearAsync(stoppingToken), TellAsync(stoppingToken));

    private async Task HearAsync(CancellationToken stop)
    {
        for (var isBack = false; !stop.IsCancellationRequested; isBack = true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(_connectionString);
                connection.Notification += (_, told) => Hear(told.Payload);
                await connection.OpenAsync(stop);
                await using (var listen = new NpgsqlCommand("listen orderclosr_notices", connection)) await listen.ExecuteNonQueryAsync(stop);
                if (isBack) _bell.MissAfar();
                while (true) await connection.WaitAsync(stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                _log.LogWarning("The notices of other nodes are not heard for a moment ({Error}): pages refresh when they are again.", error.GetType().Name);
                await WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Hear(string payload)
    {
        if (payload.Split('|', 4) is not [var node, var workspace, var what, var key] || node == _node) return;
        if (what == Refresh) _bell.MissAfar();
        else if (WorkspaceId.TryParse(workspace, null, out var whose)) _bell.RingAfar(new(whose, what, key));
    }

    private async Task TellAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (Volatile.Read(ref _owesRefresh) == 0 && !await _told.Reader.WaitToReadAsync(stop)) return;
                var words = new HashSet<string>();
                while (words.Count < AtOnce && _told.Reader.TryRead(out var notice)) words.Add($"{_node}|{notice.Workspace}|{notice.What}|{notice.Key}");
                if (Interlocked.Exchange(ref _owesRefresh, 0) == 1) words.Add($"{_node}||{Refresh}|");
                await using var command = _source.CreateCommand("select pg_notify('orderclosr_notices', word) from unnest($1) as word");
                command.Parameters.Add(new() { Value = words.ToArray() });
                await command.ExecuteNonQueryAsync(stop);
            }
            catch (Exception error) when (!stop.IsCancellationRequested)
            {
                Interlocked.Exchange(ref _owesRefresh, 1);
                _log.LogWarning("Other nodes could not be told ({Error}): their pages refresh when they can.", error.GetType().Name);
                await WaitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Again, _time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
