using System.Text.RegularExpressions;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Web;

/// <summary>The settings are one entry of the side bar, and one strip on each of their pages.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public async Task Each_page_of_the_settings_stands_marked_in_the_strip_that_all_of_them_carry()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        string[] paths = ["settings/workspaces", "channels", "settings/sheet", "settings/orders", "settings/notifications", "settings/api", "settings/privacy", "settings/audit"];
        foreach (var path in paths)
        {
            var page = await owner.ReadAsync($"/w/{shop.Slug}/{path}");
            var strip = Links(Strip().Match(page).Value);
            Assert.Equal(paths, strip.Where(l => l.Href != "/account").Select(l => l.Href[$"/w/{shop.Slug}/".Length..]));
            Assert.Equal(path, Assert.Single(strip, l => l.IsCurrent).Href[$"/w/{shop.Slug}/".Length..]);
            var side = Links(Side().Match(page).Value);
            Assert.Equal(["inbox", "orders/confirm", "orders", "leads", "parcels", "parcels/rescue", "cash", "customers", "catalogue", "shipping", "agent", "dashboard", "controls", "settings/workspaces"], side.Select(l => l.Href[$"/w/{shop.Slug}/".Length..]));
            Assert.Equal("settings/workspaces", Assert.Single(side, l => l.IsCurrent).Href[$"/w/{shop.Slug}/".Length..]);
        }
        // On a phone all of them stand under "more".
        var more = await owner.ReadAsync($"/w/{shop.Slug}/more");
        Assert.All(paths, path => Assert.Contains($"class=\"plain strong\" href=\"/w/{shop.Slug}/{path}\"", more, StringComparison.Ordinal));
        // A member finds what the door opens.
        using var confirmer = await app.MemberOfAsync(shop, Role.Confirmer);
        Assert.Equal([$"/w/{shop.Slug}/settings/workspaces", "/account"], Links(Strip().Match(await confirmer.ReadAsync($"/w/{shop.Slug}/settings/workspaces")).Value).Select(l => l.Href));
    }

    private static List<(string Href, bool IsCurrent)> Links(string html) => [.. Link().Matches(html).Select(m => (m.Groups[1].Value, m.Value.Contains("aria-current=\"page\"", StringComparison.Ordinal)))];

    [GeneratedRegex("<nav class=\"views bare\".*?</nav>", RegexOptions.Singleline)]
    private static partial Regex Strip();

    [GeneratedRegex("<div id=\"side-nav\".*?</nav>", RegexOptions.Singleline)]
    private static partial Regex Side();

    [GeneratedRegex("<a href=\"([^\"]*)\"[^>]*>")]
    private static partial Regex Link();
}
