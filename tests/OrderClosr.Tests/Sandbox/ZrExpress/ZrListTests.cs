using System.Text.Json.Nodes;
using OrderClosr.Tests.Sandbox.Couriers;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.ZrExpress;

public sealed class ZrListTests
{
    [Fact]
    public async Task The_profile_tells_the_tenant_and_wrong_keys_are_problems()
    {
        await using var zr = await ZrPlay.StartAsync();
        Assert.Equal(ZrPlay.Tenant, (string)(await zr.GetAsync("users/profile")).Json!["memberships"]![0]!["tenantId"]!);
        Assert.Equal(200, (await zr.Play.CallAsync(HttpMethod.Get, "api/v1/users/profile", null, ("X-Api-Key", null), ("Authorization", "Bearer " + ZrPlay.Key))).Status);
        var refused = await zr.Play.CallAsync(HttpMethod.Get, "api/v1/users/profile", null, ("X-Tenant", Guid.NewGuid().ToString()));
        Assert.Equal((401, "application/problem+json"), (refused.Status, refused.Http.Content.Headers.ContentType!.MediaType));
        await zr.Play.FaultAsync("key-revoked");
        Assert.Equal(401, (await zr.GetAsync("users/profile")).Status);
    }

    [Fact]
    public async Task Territories_have_no_accents_and_hang_together()
    {
        await using var zr = await ZrPlay.StartAsync();
        var all = await AllAsync(zr);
        var wilayas = all.Where(t => (string)t["level"]! == "wilaya").ToList();
        Assert.Equal(54, wilayas.Count);
        Assert.DoesNotContain(wilayas, w => (int)w["code"]! is 33 or 37 or 50 or 56);
        Assert.All(all, t => Assert.All((string)t["name"]!, letter => Assert.True(char.IsAscii(letter) && letter != '\'')));
        var ids = wilayas.Select(w => (string)w["id"]!).ToHashSet();
        Assert.All(all.Where(t => (string)t["level"]! == "commune"), c => Assert.Contains((string)c["parentId"]!, ids));
        Assert.Equal(all.Count, all.Select(t => (string)t["id"]!).Distinct().Count());
        foreach (var name in (string[])["Setif", "MSila", "El Meghaier", "Ain Temouchent"]) Assert.Contains(wilayas, w => (string)w["name"]! == name);
        Assert.Empty((await zr.PostAsync("territories/search", new { keyword = "Sétif", pageSize = 10, pageNumber = 1 })).Json!["items"]!.AsArray());

        await zr.Play.FaultAsync("all-wilayas");
        await zr.Play.FaultAsync("wilaya-model", "69");
        Assert.Equal(69, (await AllAsync(zr)).Count(t => (string)t["level"]! == "wilaya"));
    }

    [Fact]
    public async Task A_search_filters_orders_and_keeps_to_its_pages()
    {
        await using var zr = await ZrPlay.StartAsync();
        var filter = new { logic = "and", filters = new[] { new { field = "level", @operator = "eq", value = "wilaya" } } };
        var page = (await zr.PostAsync("territories/search", new { pageSize = 20, pageNumber = 3, orderBy = new[] { "code desc" }, advancedFilter = filter })).Json!;
        Assert.Equal((14, 54, 3, true, false), (page["items"]!.AsArray().Count, (int)page["totalCount"]!, (int)page["totalPages"]!, (bool)page["hasPrevious"]!, (bool)page["hasNext"]!));
        Assert.Equal(1, (int)page["items"]![13]!["code"]!);
        Assert.Equal(400, (await zr.PostAsync("territories/search", new { pageSize = 1001 })).Status);
    }

    [Fact]
    public async Task Prices_mix_wilayas_and_communes_and_the_commune_is_the_right_one()
    {
        await using var zr = await ZrPlay.StartAsync();
        var rates = (await zr.GetAsync("delivery-pricing/rates")).Json!["rates"]!.AsArray();
        Assert.Equal(["commune", "wilaya"], rates.Select(r => (string)r!["toTerritoryLevel"]!).Distinct().Order());
        var commune = rates.First(r => (string)r!["toTerritoryLevel"]! == "commune")!;
        var both = (await zr.GetAsync("delivery-pricing/rates/" + commune["toTerritoryId"])).Json!["rates"]!.AsArray();
        Assert.Equal(2, both.Count);
        int Home(JsonNode? r) => (int)r!["deliveryPrices"]!.AsArray().Single(p => (string)p!["deliveryType"]! == "home")!["price"]!;
        Assert.Equal(50, Home(both[0]) - Home(both[1]));
    }

    [Fact]
    public async Task No_limit_is_known_until_one_is_switched_on()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var zr = await ZrPlay.StartAsync(time);
        for (var i = 0; i < 46; i++) Assert.Equal(200, (await zr.GetAsync("users/profile")).Status);
        await zr.Play.FaultAsync("rate-limit");
        var refused = await zr.GetAsync("users/profile");
        Assert.Equal((429, "60"), (refused.Status, refused.Header("Retry-After")));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await zr.GetAsync("users/profile")).Status);
    }

    private static async Task<List<JsonObject>> AllAsync(ZrPlay zr)
    {
        var rows = new List<JsonObject>();
        for (var page = 1; ; page++)
        {
            var answer = (await zr.PostAsync("territories/search", new { pageSize = 1000, pageNumber = page })).Json!;
            rows.AddRange(answer["items"]!.AsArray().Select(r => r!.AsObject()));
            if (!(bool)answer["hasNext"]!) return rows;
        }
    }
}
