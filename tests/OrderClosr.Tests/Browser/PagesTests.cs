using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Tests.Conversations;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Vendors.Meta;

namespace OrderClosr.Tests.Browser;

/// <summary>The pages as people see them.</summary>
public sealed class PagesTests : BrowserTest
{
    [Theory, MemberData(nameof(Screens))]
    public async Task Landing_and_sign_in_look_right(int width, string language)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = OrderClosr.Tests.Billing.BillingWorld.Settings });
        await using var window = await OpenAsync(app, width, language);
        await window.Page.GotoAsync("/");
        await window.LooksRightAsync($"landing-{width}-{language}", full: true);
        Assert.DoesNotMatch(@"\[\w+\.[\w.]+\]", await window.Page.InnerTextAsync("body")); // a key without words shows itself so
        await window.Page.GotoAsync("/sign-in");
        await window.Page.FillAsync("#email", "sarah@darlina.example");
        await window.Page.FillAsync("#password", "pas la bonne");
        await window.Page.ClickAsync("main form button");
        await window.Page.WaitForSelectorAsync("[role=alert]");
        Assert.Single(window.Complaints, c => c.Contains("422", StringComparison.Ordinal));
        await window.LooksRightAsync($"sign-in-{width}-{language}", statusComplaint: true);
        await window.Page.GotoAsync("/sign-up");
        await window.LooksRightAsync($"sign-up-{width}-{language}", statusComplaint: true);
    }

    [Fact]
    public async Task A_picture_without_words_or_a_page_that_is_too_wide_does_not_look_right()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        await using var window = await OpenAsync(app, 390, "fr");
        await window.Page.GotoAsync("/sign-in");
        await window.Page.EvaluateAsync("document.querySelector('main').append(new Image())");
        Assert.Contains("image-alt", (await Assert.ThrowsAnyAsync<Exception>(() => window.LooksRightAsync("nameless"))).Message);
        await window.Page.ReloadAsync();
        await window.LooksRightAsync("whole");
        await window.Page.EvaluateAsync("document.querySelector('main').style.width = '500px'");
        Assert.Contains("scrolls sideways", (await Assert.ThrowsAnyAsync<Exception>(() => window.LooksRightAsync("wide"))).Message);
    }

    /// <summary>Forgotten password, over the letter as it is drawn in a mailbox, to the new one.</summary>
    [Theory, InlineData(390, "ar"), InlineData(1280, "fr")]
    public async Task Letters_and_what_their_links_lead_to_look_right(int width, string language)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        await using var window = await OpenAsync(app, width, language);
        var shop = await app.NewShopAsync();
        using (var owner = new Visitor(app).Speaking(language)) await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        await window.Page.GotoAsync("/forgot");
        await window.Page.FillAsync("#email", shop.OwnerEmail);
        await window.LooksRightAsync($"forgot-{width}-{language}", statusComplaint: true);
        await window.Page.ClickAsync("main form button");
        await window.Page.WaitForSelectorAsync("[role=status]");
        await window.LooksRightAsync($"forgot-sent-{width}-{language}", statusComplaint: true);
        var letter = await app.LetterAsync(shop.OwnerEmail);
        // As a mailbox draws it: on a page of its own.
        await window.Page.GotoAsync("about:blank");
        await window.Page.SetContentAsync(letter.Html);
        await window.LooksRightAsync($"letter-{width}-{language}", statusComplaint: true);
        await window.Page.GotoAsync(letter.Link.Insert(0, app.Url));
        await window.LooksRightAsync($"reset-{width}-{language}", statusComplaint: true);
        await window.Page.FillAsync("#password", "une toute autre phrase");
        await window.Page.ClickAsync("main form button");
        await window.Page.ArrivesAtAsync("**/sign-in");
        await window.Page.GotoAsync("/sign-up");
        foreach (var (field, text) in new[] { ("#name", "Sarah"), ("#shop", "Dar Sarah"), ("#email", "sarah@darlina.example"), ("#password", "une toute autre phrase") }) await window.Page.FillAsync(field, text);
        await window.Page.ClickAsync("main form button");
        await window.Page.WaitForSelectorAsync("[role=status]");
        await window.LooksRightAsync($"signed-up-{width}-{language}", statusComplaint: true);
        await window.Page.GotoAsync("/confirm");
        await window.LooksRightAsync($"confirm-again-{width}-{language}", statusComplaint: true);
        var first = await app.LetterAsync("sarah@darlina.example");
        await window.Page.GotoAsync(first.Link.Insert(0, app.Url));
        await window.LooksRightAsync($"confirm-{width}-{language}", statusComplaint: true);
        await window.Page.ClickAsync("main form button");
        await window.Page.ArrivesAtAsync("**/sign-in");
        await window.LooksRightAsync($"confirmed-{width}-{language}", statusComplaint: true);
        await window.Page.GotoAsync("/reset/nothing");
        await window.LooksRightAsync($"link-gone-{width}-{language}", statusComplaint: true);
    }

    [Theory]
    [InlineData(390, "fr", false), InlineData(390, "ar", true), InlineData(1280, "fr", true), InlineData(1280, "ar", false)]
    public async Task The_kit_shows_every_component_in_both_directions_and_lights(int width, string language, bool dark)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Kit"] = "true" } });
        await using var window = await OpenAsync(app, width, language, dark);
        await window.Page.GotoAsync("/kit");
        await window.LooksRightAsync($"kit-{width}-{language}-{(dark ? "dark" : "light")}", full: true);
    }

    [Theory, MemberData(nameof(Screens))]
    public async Task The_inbox_looks_right_list_and_thread(int width, string language)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddMorningAsync(app, shop);
        var late = await Talks.AddAsync(app, shop, ChannelKind.Whatsapp, "Karim", DateTimeOffset.UtcNow.AddHours(-30), ["win rah le colis ?"]);
        await app.ReadAsync(shop, async db =>
        {
            (await db.Channels.SingleAsync(c => c.Id == shop.Whatsapp.Id)).Templates = """
                [{"name":"colis","language":"fr","state":"approved","category":"utility","body":"Bonjour {{1}}, votre colis arrive {{2}}. Gardez votre téléphone près de vous, le livreur vous appelle."},
                {"name":"merci","language":"ar","state":"approved","category":"utility","body":"شكرا على طلبكم، نحن في الخدمة."}]
                """;
            return await db.SaveChangesAsync();
        });
        await using var window = await OpenAsync(app, width, language);
        await window.SignInAsync(shop, $"/w/{shop.Slug}/inbox");
        await window.LooksRightAsync($"inbox-list-{width}-{language}");
        await window.Page.GotoAsync($"/w/{shop.Slug}/inbox/{id}");
        await window.LooksRightAsync($"inbox-thread-{width}-{language}");
        await window.Page.GotoAsync($"/w/{shop.Slug}/inbox/{late}");
        await window.Page.ClickAsync(".templates > summary");
        await window.LooksRightAsync($"inbox-templates-{width}-{language}");
        await window.Page.GotoAsync($"/w/{shop.Slug}/controls");
        await window.LooksRightAsync($"controls-{width}-{language}");
        await window.Page.GotoAsync($"/w/{shop.Slug}/more");
        await window.LooksRightAsync($"more-{width}-{language}");
    }

    [Fact]
    public async Task A_message_that_comes_shows_itself_and_the_typed_answer_stays()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        var id = await Talks.AddMorningAsync(app, shop);
        await using var window = await OpenAsync(app, 1280, "fr");
        await window.SignInAsync(shop, $"/w/{shop.Slug}/inbox/{id}");
        await window.HearsAsync();
        await window.Page.FillAsync("#say", "je réfléchis");
        await using (var scope = app.In(shop.Id)) Assert.Null(await scope.Get<Holding>().ReleaseAsync(id, default));
        await window.Page.GetByText("Prendre la main").First.WaitForAsync();
        await Assertions.Expect(window.Page.Locator("#say")).ToHaveValueAsync("je réfléchis");
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task A_page_goes_live_also_on_a_slow_line()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await using var window = await OpenAsync(app, 390, "fr");
        // Every script after the first comes late: htmx, alone, used to begin without its extension.
        var scripts = 0;
        await window.Page.RouteAsync("**/*.js*", async route =>
        {
            if (Interlocked.Increment(ref scripts) > 1) await Task.Delay(1500, TestContext.Current.CancellationToken);
            await route.ContinueAsync();
        });
        await window.SignInAsync(shop, $"/w/{shop.Slug}/more");
        await window.HearsAsync();
    }

    /// <remarks>Seen to fail: the first answer took the list's place, and the second found it gone.</remarks>
    [Fact]
    public async Task The_communes_are_those_of_the_wilaya_chosen_last_however_late_the_first_ones_come()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await using var window = await OpenAsync(app, 390, "fr");
        var late = await FirstIsLateAsync(window.Page, "**/orders/communes?*");
        await window.SignInAsync(shop, $"/w/{shop.Slug}/orders/new");
        await window.Page.SelectOptionAsync("#wilaya", "16");
        await window.Page.SelectOptionAsync("#wilaya", "31");
        late.SetResult();
        await window.Page.Locator("#communes option[value='Es Senia']").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.Equal(0, await window.Page.Locator("#communes option[value='Bab Ezzouar']").CountAsync());
    }

    /// <remarks>Seen to fail: of what was changed while a sum was on its way only the first change was asked about.</remarks>
    [Fact]
    public async Task The_sum_of_an_order_is_that_of_the_last_change_however_late_the_first_one_comes()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await using var window = await OpenAsync(app, 390, "fr");
        var page = window.Page;
        await page.Clock.InstallAsync();
        var late = await FirstIsLateAsync(page, "**/orders/new/preview");
        await window.SignInAsync(shop, $"/w/{shop.Slug}/orders/new");
        await page.Locator("select[name=variant]").First.SelectOptionAsync(shop.Variants["HIJAB-BEIGE"].ToString());
        await page.Clock.RunForAsync(300);
        var quantity = page.Locator("input[name=quantity]").First;
        foreach (var pieces in (string[])["2", "3", "4"])
        {
            await quantity.FillAsync(pieces);
            await quantity.DispatchEventAsync("change");
            await page.Clock.RunForAsync(300);
        }
        late.SetResult();
        await Assertions.Expect(page.Locator("#totals")).ToContainTextAsync("4 800 DA");
        Assert.Empty(window.Complaints);
    }

    /// <summary>The first request to this address waits until the test lets it go.</summary>
    private static async Task<TaskCompletionSource> FirstIsLateAsync(IPage page, string address)
    {
        var (late, asked) = (new TaskCompletionSource(), 0);
        await page.RouteAsync(address, async route =>
        {
            if (Interlocked.Increment(ref asked) == 1) await late.Task;
            try { await route.ContinueAsync(); }
            catch (PlaywrightException) { } // nobody wants it any more
        });
        return late;
    }

    [Fact]
    public async Task Keys_walk_through_the_list_and_back()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await Talks.AddMorningAsync(app, shop);
        await using var window = await OpenAsync(app, 1280, "fr");
        await window.SignInAsync(shop, $"/w/{shop.Slug}/inbox");
        await window.HearsAsync();
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("j");
        await window.Page.Keyboard.PressAsync("k");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("#talk-head h2")).ToHaveTextAsync("Walid Hamdi");
        await window.HearsAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await window.Page.ArrivesAtAsync($"**/w/{shop.Slug}/inbox");
    }

    [Fact]
    public async Task Without_script_a_member_signs_in_reads_and_takes_over()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await Talks.AddMorningAsync(app, shop);
        await using var window = await OpenAsync(app, 390, "fr", script: false);
        await window.SignInAsync(shop, $"/w/{shop.Slug}/inbox");
        await window.Page.GetByText("Karim Zerrouki").ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Prendre la main" }).ClickAsync();
        await window.Page.GetByText("Vous répondez. L'agent se tait.").WaitForAsync();
    }
}
