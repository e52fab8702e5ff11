using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Sandbox;
using OrderClosr.Shipping;
using OrderClosr.Tests.Parcels;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Bench;

/// <summary>Many bookings at all six played couriers over failing lines, while the app is killed again and again and its database put back one hour: as many
/// parcels as orders, counted at the couriers. A proof, not a speed.</summary>
/// <remarks>The app is a process of its own behind its real doors, all on one clock that runs faster, so that the couriers' limits of an hour cost minutes.</remarks>
internal sealed class Bookings : IAsyncDisposable
{
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private readonly FastTime _clock;
    private readonly Random _random;
    private readonly BenchDatabase _database;
    private readonly WebApplication _sandbox;
    private readonly Dictionary<string, string?> _settings;
    private readonly int _port;
    private readonly HttpClient _couriers, _door;
    private readonly ConcurrentQueue<(OrderId Id, string Courier)> _toShip = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private WebApplication _app;
    private ServerProcess? _server;
    private StormTown _town = null!;
    private int _shipped, _kills;
    private bool _isQuiet;

    private Bookings(FastTime clock, Random random, BenchDatabase database, WebApplication sandbox, Dictionary<string, string?> settings, int port, HttpClient couriers)
    {
        (_clock, _random, _database, _sandbox, _settings, _port, _couriers) = (clock, random, database, sandbox, settings, port, couriers);
        _door = new() { BaseAddress = new($"http://127.0.0.1:{port}/api/v1/"), Timeout = TimeSpan.FromSeconds(10) };
        _app = BookingApp.Build(clock, settings);
    }

    /// <param name="orders">Over all couriers.</param>
    /// <param name="kind">Which database.</param>
    /// <param name="speed">How many times as fast the clock runs.</param>
    /// <param name="seed">Of the moments of the kills.</param>
    /// <param name="most">After so long no further order is shipped; those that were are brought to their end.</param>
    internal static async Task<bool> RunAsync(int orders, string kind, double speed, int seed, TimeSpan most, Report report)
    {
        var clock = new FastTime(speed);
        var database = await BenchDatabase.MakeAsync(kind);
        var port = ServerProcess.FixedPort();
        var sandbox = SandboxApp.Build(new() { Port = 0, Time = clock, App = $"http://127.0.0.1:{port}", RandomSeed = seed });
        await sandbox.StartAsync();
        var address = sandbox.Urls.First();
        var settings = BenchShop.Settings(database, address);
        settings["Api:PerMinute"] = "1000000";
        settings["Public:BaseUrl"] = $"http://127.0.0.1:{port}";
        foreach (var (name, path) in ((string, string)[])[("Yalidine", "yalidine/v1"), ("ZrExpress", "zr/api/v1"), ("ZrLegacy", "procolis/api_v1"), ("Anderson", "ecotrack/api/v1"), ("Maystro", "maystro/api"), ("Noest", "noest/api/public")])
            settings[$"Couriers:{name}:Url"] = $"{address}/{path}";
        await using var run = new Bookings(clock, new(seed), database, sandbox, settings, port, new() { BaseAddress = new(address) });
        Console.WriteLine($"{orders} orders, {kind}, clock {speed} times as fast, seed {seed}");
        return await run.RunAsync(orders, most, report);
    }

    private async Task<bool> RunAsync(int orders, TimeSpan most, Report report)
    {
        _most = most;
        var all = await SetUpAsync(orders);
        _clock.Begin();
        await StartAsync();
        await UntilAsync(async () => await CountAsync<CourierAccount>(a => a.SyncedAt == null) == 0, "the couriers' lists are read");
        await _town.BlowAsync();
        using var end = new CancellationTokenSource();
        var shippers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ShipAsync(end.Token))).ToList();
        _killer = Task.Run(() => KillAsync(end.Token));

        // The copy is made in the midst of the first half; the second half is shipped after it, so that the copy knows nothing of it.
        foreach (var order in all.Take(orders / 2)) _toShip.Enqueue(order);
        await UntilAsync(async () => await BookedAsync() >= orders / 5, "a fifth is booked");
        await QuietlyAsync(CopyAsync);
        var copied = _clock.GetUtcNow();
        Say($"copied with {await BookedAsync()} booked");
        foreach (var order in all.Skip(orders / 2)) _toShip.Enqueue(order);
        await UntilAsync(() => Task.FromResult(_clock.GetUtcNow() - copied > OneHour), "an hour has gone by");

        var forgotten = 0;
        await QuietlyAsync(async () =>
        {
            await UntilAsync(() => Task.FromResult(_shipping == 0), "nobody ships");
            var before = await BookedAsync();
            await PutBackAsync();
            forgotten = before - await BookedAsync();
        });
        Say($"put back by one hour: {forgotten} bookings forgotten");
        // The shop sees its orders unshipped again, and ships them.
        _toShip.Clear();
        foreach (var order in all) _toShip.Enqueue(order);

        await UntilAsync(() => Task.FromResult(_toShip.IsEmpty && _shipping == 0), "all is shipped");
        all.RemoveAll(o => !_asked.ContainsKey(o.Id));
        await UntilAsync(async () => await BookedAsync() >= all.Count * 9 / 10, "nine of ten are booked");
        await end.CancelAsync();
        await _killer;
        await Task.WhenAll(shippers);
        await _town.CalmAsync();
        await UntilAsync(async () => await CountAsync<Job>(j => j.Kind == BookParcels.Kind && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown)) == 0, "every booking has come to its end");

        var counts = new List<StormCount>();
        foreach (var courier in CourierRoad.All) counts.Add(await _town.CountAsync(courier, [.. all.Where(o => o.Courier == courier.Name).Select(o => o.Id)]));
        var calls = new List<string>();
        foreach (var courier in CourierRoad.All)
            foreach (var limit in (await _town.DoorAsync(HttpMethod.Get, $"/{courier.Vendor}/_limits"))!["items"]!.AsArray())
                if ((int)limit!["limit"]! is > 0 and < int.MaxValue) calls.Add($"{courier.Name} {limit["window"]} {limit["most"]}/{limit["limit"]}{((int)limit["refused"]! > 0 ? $" ({limit["refused"]} refused)" : "")}");
        foreach (var c in counts) Console.WriteLine($"  {c}");
        Console.WriteLine($"  fullest windows: {string.Join(", ", calls)}");
        var text = string.Create(CultureInfo.InvariantCulture, $"{counts.Sum(c => c.Orders)} orders, {counts.Sum(c => c.Parcels)} parcels, {counts.Sum(c => c.Doubled)} doubled, {counts.Sum(c => c.Missing)} missing, {counts.Sum(c => c.Unbooked)} not known to us; {_kills} kills, put back one hour over {forgotten} bookings ({_watch.Elapsed.TotalMinutes:0} min)");
        report.Add(_database.Name, "bookings at six couriers through a storm", text, "0 doubled, 0 missing");
        return counts.All(c => c.Orders == c.Parcels && c is { Doubled: 0, Missing: 0, Unbooked: 0 });
    }

    private async Task<List<(OrderId Id, string Courier)>> SetUpAsync(int orders)
    {
        await BenchShop.MakeAsync(_database, 0);
        var now = _clock.GetUtcNow();
        var shop = await BenchShop.IdAsync(_app.Services);
        var product = new Product { Id = ProductId.New(now), Name = "Hijab soie de Médine", Price = new(1200), CreatedAt = now, Search = Folding.Fold("Hijab soie de Médine") };
        product.Variants.Add(new() { Id = VariantId.New(now), ProductId = product.Id, Sku = "HIJAB-BEIGE", Options = new Dictionary<string, string> { ["Couleur"] = "Beige" }, Position = 0 });
        await using (var scope = _app.Services.GetRequiredService<WorkspaceScopes>().Open(shop))
        {
            scope.Db.AddRange(product, new DeliveryFee { Id = Id<DeliveryFee>.New(now), WilayaCode = 31, Home = new Dinars(600), Desk = new Dinars(400), DaysFrom = 1, DaysTo = 3 });
            await scope.Db.SaveChangesAsync();
            var (_, key) = await scope.Get<ApiKeys>().MakeAsync("Bench", await scope.Db.Set<Member>().Where(m => m.WorkspaceId == shop).Select(m => m.AccountId).SingleAsync(), default);
            _door.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        _town = new(_app.Services, shop, product.Id, _couriers, _clock);
        await _town.ConnectAsync();
        var all = new List<(OrderId, string)>();
        for (var i = 0; i < orders; i++) all.Add((await _town.OrderAsync(i), CourierRoad.All[i % CourierRoad.All.Count].Name));
        Say("the orders are made");
        return all;
    }

    /// <summary>A shop does not ask for a thousand more while a thousand wait.</summary>
    private const int MostWaiting = 500;

    private readonly ConcurrentDictionary<OrderId, bool> _asked = new();
    private TimeSpan _most;
    private Task _killer = Task.CompletedTask;
    private int _shipping, _waiting;

    /// <summary>A shop's program: asks until it has an answer, also while the app lies on the ground.</summary>
    private async Task ShipAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_isQuiet || _waiting > MostWaiting || !_toShip.TryDequeue(out var order))
            {
                await Task.Delay(50, CancellationToken.None);
                continue;
            }
            if (_watch.Elapsed > _most && !_asked.ContainsKey(order.Id)) continue;
            _asked[order.Id] = true;
            Interlocked.Increment(ref _shipping);
            while (!_isQuiet)
            {
                try
                {
                    using var answer = await _door.PostAsJsonAsync($"orders/{order.Id}/ship", new { courier = order.Courier }, CancellationToken.None);
                    if (answer.StatusCode == HttpStatusCode.OK)
                    {
                        Interlocked.Increment(ref _shipped);
                        break;
                    }
                    if ((int)answer.StatusCode < 500) throw new InvalidOperationException($"{order.Courier}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
                catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
                {
                    // It was killed under us.
                }
                await Task.Delay(100, CancellationToken.None);
            }
            Interlocked.Decrement(ref _shipping);
        }
    }

    private readonly SemaphoreSlim _hand = new(1, 1);

    /// <summary>kill -9 at random moments, and up again.</summary>
    private async Task KillAsync(CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(8 + (40 * _random.NextDouble())), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            await _hand.WaitAsync(CancellationToken.None);
            try
            {
                await _server!.KillAsync();
                _kills++;
                await StartAsync();
            }
            finally
            {
                _hand.Release();
            }
        }
    }

    /// <summary>Kills the app, does something to its database while nobody has it, and starts it again.</summary>
    private async Task QuietlyAsync(Func<Task> act)
    {
        await _hand.WaitAsync();
        try
        {
            await _server!.KillAsync();
            _kills++;
            _isQuiet = true;
            await act();
            await StartAsync();
        }
        finally
        {
            _isQuiet = false;
            _hand.Release();
        }
    }

    private async Task StartAsync() => _server = await ServerProcess.StartAsync(typeof(Bookings).Assembly.Location, "/health/ready", _settings, _port, "--app", _clock.ToString());

    private Task CopyAsync() => AloneAsync(_database.CopyAsync);

    /// <summary>Does something to the database while our own classes have let go of it, too.</summary>
    private async Task AloneAsync(Func<Task> act)
    {
        await _app.DisposeAsync();
        await act();
        _app = BookingApp.Build(_clock, _settings);
        _town = _town.With(_app.Services);
    }

    private async Task PutBackAsync()
    {
        await AloneAsync(_database.PutBackAsync);
        await _app.Services.GetRequiredService<Restored>().TellAsync(default);
    }

    private Task<int> BookedAsync() => CountAsync<Parcel>(p => p.State == ParcelState.Registered);

    private async Task<int> CountAsync<T>(System.Linq.Expressions.Expression<Func<T, bool>> which) where T : class
    {
        await using var scope = _town.Open();
        return await scope.Db.Set<T>().CountAsync(which);
    }

    /// <summary>Waits; says every half minute how it stands.</summary>
    private async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var said = _watch.Elapsed;
        var isQuiet = _isQuiet; // then nobody has the database
        while (!await holds())
        {
            await Task.Delay(500);
            if (_killer.IsFaulted) await _killer;
            if (isQuiet) continue;
            _waiting = await CountAsync<Parcel>(p => p.State == ParcelState.Requested);
            if (_watch.Elapsed - said < TimeSpan.FromSeconds(30)) continue;
            said = _watch.Elapsed;
            var by = new List<string>();
            await using var scope = _town.Open();
            foreach (var g in await scope.Db.Parcels.GroupBy(p => new { p.Courier, p.State }).Select(g => new { g.Key.Courier, g.Key.State, Count = g.Count() }).ToListAsync()) by.Add($"{g.Courier} {g.State} {g.Count}");
            Say($"until {what}: {string.Join(", ", by.Order(StringComparer.Ordinal))}");
        }
    }

    private void Say(string text) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {_watch.Elapsed:mm\\:ss} ({_clock.GetUtcNow():HH:mm}, {_kills} kills, {_shipped} asked) {text}"));

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.KillAsync();
        await _app.DisposeAsync();
        await _sandbox.DisposeAsync();
        _couriers.Dispose();
        _door.Dispose();
        _hand.Dispose();
        await _database.DisposeAsync();
    }
}
