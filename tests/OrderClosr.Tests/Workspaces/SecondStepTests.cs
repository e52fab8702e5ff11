using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>The second step at sign-in, through HTTP.</summary>
public sealed class SecondStepTests
{
    [Theory, OnBothDatabases]
    public async Task A_code_of_the_app_is_asked_for_and_each_lets_in_once(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);

        // An open browser alone is not enough, and a secret nobody typed a code of is not asked for.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync("/account/second-step", new() { ["password"] = "une autre phrase" })).StatusCode);
        Assert.Contains("Essais restants : 4", owner.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync("/account/second-step", true, ("password", shop.OwnerPassword))).StatusCode);
        var secret = SecretOn(await owner.ReadAsync("/account/second-step"));
        Assert.Contains("<svg class=\"qr\"", owner.Html, StringComparison.Ordinal);
        using (var early = new Visitor(app)) Assert.Equal("/w", (await early.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).Headers.Location?.ToString());
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
            Assert.DoesNotContain(secret, (await scope.Db.SecondSteps.SingleAsync(s => s.AccountId == shop.OwnerId)).Secret.Token, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/second-step/confirm", true, ("code", CodeAt(2)))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/account/second-step/confirm", true, ("code", CodeAt(0)))).StatusCode);
        var codes = CodesOn(owner.Html);
        Assert.Equal(RecoveryCodes.Count, codes.Count);
        // Shown this once, and neither are stored.
        Assert.DoesNotContain(secret, await owner.ReadAsync("/account/second-step"), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg class=\"qr\"", owner.Html, StringComparison.Ordinal);
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
            Assert.All(await scope.Db.RecoveryCodes.Where(c => c.AccountId == shop.OwnerId).ToListAsync(), c => Assert.StartsWith("$argon2id$", c.Hash, StringComparison.Ordinal));

        // The password alone opens nothing.
        using var phone = new Visitor(app).Speaking("fr");
        Assert.Equal($"/sign-in/code?to=%2Fw%2F{shop.Slug}%2Fmore", (await phone.SignInAsync(shop.OwnerEmail, shop.OwnerPassword, $"/w/{shop.Slug}/more")).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync($"/w/{shop.Slug}/more")).StatusCode);
        // The code that turned it on was used by that.
        await TryAsync(phone, CodeAt(0), "déjà servi");
        await TryAsync(phone, CodeAt(-2), "Essais restants : 3");
        await TryAsync(phone, CodeAt(2), "Essais restants : 2");
        time.Advance(OneTimeCode.Step);
        Assert.Equal("/w", (await phone.PostAsync("/sign-in/code", true, ("code", CodeAt(0)), ("to", "//evil.example"))).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync($"/w/{shop.Slug}/more")).StatusCode);

        // A second browser with the same code, with the one before it, then with the next.
        using var thief = await HalfwayAsync(app, shop);
        await TryAsync(thief, CodeAt(0), "déjà servi");
        await TryAsync(thief, CodeAt(-1), "déjà servi");
        await OpensAsync(thief, CodeAt(1));

        // On paper: once, however it is typed.
        using var lost = await HalfwayAsync(app, shop);
        await OpensAsync(lost, codes[0].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant());
        using var again = await HalfwayAsync(app, shop);
        await TryAsync(again, codes[0], "Essais restants : 4");
        Assert.Contains($"Codes de secours restants : {RecoveryCodes.Count - 1}", await owner.ReadAsync("/account"), StringComparison.Ordinal);

        // New ones make the old ones void.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync("/account/second-step/codes", new() { ["password"] = "" }, "/account/second-step")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/account/second-step/codes", true, ("password", shop.OwnerPassword))).StatusCode);
        var fresh = CodesOn(owner.Html);
        Assert.Empty(fresh.Intersect(codes));
        await TryAsync(again, codes[1], "Essais restants : 3");
        await OpensAsync(again, fresh[0]);

        // Off only with the password, and then it is gone.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync("/account/second-step/off", new() { ["password"] = "une autre phrase" }, "/account/second-step")).StatusCode);
        Assert.Equal("/account", (await owner.PostAsync("/account/second-step/off", true, ("password", shop.OwnerPassword))).Headers.Location?.ToString());
        using var free = new Visitor(app);
        Assert.Equal("/w", (await free.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).Headers.Location?.ToString());
        // Each of it was told to its person by letter.
        var told = await Eventually.FindsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).Where(l => l.Subject == "La sécurité de votre compte a changé").ToList() is { Count: 3 } all ? all : null);
        foreach (var what in (string[])["en deux étapes a été activée", "de nouveaux codes de secours", "en deux étapes a été désactivée"]) Assert.Single(told, l => l.Text.Contains(what, StringComparison.Ordinal) && l.Link == "/forgot");
        await using (var scope = app.Get<WorkspaceScopes>().OpenNone())
        {
            Assert.False(await scope.Db.SecondSteps.AnyAsync() || await scope.Db.RecoveryCodes.AnyAsync());
            var log = await scope.Db.Set<AccountEntry>().Where(e => e.AccountId == shop.OwnerId).Select(e => e.Action).ToListAsync();
            foreach (var (action, times) in new[] { (AuditAction.SecondStepOn, 1), (AuditAction.SecondStepRefused, 7), (AuditAction.RecoveryCodesMade, 1), (AuditAction.SecondStepOff, 1) })
                Assert.Equal(times, log.Count(a => a == action));
        }

        string CodeAt(int away) => OneTimeCode.Of(secret, OneTimeCode.StepOf(time.GetUtcNow()) + away);
    }

    [Theory, OnBothDatabases]
    public async Task A_code_counts_once_on_all_nodes_and_guessing_waits(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var shop = await app.NewShopAsync();
        var (secret, codes) = await TurnOnAsync(app, shop, time);
        time.Advance(OneTimeCode.Step);

        // As nodes do: each with a context of its own, all at once, with nothing between them but the row.
        foreach (var code in new[] { OneTimeCode.Of(secret, OneTimeCode.StepOf(time.GetUtcNow())), codes[0] })
            Assert.Single(await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                await using var scope = app.Get<WorkspaceScopes>().OpenNone();
                return await scope.Get<SecondSteps>().CheckAsync(await scope.Db.Accounts.AsNoTracking().SingleAsync(a => a.Id == shop.OwnerId), code, default);
            }))), refusal => refusal is null);

        time.Advance(TimeSpan.FromMinutes(6));
        using var guesser = await HalfwayAsync(app, shop);
        for (var i = 1; i <= SecondSteps.PerAccount; i++) await TryAsync(guesser, $"{i * 111111}", i < SecondSteps.PerAccount ? $"Essais restants : {SecondSteps.PerAccount - i}" : "Attendez cinq minutes");
        // Now even the right one, of either kind, from wherever, waits.
        using var owner = await HalfwayAsync(app, shop);
        await TryAsync(owner, OneTimeCode.Of(secret, OneTimeCode.StepOf(time.GetUtcNow())), "Attendez cinq minutes");
        await TryAsync(owner, codes[1], "Attendez cinq minutes");
        time.Advance(TimeSpan.FromMinutes(6));
        await OpensAsync(owner, OneTimeCode.Of(secret, OneTimeCode.StepOf(time.GetUtcNow())));
    }

    [Theory, OnBothDatabases]
    public async Task A_shop_that_demands_it_lets_in_no_member_without_it_and_leads_them_to_it(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var (shop, own) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var member = await Visitor.OwnerOfAsync(app, own);
        await app.AddMemberAsync(shop, own.OwnerId, Role.Manager);
        string settings = $"/w/{shop.Slug}/settings", page = $"{settings}/workspaces";

        // Whoever demands it has it.
        Assert.Contains("mot de passe seul", await owner.ReadAsync(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await owner.PostAsync($"{settings}/second-step", true, ("on", "true"))).StatusCode);
        Assert.Contains("de votre propre compte", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/inbox")).StatusCode);
        await TurnOnAsync(app, shop, time);
        await owner.ReadAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{settings}/second-step", true, ("on", "true"))).StatusCode);
        Assert.Contains("deux étapes exigées", await owner.ReadAsync($"{settings}/audit"), StringComparison.Ordinal);

        // With the next request the member is led to it, whatever was asked; the own shop is as open as before.
        foreach (var answer in (HttpResponseMessage[])[await member.GetAsync($"/w/{shop.Slug}/inbox"), await member.PostAsync($"/w/{shop.Slug}/controls/pause")])
            Assert.Equal("/account/second-step", answer.Headers.Location?.ToString());
        Assert.Contains("Activez-la pour entrer", await member.ReadAsync("/account/second-step"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{own.Slug}/inbox")).StatusCode);
        await TurnOnAsync(app, own, time);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync($"/w/{shop.Slug}/inbox")).StatusCode);

        // And with the box empty everybody comes in again.
        await owner.ReadAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.PostAsync($"{settings}/second-step")).StatusCode);
        await using var scope = app.In(shop.Id);
        Assert.False(await scope.Db.Workspaces.Where(w => w.Id == shop.Id).Select(w => w.NeedsSecondStep).SingleAsync());
    }

    [Fact]
    public async Task An_operator_who_demands_it_of_everybody_lets_nobody_into_a_shop_without_it()
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Time = time, Settings = new Dictionary<string, string?> { ["Accounts:SecondStep"] = "everybody" } });
        var shop = await app.NewShopAsync();
        using var owner = new Visitor(app).Speaking("fr");
        await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword);
        Assert.Equal("/account/second-step", (await owner.GetAsync($"/w/{shop.Slug}/inbox")).Headers.Location?.ToString());
        Assert.DoesNotContain(shop.Name, await owner.ReadAsync("/account"), StringComparison.Ordinal);
        await TurnOnAsync(app, shop, time);
        Assert.Contains("exigée de tout le monde", await owner.ReadAsync($"/w/{shop.Slug}/settings/workspaces"), StringComparison.Ordinal);
        Assert.Equal((1, true), (await AppProcess.VerbAsync(app, new Dictionary<string, string> { ["Accounts:SecondStep"] = "yes" }, "check")) is var (code, said) ? (code, said.Contains("Accounts__SecondStep is everybody or nothing.", StringComparison.Ordinal)) : default);
    }

    [Fact]
    public async Task Between_password_and_code_nothing_opens_nothing_is_made_up_and_it_ends()
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Time = time });
        var shop = await app.NewShopAsync();
        var (_, codes) = await TurnOnAsync(app, shop, time);

        using var stranger = new Visitor(app).Speaking("fr");
        Assert.Equal("/sign-in", (await stranger.GetAsync("/sign-in/code")).Headers.Location?.ToString());
        stranger.Http.DefaultRequestHeaders.Add("Cookie", "half=CfDJ8AAAA");
        Assert.Equal("/sign-in", (await stranger.GetAsync("/sign-in/code")).Headers.Location?.ToString());

        using var slow = await HalfwayAsync(app, shop);
        time.Advance(HalfSignIn.Lasts);
        Assert.Equal("/sign-in", (await slow.PostAsync("/sign-in/code", true, ("code", codes[0]))).Headers.Location?.ToString());
        await slow.GetAsync("/sign-in");
        Assert.Contains("trop long", slow.Html, StringComparison.Ordinal);

        // Whoever chose a new password meanwhile did not give this one.
        using var old = await HalfwayAsync(app, shop);
        using var reader = new Visitor(app);
        await reader.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
        var link = (await Eventually.FindsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).FirstOrDefault(l => l.Link.StartsWith("/reset/", StringComparison.Ordinal)))).Link;
        Assert.Equal(HttpStatusCode.Redirect, (await reader.SubmitAsync(link, new() { ["password"] = "encore une autre phrase" })).StatusCode);
        Assert.Equal("/sign-in", (await old.PostAsync("/sign-in/code", true, ("code", codes[0]))).Headers.Location?.ToString());
        // Who reads the mail has the password, not the second step.
        Assert.StartsWith("/sign-in/code", (await reader.SignInAsync(shop.OwnerEmail, "encore une autre phrase")).Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An owner whose second step is on; the code of the present step is used by it.</summary>
    internal static async Task<(string Secret, List<string> Codes)> TurnOnAsync(TestApp app, Shop shop, TimeProvider time)
    {
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await owner.SubmitAsync("/account/second-step", new() { ["password"] = shop.OwnerPassword });
        var secret = SecretOn(await owner.ReadAsync("/account/second-step"));
        await owner.PostAsync("/account/second-step/confirm", true, ("code", OneTimeCode.Of(secret, OneTimeCode.StepOf(time.GetUtcNow()))));
        return (secret, CodesOn(owner.Html));
    }

    private static async Task<Visitor> HalfwayAsync(TestApp app, Shop shop)
    {
        var visitor = new Visitor(app).Speaking("fr");
        Assert.Equal("/sign-in/code", (await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).Headers.Location?.ToString());
        await visitor.ReadAsync("/sign-in/code");
        return visitor;
    }

    private static async Task TryAsync(Visitor visitor, string code, string says)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.PostAsync("/sign-in/code", true, ("code", code))).StatusCode);
        Assert.Contains(says, WebUtility.HtmlDecode(visitor.Html), StringComparison.Ordinal);
    }

    private static async Task OpensAsync(Visitor visitor, string code) => Assert.Equal("/w", (await visitor.PostAsync("/sign-in/code", true, ("code", code))).Headers.Location?.ToString());

    internal static string SecretOn(string html) => Regex.Match(html, "class=\"secret\"[^>]*>([A-Z2-7 ]+)<").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);

    internal static List<string> CodesOn(string html) => [.. Regex.Matches(html, "<code>([A-Z2-7-]{14})</code>").Select(m => m.Groups[1].Value)];
}
