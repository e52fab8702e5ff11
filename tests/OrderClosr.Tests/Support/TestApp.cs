using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Sandbox;

namespace OrderClosr.Tests.Support;

/// <summary>What a test wants of its app beyond the usual.</summary>
public sealed record TestAppOptions
{
    /// <summary>A clock the test moves; null: the real one.</summary>
    public FakeTimeProvider? Time { get; init; }

    /// <summary>Settings that go over the usual ones; <c>{sandbox}</c> in a value is host and port of the vendors.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Extra services, e.g. a job kind of the test.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>How the sandbox differs from the usual.</summary>
    public Func<SandboxOptions, SandboxOptions>? Sandbox { get; init; }

    /// <summary>Runs on the database and data folder of another app, as a second process would; that one must outlive this one.</summary>
    public TestApp? Beside { get; init; }

    /// <summary>A started app in which nobody wakes the agent: for tests of the channels, where its replies would be in the way.</summary>
    public static TestAppOptions AgentSleeps { get; } = new()
    {
        Services = services =>
        {
            services.RemoveAll<OrderClosr.Ground.Jobs.SweepTarget>();
            services.Remove(services.Single(s => s.ImplementationType?.Name == "ConversationWaking"));
        },
    };

    /// <summary>On the real clock recurring work counts as done for the hours of a run, unless this is set; an app with a clock of its own has all of it.</summary>
    public bool ClocksStrike { get; init; }

    /// <summary>Which port to listen on; asked again when somebody else has it by then.</summary>
    internal Func<int> Port { get; init; } = Ports.Free;

    /// <summary>False: built but not started: no door, no grains, no background work; a test calls the classes itself.</summary>
    public bool Started { get; init; } = true;

    /// <summary>The vendors play although the app is not started here: for an <see cref="AppProcess"/>, which they outlive.</summary>
    public bool VendorsPlay { get; init; }
}

/// <summary>The whole product on a database of its own behind a real door, with every vendor played by a sandbox in the same process.</summary>
/// <example><c>await using var app = await TestApp.StartAsync(database); var shop = await app.NewShopAsync();</c></example>
public sealed class TestApp : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly WebApplication _app;
    private readonly WebApplication? _sandbox;
    private int _shops;
    private bool _isStarted, _isStopped, _isGuest;

    private TestApp(TestDatabase database, WebApplication app, WebApplication? sandbox, SandboxOptions sandboxOptions, LogBook logs, FakeTimeProvider? time, string url)
    {
        (_database, _app, _sandbox, SandboxOptions, Logs, Url) = (database, app, sandbox, sandboxOptions, logs, url);
        _time = time;
        Http = NewClient();
        Sandbox = new HttpClient { BaseAddress = new(sandbox?.Urls.First() ?? "http://127.0.0.1:1") };
    }

    /// <summary>Base address of the app, without a slash at the end.</summary>
    public string Url { get; }

    /// <summary>Talks to the app; follows no redirect, keeps no cookie.</summary>
    public HttpClient Http { get; }

    /// <summary>Where the vendors are played; null when nobody plays them.</summary>
    public string? Vendors => _sandbox?.Urls.First();

    /// <summary>How many calls the vendors had so far.</summary>
    internal int CallsToVendors => _sandbox!.Services.GetRequiredService<OrderClosr.Sandbox.Faults.VendorBook>().All.Sum(v => v.Log.Items.Count);

    /// <summary>Talks to the sandbox's own addresses (<c>/meta/_log</c>, <c>/claude/_mode</c>).</summary>
    public HttpClient Sandbox { get; }

    public SandboxOptions SandboxOptions { get; }
    public IServiceProvider Services => _app.Services;
    public LogBook Logs { get; }
    public Database Database => _database.Kind;
    public string ConnectionString => _database.ConnectionString;

    /// <summary>The test's data folder.</summary>
    public string Folder => _database.Folder;

    /// <summary>The clock, where the test asked for one it moves.</summary>
    public FakeTimeProvider Time => _time ?? throw new InvalidOperationException("This app runs on the real clock: ask for one with TestAppOptions.Time.");
    private readonly FakeTimeProvider? _time;

    /// <summary>Secrets of the played Meta app, as the app under test has them.</summary>
    public const string MetaAppSecret = "invented-app-secret-0001", InstagramAppSecret = "invented-instagram-secret-0001", VerifyToken = "invented-verify-token-0001";

    /// <summary>A key of this run only.</summary>
    public static string FernetKey { get; } = OrderClosr.Ground.Secrets.FernetKey.Generate();

    public static async Task<TestApp> StartAsync(Database database, TestAppOptions? options = null)
    {
        options ??= new();
        var data = options.Beside?._database ?? await TestDatabase.CreateAsync(database, atRest: options is { Time: null, ClocksStrike: false });
        for (var tries = 1; ; tries++)
            try
            {
                return await StartAsync(data, options, $"http://127.0.0.1:{options.Port()}");
            }
            catch (Exception error)
            {
                // Between asking for a port and taking it somebody else took it: on a busy machine that happens.
                if (tries < 5 && Ports.IsTaken(error)) continue;
                if (options.Beside is null) await data.DisposeAsync();
                throw;
            }
    }

    private static async Task<TestApp> StartAsync(TestDatabase data, TestAppOptions options, string url)
    {
        var sandboxOptions = new SandboxOptions { Port = 0, App = url, Seed = new() { Accounts = [.. Enumerable.Range(0, ShopSeeds.Most).SelectMany(ShopSeeds.AccountsOf)] } };
        if (options.Time is not null) sandboxOptions = sandboxOptions with { Time = options.Time };
        if (options.Sandbox is not null) sandboxOptions = options.Sandbox(sandboxOptions);
        if (sandboxOptions.MailPort is null && (options.Started || options.VendorsPlay)) sandboxOptions = sandboxOptions with { MailPort = Ports.Free() };
        WebApplication? sandbox = null;
        if (options.Started || options.VendorsPlay)
        {
            sandbox = SandboxApp.Build(sandboxOptions);
            await sandbox.StartAsync();
        }
        var settings = SettingsFor(data, url, sandbox?.Urls.First());
        if (sandboxOptions.MailPort is { } mail) (settings["Smtp:Url"], settings["Smtp:From"]) = ($"smtp://127.0.0.1:{mail}", "bonjour@orderclosr.example");
        foreach (var (name, value) in options.Settings) settings[name] = sandbox is null ? value : value?.Replace("{sandbox}", new Uri(sandbox.Urls.First()).Authority, StringComparison.Ordinal);
        var logs = new LogBook();
        var app = App.Build([], settings, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(logs);
            if (options.Time is not null) builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(options.Time));
            options.Services?.Invoke(builder.Services);
        });
        var test = new TestApp(data, app, sandbox, sandboxOptions, logs, options.Time, url) { _isGuest = options.Beside is not null };
        try
        {
            if (options.Started) await app.StartAsync();
            test._isStarted = options.Started;
        }
        catch
        {
            // It never ran; its database is the caller's.
            (test._isStopped, test._isGuest) = (true, true);
            await test.DisposeAsync();
            throw;
        }
        return test;
    }

    /// <summary>Settings of an app on this database, with every vendor at the sandbox.</summary>
    internal static Dictionary<string, string?> SettingsFor(TestDatabase database, string url = "http://127.0.0.1:1", string? sandbox = null) =>
        SettingsFor(database.ConnectionString, database.Folder, url, sandbox);

    internal static Dictionary<string, string?> SettingsFor(string connectionString, string folder, string url, string? sandbox)
    {
        sandbox ??= "http://127.0.0.1:1";
        return new()
        {
            ["urls"] = url, ["Public:BaseUrl"] = url, ["ConnectionStrings:OrderClosr"] = connectionString, ["Data:Folder"] = folder,
            // A night's backup would begin with every app that starts after three in the morning.
            ["FERNET_KEYS"] = FernetKey, ["Backups:Hour"] = "off",
            ["Policy:CompanyName"] = "Boucle SARL", ["Policy:ContactEmail"] = "vie-privee@orderclosr.example",
            ["Meta:AppId"] = "424200000000001", ["Meta:AppSecret"] = MetaAppSecret, ["Meta:InstagramAppSecret"] = InstagramAppSecret, ["Meta:VerifyToken"] = VerifyToken,
            ["Meta:GraphUrl"] = $"{sandbox}/meta", ["Meta:InstagramGraphUrl"] = $"{sandbox}/meta",
            ["Claude:ApiKey"] = "invented-claude-key-0001", ["Claude:BaseUrl"] = $"{sandbox}/claude",
            ["Couriers:Anderson:Url"] = $"{sandbox}/ecotrack/api/v1", ["Couriers:Maystro:Url"] = $"{sandbox}/maystro/api", ["Couriers:Noest:Url"] = $"{sandbox}/noest/api/public",
            ["Couriers:Yalidine:Url"] = $"{sandbox}/yalidine/v1", ["Couriers:ZrExpress:Url"] = $"{sandbox}/zr/api/v1", ["Couriers:ZrLegacy:Url"] = $"{sandbox}/procolis/api_v1",
            ["Sheets:Url"] = $"{sandbox}/google/v4", ["Sheets:TokenUrl"] = $"{sandbox}/google/token",
        };
    }

    /// <summary>A client of the app with no cookies; <paramref name="cookies"/> keeps them, as a browser does.</summary>
    public HttpClient NewClient(bool cookies = false) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies }) { BaseAddress = new(Url) };

    /// <summary>A scope that acts for a workspace, as a job or a door would.</summary>
    public WorkspaceScope In(WorkspaceId workspace) => Services.GetRequiredService<WorkspaceScopes>().Open(workspace);

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A shop with an owner, three channels at the sandbox, a small catalogue and fees of some wilayas. Each call makes another one.</summary>
    public Task<Shop> NewShopAsync() => ShopSeeds.AddAsync(this, Interlocked.Increment(ref _shops) - 1);

    /// <summary>Waits until the work that the clocks began at this moment is done; on a clock that stands still no more of it comes. An app that is not started has none.</summary>
    public async Task RestsAsync()
    {
        if (!_isStarted) return;
        var now = Get<TimeProvider>().GetUtcNow();
        var begun = Clocks.All.Where(c => c.Every is not null).Select(c => (c.Name, Period: c.PeriodOf(now))).ToList();
        await Eventually.HoldsAsync(async () =>
        {
            // On a clock that stands still no second sweep comes for what the first could not wake.
            await Get<IGrainFactory>().GetGrain<ILaneGrain>("work/system").NudgeAsync();
            await using var scope = Get<WorkspaceScopes>().OpenEverywhere("the clocks' work is of no shop");
            var runs = await scope.Db.Set<ClockRun>().AsNoTracking().ToListAsync();
            return begun.All(b => runs.Any(r => (r.Name, r.Period) == (b.Name, b.Period)))
                && !await scope.Db.Jobs.AnyAsync(j => j.Lane == "work/system" && (j.State == JobState.Running || (j.State == JobState.Waiting && j.DueAt <= now)));
        });
    }

    /// <summary>Stops at once without saying goodbye to anybody: the nearest to a kill that one process allows.</summary>
    public Task BreakOffAsync()
    {
        _isStopped = true;
        return _app.StopAsync(new CancellationToken(canceled: true));
    }

    /// <summary>Stops the app as SIGTERM would; its database stays until the test ends.</summary>
    public Task StopAsync()
    {
        _isStopped = true;
        return _app.StopAsync();
    }


    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Sandbox.Dispose();
        if (!_isStopped) await StopAsync();
        await _app.DisposeAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        if (!_isGuest) await _database.DisposeAsync();
    }
}
