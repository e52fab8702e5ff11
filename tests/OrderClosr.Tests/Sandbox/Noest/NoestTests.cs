using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Noest;

/// <summary>Noest: two proofs of identity, noes at 422 and at 200, drafts, labels behind a signed address, no webhooks.</summary>
public sealed class NoestTests
{
    private const string Guid = "DLN0A1B2", P = "api/public/";

    private static Task<CourierPlay> StartAsync(FakeTimeProvider? time = null) => CourierPlay.StartAsync("noest", new() { ["Authorization"] = "Bearer invented-noest-token-dar-lina" }, time);

    private static JsonObject Order(string reference, params (string Name, JsonNode? Value)[] other)
    {
        var order = new JsonObject
        {
            ["user_guid"] = Guid, ["reference"] = reference, ["client"] = "Amine Benali", ["phone"] = "0500000012", ["adresse"] = "Cité 120 logts", ["wilaya_id"] = 16, ["commune"] = "Bordj El Kiffan", ["montant"] = 4500,
            ["produit"] = "Montre x1", ["type_id"] = 1, ["poids"] = 1, ["stop_desk"] = 0, ["can_open"] = 0,
        };
        foreach (var (name, value) in other) if (value is null) order.Remove(name); else order[name] = value.DeepClone();
        return order;
    }

    private static JsonObject With(string name, JsonNode? value, params (string Name, JsonNode? Value)[] more) => new([KeyValuePair.Create("user_guid", (JsonNode?)Guid), KeyValuePair.Create(name, value), .. more.Select(m => KeyValuePair.Create(m.Name, m.Value))]);

    private static async Task<string> TakenAsync(CourierPlay play, JsonObject order, bool validated = false)
    {
        var said = await play.PostAsync(P + "create/order", order);
        Assert.True((bool?)said.Json!["success"] is true, said.Text);
        var tracking = (string)said.Json!["tracking"]!;
        if (validated) Assert.Equal("""{"success":true}""", (await play.PostAsync(P + "valid/order", With("tracking", tracking))).Text);
        return tracking;
    }

    private static async Task<List<string>> KeysAsync(CourierPlay play, string tracking) =>
        [.. (await play.PostAsync(P + "get/trackings/info", With("trackings", new JsonArray(tracking)))).Json![tracking]!["activity"]!.AsArray().Select(a => (string)a!["event_key"]!)];

    private static string? Key(Said said) => said.Json!["errors"]?.AsObject().First().Key;

    [Fact]
    public async Task Writes_need_the_token_and_the_guid()
    {
        await using var play = await StartAsync();
        Assert.Equal(200, (await play.GetAsync(P + "get/wilayas")).Status);
        Assert.Equal(401, (await play.CallAsync(HttpMethod.Get, P + "get/wilayas", null, [("Authorization", "Bearer other")])).Status);
        var missing = await play.PostAsync(P + "create/order", Order("ORD-1", ("user_guid", null)));
        Assert.Equal((422, "Le champ user guid est obligatoire."), (missing.Status, (string)missing.Json!["errors"]!["user_guid"]![0]!));
        Assert.Equal("user_guid", Key(await play.PostAsync(P + "create/order", Order("ORD-1", ("user_guid", "OTHER")))));
        var ping = await play.PostAsync(P + "get/trackings/info", With("trackings", new JsonArray("ECSxxxx")));
        Assert.Equal("""{"message":"Trackings not found"}""", ping.Text);
        var bad = new JsonObject { ["user_guid"] = "OTHER", ["trackings"] = new JsonArray("ECSxxxx") };
        Assert.Equal(422, (await play.PostAsync(P + "get/trackings/info", bad)).Status);
        await play.FaultAsync("guid-check", "off");
        Assert.Equal("""{"message":"Trackings not found"}""", (await play.PostAsync(P + "get/trackings/info", bad)).Text);
        Assert.Equal(405, (await play.GetAsync(P + "create/order")).Status);
        await play.FaultAsync("key-revoked", "someone-else");
        Assert.Equal(200, (await play.GetAsync(P + "get/wilayas")).Status);
        await play.FaultAsync("key-revoked", Guid);
        Assert.Equal(401, (await play.GetAsync(P + "get/wilayas")).Status);
    }

    [Fact]
    public async Task Lists_are_as_noest_writes_them()
    {
        await using var play = await StartAsync();
        var wilayas = (await play.GetAsync(P + "get/wilayas")).Json!.AsArray();
        Assert.Equal((58, 56), (wilayas.Count, wilayas.Count(w => (int)w!["is_active"]! == 1)));
        Assert.Equal("""{"code":16,"nom":"Alger","is_active":1}""", wilayas[15]!.ToJsonString());
        var communes = (await play.GetAsync(P + "get/communes/19")).Json!.AsArray();
        Assert.Contains(communes, c => (int)c!["is_active"]! == 0);
        var desks = (await play.GetAsync(P + "desks")).Json!.AsObject();
        Assert.Equal((94, "1A", "16A"), (desks.Count, (string)desks["01A"]!["code"]!, (string)desks["16A"]!["code"]!));
        var fees = (await play.GetAsync(P + "fees")).Json!["tarifs"]!;
        Assert.Equal(("450", "300", "200"), ((string)fees["delivery"]!["16"]!["tarif"]!, (string)fees["delivery"]!["16"]!["tarif_stopdesk"]!, (string)fees["return"]!["16"]!["tarif"]!));
        await play.FaultAsync("wilaya-model", "69");
        Assert.Equal(69, (await play.GetAsync(P + "get/wilayas")).Json!.AsArray().Count);
    }

    [Fact]
    public async Task A_wrong_field_is_a_422_that_names_it()
    {
        await using var play = await StartAsync();
        await play.FaultAsync("rate-limit", "1000");
        foreach (var (field, value) in ((string, JsonNode?)[])[
            ("phone", "+213500000012"), ("phone", null), ("client", ""), ("adresse", null), ("montant", "12.5"), ("montant", null), ("produit", null), ("type_id", 4), ("stop_desk", null), ("stop_desk", 2), ("wilaya_id", 59), ("commune", null), ("reference", "abc"), ("poids", 0)])
        {
            var said = await play.PostAsync(P + "create/order", Order("ORD-1", (field, value)));
            Assert.True(said.Status == 422 && said.Json!["errors"]![field] is JsonArray, $"{field}={value?.ToJsonString()}: {said.Status} {said.Text}");
        }
        Assert.Equal("produit_a_recuperer", Key(await play.PostAsync(P + "create/order", Order("ORD-1", ("type_id", 2)))));
        await play.FaultAsync("exchange-field", "product_exchanged");
        Assert.Equal("product_exchanged", Key(await play.PostAsync(P + "create/order", Order("ORD-1", ("type_id", 2), ("produit_a_recuperer", "Montre")))));
        Assert.Empty(await play.ParcelsAsync());
    }

    [Fact]
    public async Task Business_noes_come_with_the_status_of_their_kind()
    {
        await using var play = await StartAsync();
        await play.FaultAsync("rate-limit", "1000");
        async Task NoAsync(int status, string key, params (string, JsonNode?)[] other)
        {
            var said = await play.PostAsync(P + "create/order", Order("ORD-9", other));
            Assert.True(said.Status == status && (bool)said.Json!["success"]! == false && Key(said) == key, $"{key}: {said.Status} {said.Text}");
        }
        await TakenAsync(play, Order("ORD-1001"));
        await NoAsync(200, "duplicate_order", ("reference", "ORD-1001"), ("montant", 1));
        await NoAsync(422, "inactive_commune", ("commune", "bordj el kiffan"));
        await NoAsync(422, "inactive_commune", ("wilaya_id", 54), ("commune", "In Guezzam"));
        await NoAsync(200, "zip_code", ("zip_code", "99999"));
        await NoAsync(422, "max_amount_exceeded", ("montant", 150_001));
        await NoAsync(422, "stopdesk_disabled", ("wilaya_id", 33), ("commune", "Illizi"), ("stop_desk", 1), ("station_code", "33A"));
        await NoAsync(200, "station_code", ("stop_desk", 1), ("station_code", "31A"));
        await NoAsync(200, "station_code", ("wilaya_id", 1), ("commune", "Adrar"), ("stop_desk", 1), ("station_code", "01A")); // the key of the list is not the code
        await NoAsync(200, "station_expedition", ("station_expedition", "99Z"));
        await NoAsync(422, "disabled_module", ("stock", 1), ("quantite", "1"));
        await play.FaultAsync("stock-module", "out_of_stock");
        await NoAsync(422, "wrong_quantities", ("stock", 1));
        await NoAsync(422, "out_of_stock", ("stock", 1), ("quantite", "1"));
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Guid, new { suspended = true });
        await NoAsync(422, "account_suspended");
        await play.DoorAsync(HttpMethod.Post, "accounts/" + Guid, new { suspended = false });
        await play.FaultAsync("error-shape", "flat");
        var flat = await play.PostAsync(P + "create/order", Order("ORD-1001"));
        Assert.Equal("""{"success":false,"message":"Colis déja existant","error":"duplicate_order"}""", flat.Text);
        await play.FaultAsync("duplicate-tracking", "yes");
        Assert.Equal((string)(await play.ParcelsAsync())[0]!["tracking"]!, (string)(await play.PostAsync(P + "create/order", Order("ORD-1001"))).Json!["tracking"]!);
        await play.FaultAsync("duplicate-compares", "phone-product-amount");
        Assert.False((bool)(await play.PostAsync(P + "create/order", Order("ORD-OTHER"))).Json!["success"]!);
        await TakenAsync(play, Order("ORD-1001", ("montant", 77)));
    }

    [Fact]
    public async Task Destinations_may_be_a_zip_a_desk_or_a_pick_up_without_money()
    {
        await using var play = await StartAsync();
        var zip = await TakenAsync(play, Order("ORD-1", ("wilaya_id", null), ("commune", null), ("zip_code", "31000")));
        await TakenAsync(play, Order("ORD-2", ("wilaya_id", 1), ("commune", "Adrar"), ("stop_desk", 1), ("station_code", "1A")));
        await TakenAsync(play, Order("ORD-3", ("type_id", 3)));
        await play.FaultAsync("station-code", "key");
        await TakenAsync(play, Order("ORD-4", ("wilaya_id", 1), ("commune", "Adrar"), ("stop_desk", 1), ("station_code", "01A")));
        var parcels = await play.ParcelsAsync();
        Assert.Equal((zip, 31), ((string)parcels[0]!["tracking"]!, (int)parcels[0]!["wilaya"]!));
        Assert.Equal(("1A", true, 0, "01A"), ((string)parcels[1]!["desk"]!, (bool)parcels[1]!["to_desk"]!, (int)parcels[2]!["amount"]!, (string)parcels[3]!["desk"]!));
    }

    [Fact]
    public async Task A_draft_is_invisible_until_it_is_validated_and_then_locked()
    {
        await using var play = await StartAsync();
        var tracking = await TakenAsync(play, Order("ORD-1001"));
        Assert.Equal(422, (await play.CallAsync(HttpMethod.Post, $"_parcels/{tracking}/move", new { to = "fdr_activated" })).Status);
        Assert.Equal(422, (await play.PostAsync(P + "update/order", With("tracking", tracking, ("montant", 1)))).Status); // only after validation
        Assert.True((bool)(await play.PostAsync(P + "update/order/before/expedition", With("tracking", tracking, ("client", "Lina"), ("tel", "0600000013"), ("wilaya", 31), ("commune", "Oran"), ("montant", 5000)))).Json!["success"]!);
        Assert.Equal(422, (await play.PostAsync(P + "update/order/before/expedition", With("tracking", tracking, ("tel", "1")))).Status);
        var parcel = (await play.ParcelsAsync())[0]!;
        Assert.Equal(("Lina", "0600000013", 31, "Oran", 5000, "ORD-1001"), ((string)parcel["client"]!, (string)parcel["phone"]!, (int)parcel["wilaya"]!, (string)parcel["commune"]!, (int)parcel["amount"]!, (string)parcel["reference"]!));
        Assert.True((bool)(await play.PostAsync(P + "valid/order", With("tracking", tracking))).Json!["success"]!);
        foreach (var path in (string[])["valid/order", "delete/order", "update/order/before/expedition"])
        {
            var no = await play.PostAsync(P + path, With("tracking", tracking));
            Assert.Equal((422, "already_validated"), (no.Status, Key(no)));
        }
        Assert.Equal(422, (await play.PostAsync(P + "update/order", With("tracking", tracking, ("wilaya", 16), ("commune", "Kouba")))).Status); // another wilaya
        Assert.True((bool)(await play.PostAsync(P + "update/order", With("tracking", tracking, ("adresse", "Rue 2")))).Json!["success"]!);
        await play.MoveAsync(tracking, "fdr_activated");
        Assert.Equal(422, (await play.PostAsync(P + "update/order", With("tracking", tracking, ("adresse", "Rue 3")))).Status);
        Assert.True((bool)(await play.PostAsync(P + "update/order", With("tracking", tracking, ("montant", 4000)))).Json!["success"]!);
        Assert.Equal(["upload", "customer_validation", "edited_informations", "fdr_activated", "edit_price"], await KeysAsync(play, tracking));

        var draft = await TakenAsync(play, Order("ORD-1002"));
        Assert.True((bool)(await play.PostAsync(P + "delete/order", With("tracking", draft))).Json!["success"]!);
        Assert.Equal(422, (await play.PostAsync(P + "delete/order", With("tracking", draft))).Status);
        Assert.NotEqual(draft, await TakenAsync(play, Order("ORD-1002"))); // what is deleted is no duplicate
    }

    [Fact]
    public async Task A_batch_passes_and_fails_one_by_one_and_needs_the_weight()
    {
        await using var play = await StartAsync();
        var body = With("orders", new JsonArray(Order("ORD-1001"), Order("ORD-1002", ("poids", null)), Order("ORD-1001")));
        var said = (await play.PostAsync(P + "create/orders", body)).Json!;
        Assert.True((bool)said["success"]!);
        var tracking = (string)said["passed"]!["0"]!["tracking"]!;
        Assert.Equal(("ORD-1002", true, true), ((string)said["failed"]!["1"]!["reference"]!, said["failed"]!["1"]!["poids"] is JsonArray, said["failed"]!["2"]!["duplicate_order"] is JsonArray));
        var validated = (await play.PostAsync(P + "valid/orders", With("trackings", new JsonArray(tracking, "ECSNONE")))).Json!;
        Assert.True((bool)validated["passed"]![tracking]!["success"]!);
        Assert.NotNull(validated["failed"]!["ECSNONE"]);
        await play.FaultAsync("batch-shape", "array");
        Assert.IsType<JsonArray>((await play.PostAsync(P + "create/orders", body)).Json!["failed"]);
        Assert.Equal(422, (await play.PostAsync(P + "create/orders", With("orders", new JsonArray()))).Status);
    }

    [Fact]
    public async Task Money_lies_between_the_movements_and_an_attempt_can_be_asked_again()
    {
        var time = new TestClock(DateTimeOffset.Parse("2026-10-01T08:12:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var play = await StartAsync(time);
        var tracking = await TakenAsync(play, Order("ORD-1001"), validated: true);
        Assert.Equal(422, (await play.PostAsync(P + "ask/new-tentative", With("tracking", tracking))).Status);
        time.Advance(TimeSpan.FromHours(1));
        await play.DoorAsync(HttpMethod.Post, $"parcels/{tracking}/move", new { to = "validation_reception", driver = "Karim", driver_phone = "0500000077" });
        time.Advance(TimeSpan.FromHours(1));
        await play.MoveAsync(tracking, "mise_a_jour", "Client absent");
        Assert.True((bool)(await play.PostAsync(P + "ask/new-tentative", With("tracking", tracking))).Json!["success"]!);
        time.Advance(TimeSpan.FromHours(1));
        await play.MoveAsync(tracking, "livre");
        Assert.Equal(422, (await play.PostAsync(P + "ask/return", With("tracking", tracking))).Status);
        time.Advance(TimeSpan.FromDays(1));
        var slip = (await play.DoorAsync(HttpMethod.Post, "payouts", new { trackings = (string[])[tracking] }))!;
        Assert.Equal(4500 - 450, (int)slip["total"]!);
        string[] keys = ["upload", "customer_validation", "validation_reception", "mise_a_jour", "nouvel_tentative_asked_by_customer", "livre", "validation_reception_cash_by_partener", "verssement_admin_cust"];
        Assert.Equal(keys, await KeysAsync(play, tracking));
        Assert.Equal("livre", (string)(await play.ParcelsAsync())[0]!["state"]!);
        var info = (await play.PostAsync(P + "get/trackings/info", With("trackings", new JsonArray(tracking, "ECSNONE")))).Json!;
        Assert.Equal(("Karim", "0500000077", "2026-10-01 09:12:00", "Uploadé sur le système"), ((string)info[tracking]!["OrderInfo"]!["driver_name"]!, (string)info[tracking]!["OrderInfo"]!["driver_tel"]!, (string)info[tracking]!["activity"]![0]!["date"]!, (string)info[tracking]!["activity"]![0]!["event"]!));
        Assert.Null(info["ECSNONE"]);
        await play.FaultAsync("activity-order", "newest-first");
        Assert.Equal(keys.Reverse(), await KeysAsync(play, tracking));
    }

    [Fact]
    public async Task A_label_lies_behind_a_signed_address_for_300_seconds()
    {
        var time = new TestClock(DateTimeOffset.Parse("2026-10-01T08:12:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var play = await StartAsync(time);
        var tracking = await TakenAsync(play, Order("ORD-1001"));
        using var stays = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = play.Http.BaseAddress };
        stays.DefaultRequestHeaders.Authorization = new("Bearer", "invented-noest-token-dar-lina");
        using var sent = await stays.GetAsync($"/noest/{P}get/order/label?tracking={tracking}");
        Assert.Equal(302, (int)sent.StatusCode);
        Assert.Equal(422, (int)(await stays.GetAsync($"/noest/{P}get/order/label?tracking=ECSNONE")).StatusCode);
        Assert.Equal(400, (int)(await stays.GetAsync(sent.Headers.Location)).StatusCode); // with the bearer header beside the signature
        using var anybody = new HttpClient();
        Assert.Contains(tracking, await anybody.GetStringAsync(sent.Headers.Location), StringComparison.Ordinal);
        Assert.Equal(403, (int)(await anybody.GetAsync(sent.Headers.Location + "0")).StatusCode);
        time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(403, (int)(await anybody.GetAsync(sent.Headers.Location)).StatusCode);
    }

    [Fact]
    public async Task Sixty_calls_a_minute_or_forty_five_and_a_timeout_leaves_a_duplicate_behind()
    {
        var time = new TestClock();
        await using var play = await StartAsync(time);
        await play.FaultAsync("timeout-after-work", count: 1, path: "/create/order", seconds: 0);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => play.PostAsync(P + "create/order", Order("ORD-1001")));
        Assert.Equal("duplicate_order", Key(await play.PostAsync(P + "create/order", Order("ORD-1001"))));
        for (var i = 0; i < 58; i++) Assert.Equal(200, (await play.GetAsync(P + "get/communes/1")).Status);
        var refused = await play.GetAsync(P + "fees");
        Assert.Equal((429, "60", "60"), (refused.Status, refused.Header("X-RateLimit-Limit"), refused.Header("Retry-After")));
        time.Advance(TimeSpan.FromMinutes(1));
        await play.FaultAsync("rate-limit", "45");
        Assert.Equal("44", (await play.GetAsync(P + "fees")).Header("X-RateLimit-Remaining"));
        await play.FaultAsync("error", path: "/desks", status: 503);
        Assert.Equal("""{"message":"Service Unavailable"}""", (await play.GetAsync(P + "desks")) is { Status: 503 } down ? down.Text : "");
    }
}
