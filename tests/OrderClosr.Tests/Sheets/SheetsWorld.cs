using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Sheets;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sheets;

/// <summary>A shop with a sheet at the played Google, and the merchant's hand in it. Nothing runs by itself: the clock is the test's.</summary>
internal sealed class SheetsWorld : IAsyncDisposable
{
    internal const string Email = "boutique@essai-2026.iam.gserviceaccount.com", Tab = "Commandes", Leads = "Prospects";

    private int _phones;

    private SheetsWorld(OrdersWorld orders) => Orders = orders;

    internal OrdersWorld Orders { get; }
    internal TestApp App => Orders.App;
    internal Shop Shop => Orders.Shop;
    internal FakeTimeProvider Clock => App.Time;
    internal string Sheet { get; private set; } = "";
    internal string KeyFile { get; private set; } = "";

    internal static async Task<SheetsWorld> StartAsync(Database database, bool connected = true, bool isStarted = false)
    {
        var clock = new TestClock(isStarted ? DateTimeOffset.UtcNow : new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        var app = await TestApp.StartAsync(database, new() { Started = isStarted, VendorsPlay = true, Time = clock });
        var world = new SheetsWorld(new(app, await app.NewShopAsync()));
        await world.OpenAsync();
        if (!isStarted) clock.Advance(TimeSpan.FromMinutes(2));
        if (connected) await world.ConnectAsync();
        return world;
    }

    /// <summary>A service account and a spreadsheet that is shared with it.</summary>
    private async Task OpenAsync()
    {
        KeyFile = await (await App.Sandbox.PostAsJsonAsync("/google/_accounts", new { email = Email })).Content.ReadAsStringAsync();
        Sheet = (string)(await DoorAsync(HttpMethod.Post, "_sheets", new { title = "Ma boutique", shared_with = Email }))!["id"]!;
    }

    internal async Task ConnectAsync()
    {
        await using var scope = Open();
        Assert.Null(await scope.Get<ConnectSheet>().SaveKeyAsync(KeyFile, "fr", default));
        Assert.Null(await scope.Get<ConnectSheet>().SaveLinkAsync(Link, default));
        await RunAsync();
    }

    internal string Link => $"https://docs.google.com/spreadsheets/d/{Sheet}/edit#gid=0";

    internal WorkspaceScope Open() => App.In(Shop.Id);

    internal async Task<T> DoAsync<T>(Func<WorkspaceScope, Task<T>> act)
    {
        await using var scope = Open();
        return await act(scope);
    }

    internal Task<Order> OrderAsync(Func<DraftChange, DraftChange>? change = null)
    {
        var usual = OrdersWorld.Complete(phone: $"05000002{_phones++:00}", product: "hijab", variant: "");
        return Orders.OrderAsync(change is null ? usual : change(usual));
    }

    internal async Task<JsonNode?> DoorAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/google/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await App.Sandbox.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    internal Task FaultAsync(string kind, string? value = null, int? count = null, string? path = null, double? seconds = null, int? status = null, double rate = 1) =>
        DoorAsync(HttpMethod.Post, "_faults", new { kind, value, count, path, seconds, status, rate });

    internal Task ClearAsync() => DoorAsync(HttpMethod.Delete, "_faults");

    /// <summary>The merchant does something by hand.</summary>
    internal Task ActAsync(object act) => DoorAsync(HttpMethod.Post, $"_sheets/{Sheet}/act", act);

    /// <summary>The merchant does something between our reading and our writing.</summary>
    internal Task BetweenAsync(string act, int after = 1, string path = "") => FaultAsync("merchant", act, count: after, path: path.Length == 0 ? $"/v4/spreadsheets/{Sheet}/values:batchGet" : path);

    internal async Task<List<List<string>>> CellsAsync(string tab = Tab) =>
        (await DoorAsync(HttpMethod.Get, $"_sheets/{Sheet}"))!["tabs"]![tab] is JsonArray rows ? [.. rows.Select(r => r!.AsArray().Select(c => (string)c!).ToList())] : [];

    /// <summary>Rows with an id, by the heads.</summary>
    internal async Task<List<Dictionary<string, string>>> RowsAsync(string tab = Tab)
    {
        var cells = await CellsAsync(tab);
        if (cells.Count == 0) return [];
        return [.. cells.Skip(1).Select(r => cells[0].Select((h, i) => (h, Cell: i < r.Count ? r[i] : "")).Where(c => c.h.Length > 0).DistinctBy(c => c.h).ToDictionary(c => c.h, c => c.Cell)).Where(r => r.GetValueOrDefault("ID", "").Length == 32)];
    }

    internal async Task<Dictionary<string, string>> RowAsync(OrderId order) => Assert.Single(await RowsAsync(), r => r["ID"] == order.ToString());

    internal async Task<SheetConnection> ConnectionAsync()
    {
        await using var scope = Open();
        return await scope.Db.SheetConnections.AsNoTracking().SingleAsync();
    }

    internal async Task<List<string>> ToldAsync()
    {
        await using var scope = Open();
        return await scope.Db.SheetRemarks.AsNoTracking().OrderBy(r => r.Id).Select(r => r.Code).ToListAsync();
    }

    /// <summary>The clock's own look, as every two minutes.</summary>
    internal async Task TickAsync()
    {
        await using (var scope = App.Get<WorkspaceScopes>().OpenNone()) await scope.Get<IJobHandler<TickSheets>>().RunAsync(new(), new(default, 1, false), default);
        await RunAsync();
    }

    /// <summary>Runs the sheet's lane, moving the clock to whatever is due next, until nothing waits.</summary>
    internal async Task RunAsync(TimeSpan? atMost = null)
    {
        var runner = App.Get<JobRunner>();
        var end = Clock.GetUtcNow() + (atMost ?? TimeSpan.FromHours(5));
        var lane = $"sheet/{Sheet}";
        for (var round = 0; round < 300; round++)
        {
            await runner.RunDueAsync(lane, default);
            if (await runner.NextDueAsync(lane, default) is not { } next || next > end) return;
            if (next > Clock.GetUtcNow()) Clock.Advance(next - Clock.GetUtcNow());
        }
        Assert.Fail("The lane never came to rest.");
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
