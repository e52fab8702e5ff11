using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Workspaces;

/// <summary>Passkeys where no device takes part; with one: <see cref="Browser.AccountLookTests"/>.</summary>
public sealed class PasskeyTests
{
    [Theory, OnBothDatabases]
    public async Task Nothing_is_asked_of_a_device_without_the_password_and_nothing_made_up_is_taken(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.ReadAsync("/account");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/passkeys", true, ("credential", "{}"), ("passkey_name", "x"))).StatusCode);
        Assert.Contains("n'a pas pu servir", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/passkeys/options", true, ("passkey_password", "une autre phrase"))).StatusCode);
        Assert.Equal("Ce n'est pas votre mot de passe. Essais restants : 4", owner.Html);
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/account/passkeys/options", true, ("passkey_password", shop.OwnerPassword))).StatusCode);
        using (var asked = JsonDocument.Parse(owner.Html))
        {
            Assert.Equal("required", asked.RootElement.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
            Assert.Equal(shop.OwnerEmail, asked.RootElement.GetProperty("user").GetProperty("name").GetString());
        }
        foreach (var credential in new[] { "{}", "", "no json", new string('x', 30_000) })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/passkeys", true, ("credential", credential), ("passkey_name", "x"))).StatusCode);

        // A stranger is told nothing of anybody, and comes in by nothing.
        using var stranger = new Visitor(app).Speaking("fr");
        await stranger.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.OK, (await stranger.PostAsync("/sign-in/passkey/options", true, ("email", shop.OwnerEmail))).StatusCode);
        using (var asked = JsonDocument.Parse(stranger.Html))
            Assert.True(!asked.RootElement.TryGetProperty("allowCredentials", out var known) || known.GetArrayLength() == 0);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.PostAsync("/sign-in/passkey", true, ("credential", "{}"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/account")).StatusCode);

        // Somebody else's does not exist.
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            scope.Db.Add(new IdentityUserPasskey<Guid>
            {
                UserId = other.OwnerId, CredentialId = [0xab, 0xcd],
                Data = new() { PublicKey = [1], Name = "À l'autre", CreatedAt = new(2026, 11, 1, 9, 0, 0, TimeSpan.Zero), SignCount = 7, Transports = ["internal", "hybrid"], AttestationObject = [2], ClientDataJson = [3] },
            });
            await scope.Db.SaveChangesAsync();
        }
        Assert.DoesNotContain("À l'autre", await owner.ReadAsync("/account"), StringComparison.Ordinal);
        foreach (var key in new[] { "abcd", "abcdef", "abc", "nothex" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync($"/account/passkeys/{key}/rename", true, ("passkey_name", "À moi"))).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await owner.PostAsync($"/account/passkeys/{key}/remove", true, ("password", shop.OwnerPassword))).StatusCode);
        }
        using var hers = await Visitor.OwnerOfAsync(app, other);
        Assert.Contains("À l'autre", await hers.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await hers.PostAsync("/account/passkeys/abcd/remove", true, ("password", "une autre phrase"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await hers.PostAsync("/account/passkeys/abcd/rename", true, ("passkey_name", "Le vieux"))).StatusCode);
        Assert.Contains("Le vieux", await hers.ReadAsync("/account"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await hers.PostAsync("/account/passkeys/abcd/remove", true, ("password", other.OwnerPassword))).StatusCode);
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone()) Assert.False(await scope.Db.Set<IdentityUserPasskey<Guid>>().AnyAsync());
    }

    [Theory, OnBothDatabases]
    public async Task What_a_device_answered_opens_once_and_its_person_is_told_of_each_key_that_comes_or_goes(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var phone = new Authenticator(app.Url);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        FromOurPage(owner);
        await owner.ReadAsync("/account");
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/account/passkeys/options", true, ("passkey_password", shop.OwnerPassword))).StatusCode);
        Assert.Equal("/account", (await owner.PostAsync("/account/passkeys", true, ("credential", phone.Create(owner.Html)), ("passkey_name", "Mon téléphone"))).Headers.Location?.ToString());

        // Whoever copies question and answer on their way has nothing: not a second later, not in the last minute of the cookie.
        using var browser = new Visitor(app);
        FromOurPage(browser);
        await browser.GetAsync("/sign-in");
        using var asked = await browser.PostAsync("/sign-in/passkey/options");
        var (cookie, answer) = (asked.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("passkey=", StringComparison.Ordinal)).Split(';')[0], phone.Show(browser.Html));
        Assert.Equal("/w", (await browser.PostAsync("/sign-in/passkey", true, ("credential", answer))).Headers.Location?.ToString());
        using var thief = new Visitor(app);
        FromOurPage(thief);
        await thief.GetAsync("/sign-in");
        thief.Http.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync("/sign-in/passkey", true, ("credential", answer))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/account")).StatusCode);
        // Of two at the same moment one comes in.
        using Visitor other = new(app), twin = new(app);
        foreach (var one in (Visitor[])[other, twin])
        {
            FromOurPage(one);
            await one.GetAsync("/sign-in");
        }
        using var again = await other.PostAsync("/sign-in/passkey/options");
        (cookie, answer) = (again.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("passkey=", StringComparison.Ordinal)).Split(';')[0], phone.Show(other.Html));
        twin.Http.DefaultRequestHeaders.Add("Cookie", cookie);
        var both = await Task.WhenAll(other.PostAsync("/sign-in/passkey", true, ("credential", answer)), twin.PostAsync("/sign-in/passkey", true, ("credential", answer)));
        Assert.Single(both, b => b.StatusCode == HttpStatusCode.Redirect);

        var key = System.Text.RegularExpressions.Regex.Match(await owner.ReadAsync("/account"), "/account/passkeys/([0-9a-f]+)/remove").Groups[1].Value;
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"/account/passkeys/{key}/remove", true, ("password", shop.OwnerPassword))).StatusCode);
        var told = await Eventually.FindsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).Where(l => l.Subject == "La sécurité de votre compte a changé").ToList() is { Count: 2 } all ? all : null);
        Assert.Single(told, l => l.Text.Contains("une clé d'accès a été ajoutée", StringComparison.Ordinal) && l.Link == "/forgot");
        Assert.Single(told, l => l.Text.Contains("une clé d'accès a été retirée", StringComparison.Ordinal));

        // As a browser does with each form.
        void FromOurPage(Visitor visitor) => visitor.Http.DefaultRequestHeaders.Add("Origin", app.Url);
    }
}
