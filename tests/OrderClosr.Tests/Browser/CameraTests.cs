using OrderClosr.Parcels;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;
using ZXing;
using ZXing.Common;

namespace OrderClosr.Tests.Browser;

/// <summary>The phone's camera over a label: Chromium's own camera, showing a picture that the test draws.</summary>
public sealed class CameraTests : BrowserTest
{
    [Fact]
    public async Task A_label_before_the_camera_is_handed_over_without_typing_and_only_once()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true);
        world.Courier.LabelOf = Labels.Drawn;
        var order = await world.OrderAsync(o => o with { Commune = "Oran" });
        await world.ComesTrueAsync(async () => (await world.ParcelAsync(order.Id)).State == ParcelState.Registered);
        var tracking = (await world.ParcelAsync(order.Id)).Tracking!;
        await using var window = await OpenAsync(world.App, 390, "fr", film: Film(world.App.Folder, tracking));
        var page = window.Page;
        await window.SignInAsync(world.Shop, $"/w/{world.Shop.Slug}/parcels/pickup");
        await window.HearsAsync();

        await page.Locator("[data-camera]").ClickAsync();
        await page.Locator("[data-view] video").WaitForAsync();
        await page.Locator($"form[action$='/pickup/undo'] input[value='{(await world.ParcelAsync(order.Id)).Id}']").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        await Microsoft.Playwright.Assertions.Expect(page.Locator("#pickup-couriers .count")).ToHaveCountAsync(0);
        await window.LooksRightAsync("camera-390-fr");
        Assert.Equal(ParcelState.PickedUp, (await world.ParcelAsync(order.Id)).State);
        Assert.Equal("true", await page.Locator("[data-camera]").GetAttributeAsync("aria-pressed"));

        await page.Locator("[data-camera]").ClickAsync();
        await page.Locator("[data-view] video").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        var moves = await world.DoAsync(s => Task.FromResult(s.Db.ParcelEvents.Count(e => e.Effect == EventEffect.Moved && e.State == ParcelState.PickedUp)));
        Assert.Equal(1, moves);
    }

    [Fact]
    public async Task Where_no_camera_is_the_page_says_so_and_codes_can_still_be_typed()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true);
        await using var window = await OpenAsync(world.App, 390, "ar");
        await window.SignInAsync(world.Shop, $"/w/{world.Shop.Slug}/parcels/pickup");
        await window.HearsAsync();
        await window.Page.Locator("[data-camera]").ClickAsync();
        await window.Page.Locator("[data-no-camera]").WaitForAsync();
        await window.LooksRightAsync("no-camera-390-ar");
        await window.Page.FillAsync("#code", "INCONNU-1");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.Locator("#scan-result").GetByText("INCONNU-1").First.WaitForAsync();
    }

    /// <summary>One still of a label as a film that Chromium takes for a camera's: 640 × 480, grey, in YUV4MPEG2.</summary>
    private static string Film(string folder, string code)
    {
        const int width = 640, height = 480;
        var bars = new MultiFormatWriter().encode(code, BarcodeFormat.CODE_128, width - 80, 160, new Dictionary<EncodeHintType, object> { [EncodeHintType.MARGIN] = 10 });
        var grey = new byte[width * height];
        Array.Fill(grey, (byte)225);
        for (var y = 0; y < bars.Height; y++)
            for (var x = 0; x < bars.Width; x++)
                if (bars[x, y]) grey[((y + 160) * width) + x + ((width - bars.Width) / 2)] = 30;
        var path = Path.Combine(folder, "camera.y4m");
        using var film = File.Create(path);
        film.Write(System.Text.Encoding.ASCII.GetBytes($"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n"));
        var colourless = new byte[width * height / 2];
        Array.Fill(colourless, (byte)128);
        for (var frame = 0; frame < 2; frame++)
        {
            film.Write("FRAME\n"u8);
            film.Write(grey);
            film.Write(colourless);
        }
        return path;
    }
}
