using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Tenancy;

/// <summary>Promise P4 on the live stream: a page hears its own workspace and nothing of another, not even an id.</summary>
public sealed class LiveTests
{
    [Theory, OnBothDatabases]
    public async Task A_page_hears_nothing_of_another_shop(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (a, b) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var member = await Visitor.OwnerOfAsync(app, a);
        using var answer = await member.SendAsync(HttpMethod.Get, $"/w/{a.Slug}/live", null);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var (theirs, mine) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        async Task TellAsync(Shop shop, string id)
        {
            await using var scope = app.In(shop.Id);
            await scope.Db.InTransactionAsync(() => { scope.Db.Tell("conversation", id); return Task.CompletedTask; }, bound.Token);
        }
        // Theirs first: when mine has come, theirs would have come before it.
        var heard = new List<string>();
        while (await stream.ReadLineAsync(bound.Token) is { } line)
        {
            heard.Add(line);
            if (line.Contains("live-hello", StringComparison.Ordinal))
            {
                await TellAsync(b, theirs);
                await TellAsync(a, mine);
            }
            if (line.Contains($"live-conversation-{mine}", StringComparison.Ordinal)) break;
        }
        Assert.Contains(heard, l => l.Contains(mine, StringComparison.Ordinal));
        Assert.DoesNotContain(heard, l => l.Contains(theirs, StringComparison.Ordinal));
        Assert.DoesNotContain(heard, l => l.Contains(b.Id.ToString(), StringComparison.Ordinal));
    }
}
