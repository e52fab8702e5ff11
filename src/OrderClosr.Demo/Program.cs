using System.Diagnostics;
using System.Text.Json;
using OrderClosr;
using OrderClosr.Demo;
using OrderClosr.Sandbox;
using OrderClosr.Verbs.Demo;

var watch = Stopwatch.StartNew();
if (DemoOptions.Read(args, out var words) is not { } options)
{
    Console.WriteLine(words);
    return args is ["--help" or "-h", ..] ? 0 : 2;
}
if (options.Fresh && Directory.Exists(options.Data))
{
    // Only what a demo made is thrown away: a wrong --data must not cost anybody their files.
    if (!File.Exists(Path.Combine(options.Data, "demo-secrets.json")) && Directory.EnumerateFileSystemEntries(options.Data).Any())
    {
        Console.WriteLine($"{options.Data} holds something that is not a demo's; choose another folder with --data.");
        return 2;
    }
    Directory.Delete(options.Data, recursive: true);
}
Directory.CreateDirectory(options.Data);

var secrets = DemoSecrets.ReadOrMake(options.Data);
var (appUrl, sandboxUrl) = ($"http://localhost:{options.Port}", $"http://localhost:{options.SandboxPort}");
var realKey = Environment.GetEnvironmentVariable("Claude__ApiKey") is { Length: > 0 } key ? key : null;

await using var sandbox = SandboxApp.Build(new()
{
    Port = options.SandboxPort, MailPort = options.MailPort, App = appUrl, MetaAppSecret = secrets.AppSecret, InstagramAppSecret = secrets.InstagramSecret, VerifyToken = secrets.VerifyToken, ChargilySecretKey = secrets.ChargilyKey, RealClaude = realKey is not null,
    Seed = new() { Accounts = [.. secrets.DarLina.Concat(secrets.TechnoSetif).Select(a => a with { Subscribed = true })], Catalogue = [.. DemoShops.WhatsAppCatalogue], Couriers = [.. DemoCouriers.All(secrets).Select(c => c.Seed)], GoogleAccounts = [DemoSheet.Account(secrets)] },
});
await sandbox.StartAsync();

var settings = new Dictionary<string, string?>
{
    ["urls"] = appUrl, ["Public:BaseUrl"] = appUrl, ["ConnectionStrings:OrderClosr"] = $"Data Source={Path.Combine(options.Data, "orderclosr.db")}", ["Data:Folder"] = options.Data,
    ["FERNET_KEYS"] = secrets.FernetKey,
    ["Policy:CompanyName"] = "OrderClosr (démo)", ["Policy:ContactEmail"] = "vie-privee@orderclosr.example",
    ["Smtp:Url"] = $"smtp://127.0.0.1:{options.MailPort}", ["Smtp:From"] = "bonjour@orderclosr.example",
    // The console belongs to the person who tries: only what needs them.
    ["Logging:LogLevel:Default"] = "Warning", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning", ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Query"] = "Error", ["Logging:LogLevel:Orleans.Runtime.Scheduler"] = "Error",
    // Its shop is a week old when it is born, and never had a backup.
    ["Logging:LogLevel:OrderClosr.Ground.Running.BackupWatch"] = "Error",
    ["Meta:AppId"] = "424200000000001", ["Meta:AppSecret"] = secrets.AppSecret, ["Meta:InstagramAppSecret"] = secrets.InstagramSecret, ["Meta:VerifyToken"] = secrets.VerifyToken,
    // Plans are there to be paid, not to stand in the way of whoever tries the rest: what they allow is more than anybody needs here.
    ["Chargily:SecretKey"] = secrets.ChargilyKey, ["Chargily:Url"] = $"{sandboxUrl}/chargily/test/api/v2", ["Hooks:MayBePrivate"] = "true", ["Billing:SellerAddress"] = "12 rue Didouche Mourad, Alger",
    ["Billing:Plans:start:Name"] = "Start", ["Billing:Plans:start:Monthly"] = "0", ["Billing:Plans:start:Yearly"] = "0", ["Billing:Plans:start:Conversations"] = "50", ["Billing:Plans:start:Members"] = "1", ["Billing:Plans:start:Channels"] = "1",
    ["Billing:Plans:boutique:Name"] = "Boutique", ["Billing:Plans:boutique:Monthly"] = "3900", ["Billing:Plans:boutique:Yearly"] = "39000", ["Billing:Plans:boutique:Conversations"] = "100000", ["Billing:Plans:boutique:Members"] = "50",
    ["Billing:Plans:atelier:Name"] = "Atelier", ["Billing:Plans:atelier:Monthly"] = "9900", ["Billing:Plans:atelier:Yearly"] = "99000",
    ["Meta:GraphUrl"] = $"{sandboxUrl}/meta", ["Meta:InstagramGraphUrl"] = $"{sandboxUrl}/meta", ["Meta:WhatsappConfigId"] = "sandbox",
};
(settings["Sheets:Url"], settings["Sheets:TokenUrl"]) = ($"{sandboxUrl}/google/v4", $"{sandboxUrl}/google/token");
foreach (var (name, url) in DemoCouriers.Addresses(sandboxUrl)) settings[name] = url;
if (realKey is null)
{
    settings["Claude:ApiKey"] = secrets.ClaudeKey;
    settings["Claude:BaseUrl"] = $"{sandboxUrl}/claude";
}
await using var app = App.Build([], settings);
await app.Services.GetRequiredService<OrderClosr.Ground.Running.StartGate>().BeforeDatabaseAsync(default);
await App.MigrateAsync(app.Services);

var seed = ActivatorUtilities.CreateInstance<SeedDemo>(app.Services);
var isNew = !await seed.IsDoneAsync(DemoShops.DarLinaSlug, default);
if (isNew)
{
    var apiKey = await seed.MakeAsync(DemoShops.DarLina(secrets), withWeek: true, default);
    var otherKey = await seed.MakeAsync(DemoShops.TechnoSetif(secrets), withWeek: false, default);
    secrets = secrets with { ApiKey = apiKey, OtherApiKey = otherKey };
    secrets.Keep(options.Data);
}
await app.StartAsync();
await DemoShops.IntroduceCustomersAsync(app.Services, sandboxUrl);
await DemoCouriers.ConnectAsync(app.Services, secrets, appUrl, sandboxUrl);
await DemoSheet.ConnectAsync(app.Services, secrets, sandboxUrl);

await File.WriteAllTextAsync(Path.Combine(options.Data, "demo.json"), JsonSerializer.Serialize(DemoShops.HandOut(secrets, appUrl, sandboxUrl), new JsonSerializerOptions { WriteIndented = true }));
Console.WriteLine($"""

    OrderClosr's demo
      the shop       {appUrl}/w/{DemoShops.DarLinaSlug}/inbox
      sign in with   {DemoShops.OwnerEmail}   {secrets.OwnerPassword}
      the customer   {sandboxUrl}      a phone: write "slm ch7al robe d'été?" and buy
      the sheet      {sandboxUrl}/google/spreadsheets/d/{DemoSheet.Id}/edit      what the shop's orders are copied to
      letters        {sandboxUrl}/mail      what the app sends by e-mail
      the agent      {(realKey is null ? "a stand-in for Claude (set Claude__ApiKey for the real one)" : "the real Claude, with the key of Claude__ApiKey")}
      for scripts    {Path.Combine(options.Data, "demo.json")}
    """);
Console.WriteLine($"ready in {watch.Elapsed.TotalSeconds:0.0} s");
// The weeks before, which only the numbers show: while the person signs in.
var past = TellOfThePastAsync();
var shipping = isNew ? DemoParcels.ShipAsync(appUrl, sandboxUrl, secrets.ApiKey, app.Lifetime.ApplicationStopping) : Task.CompletedTask;
await app.WaitForShutdownAsync();
await shipping;
await past;
await sandbox.StopAsync();
return 0;

async Task TellOfThePastAsync()
{
    try
    {
        await DemoShops.TellOfThePastAsync(app.Services, app.Lifetime.ApplicationStopping);
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Told at the next start.
    }
    catch (Exception error)
    {
        Console.Error.WriteLine($"The weeks before could not be made: {error.Message}");
    }
}
