using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The customers, and the strip of the settings, on every screen.</summary>
public sealed class CustomersLookTests : BrowserTest
{
    [Fact]
    public async Task Customers_and_the_settings_look_right_on_every_screen()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var talk = await Talks.AddMorningAsync(app, shop);
        var api = await ApiClient.OfAsync(app, shop);
        var order = await api.PostAsync("/orders", OrderBodies.Complete(shop));
        await api.PostAsync("/orders", OrderBodies.Complete(shop, "0500 00 00 13", quantity: 1));
        await using (var scope = app.In(shop.Id))
        {
            var conversation = await scope.Db.Conversations.SingleAsync(c => c.Id == talk);
            var row = await scope.Db.Customers.SingleAsync(c => c.Id == conversation.CustomerId);
            (row.OptedOutAt, row.Delivered, row.Returned) = (DateTimeOffset.UtcNow, 3, 1);
            row.Phones.Add("+213500000015");
            await scope.Db.SaveChangesAsync();
            order = order with { Json = System.Text.Json.Nodes.JsonNode.Parse($$"""{"customer_id":"{{order.Text("customer_id")}}","other":"{{row.Id}}"}""") };
        }
        foreach (var (width, language, dark) in ((int, string, bool)[])[(390, "fr", false), (390, "ar", true), (1280, "fr", true), (1280, "ar", false)])
        {
            await using var window = await OpenAsync(app, width, language, dark);
            var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
            await window.SignInAsync(shop, $"/w/{shop.Slug}/customers");
            await window.LooksRightAsync($"customers-{end}", full: true);
            await window.Page.GotoAsync($"/w/{shop.Slug}/customers/{order.Text("customer_id")}");
            await window.LooksRightAsync($"customer-{end}", full: true);
            await window.Page.GotoAsync($"/w/{shop.Slug}/customers/{order.Text("other")}");
            await window.LooksRightAsync($"customer-stop-{end}", full: true);
            foreach (var path in (string[])["settings/workspaces", "channels", "settings/orders", "settings/notifications", "settings/api", "settings/hooks", "settings/privacy", "settings/audit"])
            {
                await window.Page.GotoAsync($"/w/{shop.Slug}/{path}");
                await window.LooksRightAsync($"{path.Replace('/', '-')}-{end}", full: true);
                // Where one is, is on the screen.
                var tab = (await window.Page.Locator(".views.bare [aria-current]").BoundingBoxAsync())!;
                Assert.True(tab.X >= 0 && tab.X + tab.Width <= width + 1, $"{path}: the tab stands at {tab.X} of {width}.");
            }
        }
    }
}
