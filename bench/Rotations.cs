using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Sheets;
using OrderClosr.Web.Hooks;
using OrderClosr.Workspaces;

namespace OrderClosr.Bench;

/// <summary>The key is changed while the app serves: so many secrets under the old key, <c>rotate-keys</c> as a process beside a server that answers 50 requests a second, each of which opens a sealed column.</summary>
internal static class Rotations
{
    private const int PerSecond = 50, Batch = 2000;
    private const string Hook = "invented-webhook-secret-bench";

    internal static async Task<bool> RunAsync(string kind, int secrets, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync(kind);
        var (old, young) = (BenchShop.FernetKey, FernetKey.Generate());
        await BenchShop.MakeAsync(database, 200);
        string path;
        await using (var app = App.Build([], BenchShop.Settings(database))) path = await PlantAsync(app.Services, secrets);
        var settings = BenchShop.Settings(database);
        settings["FERNET_KEYS"] = $"{young},{old}";
        await using var server = await ServerProcess.StartAsync(Measures.AppDll, "/health/ready", settings);
        using var http = await Measures.SignInAsync(server.Port);
        HttpRequestMessage Ask(int n) => n % 2 == 0 ? new(HttpMethod.Get, $"/w/{BenchShop.Slug}/settings/sheet") : Event(path, n);

        using (var calm = new CancellationTokenSource(TimeSpan.FromSeconds(10))) await ServeAsync(http, Ask, calm.Token);
        using var still = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var before = await ServeAsync(http, Ask, still.Token);
        using var end = new CancellationTokenSource();
        var serving = Task.Run(() => ServeAsync(http, Ask, end.Token));
        var watch = Stopwatch.StartNew();
        var (code, said) = await RotateAsync(settings);
        var took = watch.Elapsed;
        await end.CancelAsync();
        var during = await serving;

        // By the new key alone, as after the old one is taken away.
        var last = BenchShop.Settings(database);
        last["FERNET_KEYS"] = young;
        await using var after = App.Build([], last);
        var counts = await after.Services.GetRequiredService<KeyRotation>().CountAsync(default);
        report.Add(kind, string.Create(CultureInfo.InvariantCulture, $"{counts.Total:N0} secrets encrypted again while {PerSecond} requests a second are served"), string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s, {counts.Total / took.TotalSeconds:N0} a second"), "");
        report.Add(kind, "requests that failed meanwhile", string.Create(CultureInfo.InvariantCulture, $"{during.Failed} of {during.Count:N0} (before: {before.Failed} of {before.Count:N0})"), "0");
        report.Add(kind, "their p50 / p99, before and meanwhile", string.Create(CultureInfo.InvariantCulture, $"{before.P50:0} / {before.P99:0} ms, {during.P50:0} / {during.P99:0} ms"), "");
        report.Add(kind, "secrets the new key alone does not open", string.Create(CultureInfo.InvariantCulture, $"{counts.Unreadable.Values.Sum()} of {counts.Total:N0}"), "0");
        if (code != 0) Console.WriteLine(said);
        return code == 0 && during.Failed == 0 && counts.Unreadable.Count == 0 && counts.Total >= secrets;
    }

    /// <summary>Secrets of a shop that nobody visits, and in the one that is visited a sheet's key and a courier's; answers where that courier tells us things.</summary>
    private static async Task<string> PlantAsync(IServiceProvider services, int secrets)
    {
        var (scopes, now) = (services.GetRequiredService<WorkspaceScopes>(), TimeProvider.System.GetUtcNow());
        var other = WorkspaceId.New(now);
        for (var from = 0; from < secrets; from += Batch)
        {
            await using var scope = scopes.Open(other);
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            if (from == 0) scope.Db.Add(new Workspace { Id = other, Slug = "bench-other", Name = "Other", CreatedAt = now });
            for (var n = from; n < Math.Min(secrets, from + Batch); n++)
                scope.Db.Add(new HookEndpoint { Id = Id<HookEndpoint>.New(now), Url = "https://hooks.example/", Events = HookEvents.Test, CreatedAt = now, Secret = scope.Get<SecretBox>().Seal(other, HookEndpoint.SecretField, $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))}") });
            await scope.Db.SaveChangesAsync();
        }
        await using var visited = scopes.Open(await BenchShop.IdAsync(services));
        var box = visited.Get<SecretBox>();
        using var key = RSA.Create(2048);
        var sheet = new SheetConnection { Id = Id<SheetConnection>.New(now) };
        sheet.ServiceAccount = box.Seal(visited.Db.WorkspaceId, SheetConnection.KeyField, JsonSerializer.Serialize(new SheetKey("bench@rotation-2026.iam.gserviceaccount.com", key.ExportPkcs8PrivateKeyPem(), "k1", "rotation-2026"), JsonSerializerOptions.Web));
        var courier = new CourierAccount
        {
            Id = CourierAccountId.New(now), Courier = "yalidine", Name = "Yalidine", Credentials = box.Seal(visited.Db.WorkspaceId, "courier_account.credentials", """{"api_id":"1","api_token":"1"}"""), ChannelKey = $"{Guid.NewGuid():N}", ConnectedAt = now,
        };
        courier.WebhookSecret = box.Seal(visited.Db.WorkspaceId, "courier_account.webhook_secret", Hook);
        visited.Db.AddRange(sheet, courier, new AccountRoute { Source = $"courier/{courier.Courier}", Account = courier.ChannelKey, WorkspaceId = visited.Db.WorkspaceId, Target = courier.Id.Value });
        await visited.Db.SaveChangesAsync();
        return $"/webhooks/couriers/{courier.Courier}/{courier.ChannelKey}";
    }

    /// <summary>An event of the courier's, signed with what only the sealed column knows; each another one.</summary>
    private static HttpRequestMessage Event(string path, int n)
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"type":"parcel_created","events":[{"event_id":"bench-{{{n}}}","occurred_at":"2026-11-01 10:00:00","data":{"tracking":"yal-{{{n}}}"}}]}""");
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-YALIDINE-SIGNATURE", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Hook), body)));
        return request;
    }

    private sealed record Served(int Count, int Failed, double P50, double P99);

    private static int _asked;

    /// <summary>Asks at a fixed rate until told to stop, whether answers come or not; a time counts from when the request was due.</summary>
    private static async Task<Served> ServeAsync(HttpClient http, Func<int, HttpRequestMessage> ask, CancellationToken stop)
    {
        var (times, failed, running, start) = (new ConcurrentBag<double>(), 0, new List<Task>(), Stopwatch.GetTimestamp());
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / PerSecond);
            if (due - Stopwatch.GetElapsedTime(start) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, CancellationToken.None);
            running.Add(OneAsync(ask(Interlocked.Increment(ref _asked)), due));
            if (n % 500 == 0) running.RemoveAll(t => t.IsCompletedSuccessfully);
        }
        await Task.WhenAll(running);
        var sorted = times.Order().ToList();
        return new(sorted.Count, failed, sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);

        async Task OneAsync(HttpRequestMessage request, TimeSpan due)
        {
            using (request)
            {
                try
                {
                    using var answer = await http.SendAsync(request, CancellationToken.None);
                    await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
                    if (answer.StatusCode != HttpStatusCode.OK && Interlocked.Increment(ref failed) <= 3) Console.WriteLine($"  {request.Method} {request.RequestUri} answered {(int)answer.StatusCode}");
                }
                catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
                {
                    if (Interlocked.Increment(ref failed) <= 3) Console.WriteLine($"  {request.Method} {request.RequestUri}: {error.Message}");
                }
            }
            times.Add((Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
        }
    }

    private static async Task<(int Code, string Said)> RotateAsync(Dictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Measures.AppDll, "rotate-keys"]) { WorkingDirectory = Path.GetDirectoryName(Measures.AppDll)!, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
