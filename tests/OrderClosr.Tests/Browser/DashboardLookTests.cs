using OrderClosr.Dashboard;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Dashboard;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Browser;

/// <summary>A merchant reads in the evening what came in, asks why a number is what it is, and looks at the orders behind it.</summary>
public sealed class DashboardLookTests : BrowserTest
{
    [Fact]
    public async Task Why_a_number_is_what_it_is_can_be_read_in_both_languages_on_phone_and_desk()
    {
        await using var world = await DashboardWorld.StartAsync(Database.Sqlite);
        var (shop, chance) = (world.Shop, new Random(7));
        ShopChannel[] channels = [shop.Messenger, shop.Instagram, shop.Whatsapp];
        var (yasmine, karim) = (await ConfirmerAsync("Yasmine Bouzidi-Benabdallah"), await ConfirmerAsync("كريم بن عودة"));
        await world.TellAsync(Enumerable.Range(0, 240).Select(n => new Story(world.Ago(chance.Next(0, 24)).AddMinutes(-chance.Next(200)))
        {
            Wilaya = ((int[])[16, 16, 16, 31, 31, 25, 19, 9, 1])[chance.Next(9)], Channel = channels[chance.Next(3)], Ad = n % 4 == 0 ? ("A1", "Robe d'été, livraison partout") : null, Lines = [(((string[])["robe", "hijab", "sac"])[chance.Next(3)], 1, 3500)],
            ConfirmedBy = n % 7 == 0 ? null : n % 5 == 0 ? ActorKind.Member : ActorKind.Agent, Member = ((Guid?[])[null, yasmine, karim])[n % 3], End = n % 7 == 0 ? null : n % 6 == 0 ? ParcelState.Returned : n % 3 == 0 ? ParcelState.InTransit : ParcelState.Delivered, EndAfter = TimeSpan.FromHours(20 + chance.Next(30)), PaidAfter = n % 2 == 0 ? 2 : null,
            Courier = n % 2, Rescued = n % 8 == 1,
        }).Where(s => s.At + s.EndAfter < world.Clock.GetUtcNow()));
        for (var day = 0; day < 20; day++) await world.TurnsAsync(world.Ago(day), 20 + chance.Next(20), 2200, ("complaint", chance.Next(3)), ("voice_note", chance.Next(4)), ("price_outside_policy", chance.Next(2)));
        using (var owner = await Visitor.OwnerOfAsync(world.App, shop))
        {
            var empty = await owner.ReadAsync(world.Link("dashboard"));
            Assert.Contains("Renseigner", empty, StringComparison.Ordinal);
        }
        // An amount and a share for everybody, a rule of her own for one.
        await using (var scope = world.Open()) Assert.Null(await scope.Get<SaveNumberSettings>().RunAsync(new("900", "650", "250", "2", "50", "1,5", [new(yasmine, "", "80", "2,5")]), default));
        var month = $"from={world.Today.AddDays(-23):yyyy-MM-dd}&to={world.Today:yyyy-MM-dd}";
        foreach (var (width, language, dark) in Looks)
        {
            await using var window = await OpenAsync(world.App, width, language, dark);
            await window.SignInAsync(shop, world.Link("dashboard"));
            await window.Page.GotoAsync(world.Link($"dashboard?{month}"));
            // The drawing that follows the finger took the place of the server's.
            await window.Page.Locator("[data-plot] canvas").WaitForAsync();
            await window.LooksRightAsync($"dashboard-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
            await window.Page.ClickAsync("#how > summary");
            Assert.Contains("900", await window.Page.InnerTextAsync("#how dl"), StringComparison.Ordinal);
            await window.LooksRightAsync($"dashboard-how-{width}-{language}", full: true);
            await window.Page.Locator("#how dl a").First.ClickAsync();
            await window.Page.ArrivesAtAsync("**/dashboard/records?of=delivered**");
            await window.LooksRightAsync($"dashboard-records-{width}-{language}");
            (string, string)[] rest = [("list", $"dashboard/by?list=wilaya&{month}"), ("days", $"dashboard/by?list=days&{month}"), ("pay", $"dashboard/pay?month={world.Today.AddDays(-12):yyyy-MM}"), ("settings", "dashboard/settings"), ("year", $"dashboard?from={world.Today.AddDays(-364):yyyy-MM-dd}&to={world.Today:yyyy-MM-dd}&dates=true"), ("notifications", "settings/notifications"), ("leads", "leads")];
            foreach (var (name, address) in rest)
            {
                await window.Page.GotoAsync(world.Link(address));
                await window.LooksRightAsync($"dashboard-{name}-{width}-{language}", full: true);
            }
        }
        // Without scripts the server's own drawing stands, and each bar says its day.
        await using var plain = await OpenAsync(world.App, 1280, "fr", script: false);
        await plain.SignInAsync(shop, world.Link("dashboard"));
        await plain.Page.GotoAsync(world.Link($"dashboard?{month}"));
        Assert.True(await plain.Page.Locator("svg.plot").IsVisibleAsync());
        Assert.Equal(24, await plain.Page.Locator("svg.plot g title").CountAsync());

        async Task<Guid> ConfirmerAsync(string name)
        {
            var account = await world.App.NewAccountAsync(name, $"{Guid.NewGuid():N}@example.test");
            await world.App.AddMemberAsync(shop, account.Id, Role.Confirmer);
            return account.Id;
        }
    }
}
