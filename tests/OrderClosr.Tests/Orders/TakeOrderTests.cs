using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Tenancy;
using OrderClosr.Web;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Orders;

/// <summary>A confirmer sees a customer's number with the order in hand and at no other time, at no door; one person at a time has it there.</summary>
public sealed partial class TakeOrderTests
{
    [Theory, OnBothDatabases]
    public async Task One_confirmer_at_a_time_has_an_order_in_hand_and_sees_its_number_only_then(Database database)
    {
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var world = await OrdersWorld.StartAsync(database, new() { Time = clock });
        var (app, shop) = (world.App, world.Shop);
        using var manager = await app.MemberOfAsync(shop, Role.Manager);
        using var sarah = await app.MemberOfAsync(shop, Role.Confirmer, "Sarah");
        using var yacine = await app.MemberOfAsync(shop, Role.Confirmer, "Yacine");
        var orders = new List<OrderId>();
        for (var i = 1; i <= 5; i++) orders.Add(await QueuedAsync(world, $"050000003{i}"));
        var first = orders[0];

        // Masked, no way to dial, nothing to decide with; for the manager it is there.
        Assert.Contains("0500 •• •• 31", await DeskAsync(sarah, first), StringComparison.Ordinal);
        Assert.False(Holds(sarah.Html, "500000031") || sarah.Html.Contains("tel:", StringComparison.Ordinal) || sarah.Html.Contains("wa.me", StringComparison.Ordinal) || sarah.Html.Contains("value=\"confirmed\"", StringComparison.Ordinal), "the number, or a way to it, stands on the desk");
        Assert.Contains("tel:+213500000031", await DeskAsync(manager, first), StringComparison.Ordinal);
        foreach (var (path, fields) in new[] { ("move", new[] { ("result", "confirmed") }), ("move", [("result", "cancelled"), ("reason", "fake"), ("back", $"/w/{shop.Slug}/more")]), ("change", [("name", "Autre"), ("phone", "0500000099"), ("version", "1")]) })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await sarah.PostAsync(Path(first, path), true, fields)).StatusCode);
            Assert.Contains("Prenez d'abord", WebUtility.HtmlDecode(sarah.Html), StringComparison.Ordinal);
            Assert.False(Holds(sarah.Html, "500000031"), $"{path} answers with the number");
        }
        Assert.Equal((OrderState.ToConfirm, "Amina Belkacem"), ((await world.ReadAsync(first)).State, (await world.ReadAsync(first)).Name));

        // Both at the same moment: one has it, and the other reads who.
        await DeskAsync(yacine, first);
        var rings = new System.Collections.Concurrent.ConcurrentQueue<Notice>();
        app.Get<Bell>().Listen(rings.Enqueue);
        var answers = await Task.WhenAll(sarah.PostAsync(Path(first, "take")), yacine.PostAsync(Path(first, "take")));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Conflict], answers.Select(a => a.StatusCode).Order());
        var (holder, other, name) = answers[0].StatusCode == HttpStatusCode.Redirect ? (sarah, yacine, "Sarah 1") : (yacine, sarah, "Yacine 1");
        Assert.Contains($"est chez {name}", WebUtility.HtmlDecode(other.Html), StringComparison.Ordinal);
        Assert.Contains(rings, n => n is { What: "order" } && n.Key == first.ToString());
        Assert.Contains("tel:+213500000031", await DeskAsync(holder, first), StringComparison.Ordinal);
        Assert.Contains("Entre vos mains", WebUtility.HtmlDecode(holder.Html), StringComparison.Ordinal);
        Assert.Contains($"Chez <bdi>{name}</bdi>", await DeskAsync(other, first), StringComparison.Ordinal);
        Assert.False(Holds(other.Html, "500000031"));
        Assert.Equal(HttpStatusCode.Conflict, (await other.PostAsync(Path(first, "move"), true, ("result", "confirmed"))).StatusCode);

        // Given back by somebody who has it not: it stays. Given back, or kept too long: it is free.
        await other.PostAsync(Path(first, "give-back"));
        Assert.NotNull((await world.ReadAsync(first)).HolderAt(clock.GetUtcNow()));
        await holder.PostAsync(Path(first, "give-back"));
        Assert.Null((await world.ReadAsync(first)).TakenBy);
        Assert.Equal(HttpStatusCode.Redirect, (await holder.PostAsync(Path(first, "take"))).StatusCode);
        clock.Advance(TakeOrder.Lasts);
        await Eventually.HoldsAsync(async () =>
        {
            await app.Get<OrderClosr.Ground.Jobs.JobRunner>().RunDueAsync($"work/{shop.Id}", default);
            return rings.Count(n => n is { What: "order" } && n.Key == first.ToString()) >= 4; // taken, given back, taken, over
        });
        await DeskAsync(holder, first);
        Assert.False(Holds(holder.Html, "500000031"), "the number stays after the time is over");
        Assert.Equal(HttpStatusCode.Conflict, (await holder.PostAsync(Path(first, "move"), true, ("result", "confirmed"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await other.PostAsync(Path(first, "take"))).StatusCode);

        // A manager takes it over; who had it is asked to take it again.
        await DeskAsync(manager, first);
        Assert.Equal(HttpStatusCode.Redirect, (await manager.PostAsync(Path(first, "take"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await other.PostAsync(Path(first, "move"), true, ("result", "confirmed"))).StatusCode);
        await manager.PostAsync(Path(first, "give-back"));

        // Three at once, no more: numbers are not collected.
        foreach (var id in orders.Take(3)) Assert.Equal(HttpStatusCode.Redirect, (await other.PostAsync(Path(id, "take"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await other.PostAsync(Path(orders[3], "take"))).StatusCode);
        Assert.Contains("Trois commandes", WebUtility.HtmlDecode(other.Html), StringComparison.Ordinal);

        // Deciding ends it: the number goes with the order, the step may be taken back.
        var back = $"/w/{shop.Slug}/orders/confirm?done={first}";
        Assert.Equal(back, (await other.PostAsync(Path(first, "move"), true, ("result", "confirmed"), ("back", back))).Headers.Location!.ToString());
        var decided = await world.ReadAsync(first);
        Assert.Equal((OrderState.Confirmed, (Guid?)null), (decided.State, decided.TakenBy));
        Assert.False(Holds(await other.ReadAsync(back), "500000031"));
        Assert.Equal(HttpStatusCode.Redirect, (await other.PostAsync(Path(first, "move"), true, ("result", "reopened"), ("back", back))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await holder.PostAsync($"/w/{shop.Slug}/orders/{Guid.NewGuid():N}/take")).StatusCode);

        string Path(OrderId id, string what) => $"/w/{shop.Slug}/orders/{id}/{what}";
        Task<string> DeskAsync(Visitor visitor, OrderId id) => visitor.ReadAsync($"/w/{shop.Slug}/orders/confirm?id={id}");
    }

    [Fact]
    public async Task No_door_of_a_confirmer_says_a_full_number_of_an_order_in_no_hand()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Time = new TestClock(DateTimeOffset.UtcNow) });
        var shop = await app.NewShopAsync();
        var planted = await Planting.AddAsync(app, shop, "mot-de-a");
        var id = new OrderId(planted.IdOf(typeof(Order))!.Value);
        await using (var scope = app.In(shop.Id))
        {
            // Everywhere a customer or a colleague may have written one.
            var order = await scope.Db.Orders.SingleAsync(o => o.Id == id);
            (order.SecondPhone, order.Name, order.Note, order.Address) = (Phone.Stored("+213500009996"), "Amina 0500 00 99 95", "tel ٠٥٠٠٠٠٩٩٩٤", "Cité 1600, 05.00.00.99.93");
            foreach (var message in await scope.Db.Messages.ToListAsync()) message.Text = "رقمي ٠٥٠٠٠٠٩٩٩٢ ولا 0500-00-99-91";
            await scope.Db.SaveChangesAsync();
        }
        using var sarah = await app.MemberOfAsync(shop, Role.Confirmer);
        string[] numbers = ["500009997", "500009996", "500009995", "500009994", "500009993", "500009992", "500009991"];
        var doors = app.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Distinct()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("w/{workspace}", StringComparison.Ordinal) && e.Metadata.GetMetadata<NeededCapability>() is { } needs && Role.Confirmer.May(needs.Capability) && !e.RoutePattern.RawText!.EndsWith("/live", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => (Endpoint: e, Method: m))).ToList();
        Assert.True(doors.Count >= 12, $"only {doors.Count} doors");
        var (faults, desk) = (new List<string>(), 0);
        // Taking it is what shows the number, leaving ends the walk.
        foreach (var (endpoint, method) in doors.Where(d => d.Method == "GET" || !TakesOrLeaves().IsMatch(d.Endpoint.RoutePattern.RawText!)))
        {
            var path = Filling.Address(endpoint, method, shop.Slug, planted).Path;
            using var body = Filling.Body(endpoint, method, planted, sarah.Proof);
            using var answer = await sarah.SendAsync(new(method), path, body);
            var text = await answer.Content.ReadAsStringAsync();
            if (text.Contains("0500 •• •• 97", StringComparison.Ordinal) || text.Contains("0500 &#x2022;", StringComparison.Ordinal)) desk++;
            faults.AddRange(numbers.Where(n => Holds(text, n)).Select(n => $"{method} {path} ({(int)answer.StatusCode}) says …{n}"));
            if (text.Contains("href=\"tel:", StringComparison.Ordinal) || text.Contains("wa.me", StringComparison.Ordinal)) faults.Add($"{method} {path} offers to dial");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(desk > 0, "the masked number was on no page: the walk proves nothing");

        // With it in hand all of it is there: the walk looked at the right order.
        await sarah.ReadAsync($"/w/{shop.Slug}/orders/confirm?id={id}");
        await sarah.PostAsync($"/w/{shop.Slug}/orders/{id}/take");
        var shown = await sarah.ReadAsync($"/w/{shop.Slug}/orders/confirm?id={id}");
        Assert.All(numbers, n => Assert.True(Holds(shown, n), n));
    }

    /// <summary>Does a page say the number in any spelling: other digits, spaces, points, entities?</summary>
    private static bool Holds(string html, string number) => Regex.Replace(Folding.AsciiDigits(WebUtility.HtmlDecode(html)), @"(?<=\d)[\s.\-()/]+(?=\d)", "").Contains(number, StringComparison.Ordinal);

    private static async Task<OrderId> QueuedAsync(OrdersWorld world, string phone)
    {
        var id = await world.DraftAsync(OrdersWorld.Complete(phone, product: "Hijab soie de Médine", variant: "Beige"));
        await using var scope = world.Open();
        Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(id, world.By(ActorKind.Api), default)).Ok);
        return id;
    }

    [GeneratedRegex("/(take|leave)$")]
    private static partial Regex TakesOrLeaves();
}
