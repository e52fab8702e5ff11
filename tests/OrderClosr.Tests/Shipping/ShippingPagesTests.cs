using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Shipping;

public sealed class ShippingPagesTests
{
    [Theory, OnBothDatabases]
    public async Task A_member_edits_fees_of_wilayas_and_communes_and_the_free_amount(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/shipping";
        var page = await member.ReadAsync(address);
        Assert.Contains("name=\"w69.home\"", page);
        Assert.Contains("nouvelle, code 28", page);

        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(address, new()
        {
            ["w16.home"] = "450 DA", ["w16.desk"] = "", ["w16.days"] = "1-2", ["w16.was"] = "400|250|1-3", ["w1.home"] = "", ["w1.desk"] = "٩٠٠", ["w1.days"] = "6", ["w1.was"] = "||",
            ["w9.home"] = "", ["w9.desk"] = "", ["w9.days"] = "", ["w9.was"] = "500|300|1-3", ["free_from"] = "12 000", ["notes"] = "Paiement à la livraison.",
        })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/communes", new() { ["commune"] = "bab ezouar", ["wilaya"] = "", ["home"] = "300", ["desk"] = "", ["days"] = "1" }, address)).StatusCode);

        await using (var scope = app.In(shop.Id))
        {
            var fees = await scope.Db.DeliveryFees.ToDictionaryAsync(f => (f.WilayaCode, f.CommuneCode), f => (f.Home?.Amount, f.Desk?.Amount, f.DaysFrom, f.DaysTo));
            Assert.Equal((450, null, 1, 2), fees[(16, 0)]);
            Assert.Equal((null, 900, 6, 6), fees[(1, 0)]);
            Assert.Equal((300, null, 1, 1), fees[(16, 1621)]);
            Assert.False(fees.ContainsKey((9, 0)));
            Assert.Equal((600, 400, 1, 3), fees[(31, 0)]);
            Assert.Equal(("12 000".Replace(' ', '\u00a0'), "Paiement à la livraison."), ((await scope.Db.DeliveryPolicies.SingleAsync()).FreeFrom!.Value.Digits, (await scope.Db.DeliveryPolicies.SingleAsync()).Notes));
        }
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/communes/1621/remove", [], address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"{address}/communes/1621/remove", [], address)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Bad_fees_and_places_that_do_not_exist_are_refused_and_nothing_is_written(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/shipping";
        foreach (var (home, days, word) in ((string, string, string)[])[("-1", "", "sous zéro"), ("cher", "", "dinars entiers"), ("999999", "", "trop grand"), ("500", "3-1", "2 ou 1-3"), ("500", "demain", "2 ou 1-3")])
            await RefusedAsync(address, new() { ["w16.home"] = home, ["w16.desk"] = "", ["w16.days"] = days, ["w16.was"] = "400|250|1-3", ["w31.home"] = "1", ["w31.desk"] = "1", ["w31.days"] = "", ["w31.was"] = "600|400|1-3" }, word, HttpStatusCode.UnprocessableEntity);
        await RefusedAsync($"{address}/communes", new() { ["commune"] = "Atlantide", ["home"] = "300" }, "introuvable", HttpStatusCode.UnprocessableEntity);
        await RefusedAsync($"{address}/communes", new() { ["commune"] = "El Eulma", ["home"] = "300" }, "El Eulma (Annaba)", HttpStatusCode.UnprocessableEntity);
        await RefusedAsync($"{address}/communes", new() { ["commune"] = "", ["home"] = "300" }, "introuvable", HttpStatusCode.UnprocessableEntity);
        await RefusedAsync(address, new() { ["w16.home"] = "1", ["w16.desk"] = "1", ["w16.days"] = "", ["w16.was"] = "300|250|1-3" }, "entre-temps", HttpStatusCode.Conflict);
        await RefusedAsync(address, new() { ["free_from"] = "-5" }, "sous zéro", HttpStatusCode.UnprocessableEntity);
        await RefusedAsync(address, new() { ["notes"] = new string('x', 10_000) }, "Trop long", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"/w/{other.Slug}/shipping", new() { ["w16.home"] = "1" }, address)).StatusCode);
        foreach (var each in (Shop[])[shop, other])
        {
            await using var scope = app.In(each.Id);
            Assert.Equal([(6, 600L), (9, 500L), (16, 400L), (19, 600L), (25, 600L), (31, 600L)], (await scope.Db.DeliveryFees.OrderBy(f => f.WilayaCode).ToListAsync()).Select(f => (f.WilayaCode, f.Home!.Value.Amount)));
        }

        async Task RefusedAsync(string to, Dictionary<string, string> form, string word, HttpStatusCode status)
        {
            var answer = await member.SubmitAsync(to, form, address);
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(word, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
        }
    }

    [Theory, OnBothDatabases]
    public async Task One_fee_fills_the_wilayas_without_one_or_all(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/shipping";
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/fill", new() { ["home"] = "800", ["desk"] = "500", ["days"] = "2-4", ["only_empty"] = "true" }, address)).StatusCode);
        Assert.Equal((69, 400), await CountAsync());
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/fill", new() { ["home"] = "700", ["desk"] = "", ["days"] = "" }, address)).StatusCode);
        Assert.Equal((69, 700), await CountAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.SubmitAsync($"{address}/fill", new() { ["home"] = "-700" }, address)).StatusCode);

        async Task<(int, long)> CountAsync()
        {
            await using var scope = app.In(shop.Id);
            return (await scope.Db.DeliveryFees.CountAsync(), (await scope.Db.DeliveryFees.SingleAsync(f => f.WilayaCode == 16)).Home!.Value.Amount);
        }
    }
}
