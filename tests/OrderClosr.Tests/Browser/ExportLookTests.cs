using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Browser;

/// <summary>The page of exports in each of its states.</summary>
public sealed class ExportLookTests : BrowserTest
{
    [Fact]
    public async Task The_page_of_exports_looks_right_on_every_screen_and_goes_on_by_itself()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        foreach (var (width, language, dark) in Looks)
        {
            var shop = await app.NewShopAsync();
            var (end, address) = ($"{width}-{language}-{(dark ? "dark" : "light")}", $"/w/{shop.Slug}/settings/workspaces/export");
            await using var window = await OpenAsync(app, width, language, dark);
            var page = window.Page;
            await window.SignInAsync(shop, $"/w/{shop.Slug}/settings/workspaces");
            await page.ClickAsync($"main a[href='{address}']");
            await page.WaitForSelectorAsync("#password");
            await window.LooksRightAsync($"export-ask-{end}", full: true);

            // One that nobody writes: it stands still to be looked at.
            var now = app.Get<TimeProvider>().GetUtcNow();
            var export = new AskedExport { Id = Id<AskedExport>.New(now), AskedBy = shop.OwnerId, AskedAt = now, Format = ExportFormat.Archive, State = ExportState.Running, Done = 48_211, Total = 221_386 };
            await ChangeAsync(app, shop, db => db.Add(export));
            await page.GotoAsync(address);
            await page.WaitForSelectorAsync("progress");
            await window.LooksRightAsync($"export-running-{end}", full: true);
            await page.ClickAsync("button[popovertarget=cancel-export]");
            await window.LooksRightAsync($"export-cancel-{end}");
            await page.Keyboard.PressAsync("Escape");

            // It is done, and the page that waits says so by itself.
            await window.HearsAsync();
            await ChangeAsync(app, shop, db =>
            {
                db.Attach(export);
                (export.State, export.Bytes, export.ReadyAt, export.ExpiresAt) = (ExportState.Ready, 43_100_200, now, now + Exporting.KeptFor);
                db.Tell("export", export.Id);
            });
            await page.WaitForSelectorAsync($"a[download][href='{address}/{export.Id}']");
            await window.LooksRightAsync($"export-ready-{end}", full: true);
        }
    }

    private static async Task ChangeAsync(TestApp app, Shop shop, Action<OrderClosr.Ground.Data.OrderClosrDb> change)
    {
        await using var scope = app.In(shop.Id);
        change(scope.Db);
        await scope.Db.SaveChangesAsync();
    }
}
