using Npgsql;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Ground.Running;

/// <summary>Something that must be right before the app serves anybody. Rooms and vendors add their own with <c>AddSingleton(new StartCheck(…))</c>.</summary>
/// <param name="Name">What is looked at, for the verb <c>check</c>: <c>keys</c>, <c>database tls</c>.</param>
/// <param name="Problems">What is wrong and what to do, one sentence each; empty when it is right. Never a secret.</param>
/// <param name="NeedsDatabase">Asked only once the tables are there.</param>
public sealed record StartCheck(string Name, Func<IServiceProvider, CancellationToken, Task<IReadOnlyList<string>>> Problems, bool NeedsDatabase = false)
{
    /// <summary>A check of the settings alone.</summary>
    public static StartCheck Of(string name, Func<IConfiguration, IEnumerable<string>> problems) =>
        new(name, (services, _) => Task.FromResult<IReadOnlyList<string>>([.. problems(services.GetRequiredService<IConfiguration>())]));
}

/// <summary>The app does not start: everything that is missing or wrong, at once.</summary>
public sealed class StartRefused(IReadOnlyList<string> problems) : Exception($"OrderClosr does not start:\n{string.Join('\n', problems.Select(p => $"- {p}"))}")
{
    public IReadOnlyList<string> Problems => problems;
}

/// <summary>Asks every check before anything else starts, in whatever program hosts the app.</summary>
public sealed class StartGate(IServiceProvider services, SingleProcess single) : IHostedLifecycleService
{
    /// <summary>Refuses when a setting is wrong or another process has the data.</summary>
    /// <exception cref="StartRefused">With everything that is wrong.</exception>
    public async Task BeforeDatabaseAsync(CancellationToken stop)
    {
        await RefuseAsync(needDatabase: false, stop);
        await single.TakeAsync(stop);
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await BeforeDatabaseAsync(cancellationToken);
        await RefuseAsync(needDatabase: true, cancellationToken);
    }

    /// <summary>What is wrong, without taking the data: for verbs that work beside a running app.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(bool needDatabase, CancellationToken stop)
    {
        var problems = new List<string>();
        foreach (var check in services.GetServices<StartCheck>().Where(c => c.NeedsDatabase == needDatabase)) problems.AddRange(await check.Problems(services, stop));
        return problems;
    }

    /// <summary>The same, refused: for verbs that cannot work with anything wrong.</summary>
    /// <exception cref="StartRefused">With everything that is wrong.</exception>
    public async Task RefuseAsync(bool needDatabase, CancellationToken stop)
    {
        if (await ProblemsAsync(needDatabase, stop) is { Count: > 0 } problems) throw new StartRefused(problems);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The ground's own checks.</summary>
internal static class GroundChecks
{
    internal static IReadOnlyList<StartCheck> All { get; } =
    [
        StartCheck.Of("keys", settings => FernetKeys.Problem(settings["FERNET_KEYS"]) is { } problem ? [problem] : []),
        StartCheck.Of("database tls", settings => DatabaseTls.ProblemsHere(settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection)),
        StartCheck.Of("settings", Settings),
        new("database", DatabaseAsync, NeedsDatabase: true),
    ];

    private static IEnumerable<string> Settings(IConfiguration settings)
    {
        var mode = settings["Cluster:Mode"] ?? "single";
        if (mode is not ("single" or "postgres")) yield return $"Cluster__Mode is {mode}: it is single or postgres.";
        if (mode == "postgres" && !DatabaseSetup.IsPostgres(settings.GetConnectionString("OrderClosr") ?? "")) yield return "Cluster__Mode=postgres needs a PostgreSQL database: set ConnectionStrings__OrderClosr to Host=….";
        foreach (var name in (string[])["Metrics:Port", "Cluster:Port"])
            if (settings[name] is { Length: > 0 } port && (!int.TryParse(port, out var number) || number is < 1 or > 65535)) yield return $"{name.Replace(":", "__", StringComparison.Ordinal)} is no port.";
        if (settings["Backups:Hour"] is { Length: > 0 } hour && hour != "off" && !(int.TryParse(hour, out var clock) && clock is >= 0 and <= 23)) yield return "Backups__Hour is no hour: write 0 to 23 (Algiers time), or off.";
        if (settings["Public:BaseUrl"] is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            yield return "Public__BaseUrl is no address: write it as https://shop.example.";
    }

    private static async Task<IReadOnlyList<string>> DatabaseAsync(IServiceProvider services, CancellationToken stop)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenNone();
        try
        {
            var problems = await DatabaseState.ProblemsAsync(scope.Db, services.GetRequiredService<FernetKeys>(), stop);
            return problems.Count > 0 || scope.Db is not PostgresDb ? problems : [.. await RowSecurity.ProblemsAsync(scope.Db, stop), .. await DatabaseTls.InUseAsync(scope.Db, stop)];
        }
        catch (NpgsqlException error)
        {
            return [DatabaseTls.Words(error)];
        }
    }
}
