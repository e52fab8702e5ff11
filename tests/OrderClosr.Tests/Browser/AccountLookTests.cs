using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Workspaces;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Browser;

/// <summary>The own account as people see it, and a passkey from the first touch to the last.</summary>
public sealed class AccountLookTests : BrowserTest
{
    [Fact]
    public async Task The_own_account_looks_right_on_every_screen()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        foreach (var (width, language, dark) in Looks)
        {
            var shop = await app.NewShopAsync();
            var end = $"{width}-{language}-{(dark ? "dark" : "light")}";
            await using var window = await OpenAsync(app, width, language, dark);
            var page = window.Page;
            await window.SignInAsync(shop, "/account");
            await window.LooksRightAsync($"account-{end}", full: true);
            await page.GotoAsync("/account/second-step");
            await page.FillAsync("#password", shop.OwnerPassword);
            await page.ClickAsync("main form button");
            await page.WaitForSelectorAsync(".qr");
            await window.LooksRightAsync($"second-step-{end}", full: true);
            var secret = SecondStepTests.SecretOn(await page.ContentAsync());
            await page.FillAsync("#code", OneTimeCode.Of(secret, OneTimeCode.StepOf(app.Get<TimeProvider>().GetUtcNow())));
            await page.ClickAsync("main form button");
            await page.WaitForSelectorAsync(".paper-codes");
            await window.LooksRightAsync($"recovery-codes-{end}", full: true);
            var code = SecondStepTests.CodesOn(await page.ContentAsync())[0];
            await page.GotoAsync("/account/second-step");
            await window.LooksRightAsync($"second-step-on-{end}", full: true);

            // Another browser of the same person, without any script.
            await using var phone = await OpenAsync(app, width, language, dark, script: false);
            await phone.Page.GotoAsync("/sign-in?to=/account");
            await phone.Page.FillAsync("#email", shop.OwnerEmail);
            await phone.Page.FillAsync("#password", shop.OwnerPassword);
            await phone.Page.ClickAsync("main form button");
            await phone.Page.ArrivesAtAsync("**/sign-in/code?to=*");
            await phone.Page.FillAsync("#code", code);
            await phone.Page.ClickAsync("main form button");
            await phone.Page.ArrivesAtAsync("**/account");
            Assert.False(await phone.Page.IsVisibleAsync("form[data-passkey]"));
            await page.GotoAsync("/account");
            await window.LooksRightAsync($"account-two-devices-{end}", full: true);
            await page.GotoAsync("/account/close");
            await window.LooksRightAsync($"account-close-owner-{end}", full: true);
            await app.AddMemberAsync(shop, (await app.NewAccountAsync("Amel", $"amel-{end}@example.test")).Id, Role.Owner);
            await page.GotoAsync("/account/close");
            await window.LooksRightAsync($"account-close-{end}", full: true);
            await page.GotoAsync("/sign-in");
            await page.WaitForSelectorAsync("form[data-passkey]");
            await window.LooksRightAsync($"sign-in-{end}", full: true);
        }
    }

    [Fact]
    public async Task A_passkey_is_added_named_used_to_sign_in_and_removed()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        // A passkey is of a name, never of an address of digits.
        var site = app.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        await using var window = await OpenAsync(app, 1280, "fr");
        var page = window.Page;
        var device = await page.Context.NewCDPSessionAsync(page);
        await device.SendAsync("WebAuthn.enable");
        var added = await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true },
        });
        var authenticator = added!.Value.GetProperty("authenticatorId").GetString()!;

        await page.GotoAsync($"{site}/sign-in?to=/account");
        await page.FillAsync("#email", shop.OwnerEmail);
        await page.FillAsync("#password", shop.OwnerPassword);
        await page.ClickAsync("main form button");
        await page.ArrivesAtAsync("**/account");

        // The device is not even asked before the password is right.
        await AddAsync("une autre phrase");
        await page.WaitForSelectorAsync("form[data-adds] [data-wrong]:has-text('Essais restants : 4')");
        await AddAsync(shop.OwnerPassword);
        await page.WaitForSelectorAsync(".list bdi:has-text('Mon téléphone')");
        await window.LooksRightAsync("account-passkey", full: true, statusComplaint: true);

        // In with it, and nothing else; also where a second step is on.
        var (_, _) = await SecondStepTests.TurnOnAsync(app, shop, app.Get<TimeProvider>());
        await SignOutAsync();
        await page.ClickAsync("form[data-passkey] button");
        await page.ArrivesAtAsync($"**/w/{shop.Slug}/**");

        // Somebody else holds the device: it does not say so, and nobody comes in.
        await SignOutAsync();
        await device.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = false });
        await page.ClickAsync("form[data-passkey] button");
        await page.WaitForSelectorAsync("form[data-passkey] [data-wrong]:has-text('mot de passe')");
        await device.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = true });
        await page.ClickAsync("form[data-passkey] button");
        await page.ArrivesAtAsync($"**/w/{shop.Slug}/**");

        await page.GotoAsync($"{site}/account");
        await page.ClickAsync("button[popovertarget=passkey-0-name]");
        await page.FillAsync("#passkey-0-called", "Le vieux");
        await page.ClickAsync("#passkey-0-name button.primary");
        await page.WaitForSelectorAsync(".list bdi:has-text('Le vieux')");
        await page.ClickAsync("button[popovertarget=passkey-0]");
        await page.FillAsync("#passkey-0-password", shop.OwnerPassword);
        await page.ClickAsync("#passkey-0 button.primary");
        await page.WaitForSelectorAsync(".list bdi:has-text('Le vieux')", new() { State = WaitForSelectorState.Detached });
        // The device still has it, the account does not.
        await SignOutAsync();
        await page.ClickAsync("form[data-passkey] button");
        await page.WaitForSelectorAsync(".banner[role=alert]:has-text('mot de passe')");
        Assert.DoesNotContain(window.Complaints, c => !c.Contains("status of 422", StringComparison.Ordinal));

        async Task AddAsync(string password)
        {
            await page.FillAsync("#passkey_name", "Mon téléphone");
            await page.FillAsync("#passkey_password", password);
            await page.ClickAsync("form[data-adds] button");
        }

        async Task SignOutAsync()
        {
            await page.GotoAsync($"{site}/w/{shop.Slug}/more");
            await page.ClickAsync("main form[action='/sign-out'] button");
            await page.ArrivesAtAsync("**/sign-in");
        }
    }
}
