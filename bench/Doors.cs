using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Bench;

/// <summary>Whether the doors tell by their time which address has an account: sign-in, sign-up and a forgotten password, with one and without, in turn.</summary>
internal static class Doors
{
    // Failed tries of one network address stop at 30 within five minutes.
    private const int Warm = 2, Rounds = 12;

    internal static async Task RunAsync(string kind, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, 0);
        // A mail server that is away: letters wait, the doors do not.
        var settings = BenchShop.Settings(database);
        (settings["Smtp:Url"], settings["Smtp:From"], settings["SignIn:PerMinute"]) = ("smtp://127.0.0.1:9", "bench@bench.example", "10000");
        await using (var app = App.Build([], settings)) await PlantAsync(app.Services);
        await using var server = await ServerProcess.StartAsync(Measures.AppDll, "/health/ready", settings);
        using var http = Measures.Visitor(server.Port);
        foreach (var path in (string[])["/sign-in", "/sign-up", "/forgot"])
        {
            var (known, unknown) = (new List<double>(), new List<double>());
            for (var n = 0; n < Warm + Rounds; n++)
            {
                // Now one first, now the other: whoever comes second finds things warm.
                var (first, second) = n % 2 == 0 ? (known, unknown) : (unknown, known);
                foreach (var times in (List<double>[])[first, second])
                {
                    var took = await AskAsync(http, path, times == known ? Known(n) : $"nobody{n}@bench.example");
                    if (n >= Warm) times.Add(took);
                }
            }
            known.Sort();
            unknown.Sort();
            report.Add(kind, $"{path} without an account, beside one with", string.Create(CultureInfo.InvariantCulture, $"{unknown[Rounds / 2] / known[Rounds / 2]:0.00} times ({unknown[Rounds / 2]:0.0} and {known[Rounds / 2]:0.0} ms, medians of {Rounds})"), "1");
        }
    }

    private static string Known(int n) => $"known{n}@bench.example";

    private static async Task<double> AskAsync(HttpClient http, string path, string email)
    {
        var proof = Measures.ProofOf(await http.GetStringAsync(path));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = "une autre phrase", ["name"] = "Bench", ["shop"] = "Bench", ["__RequestVerificationToken"] = proof });
        var watch = Stopwatch.StartNew();
        using var answer = await http.PostAsync(path, form);
        var took = watch.Elapsed.TotalMilliseconds;
        var isRight = path == "/sign-in" ? answer.StatusCode == HttpStatusCode.UnprocessableEntity : answer.StatusCode == HttpStatusCode.OK;
        return isRight ? took : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}.");
    }

    private static async Task PlantAsync(IServiceProvider services)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().OpenNone();
        var (now, hash) = (TimeProvider.System.GetUtcNow(), Argon2.Hash(BenchShop.Password));
        scope.Db.AddRange(Enumerable.Range(0, Warm + Rounds).Select(n => BenchShop.NewAccount("Bench", Known(n), hash, now)));
        await scope.Db.SaveChangesAsync();
    }
}
