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
}
