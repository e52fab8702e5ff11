using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Catalogue;

public sealed class ProductSearchTests
{
    [Theory, OnBothDatabases]
    public async Task A_product_is_found_by_its_name_a_slip_its_code_its_colour_and_its_sound(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        var search = new ProductSearch(scope.Db);
        foreach (var (query, word) in ((string, string)[])[("Robe d'été", "robe"), ("ROBE", "robe"), ("rob", "robe"), ("robe dete noire", "robe"), ("hidjab", "hijab"),
                     ("hijab soie", "hijab"), ("camel", "sac"), ("SAC-CAMEL", "sac"), ("je veux le sac svp", "sac"), ("sac a min", "sac")])
        {
            var found = await search.SearchAsync(query, 5, default);
            Assert.True(found.Count > 0, query);
            Assert.Equal(shop.Products[word], found[0].Id);
        }
        Assert.Equal(3, (await search.SearchAsync("", 10, default)).Count);
        Assert.Empty(await search.SearchAsync("voiture", 10, default));
        Assert.Empty(await search.SearchAsync("100% _", 10, default));
        Assert.Empty(await search.SearchAsync(new string('x', 10_000), 10, default));
    }

    [Theory, OnBothDatabases]
    public async Task A_variant_is_chosen_by_words_in_any_order_and_asked_about_when_several_fit(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        var search = new ProductSearch(scope.Db);
        foreach (var (product, variant, sku) in ((string, string?, string)[])[("Robe d'été", "M / Noir", "ROBE-M-NOIR"), ("robe", "noire taille L", "ROBE-L-NOIR"), ("robe", "l", "ROBE-L-NOIR"),
                     ("robe", "ROBE-M-NOIR", "ROBE-M-NOIR"), ("ROBE-L-NOIR", null, "ROBE-L-NOIR"), ("hijab", null, "HIJAB-BEIGE"), ("sac", "camel", "SAC-CAMEL"), ("robe m noir", "", "ROBE-M-NOIR")])
        {
            var found = await search.FindVariantAsync(product, variant, default);
            Assert.True(found.Ok, $"{product} / {variant}: {found.Refusal?.Code}");
            Assert.Equal(shop.Variants[sku], found.Value.Variant.Id);
        }
        await RefusedAsync("voiture", "rouge", "product_unknown", ["Hijab soie de Médine", "Robe d'été", "Sac à main"]);
        await RefusedAsync("robe", null, "variant_ambiguous", ["M / Noir", "L / Noir"]);
        await RefusedAsync("robe", "noir", "variant_ambiguous", ["M / Noir", "L / Noir"]);
        await RefusedAsync("robe", "XXL", "variant_unknown", ["M / Noir", "L / Noir"]);
        await RefusedAsync("robe", "M rouge", "variant_unknown", ["M / Noir"]);
        await RefusedAsync("", "", "product_unknown", ["Hijab soie de Médine", "Robe d'été", "Sac à main"]);

        async Task RefusedAsync(string product, string? variant, string code, string[] suggestions)
        {
            var refusal = (await search.FindVariantAsync(product, variant, default)).Refusal;
            Assert.Equal(code, refusal?.Code);
            Assert.Equal(suggestions, refusal?.Suggestions!.Order(StringComparer.Ordinal).OrderBy(s => Array.IndexOf(suggestions, s)));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Another_shops_goods_and_archived_goods_are_not_found(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var (first, second) = (await app.NewShopAsync(), await app.NewShopAsync());
        await using var scope = app.In(first.Id);
        (await scope.Db.Products.SingleAsync(p => p.Id == first.Products["sac"])).Active = false;
        await scope.Db.SaveChangesAsync();
        var search = new ProductSearch(scope.Db);
        Assert.Empty(await search.SearchAsync("sac", 5, default));
        Assert.Single(await search.SearchAsync("sac", 5, default, alsoArchived: true));
        Assert.Null(await search.BySkuAsync("SAC-CAMEL", default));
        Assert.Null(await search.ByIdAsync(second.Variants["SAC-CAMEL"], default));
        Assert.All(await search.SearchAsync("", 50, default), p => Assert.Contains(p.Id, first.Products.Values));
    }

    [Theory]
    [InlineData("M", "M / Noir")]
    [InlineData("38", "38")]
    [InlineData("pointure 39", "39")]
    [InlineData("L", "L")]
    [InlineData("large", "Large")]
    [InlineData("lakhdar", "Lakhdar")]
    [InlineData("blanche", "Blanc")]
    [InlineData("لون أسود", "أسود")]
    [InlineData("الاسود", "أسود")]
    public void Words_choose_the_value_they_mean(string words, string label)
    {
        var product = new Product { Id = new(Guid.NewGuid()), Name = "X", Price = new(1000), CreatedAt = default };
        foreach (var values in (string[][])[["M", "Noir"], ["38"], ["39"], ["L"], ["Large"], ["Lakhdar"], ["Blanc"], ["أسود"]])
            product.Variants.Add(new() { Id = new(Guid.NewGuid()), ProductId = product.Id, Sku = string.Concat(values), Options = values.Select((v, i) => (v, i)).ToDictionary(v => $"Option {v.i}", v => v.v) });
        var chosen = VariantWords.Choose(product, words, null);
        Assert.True(chosen.Ok, string.Join(", ", chosen.Refusal?.Suggestions ?? []));
        Assert.Equal(label, chosen.Value.Label);
    }
}
