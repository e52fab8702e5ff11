using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>An invitation lets the reader of one address into one workspace, once, and tells nobody which addresses have accounts.</summary>
/// <remarks>Seen to fail: when an account of another address may accept, a stranger who got hold of the link is in.</remarks>
public sealed class InvitationTests
{
    private const string Phrase = "une phrase bien à moi", Nour = "nour@darlina.example";

    [Theory, OnBothDatabases]
    public async Task The_reader_of_the_letter_comes_in_once_and_nobody_else_does(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var stranger = await Visitor.OwnerOfAsync(app, other);
        foreach (var (email, role, field) in new[] { (Nour, "emperor", "Choisissez un rôle"), (Nour, "", "Choisissez un rôle"), ("nour", "confirmer", "pas une adresse"), (shop.OwnerEmail.ToUpperInvariant(), "confirmer", "déjà celle d'un membre") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await InviteAsync(owner, shop, email, role)).StatusCode);
            Assert.Contains(field, WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        }

        // An address with an account and one without: the same answer.
        var (known, unknown) = (await InviteAsync(owner, shop, other.OwnerEmail, "manager"), await InviteAsync(owner, shop, Nour, "confirmer"));
        Assert.Equal(HttpStatusCode.Redirect, unknown.StatusCode);
        Assert.Equal((known.StatusCode, known.Headers.Location, string.Join(' ', known.Headers.GetValues("Set-Cookie"))), (unknown.StatusCode, unknown.Headers.Location, string.Join(' ', unknown.Headers.GetValues("Set-Cookie"))));
        var letter = await app.LetterAsync(Nour);
        Assert.Equal("Une boutique vous invite", letter.Subject);
        Assert.Contains(shop.Name, letter.Text, StringComparison.Ordinal);
        Assert.Contains("Votre rôle : confirmation", letter.Text, StringComparison.Ordinal);
        Assert.Contains("7 jours", letter.Text, StringComparison.Ordinal);
        var page = await owner.ReadAsync(Settings(shop));
        Assert.Contains(Nour, page, StringComparison.Ordinal);
        Assert.Contains("lien valable", page, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(letter.Link.Split('/')[^1], StringComparison.Ordinal) || line.Contains(Nour, StringComparison.OrdinalIgnoreCase));

        // Somebody else who got hold of the link: told so, without the address, and nothing is used up.
        Assert.Contains("Invitation pour une autre adresse", await stranger.ReadAsync(letter.Link), StringComparison.Ordinal);
        Assert.DoesNotContain(Nour, stranger.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await stranger.PostAsync(letter.Link, true, ("email", Nour))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/w/{shop.Slug}/more")).StatusCode);

        // Sent again: only the new link works.
        var first = letter.Link;
        var id = (await RowsAsync(app, shop)).Single(i => i.Email == Nour).Id;
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SubmitAsync($"/w/{other.Slug}/settings/invitations/{id}/again", [], page: Settings(other))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync($"/w/{shop.Slug}/settings/invitations/{id}/again", [], page: Settings(shop))).StatusCode);
        letter = await app.LetterAsync(Nour, 2);
        using var nour = new Visitor(app).Speaking("fr");
        foreach (var wrong in new[] { first, letter.Link[..60] + (letter.Link[60] == 'A' ? 'B' : 'A') + letter.Link[61..], "/invitations/abc", $"/invitations/{new string('x', 3000)}" }) Assert.Equal(HttpStatusCode.Gone, (await nour.GetAsync(wrong)).StatusCode);

        // A new person: scanners open the link, a weak password uses nothing up, role and address come from the invitation.
        for (var i = 0; i < 2; i++) Assert.Contains(Nour, await nour.ReadAsync(letter.Link), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await nour.PostAsync($"{letter.Link}/account", true, ("name", "Nour"), ("password", "azertyuiop"))).StatusCode);
        var entered = await nour.PostAsync($"{letter.Link}/account", true, ("name", "Nour"), ("password", Phrase), ("role", "owner"), ("email", "else@darlina.example"), ("username", "else@darlina.example"));
        Assert.Equal((HttpStatusCode.Redirect, $"/w/{shop.Slug}"), (entered.StatusCode, entered.Headers.Location!.ToString()));
        Assert.Equal($"/w/{shop.Slug}/orders/confirm", (await nour.GetAsync($"/w/{shop.Slug}")).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, (await nour.GetAsync($"/w/{shop.Slug}/settings/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await nour.GetAsync($"/w/{other.Slug}/more")).StatusCode);
        using (var phone = new Visitor(app)) Assert.Equal(HttpStatusCode.Redirect, (await phone.SignInAsync(Nour, Phrase)).StatusCode);

        // Again: nobody comes in by it, its own reader goes where it led.
        using (var late = new Visitor(app))
        {
            Assert.Equal(HttpStatusCode.Gone, (await late.GetAsync(letter.Link)).StatusCode);
            await late.GetAsync("/sign-in");
            Assert.Equal(HttpStatusCode.Gone, (await late.PostAsync($"{letter.Link}/account", true, ("name", "X"), ("password", Phrase))).StatusCode);
        }
        Assert.Equal($"/w/{shop.Slug}", (await nour.GetAsync(letter.Link)).Headers.Location!.ToString());

        // A person with an account signs in first, and has both shops then.
        var theirs = (await app.LettersAsync(other.OwnerEmail)).Single(l => l.Subject == "Une boutique vous invite").Link;
        using var member = new Visitor(app).Speaking("fr");
        Assert.Contains($"/sign-in?to={Uri.EscapeDataString(theirs)}", await member.ReadAsync(theirs), StringComparison.Ordinal);
        Assert.Equal(theirs, (await member.SignInAsync(other.OwnerEmail, other.OwnerPassword, theirs)).Headers.Location!.ToString());
        await member.ReadAsync(theirs);
        Assert.Equal($"/w/{shop.Slug}", (await member.PostAsync(theirs, true, ("role", "owner"))).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/inbox")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync($"/w/{shop.Slug}/settings/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{other.Slug}/settings/audit")).StatusCode);
        Assert.Empty(await RowsAsync(app, shop));

        var log = await owner.ReadAsync($"/w/{shop.Slug}/settings/audit?kind=members");
        foreach (var line in new[] { $"Owner 1</bdi> a invité", $"Owner 1</bdi> a renvoyé une invitation", "Nour</bdi> a rejoint la boutique", "Owner 2</bdi> a rejoint la boutique" }) Assert.Contains(line, log, StringComparison.Ordinal);
        Assert.Contains("a créé son compte", await owner.ReadAsync($"/w/{shop.Slug}/settings/audit?kind=access"), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_link_that_is_withdrawn_too_old_or_used_at_the_same_moment_leads_nowhere_and_letters_have_limits(Database database)
    {
        var clock = new TestClock(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(database, new() { Time = clock });
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await InviteAsync(owner, shop, "a@darlina.example", "suivi");
        await InviteAsync(owner, shop, "b@darlina.example", "suivi");
        var (a, b) = ((await app.LetterAsync("a@darlina.example")).Link, (await app.LetterAsync("b@darlina.example")).Link);
        var rows = await RowsAsync(app, shop);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync($"/w/{shop.Slug}/settings/invitations/{rows.Single(i => i.Email[0] == 'a').Id}/withdraw", [], page: Settings(shop))).StatusCode);
        using var visitor = new Visitor(app).Speaking("fr");
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(a)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(b)).StatusCode);
        clock.Advance(Invitations.Lasts);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(b)).StatusCode);
        await visitor.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.Gone, (await visitor.PostAsync($"{b}/account", true, ("name", "B"), ("password", Phrase))).StatusCode);
        Assert.Contains("lien expiré", await owner.ReadAsync(Settings(shop)), StringComparison.Ordinal);
        await InviteAsync(owner, shop, "b@darlina.example", "accountant"); // the same address again: one invitation, another link and role
        b = (await app.LetterAsync("b@darlina.example", 2)).Link;
        Assert.Equal(Role.Accountant, Assert.Single(await RowsAsync(app, shop)).Role);

        // Two browsers press at the same moment.
        using var second = new Visitor(app);
        await visitor.GetAsync(b);
        await second.GetAsync(b);
        var answers = await Task.WhenAll(new[] { visitor, second }.Select(v => v.PostAsync($"{b}/account", true, ("name", "B"), ("password", Phrase))));
        Assert.Equal(1, answers.Count(r => r.StatusCode == HttpStatusCode.Redirect && r.Headers.Location!.ToString() == $"/w/{shop.Slug}"));
        Assert.Equal(1, answers.Count(r => r.StatusCode is HttpStatusCode.Gone or HttpStatusCode.Conflict));
        await using (var look = app.In(shop.Id)) Assert.Equal(2, await look.Db.Members.CountAsync(m => m.WorkspaceId == shop.Id));

        // Three letters to one address in a while, fifty open invitations, both in clear words.
        for (var i = 0; i < Invitations.PerAddress; i++) Assert.Equal(HttpStatusCode.Redirect, (await InviteAsync(owner, shop, "c@darlina.example", "suivi")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await InviteAsync(owner, shop, "C@darlina.example", "suivi")).StatusCode);
        Assert.Contains("Trop d'invitations", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        await using (var scope = app.In(shop.Id))
        {
            var now = clock.GetUtcNow();
            for (var i = await scope.Db.Invitations.CountAsync(); i < Invitations.MostOpen; i++)
                scope.Db.Add(new Invitation { Id = Id<Invitation>.New(now), Email = $"n{i}@darlina.example", NormalizedEmail = $"N{i}@DARLINA.EXAMPLE", Role = Role.Suivi, Round = 1, Language = "fr", CreatedAt = now, SentAt = now, ExpiresAt = now.AddDays(1) });
            await scope.Db.SaveChangesAsync();
        }
        Assert.Equal(HttpStatusCode.Conflict, (await InviteAsync(owner, shop, "d@darlina.example", "suivi")).StatusCode);
        Assert.Contains("50 invitations", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Empty(await app.LettersAsync("d@darlina.example"));
    }

    internal static string Settings(Shop shop) => $"/w/{shop.Slug}/settings/workspaces";

    private static Task<HttpResponseMessage> InviteAsync(Visitor owner, Shop shop, string email, string role) =>
        owner.SubmitAsync($"/w/{shop.Slug}/settings/invitations", new() { ["email"] = email, ["role"] = role }, page: Settings(shop));

    private static async Task<List<Invitation>> RowsAsync(TestApp app, Shop shop)
    {
        await using var scope = app.In(shop.Id);
        return await scope.Db.Invitations.AsNoTracking().ToListAsync();
    }
}
