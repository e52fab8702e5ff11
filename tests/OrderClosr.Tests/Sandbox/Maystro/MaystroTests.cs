using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Maystro;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Maystro;

/// <summary>Maystro: ids of its own, Django's refusals, webhooks that nobody signs.</summary>
public sealed class MaystroTests
{
    private const string Token = "invented-maystro-token-dar-lina", Orders = "api/stores/orders/";

    private static Task<CourierPlay> StartAsync() => CourierPlay.StartAsync("maystro", new() { ["Authorization"] = "Token " + Token });

    private static async Task<int> CommuneAsync(CourierPlay play, int wilaya = 16, string name = "Bordj El Kiffan") =>
        (int)(await play.GetAsync($"api/shared/communes/?wilaya={wilaya}")).Json!.AsArray().Single(c => (string)c!["name"]! == name)!["id"]!;

    private static async Task<JsonObject> OrderAsync(CourierPlay play, string reference, params (string Name, JsonNode? Value)[] other)
    {
        var order = new JsonObject
        {
            ["source"] = 4, ["wilaya"] = 16, ["commune"] = await CommuneAsync(play), ["customer_name"] = "Amine Benali", ["customer_phone"] = "0500000012", ["destination_text"] = "Cité 120 logts", ["product_price"] = 4500,
            ["delivery_type"] = 1, ["express"] = false, ["products"] = new JsonArray(new JsonObject { ["quantity"] = 1, ["logistical_description"] = "Montre" }), ["external_order_id"] = reference, ["note_to_driver"] = "",
        };
        foreach (var (name, value) in other) if (value is null) order.Remove(name); else order[name] = value.DeepClone();
        return order;
    }

    private static async Task<JsonNode> TakenAsync(CourierPlay play, string reference, params (string Name, JsonNode? Value)[] other)
    {
        var said = await play.PostAsync(Orders, await OrderAsync(play, reference, other));
        Assert.True(said.Status == 201, said.Text);
        return said.Json!;
    }

    [Fact]
    public async Task A_token_needs_its_word_in_front_unless_the_switch_says_otherwise()
    {
        await using var play = await StartAsync();
        Assert.Equal(200, (await play.GetAsync("api/shared/wilayas/?country=1")).Status);
        Assert.Equal(404, (await play.GetAsync("api/shared/wilayas?country=1")).Status); // without the slash it is another path
        var wrong = await play.CallAsync(HttpMethod.Get, "api/shared/wilayas/?country=1", null, [("Authorization", "Token other")]);
        Assert.Equal((401, """{"detail":"Invalid token.","status_code":401}"""), (wrong.Status, wrong.Text));
        foreach (var header in (string?[])[null, Token, "Bearer " + Token]) Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, "api/shared/wilayas/?country=1", null, [("Authorization", header)])).Status);
        await play.FaultAsync("auth", "bare");
        Assert.Equal(200, (await play.CallAsync(HttpMethod.Get, "api/shared/wilayas/?country=1", null, [("Authorization", Token)])).Status);
        await play.FaultAsync("key-revoked");
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, "api/shared/wilayas/?country=1", null, [("Authorization", Token)])).Status);
    }

    [Fact]
    public async Task Places_have_ids_of_maystros_own_and_a_price_that_may_be_missing()
    {
        await using var play = await StartAsync();
        var wilayas = (await play.GetAsync("api/shared/wilayas/?country=1&language=fr")).Json!.AsArray();
        Assert.Equal(50, wilayas.Count);
        Assert.Equal((16, "Alger"), wilayas.Select(w => ((int)w![0]!, (string)w[1]!)).Single(w => w.Item1 == 16));
        Assert.Equal("الجزائر", (string)(await play.GetAsync("api/shared/wilayas/?country=1&language=ar")).Json!.AsArray().Single(w => (int)w![0]! == 16)![1]!);
        var communes = (await play.GetAsync("api/shared/communes/?wilaya=16")).Json!.AsArray();
        Assert.Equal(57, communes.Count);
        Assert.All(communes, c => Assert.True((int)c!["id"]! >= 7000)); // no ONS code reaches so far
        var prices = new HashSet<string>();
        foreach (var commune in communes.Take(5)) prices.Add((await play.GetAsync($"api/stores/delivery_price/?commune={commune!["id"]}&delivery_type=1&express=false")).Text);
        Assert.Equal("""{"delivery_price":500}""", Assert.Single(prices));
        var adrar = await CommuneAsync(play, 1, "Adrar");
        Assert.Equal(200, (await play.GetAsync($"api/stores/delivery_price/?commune={adrar}&delivery_type=1&express=false")).Status);
        Assert.Equal(404, (await play.GetAsync($"api/stores/delivery_price/?commune={adrar}&delivery_type=2&express=false")).Status);
        Assert.Equal(404, (await play.GetAsync($"api/stores/delivery_price/?commune={adrar}&delivery_type=0&express=false")).Status);
        Assert.Empty((await play.GetAsync("api/shared/communes/?wilaya=33")).Json!.AsArray());
        await play.FaultAsync("all-wilayas");
        Assert.Equal(58, (await play.GetAsync("api/base/wilayas/")).Json!.AsArray().Count);
    }

    [Fact]
    public async Task An_order_is_found_again_by_its_reference_and_may_come_twice()
    {
        await using var play = await StartAsync();
        var first = await TakenAsync(play, "ORD-1001");
        await TakenAsync(play, "ORD-1001");
        await TakenAsync(play, "ORD-1002");
        Assert.Equal((4, "ORD-1001"), ((int)first["status"]!, (string)first["external_order_id"]!));
        var found = (await play.GetAsync(Orders + "?external_order_id=ORD-1001")).Json!["list"]!;
        Assert.Equal((2, 2), ((int)found["count"]!, found["results"]!.AsArray().Count));
        Assert.Equal((string)first["id"]!, (string)(await play.GetAsync($"{Orders}?display_id={first["display_id"]}")).Json!["list"]!["results"]![0]!["id"]!);
        var one = (await play.GetAsync($"{Orders}{first["id"]}/")).Json!;
        Assert.Equal(("Bordj El Kiffan", 4500, 1), ((string)one["commune_name"]!, (int)one["product_price"]!, (int)one["delivery_type"]!));
        Assert.Equal(404, (await play.GetAsync($"{Orders}{first["display_id"]}/")).Status);
        await play.FaultAsync("search-shape", "results");
        Assert.Equal(3, (int)(await play.GetAsync(Orders)).Json!["count"]!);
        await play.FaultAsync("external-order-id", "unique");
        Assert.NotNull((await play.PostAsync(Orders, await OrderAsync(play, "ORD-1001"))).Json!["external_order_id"]);
        for (var i = 0; i < 18; i++) await TakenAsync(play, "N" + i);
        var page = (await play.GetAsync(Orders)).Json!;
        Assert.Equal((21, 20), ((int)page["count"]!, page["results"]!.AsArray().Count));
        var next = (await play.CallAsync(HttpMethod.Get, new Uri((string)page["next"]!).PathAndQuery["/maystro/".Length..])).Json!;
        Assert.Equal((1, null), (next["results"]!.AsArray().Count, (string?)next["next"]));
        Assert.Equal(404, (await play.GetAsync(Orders + "?page=3")).Status);
    }

    [Fact]
    public async Task A_wrong_field_is_a_400_that_names_it()
    {
        await using var play = await StartAsync();
        var oran = await CommuneAsync(play, 31, "Oran");
        foreach (var (field, value) in ((string, JsonNode?)[])[
            ("customer_phone", "+213500000012"), ("customer_phone", null), ("commune", oran), ("commune", 1630), ("commune", "x"), ("wilaya", 33), ("product_price", "4500"), ("product_price", -1), ("delivery_type", 0),
            ("delivery_type", null), ("express", null), ("express", "no"), ("source", 1), ("products", new JsonArray()), ("products", new JsonArray(new JsonObject { ["quantity"] = 0, ["logistical_description"] = "x" })), ("customer_name", "")])
        {
            var said = await play.PostAsync(Orders, await OrderAsync(play, "ORD-1", (field, value)));
            Assert.True(said.Status == 400 && said.Json![field] is JsonArray, $"{field}={value?.ToJsonString()}: {said.Status} {said.Text}");
        }
        Assert.Empty(await play.ParcelsAsync());
        Assert.Equal(201, (await play.PostAsync("api/stores/orders_store/", await OrderAsync(play, "ORD-1", ("express", null)))).Status); // the old path asks less
    }

    [Fact]
    public async Task The_dangerous_number_of_a_desk_depends_on_the_switch()
    {
        await using var play = await StartAsync();
        await TakenAsync(play, "HOME-1", ("delivery_type", 1));
        await TakenAsync(play, "DESK-2", ("delivery_type", 2));
        await play.FaultAsync("delivery-type", "0/1");
        await TakenAsync(play, "DESK-1", ("delivery_type", 1));
        Assert.Equal(400, (await play.PostAsync(Orders, await OrderAsync(play, "X", ("delivery_type", 2)))).Status);
        Assert.Equal(["HOME-1:False", "DESK-2:True", "DESK-1:True"], (await play.ParcelsAsync()).Select(p => $"{p!["reference"]}:{(bool)p["to_desk"]!}"));
    }

    [Fact]
    public async Task The_price_is_the_whole_door_or_the_goods_and_products_may_be_needed()
    {
        await using var play = await StartAsync();
        await TakenAsync(play, "ORD-1");
        await play.FaultAsync("product-price", "goods");
        await TakenAsync(play, "ORD-2");
        Assert.Equal([4500, 5000], (await play.ParcelsAsync()).Select(p => (int)p!["amount"]!));
        await play.FaultAsync("product-id", "required");
        Assert.NotNull((await play.PostAsync(Orders, await OrderAsync(play, "ORD-3"))).Json!["products"]);
        Assert.NotNull((await play.PostAsync("api/stores/product/", new { store_id = "1", logistical_description = "Montre" })).Json!["store_id"]);
        var product = (await play.PostAsync("api/stores/product/", new { store_id = "4101", logistical_description = "Montre" })).Json!;
        Assert.Single((await play.GetAsync("api/stores/product/?search=montre")).Json!["list"]!["results"]!.AsArray());
        await TakenAsync(play, "ORD-4", ("products", new JsonArray(new JsonObject { ["quantity"] = 1, ["product_id"] = (string)product["product_id"]!, ["logistical_description"] = "Montre" })));
    }

    [Fact]
    public async Task A_merchant_changes_and_cancels_but_does_not_deliver()
    {
        await using var play = await StartAsync();
        var order = await TakenAsync(play, "ORD-1");
        var url = $"{Orders}{order["id"]}/";
        Assert.Equal(5000, (int)(await play.CallAsync(HttpMethod.Patch, url, new { product_price = 5000, customer_phone = "0600000013" })).Json!["product_price"]!);
        Assert.Equal(5000, (int)(await play.ParcelsAsync())[0]!["amount"]!);
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Patch, url, new { status = 41 })).Status);
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Patch, url, new { customer_phone = "12" })).Status);
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Patch, $"api/shared/status/{order["id"]}/", new { status = 41, abort_reason = 21 })).Status);
        Assert.NotNull((await play.CallAsync(HttpMethod.Patch, $"api/shared/status/{order["id"]}/", new { status = 50 })).Json!["abort_reason"]);
        await play.MoveAsync((string)order["id"]!, "31");
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Patch, url, new { product_price = 1 })).Status);
        await play.FaultAsync("cancel-404");
        Assert.Equal(404, (await play.CallAsync(HttpMethod.Patch, $"api/shared/status/{order["id"]}/", new { status = 50, abort_reason = 21 })).Status);
        var cancelled = (await play.CallAsync(HttpMethod.Patch, $"{Orders}{order["id"]}/status/", new { status = 50, abort_reason = 21 })).Json!;
        Assert.Equal((50, 21), ((int)cancelled["status"]!, (int)cancelled["abort_reason"]!));
        Assert.Equal(400, (await play.CallAsync(HttpMethod.Patch, $"{Orders}{order["id"]}/status/", new { status = 50, abort_reason = 21 })).Status);
        Assert.Equal([4, 31, 50], (await play.GetAsync($"api/stores/history_order/{order["id"]}")).Json!.AsArray().Select(h => (int)h!["status"]!));
    }

    [Fact]
    public async Task A_label_of_a_wrong_id_is_a_tiny_blank_page()
    {
        await using var play = await StartAsync();
        var order = await TakenAsync(play, "ORD-1");
        var label = await play.PostAsync("api/delivery/starter/v2/starter_bordureau/", new JsonObject { ["orders_ids"] = new JsonArray((string)order["id"]!) });
        Assert.Contains("(Maystro)", label.Text, StringComparison.Ordinal);
        var blank = await play.PostAsync("api/delivery/starter/v2/starter_bordureau/", new JsonObject { ["orders_ids"] = new JsonArray((int)order["display_id"]!) });
        Assert.Equal((200, true), (blank.Status, blank.Text.StartsWith("%PDF", StringComparison.Ordinal) && blank.Text.Length is > 850 and < 900));
        Assert.Equal(blank.Text, (await play.PostAsync("api/delivery/starter/starter_bordureau/", new JsonObject { ["all_created"] = true, ["orders_ids"] = new JsonArray((string)order["id"]!) })).Text);
        Assert.Contains("(Maystro)", (await play.PostAsync("api/delivery/starter/starter_bordureau/", new JsonObject { ["all_created"] = true, ["orders_ids"] = new JsonArray((int)order["display_id"]!) })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_wrapped_in_base64_twice_or_as_the_switch_says()
    {
        Assert.Equal("ZXlKaElqb2l3NmtpZlE9PQ==", Encoding.UTF8.GetString(MaystroHooks.Wrap("""{"a":"é"}""", null).Body));
        Assert.Equal("""{"message":{"data":"eyJhIjoiw6kifQ=="}}""", Encoding.UTF8.GetString(MaystroHooks.Wrap("""{"a":"é"}""", "message.data").Body));
        Assert.Equal("""{"a":"é"}""", Encoding.UTF8.GetString(MaystroHooks.Wrap("""{"a":"é"}""", "plain").Body));
    }

    [Fact]
    public async Task Registered_addresses_are_told_unsigned_and_anybody_can_lie_to_them()
    {
        await using var play = await StartAsync();
        await TakenAsync(play, "BEFORE");
        Assert.Equal(400, (await play.PostAsync("api/stores/hooks/test/request/", new { })).Status);
        Assert.Equal(400, (await play.PostAsync("api/stores/hooks/costume/", new { endpoint = "not a url" })).Status);
        var type = (string)(await play.GetAsync("api/stores/hooks/types/")).Json!["results"]!.AsArray().Single(t => (string)t!["name"]! == "OrderStatusChanged")!["id"]!;
        var hook = await play.PostAsync("api/stores/hooks/costume/", new { endpoint = "http://product.test/webhooks/couriers/maystro/k1-long-random", trigger_type_id = type });
        Assert.Equal(201, hook.Status);
        var order = await TakenAsync(play, "ORD-1"); // orderCreated: not asked for
        await play.MoveAsync((string)order["id"]!, "41");
        var told = await Eventually.FindsAsync(() => Task.FromResult(play.Hooks.FirstOrDefault()));
        var json = JsonNode.Parse(Convert.FromBase64String(Encoding.UTF8.GetString(Convert.FromBase64String(told.Raw))))!;
        Assert.Equal(("OrderStatusChanged", 41, "ORD-1", (string)order["id"]!), ((string)json["event"]!, (int)json["payload"]!["status"]!, (string)json["payload"]!["external_order_id"]!, (string)json["payload"]!["id"]!));
        Assert.DoesNotContain(told.Headers.Keys, h => h.Contains("signature", StringComparison.OrdinalIgnoreCase));

        await play.FaultAsync("webhook-envelope", "plain");
        await play.DoorAsync(HttpMethod.Post, "forge", new { tracking = (string)order["id"]!, status = 52 });
        var forged = await Eventually.FindsAsync(() => Task.FromResult(play.Hooks.Skip(1).FirstOrDefault()));
        Assert.Equal(52, (int)forged.Json["payload"]!["status"]!);
        Assert.Equal(41, (int)(await play.GetAsync($"{Orders}{order["id"]}/")).Json!["status"]!);
        Assert.Equal(204, (await play.CallAsync(HttpMethod.Delete, $"api/stores/hooks/costume/{hook.Json!["id"]}/")).Status);
        Assert.Empty((await play.GetAsync("api/stores/hooks/costume/")).Json!["results"]!.AsArray());
    }

    [Fact]
    public async Task Both_hosts_answer_unless_one_is_gone_and_limits_come_by_switch()
    {
        await using var play = await StartAsync();
        Assert.Equal(200, (await play.GetAsync("b/api/stores/orders/")).Status);
        await play.FaultAsync("one-host", "backend");
        Assert.Equal((404, 200), ((await play.GetAsync("api/stores/orders/")).Status, (await play.GetAsync("b/api/stores/orders/")).Status));
        await play.ClearAsync();
        await play.FaultAsync("rate-limit", "3");
        for (var i = 0; i < 5 && (await play.GetAsync(Orders)).Status != 429; i++) Assert.True(i < 4);
        var refused = await play.GetAsync(Orders);
        Assert.Equal(429, refused.Status);
        Assert.NotNull(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task A_slip_names_what_is_paid_and_no_status_tells_it()
    {
        await using var play = await StartAsync();
        var order = await TakenAsync(play, "ORD-1");
        await play.MoveAsync((string)order["id"]!, "Livré");
        var slip = (await play.DoorAsync(HttpMethod.Post, "payouts", new { trackings = (string[])[$"{order["display_id"]}"], amounts = new Dictionary<string, int> { [$"{order["display_id"]}"] = 4400 } }))!;
        Assert.Equal(3900, (int)slip["total"]!); // 100 short, as planted
        Assert.Contains($"{order["display_id"]};ORD-1;Amine Benali;Alger;4400;500;3900", await play.Http.GetStringAsync((string)slip["csv"]!), StringComparison.Ordinal);
        Assert.Equal(41, (int)(await play.GetAsync($"{Orders}{order["id"]}/")).Json!["status"]!);
    }
}
