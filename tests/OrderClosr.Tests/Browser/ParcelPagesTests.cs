using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OrderClosr.Ground.Values;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Browser;

/// <summary>Couriers and parcels as people see them, and the way of orders from the confirmer's desk to the driver, back, or to the counted money.</summary>
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
        await ReadyAsync(world, account, good.Id);
        // Released, and then its name was corrected, which this courier takes no more.
        world.Courier.Abilities = world.Courier.Abilities with { EditableLater = ParcelFields.Phone };
        var booked = (await world.ParcelAsync(good.Id)).Id;
        Assert.True((await world.DoAsync(s => s.Get<ChangeParcel>().ReleaseAsync(booked, world.By(ActorKind.Member), default))).Ok);
        Assert.True((await world.DoAsync(s => s.Get<ChangeOrder>().RunAsync(good.Id, new() { Name = "كريم زروقي بن علي" }, null, world.By(ActorKind.Member), default))).Ok);
        await Eventually.HoldsAsync(async () =>
        {
            await world.RunAsync(account, TimeSpan.FromMinutes(1));
            return (await world.ParcelAsync(good.Id)).Trouble is not null;
        });
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
    public async Task Orders_are_confirmed_shipped_printed_handed_over_rescued_taken_back_and_counted_on_phone_and_desk_in_both_languages()
    {
        await using var world = await ParcelsWorld.StartAsync(Database.Sqlite, isStarted: true);
        world.Courier.LabelOf = Labels.Drawn;
        await world.ChangeSettingsAsync(s => s.BooksAlone = false);
        var phones = 40;
        foreach (var (width, language, dark) in ((int, string, bool)[])[(390, "ar", true), (1280, "fr", false)])
        {
            await using var window = await OpenAsync(world.App, width, language, dark);
            await JourneyAsync(world, window, width, $"{width}-{language}", $"05000002{phones++}", $"05000002{phones++}");
        }
    }

    private static async Task JourneyAsync(ParcelsWorld world, Window window, int width, string end, params string[] phones)
    {
        var (page, shop) = (window.Page, $"/w/{world.Shop.Slug}");
        // Confirmed: the second comes while the desk is open, and every number says so.
        var good = await QueuedAsync(world, phones[0]);
        await window.SignInAsync(world.Shop, $"{shop}/orders/confirm");
        await window.HearsAsync();
        var lost = await QueuedAsync(world, phones[1]);
        var badge = page.Locator($"{(width < 700 ? "#phone-nav" : "#side-nav")} a[href$='/orders/confirm'] .count");
        await Assertions.Expect(badge).ToHaveTextAsync("2");
        await Assertions.Expect(page.Locator("#queue-count")).ToHaveTextAsync("2");
        await page.Locator("button[value=confirmed]").First.ClickAsync();
        await Assertions.Expect(badge).ToHaveTextAsync("1");
        await page.Locator("button[value=confirmed]").First.ClickAsync();
        await Assertions.Expect(badge).ToHaveCountAsync(0);

        // Shipped: looked at first, then watched without a reload.
        await page.GotoAsync($"{shop}/parcels/ship");
        await page.CheckAsync("[data-all]");
        await page.Locator("form[data-picks] .btn.primary").ClickAsync();
        await page.Locator("main form .btn.primary.big").WaitForAsync();
        await window.LooksRightAsync($"journey-preview-{end}", full: true);
        await page.Locator("main form .btn.primary.big").ClickAsync();
        await page.ArrivesAtAsync(new System.Text.RegularExpressions.Regex("/parcels/ship/[0-9a-f]{32}$"));
        await window.HearsAsync();
        foreach (var id in (OrderId[])[good, lost]) await ReadyAsync(world, world.Account, id);
        await page.Locator("#batch progress[value='2']").WaitForAsync();
        await window.LooksRightAsync($"journey-batch-{end}", full: true);

        // Printed.
        await page.Locator("a[href*='/parcels/labels?batch=']").ClickAsync();
        await page.Locator("main form .btn.primary").First.ClickAsync();
        await page.ArrivesAtAsync("**/parcels/labels/*");
        await window.HearsAsync();
        await world.ComesTrueAsync(async () => await page.Locator("a[href$='/file']").CountAsync() > 0);
        await window.LooksRightAsync($"journey-print-{end}", full: true);

        // Scanned into the driver's hands; a reader is a keyboard that ends with Enter.
        await page.GotoAsync($"{shop}/parcels/pickup");
        await window.HearsAsync();
        await Assertions.Expect(page.Locator("#code")).ToBeFocusedAsync();
        var (delivered, returned) = (await world.ParcelAsync(good), await world.ParcelAsync(lost));
        await ScanAsync("INCONNU-1");
        await page.Locator("#scan-result [role=alert]").Or(page.Locator("#scan-result [data-t=red]")).First.WaitForAsync();
        // Some readers type faster than the page answers: no code is lost or joined to the next. (Seen to fail with requests of which only the last waits, and with a field that keeps what was sent.)
        await page.EvaluateAsync("codes => { const field = document.getElementById('code'); for (const code of codes) { field.value += code; field.form.requestSubmit(); } }", (string[])["INCONNU-2", delivered.Tracking!, returned.Tracking!]);
        foreach (var parcel in (Parcel[])[delivered, returned])
            await page.Locator($"form[action$='/pickup/undo'] input[value='{parcel.Id}']").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // The answer to each is said, the last one's stays. (Seen to fail with an answer that takes the place of the one before: what waits its turn meant a place that is gone.)
        await Assertions.Expect(page.Locator("#scan-result")).ToContainTextAsync(returned.Tracking!);
        await window.LooksRightAsync($"journey-scanned-{end}", full: true);
        Assert.Equal(ParcelState.PickedUp, (await world.ParcelAsync(good)).State);
        await page.Locator($"form[action$='/pickup/undo']:has(input[value='{returned.Id}']) button").ClickAsync();
        await page.Locator($"form[action$='/pickup/undo'] input[value='{returned.Id}']").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await RescuedAsync(world, window, width, end, returned.Id);

        // It comes back all the same, which the open desk hears, and is taken in by its code.
        await HearAsync(world, returned, "Returning");
        await page.Locator("#queue [data-o=wait]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await page.GotoAsync($"{shop}/parcels/returns");
        await window.HearsAsync();
        await ScanAsync(returned.Tracking!);
        await page.Locator("form[action$='/taken-back'] .btn.primary").WaitForAsync();
        await page.Locator("form[action$='/taken-back'] .btn.primary").ClickAsync();
        await page.Locator("form[action$='/taken-back']").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(ParcelState.Returned, (await world.ParcelAsync(lost)).State);

        // The other's money is counted.
        await HearAsync(world, delivered, "Delivered");
        delivered = await world.ParcelAsync(good);
        var (amount, fee) = (delivered.ToCollect.Amount, delivered.CourierFee?.Amount ?? 0);
        await page.GotoAsync($"{shop}/cash/slips/new");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = $"V-{end}.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes($"Tracking;Montant;Frais;Net\n{delivered.Tracking};{amount};{fee};{amount - fee}") });
        await page.Locator("main form .btn.primary").ClickAsync();
        await page.CheckAsync("input[name=same]");
        await page.Locator("main form .btn.primary.big").ClickAsync();
        await page.ArrivesAtAsync(new System.Text.RegularExpressions.Regex("/cash/slips/[0-9a-f]{32}$"));
        Assert.Equal(CashState.Paid, (await world.ParcelAsync(good)).CashState);
        Assert.DoesNotContain(window.Complaints, c => !c.Contains("status of 422", StringComparison.Ordinal));

        async Task ScanAsync(string code)
        {
            await page.Locator("#code").FillAsync(code);
            await page.Keyboard.PressAsync("Enter");
        }
    }

    /// <summary>An attempt fails while the desk of rescue is open: the customer, called, names a day and another street; a person types both at the courier. The parcel's own page beside it hears each step.</summary>
    private static async Task RescuedAsync(ParcelsWorld world, Window window, int width, string end, ParcelId parcel)
    {
        var (page, shop) = (window.Page, $"/w/{world.Shop.Slug}");
        await page.GotoAsync($"{shop}/parcels/rescue");
        await window.HearsAsync();
        await Assertions.Expect(page.Locator("#queue li")).ToHaveCountAsync(0);
        var beside = await page.Context.NewPageAsync();
        await beside.GotoAsync($"{shop}/parcels/{parcel}");
        await beside.WaitForSelectorAsync("body[data-live=on]");
        await beside.EvaluateAsync("window.stayed = true");
        var told = await beside.Locator(".timeline li").CountAsync();

        await HearAsync(world, (await world.DoAsync(s => s.Db.Parcels.AsNoTracking().SingleAsync(p => p.Id == parcel))), "AttemptFailed", "Client absent");
        var rescue = await world.DoAsync(s => s.Db.Rescues.AsNoTracking().SingleAsync(r => r.OpenParcelId == parcel));
        // The courier's word, the rescue and the call of a person.
        await Assertions.Expect(beside.Locator(".timeline li")).ToHaveCountAsync(told += 3);
        var queued = page.Locator($"#queue a[href$='/parcels/rescue?id={rescue.Id}']");
        await queued.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(page.Locator("#queue [data-o=wait] ~ span time")).ToHaveCountAsync(1);
        // A phone shows one parcel at a time, and the most pressing one first.
        if (width < 1024) await page.GotoAsync($"{shop}/parcels/rescue"); else await queued.ClickAsync();
        await Assertions.Expect(page.Locator($".one time[datetime='{rescue.DueAt!.Value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}']")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".one a[href^='tel:']").First).ToBeVisibleAsync();

        var day = AlgiersTime.DateInAlgiers(world.Clock.GetUtcNow()).AddDays(1);
        await window.HearsAsync();
        await page.Locator("[popovertarget=day]").ClickAsync();
        await page.FillAsync("#new-day", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.Locator("#day .btn.primary").ClickAsync();
        await DoneAsync("answer", told += 1);
        await page.Locator("[popovertarget=correct]").ClickAsync();
        await page.FillAsync("#new-address", "Rue 7, bloc B");
        await page.Locator("#correct form:has(#new-address) button").ClickAsync();
        await DoneAsync("answer", told += 1);
        await Assertions.Expect(page.Locator("#to-type")).ToHaveValueAsync($"Nouvelle tentative : le {day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}\nNouvelle adresse : Rue 7, bloc B");
        await window.LooksRightAsync($"journey-rescue-{end}", full: true);
        await page.Locator("[data-key='1']").ClickAsync();
        await DoneAsync("told", told += 1);
        await Assertions.Expect(page.Locator("#queue [data-o=wait]")).ToHaveCountAsync(0);
        var now = await world.DoAsync(s => s.Db.Rescues.AsNoTracking().SingleAsync(r => r.Id == rescue.Id));
        Assert.Equal((RescueState.Answered, day, "Rue 7, bloc B"), (now.State, now.NewDay, now.NewAddress));
        Assert.True(await beside.EvaluateAsync<bool>("window.stayed === true"), "The parcel's page was loaded again.");
        await beside.CloseAsync();

        // The desk says what was done, and the parcel's page, still the same, has it in its story.
        async Task DoneAsync(string verb, int lines)
        {
            await page.ArrivesAtAsync($"**/parcels/rescue?done={rescue.Id}.{verb}*");
            await Assertions.Expect(page.Locator(".one [role=status]")).ToBeVisibleAsync();
            await Assertions.Expect(beside.Locator(".timeline li")).ToHaveCountAsync(lines);
            await window.HearsAsync();
        }
    }

    private static async Task<OrderId> QueuedAsync(ParcelsWorld world, string phone)
    {
        var orders = new OrdersWorld(world.App, world.Shop);
        var id = await orders.DraftAsync(OrdersWorld.Complete(phone, product: "hijab", variant: "") with { Commune = "Oran" });
        await using var scope = world.Open();
        Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(id, orders.By(ActorKind.Api), default)).Ok);
        return id;
    }

    private static Task HearAsync(ParcelsWorld world, Parcel parcel, string label, string? reason = null) => world.DoAsync(scope => scope.Db.InTransactionAsync(async () =>
    {
        var locked = await scope.Db.LockedParcelAsync(parcel.Id, default);
        await scope.Get<Moving>().HearAsync(locked!, new() { Tracking = parcel.Tracking, Events = [TestCourier.Word(world.Clock.GetUtcNow(), label, reason)] }, default);
        await scope.Db.SaveChangesAsync();
        return true;
    }, default));

    private static Task ReadyAsync(ParcelsWorld world, CourierAccountId account, OrderId order) => Eventually.HoldsAsync(async () =>
    {
        await world.RunAsync(account, TimeSpan.FromMinutes(1));
        await using var scope = world.Open();
        return await scope.Db.Parcels.AnyAsync(p => p.OrderId == order && p.State == ParcelState.Registered);
    });
}
