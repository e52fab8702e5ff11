using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>Couriers and parcels as people see them, and the way of one order from the confirmer's desk into the driver's hands.</summary>
public sealed class ParcelPagesTests : BrowserTest
{
    [Theory]
    [InlineData(390, "fr", false), InlineData(390, "ar", true), InlineData(1280, "fr", true), InlineData(1280, "ar", false)]
    public async Task The_pages_of_couriers_and_parcels_look_right(int width, string language, bool dark)
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true, connected: false);
        var row = world.Courier.Rows.FindIndex(r => r.Name == "BIR EL DJIR");
        world.Courier.Rows[row] = world.Courier.Rows[row] with { Name = "B.E.D. VILLE" };
        var account = await world.ConnectAsync(world.Courier);
        await world.ConnectAsync(world.Other);
        world.Courier.LabelOf = Labels.Drawn;
        var good = await world.OrderAsync(o => o with { Commune = "Oran", Name = "كريم زروقي" });
        await ReadyAsync(world, account, good);
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        // Sent to the one courier that spells this commune in its own way: a person has to say which it is.
        var stuck = await world.OrderAsync();
        Assert.Equal("destination_unclear", (await world.ShipAsync(stuck.Id, account)).Value.Trouble);
        await world.OrderAsync(o => o with { Commune = "Arzew" });
        await using (var scope = world.Open()) await scope.Get<CourierRules>().AddAsync(account, 31, null, OrderClosr.Shipping.Delivery.Home, new(1000), null, default);
        var (parcel, waiting) = (await world.ParcelAsync(good.Id), await world.ParcelAsync(stuck.Id));

        await using var window = await OpenAsync(world.App, width, language, dark);
        var shop = $"/w/{world.Shop.Slug}";
        await window.SignInAsync(world.Shop, $"{shop}/shipping");
        var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
        await window.LooksRightAsync($"shipping-{end}");
        foreach (var (name, path) in ((string, string)[])
                 [
                     ("courier-connect", "shipping/couriers/new?courier=maystro"), ("courier", $"shipping/couriers/{account}"), ("courier-compare", "shipping/compare"), ("courier-rules", "shipping/rules"),
                     ("parcels", "parcels"), ("parcels-ship", "parcels/ship"), ("parcel", $"parcels/{parcel.Id}"), ("parcel-repair", $"parcels/{waiting.Id}"), ("labels", "parcels/labels"), ("pickup", "parcels/pickup"), ("returns", $"parcels/returns?code={parcel.Reference}"),
                 ])
        {
            await window.Page.GotoAsync($"{shop}/{path}");
            await window.LooksRightAsync($"{name}-{end}", full: true);
        }
    }

    [Fact]
    public async Task An_order_is_confirmed_shipped_printed_and_scanned_into_the_drivers_hands()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true);
        world.Courier.LabelOf = Labels.Drawn;
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var orders = new OrdersWorld(world.App, world.Shop);
        var id = await orders.DraftAsync(OrdersWorld.Complete("0500000188", product: "hijab", variant: "") with { Commune = "Oran" });
        await using (var scope = world.Open()) Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(id, orders.By(ActorKind.Api), default)).Ok);

        await using var window = await OpenAsync(world.App, 1280, "fr");
        var (page, shop) = (window.Page, $"/w/{world.Shop.Slug}");
        await window.SignInAsync(world.Shop, $"{shop}/orders/confirm");
        await page.Locator("button[value=confirmed]").First.ClickAsync();
        await page.GotoAsync($"{shop}/parcels/ship");
        await page.CheckAsync("[data-all]");
        await page.GetByRole(AriaRole.Button, new() { Name = "Aperçu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer les colis : 1" }).ClickAsync();
        await page.WaitForURLAsync(new System.Text.RegularExpressions.Regex("/parcels/ship/[0-9a-f]{32}$"));
        await window.HearsAsync();
        await ReadyAsync(world, world.Account, await orders.ReadAsync(id));
        // Said live, without a reload.
        await page.GetByText("Enregistrés : 1 sur 1").WaitForAsync();
        await window.LooksRightAsync("journey-batch");
        await page.GetByRole(AriaRole.Link, new() { Name = "Bordereaux" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Préparer les bordereaux" }).ClickAsync();
        await page.WaitForURLAsync("**/parcels/labels/*");
        await window.HearsAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await world.RunAsync(atMost: TimeSpan.FromMinutes(3));
            return await page.GetByText("Bordereaux prêts : 1").CountAsync() > 0;
        });
        await window.LooksRightAsync("journey-print");

        await page.GotoAsync($"{shop}/parcels/pickup");
        await window.HearsAsync();
        await Assertions.Expect(page.Locator("#code")).ToBeFocusedAsync();
        // A reader is a keyboard that ends with Enter.
        await page.Keyboard.TypeAsync("INCONNU-1");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Code inconnu").WaitForAsync();
        var tracking = (await world.ParcelAsync(id)).Tracking!;
        await page.Keyboard.TypeAsync(tracking);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#scan-result").GetByText("Remis au chauffeur").WaitForAsync();
        await page.GetByText("Remis : 1").WaitForAsync();
        await window.LooksRightAsync("journey-pickup", statusComplaint: true);
        Assert.Equal(ParcelState.PickedUp, (await world.ParcelAsync(id)).State);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Reprendre {tracking}" }).ClickAsync();
        await page.GetByText("Encore ici : 1").WaitForAsync();
    }

    private static Task ReadyAsync(ParcelsWorld world, CourierAccountId account, Order order) => Eventually.HoldsAsync(async () =>
    {
        await world.RunAsync(account, TimeSpan.FromMinutes(1));
        await using var scope = world.Open();
        return await scope.Db.Parcels.AnyAsync(p => p.OrderId == order.Id && p.State == ParcelState.Registered);
    });
}
