using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Sandbox;
using OrderClosr.Sandbox.Google;
using OrderClosr.Sheets;
using OrderClosr.Shipping;
using OrderClosr.Web.Api;
using OrderClosr.Workspaces;

namespace OrderClosr.Bench;

/// <summary>Many orders into the played Google Sheet over failing lines, while a merchant sorts, inserts columns and rows, and deletes rows at random, and the app is killed again and again:
/// each order in exactly one row, every cell of the merchant's as it was, within the quota as counted at the sandbox. A proof, not a speed.</summary>
internal sealed class SheetStorm : IAsyncDisposable
{
    private const string Email = "bench@storm-2026.iam.gserviceaccount.com";

    private readonly FastTime _clock;
    private readonly Random _random;
    private readonly BenchDatabase _database;
    private readonly WebApplication _sandbox;
    private readonly Dictionary<string, string?> _settings;
    private readonly int _port;
    private readonly HttpClient _google, _door;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly WebApplication _app;
    private readonly Dictionary<string, (string Head, string? Id)> _typed = [];
    private readonly HashSet<string> _rows = [];
    private WorkspaceId _shop;
    private string _sheet = "";
    private ServerProcess? _server;
    private int _kills, _acts, _made;

    private SheetStorm(FastTime clock, Random random, BenchDatabase database, WebApplication sandbox, Dictionary<string, string?> settings, int port)
    {
        (_clock, _random, _database, _sandbox, _settings, _port) = (clock, random, database, sandbox, settings, port);
        _google = new() { BaseAddress = new(sandbox.Urls.First() + "/google/") };
        _door = new() { BaseAddress = new($"http://127.0.0.1:{port}/api/v1/"), Timeout = TimeSpan.FromSeconds(10) };
        _app = BookingApp.Build(clock, settings);
    }

    internal static async Task<bool> RunAsync(int orders, string kind, double speed, int seed, Report report)
    {
        var clock = new FastTime(speed);
        var database = await BenchDatabase.MakeAsync(kind);
        var port = ServerProcess.FixedPort();
        var sandbox = SandboxApp.Build(new() { Port = 0, Time = clock, App = $"http://127.0.0.1:{port}", RandomSeed = seed });
        await sandbox.StartAsync();
        var settings = BenchShop.Settings(database, sandbox.Urls.First());
        settings["Api:PerMinute"] = "1000000";
        (settings["Sheets:Url"], settings["Sheets:TokenUrl"]) = ($"{sandbox.Urls.First()}/google/v4", $"{sandbox.Urls.First()}/google/token");
        await using var run = new SheetStorm(clock, new(seed), database, sandbox, settings, port);
        Console.WriteLine($"{orders} orders, {kind}, clock {speed} times as fast, seed {seed}");
        return await run.RunAsync(orders, report);
    }

    private async Task<bool> RunAsync(int orders, Report report)
    {
        await SetUpAsync();
        _clock.Begin();
        await StartAsync();
        await FaultsAsync();
        using var end = new CancellationTokenSource();
        var (killer, merchant) = (Task.Run(() => KillAsync(end.Token)), Task.Run(() => MerchantAsync(end.Token)));
        var ids = new List<string>();
        for (var i = 0; i < orders; i++) ids.Add(await OrderAsync(i));
        // A third is changed while the merchant goes on.
        foreach (var id in ids.Where((_, i) => i % 3 == 0)) await PostAsync($"orders/{id}/cancel", new { reason = "changed_mind" });
        await UntilAsync(async () => await LeftAsync() < orders / 50 + 5, "nearly all is written", killer, merchant);
        await end.CancelAsync();
        await killer;
        await merchant;
        await DoorAsync(HttpMethod.Delete, "_faults");
        await UntilAsync(async () => await LeftAsync() == 0, "all is written", killer, merchant);
        // The clock's own look, twice: what the merchant deleted last is there again.
        var calm = _clock.GetUtcNow();
        await UntilAsync(() => Task.FromResult(_clock.GetUtcNow() > calm + TimeSpan.FromMinutes(6)), "the clock has looked", killer, merchant);
        await UntilAsync(async () => await LeftAsync() == 0, "all is written", killer, merchant);

        var (missing, doubled, wrong) = await CompareAsync(ids);
        var (lost, strange, moved) = await ForeignAsync();
        var limits = (await DoorAsync(HttpMethod.Get, "_limits"))!["items"]!.AsArray().Select(l => $"{((string)l!["account"]!).Split(' ')[1]}s {l["most"]}/{l["limit"]}{((int)l["refused"]! > 0 ? $" ({l["refused"]} refused)" : "")}").ToList();
        var calls = (await DoorAsync(HttpMethod.Get, "_log"))!["items"]!.AsArray();
        var text = string.Create(CultureInfo.InvariantCulture, $"{orders} orders, {missing} missing, {doubled} doubled, {wrong} not as in the database; {_typed.Count} cells of the merchant's, {lost} lost, {strange} written over, {moved} beside another order; {_acts} acts of the merchant, {_kills} kills, {calls.Count(c => (string?)c!["fault"] is not null || (int)c["status"]! >= 400)} calls that failed of {calls.Count}; fullest minutes: {string.Join(", ", limits)} ({_watch.Elapsed.TotalMinutes:0} min)");
        report.Add(_database.Name, "orders in a sheet through a storm", text, "0 missing, 0 doubled, 0 foreign cells changed");
        return missing + doubled + wrong + lost + strange + moved == 0;
    }

    private async Task SetUpAsync()
    {
        await BenchShop.MakeAsync(_database, 0);
        var now = _clock.GetUtcNow();
        _shop = await BenchShop.IdAsync(_app.Services);
        var product = new Product { Id = ProductId.New(now), Name = "Hijab soie de Médine", Price = new(1200), CreatedAt = now, Search = Folding.Fold("Hijab soie de Médine") };
        product.Variants.Add(new() { Id = VariantId.New(now), ProductId = product.Id, Sku = "HIJAB-BEIGE", Options = new Dictionary<string, string> { ["Couleur"] = "Beige" }, Position = 0 });
        var key = await (await _google.PostAsJsonAsync("_accounts", new { email = Email })).Content.ReadAsStringAsync();
        _sheet = (string)(await DoorAsync(HttpMethod.Post, "_sheets", new { title = "Storm", shared_with = Email }))!["id"]!;
        await using var scope = Open();
        scope.Db.AddRange(product, new DeliveryFee { Id = Id<DeliveryFee>.New(now), WilayaCode = 31, Home = new Dinars(600), Desk = new Dinars(400), DaysFrom = 1, DaysTo = 3 });
        await scope.Db.SaveChangesAsync();
        _variant = product.Variants[0].Id.ToString();
        var (_, secret) = await scope.Get<ApiKeys>().MakeAsync("Bench", await scope.Db.Set<Member>().Where(m => m.WorkspaceId == _shop).Select(m => m.AccountId).SingleAsync(), default);
        _door.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        var connect = scope.Get<ConnectSheet>();
        if (await connect.SaveKeyAsync(key, "fr", default) is { } no) throw new InvalidOperationException(no.Words);
        if (await connect.SaveLinkAsync($"https://docs.google.com/spreadsheets/d/{_sheet}/edit", default) is { } refused) throw new InvalidOperationException(refused.Words);
    }

    private string _variant = "";

    private async Task<string> OrderAsync(int n)
    {
        var body = new { lines = new[] { new { variant_id = _variant, quantity = 1 } }, name = $"Client {n}", phone = $"05{n:00000000}", wilaya = "Oran", commune = "Bir El Djir", address = "Cité 1600", delivery = "home" };
        // The same key for every try: an order is made once, also when the app dies under it.
        var made = await PostAsync("orders", body, $"storm-{n}");
        Interlocked.Increment(ref _made);
        return (string)made!["id"]!;
    }

    /// <summary>A shop's program: asks until it has an answer.</summary>
    private async Task<JsonNode?> PostAsync(string path, object body, string? key = null)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key ?? $"{path}");
                using var answer = await _door.SendAsync(request);
                if ((int)answer.StatusCode < 300) return await answer.Content.ReadFromJsonAsync<JsonNode>();
                if ((int)answer.StatusCode is < 500 and not 409 and not 429) throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
                if ((int)answer.StatusCode == 409 && path.EndsWith("/cancel", StringComparison.Ordinal)) return null;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or IOException)
            {
                // It was killed under us.
            }
            await Task.Delay(100);
        }
    }

    private async Task FaultsAsync()
    {
        foreach (var (kind, rate, status, seconds) in ((string, double, int?, double?)[])[("work-then-503", 0.05, null, null), ("timeout-after-work", 0.03, null, 40), ("error", 0.04, 503, null), ("error", 0.03, 429, null), ("html", 0.02, 502, null), ("garbage", 0.02, 200, null), ("drop", 0.02, null, null), ("slow", 0.1, null, 1)])
            await DoorAsync(HttpMethod.Post, "_faults", new { kind, rate, status, seconds });
    }

    /// <summary>The merchant: one hand, so that what it does to a row it has just seen it does to that row.</summary>
    private async Task MerchantAsync(CancellationToken stop)
    {
        var columns = 0;
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            // Its hand and its bad luck are of this world's time: however fast the clock is, so much happens between two of our writes.
            await Task.Delay(TimeSpan.FromSeconds(0.5 + (3 * _random.NextDouble())), _clock, CancellationToken.None);
            var cells = await CellsAsync();
            if (cells.Count < 3) continue;
            _acts++;
            var (height, width) = (cells.Count, cells.Max(r => r.Count));
            var row = _random.Next(2, height + 1);
            switch (_random.Next(12))
            {
                case 0 or 1 or 2: await ActAsync(new { @do = "sort", tab = "Commandes", column = GoogleA1.Letters(_random.Next(width)), descending = _random.Next(2) == 0 }); break;
                case 3 when columns < 6: await ActAsync(new { @do = "insert_column", tab = "Commandes", column = GoogleA1.Letters(_random.Next(width)), value = $"M{columns++}" }); break;
                case 4 or 5:
                    // What stands in a row goes with it. Nothing but this hand moves rows.
                    await ActAsync(new { @do = "delete_row", tab = "Commandes", row });
                    foreach (var cell in cells[row - 1]) { _typed.Remove(cell); _rows.Remove(cell); }
                    break;
                case 6:
                    var own = $"r-{n}";
                    var name = cells[0].IndexOf("Nom");
                    if (name < 0) break;
                    await ActAsync(new { @do = "insert_row", tab = "Commandes", row, cells = Enumerable.Range(0, name + 1).Select(i => i == name ? own : "").ToList() });
                    _rows.Add(own);
                    break;
                default:
                    var heads = cells[0].Select((h, i) => (Head: h, At: i)).Where(h => h.Head.Length > 1 && h.Head[0] == 'M' && char.IsAsciiDigit(h.Head[1])).ToList();
                    if (heads.Count == 0) break;
                    var (head, at) = heads[_random.Next(heads.Count)];
                    var before = at < cells[row - 1].Count ? cells[row - 1][at] : "";
                    var token = $"m-{n}";
                    var id = cells[0].IndexOf("ID") is >= 0 and var ids && ids < cells[row - 1].Count && cells[row - 1][ids].Length == 32 ? cells[row - 1][ids] : null;
                    await ActAsync(new { @do = "type", tab = "Commandes", cell = $"{GoogleA1.Letters(at)}{row}", value = token });
                    _typed.Remove(before);
                    _typed[token] = (head, id);
                    break;
            }
        }
    }

    /// <summary>kill -9 at random moments, and up again.</summary>
    private async Task KillAsync(CancellationToken stop)
    {
        while (true)
        {
            // Of the wall's time: what a start costs is no shorter when the clock is fast, and an app that only ever starts writes nothing.
            await Task.Delay(TimeSpan.FromSeconds(30 + (90 * _random.NextDouble())), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            await _server!.KillAsync();
            _kills++;
            await StartAsync();
        }
    }

    private async Task StartAsync() => _server = await ServerProcess.StartAsync(typeof(SheetStorm).Assembly.Location, "/health/ready", _settings, _port, "--app", _clock.ToString());

    private async Task<(int Missing, int Doubled, int Wrong)> CompareAsync(IReadOnlyList<string> ids)
    {
        var cells = await CellsAsync();
        int At(string head) => cells[0].IndexOf(head);
        string Of(List<string> row, string head) => At(head) is >= 0 and var at && at < row.Count ? row[at] : "";
        var rows = cells.Skip(1).Where(r => Of(r, "ID").Length == 32).ToLookup(r => Of(r, "ID"));
        await using var scope = Open();
        var orders = await scope.Db.Orders.AsNoTracking().Where(o => o.Number > 0).ToDictionaryAsync(o => o.Id.ToString());
        var (missing, doubled, wrong) = (0, 0, 0);
        foreach (var id in ids)
        {
            if (!rows.Contains(id)) { missing++; continue; }
            if (rows[id].Count() > 1) doubled++;
            var (row, order) = (rows[id].First(), orders[id]);
            if (Of(row, "N°") != $"{order.Number}" || Of(row, "Nom") != order.Name || Of(row, "Téléphone") != order.Phone!.Value.National || Of(row, "État") != (order.State == OrderState.Cancelled ? "Annulée" : "À confirmer") || Of(row, "Total") != $"{order.Total.Amount}")
            {
                wrong++;
                Console.WriteLine($"  wrong: {string.Join(" | ", row)}");
            }
        }
        return (missing, doubled + rows.Count(r => !orders.ContainsKey(r.Key)), wrong);
    }

    /// <summary>Cells of the merchant's that are gone, cells that hold what neither of us put there, and notes that stand beside another order than they were typed beside.</summary>
    private async Task<(int Lost, int Strange, int Moved)> ForeignAsync()
    {
        var cells = await CellsAsync();
        var ids = cells[0].IndexOf("ID");
        var (found, strange, moved) = (new HashSet<string>(), 0, 0);
        for (var c = 0; c < cells[0].Count; c++)
        {
            var isOwn = cells[0][c].Length > 1 && cells[0][c][0] == 'M' && char.IsAsciiDigit(cells[0][c][1]);
            foreach (var row in cells.Skip(1).Where(r => c < r.Count && r[c].Length > 0))
            {
                if (_typed.TryGetValue(row[c], out var typed))
                {
                    found.Add(row[c]);
                    if (typed.Head != cells[0][c]) { strange++; Console.WriteLine($"  {row[c]} stands in {cells[0][c]}"); }
                    else if (typed.Id is { } beside && ids < row.Count && row[ids] != beside) { moved++; Console.WriteLine($"  {row[c]} was beside {beside}: {string.Join(" | ", row)}"); }
                }
                else if (_rows.Contains(row[c])) found.Add(row[c]);
                else if (isOwn || ids >= row.Count || row[ids].Length != 32) { strange++; Console.WriteLine($"  {row[c]} in {cells[0][c]}: {string.Join(" | ", row)}"); }
            }
        }
        var lost = _typed.Keys.Concat(_rows).Where(t => !found.Contains(t)).ToList();
        foreach (var gone in lost) Console.WriteLine($"  lost: {gone}");
        return (lost.Count, strange, moved);
    }

    private async Task<int> LeftAsync()
    {
        await using var scope = Open();
        return await scope.Db.SheetRows.CountAsync(r => r.Wanted > r.Written);
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string what, params Task[] others)
    {
        var said = _watch.Elapsed;
        while (!await holds())
        {
            await Task.Delay(500);
            foreach (var other in others) if (other.IsFaulted) await other;
            if (_watch.Elapsed - said < TimeSpan.FromSeconds(30)) continue;
            said = _watch.Elapsed;
            var left = await LeftAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {_watch.Elapsed:mm\\:ss} ({_clock.GetUtcNow():HH:mm}, {_kills} kills, {_acts} acts, {_made} orders, {left} to write) until {what}"));
        }
    }

    private WorkspaceScope Open() => _app.Services.GetRequiredService<WorkspaceScopes>().Open(_shop);

    private async Task<List<List<string>>> CellsAsync() => (await DoorAsync(HttpMethod.Get, $"_sheets/{_sheet}"))!["tabs"]!["Commandes"] is JsonArray rows ? [.. rows.Select(r => r!.AsArray().Select(c => (string)c!).ToList())] : [];

    private Task ActAsync(object act) => DoorAsync(HttpMethod.Post, $"_sheets/{_sheet}/act", act);

    private async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _google.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text.Length == 0 ? null : JsonNode.Parse(text) : throw new InvalidOperationException($"{path}: {text}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.KillAsync();
        await _app.DisposeAsync();
        await _sandbox.DisposeAsync();
        _google.Dispose();
        _door.Dispose();
        await _database.DisposeAsync();
    }
}
