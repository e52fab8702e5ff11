using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>Deleting a workspace as people see it: the confirmation, a refusal, what is left to see, the way back.</summary>
public sealed class DeletionLookTests : BrowserTest
{
    [Fact]
    public async Task Deleting_a_workspace_looks_right_on_every_screen()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        foreach (var (width, language, dark) in Looks)
        {
            var shop = await app.NewShopAsync();
            var (end, settings) = ($"{width}-{language}-{(dark ? "dark" : "light")}", $"/w/{shop.Slug}/settings/workspaces");
            await using var window = await OpenAsync(app, width, language, dark);
            var page = window.Page;
            await window.SignInAsync(shop, settings);
            await page.ClickAsync($"a[href='{settings}/delete']");
            await page.WaitForSelectorAsync("#shop_name");
            await window.LooksRightAsync($"delete-{end}", full: true);
            await page.FillAsync("#shop_name", "shop");
            await page.FillAsync("#password", shop.OwnerPassword);
            await page.ClickAsync("main form .btn.danger");
            await page.WaitForSelectorAsync("#shop_name-e");
            await window.LooksRightAsync($"delete-refused-{end}", full: true, statusComplaint: true);
            await page.FillAsync("#shop_name", shop.Name);
            await page.FillAsync("#password", shop.OwnerPassword);
            await page.ClickAsync("main form .btn.danger");
            await page.WaitForSelectorAsync($"form[action='{settings}/keep']");
            await window.LooksRightAsync($"leaving-{end}", full: true, statusComplaint: true);
            await page.ClickAsync($"form[action='{settings}/keep'] .btn");
            await page.ArrivesAtAsync($"**/w/{shop.Slug}/channels");
            await window.LooksRightAsync($"kept-{end}", full: true, statusComplaint: true);
        }
    }
}
