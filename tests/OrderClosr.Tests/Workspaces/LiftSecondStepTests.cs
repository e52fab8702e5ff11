using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>The operator's way in for a person who lost phone and recovery codes.</summary>
public sealed class LiftSecondStepTests
{
    [Theory, OnBothDatabases]
    public async Task The_verb_turns_it_off_for_one_account_ends_its_sessions_and_tells_its_person(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        foreach (var one in (Shop[])[shop, other]) await SecondStepTests.TurnOnAsync(app, one, app.Get<TimeProvider>());
        using var open = new Visitor(app);
        await open.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        await open.ReadAsync("/sign-in/code");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await open.PostAsync("/sign-in/code", true, ("code", "000000"))).StatusCode);
        var mail = new Dictionary<string, string> { ["Smtp:Url"] = $"smtp://127.0.0.1:{app.SandboxOptions.MailPort}", ["Smtp:From"] = "bonjour@orderclosr.example" };
        if (database == Database.Sqlite)
        {
            Assert.Equal(2, (await AppProcess.VerbAsync(app, mail, "lift-second-step")).Code);
            Assert.Equal((3, true), (await AppProcess.VerbAsync(app, mail, "lift-second-step", "nobody@nowhere.example", "--yes")) is var (code, said) ? (code, said.Contains("Nobody has this address", StringComparison.Ordinal)) : default);
        }
        var (done, output) = await AppProcess.VerbAsync(app, mail, "lift-second-step", shop.OwnerEmail.ToUpperInvariant(), "--yes");
        Assert.True(done == 0, output);
        Assert.Contains($"Owner of {shop.Slug}", output, StringComparison.Ordinal);
        Assert.Contains("told by letter", output, StringComparison.Ordinal);

        // E-mail and password open it again; the other account's step is as it was.
        using var back = new Visitor(app).Speaking("fr");
        Assert.Equal("/w", (await back.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).Headers.Location?.ToString());
        using var neighbour = new Visitor(app);
        Assert.Equal("/sign-in/code", (await neighbour.SignInAsync(other.OwnerEmail, other.OwnerPassword)).Headers.Location?.ToString());
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            Assert.Equal(other.OwnerId, (await scope.Db.SecondSteps.SingleAsync()).AccountId);
            Assert.DoesNotContain(await scope.Db.RecoveryCodes.Select(c => c.AccountId).ToListAsync(), a => a == shop.OwnerId);
            // Every session of before has ended, and no other's.
            Assert.Equal(1, await scope.Db.SignIns.CountAsync(s => s.AccountId == shop.OwnerId && s.EndedAt == null));
            Assert.True(await scope.Db.SignIns.AnyAsync(s => s.AccountId == other.OwnerId && s.EndedAt == null));
        }
        await back.GetAsync($"/w/{shop.Slug}/more");
        Assert.Contains("l'exploitant a désactivé sa connexion en deux étapes", await back.ReadAsync($"/w/{shop.Slug}/settings/audit"), StringComparison.Ordinal);
        var letter = await Eventually.FindsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).FirstOrDefault(l => l.Text.Contains("l'exploitant du service", StringComparison.Ordinal)));
        Assert.Equal("La sécurité de votre compte a changé", letter.Subject);
        if (database == Database.Sqlite) Assert.Equal(3, (await AppProcess.VerbAsync(app, mail, "lift-second-step", shop.OwnerEmail, "--yes")).Code);
    }
}
