using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Outbound;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Privacy;

namespace OrderClosr.Verbs;

/// <summary><c>check</c>: what the server would refuse to start with, how it reaches its database, whose keys the secrets are, whom it may talk to, when it was last backed up, what waits for a person.</summary>
internal static class Check
{
    internal static readonly Verb Verb = new("check", "looks at configuration, keys, database TLS, vendors, backups and what waits for a person", RunAsync, """
        Changes nothing and may run beside the app.
        exit codes: 0 all is right, 1 something is wrong: the app would not start, a secret cannot be read, the last backup or a deletion is late
        """);

    private static async Task<int> RunAsync(string[] args)
    {
        await using var app = App.Build(args);
        return await SayAsync(app.Services, Console.WriteLine, default);
    }

    /// <summary>Says everything, a line at a time; answers the exit code.</summary>
    internal static async Task<int> SayAsync(IServiceProvider services, Action<string> say, CancellationToken stop)
    {
        var wrong = 0;
        var isDatabaseAsked = true;
        foreach (var check in services.GetServices<StartCheck>().OrderBy(c => c.NeedsDatabase))
        {
            if (check.NeedsDatabase && wrong > 0)
            {
                isDatabaseAsked = false;
                Line(check.Name, "not asked before the rest is right");
                continue;
            }
            var problems = await check.Problems(services, stop);
            wrong += problems.Count;
            Line(check.Name, problems.Count == 0 ? "ok" : problems[0]);
            foreach (var more in problems.Skip(1)) Line("", more);
        }
        foreach (var rule in services.GetServices<OutboundRule>())
            Line("may call", $"{rule.Vendor}: {string.Join(", ", rule.Hosts)}{(rule.MayBePrivate ? " (a private address is configured)" : "")}");
        Line("", "and the database; nobody else: every other call is refused before it leaves");
        if (!isDatabaseAsked || wrong > 0) return 1;

        var settings = services.GetRequiredService<IConfiguration>();
        foreach (var line in await DatabaseTls.DescribeAsync(settings.GetConnectionString("OrderClosr") ?? DatabaseSetup.DefaultConnection, services.GetRequiredService<TimeProvider>(), stop)) Line("database", line);
        var owner = services.GetRequiredService<PolicyOwner>();
        Line("privacy page", owner.Missing is { Count: > 0 } missing ? $"does not say who runs this server or where to write to: set {string.Join(" and ", missing)}" : $"{owner.Company}, {owner.Email}");
        await PlansAsync(services, Line, stop);
        wrong += await KeysAsync(services, Line, stop);
        wrong += await BackupsAsync(services, Line, stop);
        await WaitingAsync(services, Line, stop);
        wrong += await DeletionsAsync(services, Line, stop);
        return wrong == 0 ? 0 : 1;

        void Line(string what, string text) => say($"{what,-14} {text}");
    }

    private static async Task PlansAsync(IServiceProvider services, Action<string, string> line, CancellationToken stop)
    {
        var (plans, payments) = (services.GetRequiredService<Plans>(), services.GetRequiredService<IPayments>());
        if (!plans.IsOn)
        {
            line("plans", "none: no key of a payment service (Chargily__SecretKey), so nothing is limited and nobody pays");
            return;
        }
        line("plans", $"{string.Join(", ", plans.All.Select(p => $"{p.Name} {p.Monthly}"))}; a trial of {plans.TrialDays} days; {(payments.IsLive ? "real money" : "the payment service's test mode: no real money")}");
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the operator asks which payments are not the ones that were asked for");
        var odd = await scope.Db.Everywhere<Payment>().CountAsync(p => p.State == PaymentState.Differs, stop);
        if (odd > 0) line("payments", $"{odd} with another amount, currency or mode than was asked for: nothing was credited, look at the payment service");
    }

    private static async Task<int> KeysAsync(IServiceProvider services, Action<string, string> line, CancellationToken stop)
    {
        var counts = await services.GetRequiredService<KeyRotation>().CountAsync(stop);
        foreach (var (key, count) in counts.ByKey.OrderByDescending(k => k.Key == counts.First))
            line("key", $"{key}: {count} values{(key == counts.First ? " (encrypts)" : count > 0 ? " (rotate-keys takes them to the first key)" : " (only backups may still need it)")}");
        foreach (var (place, count) in counts.Unreadable) line("key", $"{count} values of {place} are opened by no key of FERNET_KEYS");
        return counts.Unreadable.Count;
    }

    private static async Task<int> BackupsAsync(IServiceProvider services, Action<string, string> line, CancellationToken stop)
    {
        var (age, folder) = (services.GetRequiredService<BackupAge>(), services.GetRequiredService<BackupFolder>());
        var isLate = await age.IsLateAsync(stop);
        var last = await age.LastAsync(stop) is { } at ? $"last one {at:yyyy-MM-dd HH:mm} UTC ({(services.GetRequiredService<TimeProvider>().GetUtcNow() - at).TotalHours:0} h ago)" : "none yet";
        line("backups", $"{last}, {folder.All().Count} in {folder.Path}, {(age.Hour is { } hour ? $"every night at {hour} (Algiers)" : "none at night (Backups__Hour=off)")}{(isLate ? ". LATE: the job make_backup says what was in the way" : "")}");
        return isLate ? 1 : 0;
    }

    private static async Task<int> DeletionsAsync(IServiceProvider services, Action<string, string> line, CancellationToken stop)
    {
        await using var none = services.GetRequiredService<WorkspaceScopes>().OpenNone();
        var all = await none.Db.Deletions.AsNoTracking().OrderBy(d => d.AskedAt).ToListAsync(stop);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var late = all.Count(d => now - d.AskedAt > Deletions.GoneWithin || (d.PurgedAt is null && now - d.AskedAt > Deletions.PurgeAfter + TimeSpan.FromDays(1)));
        line("deletions", all.Count == 0 ? "none under way" : $"{all.Count(d => d.PurgedAt is null)} asked, {all.Count(d => d.PurgedAt is not null)} purged and not yet proven{(late > 0 ? $". {late} LATE: run the verb purge, it says what is in the way" : "")}");
        return late;
    }

    private static async Task WaitingAsync(IServiceProvider services, Action<string, string> line, CancellationToken stop)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenEverywhere("the operator asks what waits for a person in any workspace");
        var unreadable = await scope.Db.InboundEvents.CountAsync(e => e.State == EventState.Unreadable, stop);
        var failed = await scope.Db.Everywhere<Job>().Where(j => j.State == JobState.Refused || j.State == JobState.GivenUp || j.State == JobState.Parked)
            .GroupBy(j => new { j.Kind, j.State }).Select(g => new { g.Key.Kind, g.Key.State, Count = g.Count() }).ToListAsync(stop);
        line("events", $"{unreadable} unreadable");
        line("jobs", failed.Count == 0 ? "none failed" : string.Join(", ", failed.Select(f => $"{f.Count} {f.Kind} {f.State}")));
    }
}
