using System.Text.Json.Nodes;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Api;

public sealed class OrdersApiTests
{
    [Theory, OnBothDatabases]
    public async Task An_order_as_people_type_it_comes_back_resolved_and_priced_by_the_server(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var made = await program.PostAsync("/orders", OrderBodies.Complete(shop));
        Assert.Equal(201, made.Code);
        var fields = made.Json!.AsObject().Select(p => p.Key).ToList();
        Assert.All(OrderBodies.Fields, field => Assert.Contains(field, fields));
        Assert.Equal((1001, "to_confirm", 7000, 0, 600, 7600, 31), (made["number"].GetValue<int>(), made.Text("state"), made["goods"].GetValue<int>(), made["discount"].GetValue<int>(), made["delivery_fee"].GetValue<int>(), made["total"].GetValue<int>(), made["wilaya_code"].GetValue<int>()));
        Assert.Equal(("Bir El Djir", "Cité 1600, bât. 12", "home", "+213500000012"), (made.Text("commune"), made.Text("address"), made.Text("delivery"), made.Text("phone")));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", made.Text("created_at"));
        Assert.Null(made.Json!["confirmed_at"]);
        var line = Assert.Single(made["lines"].AsArray())!;
        Assert.Equal((shop.Products["robe"].ToString(), shop.Variants["ROBE-M-NOIR"].ToString(), 2, 3500), (line["product_id"]!.GetValue<string>(), line["variant_id"]!.GetValue<string>(), line["quantity"]!.GetValue<int>(), line["unit_price"]!.GetValue<int>()));
        Assert.Equal((5, "first_order"), (made["risk"]["score"]!.GetValue<int>(), Assert.Single(made["risk"]["reasons"]!.AsArray())!.GetValue<string>()));
        Assert.Equal(made.Json!.ToJsonString(), (await program.GetAsync($"/orders/{made.Text("id")}")).Json!.ToJsonString());
    }

    [Theory, OnBothDatabases]
    public async Task Orders_from_one_new_phone_at_the_same_moment_are_one_customers(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var made = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => program.PostAsync("/orders", OrderBodies.Complete(shop, quantity: n, sku: "HIJAB-BEIGE"))));
        Assert.All(made, m => Assert.Equal(201, m.Code));
        Assert.Single(made.Select(m => m.Text("customer_id")).Distinct());
        Assert.Single((await program.GetAsync("/customers"))["items"].AsArray());
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_delivered_or_understood_is_422_with_the_field_and_what_could_be_meant(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var other = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        Dictionary<string, object?> With(string field, object? value)
        {
            var body = OrderBodies.Complete(shop);
            body[field] = value;
            return body;
        }

        var ambiguous = OrderBodies.Complete(shop, commune: "El Eulma");
        ambiguous.Remove("wilaya");
        (object Body, string Code, string Field)[] cases =
        [
            (ambiguous, "place_ambiguous", "commune"),
            (With("wilaya", "Atlantis"), "place_unknown", "wilaya"),
            (With("wilaya", string.Join(' ', Enumerable.Repeat("a", 5_000))), "place_unknown", "wilaya"),
            (With("commune", string.Join(' ', Enumerable.Repeat("de", 3_500))), "place_unknown", "commune"),
            (With("commune", "Bab Ezzouar"), "place_unknown", "commune"),
            (OrderBodies.Complete(shop, wilaya: "Tamanrasset", commune: "Tamanrasset"), "not_served", "commune"),
            (With("phone", "06 12"), "phone_unreadable", "phone"),
            (With("phone", null), "field_missing", "phone"),
            (With("name", "  "), "field_missing", "name"),
            (With("name", new string('a', 10_000)), "too_long", "name"),
            (With("lines", Array.Empty<object>()), "field_missing", "lines"),
            (With("lines", null), "field_missing", "lines"),
            (With("lines", new[] { new { variant_id = other.Variants["ROBE-M-NOIR"].ToString(), quantity = 1 } }), "variant_unknown", "lines.variant_id"),
            (With("lines", new[] { new { variant_id = "nope", quantity = 1 } }), "variant_unknown", "lines.variant_id"),
            (OrderBodies.Complete(shop, quantity: -1), "quantity_out_of_range", "lines.quantity"),
            (OrderBodies.Complete(shop, quantity: 100), "quantity_out_of_range", "lines.quantity"),
        ];
        foreach (var (body, code, field) in cases)
        {
            var answer = await program.PostAsync("/orders", body);
            Assert.Equal((422, code, field, "application/problem+json"), (answer.Code, answer.Text("code"), answer.Text("field"), answer.MediaType));
        }
        Assert.Equal(["El Eulma (Annaba)", "El Eulma (Sétif)"], (await program.PostAsync("/orders", ambiguous))["suggestions"].AsArray().Select(s => s!.GetValue<string>()).Order());
        Assert.Equal(409, (await program.PostAsync("/orders", OrderBodies.Complete(shop, quantity: 6))).Code);
        Assert.Empty((await program.GetAsync("/orders"))["items"].AsArray());
    }

    [Theory, OnBothDatabases]
    public async Task Control_characters_are_no_part_of_an_order(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var body = OrderBodies.Complete(shop);
        body["name"] = "Ami\u0000na\u0007";
        body["address"] = "rue\u0000 1";
        var made = await program.PostAsync("/orders", body);
        Assert.Equal((201, "Ami na", "rue 1"), (made.Code, made.Text("name"), made.Text("address")));
        var cancelled = await program.PostAsync($"/orders/{made.Text("id")}/cancel", new { reason = "chang\u0000ed" });
        Assert.Equal((200, "chang ed"), (cancelled.Code, cancelled.Text("reason")));
    }

    [Theory, OnBothDatabases]
    public async Task Orders_move_by_the_table_and_a_forbidden_move_names_the_allowed_ones(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var id = (await program.PostAsync("/orders", OrderBodies.Complete(shop))).Text("id");
        var confirmed = await program.PostAsync($"/orders/{id}/confirm");
        Assert.Equal((200, "confirmed"), (confirmed.Code, confirmed.Text("state")));
        Assert.NotNull(confirmed.Json!["confirmed_at"]);
        Assert.Equal("confirmed", (await program.PostAsync($"/orders/{id}/confirm")).Text("state"));
        Assert.Equal((422, "reason_missing", "reason"), Said(await program.PostAsync($"/orders/{id}/cancel", new { })));
        Assert.Equal((422, "reason_missing", "reason"), Said(await program.PostAsync($"/orders/{id}/cancel", new { reason = " " })));
        Assert.Equal((422, "too_long", "reason"), Said(await program.PostAsync($"/orders/{id}/cancel", new { reason = new string('r', 301) })));
        Assert.Equal("cancelled", (await program.PostAsync($"/orders/{id}/cancel", new { reason = "changed_mind" })).Text("state"));
        var forbidden = await program.PostAsync($"/orders/{id}/confirm");
        Assert.Equal((409, "move_not_allowed"), (forbidden.Code, forbidden.Text("code")));
        Assert.Equal("[]", forbidden["allowed"].ToJsonString());
        Assert.Equal((422, "courier_unknown", "courier"), Said(await program.PostAsync($"/orders/{id}/ship", new { courier = "nobody" })));
        Assert.Equal(404, (await program.PostAsync("/orders/not-an-id/confirm")).Code);
        Assert.Equal(404, (await program.GetAsync($"/orders/{Guid.NewGuid():N}")).Code);
    }

    [Theory, OnBothDatabases]
    public async Task Lists_are_filtered_by_state_and_customer(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var program = await ApiClient.OfAsync(app, shop);
        var first = await program.PostAsync("/orders", OrderBodies.Complete(shop));
        var again = await program.PostAsync("/orders", OrderBodies.Complete(shop, sku: "HIJAB-BEIGE"));
        var other = await program.PostAsync("/orders", OrderBodies.Complete(shop, phone: "0500000033"));
        Assert.Equal(first.Text("customer_id"), again.Text("customer_id"));
        await program.PostAsync($"/orders/{other.Text("id")}/confirm");
        async Task<List<string>> IdsAsync(string query) => [.. (await program.GetAsync($"/orders?{query}"))["items"].AsArray().Select(o => o!["id"]!.GetValue<string>())];

        Assert.Equal([again.Text("id"), first.Text("id")], await IdsAsync("state=to_confirm"));
        Assert.Equal([other.Text("id")], await IdsAsync("state=confirmed"));
        Assert.Equal([again.Text("id"), first.Text("id")], await IdsAsync($"customer_id={first.Text("customer_id")}"));
        Assert.Empty(await IdsAsync($"state=confirmed&customer_id={first.Text("customer_id")}"));
    }

    [Theory, OnBothDatabases]
    public async Task Leads_are_listed_in_the_contracts_shape(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            var now = app.Get<TimeProvider>().GetUtcNow();
            var leads = scope.Get<OrderClosr.Orders.Leads>();
            await leads.NoteAsync(CustomerId.New(now), ConversationId.New(now), "robe d'ete", "veut la voir en rouge", default);
            await scope.Db.SaveChangesAsync();
        }
        var lead = Assert.Single((await (await ApiClient.OfAsync(app, shop)).GetAsync("/leads"))["items"].AsArray())!.AsObject();
        Assert.Equal(["at", "conversation_id", "converted_at", "customer_id", "done_at", "follow_up_note", "follow_up_on", "id", "note", "order_id", "product_id", "source"], lead.Select(p => p.Key).Order());
        Assert.Equal((shop.Products["robe"].ToString(), "veut la voir en rouge"), (lead["product_id"]!.GetValue<string>(), lead["note"]!.GetValue<string>()));
    }

    private static (int, string, string) Said(ApiAnswer answer) => (answer.Code, answer.Text("code"), answer.Text("field"));
}
