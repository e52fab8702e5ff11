using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrderClosr.Bench;

/// <summary>A server under measurement, in a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port, TimeSpan startedIn) => (_process, Port, StartedIn) = (process, port, startedIn);

    internal int Port { get; }

    /// <summary>From the process's start to its first answered request.</summary>
    internal TimeSpan StartedIn { get; }

    /// <summary>What it holds in memory now, in megabytes.</summary>
    internal double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024d / 1024d;
        }
    }

    /// <summary>Starts a .NET program and waits until <paramref name="readyPath"/> answers 200.</summary>
    internal static async Task<ServerProcess> StartAsync(string dll, string readyPath, IEnumerable<KeyValuePair<string, string?>> settings, params IEnumerable<string> arguments) =>
        await StartAsync(dll, readyPath, settings, FreePort(), arguments);

    /// <inheritdoc cref="StartAsync(string, string, IEnumerable{KeyValuePair{string, string}}, IEnumerable{string})"/>
    internal static async Task<ServerProcess> StartAsync(string dll, string readyPath, IEnumerable<KeyValuePair<string, string?>> settings, int port, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetDirectoryName(dll)!, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["Public__BaseUrl"] = $"http://127.0.0.1:{port}";
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (watch.Elapsed < TimeSpan.FromMinutes(3))
        {
            if (process.HasExited) throw new InvalidOperationException($"{Path.GetFileName(dll)} ended: {await errors}");
            try
            {
                if ((await http.GetAsync($"http://127.0.0.1:{port}{readyPath}")).IsSuccessStatusCode) return new(process, port, watch.Elapsed);
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                // not listening yet, or on a machine that is busy elsewhere
            }
            await Task.Delay(10);
        }
        process.Kill(true);
        throw new TimeoutException($"{Path.GetFileName(dll)} was not ready in three minutes.");
    }

    /// <summary>Waits until it has done what a start brings (the first backup, days to count, what became overdue): for five seconds it wants less than a tenth of a processor.</summary>
    internal async Task RestAsync()
    {
        var limit = Stopwatch.StartNew();
        for (var calm = 0; calm < 5;)
        {
            if (limit.Elapsed > TimeSpan.FromMinutes(10)) throw new TimeoutException("The server did not come to rest in ten minutes.");
            _process.Refresh();
            var before = _process.TotalProcessorTime;
            await Task.Delay(TimeSpan.FromSeconds(1));
            _process.Refresh();
            calm = (_process.TotalProcessorTime - before).TotalSeconds < 0.1 ? calm + 1 : 0;
        }
    }

    /// <summary>kill -9.</summary>
    internal async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var stop = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited) _process.Kill(true);
        }
        _process.Dispose();
    }

    /// <summary>A free port that stays free while its server is down: out of the range from which outgoing connections take theirs.</summary>
    internal static int FixedPort()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 19_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
