using OrderClosr.Bench;

// bench bookings [10000] [--database sqlite|postgres] [--speed 20] [--seed 1] [--minutes 600]   so many parcels at the played couriers over failing lines, the app killed and its database put back: 1 when one is missing or doubled
// bench sheets [5000] [--database sqlite|postgres] [--speed 20] [--seed 1]   so many orders into the played Google Sheet over failing lines, a merchant at work in it and the app killed: 1 when a row is missing or doubled or a cell of the merchant's changed
// bench export [--database sqlite|postgres]   a shop of 200,000 messages and 20,000 orders taken along, beside reading its rows
// bench dashboard [100000] [--database sqlite|postgres]   a year of so many orders on the dashboard: 1 when a number is not what plain SQL counts
// bench rotation [100000] [--database sqlite|postgres]   so many secrets to a new key while 50 requests a second are served: 1 when one fails or one is left
// bench doors [--database sqlite|postgres]   how long the doors take for an address with an account and for one without
// bench [--only ingest,rate,turn,inbox] [--database sqlite|postgres]
if (args is ["--bare", var connectionString])
{
    await BareServer.RunAsync(connectionString);
    return 0;
}
if (args is ["--app", var clock])
{
    await BookingApp.RunAsync(FastTime.Parse(clock));
    return 0;
}
string Given(string name, string usual) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : usual;
IReadOnlyList<string> kinds = Given("--database", "") is { Length: > 0 } one ? [one] : BenchDatabase.Kinds;
int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
int Count(int usual) => args.Length > 1 && char.IsAsciiDigit(args[1][0]) ? Number(args[1]) : usual;
if (args is ["sheets", ..])
    return await SheetStorm.RunAsync(Count(5_000), Given("--database", "sqlite"), Number(Given("--speed", "20")), Number(Given("--seed", "1")), new Report()) ? 0 : 1;
if (args is ["bookings", ..])
    return await Bookings.RunAsync(Count(10_000), Given("--database", "sqlite"), Number(Given("--speed", "20")), Number(Given("--seed", "1")), TimeSpan.FromMinutes(Number(Given("--minutes", "600"))), new Report()) ? 0 : 1;
if (args is ["export", ..])
{
    var measured = new Report();
    foreach (var kind in kinds) await Exports.RunAsync(kind, 66_667, 20_000, measured);
    measured.Print();
    return 0;
}
await Measures.InstallAsync();
if (args is ["dashboard", ..])
{
    var (numbers, orders) = (new Report(), Count(100_000));
    var isRight = true;
    foreach (var kind in kinds) isRight &= await Dashboards.RunAsync(kind, orders, numbers);
    numbers.Print();
    return isRight ? 0 : 1;
}
if (args is ["rotation", ..])
{
    var (rotated, secrets) = (new Report(), Count(100_000));
    var isDone = true;
    foreach (var kind in kinds) isDone &= await Rotations.RunAsync(kind, secrets, rotated);
    rotated.Print();
    return isDone ? 0 : 1;
}
if (args is ["doors", ..])
{
    var doors = new Report();
    foreach (var kind in kinds) await Doors.RunAsync(kind, doors);
    doors.Print();
    return 0;
}
var only = Given("--only", "ingest,rate,turn,inbox").Split(',');
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {Environment.OSVersion.VersionString}; load generator, server and database on the same cores");
var report = new Report();
foreach (var kind in kinds)
{
    if (only.Contains("ingest")) await Measures.IngestAsync(kind, report);
    if (only.Contains("rate")) await Measures.RateAsync(kind, report);
    if (only.Contains("turn")) await Measures.TurnAsync(kind, report);
    if (only.Contains("inbox")) await Measures.InboxAsync(kind, report);
}
if (!BenchDatabase.Kinds.Contains("postgres")) Console.WriteLine("PostgreSQL was not measured: ORDERCLOSR_TEST_POSTGRES is not set (eval \"$(tests/postgres.sh start --durable)\").");
report.Print();
return 0;
