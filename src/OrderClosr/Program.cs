using OrderClosr;
using OrderClosr.Ground.Running;
using OrderClosr.Verbs;

try
{
    if (Verb.IsMeant(args)) return await Verb.RunNamedAsync(args);
    await using var app = App.Build(args);
    await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
    // Most of a start is the making of the database's model and of what runs in the background: both at once.
    var background = Task.Run(() => app.Services.GetServices<IHostedService>());
    await Task.WhenAll(App.MigrateAsync(app.Services), background);
    await app.RunAsync();
    return 0;
}
catch (StartRefused refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
