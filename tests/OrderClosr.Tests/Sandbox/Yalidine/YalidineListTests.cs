using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Yalidine;

public sealed class YalidineListTests
{
    [Fact]
    public async Task The_lists_hang_together_in_both_models()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        foreach (var model in (int[])[58, 69])
        {
            if (model == 69) await yalidine.FaultAsync("wilaya-model", "69");
            var wilayas = await AllAsync(yalidine, "wilayas");
            var communes = await AllAsync(yalidine, "communes");
            var centers = await AllAsync(yalidine, "centers");
            Assert.Equal((model, 1541), (wilayas.Count, communes.Count));
            Assert.InRange(centers.Count, 110, 190);
            Assert.Equal(communes.Count, communes.Select(c => (int)c["id"]!).Distinct().Count());
            Assert.Equal(communes.Count, communes.Select(c => ((int)c["wilaya_id"]!, (string)c["name"]!)).Distinct().Count());
            Assert.All(communes, c => Assert.Equal((int)c["wilaya_id"]!, (int)c["id"]! / 100));
            Assert.Equal(communes.Where(c => (int)c["has_stop_desk"]! == 1).Select(c => (int)c["id"]!).Order(), centers.Select(c => (int)c["commune_id"]!).Distinct().Order());
            Assert.All(wilayas.Where(w => (int)w["id"]! is 50 or 54), w => Assert.Equal(0, (int)w["is_deliverable"]!));
            Assert.InRange(communes.Count(c => (int)c["is_deliverable"]! == 0), 60, 140);
            Assert.Contains(centers, c => ((string)c["name"]!).Contains("&amp;", StringComparison.Ordinal));
            Assert.Contains(centers, c => ((string)c["name"]!).EndsWith("\\t", StringComparison.Ordinal));
            // Yalidine's own spellings, and its own idea of where El Borma lies.
            Assert.Contains(communes, c => ((string)c["name"]!, (int)c["wilaya_id"]!) == ("El Borma", 55));
            Assert.Contains(communes, c => (string)c["name"]! == "Ath Zikki");
            Assert.DoesNotContain(communes, c => (string)c["name"]! == "Beni-Zikki");
        }
    }

    [Fact]
    public async Task A_list_comes_in_pages_with_filters_fields_and_order()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var first = (await yalidine.GetAsync("v1/communes/?wilaya_id=16,31&page_size=50&fields=id,name&order_by=id&desc")).Json!;
        Assert.Equal((true, 83, 50), ((bool)first["has_more"]!, (int)first["total_data"]!, first["data"]!.AsArray().Count));
        Assert.Equal(["id", "name"], first["data"]![0]!.AsObject().Select(f => f.Key));
        Assert.Equal(31, (int)first["data"]![0]!["id"]! / 100);
        var second = JsonNode.Parse((await yalidine.CallAsync(HttpMethod.Get, new Uri((string)first["links"]!["next"]!).PathAndQuery["/yalidine/".Length..])).Text)!;
        Assert.Equal((false, 33), ((bool)second["has_more"]!, second["data"]!.AsArray().Count));
        Assert.Null(second["links"]!["next"]);
        Assert.Equal(400, (await yalidine.GetAsync("v1/communes/?page_size=1001")).Status);
    }

    [Fact]
    public async Task Fees_are_per_commune_and_economy_is_not_everywhere()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        Assert.Equal(400, (await yalidine.GetAsync("v1/fees/?from_wilaya_id=16")).Status);
        var near = (await yalidine.GetAsync("v1/fees/?from_wilaya_id=16&to_wilaya_id=31")).Json!;
        var far = (await yalidine.GetAsync("v1/fees/?from_wilaya_id=16&to_wilaya_id=11")).Json!;
        Assert.Equal(("Alger", "Oran", 250, 0.75m), ((string)near["from_wilaya_name"]!, (string)near["to_wilaya_name"]!, (int)near["retour_fee"]!, (decimal)near["cod_percentage"]!));
        var some = near["per_commune"]!.AsObject().Select(c => c.Value!).ToList();
        Assert.Equal(26, some.Count);
        Assert.All(some, c => Assert.True((int)c["express_desk"]! < (int)c["express_home"]!));
        Assert.Contains(some, c => c["economic_home"] is null);
        Assert.Contains(some, c => c["economic_home"] is not null);
        Assert.True((int)far["per_commune"]!.AsObject().First().Value!["express_home"]! > (int)some[0]["express_home"]!);
    }

    [Fact]
    public async Task A_heavy_parcel_costs_more_by_weight_or_by_size()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var light = (int)(await yalidine.RowAsync(await yalidine.BookAsync("A")))["delivery_fee"]!;
        Assert.Equal(light + 7 * 50, (int)(await yalidine.RowAsync(await yalidine.BookAsync("B", ("weight", 12))))["delivery_fee"]!);
        Assert.Equal(light + 3 * 50, (int)(await yalidine.RowAsync(await yalidine.BookAsync("C", ("length", 100), ("width", 40), ("height", 10))))["delivery_fee"]!);
    }

    [Fact]
    public async Task A_desk_takes_only_parcels_for_its_own_commune()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        var desk = (await yalidine.GetAsync("v1/centers/?wilaya_id=31")).Json!["data"]![0]!;
        var (id, commune) = ((int)desk["center_id"]!, (string)desk["commune_name"]!);
        var tracking = await yalidine.BookAsync("A", ("to_wilaya_name", "Oran"), ("to_commune_name", commune), ("is_stopdesk", true), ("stopdesk_id", id));
        Assert.Equal((1, id), ((int)(await yalidine.RowAsync(tracking))["is_stopdesk"]!, (int)(await yalidine.RowAsync(tracking))["stopdesk_id"]!));
        Assert.False((bool)(await yalidine.CreateAsync(YalidinePlay.Parcel("B", ("is_stopdesk", true), ("stopdesk_id", id)))).Json!["B"]!["success"]!);
    }

    [Fact]
    public async Task The_quota_is_counted_told_and_kept()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var yalidine = await YalidinePlay.StartAsync(time, quota: true);
        var left = new List<string?>();
        for (var i = 0; i < 5; i++) left.Add((await yalidine.GetAsync("v1/wilayas/?page_size=1")).Header("second-quota-left"));
        Assert.Equal(["4", "3", "2", "1", "0"], left);
        var refused = await yalidine.GetAsync("v1/wilayas/?page_size=1");
        Assert.Equal((429, "1", "9995"), (refused.Status, refused.Header("Retry-After"), refused.Header("day-quota-left")));
        time.Advance(TimeSpan.FromSeconds(1));
        await yalidine.FaultAsync("quota-headers", "both");
        var again = await yalidine.GetAsync("v1/wilayas/?page_size=1");
        Assert.Equal((200, "44", "44"), (again.Status, again.Header("minute-quota-left"), again.Header("x-minute-quota-left")));
        var minute = ((await yalidine.DoorAsync(HttpMethod.Get, "limits"))!["items"]!.AsArray()).Single(l => (string)l!["window"]! == "second")!;
        Assert.Equal((5, 1), ((int)minute["most"]!, (int)minute["refused"]!));
    }

    [Fact]
    public async Task A_key_that_keeps_overrunning_is_disabled_for_a_while()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var yalidine = await YalidinePlay.StartAsync(time, quota: true);
        for (var i = 0; i < 15; i++) await yalidine.GetAsync("v1/wilayas/?page_size=1");
        time.Advance(TimeSpan.FromMinutes(4));
        var disabled = await yalidine.GetAsync("v1/wilayas/?page_size=1");
        Assert.Equal((429, "60"), (disabled.Status, disabled.Header("Retry-After")));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await yalidine.GetAsync("v1/wilayas/?page_size=1")).Status);
    }

    [Fact]
    public async Task Bad_keys_and_odd_types_come_as_they_are_switched()
    {
        await using var yalidine = await YalidinePlay.StartAsync();
        Assert.Equal(401, (await yalidine.CallAsync(HttpMethod.Get, "v1/wilayas", null, ("X-API-TOKEN", "nonsense"))).Status);
        await yalidine.FaultAsync("bad-credentials", "500");
        Assert.Equal(500, (await yalidine.CallAsync(HttpMethod.Get, "v1/wilayas", null, ("X-API-TOKEN", "nonsense"))).Status);
        await yalidine.ClearAsync();
        await yalidine.FaultAsync("numbers-as-text");
        await yalidine.FaultAsync("booleans-as", "digit");
        await yalidine.FaultAsync("unknown-fields");
        var odd = (await yalidine.GetAsync("v1/wilayas/?page_size=1")).Json!;
        Assert.Equal(("1", "1", "1"), ((string)odd["has_more"]!, (string)odd["data"]![0]!["id"]!, (string)odd["data"]![0]!["is_deliverable"]!));
        Assert.NotNull(odd["x_new_field"]);
        await yalidine.ClearAsync();
        await yalidine.FaultAsync("key-revoked");
        Assert.Equal(401, (await yalidine.GetAsync("v1/wilayas")).Status);
        await yalidine.ClearAsync();
        await yalidine.FaultAsync("html", count: 1, path: "/wilayas"); // with or without the version in the path
        Assert.StartsWith("<!doctype", (await yalidine.GetAsync("v1/wilayas")).Text, StringComparison.Ordinal);
    }

    private static async Task<List<JsonObject>> AllAsync(CourierPlay yalidine, string list)
    {
        var rows = new List<JsonObject>();
        for (var page = 1; ; page++)
        {
            var answer = (await yalidine.GetAsync($"v1/{list}/?page_size=1000&page={page}")).Json!;
            rows.AddRange(answer["data"]!.AsArray().Select(r => r!.AsObject()));
            if (!(bool)answer["has_more"]!) return rows;
        }
    }
}
