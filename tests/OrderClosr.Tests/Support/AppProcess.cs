using System.Diagnostics;
using System.Text;

namespace OrderClosr.Tests.Support;

/// <summary>The built app as a process of its own on a test's database, so that it can be killed and started again.</summary>
/// <remarks><c>crashAt</c> kills it from inside right after a commit: event-stored, event-read, turn-committed, job-running, sending, job-ran, job-done
/// (<c>:n</c> for the n-th pass); see <c>Ground/Running/CrashPoint.cs</c>.</remarks>
/// <example><c>await using var run = await AppProcess.StartAsync(host, crashAt: "event-read"); … await run.DiesAsync(); await using var again = await AppProcess.StartAsync(host);</c></example>
public sealed class AppProcess : IAsyncDisposable
{
    /// <summary>A start takes a second on an idle machine; on one that builds and tests at the same time it took 40.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private AppProcess(Process process, string url)
    {
        (_process, Url) = (process, url);
        Http = new HttpClient { BaseAddress = new(url) };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (_output) _output.AppendLine(line.Data);
        }
    }

    public string Url { get; }
    public HttpClient Http { get; }

    /// <summary>What it wrote to its console so far.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Starts the app on the database of <paramref name="host"/> (an app that is not started) and waits until it is ready.</summary>
    /// <remarks>Its address is the host's, where the host's vendors deliver to; <paramref name="url"/> is for a second one beside it.</remarks>
    public static async Task<AppProcess> StartAsync(TestApp host, string? crashAt = null, string? url = null, IReadOnlyDictionary<string, string>? settings = null, bool waits = true)
    {
        url ??= host.Url;
        var start = Command(host, url);
        if (crashAt is not null) start.Environment["ORDERCLOSR_CRASH_AT"] = crashAt;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>()) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        var run = new AppProcess(Process.Start(start)!, url);
        if (!waits) return run;
        await run.IsUpAsync();
        if (run.LostItsPort)
        {
            // Somebody who only passed by had the port: once more.
            await run.DisposeAsync();
            run = new AppProcess(Process.Start(start)!, url);
        }
        await run.IsReadyAsync();
        return run;
    }

    private bool LostItsPort => _process.HasExited && Output.Contains("address already in use", StringComparison.OrdinalIgnoreCase);

    private Task IsUpAsync() => Eventually.HoldsAsync(async () => _process.HasExited || await AnswersAsync(), Patience);

    private async Task<bool> AnswersAsync()
    {
        try { return (await Http.GetAsync("/health/ready")).IsSuccessStatusCode; }
        catch (HttpRequestException) { return false; }
    }

    /// <summary>Waits until it can do its work; an end before that fails the test with what it wrote.</summary>
    public Task IsReadyAsync() => Eventually.HoldsAsync(async () =>
    {
        if (_process.HasExited) Assert.Fail($"The app ended before it was ready:\n{Output}");
        return await AnswersAsync();
    }, Patience);

    /// <summary>Runs a verb to its end: exit code and everything it wrote.</summary>
    public static Task<(int Code, string Output)> VerbAsync(TestApp host, params string[] args) => VerbAsync(host, new Dictionary<string, string>(), args);

    /// <inheritdoc cref="VerbAsync(TestApp, string[])"/>
    /// <param name="settings">Go over the host's.</param>
    public static async Task<(int Code, string Output)> VerbAsync(TestApp host, IReadOnlyDictionary<string, string> settings, params string[] args)
    {
        var start = Command(host, "http://127.0.0.1:1");
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var arg in args) start.ArgumentList.Add(arg);
        await using var run = new AppProcess(Process.Start(start)!, "http://127.0.0.1:1");
        await run._process.WaitForExitAsync().WaitAsync(Patience);
        return (run._process.ExitCode, run.Output);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; answers the exit code once it has ended.</summary>
    public async Task<int> TerminateAsync()
    {
        // The shell's own word: the program of that name is missing on a bare machine.
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Waits until it has been killed at its crash point; any other end fails the test with what it wrote.</summary>
    public async Task DiesAsync()
    {
        var code = await EndsAsync();
        if (code != 128 + 9) Assert.Fail($"The app was not killed at its crash point but ended with {code}:\n{Output}");
    }

    /// <summary>Waits until it has ended by itself; answers the exit code.</summary>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    private static ProcessStartInfo Command(TestApp host, string url)
    {
        var framework = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Repository.Root, "src/OrderClosr/bin", configuration!, framework, "OrderClosr.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = host.Folder,
        };
        start.Environment.Remove("ORDERCLOSR_CRASH_AT");
        foreach (var (name, value) in TestApp.SettingsFor(host.ConnectionString, host.Folder, url, host.Vendors)) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return start;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
