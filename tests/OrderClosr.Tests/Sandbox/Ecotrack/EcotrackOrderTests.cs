using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;
using static OrderClosr.Tests.Sandbox.Ecotrack.EcotrackPlay;

namespace OrderClosr.Tests.Sandbox.Ecotrack;

/// <summary>Creating, changing, shipping and deleting at Ecotrack.</summary>
public sealed class EcotrackOrderTests
{
    [Fact]
    public async Task A_token_is_told_apart_and_opens_only_its_own()
    {
        await using var play = await EcotrackPlay.StartAsync();
        Assert.Equal("""{"success":true,"message":"VALID_TOKEN"}""", (await play.GetAsync($"{V1}validate/token?api_token={Token}")).Text);
        Assert.Equal("""{"success":false,"message":"INVALID_TOKEN"}""", (await play.GetAsync(V1 + "validate/token?api_token=other")).Text);
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, V1 + "get/wilayas", null, [("Authorization", "Bearer other")])).Status);
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, V1 + "get/wilayas", null, [("Authorization", null)])).Status);
        Assert.Equal(401, (await play.GetAsync(V1 + "get/orders/status?trackings=EC1&status=all")).Status); // here the query must carry it
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Account, new { revoked = true });
        Assert.Equal(401, (await play.GetAsync(V1 + "get/wilayas")).Status);
        Assert.Equal("""{"success":false,"message":"TOKEN_NOT_ALLOWED"}""", (await play.GetAsync($"{V1}validate/token?api_token={Token}")).Text);
        await play.DoorAsync(HttpMethod.Post, "accounts", new { id = "second", token = "invented-second" });
        Assert.Equal(200, (await play.CallAsync(HttpMethod.Get, V1 + "get/wilayas", null, [("Authorization", "Bearer invented-second")])).Status);
    }

    [Fact]
    public async Task An_order_in_the_query_becomes_a_parcel_and_the_same_order_twice_becomes_two()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var first = await play.TakenAsync(Order("ORD-1001"));
        var second = await play.TakenAsync(Order("ORD-1001"));
        Assert.Matches(@"^EC[A-Z]{4}\d{6}0001$", first);
        Assert.NotEqual(first, second);
        var parcels = await play.ParcelsAsync();
        Assert.Equal(2, parcels.Count);
        Assert.Equal(("ORD-1001", first, "prete_a_expedier", 4500), ((string)parcels[0]!["reference"]!, (string)parcels[0]!["tracking"]!, (string)parcels[0]!["state"]!, (int)parcels[0]!["amount"]!));
        Assert.Equal(200, (await play.PostAsync(V1 + "create/order", Order("ORD-1002"))).Status); // JSON is taken, too

        var list = (await play.GetAsync(V1 + "get/orders?start_date=2020-01-01")).Json!;
        Assert.Equal((3, 40, 1, "ORD-1002"), ((int)list["total"]!, (int)list["per_page"]!, (int)list["last_page"]!, (string)list["data"]![0]!["reference"]!));
        Assert.Equal("Cité 120 logts & Bt 4", (string)list["data"]![2]!["adresse"]!);
    }

    [Theory]
    [InlineData("telephone", "+213500000012")]
    [InlineData("telephone", "500000012")]
    [InlineData("telephone", null)]
    [InlineData("commune", "bordj el kiffan")]
    [InlineData("commune", "Oran")]
    [InlineData("code_wilaya", "68")]
    [InlineData("code_wilaya", "0")]
    [InlineData("montant", "4500.5")]
    [InlineData("montant", "-1")]
    [InlineData("montant", null)]
    [InlineData("type", "5")]
    [InlineData("stop_desk", "true")]
    [InlineData("nom_client", " ")]
    [InlineData("weight", "0")]
    [InlineData("stock", "1")]
    public async Task A_wrong_field_is_a_422_that_names_it(string field, string? value)
    {
        await using var play = await EcotrackPlay.StartAsync();
        var said = await play.CreateAsync(Order("ORD-1", (field, value)));
        Assert.Equal((422, "The given data was invalid."), (said.Status, (string)said.Json!["message"]!));
        Assert.NotEmpty(said.Json!["errors"]![field == "stock" ? "quantite" : field]!.AsArray());
        Assert.Empty(await play.ParcelsAsync());
    }

    [Fact]
    public async Task A_desk_needs_its_own_code_and_an_unserved_wilaya_is_a_no_at_200()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var communes = (await play.GetAsync(V1 + "get/communes?wilaya_id=31")).Json!.AsObject();
        Assert.Equal("0", communes.First().Key);
        var desk = communes.Select(c => c.Value!).First(c => (string)c["has_stop_desk"]! == "1");
        var none = communes.Select(c => c.Value!).First(c => (string)c["has_stop_desk"]! == "0");
        JsonObject ToDesk(JsonNode commune, string? code) => Order("ORD-2", ("code_wilaya", "31"), ("commune", (string)commune["nom"]!), ("stop_desk", "1"), ("code_postal", code));

        Assert.NotNull((await play.CreateAsync(ToDesk(desk, null))).Json!["errors"]!["code_postal"]);
        Assert.NotNull((await play.CreateAsync(ToDesk(desk, "31999"))).Json!["errors"]!["code_postal"]);
        Assert.NotNull((await play.CreateAsync(ToDesk(none, (string)none["code_postal"]!))).Json!["errors"]!["stop_desk"]);
        await play.TakenAsync(ToDesk(desk, (string)desk["code_postal"]!));
        Assert.True((bool)(await play.ParcelsAsync())[0]!["to_desk"]!);

        var far = await play.CreateAsync(Order("ORD-3", ("code_wilaya", "56"), ("commune", "Djanet")));
        Assert.Equal((200, false, 10002), (far.Status, (bool)far.Json!["success"]!, (int)far.Json!["error"]!));
        await play.FaultAsync("unserved", "16");
        Assert.Equal(10002, (int)(await play.CreateAsync(Order("ORD-4"))).Json!["error"]!);
        Assert.DoesNotContain((await play.GetAsync(V1 + "get/wilayas")).Json!.AsArray(), w => (int)w!["wilaya_id"]! is 16 or 56);
    }

    [Fact]
    public async Task What_is_shipped_is_locked()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var tracking = await play.TakenAsync(Order("ORD-1"));
        Assert.Equal(200, (await play.PostAsync($"{V1}update/order?tracking={tracking}&client=Lina&montant=5000&commune=Oran&wilaya=31", "")).Status);
        Assert.Equal(422, (await play.PostAsync($"{V1}update/order?tracking={tracking}&tel=12", "")).Status);
        var parcel = (await play.ParcelsAsync())[0]!;
        Assert.Equal(("Lina", 5000, 31, "Oran", "0500000012"), ((string)parcel["client"]!, (int)parcel["amount"]!, (int)parcel["wilaya"]!, (string)parcel["commune"]!, (string)parcel["phone"]!));
        Assert.Equal(10003, (int)(await play.PostAsync($"{V1}ask/for/order/return?tracking={tracking}", "")).Json!["error"]!);

        Assert.True((bool)(await play.PostAsync($"{V1}valid/order?tracking={tracking}", "")).Json!["success"]!);
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, "update/order?montant=1&tracking="), (HttpMethod.Delete, "delete/order?tracking="), (HttpMethod.Post, "valid/order?tracking=")])
        {
            var no = await play.CallAsync(method, V1 + path + tracking);
            Assert.Equal((200, false, 10001), (no.Status, (bool)no.Json!["success"]!, (int)no.Json!["error"]!));
        }
        var draft = await play.TakenAsync(Order("ORD-2"));
        Assert.True((bool)(await play.CallAsync(HttpMethod.Delete, $"{V1}delete/order?tracking={draft}")).Json!["success"]!);
        Assert.Equal(422, (await play.CallAsync(HttpMethod.Delete, $"{V1}delete/order?tracking={draft}")).Status);
        await play.FaultAsync("delete-shape", "older");
        Assert.Equal("""{"delete":"fail"}""", (await play.CallAsync(HttpMethod.Delete, $"{V1}delete/order?tracking={tracking}")).Text);
        Assert.Equal("""{"delete":"success"}""", (await play.CallAsync(HttpMethod.Delete, $"{V1}delete/order?tracking={await play.TakenAsync(Order("ORD-3"))}")).Text);
    }

    [Fact]
    public async Task A_batch_says_for_each_order_what_became_of_it()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var batch = new JsonObject { ["orders"] = new JsonObject { ["0"] = Order("ORD-1001-with-a-long-name"), ["1"] = Order("ORD-2", ("telephone", "12")) } };
        var results = (await play.PostAsync(V1 + "create/orders", batch)).Json!["results"]!;
        Assert.NotNull(results["ORD-1001-with-a-long-name"]!["tracking"]);
        Assert.NotNull(results["ORD-2"]!["telephone"]);
        await play.FaultAsync("batch-key", "cut");
        Assert.NotNull((await play.PostAsync(V1 + "create/orders", batch)).Json!["results"]!["ORD-1001-with-a-long"]);
        await play.FaultAsync("batch-key", "index");
        Assert.NotNull((await play.PostAsync(V1 + "create/orders", batch)).Json!["results"]!["0"]!["tracking"]);
        await play.FaultAsync("batch-500");
        Assert.Equal(500, (await play.PostAsync(V1 + "create/orders", batch)).Status);
    }

    [Fact]
    public async Task A_tenant_reads_the_query_alone_or_the_body_alone_when_it_is_told_to()
    {
        await using var play = await EcotrackPlay.StartAsync();
        await play.FaultAsync("query-only");
        Assert.Equal(422, (await play.PostAsync(V1 + "create/order", Order("ORD-1"))).Status);
        Assert.Equal(200, (await play.CreateAsync(Order("ORD-1"))).Status);
        await play.ClearAsync();
        await play.FaultAsync("json-only");
        Assert.Equal(422, (await play.CreateAsync(Order("ORD-2"))).Status);
        Assert.Equal(200, (await play.PostAsync(V1 + "create/order", Order("ORD-2"))).Status);
        // A symbol beyond the basic plane brings the tenant down, with a web page.
        var fallen = await play.PostAsync(V1 + "create/order", Order("ORD-3", ("produit", "Robe 😀")));
        Assert.Equal((500, "text/html"), (fallen.Status, fallen.Http.Content.Headers.ContentType!.MediaType));
        Assert.Equal(2, (await play.ParcelsAsync()).Count);
    }

    [Fact]
    public async Task A_timeout_after_the_work_leaves_a_parcel_that_the_list_shows()
    {
        await using var play = await EcotrackPlay.StartAsync();
        await play.FaultAsync("timeout-after-work", count: 1, path: "/create/order", seconds: 0);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => play.CreateAsync(Order("ORD-77")));
        Assert.Equal("ORD-77", (string)(await play.GetAsync(V1 + "get/orders")).Json!["data"]![0]!["reference"]!);
    }

    [Fact]
    public async Task Fifty_calls_a_minute_are_counted_down_in_the_headers()
    {
        var time = new TestClock(DateTimeOffset.Parse("2026-10-02T10:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var play = await EcotrackPlay.StartAsync(time);
        var first = await play.GetAsync(V1);
        Assert.Equal("""{"limits":{"per_minute":50,"per_hour":1500,"per_day":15000}}""", first.Text);
        Assert.Equal(("50", "49", "1499", "14999"), (first.Header("X-RateLimit-Limit"), first.Header("X-RateLimit-Remaining"), first.Header("X-RateLimit-Remaining-Hour"), first.Header("X-RateLimit-Remaining-Day")));
        for (var i = 0; i < 49; i++) Assert.Equal(200, (await play.GetAsync(V1 + "get/products/list")).Status);
        var refused = await play.GetAsync(V1 + "get/wilayas");
        Assert.Equal((429, """{"message":"Too Many Attempts."}""", "60", "0"), (refused.Status, refused.Text, refused.Header("Retry-After"), refused.Header("X-RateLimit-Remaining")));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(200, (await play.GetAsync(V1 + "get/wilayas")).Status);
        var minute = (await play.DoorAsync(HttpMethod.Get, "limits"))!["items"]!.AsArray().Single(l => (string)l!["window"]! == "minute")!;
        Assert.Equal((50, 50, 1), ((int)minute["limit"]!, (int)minute["most"]!, (int)minute["refused"]!));
        // Nothing older than 90 days is listed.
        await play.TakenAsync(Order("ORD-1"));
        time.Advance(TimeSpan.FromDays(91));
        Assert.Equal(0, (int)(await play.GetAsync(V1 + "get/orders?start_date=2026-10-01")).Json!["total"]!);
    }

    [Fact]
    public async Task Reference_lists_come_in_their_odd_shapes()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var fees = (await play.GetAsync(V1 + "get/fees")).Json!;
        Assert.Equal("400", (string)fees["livraison"]!.AsArray().Single(f => (int)f!["wilaya_id"]! == 16)!["tarif"]!);
        Assert.Equal(50, (int)fees["poids"]!["16"]!["surfacturation_a_domicile_DA"]!);
        await play.FaultAsync("fees-shape", "typo");
        Assert.NotNull((await play.GetAsync(V1 + "get/fees")).Json!["echnage"]);
        await play.FaultAsync("fees-shape", "per-wilaya");
        Assert.NotNull((await play.GetAsync(V1 + "get/fees")).Json!["16"]!["livraison"]!["tarif"]);
        await play.FaultAsync("numbers-as-text");
        Assert.Equal("1", (string)(await play.GetAsync(V1 + "get/wilayas")).Json![0]!["wilaya_id"]!);
        await play.FaultAsync("communes-shape", "array");
        await play.FaultAsync("has-stop-desk", "bool");
        await play.FaultAsync("spelling", "upper");
        var communes = (await play.GetAsync(V1 + "get/communes?wilaya_id=16")).Json!.AsArray();
        Assert.Contains(communes, c => (string)c!["nom"]! == "BORDJ EL KIFFAN" && !(bool)c["has_stop_desk"]!);
        Assert.Equal(422, (await play.CreateAsync(Order("ORD-1"))).Status);
        await play.FaultAsync("wilaya-model", "69");
        Assert.Contains((await play.GetAsync(V1 + "get/wilayas")).Json!.AsArray(), w => (string)w!["wilaya_id"]! == "68");
        Assert.NotEmpty((await play.GetAsync(V1 + "get/desks")).Json!["other_desks"]!.AsArray());
        Assert.Equal(404, (await play.GetAsync(V1 + "get/trackings/info?trackings[]=EC1")).Status);
        Assert.Equal(405, (await play.GetAsync(V1 + "create/order")).Status);
    }

    [Fact]
    public async Task A_label_is_a_pdf_an_unknown_one_a_422_and_an_empty_one_is_possible()
    {
        await using var play = await EcotrackPlay.StartAsync();
        var tracking = await play.TakenAsync(Order("ORD-1"));
        var label = await play.GetAsync($"{V1}get/order/label?tracking={tracking}");
        Assert.Equal("application/pdf", label.Http.Content.Headers.ContentType!.MediaType);
        Assert.Contains(tracking, label.Text, StringComparison.Ordinal);
        Assert.Equal(422, (await play.GetAsync(V1 + "get/order/label?tracking=ECX")).Status);
        await play.FaultAsync("empty-label", count: 1);
        Assert.Equal((200, ""), ((await play.GetAsync($"{V1}get/order/label?tracking={tracking}")) is var empty ? (empty.Status, empty.Text) : default));
    }

    [Fact]
    public async Task A_host_that_moved_answers_301()
    {
        await using var play = await EcotrackPlay.StartAsync();
        using var stays = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = play.Http.BaseAddress };
        using var answer = await stays.PostAsync("/ecotrack/old/api/v1/create/order?a=b", new StringContent("", Encoding.UTF8));
        Assert.Equal((301, "/ecotrack/api/v1/create/order?a=b"), ((int)answer.StatusCode, answer.Headers.Location!.PathAndQuery));
    }
}
