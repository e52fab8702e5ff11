using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Web.Api;

namespace OrderClosr.Tests.Catalogue;

public sealed class CatalogueApiTests
{
    [Theory, OnBothDatabases]
    public async Task A_program_lists_makes_and_changes_products(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var http = await ProgramAsync(app, shop);
        var first = await http.GetFromJsonAsync<JsonElement>("/api/v1/products?limit=2");
        Assert.Equal(2, first.GetProperty("items").GetArrayLength());
        var rest = await http.GetFromJsonAsync<JsonElement>($"/api/v1/products?limit=2&cursor={first.GetProperty("next").GetString()}");
        Assert.Equal(1, rest.GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);

        var made = await SendAsync(http, HttpMethod.Post, "/api/v1/products", """{"name":"Basket","price":3900,"floor_price":3600,"variants":[{"options":{"Taille":"38"},"stock":4},{"options":{"Taille":"39"},"price":4100}]}""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(["id", "name", "description", "price", "floor_price", "active", "photos", "variants"], made.Body.EnumerateObject().Select(p => p.Name));
        var variants = made.Body.GetProperty("variants").EnumerateArray().ToList();
        Assert.Equal(["id", "sku", "options", "price", "stock"], variants[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal((3900, 4100, JsonValueKind.Null), (variants[0].GetProperty("price").GetInt32(), variants[1].GetProperty("price").GetInt32(), variants[1].GetProperty("stock").ValueKind));

        var id = made.Body.GetProperty("id").GetString();
        var changed = await SendAsync(http, HttpMethod.Patch, $"/api/v1/products/{id}", """{"price":4000,"active":false}""");
        Assert.Equal((HttpStatusCode.OK, 4000, false, "Basket"), (changed.Status, changed.Body.GetProperty("price").GetInt32(), changed.Body.GetProperty("active").GetBoolean(), changed.Body.GetProperty("name").GetString()));
        Assert.Equal(4, changed.Body.GetProperty("variants")[0].GetProperty("stock").GetInt32());

        // What is not named of a variant stays, its own price and its options as well; a price that is the product's is its own no longer.
        var (size38, size39) = (variants[0].GetProperty("id").GetString(), variants[1].GetProperty("id").GetString());
        changed = await SendAsync(http, HttpMethod.Patch, $"/api/v1/products/{id}", $$"""{"variants":[{"id":"{{size38}}","stock":7},{"id":"{{size39}}"}]}""");
        Assert.Equal(["38 4000 7", "39 4100 "], changed.Body.GetProperty("variants").EnumerateArray().Select(Line));
        await SendAsync(http, HttpMethod.Patch, $"/api/v1/products/{id}", $$"""{"variants":[{"id":"{{size38}}"},{"id":"{{size39}}","price":4000}]}""");
        changed = await SendAsync(http, HttpMethod.Patch, $"/api/v1/products/{id}", """{"price":4050}""");
        Assert.Equal(["38 4050 7", "39 4050 "], changed.Body.GetProperty("variants").EnumerateArray().Select(Line));
        static string Line(JsonElement variant) => $"{variant.GetProperty("options").GetProperty("Taille").GetString()} {variant.GetProperty("price").GetInt32()} {variant.GetProperty("stock")}";

        Assert.Equal(changed.Body.GetRawText(), (await http.GetFromJsonAsync<JsonElement>($"/api/v1/products/{id}")).GetRawText());
    }

    [Theory, OnBothDatabases]
    public async Task Bad_products_and_foreign_ids_are_refused_and_nothing_is_written(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var http = await ProgramAsync(app, shop);
        foreach (var (body, code, field) in ((string, string, string)[])[
            ("""{"name":"X"}""", "price_missing", "price"), ("""{"name":"X","price":-1}""", "amount_below_zero", "price"), ("""{"price":100}""", "name_missing", "name"),
            ("""{"name":"X","price":100,"floor_price":101}""", "floor_above_price", "floor_price"), ("""{"name":"X","price":100,"colour":"red"}""", "unknown_field", "colour"),
            ("""{"name":"X","price":100,"variants":[{"stock":-1}]}""", "stock_below_zero", "variants[0].stock"), ("""{"name":"X","price":100,"variants":[{"sku":"SAC-CAMEL"}]}""", "sku_taken", "variants[0].sku"),
            ("{\"name\":\"" + new string('x', 10_000) + "\",\"price\":100}", "too_long", "name"), ($$"""{"name":"X","price":100,"variants":[{"id":"{{other.Variants["SAC-CAMEL"]}}"}]}""", "variant_unknown", "variants[0].id")])
        {
            var (status, answer) = await SendAsync(http, HttpMethod.Post, "/api/v1/products", body);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, code, field), (status, answer.GetProperty("code").GetString(), answer.GetProperty("field").GetString()));
        }
        foreach (var id in (string[])[other.Products["sac"].ToString(), Guid.NewGuid().ToString("N"), "abc"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"/api/v1/products/{id}")).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(http, HttpMethod.Patch, $"/api/v1/products/{id}", """{"price":1}""")).Status);
        }
        foreach (var each in (Shop[])[shop, other])
        {
            await using var scope = app.In(each.Id);
            Assert.Equal([1200, 3500, 4200], (await scope.Db.Products.ToListAsync()).Select(p => p.Price.Amount).Order());
        }
    }

    [Theory, OnBothDatabases]
    public async Task Of_programs_that_want_one_code_at_the_same_moment_one_gets_it_in_whatever_letters(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var http = await ProgramAsync(app, shop);
        using var member = await Visitor.OwnerOfAsync(app, shop);
        foreach (var codes in (string[][])[["GAN", "GAN", "GAN", "GAN"], ["abc", "ABC", "Abc", "aBC"]])
        {
            var answers = await Task.WhenAll(codes.Select(code => SendAsync(http, HttpMethod.Post, "/api/v1/products", $$"""{"name":"Gants","price":900,"variants":[{"sku":"{{code}}"}]}""")));
            Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
            Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => Assert.Equal((HttpStatusCode.UnprocessableEntity, "sku_taken"), (a.Status, a.Body.GetProperty("code").GetString())));
        }
        // The shop's next save and next file are as ever.
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(http, HttpMethod.Post, "/api/v1/products", """{"name":"Bonnet","price":700}""")).Status);
        Assert.Equal(HttpStatusCode.Found, (await member.PostFileAsync($"/w/{shop.Slug}/catalogue/import", "file", "a.csv", "product,sku,price\nGants,gan,950"u8.ToArray())).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_list_that_is_read_page_by_page_has_each_product_once_while_others_are_added(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var http = await ProgramAsync(app, shop);
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await http.GetFromJsonAsync<JsonElement>($"/api/v1/products?limit=1{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
            Assert.Equal(HttpStatusCode.Created, (await SendAsync(http, HttpMethod.Post, "/api/v1/products", $$"""{"name":"Nouveau {{seen.Count}}","price":100}""")).Status);
        }
        while (cursor.Length > 0);
        await using var scope = app.In(shop.Id);
        Assert.Equal(await scope.Db.Products.Where(p => !p.Name.StartsWith("Nouveau")).OrderByDescending(p => p.Id).Select(p => p.Name).ToListAsync(), seen);
    }

    private static async Task<HttpClient> ProgramAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        var (_, key) = await scope.Get<ApiKeys>().MakeAsync("test", null, default);
        var http = app.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient http, HttpMethod method, string address, string json)
    {
        using var request = new HttpRequestMessage(method, address) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        var answer = await http.SendAsync(request);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }
}
