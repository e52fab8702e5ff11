using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Sandbox;
using OrderClosr.Shipping;
using OrderClosr.Tests.Parcels;

namespace OrderClosr.Bench;

/// <summary>Many bookings at all six played couriers over failing lines: as many parcels as orders, counted at the couriers. A proof, not a speed: its clock jumps.</summary>
internal static class Bookings
{
    internal static async Task<bool> RunAsync(int orders, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync("sqlite");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        await using var sandbox = SandboxApp.Build(new() { Port = 0, Time = clock });
        await sandbox.StartAsync();
        var address = sandbox.Urls.First();
        var settings = BenchShop.Settings(database, address);
        foreach (var (name, path) in ((string, string)[])[("Yalidine", "yalidine/v1"), ("ZrExpress", "zr/api/v1"), ("ZrLegacy", "procolis/api_v1"), ("Anderson", "ecotrack/api/v1"), ("Maystro", "maystro/api"), ("Noest", "noest/api/public")])
            settings[$"Couriers:{name}:Url"] = $"{address}/{path}";
        await using var app = App.Build([], settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        });
        await App.MigrateAsync(app.Services);
        var (shop, product) = await ShopAsync(app.Services, clock.GetUtcNow());
        using var http = new HttpClient { BaseAddress = new(address) };
        var storm = new BookingStorm(app.Services, shop, product, http, clock);
        await storm.ConnectAsync();
        var watch = Stopwatch.StartNew();
        var counts = await storm.RunAsync(orders);
        foreach (var c in counts) Console.WriteLine($"  {c}");
        var text = string.Create(CultureInfo.InvariantCulture, $"{counts.Sum(c => c.Orders)} orders, {counts.Sum(c => c.Parcels)} parcels, {counts.Sum(c => c.Doubled)} doubled, {counts.Sum(c => c.Missing)} missing, {counts.Sum(c => c.Unbooked)} not known to us ({watch.Elapsed.TotalSeconds:0} s)");
        report.Add("sqlite", "bookings at six couriers through a storm", text, "0 doubled, 0 missing");
        return counts.All(c => c.Orders == c.Parcels && c is { Doubled: 0, Missing: 0, Unbooked: 0 });
    }

    private static async Task<(WorkspaceId Shop, ProductId Product)> ShopAsync(IServiceProvider services, DateTimeOffset now)
    {
        var id = WorkspaceId.New(now);
        await using var scope = services.GetRequiredService<WorkspaceScopes>().Open(id);
        var product = new Product { Id = ProductId.New(now), Name = "Hijab soie de Médine", Price = new(1200), CreatedAt = now, Search = Folding.Fold("Hijab soie de Médine") };
        product.Variants.Add(new() { Id = VariantId.New(now), ProductId = product.Id, Sku = "HIJAB-BEIGE", Options = new Dictionary<string, string> { ["Couleur"] = "Beige" }, Position = 0 });
        scope.Db.AddRange(new Workspace { Id = id, Slug = "bookings", Name = "Bookings", CreatedAt = now }, product,
            new DeliveryFee { Id = Id<DeliveryFee>.New(now), WilayaCode = 31, Home = new Dinars(600), Desk = new Dinars(400), DaysFrom = 1, DaysTo = 3 });
        await scope.Db.SaveChangesAsync();
        return (id, product.Id);
    }
}
