using OrderClosr.Parcels;
using OrderClosr.Orders;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>The desk of rescue, exchanges and claims as people see them; its keys and its live list.</summary>
public sealed class RescueLookTests : BrowserTest
{
    [Theory]
    [InlineData(390, "fr", false), InlineData(390, "ar", true), InlineData(1280, "fr", true), InlineData(1280, "ar", false)]
    public async Task Rescue_exchanges_and_claims_look_right_and_keys_press_the_buttons(int width, string language, bool dark)
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true);
        var (first, _) = await RescuePagesTests.FailedAsync(world, o => o with { Name = "كريم زروقي" });
        var (_, second) = await RescuePagesTests.FailedAsync(world, o => o with { Items = [new("Robe d'été", "M Noir", 2)] });
        await world.DoAsync(s => s.Get<AnswerRescue>().RunAsync(first, new(RescueAnswerKind.NewPhone, "0500000044"), world.By(ActorKind.Member), default));
        var shop = $"/w/{world.Shop.Slug}";
        var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
        await using var window = await OpenAsync(world.App, width, language, dark);
        await window.SignInAsync(world.Shop, $"{shop}/parcels/rescue");
        await window.Page.GotoAsync($"{shop}/parcels/rescue?id={first}");
        await window.LooksRightAsync($"rescue-{end}", full: true);
        await window.HearsAsync();
        await window.Page.Keyboard.PressAsync("7");
        await window.LooksRightAsync($"rescue-other-{end}");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("6");
        await window.LooksRightAsync($"rescue-correct-{end}");
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.Keyboard.PressAsync("1");
        await window.Page.ArrivesAtAsync($"**/parcels/rescue?done={first}.told*");
        await window.LooksRightAsync($"rescue-told-{end}", full: true);

        var parcel = (await world.ParcelAsync(second.Id)).Id;
        Assert.True((await world.DoAsync(s => s.Get<Moving>().MoveAsync(parcel, ParcelState.Delivered, world.By(ActorKind.Member, "seen"), default))).Ok);
        foreach (var (name, path) in ((string, string)[])[("rescue-rules", "shipping/rescue"), ("exchange", $"parcels/{parcel}/exchange"), ("claim-new", $"cash/parcels/{parcel}/claim"), ("parcels-saved", "parcels"), ("order-parcels", $"orders/{second.Id}"), ("parcel-story", $"parcels/{parcel}")])
        {
            await window.Page.GotoAsync($"{shop}/{path}");
            await window.LooksRightAsync($"{name}-{end}", full: true);
        }
    }
}
