using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Web;

namespace OrderClosr.Tests.Catalogue;

public sealed class CataloguePagesTests
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Theory, OnBothDatabases]
    public async Task A_member_makes_a_product_with_variants_and_finds_it(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var answer = await member.SubmitAsync($"/w/{shop.Slug}/catalogue/new", Form("Basket\u0007 \u0001Nour\u202E", "3 900 DA", "3600", ("M", "Noir", "23", ""), ("L", "Noir", "", "4 100")));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);

        await using var scope = app.In(shop.Id);
        var product = await scope.Db.Products.Include(p => p.Variants).SingleAsync(p => p.Name == "Basket Nour");
        Assert.Equal((new Dinars(3900), new Dinars(3600)), (product.Price, product.FloorPrice!.Value));
        var variants = product.Variants.OrderBy(v => v.Position).ToList();
        Assert.Equal([("M / Noir", "BASKET-NOUR-M-NOIR", null, 23), ("L / Noir", "BASKET-NOUR-L-NOIR", new Dinars(4100), (int?)null)], variants.Select(v => (v.Label, v.Sku, v.Price, v.Stock)));
        Assert.Contains("Basket Nour", await member.ReadAsync($"/w/{shop.Slug}/catalogue?q=baskt"));
        Assert.Contains("BASKET-NOUR-L-NOIR", await member.ReadAsync($"/w/{shop.Slug}/catalogue/{product.Id}"));
    }

    [Theory, OnBothDatabases]
    public async Task Bad_input_is_refused_with_what_was_typed_still_there_and_nothing_written(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        foreach (var (form, word) in ((Dictionary<string, string>, string)[])[
            (Form("Sans prix", "", ""), "Un prix au-dessus de zéro"), (Form("Gratuit", "0", ""), "Un prix au-dessus de zéro"), (Form("Négatif", "-500", ""), "sous zéro"), (Form("Centimes", "3900,50", ""), "dinars entiers"),
            (Form("Lettres", "cher", ""), "dinars entiers"), (Form("Plancher", "3000", "3001"), "Au plus : 3\u00a0000"), (Form("Plancher", "3000", "-1"), "sous zéro"), (Form("Variante", "3000", "2500", ("M", "Noir", "1", "2000")), "Au plus : 2\u00a0000"),
            (Form("", "3000", ""), "Un nom est nécessaire"), (Form(new string('é', 10_000), "3000", ""), "Trop long"), (Form("Stock", "3000", "", ("M", "Noir", "-1", "")), "sous zéro"), (Form("Stock", "3000", "", ("M", "Noir", "beaucoup", "")), "nombre entier"),
            (Form("Double", "3000", "", ("M", "Noir", "", ""), ("m", "noir", "", "")), "pareilles"), (Form("Énorme", "999999999999999", ""), "trop grand")])
        {
            var answer = await member.SubmitAsync($"/w/{shop.Slug}/catalogue/new", form);
            var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, $"{form["name"]} {form["price"]}: {answer.StatusCode}");
            Assert.Contains(word, page);
            if (form["name"].Length is > 0 and < 100) Assert.Contains($"value=\"{form["name"]}\"", page);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/new", Form("Nul\0", "3000", ""))).StatusCode);
        var taken = Form("Code pris", "3000", "", ("M", "Noir", "", ""));
        taken["v0.sku"] = "sac-camel";
        Assert.Contains("déjà pris", WebUtility.HtmlDecode(await (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/new", taken)).Content.ReadAsStringAsync()));
        await using var scope = app.In(shop.Id);
        Assert.Equal(3, await scope.Db.Products.CountAsync());
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_of_an_old_version_and_a_stock_that_moved_are_refused(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/catalogue/{shop.Products["sac"]}";
        var seen = await DraftAsync(app, shop, "sac");
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(address, Sent(seen, name: "Sac cuir"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(address, Sent(seen, name: "Sac toile"))).StatusCode);

        // An order takes a piece between look and save: what was not touched stays, what was touched is asked again.
        seen = await DraftAsync(app, shop, "sac");
        await using (var scope = app.In(shop.Id))
            await scope.Db.InTransactionAsync(async () =>
            {
                Assert.Null(await new Stock(scope.Db).TakeAsync([new(shop.Variants["SAC-CAMEL"], 1)], default));
                await scope.Db.SaveChangesAsync();
            }, default);
        Assert.Equal(HttpStatusCode.Conflict, (await member.SubmitAsync(address, Sent(seen, stock: "10"))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(address, Sent(seen, name: "Sac velours"))).StatusCode);
        await using var after = app.In(shop.Id);
        var product = await after.Db.Products.Include(p => p.Variants).SingleAsync(p => p.Id == shop.Products["sac"]);
        Assert.Equal(("Sac velours", 1), (product.Name, product.Variants[0].Stock));
    }

    [Theory, OnBothDatabases]
    public async Task A_product_is_archived_and_comes_back(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var address = $"/w/{shop.Slug}/catalogue/{shop.Products["sac"]}";
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/active", new() { ["active"] = "false" }, address)).StatusCode);
        Assert.DoesNotContain("Sac à main", await member.ReadAsync($"/w/{shop.Slug}/catalogue"));
        Assert.Contains("Sac à main", await member.ReadAsync($"/w/{shop.Slug}/catalogue?view=archived"));
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{address}/active", new() { ["active"] = "true" }, address)).StatusCode);
        Assert.Contains("Sac à main", await member.ReadAsync($"/w/{shop.Slug}/catalogue?view=low"));
    }

    [Theory, OnBothDatabases]
    public async Task A_photo_is_kept_by_its_content_and_seen_by_members_and_by_holders_of_a_signed_address_alone(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var product = $"/w/{shop.Slug}/catalogue/{shop.Products["sac"]}";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.PostFileAsync($"{product}/photos", "file", "photo.png", "<svg onload=alert(1)>"u8.ToArray(), product)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await member.PostFileAsync($"{product}/photos", "file", "photo.png", [.. Png, .. new byte[8 * 1024 * 1024]], product)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await member.PostFileAsync($"{product}/photos", "file", "../../etc/passwd", Png, product)).StatusCode);

        string file;
        await using (var scope = app.In(shop.Id)) file = (await scope.Db.Photos.SingleAsync()).File;
        var kept = await File.ReadAllBytesAsync(Path.Combine(app.Folder, "media", shop.Id.ToString(), file));
        Assert.True(OrderClosr.Ground.Running.Pictures.IsBare(kept));
        Assert.Single(Directory.GetFiles(Path.Combine(app.Folder, "media", shop.Id.ToString())));
        var shown = await member.GetAsync($"/w/{shop.Slug}/media/{file}");
        Assert.Equal(("image/jpeg", HttpStatusCode.OK), (shown.Content.Headers.ContentType!.MediaType, shown.StatusCode));
        Assert.Contains("immutable", shown.Headers.CacheControl!.ToString());

        using var stranger = await Visitor.OwnerOfAsync(app, other);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/w/{shop.Slug}/media/{file}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/w/{other.Slug}/media/{file}")).StatusCode);
        foreach (var wrong in (string[])["..%2F..%2Forderclosr.db", "orderclosr.db", new string('a', 32) + ".png"])
            Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{shop.Slug}/media/{wrong}")).StatusCode);

        var addresses = app.Get<MediaAddresses>();
        Assert.Equal(kept, await app.Http.GetByteArrayAsync(new Uri(addresses.Of(shop.Id, file))));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(addresses.Of(shop.Id, file, TimeSpan.FromSeconds(-1)))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(addresses.Of(other.Id, file))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(addresses.Of(shop.Id, file)[..^4] + "AAAA")).StatusCode);

        await using var read = app.In(shop.Id);
        var photo = await read.Db.Photos.SingleAsync();
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync($"{product}/photos/{photo.Id}/remove", [], product)).StatusCode);
        Assert.Empty(Directory.GetFiles(Path.Combine(app.Folder, "media", shop.Id.ToString())));
    }

    [Theory, OnBothDatabases]
    public async Task Ids_of_another_shop_are_not_found_at_any_address_of_the_catalogue(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var member = await Visitor.OwnerOfAsync(app, shop);
        using var theirs = await Visitor.OwnerOfAsync(app, other);
        var import = (await theirs.PostFileAsync($"/w/{other.Slug}/catalogue/import", "file", "c.csv", "product,price\nX,100"u8.ToArray())).Headers.Location!.ToString().Split('/')[^1];
        var page = $"/w/{shop.Slug}/catalogue/new";
        foreach (var id in (string[])[other.Products["sac"].ToString(), Guid.NewGuid().ToString("N"), "abc"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{shop.Slug}/catalogue/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/{id}", Form("Volé", "1", ""), page)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/{id}/active", new() { ["active"] = "false" }, page)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await member.PostFileAsync($"/w/{shop.Slug}/catalogue/{id}/photos", "file", "p.png", Png, page)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/{id}/photos/{id}/remove", [], page)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{shop.Slug}/catalogue/import/{import}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await member.SubmitAsync($"/w/{shop.Slug}/catalogue/import/{import}", [], page)).StatusCode);
        foreach (var address in (string[])["catalogue", "catalogue/new", "catalogue/export", "catalogue/import", "shipping"])
            Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync($"/w/{other.Slug}/{address}")).StatusCode);
        await using var scope = app.In(other.Id);
        Assert.True(await scope.Db.Products.AllAsync(p => p.Active && p.Photos.Count == 0 && p.Name != "Volé"));
    }

    private static Dictionary<string, string> Form(string name, string price, string floor, params (string Size, string Colour, string Stock, string Price)[] variants)
    {
        var form = new Dictionary<string, string> { ["name"] = name, ["price"] = price, ["floor_price"] = floor, ["option0"] = "Taille", ["option1"] = "Couleur" };
        for (var i = 0; i < variants.Length; i++)
            (form[$"v{i}.o0"], form[$"v{i}.o1"], form[$"v{i}.stock"], form[$"v{i}.price"], form[$"v{i}.sku"], form[$"v{i}.id"]) = (variants[i].Size, variants[i].Colour, variants[i].Stock, variants[i].Price, "", "");
        return form;
    }

    private static async Task<ProductDraft> DraftAsync(TestApp app, Shop shop, string word)
    {
        await using var scope = app.In(shop.Id);
        return ProductDraft.Of(await scope.Db.Products.AsNoTracking().Include(p => p.Variants).SingleAsync(p => p.Id == shop.Products[word]));
    }

    private static Dictionary<string, string> Sent(ProductDraft draft, string? name = null, string? stock = null)
    {
        var form = new Dictionary<string, string> { ["version"] = $"{draft.Version}", ["name"] = name ?? draft.Name, ["price"] = draft.Price, ["floor_price"] = draft.FloorPrice, ["option0"] = draft.OptionNames[0] };
        var variant = draft.Variants[0];
        (form["v0.o0"], form["v0.stock"], form["v0.stock_was"], form["v0.price"], form["v0.sku"], form["v0.id"]) = (variant.Values[0], stock ?? variant.Stock, variant.StockWas, variant.Price, variant.Sku, variant.Id);
        return form;
    }
}
