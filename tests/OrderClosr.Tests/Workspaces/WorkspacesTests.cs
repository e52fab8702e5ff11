using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>Several workspaces of one account: made, listed, remembered, renamed; each new one stands in its own log.</summary>
public sealed class WorkspacesTests
{
    [Theory, OnBothDatabases]
    public async Task A_person_makes_workspaces_goes_between_them_and_comes_back_to_the_last(Database database)
    {
        const string email = "lina@darlina.example", phrase = "une phrase bien à moi";
        await using var app = await TestApp.StartAsync(database);
        using var lina = new Visitor(app).Speaking("fr");
        await lina.SubmitAsync("/sign-up", new() { ["name"] = "Lina", ["email"] = email, ["password"] = phrase, ["shop"] = "Dar Lina" });
        await app.ConfirmAsync(email);
        await lina.SignInAsync(email, phrase);
        // The account and its first workspace stand in that workspace's log.
        var log = await lina.ReadAsync("/w/dar-lina/settings/audit");
        Assert.Contains("Lina</bdi> a créé la boutique", log, StringComparison.Ordinal);
        Assert.Contains("Lina</bdi> a créé son compte", log, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lina.SubmitAsync("/w/new", new() { ["shop"] = " " })).StatusCode);
        Assert.Equal("/w/lina-kids", (await lina.SubmitAsync("/w/new", new() { ["shop"] = "Lina Kids" })).Headers.Location!.ToString());
        Assert.Equal("/w/lina-kids-2", (await lina.SubmitAsync("/w/new", new() { ["shop"] = "Lina  KIDS!" })).Headers.Location!.ToString());
        var kids = await lina.ReadAsync("/w/lina-kids/settings/audit?kind=members");
        Assert.Contains("a créé la boutique", kids, StringComparison.Ordinal);
        Assert.Contains("Lina Kids", kids, StringComparison.Ordinal);
        Assert.DoesNotContain("Dar Lina</bdi></span>", kids, StringComparison.Ordinal);

        // The switcher lists all; where a page was opened last, signing in leads.
        var page = await lina.ReadAsync("/w/lina-kids/more");
        foreach (var slug in new[] { "dar-lina", "lina-kids", "lina-kids-2" }) Assert.Contains($"href=\"/w/{slug}\"", page, StringComparison.Ordinal);
        Assert.Contains("Vos boutiques", await lina.ReadAsync("/w"), StringComparison.Ordinal);
        using (var opened = await lina.SendAsync(HttpMethod.Get, "/w/dar-lina/more", null)) Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        await lina.GetAsync("/w/lina-kids/nav"); // a fragment of another window
        Assert.Equal("/w/dar-lina", (await lina.GetAsync("/w")).Headers.Location!.ToString());
        Assert.Contains("Vos boutiques", await lina.ReadAsync("/w?all=true"), StringComparison.Ordinal);
        // Of somebody else's browser it opens nothing.
        var shop = await app.NewShopAsync();
        await lina.PostAsync("/sign-out");
        await lina.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        Assert.Equal($"/w/{shop.Slug}", (await lina.GetAsync("/w")).Headers.Location!.ToString());
    }

    [Theory, OnBothDatabases]
    public async Task The_owner_renames_the_workspace_and_chooses_its_language(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        Assert.Contains("Alger (UTC+1)", await owner.ReadAsync(InvitationTests.Settings(shop)), StringComparison.Ordinal);
        foreach (var (name, language) in new[] { ("", "ar"), (new string('x', 81), "ar"), ("Dar Lina", "en") })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync(InvitationTests.Settings(shop), new() { ["shop"] = name, ["language"] = language })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync(InvitationTests.Settings(shop), new() { ["shop"] = "Dar Lina", ["language"] = "ar" })).StatusCode);
        // Same address; Arabic for who chose nothing, what was chosen for who did.
        Assert.Contains("<html lang=\"ar\" dir=\"rtl\">", await owner.ReadAsync($"/w/{shop.Slug}/more"), StringComparison.Ordinal);
        Assert.Contains("Dar Lina", owner.Html, StringComparison.Ordinal);
        await owner.PostAsync("/language", true, ("lang", "fr"));
        Assert.Contains("<html lang=\"fr\"", await owner.ReadAsync($"/w/{shop.Slug}/more"), StringComparison.Ordinal);
        var log = await owner.ReadAsync($"/w/{shop.Slug}/settings/audit?kind=members");
        Assert.Contains("a changé la boutique", log, StringComparison.Ordinal);
        Assert.Contains("Shop 1", log, StringComparison.Ordinal);

        // An account owns at most so many.
        await using (var scope = app.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>().OpenNone())
        {
            for (var i = 1; i < SigningUp.MostOwned; i++) scope.Db.Add(new Member { Id = MemberId.New(DateTimeOffset.UnixEpoch), WorkspaceId = WorkspaceId.New(DateTimeOffset.UnixEpoch), AccountId = shop.OwnerId, Role = Role.Owner, CreatedAt = DateTimeOffset.UnixEpoch });
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync("/w/new", new() { ["shop"] = "Encore" })).StatusCode);
        await using var none = app.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>().OpenNone();
        Assert.False(await none.Db.Workspaces.AnyAsync(w => w.Name == "Encore"));
    }
}
