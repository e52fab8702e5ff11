using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Ground;

public sealed class StartTests
{
    [Theory, OnBothDatabases]
    public async Task The_app_answers_and_its_sandbox_answers(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/health/live")).StatusCode);
        Assert.NotEqual(HttpStatusCode.InternalServerError, (await app.Sandbox.GetAsync("/meta/_log")).StatusCode);
    }

    [Fact]
    public async Task A_test_whose_port_was_taken_meanwhile_takes_another_one()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var ports = new Queue<int>([((IPEndPoint)other.LocalEndpoint).Port, Ports.Free()]);
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Port = ports.Dequeue });
        Assert.Empty(ports);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/health/live")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_shop_sees_its_own_goods_and_no_others(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var first = await app.NewShopAsync();
        var second = await app.NewShopAsync();
        await using var scope = app.In(first.Id);
        var seen = await scope.Db.Products.Include(p => p.Variants).ToListAsync();
        Assert.Equal(3, seen.Count);
        Assert.Equal(first.Variants.Values.Order(), seen.SelectMany(p => p.Variants).Select(v => v.Id).Order());
        Assert.Null(await scope.Db.Products.SingleOrDefaultAsync(p => p.Id == second.Products["robe"]));
    }
}
