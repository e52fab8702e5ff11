using OrderClosr;
using OrderClosr.Ground.Running;
using OrderClosr.Verbs;

try
{
    if (Verb.IsMeant(args)) return await Verb.RunNamedAsync(args);
    await using var app = App.Build(args);
    await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
    await App.MigrateAsync(app.Services);
    await app.RunAsync();
    return 0;
}
catch (StartRefused refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
