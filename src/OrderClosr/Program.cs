using OrderClosr;

var app = App.Build(args);
await App.MigrateAsync(app.Services);
await app.RunAsync();
