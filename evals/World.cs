using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderClosr.Agent;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Sandbox;
using OrderClosr.Shipping;
using OrderClosr.Verbs.Demo;

namespace OrderClosr.Evals;

/// <summary>The whole product with the demo's shop on a database of its own, and a phone for each customer; Claude is the real one where a key is given.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly (ChannelKind Kind, MetaAccountSeed Seed)[] Accounts =
    [
        (ChannelKind.Messenger, new("page", "101000000000001", "Dar Lina", "invented-page-token")),
        (ChannelKind.Instagram, new("instagram", "178000000000001", "dar.lina.dz", "invented-instagram-token")),
        (ChannelKind.Whatsapp, new("whatsapp", "106000000000001", "Dar Lina", "invented-whatsapp-token") { WabaId = "206000000000001", DisplayPhone = "213500009001" }),
    ];

    // A stand-in answers within seconds, the real Claude within half a minute and its tools.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly WebApplication _sandbox, _app;
    private readonly WorkspaceId _shop;
    private readonly HttpClient _phones;

    private World(string folder, WebApplication sandbox, WebApplication app, WorkspaceId shop) =>
        (_folder, _sandbox, _app, _shop, _phones) = (folder, sandbox, app, shop, new() { BaseAddress = new(sandbox.Urls.First()) });

    /// <summary>A shop as it stands on the first day of the demo: catalogue, fees, customers of its last week.</summary>
    /// <param name="realKey">A key for the real Claude; null: the sandbox's stand-in answers.</param>
    internal static async Task<World> StartAsync(string? realKey)
    {
        var folder = Directory.CreateTempSubdirectory("orderclosr-evals-").FullName;
        var address = $"http://127.0.0.1:{FreePort()}";
        var (appSecret, verify) = ("invented-app-secret", "invented-verify-token");
        var sandbox = SandboxApp.Build(new() { Port = 0, App = address, MetaAppSecret = appSecret, InstagramAppSecret = appSecret, VerifyToken = verify, RealClaude = realKey is not null, Seed = new() { Accounts = [.. Accounts.Select(a => a.Seed with { Subscribed = true })] } });
        await sandbox.StartAsync();
        var vendors = sandbox.Urls.First();
        var settings = new Dictionary<string, string?>
        {
            ["urls"] = address, ["Public:BaseUrl"] = address, ["ConnectionStrings:OrderClosr"] = $"Data Source={Path.Combine(folder, "orderclosr.db")}", ["Data:Folder"] = folder, ["FERNET_KEYS"] = FernetKey.Generate(), ["Backups:Hour"] = "off",
            ["Policy:CompanyName"] = "OrderClosr", ["Policy:ContactEmail"] = "vie-privee@orderclosr.example", ["Logging:LogLevel:Default"] = "Error", ["Logging:LogLevel:Microsoft"] = "Error", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Error", ["Logging:LogLevel:Orleans"] = "Error",
            ["Meta:AppId"] = "424200000000001", ["Meta:AppSecret"] = appSecret, ["Meta:InstagramAppSecret"] = appSecret, ["Meta:VerifyToken"] = verify, ["Meta:GraphUrl"] = $"{vendors}/meta", ["Meta:InstagramGraphUrl"] = $"{vendors}/meta",
        };
        if (realKey is null) (settings["Claude:ApiKey"], settings["Claude:BaseUrl"]) = ("invented-claude-key", $"{vendors}/claude");
        var app = App.Build([], settings);
        await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
        await App.MigrateAsync(app.Services);
        await ActivatorUtilities.CreateInstance<SeedDemo>(app.Services).MakeAsync(
            new("dar-lina", "Dar Lina", "Lina Bensalem", "lina@evals.example", Guid.NewGuid().ToString("N"), [.. Accounts.Select(a => new DemoChannel(a.Kind, a.Seed.Id, a.Seed.WabaId, a.Seed.Name, a.Seed.Token))]), withWeek: true, default);
        WorkspaceId shop;
        await using (var none = app.Services.GetRequiredService<WorkspaceScopes>().OpenNone()) shop = await none.Db.Set<Workspace>().Select(w => w.Id).SingleAsync();
        await app.StartAsync();
        return new(folder, sandbox, app, shop);
    }

    /// <summary>Plays one customer to the end.</summary>
    /// <param name="number">Tells customers apart: the last two digits of the phone.</param>
    internal async Task<Outcome> PlayAsync(Scenario scenario, int number)
    {
        var customer = new Customer(scenario.Channel, $"213500{number:000000}");
        var silences = new List<string>();
        foreach (var burst in scenario.Bursts) await AskAsync([.. burst.Select(b => b.Replace("PHONE", $"0500{number:000000}", StringComparison.Ordinal))]);
        for (var more = 0; scenario.Buys is not null && more < 2 && (await OrdersAsync(customer)).Count == 0 && await ConversationAsync(customer) is { HeldBy: HeldBy.Agent }; more++) await AskAsync([scenario.Yes]);

        var conversation = await ConversationAsync(customer);
        await using var scope = Open();
        var turns = conversation is null ? [] : await scope.Db.Set<TurnRecord>().AsNoTracking().Where(t => t.ConversationId == conversation.Id).ToListAsync();
        return new()
        {
            Phone = $"+{customer.Id}", Replies = [.. (await ThreadAsync(customer)).Where(i => (string?)i["from"] == "business").Select(i => (string?)i["text"] ?? "")], Orders = await OrdersAsync(customer), HandedOver = conversation is { HeldBy: not HeldBy.Agent }, Reason = conversation?.HandOverReason,
            Silences = silences, True = await TrueAsync(scenario), Turns = turns.Count, Input = turns.Sum(t => (long)t.InputTokens + t.CacheWriteTokens), Cached = turns.Sum(t => (long)t.CacheReadTokens), Output = turns.Sum(t => (long)t.OutputTokens),
            MicroDollars = turns.Sum(t => t.CostMicroDollars), Models = [.. turns.Select(t => t.Model).Distinct()],
        };

        async Task AskAsync(string[] bubbles)
        {
            // Whoever was told that a person will answer waits for that person; the agent owes no answer then.
            var waits = await ConversationAsync(customer) is { HeldBy: not HeldBy.Agent };
            var before = (await ThreadAsync(customer)).Count(i => (string?)i["from"] == "business");
            foreach (var bubble in bubbles)
            {
                using var answer = await _phones.PostAsJsonAsync($"/meta/_customers/{customer.Id}/say", new { channel = customer.ChannelName, account = customer.Account, name = "Client", text = bubble });
                answer.EnsureSuccessStatusCode();
            }
            await AnsweredAsync(customer);
            if (!waits && (await ThreadAsync(customer)).Count(i => (string?)i["from"] == "business") == before) silences.Add(string.Join(" / ", bubbles));
        }
    }

    /// <summary>Waits until everything written is stored and answered and nothing waits to be sent.</summary>
    private async Task AnsweredAsync(Customer customer)
    {
        var watch = Stopwatch.StartNew();
        while (!await IsQuietAsync(customer))
        {
            if (watch.Elapsed > Patience) return; // silence, which is counted
            await Task.Delay(250);
        }
    }

    private async Task<bool> IsQuietAsync(Customer customer)
    {
        if (await ConversationAsync(customer) is not { } met) return false;
        var written = (await ThreadAsync(customer)).Where(i => (string?)i["from"] == "customer").Select(i => (string)i["id"]!).ToList();
        await using var scope = Open();
        var known = await scope.Db.Messages.Where(m => m.ConversationId == met.Id && m.Direction == Direction.In).Select(m => m.ChannelMessageId ?? "").ToListAsync();
        // Looked at after the messages: one is stored together with "unanswered".
        if (written.Except(known).Any() || await ConversationAsync(customer) is not { FirstUnansweredAt: null }) return false;
        var key = met.Id.ToString();
        return !await scope.Db.Jobs.AnyAsync(j => j.OrderKey == key && (j.State == JobState.Waiting || j.State == JobState.Running || j.State == JobState.OutcomeUnknown));
    }

    private async Task<IReadOnlyList<JsonObject>> ThreadAsync(Customer customer) =>
        [.. (await _phones.GetFromJsonAsync<JsonObject>(ThreadOf(customer)))!["items"]!.AsArray().Select(i => i!.AsObject())];

    private async Task<Conversation?> ConversationAsync(Customer customer)
    {
        using var answer = await _phones.GetAsync(ThreadOf(customer));
        if (!answer.IsSuccessStatusCode) return null;
        var handles = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["handles"]!.AsArray().SelectMany(h => new[] { (string?)h!["handle"], (string?)h["user_id"] }).OfType<string>().ToList();
        await using var scope = Open();
        return await (from handle in scope.Db.Set<CustomerHandle>()
                      where handles.Contains(handle.Handle)
                      join conversation in scope.Db.Conversations on new { handle.CustomerId, handle.ChannelId } equals new { conversation.CustomerId, conversation.ChannelId }
                      select conversation).AsNoTracking().FirstOrDefaultAsync();
    }

    private async Task<IReadOnlyList<Bought>> OrdersAsync(Customer customer)
    {
        if (await ConversationAsync(customer) is not { } conversation) return [];
        await using var scope = Open();
        var orders = await scope.Db.Orders.AsNoTracking().Include(o => o.Lines).Where(o => o.ConversationId == conversation.Id && o.State != OrderState.Draft).ToListAsync();
        var places = scope.Get<Places>();
        return [.. orders.Select(o => new Bought(o.Number, o.State.ToString(), string.Join(" + ", o.Lines.OrderBy(l => l.Id).Select(l => $"{l.Quantity} × {l.FullName}")), places.CommuneOf(o.CommuneCode)?.Name, o.Phone?.ToString(), o.Goods.Amount, o.Discount.Amount, o.DeliveryFee.Amount, o.Total.Amount))];
    }

    /// <summary>What may be said: prices and up to ten pieces of each, the fees of the customer's wilaya, one thing with its fee, the order's own sums, and from where delivery is free.</summary>
    private async Task<HashSet<long>> TrueAsync(Scenario scenario)
    {
        await using var scope = Open();
        var prices = (await scope.Db.Set<Product>().AsNoTracking().ToListAsync()).Select(p => p.Price.Amount).Distinct().ToList();
        var fees = scenario.Wilaya is { } wilaya ? await scope.Db.Set<DeliveryFee>().AsNoTracking().Where(f => f.WilayaCode == wilaya).ToListAsync() : [];
        List<long> delivery = [.. fees.SelectMany(f => new[] { f.Home?.Amount, f.Desk?.Amount }).OfType<long>()];
        var goods = prices.SelectMany(price => Enumerable.Range(1, 10).Select(n => n * price)).ToHashSet();
        if (scenario.Buys is { } wanted) goods.UnionWith([wanted.Goods, wanted.Goods - wanted.Discount]);
        var free = await scope.Db.Set<DeliveryPolicy>().AsNoTracking().Select(p => p.FreeFrom).SingleAsync();
        return [.. goods, .. delivery, .. goods.SelectMany(g => delivery.Select(d => g + d)), .. free is { } from ? [from.Amount] : (long[])[]];
    }

    private WorkspaceScope Open() => _app.Services.GetRequiredService<WorkspaceScopes>().Open(_shop);

    private static string ThreadOf(Customer customer) => string.Create(CultureInfo.InvariantCulture, $"/meta/_customers/{customer.Id}/thread?channel={customer.ChannelName}&account={customer.Account}");

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _phones.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _sandbox.StopAsync();
        await _sandbox.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed record Customer(ChannelKind Kind, string Id)
    {
        internal string ChannelName => Kind.ToString().ToLowerInvariant();
        internal string Account => Accounts.Single(a => a.Kind == Kind).Seed.Id;
    }
}
