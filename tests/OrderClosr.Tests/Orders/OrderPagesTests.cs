using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Api;

namespace OrderClosr.Tests.Orders;

public sealed class OrderPagesTests
{
    [Theory, OnBothDatabases]
    public async Task The_list_shows_finds_and_counts_orders(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var confirmed = await world.OrderAsync();
        var queued = await QueuedAsync(world, OrdersWorld.Complete("0500000033") with { Name = "كريم زروقي" });

        var all = await ReadAsync(owner, "");
        Assert.Contains("1001", all);
        Assert.Contains("1002", all);
        Assert.Contains("4\u00a0100", all);
        var waiting = await ReadAsync(owner, "?state=to_confirm");
        Assert.Contains($"orders/{queued}\"", waiting);
        Assert.DoesNotContain($"orders/{confirmed.Id}\"", waiting);
        foreach (var words in (string[])["1002", "0500 00 00 33", "+213500000033", "كريم"])
        {
            var found = await ReadAsync(owner, $"?q={Uri.EscapeDataString(words)}");
            Assert.Contains($"orders/{queued}\"", found);
            Assert.DoesNotContain($"orders/{confirmed.Id}\"", found);
        }
        Assert.DoesNotContain("orders/0", await ReadAsync(owner, "?q=%00%27%3B--"));
        Assert.Equal(HttpStatusCode.NotFound, (await owner.SendAsync(HttpMethod.Get, Path(world, "?state=shipped"), null)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_desk_decides_one_order_after_the_other_and_takes_a_step_back(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var first = await QueuedAsync(world, OrdersWorld.Complete("0500000031"));
        var second = await QueuedAsync(world, OrdersWorld.Complete("0500000032"));
        var third = await QueuedAsync(world, OrdersWorld.Complete("0500000033"));

        var desk = await ReadAsync(owner, "/confirm");
        Assert.Contains($"orders/{third}/move", desk);
        Assert.Contains("tel:+213500000033", desk);

        var done = await PostAsync(owner, world, third, ("result", "confirmed"), ("back", $"/w/{world.Shop.Slug}/orders/confirm?done={third}&id={second}"));
        Assert.Equal((HttpStatusCode.Redirect, $"/w/{world.Shop.Slug}/orders/confirm?done={third}&id={second}"), (done.StatusCode, done.Headers.Location!.ToString()));
        var after = await ReadAsync(owner, $"/confirm?done={third}&id={second}");
        Assert.Contains($"orders/{second}/move", after);
        Assert.Contains("1003", after);
        Assert.Contains("reopened", after);
        Assert.Equal(OrderState.Confirmed, (await world.ReadAsync(third)).State);
        var move = (await world.MovesAsync(third))[^1];
        Assert.Equal((ActorKind.Member, (Guid?)world.Shop.OwnerId), (move.Actor, move.AccountId));

        await PostAsync(owner, world, third, ("result", "reopened"));
        Assert.Equal(OrderState.ToConfirm, (await world.ReadAsync(third)).State);
        await PostAsync(owner, world, second, ("result", "no_answer"));
        Assert.Equal((OrderState.Contacting, "no_answer"), ((await world.ReadAsync(second)).State, (await world.ReadAsync(second)).Reason));
        var day = AlgiersDay(world).AddDays(3);
        await PostAsync(owner, world, first, ("result", "postponed"), ("date", day.ToString("yyyy-MM-dd")), ("reason", "salary"));
        Assert.Equal((OrderState.Postponed, "salary", day), ((await world.ReadAsync(first)).State, (await world.ReadAsync(first)).Reason, OrderClosr.Ground.Values.AlgiersTime.DateInAlgiers((await world.ReadAsync(first)).NextTryAt!.Value)));
        await PostAsync(owner, world, first, ("result", "cancelled"), ("reason", "wrong_number"));
        Assert.Equal((OrderState.Cancelled, "wrong_number"), ((await world.ReadAsync(first)).State, (await world.ReadAsync(first)).Reason));
    }

    [Theory, OnBothDatabases]
    public async Task The_number_that_waits_is_one_on_page_side_bar_and_phone_and_time_alone_moves_it(Database database)
    {
        // A door's cookies go by the true clock.
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var world = await OrdersWorld.StartAsync(database, new() { Time = clock });
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        await QueuedAsync(world, OrdersWorld.Complete("0500000031"));
        var (called, later) = (await QueuedAsync(world, OrdersWorld.Complete("0500000032")), await QueuedAsync(world, OrdersWorld.Complete("0500000033")));
        await WaitAsync(3);
        await PostAsync(owner, world, called, ("result", "no_answer"));
        await PostAsync(owner, world, later, ("result", "postponed"), ("date", AlgiersDay(world).AddDays(1).ToString("yyyy-MM-dd")), ("reason", "salary"));
        await WaitAsync(1);

        var rings = new System.Collections.Concurrent.ConcurrentQueue<Notice>();
        world.App.Get<Bell>().Listen(rings.Enqueue);
        clock.Advance((await world.ReadAsync(called)).NextTryAt!.Value - clock.GetUtcNow());
        await WaitAsync(2);
        // Nobody touched it: the pages that are open hear it all the same.
        await Eventually.HoldsAsync(async () =>
        {
            await world.App.Get<JobRunner>().RunDueAsync($"work/{world.Shop.Id}", default);
            return rings.Any(n => n is { What: "order" } && n.Key == called.ToString());
        });
        clock.Advance((await world.ReadAsync(later)).NextTryAt!.Value - clock.GetUtcNow());
        await WaitAsync(3);

        async Task WaitAsync(int count)
        {
            var desk = await ReadAsync(owner, "/confirm");
            Assert.Contains($"<span id=\"queue-count\"><span class=\"count\">{count}</span></span>", desk);
            using var answer = await owner.SendAsync(HttpMethod.Get, $"/w/{world.Shop.Slug}/nav?here=confirm", null);
            var nav = await answer.Content.ReadAsStringAsync();
            // The answer holds both bars; the phone's takes its own place.
            Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(nav, $"orders/confirm\"[^\n]*class=\"count\">{count}</span>"));
            Assert.Contains("id=\"phone-nav\"", nav);
            Assert.Contains("hx-swap-oob=\"true\"", nav);
            Assert.DoesNotContain("hx-swap-oob", desk);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_move_the_table_forbids_is_refused_by_the_page_and_changes_nothing(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var order = await world.OrderAsync();
        var draft = await world.DraftAsync(OrdersWorld.Complete() with { Phone = null });
        (OrderId Id, (string, string)[] Fields, HttpStatusCode Status)[] cases =
        [
            (order.Id, [("result", "no_answer")], HttpStatusCode.Conflict),
            (order.Id, [("result", "postponed"), ("date", "2099-01-01"), ("reason", "salary")], HttpStatusCode.Conflict),
            (order.Id, [("result", "cancelled")], HttpStatusCode.UnprocessableEntity),
            (order.Id, [("result", "shipped")], HttpStatusCode.UnprocessableEntity),
            (order.Id, [], HttpStatusCode.UnprocessableEntity),
            (draft, [("result", "confirmed")], HttpStatusCode.Conflict),
            (draft, [("result", "reopened")], HttpStatusCode.Conflict),
            (OrderId.New(world.Now), [("result", "confirmed")], HttpStatusCode.NotFound),
        ];
        foreach (var (id, fields, status) in cases) Assert.Equal(status, (await PostAsync(owner, world, id, fields)).StatusCode);
        Assert.Equal(OrderState.Confirmed, (await world.ReadAsync(order.Id)).State);
        Assert.Single(await world.MovesAsync(order.Id));
        var page = await ReadAsync(owner, $"/{order.Id}");
        Assert.DoesNotContain("value=\"postponed\"", page);
        Assert.Contains("value=\"cancelled\"", page);
        Assert.Contains("value=\"reopened\"", page);
    }

    [Theory, OnBothDatabases]
    public async Task An_order_is_written_and_corrected_by_hand_and_what_is_wrong_stands_beside_its_field(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        (string, string)[] fields =
        [
            ("variant", world.Shop.Variants["ROBE-M-NOIR"].ToString()), ("quantity", "2"), ("unit_price", ""), ("variant", ""), ("quantity", "1"), ("unit_price", ""),
            ("name", "Amina"), ("phone", "٠٥٠٠٠٠٠٠١٢"), ("wilaya", "31"), ("commune", "bir el djir"), ("address", "Cité 1600"), ("delivery", "home"), ("then", "queue"),
        ];
        (string, string)[] With(string name, string value) => [.. fields.Select(f => f.Item1 == name ? (name, value) : f)];
        Assert.Contains("datalist", await ReadAsync(owner, "/new"));

        var wrong = await SendAsync(owner, world, "/new", With("commune", "bab ezzouar"));
        var html = await wrong.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("id=\"commune-e\"", html);
        Assert.Contains("Bab Ezzouar (Alger)", html);
        Assert.Contains("value=\"bab ezzouar\"", html);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(owner, world, "/new", With("phone", ""))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(owner, world, "/new", With("quantity", "-1"))).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(owner, world, "/new", With("name", new string('n', 10_000)))).StatusCode);
        Assert.Contains("7\u00a0600", WebUtility.HtmlDecode(await (await SendAsync(owner, world, "/new/preview", fields)).Content.ReadAsStringAsync()));
        await using (var scope = world.Open()) Assert.Empty(await scope.Db.Set<Order>().ToListAsync());

        var made = await SendAsync(owner, world, "/new", fields);
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        var id = OrderId.TryParse(made.Headers.Location!.ToString().Split('/')[^1], null, out var parsed) ? parsed : default;
        var order = await world.ReadAsync(id);
        Assert.Equal((OrderState.ToConfirm, OrderOrigin.Member, 7600L, "+213500000012"), (order.State, order.Origin, order.Total.Amount, order.Phone.ToString()));

        (string, string)[] change = [("version", order.DraftVersion.ToString()), .. With("quantity", "3")];
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(owner, world, $"/{id}/change", [("version", order.DraftVersion.ToString()), ("variant", world.Shop.Variants["ROBE-L-NOIR"].ToString()), ("quantity", "1"), ("unit_price", "3 200"), .. fields[6..]])).StatusCode);
        var changed = await world.ReadAsync(id);
        Assert.Equal(("L / Noir", 3200L, 3800L), (changed.Lines.Single().VariantLabel, changed.Lines.Single().UnitPrice.Amount, changed.Total.Amount));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(owner, world, $"/{id}/change", change)).StatusCode);

        // The sum shown before it is sent is the one it will have: what was agreed, whatever the table of fees says by now.
        await using (var scope = world.Open()) await scope.Db.InTransactionAsync(() => scope.Db.Set<DeliveryFee>().Where(f => f.WilayaCode == 31).ExecuteUpdateAsync(set => set.SetProperty(f => f.Home, new Dinars(900))), default);
        (string, string)[] corrected = [("version", changed.DraftVersion.ToString()), ("variant", world.Shop.Variants["ROBE-L-NOIR"].ToString()), ("quantity", "1"), ("unit_price", "3 200"), .. fields[6..].Select(f => f.Item1 == "address" ? ("address", "Cité 1700") : f)];
        Assert.Contains("3\u00a0800", WebUtility.HtmlDecode(await (await SendAsync(owner, world, $"/{id}/preview", corrected)).Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.Redirect, (await SendAsync(owner, world, $"/{id}/change", corrected)).StatusCode);
        var moved = await world.ReadAsync(id);
        Assert.Equal(("Cité 1700", 3800L), (moved.Address, moved.Total.Amount));
        Assert.Equal("changed", (await world.MovesAsync(id))[^1].Reason);
        Assert.Contains("Bab Ezzouar", await ReadAsync(owner, "/communes?wilaya=16"));
    }

    [Theory, OnBothDatabases]
    public async Task A_return_address_of_others_is_not_followed(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        foreach (var back in (string[])["https://evil.test/", "//evil.test", "/w/shop-2/orders", "/sign-out", "javascript:alert(1)"])
        {
            var order = await QueuedAsync(world, OrdersWorld.Complete());
            var answer = await PostAsync(owner, world, order, ("result", "confirmed"), ("back", back));
            Assert.Equal($"/w/{world.Shop.Slug}/orders/{order}", answer.Headers.Location?.ToString());
            await world.CancelAsync(order);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_key_is_made_shown_once_and_revoked_on_its_page(Database database)
    {
        await using var world = await OrdersWorld.StartAsync(database, new());
        using var owner = await Visitor.OwnerOfAsync(world.App, world.Shop);
        var address = $"/w/{world.Shop.Slug}/settings/api";
        using var form = new FormUrlEncodedContent([new("name", "Mon site")]);
        var made = await (await owner.SendAsync(HttpMethod.Post, address, form)).Content.ReadAsStringAsync();
        var key = System.Text.RegularExpressions.Regex.Match(made, "oc_[A-Za-z0-9_-]{66}").Value;
        Assert.Equal(69, key.Length);
        var later = await (await owner.SendAsync(HttpMethod.Get, address, null)).Content.ReadAsStringAsync();
        Assert.Contains("Mon site", later);
        Assert.DoesNotContain(key, later);
        var program = new Api.ApiClient(world.App, key);
        Assert.Equal(200, (await program.GetAsync("/orders")).Code);
        await using var scope = world.Open();
        var id = (await scope.Db.Set<ApiKey>().SingleAsync()).Id;
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SendAsync(HttpMethod.Post, $"{address}/{id}/revoke", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(401, (await program.GetAsync("/orders")).Code);
    }

    private static DateOnly AlgiersDay(OrdersWorld world) => OrderClosr.Ground.Values.AlgiersTime.DateInAlgiers(world.Now);

    private static string Path(OrdersWorld world, string rest) => $"/w/{world.Shop.Slug}/orders{rest}";

    private static async Task<string> ReadAsync(Visitor owner, string rest)
    {
        using var answer = await owner.SendAsync(HttpMethod.Get, $"/w/shop-1/orders{rest}", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> PostAsync(Visitor owner, OrdersWorld world, OrderId id, params (string, string)[] fields) => SendAsync(owner, world, $"/{id}/move", fields);

    private static async Task<HttpResponseMessage> SendAsync(Visitor owner, OrdersWorld world, string rest, (string Name, string Value)[] fields) =>
        await owner.SendAsync(HttpMethod.Post, Path(world, rest), new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    private static async Task<OrderId> QueuedAsync(OrdersWorld world, DraftChange content)
    {
        var id = await world.DraftAsync(content);
        await using var scope = world.Open();
        Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(id, world.By(ActorKind.Api), default)).Ok);
        return id;
    }
}
