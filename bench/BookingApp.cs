using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrderClosr.Ground.Running;
using Orleans.Configuration;

namespace OrderClosr.Bench;

/// <summary>The whole app on a faster clock, in a process that can be killed (<c>bench --app CLOCK</c>); settings by environment, as in <c>Program.cs</c>.</summary>
internal static class BookingApp
{
    internal static async Task RunAsync(FastTime clock)
    {
        await using var app = Build(clock, null);
        await app.Services.GetRequiredService<StartGate>().BeforeDatabaseAsync(default);
        await App.MigrateAsync(app.Services);
        await app.RunAsync();
    }

    /// <summary>The same, built and not started: its classes on the same database.</summary>
    internal static WebApplication Build(FastTime clock, IReadOnlyDictionary<string, string?>? settings) => App.Build([], settings, builder =>
    {
        builder.Logging.ClearProviders();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        // A silo reads this clock and the wall's: it would take itself for long dead.
        builder.Services.Configure<ClusterMembershipOptions>(o => (o.LivenessEnabled, o.NumMissedTableIAmAliveLimit) = (false, 1_000_000));
    });
}
