using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Shipping;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Shipping;

public sealed partial class ShippingPagesTests
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

    [Theory, OnBothDatabases]
    public async Task A_page_that_is_old_takes_back_neither_the_free_amount_nor_the_notes(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var first = await Visitor.OwnerOfAsync(app, shop);
        using var second = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/shipping";
        var old = await OpenAsync(first, address);
        Assert.Equal(HttpStatusCode.Found, await SaveAsync(second, address, await OpenAsync(second, address), ("free_from", "8 000"), ("notes", "Ouverture du colis.\r\nÉchange sous 7 jours.")));
        Assert.Equal((8000, "Ouverture du colis.\nÉchange sous 7 jours.", 400), await ReadAsync());

        // A fee is changed on the old page: what it does not touch stays as the other left it.
        (string, string)[] fee = [("w16.home", "450"), ("w16.desk", "250"), ("w16.days", "1-3"), ("w16.was", "400|250|1-3")];
        Assert.Equal(HttpStatusCode.Found, await SaveAsync(first, address, old, fee));
        Assert.Equal((8000, "Ouverture du colis.\nÉchange sous 7 jours.", 450), await ReadAsync());

        // Who changes what the other changed too is told, and nothing of the save is written.
        (string, string)[] again = [("w16.home", "500"), ("w16.desk", "250"), ("w16.days", "1-3"), ("w16.was", "450|250|1-3")];
        foreach (var change in ((string, string)[])[("free_from", "9000"), ("notes", "Paiement à la livraison.")])
        {
            Assert.Equal(HttpStatusCode.Conflict, await SaveAsync(first, address, old, [.. again, change]));
            Assert.Contains("entre-temps", WebUtility.HtmlDecode(first.Html), StringComparison.Ordinal);
        }
        Assert.Equal((8000, "Ouverture du colis.\nÉchange sous 7 jours.", 450), await ReadAsync());

        // With the page as it is now both can be changed and taken away.
        Assert.Equal(HttpStatusCode.Found, await SaveAsync(first, address, await OpenAsync(first, address), ("free_from", ""), ("notes", "")));
        Assert.Equal((null, "", 450), await ReadAsync());

        async Task<(long?, string, long)> ReadAsync()
        {
            await using var scope = app.In(shop.Id);
            var policy = await scope.Db.DeliveryPolicies.SingleAsync();
            return (policy.FreeFrom?.Amount, policy.Notes, (await scope.Db.DeliveryFees.SingleAsync(f => f.WilayaCode == 16)).Home!.Value.Amount);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Of_saves_at_the_same_moment_the_first_counts_and_the_others_are_told(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var address = $"/w/{shop.Slug}/shipping";
        var members = new List<(Visitor Visitor, Dictionary<string, string> Page)>();
        for (var i = 0; i < 5; i++)
        {
            var visitor = await Visitor.OwnerOfAsync(app, shop);
            members.Add((visitor, await OpenAsync(visitor, address)));
        }
        // No row of it is there yet, neither of the rules nor of the wilaya.
        var answers = await Task.WhenAll(members.Select((m, i) => SaveAsync(m.Visitor, address, m.Page, ("free_from", $"{8000 + i}"), ("w1.home", $"{900 + i}"), ("w1.desk", ""), ("w1.days", ""), ("w1.was", "||"))));
        members.ForEach(m => m.Visitor.Dispose());
        var winner = Assert.Single(answers.Index(), a => a.Item == HttpStatusCode.Found).Index;
        Assert.Equal(4, answers.Count(a => a == HttpStatusCode.Conflict));
        await using var scope = app.In(shop.Id);
        Assert.Equal((8000 + winner, 900 + winner), ((await scope.Db.DeliveryPolicies.SingleAsync()).FreeFrom!.Value.Amount, (await scope.Db.DeliveryFees.SingleAsync(f => f.WilayaCode == 1)).Home!.Value.Amount));
    }

    [Fact]
    public async Task A_search_of_a_thousand_small_words_is_answered_at_once_and_finds_nothing()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        Assert.Contains("Rien ne correspond", await member.ReadAsync($"/w/{shop.Slug}/shipping?q={string.Join('+', Enumerable.Repeat("a", 3_000))}"), StringComparison.Ordinal);
    }

    /// <summary>What a browser sends of the rules beside the table when nobody touches them.</summary>
    private static async Task<Dictionary<string, string>> OpenAsync(Visitor member, string address)
    {
        await member.GetAsync(address);
        var fields = new Dictionary<string, string>();
        foreach (Match input in InputOf().Matches(member.Html))
            if (input.Groups[1].Value is "free_from" or "free_from_was" or "notes_was") fields[input.Groups[1].Value] = WebUtility.HtmlDecode(input.Groups[2].Value);
        fields["notes"] = WebUtility.HtmlDecode(NotesOf().Match(member.Html).Groups[1].Value);
        return fields;
    }

    private static async Task<HttpStatusCode> SaveAsync(Visitor member, string address, Dictionary<string, string> page, params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>(page);
        foreach (var (name, value) in changes) fields[name] = value;
        return (await member.PostAsync(address, true, [.. fields.Select(f => (f.Key, f.Value))])).StatusCode;
    }

    [GeneratedRegex("<input [^>]*name=\"([a-z_]+)\"[^>]* value=\"([^\"]*)\"")]
    private static partial Regex InputOf();

    [GeneratedRegex("<textarea [^>]*name=\"notes\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex NotesOf();
}
