using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Catalogue;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Verbs.Demo;

namespace OrderClosr.Bench;

/// <summary>A year of a large shop on the dashboard: how soon its page opens, how long one day and the whole year take to count, and whether the numbers are those of plain SQL.</summary>
internal static class Dashboards
{
    internal static async Task<bool> RunAsync(string kind, int orders, Report report)
    {
        await using var database = await BenchDatabase.MakeAsync(kind);
        await BenchShop.MakeAsync(database, 0);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        int written;
        await using (var app = App.Build([], BenchShop.Settings(database)))
        {
            var shop = await BenchShop.IdAsync(app.Services);
            await StockAsync(app.Services, shop);
            var watch = Stopwatch.StartNew();
            // Somewhat more than half of those who ask buy.
            await ActivatorUtilities.CreateInstance<DemoHistory>(app.Services).AddAsync(shop, days: 365, until: 1, perDay: (int)(orders / 365 / 0.55 / 1.17), firstNumber: 1001, default);
            await using var scope = app.Services.GetRequiredService<WorkspaceScopes>().Open(shop);
            scope.Db.Database.SetCommandTimeout(600);
            written = await scope.Db.Orders.CountAsync(o => o.Number > 0);
            report.Add(kind, "a year of orders made, with all that is about them", string.Create(CultureInfo.InvariantCulture, $"{written:N0} in {watch.Elapsed.TotalSeconds:0} s"), "");
            watch.Restart();
            var days = await scope.Get<RollUp>().RecountAsync(default);
            report.Add(kind, "the whole year counted from the records", string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0.0} s for {days} days, {watch.Elapsed.TotalMilliseconds / days:0} ms a day"), "");
        }
        await database.LearnAsync();
        await using var server = await ServerProcess.StartAsync(Measures.AppDll, "/health/ready", BenchShop.Settings(database));
        await server.RestAsync();
        using var http = await Measures.SignInAsync(server.Port);
        foreach (var (name, from) in new[] { ("year", today.AddDays(-364)), ("month", new DateOnly(today.Year, today.Month, 1)) })
        {
            var times = new List<double>();
            var size = 0;
            for (var i = 0; i < 60; i++)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await http.GetAsync($"/w/{BenchShop.Slug}/dashboard?from={from:yyyy-MM-dd}&to={today:yyyy-MM-dd}");
                size = (await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
                if (i >= 20) times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            report.Add(kind, string.Create(CultureInfo.InvariantCulture, $"dashboard of a {name} of {written:N0} orders, median / p95"), string.Create(CultureInfo.InvariantCulture, $"{times[20]:0} / {times[37]:0} ms, {size / 1024.0:0} KB"), name == "year" ? "< 100 ms" : "");
        }
        return await SameAsync(database, today, kind, report);
    }

    /// <summary>Four products, two couriers and fees: what a history needs to be told.</summary>
    private static async Task StockAsync(IServiceProvider services, WorkspaceId shop)
    {
        await using var scope = services.GetRequiredService<WorkspaceScopes>().Open(shop);
        var (db, now) = (scope.Db, TimeProvider.System.GetUtcNow());
        for (var n = 0; n < 40; n++)
        {
            var product = new Product { Id = ProductId.New(now), Name = $"Article {n + 1}", Price = new Dinars(1000 + 150 * n), CreatedAt = now };
            product.Variants.Add(new Variant { Id = VariantId.New(now), ProductId = product.Id, Sku = $"ART-{n + 1}" });
            db.Add(product);
        }
        for (var n = 0; n < 2; n++)
            db.Add(new CourierAccount { Id = CourierAccountId.New(now), Courier = n == 0 ? "yalidine" : "zr-express", Name = n == 0 ? "Yalidine" : "ZR Express", Credentials = scope.Get<SecretBox>().Seal(shop, "courier_account.credentials", "{}"), ChannelKey = $"{Guid.NewGuid():N}", ConnectedAt = now });
        await db.SaveChangesAsync();
    }

    /// <summary>The year's numbers beside the same counted by hand in SQL.</summary>
    private static async Task<bool> SameAsync(BenchDatabase database, DateOnly today, string kind, Report report)
    {
        await using var app = App.Build([], BenchShop.Settings(database));
        var shop = await BenchShop.IdAsync(app.Services);
        await using var scope = app.Services.GetRequiredService<WorkspaceScopes>().Open(shop);
        var (from, to) = (today.AddDays(-364), today);
        var read = (await scope.Get<Numbers>().ReadAsync(new(from, to), default));
        await scope.Db.Database.OpenConnectionAsync();
        async Task<long> SqlAsync(string sql)
        {
            await using var command = scope.Db.Database.GetDbConnection().CreateCommand();
            command.CommandTimeout = 600;
            var isSqlite = scope.Db.Database.ProviderName!.Contains("Sqlite", StringComparison.Ordinal);
            string At(DateOnly day) => isSqlite ? AlgiersTime.StartOf(day).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) : $"timestamptz '{AlgiersTime.StartOf(day):yyyy-MM-dd HH:mm:ss}+00'";
            command.CommandText = sql.Replace("@a", At(from), StringComparison.Ordinal).Replace("@b", At(to.AddDays(1)), StringComparison.Ordinal);
            return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        (string What, long Ours, string Sql)[] all =
        [
            ("orders", read.Shop.Orders, "select count(*) from orders where number > 0 and change_of is null and created_at >= @a and created_at < @b"),
            ("confirmed", read.Shop.Confirmed, "select count(*) from orders where number > 0 and confirmed_at >= @a and confirmed_at < @b"),
            ("delivered", read.Shop.Delivered, "select count(*) from parcels where state = 'Delivered' and state_at >= @a and state_at < @b"),
            ("returned", read.Shop.Returned, "select count(*) from parcels where state = 'Returned' and state_at >= @a and state_at < @b"),
            ("paid", read.Shop.Paid, "select count(*) from parcels p join cash_moves m on m.parcel_id = p.id and m.\"to\" = 'Paid' where p.cash_state = 'Paid' and m.at >= @a and m.at < @b"),
            ("conversations", read.Shop.Conversations, "select count(*) from conversations where created_at >= @a and created_at < @b"),
            ("replies", read.Shop.Replies, "select count(*) from turns where outcome = 'Replied' and ended_at >= @a and ended_at < @b"),
            ("cost", read.Shop.CostMicroDollars, "select coalesce(sum(cost_micro_dollars), 0) from turns where ended_at >= @a and ended_at < @b"),
            ("sold", read.Shop.Sold.Amount, "select coalesce(sum(l.quantity * l.unit_price), 0) from parcels p join order_lines l on l.order_id = p.order_id where p.state = 'Delivered' and p.state_at >= @a and p.state_at < @b"),
            ("delivered in Alger", read.Of(FigureCut.Wilaya).Single(w => w.Figure.Key == "16").Figure.Delivered, "select count(*) from parcels p join orders o on o.id = p.order_id where o.wilaya_code = 16 and p.state = 'Delivered' and p.state_at >= @a and p.state_at < @b"),
            ("delivered by the agent", read.ByAgent.Delivered, "select count(*) from parcels p join order_moves m on m.order_id = p.order_id and m.\"to\" = 'Confirmed' and m.actor <> 'Member' where p.state = 'Delivered' and p.state_at >= @a and p.state_at < @b"),
        ];
        var wrong = new List<string>();
        foreach (var (what, ours, sql) in all)
            if (await SqlAsync(sql) is var theirs && theirs != ours) wrong.Add($"{what}: {ours} instead of {theirs}");
        report.Add(kind, "numbers of the year that plain SQL counts alike", wrong.Count == 0 ? $"{all.Length} of {all.Length}" : string.Join("; ", wrong), "all");
        return wrong.Count == 0;
    }
}
