using System.Text;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The preview of a file of goods.</summary>
public sealed class ImportLookTests : BrowserTest
{
    [Fact]
    public async Task All_that_a_file_would_change_can_be_read_on_every_screen()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        foreach (var (width, language, dark) in Looks)
        {
            await using var window = await OpenAsync(app, width, language, dark);
            await window.SignInAsync(shop, $"/w/{shop.Slug}/catalogue/import");
            await window.Page.SetInputFilesAsync("#file", new Microsoft.Playwright.FilePayload
            {
                Name = "arrivage-decembre.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("""
                    product,name_ar,sku,options,price,floor_price,stock,active,description,other_names,agent_notes
                    Robe longue,فستان طويل,RL-M-NOIR,Taille: M / Couleur: Noir,3500,3000,4,non,"Coton léger, doublée jusqu'au genou. Se lave à trente degrés, sèche à l'ombre et ne se repasse pas du côté brodé.","robba, qmisa",Taille petit : proposer une taille de plus.
                    Robe longue,,RL-L-NOIR,Taille: L / Couleur: Noir,3700,,,,,,
                    Sac à main,,SAC-CAMEL,,4300,3900,,0,,,
                    Bonnet,,,,700,600,,,,,
                    Bonnet,,,Taille: 2,700,650,,,,,
                    """),
            });
            await window.Page.ClickAsync("main form button");
            await window.Page.WaitForSelectorAsync("ins");
            await window.LooksRightAsync($"import-preview-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
        }
    }
}
