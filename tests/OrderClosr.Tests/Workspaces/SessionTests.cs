using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>A person's own sessions, devices and password, through HTTP.</summary>
public sealed class SessionTests
{
    private const string Phone = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
    private const string Desk = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";

    [Fact]
    public async Task The_own_account_stands_in_the_strip_of_the_shop_its_person_was_in_last_and_by_itself_where_that_is_not_theirs()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        Assert.DoesNotContain("/settings/", await owner.ReadAsync("/account"), StringComparison.Ordinal);
        owner.Http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        await owner.ReadAsync($"/w/{shop.Slug}/settings/workspaces");
        var page = await owner.ReadAsync("/account");
        Assert.Contains($"href=\"/w/{shop.Slug}/settings/workspaces\"", page, StringComparison.Ordinal);
        Assert.Matches("href=\"/account\" aria-current=\"page\"", page);
        // Refused too; and with the cookie of somebody else's shop it stands alone.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/name", true, ("name", ""))).StatusCode);
        Assert.Contains($"/w/{shop.Slug}/settings/workspaces", owner.Html, StringComparison.Ordinal);
        using var stranger = new Visitor(app).Speaking("fr");
        await stranger.SignInAsync(other.OwnerEmail, other.OwnerPassword);
        stranger.Http.DefaultRequestHeaders.Add("Cookie", $"last_shop={shop.Id}");
        Assert.DoesNotContain(shop.Slug, await stranger.ReadAsync("/account"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Sessions_are_listed_and_one_that_is_ended_elsewhere_is_out_at_its_next_request(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        var page = $"/w/{shop.Slug}/more";
        using var desk = await ComesAsync(app, shop, Desk);
        using var phone = await ComesAsync(app, shop, Phone);
        using var stranger = await ComesAsync(app, other, Phone);

        var html = await desk.ReadAsync("/account");
        Assert.Contains("Firefox · Windows", html, StringComparison.Ordinal);
        Assert.Contains("Cet appareil", html, StringComparison.Ordinal);
        Assert.Contains("Chrome · Android", html, StringComparison.Ordinal);
        var address = Assert.Single(Regex.Matches(html, "/account/sessions/[0-9a-f-]{36}/end")).Value; // of this one none is offered
        // One of somebody else's does not exist, and goes on.
        await stranger.ReadAsync("/account");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.PostAsync($"/account/sessions/{Guid.NewGuid()}/end")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(page)).StatusCode);

        Assert.Equal(HttpStatusCode.Redirect, (await desk.PostAsync(address)).StatusCode);
        Assert.StartsWith("/sign-in", (await phone.GetAsync(page)).Headers.Location!.ToString().Replace(app.Url, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(page)).StatusCode);
        Assert.DoesNotContain("Chrome · Android", await desk.ReadAsync("/account"), StringComparison.Ordinal);

        // All others at once.
        using var second = await ComesAsync(app, shop, Phone);
        using var third = await ComesAsync(app, shop, "what no browser says of itself");
        Assert.Contains("Appareil inconnu", await desk.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await desk.PostAsync("/account/sessions/end-others")).StatusCode);
        foreach (var ended in new[] { second, third }) Assert.Equal(HttpStatusCode.Redirect, (await ended.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync($"/w/{other.Slug}/more")).StatusCode);

        // Two weeks without use, or two months of it, end it too; a sign-in sweeps such rows away.
        for (var days = 0; days < 55; days += 11)
        {
            time.Advance(TimeSpan.FromDays(11));
            Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(page)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync($"/w/{other.Slug}/more")).StatusCode);
        time.Advance(TimeSpan.FromDays(5));
        Assert.Equal(HttpStatusCode.Redirect, (await desk.GetAsync(page)).StatusCode);
        using var fresh = await ComesAsync(app, other, Desk);
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            Assert.Equal(2, await scope.Db.Set<AccountEntry>().CountAsync(e => e.AccountId == shop.OwnerId && e.Action == AuditAction.SessionsEnded));
            Assert.Equal(2, await scope.Db.SignIns.CountAsync()); // this one, and the one last used five days ago
            // A row that is gone opens nothing.
            await scope.Db.SignIns.ExecuteDeleteAsync();
        }
        Assert.Equal(HttpStatusCode.Redirect, (await fresh.GetAsync($"/w/{other.Slug}/more")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task The_cookie_refers_to_its_row_by_a_secret_that_is_not_stored_and_is_new_at_each_sign_in(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await ComesAsync(app, shop, Desk);
        List<string> hashes = [];
        for (var i = 0; i < 2; i++)
        {
            await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
            {
                var row = await scope.Db.SignIns.AsNoTracking().SingleAsync(s => s.EndedAt == null);
                Assert.Matches("^[0-9a-f]{64}$", row.KeyHash);
                hashes.Add(row.KeyHash);
            }
            // The same browser again, still signed in: the old one ends.
            await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        }
        Assert.NotEqual(hashes[0], hashes[1]);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_sign_in_from_another_browser_is_told_by_mail_and_the_first_is_not(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 30, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var desk = await ComesAsync(app, shop, Desk);
        await desk.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        // Another person at the same desk is at their first sign-in; back again, both are known.
        await desk.SignInAsync(other.OwnerEmail, other.OwnerPassword);
        await desk.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        Assert.Equal(0, await LettersAsync(app));

        using var phone = await ComesAsync(app, shop, Phone);
        var letter = await app.LetterAsync(shop.OwnerEmail);
        Assert.Equal("Connexion depuis un nouvel appareil", letter.Subject);
        Assert.Contains("Chrome · Android", letter.Text, StringComparison.Ordinal);
        Assert.Contains("25/11/2026 10:30", letter.Text, StringComparison.Ordinal); // Algiers
        Assert.Equal("/forgot", letter.Link);
        // Known from now on, by the browser and not by what it says it is.
        await phone.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        Assert.Equal(1, await LettersAsync(app));
        using var copy = await ComesAsync(app, shop, Phone);
        Assert.Equal(2, await LettersAsync(app));
        // A wrong password is no sign-in.
        using var guess = new Visitor(app);
        await guess.SignInAsync(shop.OwnerEmail, "une autre phrase");
        Assert.Equal(2, await LettersAsync(app));
    }

    [Theory, OnBothDatabases]
    public async Task A_new_password_asks_the_old_one_and_ends_every_other_session(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var page = $"/w/{shop.Slug}/more";
        using var desk = await ComesAsync(app, shop, Desk);
        using var phone = await ComesAsync(app, shop, Phone);
        using var reader = new Visitor(app);
        await app.LetterAsync(shop.OwnerEmail, 1); // the phone is new: what comes second is the link
        await reader.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
        var link = (await app.LetterAsync(shop.OwnerEmail, 2)).Link;

        await RefusedAsync("une autre phrase", "encore une autre phrase", "Essais restants : 4");
        await RefusedAsync(shop.OwnerPassword, "azertyuiop", "parmi les premiers");
        await RefusedAsync(shop.OwnerPassword, "court", "8 caractères");
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(page)).StatusCode);

        Assert.Equal("/account", (await ChangeAsync(shop.OwnerPassword, "encore une autre phrase")).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await phone.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await phone.SignInAsync(shop.OwnerEmail, "encore une autre phrase")).StatusCode);
        Assert.Equal("Votre mot de passe a changé", (await app.LetterAsync(shop.OwnerEmail, 3)).Subject);
        // A link to choose one that was on its way is void.
        Assert.Equal(HttpStatusCode.Gone, (await reader.GetAsync(link)).StatusCode);

        // The name, on the same page.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await desk.SubmitAsync("/account/name", new() { ["name"] = "  " }, "/account")).StatusCode);
        await desk.PostAsync("/account/name", true, ("name", "Lina <b>M.</b>"));
        await desk.GetAsync(page);
        Assert.Contains("Lina &lt;b&gt;M.&lt;/b&gt;", desk.Html, StringComparison.Ordinal);

        Task<HttpResponseMessage> ChangeAsync(string old, string now) => desk.SubmitAsync("/account/password", new() { ["old_password"] = old, ["password"] = now }, "/account");

        async Task RefusedAsync(string old, string now, string says)
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await ChangeAsync(old, now)).StatusCode);
            Assert.Contains(says, WebUtility.HtmlDecode(desk.Html), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Phone, "Chrome · Android"), InlineData(Desk, "Firefox · Windows"),
     InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
     InlineData("Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", "Samsung Internet · Android"),
     InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge · Windows"),
     InlineData("Mozilla/5.0 (Linux; Android 14; SM-A155F Build/UP1A) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0.0.0;]", "Facebook · Android"),
     InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari · Mac"),
     InlineData("<script>alert(1)</script>", ""), InlineData("", ""), InlineData(null, "")]
    public void A_device_is_named_by_our_own_words_only(string? userAgent, string words) => Assert.Equal(words, Devices.Of(userAgent));

    private static async Task<Visitor> ComesAsync(TestApp app, Shop shop, string userAgent)
    {
        var visitor = new Visitor(app).Speaking("fr");
        visitor.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
        return visitor;
    }

    private static async Task<int> LettersAsync(TestApp app)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenEverywhere("the test looks at letters of accounts");
        return await scope.Db.Everywhere<Job>().CountAsync(j => j.Kind == "send_account_letter");
    }
}
