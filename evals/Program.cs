using System.Globalization;
using System.Text;
using OrderClosr.Evals;

// evals [--trials 1] [--only words] [--write docs/evals.md]   customers with hidden goals against the whole product: 1 when a trial went wrong
// The sandbox's stand-in answers; with Claude__ApiKey in the environment the real Claude does (Claude__Model chooses it), which costs money.
string Given(string name, string usual) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : usual;
if (args.Contains("--help") || args.Contains("-h") || !int.TryParse(Given("--trials", "1"), NumberStyles.None, CultureInfo.InvariantCulture, out var trials) || trials is < 1 or > 100)
{
    Console.WriteLine("evals [--trials 1 (to 100)] [--only words of a scenario's name] [--write docs/evals.md]");
    return args.Contains("--help") || args.Contains("-h") ? 0 : 2;
}
var scenarios = Scenarios.All.Where(s => s.Name.Contains(Given("--only", ""), StringComparison.OrdinalIgnoreCase)).ToList();
if (scenarios.Count == 0)
{
    Console.Error.WriteLine($"No scenario has \"{Given("--only", "")}\" in its name: {string.Join(", ", Scenarios.All.Select(s => s.Name))}.");
    return 2;
}
var realKey = Environment.GetEnvironmentVariable("Claude__ApiKey") is { Length: > 0 } key ? key : null;
Console.WriteLine($"{scenarios.Count} customers, {trials} trials each, {(realKey is null ? "against the sandbox's stand-in (set Claude__ApiKey for the real Claude)" : "against the real Claude")}");

var played = scenarios.ToDictionary(s => s, _ => new List<(IReadOnlyList<string> Faults, Outcome Outcome)>());
for (var trial = 0; trial < trials; trial++)
{
    // A world of its own for each round: the customers of one round know nothing of each other's orders, stock and phones.
    await using var world = await World.StartAsync(realKey);
    await Parallel.ForEachAsync(scenarios.Select((s, n) => (Scenario: s, Number: n + 60)), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
    {
        var outcome = await world.PlayAsync(one.Scenario, one.Number);
        var faults = Judge.Faults(one.Scenario, outcome);
        lock (played) played[one.Scenario].Add((faults, outcome));
        var said = faults.Count == 0 ? "" : $"\n    {string.Join("\n    ", faults)}\n    it said: {string.Join(" | ", outcome.Replies).ReplaceLineEndings(" / ")}";
        Console.WriteLine($"{(faults.Count == 0 ? "passed" : "FAILED")} {one.Scenario.Name}{said}");
    });
}
var report = new Report([.. scenarios.Select(s => new Score(s, [.. played[s].Select(p => p.Faults)], [.. played[s].Select(p => p.Outcome)]))], realKey is not null, TimeProvider.System.GetUtcNow());
Console.WriteLine($"\n{report.Table()}\n{report.Summary()}");
if (Given("--write", "") is { Length: > 0 } file) await File.WriteAllTextAsync(file, report.Page(), new UTF8Encoding(false));
return report.AllPassed ? 0 : 1;
