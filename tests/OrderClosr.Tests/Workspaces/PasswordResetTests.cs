using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Mail;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>A forgotten password, from the page over a real mail server to the new one.</summary>
public sealed class PasswordResetTests
{
    private const string Phrase = "une toute autre phrase", Nobody = "nobody@nowhere.example";

    [Theory, OnBothDatabases]
    public async Task A_letter_leads_to_a_new_password_once_and_every_session_ends(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var visitor = new Visitor(app).Speaking("fr");
        await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail.ToUpperInvariant() });
        Assert.Contains("Regardez vos e-mails", visitor.Html, StringComparison.Ordinal);
        var letter = await app.LetterAsync(shop.OwnerEmail);
        Assert.Equal("Choisissez un nouveau mot de passe", letter.Subject);
        Assert.Contains("une seule fois", letter.Text, StringComparison.Ordinal);

        // A scanner of mail opens the link, twice; a weak password is refused: neither uses it up.
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(letter.Link)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.PostAsync(letter.Link, true, ("password", "azertyuiop"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostAsync(letter.Link, true, ("password", Phrase))).StatusCode);

        Assert.Equal(HttpStatusCode.Redirect, (await owner.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
        var told = await app.LetterAsync(shop.OwnerEmail, 2);
        Assert.Equal("Votre mot de passe a changé", told.Subject);
        Assert.Equal("/forgot", told.Link);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(shop.OwnerEmail, Phrase)).StatusCode);
        await app.LetterAsync(shop.OwnerEmail, 3); // of the browser that is new to this account

        // The same link again.
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(letter.Link)).StatusCode);
        await visitor.GetAsync("/forgot");
        Assert.Equal(HttpStatusCode.Gone, (await visitor.PostAsync(letter.Link, true, ("password", "encore une autre phrase"))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(shop.OwnerEmail, Phrase)).StatusCode);
        Assert.Equal(3, (await app.LettersAsync(shop.OwnerEmail)).Length);

        // Neither the link nor the address stands in a log or in a job.
        var token = letter.Link.Split('/')[^1];
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(token, StringComparison.Ordinal) || line.Contains(shop.OwnerEmail, StringComparison.OrdinalIgnoreCase));
        foreach (var job in await JobsAsync(app)) Assert.False(job.Payload.Contains(token, StringComparison.Ordinal) || job.Payload.Contains("example.test", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_link_that_is_too_old_or_changed_leads_nowhere_and_a_good_one_changes_its_own_account_alone(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var (a, b) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var visitor = new Visitor(app).Speaking("fr");
        await visitor.SubmitAsync("/forgot", new() { ["email"] = a.OwnerEmail });
        var old = (await app.LetterAsync(a.OwnerEmail)).Link;
        time.Advance(AccountLinks.Lasts(LinkPurpose.Reset));
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(old)).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await visitor.PostAsync(old, true, ("password", Phrase))).StatusCode);

        foreach (var email in new[] { a.OwnerEmail, a.OwnerEmail, b.OwnerEmail }) await visitor.SubmitAsync("/forgot", new() { ["email"] = email });
        var (second, ofB) = ((await app.LetterAsync(a.OwnerEmail, 3)).Link, (await app.LetterAsync(b.OwnerEmail)).Link);
        var first = (await app.LettersAsync(a.OwnerEmail))[1].Link;
        foreach (var wrong in new[] { second[..^1] + (second[^1] == 'A' ? 'B' : 'A'), "/reset/abc", $"/reset/{new string('x', 3000)}" }) Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(wrong)).StatusCode);

        // Of A, sent with the words of B.
        await visitor.GetAsync(second);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostAsync(second, true, ("password", Phrase), ("email", b.OwnerEmail), ("account", b.OwnerId.ToString()))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(a.OwnerEmail, Phrase)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(b.OwnerEmail, b.OwnerPassword)).StatusCode);
        // With it A's other open link is void; B's is not touched.
        Assert.Equal(HttpStatusCode.Gone, (await visitor.GetAsync(first)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync(ofB)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Asking_for_a_link_says_nothing_about_an_address_and_costs_the_same(Database database)
    {
        var hashes = new CountedPasswords();
        await using var app = await TestApp.StartAsync(database, new() { Services = hashes.StandIn });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        hashes.Made = 0;
        Assert.Equal(await AskAsync(shop.OwnerEmail), await AskAsync(Nobody));
        Assert.Equal(0, hashes.Made);
        Assert.Single(await app.LettersAsync(shop.OwnerEmail));
        Assert.Empty(await app.LettersAsync(Nobody));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(Nobody, StringComparison.Ordinal));

        async Task<string> AskAsync(string email)
        {
            var (links, jobs) = (await CountAsync(), (await JobsAsync(app)).Count);
            await visitor.GetAsync("/forgot");
            Assert.Equal(HttpStatusCode.OK, (await visitor.PostAsync("/forgot", true, ("email", email))).StatusCode);
            // The same rows whether there is an account or not.
            Assert.Equal((links + 1, jobs + 1), (await CountAsync(), (await JobsAsync(app)).Count));
            await Eventually.HoldsAsync(async () => (await JobsAsync(app)).All(j => j.State is JobState.Done or JobState.Dropped));
            return visitor.Shown.Replace(email, "X", StringComparison.Ordinal);
        }

        async Task<int> CountAsync()
        {
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            return await scope.Db.AccountLinks.CountAsync();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Asking_again_and_again_waits_and_fills_nobodys_mailbox(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        foreach (var email in new[] { shop.OwnerEmail, Nobody })
        {
            for (var i = 0; i < AccountLinks.PerEmail; i++) Assert.Equal(HttpStatusCode.OK, (await visitor.SubmitAsync("/forgot", new() { ["email"] = email })).StatusCode);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SubmitAsync("/forgot", new() { ["email"] = email })).StatusCode);
            Assert.Contains("Attendez cinq minutes", visitor.Html, StringComparison.Ordinal);
        }
        await app.LetterAsync(shop.OwnerEmail, AccountLinks.PerHour);
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.OK, (await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail })).StatusCode);
        Assert.Contains("Regardez vos e-mails", visitor.Html, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await JobsAsync(app)).All(j => j.State is JobState.Done or JobState.Dropped));
        Assert.Equal(AccountLinks.PerHour, (await app.LettersAsync(shop.OwnerEmail)).Length);
    }

    [Fact]
    public async Task Letters_speak_the_accounts_language()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        using var visitor = new Visitor(app).Speaking("fr");
        foreach (var (language, subject, direction) in new[] { ("fr", "Choisissez un nouveau mot de passe", "ltr"), ("ar", "اختر كلمة سر جديدة", "rtl"), ("en", "Choose a new password", "ltr") })
        {
            var shop = await app.NewShopAsync();
            await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
            {
                var account = await scope.Db.Accounts.SingleAsync(a => a.Id == shop.OwnerId);
                account.Language = language;
                await scope.Db.SaveChangesAsync();
            }
            await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
            var letter = await app.LetterAsync(shop.OwnerEmail);
            Assert.Equal((language, subject), (letter.Language, letter.Subject));
            Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", letter.Html, StringComparison.Ordinal);
            Assert.StartsWith("/reset/", letter.Link, StringComparison.Ordinal);
            Assert.DoesNotContain("[mails.", letter.Text + letter.Html, StringComparison.Ordinal);
        }
        // Whoever signs in reads on in the language of the pages.
        var last = await app.NewShopAsync();
        using var arabic = new Visitor(app).Speaking("ar");
        await arabic.SignInAsync(last.OwnerEmail, last.OwnerPassword);
        await visitor.SubmitAsync("/forgot", new() { ["email"] = last.OwnerEmail });
        Assert.Equal("ar", (await app.LetterAsync(last.OwnerEmail)).Language);
    }

    [Theory, OnBothDatabases]
    public async Task A_letter_outlives_a_server_that_is_away_and_a_password_that_is_wrong(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        var port = Ports.Free();
        await using var app = await TestApp.StartAsync(database, new()
        {
            Time = time, Sandbox = o => o with { MailPort = port },
            Settings = new Dictionary<string, string?> { ["Smtp:Url"] = $"smtp://bonjour:mot%20de%20passe@127.0.0.1:{port}" },
        });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        await app.Sandbox.PostAsJsonAsync("/mail/_faults", new { kind = "error", path = "/data", status = 451, count = 1 });
        await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
        await Eventually.HoldsAsync(async () => (await JobsAsync(app)).Any(j => j is { State: JobState.Waiting, Attempts: 1 }));
        Assert.Equal("The mail server says: later (451).", (await JobsAsync(app)).Single().LastFailure);
        Assert.Empty(await app.LettersAsync(shop.OwnerEmail));
        time.Advance(TimeSpan.FromSeconds(6));
        var first = await app.LetterAsync(shop.OwnerEmail);
        Assert.EndsWith("@orderclosr.example", first.MessageId, StringComparison.Ordinal);

        await app.Sandbox.PostAsJsonAsync("/mail/_faults", new { kind = "wrong-password" });
        await visitor.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
        await Eventually.HoldsAsync(async () => (await JobsAsync(app)).Any(j => j.State == JobState.Parked));
        Assert.DoesNotContain(await JobsAsync(app), j => j.LastFailure?.Contains("mot de passe", StringComparison.Ordinal) == true);
        await app.Sandbox.DeleteAsync("/mail/_faults");
        // The operator mends the setting and starts again.
        foreach (var start in (IEnumerable<IHostedService>)app.Services.GetService(typeof(IEnumerable<IHostedService>))!)
            if (start.GetType().DeclaringType == typeof(MailSetup)) await start.StartAsync(default);
        var second = await app.LetterAsync(shop.OwnerEmail, 2);
        Assert.NotEqual(first.MessageId, second.MessageId);
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_promised()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Smtp:Url"] = null, ["Smtp:From"] = null } });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        await visitor.GetAsync("/sign-in");
        Assert.DoesNotContain("/forgot", visitor.Html, StringComparison.Ordinal);
        Assert.Contains("envoie pas encore", await visitor.ReadAsync("/forgot"), StringComparison.Ordinal);
        await visitor.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await visitor.PostAsync("/forgot", true, ("email", shop.OwnerEmail))).StatusCode);
        Assert.Empty(await JobsAsync(app));
        Assert.Contains(app.Logs.Lines, line => line.Contains("Smtp__Url", StringComparison.Ordinal));
    }

    private static async Task<List<Job>> JobsAsync(TestApp app)
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenEverywhere("the test looks at letters of accounts");
        return await scope.Db.Everywhere<Job>().AsNoTracking().Where(j => j.Kind == "send_account_letter").ToListAsync();
    }
}
