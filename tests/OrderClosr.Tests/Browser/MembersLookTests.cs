using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OrderClosr.Orders;
using OrderClosr.Tests.Orders;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Browser;

/// <summary>From the owner's invitation over the letter to the first order a new confirmer confirms; and the pages of members on every screen.</summary>
public sealed class MembersLookTests : BrowserTest
{
    private const string Nour = "nour@darlina.example";

    [Theory, InlineData(390, "ar", false), InlineData(1280, "fr", true)]
    public async Task A_confirmer_is_invited_signs_up_by_the_letter_and_confirms_an_order(int width, string language, bool dark)
    {
        await using var world = await OrdersWorld.StartAsync(Database.Sqlite, new());
        var (app, shop) = (world.App, world.Shop);
        using (var _ = await app.MemberOfAsync(shop, Role.Manager)) { }
        OrderId order = default;
        foreach (var phone in new[] { "0500000021", "0500000022" })
        {
            order = await world.DraftAsync(OrdersWorld.Complete(phone));
            await using var scope = world.Open();
            Assert.True((await scope.Get<ConfirmOrder>().QueueAsync(order, world.By(ActorKind.Api), default)).Ok);
        }
        var end = $"{width}-{language}";

        await using var office = await OpenAsync(app, width, language, dark);
        var owner = office.Page;
        await office.SignInAsync(shop, $"/w/{shop.Slug}/settings/workspaces");
        await owner.FillAsync("#email", Nour);
        await owner.ClickAsync("form[action$='/settings/invitations'] button");
        await owner.WaitForSelectorAsync($"#invitations bdi:has-text('{Nour}')");
        await office.LooksRightAsync($"members-{end}", full: true);

        var letter = await app.LetterAsync(Nour);
        await using var street = await OpenAsync(app, width, language, dark);
        var page = street.Page;
        await page.SetContentAsync(letter.Html);
        await street.LooksRightAsync($"invitation-letter-{end}", full: true);
        await page.GotoAsync(letter.Link);
        await street.LooksRightAsync($"invitation-{end}", full: true);
        await page.FillAsync("#name", "Nour");
        await page.FillAsync("#password", "une phrase bien à moi");
        await page.ClickAsync("main form button.primary");
        await page.ArrivesAtAsync($"**/w/{shop.Slug}/orders/confirm");
        Assert.Contains("0500 •• •• 22", await page.InnerTextAsync("section.one"), StringComparison.Ordinal);
        await street.LooksRightAsync($"confirm-hidden-{end}", full: true);
        await page.ClickAsync("form[action$='/take'] button");
        await page.WaitForSelectorAsync("a[href='tel:+213500000022']");
        await street.LooksRightAsync($"confirm-mine-{end}", full: true);
        await page.ClickAsync("button[value=confirmed]");
        await page.WaitForSelectorAsync(".banner[role=status]");
        Assert.Equal(OrderState.Confirmed, (await world.ReadAsync(order)).State);
        await street.LooksRightAsync($"confirm-done-{end}", full: true);

        // She made a key when her role was another one: the page that asks names it.
        await using (var scope = world.Open())
            await scope.Get<OrderClosr.Web.Api.ApiKeys>().MakeAsync("Site web", await scope.Db.Accounts.Where(a => a.Email == Nour).Select(a => a.Id).SingleAsync(), default);

        // Without scripts: role, removal after being asked, and the one who is out reads a plain page.
        await using var plain = await OpenAsync(app, width, language, dark, script: false);
        await plain.SignInAsync(shop, $"/w/{shop.Slug}/settings/workspaces");
        await plain.Page.ClickAsync("#members a[href*='/remove'] >> nth=-1");
        await owner.GotoAsync(plain.Page.Url);
        await office.LooksRightAsync($"remove-{end}", full: true);
        await plain.Page.ClickAsync("main form button.danger");
        await plain.Page.ArrivesAtAsync("**/settings/workspaces");
        await owner.GotoAsync(plain.Page.Url);
        await office.LooksRightAsync($"members-after-{end}", full: true);
        // Whoever is out keeps nothing on the screen, without a touch.
        await page.WaitForSelectorAsync("main.door .empty");
        Assert.DoesNotContain("0500", await page.InnerTextAsync("body"), StringComparison.Ordinal);
        await page.GotoAsync("/w");
        await street.LooksRightAsync($"no-shop-{end}", full: true, statusComplaint: true);
        await page.GotoAsync(letter.Link);
        await street.LooksRightAsync($"invitation-gone-{end}", full: true, statusComplaint: true);
        await owner.GotoAsync($"/w/{shop.Slug}/settings/audit?kind=members");
        await office.LooksRightAsync($"members-log-{end}", full: true);
    }
}
