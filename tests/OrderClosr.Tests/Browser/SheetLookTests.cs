using Microsoft.Playwright;
using OrderClosr.Tests.Sheets;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>A merchant connects a sheet and makes each mistake once; the page says what is wrong each time.</summary>
public sealed class SheetLookTests : BrowserTest
{
    [Fact]
    public async Task A_sheet_is_connected_with_each_mistake_made_once()
    {
        await using var world = await SheetsWorld.StartAsync(Database.Sqlite, connected: false, isStarted: true);
        for (var i = 0; i < 3; i++) await world.OrderAsync();
        await world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email, role = "none" });
        var here = $"/w/{world.Shop.Slug}/settings/sheet";
        await using var window = await OpenAsync(world.App, 390, "fr");
        var page = window.Page;
        await window.SignInAsync(world.Shop, here);
        await window.LooksRightAsync("sheet-begin-390-fr-light", full: true);

        async Task SeesAsync(string words) => await Assertions.Expect(page.Locator("main")).ToContainTextAsync(words);
        async Task PasteAsync(string key)
        {
            await page.FillAsync("textarea[name=key]", key);
            await page.ClickAsync("form[action$='/key'] button");
        }
        await PasteAsync(world.KeyFile.Replace("\"service_account\"", "\"authorized_user\"", StringComparison.Ordinal));
        await SeesAsync("autre genre de fichier");
        // The file itself, as it is dropped onto the field.
        await page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "cle.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(world.KeyFile) });
        await page.ClickAsync("form[action$='/key'] button");
        await Assertions.Expect(page.Locator("#email")).ToHaveValueAsync(SheetsWorld.Email);
        async Task LinkAsync(string link)
        {
            await page.FillAsync("#link", link);
            await page.ClickAsync("form[action$='/link'] button");
        }
        await LinkAsync("https://docs.google.com/document/d/abc/edit");
        await SeesAsync("pas l'adresse d'une feuille");
        await LinkAsync("https://docs.google.com/spreadsheets/d/1NobodyHasThisSheet00000000000/edit");
        await SeesAsync("pas de feuille à cette adresse");
        await LinkAsync(world.Link);
        await SeesAsync("pas partagée");
        await window.LooksRightAsync("sheet-not-shared-390-fr-light", full: true, statusComplaint: true);
        await world.DoorAsync(HttpMethod.Post, $"_sheets/{world.Sheet}/share", new { email = SheetsWorld.Email });
        await world.FaultAsync("api-disabled");
        await page.ClickAsync("form[action$='/test'] button");
        await SeesAsync("n'est pas activée");
        await world.ClearAsync();
        await world.FaultAsync("invalid-grant", count: 1);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await page.ClickAsync("form[action$='/test'] button");
        await SeesAsync("Google refuse la clé");
        await page.ClickAsync("form[action$='/test'] button");
        await SeesAsync("Connectée");
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.HoldsAsync(async () => (await world.RowsAsync()).Count == 3);
        await world.ActAsync(new { @do = "type", tab = SheetsWorld.Tab, cell = "E1", value = "Client" });
        await world.ActAsync(new { @do = "add_tab", value = "Site web" });
        await world.ActAsync(new { @do = "insert_row", tab = "Site web", row = 1, cells = (string[])["Nom complet", "Téléphone", "Produit", "Wilaya"] });
        await world.OrderAsync();
        await Eventually.HoldsAsync(async () => { world.Clock.Advance(TimeSpan.FromSeconds(5)); return (await world.RowsAsync()).Count == 4 && (await world.ConnectionAsync()).Tabs.Count > 2; });

        foreach (var (width, language, dark) in ((int, string, bool)[])[(1280, "fr", true), (390, "ar", false), (1280, "ar", true)])
        {
            await using var other = await OpenAsync(world.App, width, language, dark);
            await other.SignInAsync(world.Shop, here);
            await other.LooksRightAsync($"sheet-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
            if (width == 1280 && language == "ar") continue;
            var tab = (await world.ConnectionAsync()).Tabs.Single(t => t.Title == "Site web").Id;
            await other.Page.GotoAsync($"{here}/source?tab={tab}");
            await other.LooksRightAsync($"sheet-source-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
        }
        await page.GotoAsync(here);
        await window.LooksRightAsync("sheet-connected-390-fr-light", full: true, statusComplaint: true);
    }
}
