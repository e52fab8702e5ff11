using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.ZrExpress;

public sealed class ZrParcelTests
{
    [Fact]
    public async Task A_parcel_lives_from_its_creation_to_its_payment()
    {
        await using var zr = await ZrPlay.StartAsync();
        var created = await zr.PostAsync("parcels", await zr.ParcelAsync("ORD-1"));
        Assert.Equal(201, created.Status);
        Assert.Equal(["id"], created.Json!.AsObject().Select(f => f.Key)); // nothing else: the tracking number takes a second call
        var parcel = (await zr.GetAsync("parcels/" + created.Json!["id"])).Json!;
        var tracking = (string)parcel["trackingNumber"]!;
        Assert.Matches("^16-[A-Z0-9]{10}-ZR$", tracking);
        Assert.Equal("commande_recue", (string)parcel["state"]!["name"]!);

        // The hub does not see it until the merchant has made it ready, and a merchant cannot do the hub's part.
        Assert.Equal(422, (await zr.Play.PostAsync($"_parcels/{tracking}/move", new { to = "dispatch" })).Status);
        Assert.Equal("ParcelErrors.InvalidStateTransition", (string)(await zr.MoveAsync(parcel, "livre")).Json!["title"]!);
        Assert.Equal(204, (await zr.MoveAsync(parcel, "pret_a_expedier")).Status);
        foreach (var to in (string[])["dispatch", "vers_wilaya", "sortie_en_livraison", "ne_repond_pas_1"]) await zr.Play.MoveAsync(tracking, to);
        var attempted = (await zr.GetAsync("parcels/" + tracking)).Json!;
        Assert.Equal(("sortie_en_livraison", "ne_repond_pas_1"), ((string)attempted["state"]!["name"]!, (string)attempted["situation"]!["slug"]!));
        await zr.Play.MoveAsync(tracking, "livre");
        var delivered = (await zr.GetAsync("parcels/" + tracking)).Json!;
        Assert.NotNull(delivered["deliveredAt"]);
        Assert.Null(delivered["situation"]);

        var history = await zr.GetAsync($"parcels/{parcel["id"]}/state-history");
        Assert.Equal(["commande_recue", "pret_a_expedier", "dispatch", "vers_wilaya", "sortie_en_livraison", "livre"], history.Json!.AsArray().Select(h => (string)h!["newState"]!["name"]!));
        Assert.Equal(404, (await zr.GetAsync($"parcels/{tracking}/state-history")).Status);

        var payout = await zr.Play.DoorAsync(HttpMethod.Post, "payouts", new { trackings = new[] { tracking } });
        Assert.Equal("recouvert", (string)(await zr.GetAsync("parcels/" + tracking)).Json!["state"]!["name"]!);
        Assert.Contains($"{tracking};ORD-1;Amine Benali;", await zr.Play.Http.GetStringAsync((string)payout!["csv"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_external_id_twice_is_a_conflict_and_is_found_only_by_looking_at_each_row()
    {
        await using var zr = await ZrPlay.StartAsync();
        await zr.BookAsync("ORD-1");
        await zr.BookAsync("ORD-10");
        var again = await zr.PostAsync("parcels", await zr.ParcelAsync("ORD-1"));
        Assert.Equal((409, "ParcelErrors.DuplicateExternalId", "application/problem+json"), (again.Status, (string)again.Json!["title"]!, again.Http.Content.Headers.ContentType!.MediaType));
        var found = await zr.PostAsync("parcels/search", new { keyword = "ORD-1", filters = new { externalId = "ORD-1" } });
        Assert.Equal(["ORD-1", "ORD-10"], found.Json!["items"]!.AsArray().Select(p => (string)p!["externalId"]!).Order());
    }

    [Fact]
    public async Task Everything_wrong_is_named_in_the_shape_that_is_switched_on()
    {
        await using var zr = await ZrPlay.StartAsync();
        var bad = await zr.ParcelAsync("ORD-1", p =>
        {
            p["deliveryAddress"]!["cityTerritoryId"] = null;
            p["amount"] = 150_001;
            p["customer"]!["phone"]!["number1"] = "0500000012";
            p["description"] = "x";
        });
        var said = await zr.PostAsync("parcels", bad);
        Assert.Equal(400, said.Status);
        Assert.Equal("CityTerritoryId is required", (string)said.Json!["errors"]!["DeliveryAddress.CityTerritoryId"]![0]!);
        Assert.Equal(["Amount", "Customer.Phone.Number1", "DeliveryAddress.CityTerritoryId", "DeliveryAddress.DistrictTerritoryId", "Description"], said.Json!["errors"]!.AsObject().Select(e => e.Key).Order());
        await zr.Play.FaultAsync("errors-as-array");
        Assert.Contains((await zr.PostAsync("parcels", bad.DeepClone())).Json!["errors"]!.AsArray(), e => (string)e!["code"]! == "Amount");
        await zr.Play.FaultAsync("no-amount-limit");
        Assert.DoesNotContain((await zr.PostAsync("parcels", bad.DeepClone())).Json!["errors"]!.AsArray(), e => (string)e!["code"]! == "Amount");
    }

    [Fact]
    public async Task A_hub_is_needed_where_it_is_and_must_be_there()
    {
        await using var zr = await ZrPlay.StartAsync();
        var city = await zr.TerritoryAsync("Alger", "wilaya");
        Assert.Equal("HubId is required", (string)(await zr.PostAsync("parcels", await zr.ParcelAsync("A", p => p["deliveryType"] = "pickup-point"))).Json!["errors"]!["HubId"]![0]!);
        var unknown = await zr.PostAsync("parcels", await zr.ParcelAsync("A", p => { p["deliveryType"] = "pickup-point"; p["hubId"] = Guid.NewGuid().ToString(); }));
        Assert.Equal((404, "HubErrors.HubNotFound"), (unknown.Status, (string)unknown.Json!["title"]!));
        var hub = (string)(await zr.HubAsync(city))["id"]!;
        Assert.Equal(hub, (string)(await zr.BookAsync("A", p => { p["deliveryType"] = "pickup-point"; p["hubId"] = hub; }))["hubId"]!);
        await zr.Play.FaultAsync("home-needs-hub");
        Assert.Equal(400, (await zr.PostAsync("parcels", await zr.ParcelAsync("B"))).Status);
        Assert.Equal(201, (await zr.PostAsync("parcels", await zr.ParcelAsync("B", p => p["hubId"] = hub))).Status);
    }

    [Fact]
    public async Task An_unknown_customer_is_not_found_unless_any_is_accepted()
    {
        await using var zr = await ZrPlay.StartAsync();
        var stranger = await zr.ParcelAsync("A", p => p["customer"]!["customerId"] = Guid.NewGuid().ToString());
        Assert.Equal((404, "CustomerErrors.CustomerNotFound"), ((await zr.PostAsync("parcels", stranger)).Status, (string)(await zr.PostAsync("parcels", stranger.DeepClone())).Json!["title"]!));
        await zr.Play.FaultAsync("accept-any-customer");
        await zr.Play.FaultAsync("create-status", "200");
        Assert.Equal(200, (await zr.PostAsync("parcels", stranger.DeepClone())).Status);
        Assert.Single((await zr.PostAsync("customers/search", new { keyword = "+213500000012", pageSize = 10, pageNumber = 1 })).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_parcel_exists_although_its_answer_or_its_first_read_failed()
    {
        await using var zr = await ZrPlay.StartAsync();
        var parcel = await zr.ParcelAsync("ORD-1");
        await zr.Play.FaultAsync("timeout-after-work", count: 1, path: "/parcels", seconds: 0.1);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => zr.PostAsync("parcels", parcel));
        Assert.Equal(409, (await zr.PostAsync("parcels", parcel.DeepClone())).Status);
        await zr.Play.FaultAsync("read-fails-once");
        var id = (string)(await zr.PostAsync("parcels", await zr.ParcelAsync("ORD-2"))).Json!["id"]!;
        Assert.Equal(404, (await zr.GetAsync("parcels/" + id)).Status);
        Assert.Equal(200, (await zr.GetAsync("parcels/" + id)).Status);
    }

    [Fact]
    public async Task Many_at_once_succeed_and_fail_one_by_one_and_one_may_fail_twice()
    {
        await using var zr = await ZrPlay.StartAsync();
        var said = await zr.PostAsync("parcels/bulk", new JsonObject
        {
            ["parcels"] = new JsonArray(await zr.ParcelAsync("A"), await zr.ParcelAsync("B", p => { p["amount"] = -1; p["description"] = "x"; }), await zr.ParcelAsync("A")),
        });
        Assert.Equal((207, 3, 1, 2), (said.Status, (int)said.Json!["totalRequested"]!, (int)said.Json!["successCount"]!, (int)said.Json!["failureCount"]!));
        Assert.Equal([1, 1, 2], said.Json!["failures"]!.AsArray().Select(f => (int)f!["index"]!));
        Assert.Equal("ParcelErrors.DuplicateExternalId", (string)said.Json!["failures"]![2]!["errorCode"]!);
        Assert.Single(await zr.Play.ParcelsAsync());
    }

    [Fact]
    public async Task A_merchant_changes_and_deletes_only_what_has_not_left()
    {
        await using var zr = await ZrPlay.StartAsync();
        var (kept, gone) = (await zr.BookAsync("A"), await zr.BookAsync("B"));
        Task<Said> Change(string what, JsonObject body) { body["parcelId"] = kept["id"]!.DeepClone(); return zr.Play.CallAsync(HttpMethod.Patch, $"{ZrPlay.Api}parcels/{kept["id"]}/{what}", body); }
        var oran = (await zr.TerritoryAsync("Oran", "wilaya"), await zr.TerritoryAsync("Oran", "commune"));
        Assert.Equal(204, (await Change("amount", new() { ["amount"] = 3900 })).Status);
        Assert.Equal(204, (await Change("customer", new() { ["name"] = "Sara", ["phone"] = new JsonObject { ["number1"] = "+213600000013" } })).Status);
        Assert.Equal(204, (await Change("deliveryAddress", new() { ["cityTerritoryId"] = oran.Item1["id"]!.DeepClone(), ["districtTerritoryId"] = oran.Item2["id"]!.DeepClone(), ["street"] = "Front de mer" })).Status);
        var changed = (await zr.GetAsync("parcels/" + kept["id"])).Json!;
        Assert.Equal((3900, "Sara", "Oran", "Front de mer"), ((int)changed["amount"]!, (string)changed["customer"]!["name"]!, (string)changed["deliveryAddress"]!["district"]!, (string)changed["deliveryAddress"]!["street"]!));

        Assert.Equal(204, (await zr.MoveAsync(kept, "pret_a_expedier")).Status);
        await zr.Play.MoveAsync((string)kept["trackingNumber"]!, "dispatch");
        Assert.Equal("ParcelErrors.CannotBeModified", (string)(await Change("amount", new() { ["amount"] = 1 })).Json!["title"]!);
        Assert.Equal(400, (await zr.Play.CallAsync(HttpMethod.Delete, $"{ZrPlay.Api}parcels/{kept["id"]}")).Status);
        Assert.Equal(405, (await zr.PostAsync("parcels/bulk/by-tracking-number", new { trackingNumbers = new[] { "x" } })).Status);
        var deleted = (await zr.Play.CallAsync(HttpMethod.Delete, ZrPlay.Api + "parcels/bulk/by-tracking-number", new { trackingNumbers = new[] { (string)gone["trackingNumber"]!, (string)kept["trackingNumber"]! } })).Json!;
        Assert.Equal((1, 1), ((int)deleted["successCount"]!, (int)deleted["failureCount"]!));
        await zr.BookAsync("B"); // its external id is free again
    }

    [Fact]
    public async Task A_label_comes_from_an_address_that_lives_65_minutes()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var zr = await ZrPlay.StartAsync(time);
        var tracking = (string)(await zr.BookAsync("A"))["trackingNumber"]!;
        var said = (await zr.PostAsync("parcels/labels/individual/pdf", new { trackingNumbers = new[] { tracking, "16-UNKNOWN000-ZR" }, format = "a6" })).Json!;
        Assert.Equal("16-UNKNOWN000-ZR", (string)said["failedTrackingNumbers"]!.AsArray().Single()!);
        var url = (string)said["parcelLabelFiles"]![0]!["fileUrl"]!;
        Assert.Contains("/MediaBox [0 0 298 420]", await zr.Play.Http.GetStringAsync(url), StringComparison.Ordinal);
        var whole = (string)(await zr.PostAsync("parcels/labels/multiple/pdf", new { trackingNumbers = new[] { tracking } })).Json!["fileUrl"]!;
        Assert.Contains("/MediaBox [0 0 595 842]", await zr.Play.Http.GetStringAsync(whole), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(65));
        using var late = await zr.Play.Http.GetAsync(url);
        Assert.Equal(403, (int)late.StatusCode);
    }

    [Theory]
    [InlineData("pascal-case-states", "OrderReceived", "OrderRefused")]
    [InlineData("annule", "commande_recue", "annule")]
    [InlineData("renamed-workflow", "etape_commande_reçue", "etape_commande_annulée")]
    public async Task An_account_may_name_its_states_otherwise(string kind, string first, string cancelled)
    {
        await using var zr = await ZrPlay.StartAsync();
        await zr.Play.FaultAsync(kind);
        var parcel = await zr.BookAsync("A");
        Assert.Equal(first, (string)parcel["state"]!["name"]!);
        Assert.Equal(204, (await zr.MoveAsync(parcel, cancelled)).Status);
        Assert.Equal(cancelled, (string)(await zr.GetAsync("parcels/" + parcel["id"])).Json!["state"]!["name"]!);
    }

    [Fact]
    public async Task Without_the_ready_step_the_hub_takes_what_is_there_and_a_state_may_be_chosen_at_once()
    {
        await using var zr = await ZrPlay.StartAsync();
        var states = await zr.StatesAsync();
        var ready = await zr.BookAsync("A", p => p["stateId"] = states["pret_a_expedier"]);
        await zr.Play.MoveAsync((string)ready["trackingNumber"]!, "dispatch");
        Assert.Equal(400, (await zr.PostAsync("parcels", await zr.ParcelAsync("B", p => p["stateId"] = states["livre"]))).Status);
        await zr.Play.FaultAsync("no-ready-step");
        await zr.Play.MoveAsync((string)(await zr.BookAsync("C"))["trackingNumber"]!, "dispatch");
    }
}
