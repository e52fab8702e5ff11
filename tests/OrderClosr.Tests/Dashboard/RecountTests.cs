using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Dashboard;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Dashboard;

/// <summary>Orders made by chance: the dashboard's numbers are those of plain SQL, written by another hand.</summary>
public sealed class RecountTests
{
    [Theory, OnBothDatabases]
    public async Task Numbers_of_generated_orders_are_those_of_plain_sql(Database database)
    {
        await using var world = await DashboardWorld.StartAsync(database);
        var chance = new Random(20261129);
        var shop = world.Shop;
        ShopChannel?[] channels = [shop.Messenger, shop.Instagram, shop.Whatsapp, null];
        await world.TellAsync(Enumerable.Range(0, 300).Select(_ =>
        {
            var confirmer = chance.Next(5);
            return new Story(world.Ago(chance.Next(3, 100)).AddMinutes(chance.Next(-590, 800)))
            {
                Wilaya = (int[])[16, 31, 9, 25, 19] is var wilayas ? wilayas[chance.Next(wilayas.Length)] : 0, Channel = channels[chance.Next(channels.Length)], AnsweredAfter = chance.Next(6) == 0 ? null : chance.NextDouble() * 300,
                Lines = [(((string[])["robe", "hijab", "sac"])[chance.Next(3)], chance.Next(1, 4), 100 * chance.Next(10, 60))],
                ConfirmedBy = confirmer == 0 ? null : confirmer == 1 ? ActorKind.Member : confirmer == 2 ? ActorKind.Api : ActorKind.Agent, ConfirmedAfter = TimeSpan.FromMinutes(chance.Next(1, 3000)),
                End = confirmer == 0 ? null : ((ParcelState?[])[ParcelState.Delivered, ParcelState.Delivered, ParcelState.Returned, ParcelState.InTransit, null])[chance.Next(5)], EndAfter = TimeSpan.FromHours(chance.Next(20, 70)), Courier = chance.Next(2),
                PaidAfter = chance.Next(3) == 0 ? chance.NextDouble() * 10 : null, Rescued = chance.Next(8) == 0,
            };
        }));
        await using var scope = world.Open();
        // Opened as our own code opens it: the database's second lock knows whose rows may be seen.
        await scope.Db.Database.OpenConnectionAsync();
        while (await scope.Get<RollUp>().SettleAsync(1000, default) > 0) { }
        foreach (var period in new[] { new Period(world.Today.AddDays(-110), world.Today), new Period(world.Today.AddDays(-45), world.Today.AddDays(-9)), Period.LastMonth(world.Today) })
        {
            var read = await scope.Get<Numbers>().ReadAsync(period, default);
            var sql = new Plain(scope.Db.Database.GetDbConnection(), database, shop.Id.Value, AlgiersTime.StartOf(period.From), AlgiersTime.StartOf(period.To.AddDays(1)));
            const string Orders = "from orders o where o.workspace_id = @ws and o.number > 0 and o.change_of is null and", Parcels = "from parcels p join orders o on o.id = p.order_id where p.workspace_id = @ws and p.state =";
            Assert.Equal(await sql.OneAsync($"select count(*) {Orders} o.created_at >= @a and o.created_at < @b"), read.Shop.Orders);
            Assert.Equal(await sql.OneAsync($"select count(*) {Orders} o.confirmed_at >= @a and o.confirmed_at < @b"), read.Shop.Confirmed);
            Assert.Equal(await sql.OneAsync("select count(*) from conversations c where c.workspace_id = @ws and c.created_at >= @a and c.created_at < @b"), read.Shop.Conversations);
            Assert.Equal(await sql.OneAsync("select count(*) from parcels p where p.workspace_id = @ws and p.cash_state = 'Paid' and (select max(m.at) from cash_moves m where m.parcel_id = p.id and m.to = 'Paid') between @a and @c"), read.Shop.Paid);
            foreach (var (state, count) in new (string, Func<Figure, int>)[] { ("Delivered", f => f.Delivered), ("Returned", f => f.Returned) })
            {
                var ended = $"{Parcels} '{state}' and p.state_at >= @a and p.state_at < @b";
                Assert.Equal(await sql.OneAsync($"select count(*) {ended}"), count(read.Shop));
                Same(await sql.ManyAsync($"select o.wilaya_code, count(*) {ended} group by o.wilaya_code"), read, FigureCut.Wilaya, count);
                Same(await sql.ManyAsync($"select p.account_id, count(*) {ended} group by p.account_id"), read, FigureCut.Courier, count);
                Same(await sql.ManyAsync($"select l.product_id, count(distinct p.id) {ended.Replace("where", "join order_lines l on l.order_id = o.id where", StringComparison.Ordinal)} group by l.product_id"), read, FigureCut.Product, count);
                Same(await sql.ManyAsync($"select c.channel_id, count(*) {ended.Replace("where", "left join conversations c on c.id = o.conversation_id where", StringComparison.Ordinal)} group by c.channel_id"), read, FigureCut.Channel, count);
                Same(await sql.ManyAsync($"select case m.actor when 'Member' then 'm' when 'Api' then 'api' else 'agent' end, count(*) {ended.Replace("where", "join order_moves m on m.order_id = o.id and m.to = 'Confirmed' where", StringComparison.Ordinal)} group by 1"), read, FigureCut.Member, count, key => Guid.TryParse(key, out _) ? "m" : key);
            }
            Same(await sql.ManyAsync($"select o.wilaya_code, count(*) {Orders} o.created_at >= @a and o.created_at < @b group by o.wilaya_code"), read, FigureCut.Wilaya, f => f.Orders);
            Assert.Equal(await sql.OneAsync($"select coalesce(sum(l.quantity * l.unit_price), 0) from order_lines l join orders o on o.id = l.order_id join parcels p on p.order_id = o.id where p.workspace_id = @ws and p.state = 'Delivered' and p.state_at >= @a and p.state_at < @b"), read.Shop.Sold.Amount);
            Assert.True(read.Shop.Delivered > 10);
        }
        // Day by day the same days.
        var days = await scope.Db.Figures.AsNoTracking().Where(f => f.Span == FigureSpan.Day && f.Cut == FigureCut.Shop).ToListAsync();
        var months = await scope.Db.Figures.AsNoTracking().Where(f => f.Span == FigureSpan.Month && f.Cut == FigureCut.Shop).ToListAsync();
        Assert.Equal((300, 300), (days.Sum(d => d.Orders), months.Sum(m => m.Orders)));
    }

    private static void Same(Dictionary<string, long> sql, NumbersOf read, FigureCut cut, Func<Figure, int> count, Func<string, string>? key = null) =>
        Assert.Equal(sql.OrderBy(s => s.Key, StringComparer.Ordinal), read.Of(cut).Where(n => count(n.Figure) > 0).GroupBy(n => key is null ? n.Figure.Key : key(n.Figure.Key)).ToDictionary(g => g.Key, g => (long)g.Sum(n => count(n.Figure))).OrderBy(s => s.Key, StringComparer.Ordinal));

    /// <summary>SQL as a person types it at the database's own prompt.</summary>
    private sealed class Plain(DbConnection connection, Database database, Guid workspace, DateTimeOffset since, DateTimeOffset until)
    {
        internal async Task<long> OneAsync(string sql) => (await RowsAsync(sql)) is [[var only, ..], ..] ? Convert.ToInt64(only, CultureInfo.InvariantCulture) : 0;

        internal async Task<Dictionary<string, long>> ManyAsync(string sql) => (await RowsAsync(sql)).ToDictionary(r => Key(r[0]), r => Convert.ToInt64(r[1], CultureInfo.InvariantCulture));

        private static string Key(object value) => value switch { DBNull => "none", Guid id => id.ToString("N"), string text when Guid.TryParse(text, out var id) => id.ToString("N"), _ => Convert.ToString(value, CultureInfo.InvariantCulture)! };

        private async Task<List<object[]>> RowsAsync(string sql)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the test's own words
            command.CommandText = sql.Replace("m.to", "m.\"to\"", StringComparison.Ordinal);
#pragma warning restore CA2100
            foreach (var (name, value) in new (string, object)[] { ("ws", Id(workspace)), ("a", At(since)), ("b", At(until)), ("c", At(until.AddMilliseconds(-1))) })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }
            var rows = new List<object[]>();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }
            return rows;
        }

        private object Id(Guid id) => database == Database.Sqlite ? id.ToString().ToUpperInvariant() : id;

        private object At(DateTimeOffset at) => database == Database.Sqlite ? at.ToUnixTimeMilliseconds() : at.UtcDateTime;
    }
}
