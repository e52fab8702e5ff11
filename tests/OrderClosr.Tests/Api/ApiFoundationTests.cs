using Microsoft.EntityFrameworkCore;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Api;

namespace OrderClosr.Tests.Api;

public sealed class ApiFoundationTests
{
    [Theory, OnBothDatabases]
    public async Task Without_a_key_of_ours_nothing_opens(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var (row, key) = await ApiClient.KeyAsync(app, shop);
        Assert.Equal(200, (await new ApiClient(app, key).GetAsync("/orders")).Code);
        var ending = key[^1] == 'A' ? 'B' : 'A';
        foreach (var wrong in (string[])["", "x", key[..^1], key + "A", key[..30] + new string('A', 39), "oc_" + new string('A', 22) + "_" + new string('A', 43), key.ToUpperInvariant(), "oc_!" + key[4..]])
        {
            var answer = await new ApiClient(app, wrong.Length == 0 ? "-" : wrong).GetAsync("/orders");
            Assert.Equal((401, "key_missing", "application/problem+json"), (answer.Code, answer.Text("code"), answer.MediaType));
        }
        Assert.Equal(401, (int)(await app.Http.GetAsync("/api/v1/orders")).StatusCode);

        await using (var scope = app.In(shop.Id)) Assert.True((await scope.Get<ApiKeys>().RevokeAsync(row.Id, default)).Ok);
        Assert.Equal(401, (await new ApiClient(app, key).GetAsync("/orders")).Code);
    }

    [Theory, OnBothDatabases]
    public async Task Only_the_hash_of_a_key_is_kept(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var (_, key) = await ApiClient.KeyAsync(app, shop);
        await using var scope = app.In(shop.Id);
        var row = await scope.Db.ApiKeys.AsNoTracking().SingleAsync();
        var kept = System.Text.Json.JsonSerializer.Serialize(row);
        Assert.DoesNotContain(key[26..], kept, StringComparison.Ordinal);
        Assert.Equal((64, key[^4..]), (row.Hash.Length, row.Ending));
    }

    [Theory, OnBothDatabases]
    public async Task A_key_opens_its_own_workspace_and_no_other(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (mine, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        var theirs = await ApiClient.OfAsync(app, other);
        var order = (await theirs.PostAsync("/orders", OrderBodies.Complete(other))).Text("id");
        var program = await ApiClient.OfAsync(app, mine);
        foreach (var (method, path) in ((string, string)[])[("GET", $"/orders/{order}"), ("POST", $"/orders/{order}/confirm"), ("POST", $"/orders/{order}/cancel")])
        {
            var answer = await program.SendAsync(new(method), path, method == "GET" ? null : """{"reason":"x"}""".Replace(path.EndsWith("confirm", StringComparison.Ordinal) ? """{"reason":"x"}""" : "-", "{}"));
            Assert.Equal((404, "not_found"), (answer.Code, answer.Text("code")));
        }
        Assert.Empty((await program.GetAsync("/orders"))["items"].AsArray());
        Assert.Empty((await program.GetAsync($"/orders?customer_id={(await theirs.GetAsync($"/orders/{order}")).Text("customer_id")}"))["items"].AsArray());
        Assert.Equal("to_confirm", (await theirs.GetAsync($"/orders/{order}")).Text("state"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_not_json_is_400_and_what_is_not_known_is_422_with_its_name(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        foreach (var broken in (string[])["{", "{\"name\":}", "nonsense", "{\"name\":\"a\",\"name\":\"b\"}", "{} {}", new string('[', 200) + new string(']', 200)])
        {
            var answer = await program.PostAsync("/orders", broken);
            Assert.Equal((400, "not_json"), (answer.Code, answer.Text("code")));
        }
        (string Body, string Field)[] unknown =
        [
            ("""{"nom":"Amina"}""", "nom"), ("""{"Name":"Amina"}""", "Name"), ("""{"lines":[{"variant_id":"x","quantity":1,"unit_price":1}]}""", "lines[0].unit_price"),
            ("""{"total":1}""", "total"), ("""{"delivery_fee":0}""", "delivery_fee"),
        ];
        foreach (var (body, field) in unknown)
        {
            var answer = await program.PostAsync("/orders", body);
            Assert.Equal((422, "unknown_field", field), (answer.Code, answer.Text("code"), answer.Text("field")));
        }
        (string Body, string Field)[] wrong =
        [
            ("[]", "body"), ("5", "body"), ("null", "body"), ("""{"name":5}""", "name"), ("""{"wilaya":31}""", "wilaya"), ("""{"name":"\ud800"}""", "name"), ("""{"delivery":"drone"}""", "delivery"), ("""{"delivery":0}""", "delivery"),
            ("""{"lines":{}}""", "lines"), ("""{"lines":[{"variant_id":"x","quantity":"2"}]}""", "lines[0].quantity"), ("""{"lines":[{"variant_id":"x","quantity":1.5}]}""", "lines[0].quantity"),
            ("""{"lines":[{"variant_id":"x","quantity":99999999999}]}""", "lines[0].quantity"),
        ];
        foreach (var (body, field) in wrong)
        {
            var answer = await program.PostAsync("/orders", body);
            Assert.Equal((422, "wrong_value", field), (answer.Code, answer.Text("code"), answer.Text("field")));
        }
        Assert.Equal(415, (await program.SendAsync(HttpMethod.Post, "/orders", "{}", contentType: "text/plain")).Code);
        Assert.Equal(413, (await program.PostAsync("/orders", $$"""{"note":"{{new string('a', 300_000)}}"}""")).Code);
        Assert.Equal(404, (await program.GetAsync("/nothing")).Code);
        Assert.Empty((await program.GetAsync("/orders"))["items"].AsArray());
    }

    [Theory, OnBothDatabases]
    public async Task The_same_key_and_body_is_answered_again_and_done_once(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var body = OrderBodies.Complete(shop);
        var all = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => program.PostAsync("/orders", body, "first-order")));
        Assert.All(all, a => Assert.Equal(201, a.Code));
        Assert.Single(all.Select(a => a.Json!.ToJsonString()).Distinct());
        Assert.Equal(4, all.Count(a => a.Headers.ContainsKey("Idempotent-Replayed")));
        Assert.Single((await program.GetAsync("/orders"))["items"].AsArray());

        var other = await program.PostAsync("/orders", OrderBodies.Complete(shop, phone: "0500000055"), "first-order");
        Assert.Equal((422, "idempotency_key_reused", "Idempotency-Key"), (other.Code, other.Text("code"), other.Text("field")));
        Assert.Equal(201, (await program.PostAsync("/orders", OrderBodies.Complete(shop, phone: "0500000055"), "second-order")).Code);
        // A key counts for one address and one program.
        var id = all[0].Text("id");
        Assert.Equal(200, (await program.PostAsync($"/orders/{id}/confirm", "{}", "first-order")).Code);
        Assert.Equal(201, (await (await ApiClient.OfAsync(app, shop)).PostAsync("/orders", body, "first-order")).Code);
        Assert.Equal(422, (await program.PostAsync("/orders", body, "no spaces")).Code);
        Assert.Equal(422, (await program.PostAsync("/orders", body, new string('k', 201))).Code);
    }

    [Theory, OnBothDatabases]
    public async Task A_refused_write_leaves_nothing_and_its_key_is_free_again(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        Assert.Equal(422, (await program.PostAsync("/orders", OrderBodies.Complete(shop, wilaya: "Atlantis"), "k1")).Code);
        await using (var scope = app.In(shop.Id))
        {
            Assert.Empty(await scope.Db.Set<OrderClosr.Orders.Order>().ToListAsync());
            Assert.Empty(await scope.Db.Set<OrderClosr.Customers.Customer>().ToListAsync());
            Assert.Empty(await scope.Db.ApiReplays.ToListAsync());
        }
        Assert.Equal(201, (await program.PostAsync("/orders", OrderBodies.Complete(shop), "k1")).Code);
    }

    [Theory, OnBothDatabases]
    public async Task Pages_follow_one_another_without_gap_or_repeat_while_orders_come_in(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var made = new List<string>();
        async Task AddAsync(int n) => made.Add((await program.PostAsync("/orders", OrderBodies.Complete(shop, phone: $"05000002{n:00}"))).Text("id"));
        for (var n = 0; n < 7; n++) await AddAsync(n);
        var before = made.ToList();
        var read = new List<string>();
        string? cursor = null;
        for (var page = 0; page < 10; page++)
        {
            var list = await program.GetAsync($"/orders?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            read.AddRange(list["items"].AsArray().Select(o => o!["id"]!.GetValue<string>()));
            cursor = list.Json!["next"]?.GetValue<string>();
            if (cursor is null) break;
            await AddAsync(20 + page);
        }
        Assert.Equal(Enumerable.Reverse(before), read);

        foreach (var (query, field) in ((string, string)[])[("limit=0", "limit"), ("limit=101", "limit"), ("limit=-1", "limit"), ("limit=ten", "limit"), ("limit=", "limit"), ("cursor=abc", "cursor"), ("cursor=%00", "cursor"), ("cursor=MXg", "cursor"), ("state=shipped", "state"), ("state=", "state"), ("customer_id=x", "customer_id")])
        {
            var answer = await program.GetAsync($"/orders?{query}");
            Assert.Equal((422, field), (answer.Code, answer.Text("field")));
        }
        Assert.Equal(100, 100 + (await program.GetAsync("/orders?limit=100"))["items"].AsArray().Count - made.Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_key_that_asks_too_much_is_told_when_to_come_back(Database database)
    {
        var time = new TestClock(new DateTimeOffset(2026, 11, 28, 9, 0, 30, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time, Settings = new Dictionary<string, string?> { ["Api:PerMinute"] = "3" } });
        var shop = await app.NewShopAsync();
        var (one, two) = (await ApiClient.OfAsync(app, shop), await ApiClient.OfAsync(app, shop));
        for (var left = 2; left >= 0; left--)
        {
            var answer = await one.GetAsync("/orders");
            Assert.Equal((200, "3", left.ToString()), (answer.Code, answer.Headers["RateLimit-Limit"], answer.Headers["RateLimit-Remaining"]));
        }
        var refused = await one.GetAsync("/orders");
        Assert.Equal((429, "too_many_requests", "30"), (refused.Code, refused.Text("code"), refused.Headers["Retry-After"]));
        Assert.Equal(200, (await two.GetAsync("/orders")).Code);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(200, (await one.GetAsync("/orders")).Code);
    }

    [Fact]
    public async Task The_document_describes_every_address_and_the_shapes_programs_rely_on()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var document = System.Text.Json.Nodes.JsonNode.Parse(await app.Http.GetStringAsync("/api/v1/openapi.json"))!;
        var paths = document["paths"]!.AsObject().Select(p => p.Key).ToList();
        Assert.All((string[])["/api/v1/orders", "/api/v1/orders/{id}", "/api/v1/orders/{id}/confirm", "/api/v1/orders/{id}/cancel", "/api/v1/leads"], path => Assert.Contains(path, paths));
        Assert.DoesNotContain(paths, p => !p.StartsWith("/api/v1/", StringComparison.Ordinal));
        var order = document["components"]!["schemas"]!["OrderShape"]!["properties"]!.AsObject().Select(p => p.Key).ToList();
        Assert.All(OrderBodies.Fields, field => Assert.Contains(field, order));
        Assert.Equal("bearer", document["components"]!["securitySchemes"]!["key"]!["scheme"]!.GetValue<string>());
    }
}
