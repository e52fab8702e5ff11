using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Catalogue;

public sealed class ImportTests
{
    [Theory, OnBothDatabases]
    public async Task A_file_is_previewed_and_then_applied_exactly_as_it_was_shown(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var preview = await PreviewAsync(member, shop, """
            Produit;Code;Options;Prix;Stock;Prix plancher;Remarque
            Robe d'été;ROBE-M-NOIR;Taille: M / Couleur: Noir;3 700 DA;9;3000;x
            Robe d'été;ROBE-L-NOIR;Taille: L / Couleur: Noir;3 700;5;;
            Sac à main;SAC-CAMEL;Couleur: Camel;4200;2;;
            Ceinture;;Taille: 90;1500;4;;
            Ceinture;;Taille: 100;1600;;;
            Chapeau;;;-200;;;
            Gants;;;;1;;
            """);
        foreach (var shown in (string[])["3\u00a0500 DA", "3\u00a0700 DA", "Ceinture", "Remarque", "Chapeau", "Gants", "Ligne 7", "Ligne 8"]) Assert.Contains(shown, preview.Page);
        await using (var before = app.In(shop.Id)) Assert.Equal(3, await before.Db.Products.CountAsync());

        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(preview.Address, [])).StatusCode);
        await using var scope = app.In(shop.Id);
        var products = await scope.Db.Products.Include(p => p.Variants.OrderBy(v => v.Position)).ToDictionaryAsync(p => p.Name);
        Assert.Equal(4, products.Count);
        var robe = products["Robe d'été"];
        Assert.Equal((new Dinars(3700), new Dinars(3000)), (robe.Price, robe.FloorPrice!.Value));
        Assert.Equal([("ROBE-M-NOIR", null, 9), ("ROBE-L-NOIR", null, 5)], robe.Variants.Select(v => (v.Sku, v.Price, v.Stock!.Value)));
        Assert.Equal([("CEINTURE-90", null, (int?)4), ("CEINTURE-100", new Dinars(1600), null)], products["Ceinture"].Variants.Select(v => (v.Sku, v.Price, v.Stock)));
        Assert.Equal(HttpStatusCode.NotFound, (await member.GetAsync(preview.Address)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_exported_imports_as_no_change(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            var product = await scope.Db.Products.SingleAsync(p => p.Id == shop.Products["sac"]);
            (product.Description, product.NameAr, product.AgentNotes) = ("=1+1; \"cuir\"\nligne 2", "حقيبة يد", "+213…");
            await scope.Db.SaveChangesAsync();
        }
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var file = await (await member.GetAsync($"/w/{shop.Slug}/catalogue/export")).Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], file[..3]);
        Assert.DoesNotContain(",=1+1", Encoding.UTF8.GetString(file));
        var answer = await member.PostFileAsync($"/w/{shop.Slug}/catalogue/import", "file", "catalogue.csv", file);
        Assert.Contains("Rien à changer", await member.ReadAsync(answer.Headers.Location!.ToString()));
    }

    [Theory, OnBothDatabases]
    public async Task A_plan_is_refused_when_the_catalogue_moved_on_or_an_hour_went_by(Database database)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time, Started = false });
        var shop = await app.NewShopAsync();
        var changed = await PlanAsync("product,sku,price\nSac,SAC-CAMEL,5000");
        await SaveAsync(new() { Name = "Sac doux" });
        Assert.Equal("import_outdated", (await ApplyAsync(changed)).Refusal?.Code);

        var late = await PlanAsync("product,sku,price\nSac,SAC-CAMEL,5000");
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("not_found", (await ApplyAsync(late)).Refusal?.Code);

        var right = await PlanAsync("product,sku,price\nSac,SAC-CAMEL,5000");
        Assert.Equal(1, (await ApplyAsync(right)).Value);
        Assert.Equal("not_found", (await ApplyAsync(right)).Refusal?.Code);
        await using var scope = app.In(shop.Id);
        Assert.Equal(new Dinars(5000), (await scope.Db.Products.SingleAsync(p => p.Id == shop.Products["sac"])).Price);

        async Task<Id<CatalogueImport>> PlanAsync(string text)
        {
            await using var one = app.In(shop.Id);
            return (await one.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes(text), "a.csv", shop.OwnerId, default)).Value.Id;
        }

        async Task<Result<int>> ApplyAsync(Id<CatalogueImport> id)
        {
            await using var one = app.In(shop.Id);
            return await one.Get<ImportCatalogue>().ApplyAsync(id, default);
        }

        async Task SaveAsync(ProductForm form)
        {
            await using var one = app.In(shop.Id);
            Assert.NotNull((await one.Get<SaveProduct>().RunAsync(shop.Products["sac"], form, default)).Product);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Five_thousand_rows_are_taken_and_one_more_is_refused(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var text = new StringBuilder("product,price,options\n");
        for (var i = 0; i < 5_000; i++) text.Append($"Produit {i / 5},{1000 + i / 5},Taille: {i % 5}\n");
        await using (var scope = app.In(shop.Id))
        {
            var looked = await scope.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes(text.ToString()), "a.csv", shop.OwnerId, default);
            Assert.Equal(1_000, looked.Value.Read().Items.Count);
            Assert.Empty(looked.Value.Read().Problems);
            Assert.Equal(1_000, (await scope.Get<ImportCatalogue>().ApplyAsync(looked.Value.Id, default)).Value);
        }
        await using var after = app.In(shop.Id);
        Assert.Equal(5_000 + 4, await after.Db.Variants.CountAsync());
        text.Append("Encore,1,\n");
        Assert.Equal("csv_too_many_rows", CatalogueFile.Read(Encoding.UTF8.GetBytes(text.ToString())).Refusal?.Code);
    }

    /// <remarks>Looked for from the first number each time, the last codes alone took millions of tries.</remarks>
    [Theory, OnBothDatabases]
    public async Task Names_without_Latin_letters_get_one_number_after_the_other(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        var text = "product,price,sku\n" + string.Concat(Enumerable.Range(0, 2_500).Select(i => $"فستان {string.Concat($"{i:0000}".Select(c => (char)('ا' + (c - '0') * 2)))},3500,{(i == 0 ? "p-4" : "")}\n"));
        await using var scope = app.In(shop.Id);
        var looked = await scope.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes(text), "a.csv", shop.OwnerId, default);
        Assert.Empty(looked.Value.Read().Problems);
        Assert.Equal(2_500, (await scope.Get<ImportCatalogue>().ApplyAsync(looked.Value.Id, default)).Value);
        await using var after = app.In(shop.Id);
        var codes = await after.Db.Variants.Select(v => v.Sku).ToListAsync();
        Assert.Equal(2_504, codes.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Empty(Enumerable.Range(1, 2_500).Select(n => $"P-{n}").Except(codes, StringComparer.OrdinalIgnoreCase));
    }

    [Theory, OnBothDatabases]
    public async Task A_code_that_is_given_while_a_file_is_applied_is_one_products(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        for (var round = 0; round < 8; round++)
        {
            await using var first = app.In(shop.Id);
            await using var second = app.In(shop.Id);
            var plan = (await first.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes($"product,sku,price\nGants {round},GAN{round},900"), "a.csv", shop.OwnerId, default)).Value.Id;
            var (applied, saved) = (first.Get<ImportCatalogue>().ApplyAsync(plan, default), second.Get<SaveProduct>().RunAsync(null, new() { Name = "Gants", Price = new Dinars(900), Variants = [new() { Sku = $"gan{round}" }] }, default));
            await Task.WhenAll(applied, saved);
            Assert.Equal((await saved).Product is null ? (null, "sku_taken") : ("import_outdated", null), ((await applied).Refusal?.Code, (await saved).Refusal?.Code));
        }
    }

    [Theory, OnBothDatabases]
    public async Task All_that_a_file_says_of_a_new_product_is_shown_before_it_is_applied(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var preview = await PreviewAsync(member, shop, """
            product,name_ar,sku,options,price,floor_price,stock,active,description,other_names,agent_notes
            Robe longue,فستان طويل,RL-M,Taille: M,3500,300,4,non,Coton léger,"robba, qmisa",Taille petit
            Robe longue,,RL-L,Taille: L,3500,300 DA,2,0,,,
            Bonnet,,BONNET-7,,700,,,,,,
            """);
        foreach (var shown in (string[])["Nom en arabe", "فستان طويل", "Prix plancher", "300 DA", "En vente : <ins><bdi>Non", "Coton léger", "robba, qmisa", "Notes pour l'agent", "Taille petit", "3\u00a0500 DA · 4 · RL-M", "3\u00a0500 DA · 2 · RL-L", "BONNET-7"]) Assert.Contains(shown, preview.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await member.SubmitAsync(preview.Address, [])).StatusCode);
        await using var scope = app.In(shop.Id);
        var robe = await scope.Db.Products.SingleAsync(p => p.Name == "Robe longue");
        Assert.Equal((300, false, "فستان طويل", "Coton léger", "robba, qmisa", "Taille petit"), (robe.FloorPrice!.Value.Amount, robe.Active, robe.NameAr, robe.Description, robe.OtherNames, robe.AgentNotes));
        var bonnet = await scope.Db.Products.SingleAsync(p => p.Name == "Bonnet");
        Assert.Equal((null, true), (bonnet.FloorPrice, bonnet.Active));
    }

    [Theory]
    [InlineData("floor_price", "300", "3000")]
    [InlineData("active", "1", "non")]
    [InlineData("name_ar", "فستان", "قميص")]
    [InlineData("other_names", "robba", "qmisa")]
    [InlineData("description", "Coton", "Lin")]
    [InlineData("agent_notes", "petit", "grand")]
    public async Task Lines_of_one_product_that_disagree_about_it_are_a_mistake_and_what_says_the_same_is_none(string column, string one, string other)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Started = false });
        var shop = await app.NewShopAsync();
        foreach (var (product, options, price) in ((string, string[], int)[])[("Robe longue", ["Taille: M", "Taille: L", "Taille: S"], 3500), ("Robe d'été", ["Taille: M / Couleur: Noir", "Taille: L / Couleur: Noir", "Taille: S / Couleur: Noir"], 3500)])
        {
            var differ = await PlanAsync(one, other, one);
            Assert.Empty(differ.Items);
            Assert.Equal([(3, "lines_differ", column)], differ.Problems.Select(p => (p.Line, p.Code, p.Field)));
            foreach (var same in (string[][])[[one, "", one], ["", one, ""], [one, column is "floor_price" ? "300,00 DA" : column is "active" ? "oui" : $" {one} ", ""]])
            {
                var plan = await PlanAsync(same);
                Assert.Empty(plan.Problems);
                Assert.Contains(plan.Items.Single().Changes, c => c.Column == (column == "active" && product == "Robe d'été" ? "variant" : column));
            }

            async Task<ImportPlan> PlanAsync(params string[] cells)
            {
                await using var scope = app.In(shop.Id);
                var text = $"product,options,price,{column}\n" + string.Concat(cells.Select((cell, i) => $"{product},{options[i]},{price},\"{cell}\"\n"));
                return (await scope.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes(text), "a.csv", shop.OwnerId, default)).Value.Read();
            }
        }
    }

    [Fact]
    public async Task A_file_over_4_MB_is_refused_at_the_door_and_one_of_4_MB_is_looked_at()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        using var member = await Visitor.OwnerOfAsync(app, shop);
        var file = new byte[CatalogueFile.MostBytes + 1];
        Array.Fill(file, (byte)'\n');
        "product,price\nGants,900\n"u8.CopyTo(file);
        var refused = await member.PostFileAsync($"/w/{shop.Slug}/catalogue/import", "file", "a.csv", file);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Fichier trop lourd. Au plus : 4 MB", WebUtility.HtmlDecode(member.Html), StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id)) Assert.False(await scope.Db.CatalogueImports.AnyAsync());
        Assert.Equal(HttpStatusCode.Found, (await member.PostFileAsync($"/w/{shop.Slug}/catalogue/import", "file", "a.csv", file[..^1])).StatusCode);
    }

    [Theory]
    [InlineData("name,cost\nX,1", "csv_columns")]
    [InlineData("sku;stock\nX;1", "csv_columns")]
    [InlineData("", "csv_columns")]
    [InlineData("product,price\n", "csv_empty")]
    [InlineData("PK\u0003\u0004\0\0\0", "csv_unreadable")]
    public void A_file_with_wrong_columns_is_refused(string text, string code) => Assert.Equal(code, CatalogueFile.Read(Encoding.UTF8.GetBytes(text)).Refusal?.Code);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-8-bom")]
    [InlineData("utf-16")]
    [InlineData("windows-1256")]
    public void A_file_is_read_in_the_encodings_spreadsheets_write(string encoding)
    {
        const string Text = "المنتج;السعر;description\nحقيبة;٤٢٠٠;été à la plage\n";
        byte[] bytes = encoding switch
        {
            "utf-8-bom" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)],
            "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
            "windows-1256" => CodePagesEncodingProvider.Instance.GetEncoding(1256)!.GetBytes(Text.Replace("٤٢٠٠", "4200", StringComparison.Ordinal)),
            _ => Encoding.UTF8.GetBytes(Text),
        };
        var row = Assert.Single(CatalogueFile.Read(bytes).Value.Rows);
        Assert.Equal(("حقيبة", "été à la plage", new Dinars(4200)), (row["product"], row["description"], TypedAmount.Read(row["price"], "price").Value!.Value));
    }

    [Theory]
    [InlineData(1252, "Écharpe", "PRODUIT;PRIX;QUANTITÉ")]
    [InlineData(1252, "CRÉÉE À LA MAIN", "produit;prix;stock")]
    [InlineData(1252, "NOËL Nº 5 — 20 €", "produit;prix;stock")]
    [InlineData(1252, "À pois", "produit;prix;stock")]
    [InlineData(1252, "Cœur d'Été", "produit;prix;quantité")]
    [InlineData(1252, "Robe brodée", "produit;prix;stock")]
    [InlineData(1256, "حقيبة", "produit;prix;stock")]
    [InlineData(1256, "حقيبة", "المنتج;السعر;المخزون")]
    [InlineData(1256, "قميص XL brodé à la main", "produit;prix;quantité")]
    [InlineData(1256, "حذاء 38 و 39، جديد؟", "produit;prix;stock")]
    [InlineData(1256, "Robe été — فُستان", "produit;prix;stock")]
    public void A_file_of_Excel_is_French_or_Arabic_by_the_words_in_it(int page, string product, string columns)
    {
        var row = Assert.Single(CatalogueFile.Read(CodePagesEncodingProvider.Instance.GetEncoding(page)!.GetBytes($"{columns}\r\n\"{product}\";1500;4\r\n")).Value.Rows);
        Assert.Equal((product, "4"), (row["product"], row["stock"]));
    }

    [Theory, OnBothDatabases]
    public async Task Lines_that_cannot_be_are_named_with_their_reason(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Started = false });
        var shop = await app.NewShopAsync();
        await using var scope = app.In(shop.Id);
        var text = $"""
            product,sku,options,price,floor_price,stock,description
            ,A1,,100,,,
            B,,,100,200,,
            C,,,100,,-1,
            D,,,100,,douze,
            E,,Taille: M,100,,,un
            E,,Taille: L,100,,,deux
            F,,Taille: M,100,,,
            F,,Taille: M,100,,,
            G,SAC-CAMEL,,100,,,{new string('x', 5_000)}
            H,,Taille: M,100,,,
            H,,Couleur: Noir,100,,,
            """;
        var plan = (await scope.Get<ImportCatalogue>().PreviewAsync(Encoding.UTF8.GetBytes(text), "a.csv", shop.OwnerId, default)).Value.Read();
        Assert.Empty(plan.Items);
        Assert.Equal([(2, "name_missing"), (3, "floor_above_price"), (4, "stock_below_zero"), (5, "stock_unreadable"), (7, "lines_differ"), (8, "variant_twice"), (10, "too_long"), (11, "options_differ")],
            plan.Problems.Select(p => (p.Line, p.Code)));
    }

    private static async Task<(string Address, string Page)> PreviewAsync(Visitor member, Shop shop, string text)
    {
        var answer = await member.PostFileAsync($"/w/{shop.Slug}/catalogue/import", "file", "catalogue.csv", Encoding.UTF8.GetBytes(text));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        var address = answer.Headers.Location!.ToString();
        return (address, await member.ReadAsync(address));
    }
}
