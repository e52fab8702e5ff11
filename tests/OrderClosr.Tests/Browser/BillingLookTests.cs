using Microsoft.EntityFrameworkCore;
using OrderClosr.Billing;
using OrderClosr.Tests.Billing;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>A shop pays, and pays late: both languages, phone and desk, day and night.</summary>
public sealed class BillingLookTests : BrowserTest
{
    [Fact]
    public async Task An_owner_pays_the_plan_and_pays_it_late()
    {
        // The browser's sessions go by the real clock: the plan is made old instead.
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = BillingWorld.Settings });
        foreach (var (width, language, dark) in Looks)
        {
            var shop = await app.NewShopAsync();
            var (end, address) = ($"{width}-{language}-{(dark ? "dark" : "light")}", $"/w/{shop.Slug}/settings/billing");
            await using var window = await OpenAsync(app, width, language, dark);
            var page = window.Page;
            await window.SignInAsync(shop, address);
            await AgeAsync(app, shop, 5);
            await page.ReloadAsync();
            await window.LooksRightAsync($"billing-trial-{end}", full: true);

            // In time, by card.
            await page.ClickAsync("#pay a >> nth=0");
            await page.ArrivesAtAsync("**/chargily/test/checkouts/*/pay");
            await page.ClickAsync("button[value=pay]");
            await page.ArrivesAtAsync("**/settings/billing/back/*");
            await page.WaitForSelectorAsync("#back .good");
            await window.LooksRightAsync($"billing-received-{end}");
            await page.GotoAsync(address);
            Assert.Equal(1, await page.Locator(".pill[data-s=paid]").CountAsync());
            await window.LooksRightAsync($"billing-paid-{end}", full: true);

            // Late, in grace: the card is refused once; then resting; then paid.
            await AgeAsync(app, shop, -3);
            await page.GotoAsync(address);
            await window.LooksRightAsync($"billing-late-{end}", full: true);
            await page.ClickAsync("#pay a >> nth=1");
            await page.ArrivesAtAsync("**/chargily/test/checkouts/*/pay");
            await page.ClickAsync("button[value=fail]");
            await page.ArrivesAtAsync("**/settings/billing/back/*");
            await window.LooksRightAsync($"billing-refused-{end}");
            await AgeAsync(app, shop, -8);
            await page.GotoAsync($"/w/{shop.Slug}/inbox");
            await window.LooksRightAsync($"billing-banner-{end}");
            await page.GotoAsync(address);
            await window.LooksRightAsync($"billing-resting-{end}", full: true);
            await page.ClickAsync("#pay a >> nth=0");
            await page.ArrivesAtAsync("**/chargily/test/checkouts/*/pay");
            await page.ClickAsync("button[value=pay]");
            await page.ArrivesAtAsync("**/settings/billing/back/*");
            await page.WaitForSelectorAsync("#back .good");
            Assert.Equal(SubscriptionState.Active, await StateAsync(app, shop));
        }
    }

    private static async Task<SubscriptionState> StateAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Db.Subscriptions.Select(s => s.State).SingleAsync();
    }

    /// <summary>What is paid ends in so many days, and the day does what it does.</summary>
    private static async Task AgeAsync(TestApp app, Shop shop, int days)
    {
        await using var scope = app.In(shop.Id);
        var subscription = await scope.Db.Subscriptions.SingleAsync();
        subscription.ToOn = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(1)).AddDays(days);
        if (subscription.FromOn > subscription.ToOn) subscription.FromOn = subscription.ToOn.AddDays(-30);
        await scope.Db.SaveChangesAsync();
        await using var again = app.In(shop.Id);
        await again.Get<Subscriptions>().RollAsync(default);
    }
}
