using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Ground.Data;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Browser;

/// <summary>Connecting channels as a merchant sees it, from the button through the dialogue and back; each switch with its repair.</summary>
public sealed class ChannelsLookTests : BrowserTest
{
    [Fact]
    public async Task Connecting_choosing_and_repairing_look_right_and_work_in_a_browser()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps with
        {
            Settings = new Dictionary<string, string?> { ["Meta:WhatsappConfigId"] = "config-of-whatsapp", ["Meta:WhatsappSignup"] = "script" },
        });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        await app.NewAccountAsync(new { kind = "page", id = "666000111", name = "Maison Nour", token = "invented-page-of-nour" });
        await app.NewAccountAsync(new { kind = "instagram", id = "666000222", name = "maison.nour", token = "invented-linked-of-nour", page_id = "666000111" });
        await app.NewAccountAsync(new { kind = "whatsapp", id = "666000444", name = "Maison Nour", token = "invented-number-of-nour", waba_id = "666000555", display_phone = "213500009077", registered = false });
        await app.ChangeAccountAsync("666000444", new { pin = "271828" });
        var connect = $"/w/{shop.Slug}/channels/connect";

        // The whole way of a number by the vendor's script: its window opens, tells, and our page goes on by itself.
        await using (var window = await OpenAsync(app, 1280, "fr"))
        {
            await window.SignInAsync(shop, connect);
            await window.Page.GotoAsync($"{connect}/go?way=whatsapp");
            await window.LooksRightAsync("channels-signup-1280-fr-light");
            var popup = await window.Page.RunAndWaitForPopupAsync(() => window.Page.ClickAsync("[data-open]:enabled"));
            await popup.CheckAsync("input[value='666000444']");
            await popup.ClickAsync("button.go");
            await window.Page.ArrivesAtAsync(new System.Text.RegularExpressions.Regex("/channels/connect/[0-9a-f]{32}$"));
            await window.LooksRightAsync("channels-pick-number-1280-fr-light");
            await window.Page.ClickAsync("main form .btn.primary");
            await window.Page.ArrivesAtAsync("**/channels");
        }
        Assert.Equal("pin_needed", await app.ReadAsync(shop, db => db.Channels.Where(c => c.ExternalId == "666000444").Select(c => c.Trouble).SingleAsync()));
        await app.ChangeAccountAsync(shop.Messenger.Account, new { token_dead = 460 });
        await app.ChangeAccountAsync(shop.Whatsapp.Account, new { quality = "YELLOW", name_status = "DECLINED" });
        foreach (var channel in (ShopChannel[])[shop.Messenger, shop.Instagram, shop.Whatsapp])
        {
            await using var scope = app.In(shop.Id);
            Assert.Null(await scope.Get<Connecting>().CheckAsync(channel.Id, default));
        }
        await app.ChangeAccountAsync(other.Messenger.Account, new { tasks = new[] { "ANALYZE" } });
        using var called = await app.Sandbox.PostAsJsonAsync("/meta/_callbacks/data-deletion", new { user_id = "990077" });
        var answer = JsonDocument.Parse(await called.Content.ReadAsStringAsync()).RootElement.GetProperty("answer").GetString()!;
        var deletion = new Uri(JsonDocument.Parse(answer).RootElement.GetProperty("url").GetString()!).AbsolutePath;

        foreach (var (width, language, dark) in Looks)
        {
            var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
            await using var window = await OpenAsync(app, width, language, dark);
            await window.SignInAsync(shop, connect);
            await window.LooksRightAsync($"channels-connect-{end}", full: true);
            await window.Page.ClickAsync("a[href$='way=facebook']");
            await window.Page.ClickAsync("button.go"); // everything stays ticked
            await window.Page.ArrivesAtAsync(new System.Text.RegularExpressions.Regex("/channels/connect/[0-9a-f]{32}$"));
            await window.LooksRightAsync($"channels-pick-{end}", full: true);
            await window.Page.GotoAsync($"{connect}/go?way=facebook");
            await window.Page.ClickAsync("button:not(.go)");
            await window.Page.ArrivesAtAsync("**/channels/connect/back?*");
            await window.LooksRightAsync($"channels-refused-{end}", statusComplaint: true);
            await window.Page.GotoAsync($"/w/{shop.Slug}/channels");
            await window.LooksRightAsync($"channels-{end}", full: true, statusComplaint: true);
            await window.Page.GotoAsync(deletion);
            await window.LooksRightAsync($"deletion-{end}", statusComplaint: true);
        }
    }
}
