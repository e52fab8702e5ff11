using System.Net;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>An account opens when its address is confirmed, and nobody but the address's reader learns whether it was free.</summary>
public sealed class ConfirmationTests
{
    private const string Phrase = "une phrase bien à moi", Email = "lina@darlina.example";

    [Theory, OnBothDatabases]
    public async Task An_account_opens_when_its_reader_presses_the_letters_button_and_a_second_press_changes_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        using var visitor = new Visitor(app).Speaking("fr");
        await SignUpAsync(visitor, Email);
        var letter = await app.LetterAsync(Email);
        Assert.Equal("Confirmez votre adresse e-mail", letter.Subject);
        // Words that a stranger may have typed do not go into a mailbox.
        Assert.DoesNotContain("Dar Lina", letter.Text + letter.Html, StringComparison.Ordinal);

        // Not yet, and in the same words as a wrong password, with the way to another link.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignInAsync(Email, Phrase)).StatusCode);
        var right = Shown(visitor);
        await visitor.SignInAsync(Email, "une autre phrase encore");
        Assert.Equal(right.Replace("restants : 4", "restants : 3", StringComparison.Ordinal), Shown(visitor));
        Assert.Contains("pas encore confirmée", right, StringComparison.Ordinal);
        Assert.Contains("href=\"/confirm\"", right, StringComparison.Ordinal);

        // A scanner opens the link, twice: nothing happens.
        for (var i = 0; i < 2; i++) Assert.Contains("Confirmer mon adresse", await visitor.ReadAsync(letter.Link), StringComparison.Ordinal);
        Assert.False(await IsConfirmedAsync(app, Email));
        foreach (var _ in Enumerable.Range(0, 2)) Assert.Equal("/sign-in", (await visitor.PostAsync(letter.Link)).Headers.Location?.ToString());
        Assert.True(await IsConfirmedAsync(app, Email));
        Assert.Contains("Adresse confirmée", await visitor.ReadAsync(letter.Link), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(Email, Phrase)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_sign_up_with_a_taken_address_tells_its_reader_alone(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        await SignUpAsync(visitor, shop.OwnerEmail);
        Assert.Contains("Regardez vos e-mails", visitor.Html, StringComparison.Ordinal);
        var letter = await app.LetterAsync(shop.OwnerEmail);
        Assert.Equal("Une inscription avec votre adresse", letter.Subject);
        Assert.StartsWith("/reset/", letter.Link, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignInAsync(shop.OwnerEmail, Phrase)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Who_signs_up_with_a_strangers_address_never_opens_an_account_that_its_reader_takes_over(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        using var thief = new Visitor(app).Speaking("fr");
        await SignUpAsync(thief, Email);
        await app.LetterAsync(Email);
        using var reader = new Visitor(app).Speaking("fr");
        await SignUpAsync(reader, Email, "ma phrase à moi seule");
        var letter = await app.LetterAsync(Email, 2);
        await reader.ReadAsync(letter.Link);
        await reader.PostAsync(letter.Link, true, ("password", "ma phrase à moi seule"));
        Assert.Equal(HttpStatusCode.Redirect, (await reader.SignInAsync(Email, "ma phrase à moi seule")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.SignInAsync(Email, Phrase)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_link_that_is_too_old_is_sent_again_and_asking_says_nothing_about_an_address(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        await SignUpAsync(visitor, Email);
        var old = (await app.LetterAsync(Email)).Link;
        time.Advance(AccountLinks.Lasts(LinkPurpose.Confirm));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(old)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.PostAsync(old)).StatusCode);
        Assert.False(await IsConfirmedAsync(app, Email));

        var answers = new List<string>();
        foreach (var email in new[] { Email, shop.OwnerEmail, "nobody@nowhere.example" })
        {
            Assert.Equal(HttpStatusCode.OK, (await visitor.SubmitAsync("/confirm", new() { ["email"] = email })).StatusCode);
            answers.Add(Shown(visitor).Replace(email, "X", StringComparison.Ordinal));
        }
        Assert.Single(answers.Distinct());
        var link = (await app.LetterAsync(Email, 2)).Link;
        Assert.Empty(await app.LettersAsync(shop.OwnerEmail));
        await visitor.ReadAsync(link);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostAsync(link)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(Email, Phrase)).StatusCode);

        for (var i = 1; i < AccountLinks.PerEmail; i++) await visitor.SubmitAsync("/confirm", new() { ["email"] = "nobody@nowhere.example" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SubmitAsync("/confirm", new() { ["email"] = "nobody@nowhere.example" })).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task A_link_does_what_it_is_for_to_its_own_account_and_nothing_else(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        await SignUpAsync(visitor, Email);
        await SignUpAsync(visitor, "other@darlina.example");
        await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
        var (confirm, reset) = ((await app.LetterAsync(Email)).Link, (await app.LetterAsync(shop.OwnerEmail)).Link);
        var confirmAsReset = confirm.Replace("/confirm/", "/reset/", StringComparison.Ordinal);
        foreach (var wrong in new[] { confirmAsReset, reset.Replace("/reset/", "/confirm/", StringComparison.Ordinal), "/confirm/abc", confirm[..^1] + (confirm[^1] == 'A' ? 'B' : 'A') })
            Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(wrong)).StatusCode);
        await visitor.GetAsync(confirm);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.PostAsync(confirmAsReset, true, ("password", "une toute autre phrase"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostAsync(confirm, true, ("email", "other@darlina.example"))).StatusCode);
        Assert.Equal((true, false), (await IsConfirmedAsync(app, Email), await IsConfirmedAsync(app, "other@darlina.example")));
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(Email, Phrase)).StatusCode);
    }

    [Fact]
    public async Task Without_a_mail_server_nobody_is_asked_to_confirm()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Smtp:Url"] = null, ["Smtp:From"] = null } });
        using var visitor = new Visitor(app).Speaking("fr");
        await SignUpAsync(visitor, Email);
        Assert.Contains("Presque prêt", visitor.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(Email, Phrase)).StatusCode);
        // Not confirmed by it: a mail server that comes later asks.
        Assert.False(await IsConfirmedAsync(app, Email));
    }

    private static Task SignUpAsync(Visitor visitor, string email, string password = Phrase) =>
        visitor.SubmitAsync("/sign-up", new() { ["name"] = "Lina M.", ["shop"] = "Dar Lina", ["email"] = email, ["password"] = password });

    private static string Shown(Visitor visitor) => WebUtility.HtmlDecode(visitor.Shown);

    private static async Task<bool> IsConfirmedAsync(TestApp app, string email)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.Accounts.AnyAsync(a => a.Email == email && a.EmailConfirmed);
    }
}
