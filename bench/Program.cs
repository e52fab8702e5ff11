using OrderClosr.Bench;

// bench bookings [10000]   so many parcels at the played couriers over failing lines; 1 when one is missing or doubled
// bench [--only ingest,rate,turn,inbox]   build the app first: dotnet build -c Release
if (args is ["--bare", var connectionString])
{
    await BareServer.RunAsync(connectionString);
    return 0;
}
if (args is ["bookings", ..])
{
    var bookings = new Report();
    return await Bookings.RunAsync(args is [_, var many] ? int.Parse(many, System.Globalization.CultureInfo.InvariantCulture) : 10_000, bookings) ? 0 : 1;
}
var only = args is ["--only", var names] ? names.Split(',') : ["ingest", "rate", "turn", "inbox"];
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {Environment.OSVersion.VersionString}; load generator, server and database on the same cores");
var report = new Report();
foreach (var kind in BenchDatabase.Kinds)
{
    if (only.Contains("ingest")) await Measures.IngestAsync(kind, report);
    if (only.Contains("rate")) await Measures.RateAsync(kind, report);
    if (only.Contains("turn")) await Measures.TurnAsync(kind, report);
    if (only.Contains("inbox")) await Measures.InboxAsync(kind, report);
}
if (!BenchDatabase.Kinds.Contains("postgres")) Console.WriteLine("PostgreSQL was not measured: ORDERCLOSR_TEST_POSTGRES is not set (eval \"$(tests/postgres.sh start --durable)\").");
report.Print();
return 0;
