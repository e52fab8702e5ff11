using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Agent;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Promises;

/// <summary>Replies are paused at any time on the Controls page, effective before the next send, also for one that is being written. Every other way to stop it: <c>Road/LastWordTests.cs</c>.</summary>
/// <remarks>Seen to fail: when the turn's commit does not ask the gates again the reply is written; when the send does not ask them the waiting one reaches the phone.</remarks>
[Collection(PromiseCollection.Name)]
public sealed class P16_APauseComesBeforeTheNextSend(PromiseWorld world)
{
    [Fact]
    public async Task What_is_being_written_and_what_waits_to_be_sent_stay_here()
    {
        var app = world.App;
        var shop = await RoadWorld.StockedAsync(app, await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var customer = world.Road.Customer(ChannelKind.Messenger, shop);
        await world.Road.FaultAsync("claude", new { kind = "slow", seconds = 3, count = 1, path = "/v1/messages" });
        await customer.SayAsync("ch7al la robe?");
        await Eventually.HoldsAsync(async () => (await app.Sandbox.GetFromJsonAsync<JsonObject>("/claude/_faults"))!["items"]!.AsArray().Count == 0); // it is being thought about

        Assert.Equal(HttpStatusCode.Found, (await owner.SubmitAsync($"/w/{shop.Slug}/controls/pause", [], $"/w/{shop.Slug}/controls")).StatusCode);
        var id = (await customer.ConversationAsync())!.Id;
        await Eventually.HoldsAsync(() => app.ReadAsync(shop, db => db.Turns.AnyAsync(t => t.ConversationId == id && t.Outcome == TurnOutcome.ThrownAway && t.Reason == Gate.Paused)));
        // And one that had been written already.
        await using (var scope = app.In(shop.Id))
            await scope.Db.InTransactionAsync(async () =>
            {
                await scope.Db.Dialect.LockRowAsync(scope.Db, "conversations", id.Value, default);
                scope.Get<Saying>().SayLater(await scope.Db.Conversations.SingleAsync(c => c.Id == id), new(Author.Agent, "écrit avant la pause"));
                await scope.Db.SaveChangesAsync();
            }, default);
        await customer.HearNothingMoreAsync();
        Assert.Empty(await customer.ShopWroteAsync());
        Assert.StartsWith("paused", (await app.ReadAsync(shop, db => db.Messages.SingleAsync(m => m.ConversationId == id && m.Author == Author.Agent))).Error, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await owner.SubmitAsync($"/w/{shop.Slug}/controls/resume", [], $"/w/{shop.Slug}/controls")).StatusCode);
        Assert.Contains("3500", RoadWorld.Digits(await customer.HearAsync()), StringComparison.Ordinal);
        await customer.AnsweredTimesAsync(1);
    }
}
