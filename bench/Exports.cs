using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Workspaces;

namespace OrderClosr.Bench;

/// <summary>The export of a large shop beside reading its rows alone: how many times as long, and how much memory more.</summary>
internal static class Exports
{
    internal static async Task RunAsync(string kind, int conversations, int orders, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, conversations);
        await using var app = App.Build([], BenchShop.Settings(database));
        var shop = await BenchShop.IdAsync(app.Services);
        var owner = await AddOrdersAsync(app.Services, shop, orders);
        // Once for nothing: both compile themselves.
        await ExportAsync(app.Services, shop, owner);
        await ReadAsync(app.Services, shop);
        GC.Collect();
        var (read, rows) = await ReadAsync(app.Services, shop);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var end = new CancellationTokenSource();
        var before = Process.GetCurrentProcess().WorkingSet64;
        var most = Task.Run(() => Watch(end.Token));
        var (export, bytes) = await ExportAsync(app.Services, shop, owner);
        await end.CancelAsync();
        var grown = Math.Max(0, await most - before) / 1048576.0;
        report.Add(kind, string.Create(CultureInfo.InvariantCulture, $"export of {3 * conversations:N0} messages and {orders:N0} orders, beside reading all rows"),
            string.Create(CultureInfo.InvariantCulture, $"{export / read:0.0} times ({export.TotalSeconds:0.0} s for {rows:N0} rows, {bytes / 1048576.0:0} MB packed; reading {read.TotalSeconds:0.0} s)"), "< 3 times");
        report.Add(kind, "memory it grew by", string.Create(CultureInfo.InvariantCulture, $"{grown:0} MB"), "flat");
    }

    /// <summary>Every column of every row of the workspace, by the driver alone.</summary>
    private static async Task<(TimeSpan, long)> ReadAsync(IServiceProvider services, WorkspaceId shop)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().Open(shop);
        var db = scope.Db;
        await db.Database.OpenConnectionAsync();
        var watch = Stopwatch.StartNew();
        long rows = 0;
        foreach (var table in db.Model.GetEntityTypes().Where(t => typeof(IOfWorkspace).IsAssignableFrom(t.ClrType)).Select(t => t.GetTableName()!).Distinct())
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"select * from {table} order by id";
            await using var reader = await command.ExecuteReaderAsync();
            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
                rows++;
            }
        }
        return (watch.Elapsed, rows);
    }

    private static async Task<(TimeSpan, long)> ExportAsync(IServiceProvider services, WorkspaceId shop, Guid owner)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().Open(shop);
        await scope.Db.AskedExports.ExecuteDeleteAsync();
        var asked = (await scope.Get<Exporting>().AskAsync(owner, ExportFormat.Archive, default)).Value;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await services.GetRequiredService<JobRunner>().RunDueAsync("export/all", default);
            if (await scope.Db.AskedExports.AsNoTracking().SingleAsync(e => e.Id == asked.Id) is { State: ExportState.Ready } ready) return (watch.Elapsed, ready.Bytes);
            await Task.Delay(20);
        }
    }

    private static async Task<Guid> AddOrdersAsync(IServiceProvider services, WorkspaceId shop, int orders)
    {
        var scopes = services.GetRequiredService<WorkspaceScopes>();
        List<(ConversationId Id, CustomerId Customer)> talks;
        await using (var scope = scopes.Open(shop)) talks = [.. (await scope.Db.Conversations.OrderBy(c => c.Id).Take(orders).Select(c => new { c.Id, c.CustomerId }).ToListAsync()).Select(c => (c.Id, c.CustomerId))];
        var now = TimeProvider.System.GetUtcNow();
        for (var from = 0; from < orders; from += 2000)
        {
            await using var scope = scopes.Open(shop);
            scope.Db.ChangeTracker.AutoDetectChangesEnabled = false;
            for (var n = from; n < Math.Min(orders, from + 2000); n++)
            {
                var order = new Order
                {
                    Id = OrderId.New(now), Number = 1001 + n, CustomerId = talks[n % talks.Count].Customer, ConversationId = talks[n % talks.Count].Id, Name = $"Client {n}", WilayaCode = 31, CommuneCode = 3101,
                    Address = "حي الياسمين عمارة 4، قرب الصيدلية", RiskReasons = ["new_customer"], CreatedAt = now,
                };
                scope.Db.Add(order);
                for (var line = 0; line < 2; line++)
                    scope.Db.Add(new OrderLine { Id = Id<OrderLine>.New(now), OrderId = order.Id, ProductId = Id<OrderClosr.Catalogue.Product>.New(now), VariantId = Id<OrderClosr.Catalogue.Variant>.New(now), Name = "Robe d'été", VariantLabel = "M / Noir", Quantity = 1, ListPrice = new(3500), UnitPrice = new(3500) });
            }
            await scope.Db.SaveChangesAsync();
        }
        await using var last = scopes.Open(shop);
        return await last.Db.Members.Where(m => m.WorkspaceId == shop).Select(m => m.AccountId).SingleAsync();
    }

    private static long Watch(CancellationToken stop)
    {
        long most = 0;
        while (!stop.IsCancellationRequested)
        {
            using var self = Process.GetCurrentProcess();
            most = Math.Max(most, self.WorkingSet64);
            stop.WaitHandle.WaitOne(50);
        }
        return most;
    }
}
