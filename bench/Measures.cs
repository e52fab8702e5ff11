using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Agent;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Bench;

/// <summary>What is measured, each as a ratio or a figure with its aim.</summary>
internal static partial class Measures
{
    private static string Root { get; } = FindRoot();
    /// <summary>The app as it is installed (docs/operating.md), not as it is built: compiled for this machine beforehand.</summary>
    internal static string AppDll { get; } = Path.Combine(Root, "src/OrderClosr/bin/Release/net10.0", RuntimeInformation.RuntimeIdentifier, "publish/OrderClosr.dll");
    private static string BenchDll => typeof(Measures).Assembly.Location;

    /// <summary>Brings <see cref="AppDll"/> to what the sources say: minutes the first time, seconds when nothing changed.</summary>
    internal static async Task InstallAsync()
    {
        Console.WriteLine("Publishing the app …");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Path.Combine(Root, "src/OrderClosr"), "-c", "Release", "-v", "q", "-nodeReuse:false"]))!;
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0 || !File.Exists(AppDll)) throw new InvalidOperationException($"{AppDll} could not be published.");
    }

    /// <summary>Accepted webhooks per second with the whole loop running, beside an endpoint that does nothing and a bare one that stores.</summary>
    internal static async Task IngestAsync(string kind, Report report)
    {
        const int Connections = 64, Prepared = 120_000;
        var (length, warm) = (TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(3));
        double empty, bare, whole;
        await using (var database = await BenchDatabase.MakeAsync(kind))
        {
            await using var server = await ServerProcess.StartAsync(BenchDll, "/empty", [], "--bare", database.ConnectionString);
            var nothing = LoadGenerator.Request("GET", "/empty", server.Port);
            await LoadGenerator.ClosedLoopAsync(server.Port, Connections, warm, _ => nothing);
            empty = (await LoadGenerator.ClosedLoopAsync(server.Port, Connections, length, _ => nothing)).PerSecond;
            var stored = new Webhooks(BenchShop.PhoneNumberId).Requests(Prepared, server.Port, "/bare");
            await LoadGenerator.ClosedLoopAsync(server.Port, Connections, warm, n => stored[n % Prepared]);
            stored = new Webhooks(BenchShop.PhoneNumberId).Requests(Prepared, server.Port, "/bare");
            bare = (await LoadGenerator.ClosedLoopAsync(server.Port, Connections, length, n => stored[n % Prepared])).PerSecond;
        }
        var vendors = ServerProcess.FreePort();
        await using (var played = await PlayedVendors.StartAsync(vendors))
        await using (var database = await BenchDatabase.MakeAsync(kind))
        {
            await BenchShop.MakeAsync(database, 0);
            await using var server = await ServerProcess.StartAsync(AppDll, "/health/live", BenchShop.Settings(database, $"http://127.0.0.1:{vendors}"));
            var (warming, requests) = (new Webhooks(BenchShop.PhoneNumberId).Requests(Prepared, server.Port), new Webhooks(BenchShop.PhoneNumberId).Requests(Prepared, server.Port));
            await WarmAsync(server.Port, warming);
            await LoadGenerator.ClosedLoopAsync(server.Port, Connections, 2 * length, n => warming[Warming + n % (Prepared - Warming)]);
            var (perSecond, failed) = await LoadGenerator.ClosedLoopAsync(server.Port, Connections, length, n => requests[n % Prepared]);
            whole = perSecond;
            report.Add(kind, "webhooks accepted, 64 connections", $"{whole:0}/s ({failed} not 200)", "");
        }
        report.Add(kind, "ratio to an empty endpoint", $"{whole / empty:0.00} (empty {empty:0}/s)", "0.20");
        report.Add(kind, "ratio to a bare endpoint with signature and grouped commit", $"{whole / bare:0.00} (bare {bare:0}/s)", "0.80");
    }

    /// <summary>Latency at a fixed 1000 webhooks a second, beside that of a bare endpoint which only stores: what machine, disk and generator cost by themselves.</summary>
    internal static async Task RateAsync(string kind, Report report)
    {
        await using (var empty = await BenchDatabase.MakeAsync(kind))
        {
            await using var bare = await ServerProcess.StartAsync(BenchDll, "/empty", [], "--bare", empty.ConnectionString);
            var stored = new Webhooks(BenchShop.PhoneNumberId).Requests(15_000, bare.Port, "/bare");
            await LoadGenerator.FixedRateAsync(bare.Port, 16, 1000, TimeSpan.FromSeconds(5), n => stored[n]);
            var (half, most, _) = await LoadGenerator.FixedRateAsync(bare.Port, 16, 1000, TimeSpan.FromSeconds(10), n => stored[5_000 + n]);
            report.Add(kind, "the same at a bare endpoint with signature and grouped commit", $"{half:0.0} / {most:0.0} ms", "");
        }
        var vendors = ServerProcess.FreePort();
        await using var played = await PlayedVendors.StartAsync(vendors);
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, 0);
        await using var server = await ServerProcess.StartAsync(AppDll, "/health/live", BenchShop.Settings(database, $"http://127.0.0.1:{vendors}"));
        var requests = new Webhooks(BenchShop.PhoneNumberId).Requests(20_000, server.Port);
        await WarmAsync(server.Port, requests);
        await LoadGenerator.FixedRateAsync(server.Port, 16, 1000, TimeSpan.FromSeconds(8), n => requests[Warming + n]);
        var (p50, p99, failed) = await LoadGenerator.FixedRateAsync(server.Port, 16, 1000, TimeSpan.FromSeconds(10), n => requests[Warming + 8_000 + n]);
        report.Add(kind, "webhook at 1000 a second, p50 / p99", $"{p50:0.0} / {p99:0.0} ms ({failed} not 200)", "p99 < 5 ms");
    }

    private const int Warming = 2_000;

    /// <summary>A server that just started compiles itself: every step of the road is walked often enough before anything is measured.</summary>
    private static async Task WarmAsync(int port, byte[][] requests)
    {
        await LoadGenerator.FixedRateAsync(port, 4, 100, TimeSpan.FromSeconds(Warming / 100), n => requests[n]);
        await Task.Delay(TimeSpan.FromSeconds(5));
    }

    /// <summary>What a turn takes of ours: Claude answers at once, the wait for the end of the burst is not part of a turn.</summary>
    internal static async Task TurnAsync(string kind, Report report)
    {
        const int Customers = 200;
        var vendors = ServerProcess.FreePort();
        await using var played = await PlayedVendors.StartAsync(vendors);
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, 0);
        var settings = BenchShop.Settings(database, $"http://127.0.0.1:{vendors}");
        List<double> taken;
        await using (var server = await ServerProcess.StartAsync(AppDll, "/health/live", settings))
        {
            var requests = new Webhooks(BenchShop.PhoneNumberId).Requests(Customers, server.Port);
            await LoadGenerator.FixedRateAsync(server.Port, 2, 10, TimeSpan.FromSeconds(Customers / 10), n => requests[n]);
            await Task.Delay(TimeSpan.FromSeconds(12));
        }
        await using (var app = App.Build([], settings))
        await using (var scope = app.Services.GetRequiredService<WorkspaceScopes>().Open(await BenchShop.IdAsync(app.Services)))
        {
            var turns = await scope.Db.Turns.AsNoTracking().Where(t => t.Outcome == TurnOutcome.Replied).OrderBy(t => t.StartedAt).ToListAsync();
            taken = [.. turns.Skip(turns.Count / 4).Select(t => (t.EndedAt - t.StartedAt).TotalMilliseconds).Order()];
        }
        report.Add(kind, $"our share of a turn, median / p95 of {taken.Count}", taken.Count == 0 ? "no turn replied" : $"{taken[taken.Count / 2]:0} / {taken[(int)(taken.Count * 0.95)]:0} ms", "median < 30 ms");
    }

    /// <summary>The first page of an inbox with 100,000 conversations; start and memory with that data.</summary>
    internal static async Task InboxAsync(string kind, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, 100_000);
        await database.LearnAsync();
        await using var server = await ServerProcess.StartAsync(AppDll, "/health/ready", BenchShop.Settings(database));
        report.Add(kind, "start with 100,000 conversations, to ready", $"{server.StartedIn.TotalSeconds:0.0} s", "< 3 s");
        await server.RestAsync();
        report.Add(kind, "memory at rest", $"{server.Megabytes:0} MB", "< 250 MB");
        using var http = await SignInAsync(server.Port);
        var times = new List<double>();
        var size = 0;
        for (var i = 0; i < 60; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await http.GetAsync($"/w/{BenchShop.Slug}/inbox");
            size = (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
            if (i >= 20) times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        report.Add(kind, "inbox page of 100,000 conversations, median / p95", $"{times[20]:0} / {times[37]:0} ms", "< 50 ms");
        report.Add(kind, "its size, compressed", $"{size / 1024.0:0} KB", "< 100 KB");
    }

    internal static async Task<HttpClient> SignInAsync(int port)
    {
        var http = Visitor(port);
        var proof = ProofOf(await http.GetStringAsync("/sign-in"));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = BenchShop.Email, ["password"] = BenchShop.Password, ["__RequestVerificationToken"] = proof });
        using var answer = await http.PostAsync("/sign-in", form);
        if ((int)answer.StatusCode is not (302 or 303)) throw new InvalidOperationException($"Sign-in answered {(int)answer.StatusCode}.");
        http.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        return http;
    }

    /// <summary>Somebody with cookies. No automatic decompression: the size that counts is the one on the wire.</summary>
    internal static HttpClient Visitor(int port) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new() }) { BaseAddress = new($"http://127.0.0.1:{port}") };

    /// <summary>What a form of this page must bring along.</summary>
    internal static string ProofOf(string page) => WebUtility.HtmlDecode(Proof().Match(page).Groups[1].Value);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrderClosr.slnx"))) return folder.FullName;
        throw new InvalidOperationException("Run it from a clone.");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Proof();
}
