using Npgsql;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Web;

/// <summary>Two processes on one PostgreSQL: a page that one of them serves shows what the other changed.</summary>
public sealed class LiveAcrossNodesTests
{
    [Theory, OnPostgres]
    public async Task A_page_hears_what_another_node_changed_and_refreshes_after_a_broken_line(Database database)
    {
        await using var first = await NodeAsync(database, null);
        await using var second = await NodeAsync(database, first);
        var shop = await first.NewShopAsync();
        await Eventually.HoldsAsync(async () => await ListenersAsync("select count(*)") == 2);

        using var member = await Visitor.OwnerOfAsync(second, shop);
        using var answer = await member.SendAsync(HttpMethod.Get, $"/w/{shop.Slug}/live", null);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await ReadToAsync("event: live-hello");
        await TellAsync("0000000000000000000000000000000a");
        await ReadToAsync("event: live-order-0000000000000000000000000000000a");

        Assert.Equal(2, await ListenersAsync("select count(pg_terminate_backend(pid))"));
        await ReadToAsync("event: live-refresh");
        await TellAsync("0000000000000000000000000000000b");
        await ReadToAsync("event: live-order-0000000000000000000000000000000b");

        async Task ReadToAsync(string line)
        {
            while (await stream.ReadLineAsync(bound.Token) != line) { }
        }

        async Task TellAsync(string id)
        {
            await using var scope = first.In(shop.Id);
            await scope.Db.InTransactionAsync(() => { scope.Db.Tell("order", id); return Task.CompletedTask; }, bound.Token);
        }

        async Task<long> ListenersAsync(string what)
        {
            await using var connection = new NpgsqlConnection(first.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"{what} from pg_stat_activity where application_name = 'OrderClosr notices' and datname = current_database() and query like 'listen%'", connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static Task<TestApp> NodeAsync(Database database, TestApp? beside) => TestApp.StartAsync(database, new()
    {
        Beside = beside,
        Settings = new Dictionary<string, string?> { ["Cluster:Mode"] = "postgres", ["Cluster:Address"] = "127.0.0.1", ["Cluster:Port"] = $"{Ports.Free()}" },
    });
}
