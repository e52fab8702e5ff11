using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Workspaces;

/// <summary>The door of the merchant, through HTTP.</summary>
public sealed class SignInTests
{
    private const string Phrase = "une phrase bien à moi";

    [Theory, OnBothDatabases]
    public async Task Signing_up_makes_an_account_a_workspace_and_its_owner_who_signs_in(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        using var visitor = new Visitor(app).Speaking("fr");
        Assert.Equal(HttpStatusCode.OK, (await SignUpAsync(visitor, "lina@darlina.example")).StatusCode);
        Assert.Contains("Regardez vos e-mails", visitor.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/w/dar-lina/more")).StatusCode); // not signed in yet
        await app.ConfirmAsync("lina@darlina.example");
        await visitor.SignInAsync("lina@darlina.example", Phrase);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/w/dar-lina/more")).StatusCode);
        Assert.Contains("Dar Lina", visitor.Html, StringComparison.Ordinal);

        await using var scope = app.Get<OrderClosr.Ground.Tenancy.WorkspaceScopes>().OpenNone();
        var account = await scope.Db.Accounts.SingleAsync(a => a.Email == "lina@darlina.example");
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", account.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(Role.Owner, (await scope.Db.Members.SingleAsync(m => m.AccountId == account.Id)).Role);
    }

    [Theory, OnBothDatabases]
    public async Task Two_shops_of_one_name_get_two_addresses(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        foreach (var (email, slug) in new[] { ("a@darlina.example", "dar-lina"), ("b@darlina.example", "dar-lina-2") })
        {
            using var visitor = new Visitor(app);
            await SignUpAsync(visitor, email, "Dar  Lína!");
            await app.ConfirmAsync(email);
            await visitor.SignInAsync(email, Phrase);
            Assert.Equal($"/w/{slug}", (await visitor.GetAsync("/w")).Headers.Location?.ToString());
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_sign_up_does_not_say_whether_the_email_has_an_account_and_takes_nothing_from_it(Database database)
    {
        var hashes = new CountedPasswords();
        await using var app = await TestApp.StartAsync(database, new() { Services = hashes.StandIn });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        // The same words, and the same work: one Argon2.
        Assert.Equal(await TryAsync(shop.OwnerEmail), await TryAsync("free@nowhere.example"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignInAsync(shop.OwnerEmail, Phrase)).StatusCode); // the password is still the owner's own
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        Assert.Equal(1, await scope.Db.Members.CountAsync(m => m.AccountId == shop.OwnerId));
        Assert.Equal(2, await scope.Db.Workspaces.CountAsync());

        async Task<string> TryAsync(string email)
        {
            await visitor.GetAsync("/sign-up");
            hashes.Made = 0;
            var answer = await PostAsync(visitor, email, "Dar Lina");
            Assert.Equal(1, hashes.Made);
            var html = visitor.Shown.Replace(email, "X", StringComparison.Ordinal);
            return $"{answer.StatusCode} {string.Join(',', answer.Headers.Select(h => h.Key))} {html}";
        }
    }

    [Theory, OnBothDatabases]
    public async Task Signing_up_again_and_again_with_one_email_waits_whether_it_has_an_account_or_not(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        foreach (var email in new[] { shop.OwnerEmail, "new@nowhere.example" })
        {
            using var visitor = new Visitor(app).Speaking("fr");
            for (var i = 0; i < SigningUp.PerEmail; i++) Assert.Equal(HttpStatusCode.OK, (await SignUpAsync(visitor, email)).StatusCode);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignUpAsync(visitor, email)).StatusCode);
            Assert.Contains("Attendez cinq minutes", visitor.Html, StringComparison.Ordinal);
        }
    }

    /// <remarks>Seen to fail: counted after the look instead of before, eight of eight passed.</remarks>
    [Theory, OnBothDatabases]
    public async Task Of_sign_ups_and_letters_asked_for_at_the_same_moment_no_more_pass_than_one_by_one(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        foreach (var email in new[] { shop.OwnerEmail, "new@nowhere.example" })
        {
            Assert.Equal(SigningUp.PerEmail, await PassedAsync("/sign-up", ("name", "Lina M."), ("shop", "Dar Lina"), ("email", email), ("password", Phrase)));
            // A new address has its sign-ups' letters, an old one too: the hour's letters of an account are counted together.
            Assert.True(await PassedAsync("/forgot", ("email", email)) == AccountLinks.PerEmail);
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            var account = await scope.Db.Accounts.Where(a => a.Email == email).Select(a => a.Id).SingleAsync();
            Assert.Equal(AccountLinks.PerHour, await scope.Db.AccountLinks.CountAsync(l => l.AccountId == account));
        }

        async Task<int> PassedAsync(string path, params (string, string)[] fields)
        {
            var visitors = Enumerable.Range(0, 8).Select(_ => new Visitor(app).Speaking("fr")).ToList();
            try
            {
                foreach (var visitor in visitors) await visitor.GetAsync(path);
                var answers = await Task.WhenAll(visitors.Select(v => v.PostAsync(path, true, fields)));
                return answers.Count(a => a.StatusCode == HttpStatusCode.OK);
            }
            finally
            {
                visitors.ForEach(v => v.Dispose());
            }
        }
    }

    private static async Task<HttpResponseMessage> SignUpAsync(Visitor visitor, string email, string shop = "Dar Lina")
    {
        await visitor.GetAsync("/sign-up");
        return await PostAsync(visitor, email, shop);
    }

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string email, string shop) =>
        visitor.PostAsync("/sign-up", true, ("name", "Lina M."), ("shop", shop), ("email", email), ("password", Phrase));

    [Theory, OnBothDatabases]
    public async Task Signing_out_ends_the_session_on_the_server_even_for_a_copied_cookie(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var page = $"/w/{shop.Slug}/more";

        // A thief with a copy of the cookie.
        using var signIn = new Visitor(app);
        await signIn.GetAsync("/sign-in");
        var answer = await signIn.PostAsync("/sign-in", true, ("email", shop.OwnerEmail), ("password", shop.OwnerPassword));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("account=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await AskAsync()).StatusCode);
        await signIn.GetAsync(page);
        Assert.Equal(HttpStatusCode.Redirect, (await signIn.PostAsync("/sign-out")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await AskAsync()).StatusCode);
        // The other sign-in of the same account goes on.
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync(page)).StatusCode);

        async Task<HttpResponseMessage> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, page);
            request.Headers.Add("Cookie", cookie);
            return await app.Http.SendAsync(request);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_known_and_an_unknown_email_get_the_same_answer_for_the_same_work(Database database)
    {
        var hashes = new CountedPasswords();
        await using var app = await TestApp.StartAsync(database, new() { Services = hashes.StandIn });
        var shop = await app.NewShopAsync();
        using var visitor = new Visitor(app).Speaking("fr");
        // Alike at each round, also in how many tries are left.
        var answers = new HashSet<string>();
        for (var round = 1; round <= 3; round++)
        {
            answers.UnionWith([await TryAsync(shop.OwnerEmail), await TryAsync("nobody@nowhere.example")]);
            Assert.Equal(round, answers.Count);
        }

        async Task<string> TryAsync(string email)
        {
            await visitor.GetAsync("/sign-in");
            hashes.Made = 0;
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.PostAsync("/sign-in", true, ("email", email), ("password", "une autre phrase"))).StatusCode);
            Assert.Equal(1, hashes.Made);
            return visitor.Shown.Replace(email, "X", StringComparison.Ordinal);
        }
    }

    [Theory, OnBothDatabases]
    public async Task After_five_wrong_tries_even_the_right_password_waits_whether_the_account_exists_or_not(Database database)
    {
        var time = new TestClock(new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync(database, new() { Time = time });
        var shop = await app.NewShopAsync();
        foreach (var email in new[] { shop.OwnerEmail, "nobody@nowhere.example" })
        {
            using var visitor = new Visitor(app).Speaking("fr");
            for (var i = 1; i <= 5; i++)
            {
                await visitor.SignInAsync(email, "une autre phrase");
                Assert.Contains(i < 5 ? $"Essais restants : {5 - i}" : "Attendez cinq minutes", visitor.Html, StringComparison.Ordinal);
            }
            await visitor.SignInAsync(email, shop.OwnerPassword);
            Assert.Contains("Attendez cinq minutes", visitor.Html, StringComparison.Ordinal);
        }
        time.Advance(TimeSpan.FromMinutes(6));
        using var owner = new Visitor(app);
        Assert.Equal(HttpStatusCode.Redirect, (await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
    }

    [Theory, OnBothDatabases]
    public async Task Of_guesses_at_the_same_moment_no_more_are_looked_at_than_one_by_one(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var guessers = Enumerable.Range(0, 12).Select(_ => new Visitor(app)).ToList();
        foreach (var guesser in guessers) await guesser.GetAsync("/sign-in");
        await Task.WhenAll(guessers.Select(g => g.PostAsync("/sign-in", true, ("email", shop.OwnerEmail), ("password", "une autre phrase"), ("to", ""))));
        foreach (var guesser in guessers) guesser.Dispose();
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        // One entry for each that was compared with the password.
        Assert.Equal(SigningIn.PerAccount, await scope.Db.Set<AccountEntry>().CountAsync(e => e.Action == AuditAction.SignInRefused));
    }

    [Theory, OnBothDatabases]
    public async Task Of_guesses_of_many_accounts_at_the_same_moment_one_address_has_no_more_either_and_who_comes_in_is_none(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["SignIn:PerMinute"] = "1000" } });
        var shop = await app.NewShopAsync();
        // Those that were right do not count, however many.
        for (var i = 0; i < 3; i++)
        {
            using var owner = new Visitor(app);
            Assert.Equal(HttpStatusCode.Redirect, (await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword)).StatusCode);
        }
        using var guesser = new Visitor(app);
        await guesser.GetAsync("/sign-in");
        await Task.WhenAll(Enumerable.Range(0, SigningIn.PerAddress + 12).Select(async i =>
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("email", $"n{i}@nowhere.example"), KeyValuePair.Create("password", "une autre phrase"), KeyValuePair.Create("to", "")]);
            using var answer = await guesser.SendAsync(HttpMethod.Post, "/sign-in", form);
        }));
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        Assert.Equal(SigningIn.PerAddress, await scope.Db.Set<AccountEntry>().CountAsync(e => e.Action == AuditAction.SignInRefused));
    }

    [Theory, OnBothDatabases]
    public async Task One_address_that_tries_many_accounts_is_stopped(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["SignIn:PerMinute"] = "3" } });
        using var visitor = new Visitor(app).Speaking("fr");
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await visitor.SignInAsync($"n{i}@nowhere.example", "une autre phrase")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await visitor.SignInAsync("n9@nowhere.example", "une autre phrase")).StatusCode);
        Assert.Contains("Trop d", visitor.Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Behind_a_proxy_each_visitor_has_the_own_address_and_nobody_writes_another(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new() { Settings = new Dictionary<string, string?> { ["SignIn:PerMinute"] = "1000", ["Public:Proxies"] = "127.0.0.1, 10.1.2.3, 10.9.0.0/16" } });
        var shop = await app.NewShopAsync();
        // The last address before a known proxy is the visitor; what they wrote before it themselves is theirs, too.
        foreach (var forwarded in (string[])["203.0.113.5", "203.0.113.5:4711", "198.51.100.9, 203.0.113.5", "127.0.0.1, 203.0.113.5", "nonsense, 203.0.113.5", "203.0.113.5, 10.1.2.3", "203.0.113.5, 10.9.7.7, 10.1.2.3"])
            await WrongAsync(5, forwarded);
        Assert.Equal(SigningIn.PerAddress, await RefusedAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await ComesAsync("203.0.113.5"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await ComesAsync("192.0.2.77, 203.0.113.5"));
        Assert.Equal(HttpStatusCode.Redirect, await ComesAsync("203.0.113.6"));
        Assert.Equal(HttpStatusCode.Redirect, await ComesAsync("2001:db8::5"));

        // Without an address that can be read it is the proxy's own.
        foreach (var forwarded in (string?[])["nonsense", null, "", "999.1.1.1", "unknown", "10.1.2.3, nonsense", "nonsense"]) await WrongAsync(5, forwarded);
        Assert.Equal(2 * SigningIn.PerAddress, await RefusedAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await ComesAsync(null));
        Assert.Equal(HttpStatusCode.Redirect, await ComesAsync("203.0.113.6"));

        async Task WrongAsync(int times, string? forwarded)
        {
            for (var i = 0; i < times; i++) await TryAsync($"n{Guid.NewGuid():N}@nowhere.example", "une autre phrase", forwarded);
        }

        Task<HttpStatusCode> ComesAsync(string? forwarded) => TryAsync(shop.OwnerEmail, shop.OwnerPassword, forwarded);

        async Task<HttpStatusCode> TryAsync(string email, string password, string? forwarded)
        {
            using var visitor = From(app, forwarded);
            return (await visitor.SignInAsync(email, password)).StatusCode;
        }

        async Task<int> RefusedAsync()
        {
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            return await scope.Db.Set<AccountEntry>().CountAsync(e => e.Action == AuditAction.SignInRefused);
        }
    }

    [Theory, InlineData("127.0.0.1, ::1"), InlineData("10.0.0.5"), InlineData(null)]
    public async Task Only_a_proxy_that_is_named_is_believed_about_address_and_TLS(string? proxies)
    {
        var isKnown = proxies == "127.0.0.1, ::1";
        await using var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["SignIn:PerMinute"] = "3", ["Public:Proxies"] = proxies } });
        for (var i = 1; i <= 4; i++)
        {
            using var visitor = From(app, $"203.0.113.{i}");
            Assert.Equal(i <= 3 || isKnown ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.TooManyRequests, (await visitor.SignInAsync($"n{i}@nowhere.example", "une autre phrase")).StatusCode);
        }
        using var secure = From(app, "203.0.113.9");
        secure.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var answer = await secure.GetAsync("/sign-in");
        Assert.Equal(isKnown, answer.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(isKnown, answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("form=", StringComparison.Ordinal)).Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, InlineData("proxy.example"), InlineData("10.0.0.5; 10.0.0.6"), InlineData("10.0.0.0/40"), InlineData("*")]
    public async Task A_proxy_that_is_no_address_stops_the_start(string proxies) =>
        Assert.Contains("Public__Proxies", (await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Public:Proxies"] = proxies } }))).Message, StringComparison.Ordinal);

    private static Visitor From(TestApp app, string? forwarded)
    {
        var visitor = new Visitor(app);
        if (forwarded is not null) visitor.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        return visitor;
    }

    [Theory, OnBothDatabases]
    public async Task A_return_address_leads_back_to_our_own_pages_only(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        foreach (var (to, lands) in new[] { ($"/w/{shop.Slug}/more", $"/w/{shop.Slug}/more"), ("https://evil.example/", "/w"), ("//evil.example/", "/w"), ("/\\evil.example", "/w"), ("/\tevil", "/w") })
        {
            using var visitor = new Visitor(app);
            var answer = await visitor.SignInAsync(shop.OwnerEmail, shop.OwnerPassword, to);
            Assert.Equal(lands, answer.Headers.Location?.ToString());
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_stranger_is_sent_to_the_door_and_back(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        var answer = await app.Http.GetAsync($"/w/{shop.Slug}/more?x=1");
        Assert.Equal($"/sign-in?to=%2Fw%2F{shop.Slug}%2Fmore%3Fx%3D1", answer.Headers.Location is { IsAbsoluteUri: true } whole ? whole.PathAndQuery : answer.Headers.Location?.OriginalString);
    }

    [Theory, OnBothDatabases]
    public async Task A_member_of_two_workspaces_chooses_and_a_foreign_one_does_not_exist(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var (mine, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, mine);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync($"/w/{other.Slug}/more")).StatusCode);
        Assert.DoesNotContain(other.Name, owner.Html, StringComparison.Ordinal);
        await owner.GetAsync("/w/new");
        var made = await owner.PostAsync("/w/new", true, ("shop", "Lina Kids"));
        Assert.Equal("/w/lina-kids", made.Headers.Location?.ToString());
        await owner.GetAsync("/w");
        Assert.Contains("/w/lina-kids", owner.Html, StringComparison.Ordinal);
        Assert.Contains($"/w/{mine.Slug}", owner.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1234567", false), InlineData("password", false), InlineData("Password123!", false), InlineData("azertyuiop", false), InlineData("12345678", false), InlineData("aaaaaaaaaa", false),
     InlineData("abcabcabc", false), InlineData("algerie2024", false), InlineData("P4ssw0rd99", false), InlineData("qwerty123456", false), InlineData("mouloudia1921", false), InlineData("iloveyou!!", false),
     InlineData("une phrase bien à moi", true), InlineData("zorg-plume-42-canif", true), InlineData("Xk29vbQq", true), InlineData("كلمة سر طويلة جدا", true)]
    public void A_password_anybody_would_try_is_refused_and_no_composition_is_asked(string password, bool good) => Assert.Equal(good, PasswordRules.Check(password) is null);

    [Fact]
    public void What_people_everywhere_and_here_choose_is_refused()
    {
        // Typed from memory of what is known to be chosen.
        const string Chosen = """
            password1 Password1! P@ssw0rd passw0rd123 iloveyou1 iloveyou2 sunshine1 princess1 football1 baseball12 superman1 batman123 welcome1 Welcome2024 letmein123 trustno1 qwerty12 qwerty123 qwertyuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx
            q1w2e3r4 asdfghjkl zxcvbnm1 azerty123 azertyuiop qsdfghjklm 123456789 987654321 12341234 11111111 00000000 1234567890 147258369 abcd1234 abc12345 aaaaaaaa admin123 administrator1 computer1 internet1 starwars1 whatever1 michelle1
            jennifer1 jordan23 liverpool1 chelsea123 barcelona10 realmadrid7 messi1010 ronaldo7 Cristiano7 pokemon123 naruto123 samsung123 iphone2020 facebook1 google123 dragon123 monkey123 tigger12 shadow123 master123 killer123 hello123 loveme12
            algerie123 algerie213 Algeria2019 vivalalgerie 123viva! onetwothree oran31000 alger16000 constantine25 setif1919 mouloudia1921 usma1937 jskabylie15 mahrez26 bismillah1 allahakbar1 inchallah1 alhamdulillah hamdoulillah1 mohamed123 mohamed1990
            amina1995 yasmine2000 karim1985 fatima123 youcef2010 motdepasse1 motdepasse! jetaime1 monamour12 soleil123 chouchou1 bonjour123 marseille13 nicolas12 djezzy2020 mobilis06 ramadan2024 habibi123 maman1234 papamaman mamanpapa soniaamine1 loveallah
            """;
        var passed = Chosen.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(p => p.Length >= PasswordRules.Shortest && PasswordRules.Check(p) is null).ToList();
        Assert.True(passed.Count == 0, string.Join(' ', passed));
    }

    [Fact]
    public void The_3000_passwords_that_leak_most_are_refused_also_in_capitals_and_its_words_with_a_tail()
    {
        var most = CommonPasswords.Lines("common-passwords.txt").Where(p => p.Length >= PasswordRules.Shortest).Take(3000).ToList();
        Assert.Equal(3000, most.Count);
        Assert.Equal(["password", "12345678", "123456789", "baseball", "football"], most.Take(5));
        Assert.DoesNotContain(most, p => PasswordRules.Check(p) is null || PasswordRules.Check(p.ToUpperInvariant()) is null);
        // Words of the ranking that our own list does not have.
        foreach (var word in (string[])["mustang", "Yankees", "wh4tever", "Scooter"])
            foreach (var tail in (string[])["12", "!!", "2024", "1990!"])
                if ((word + tail).Length >= PasswordRules.Shortest) Assert.Equal("password_common", PasswordRules.Check(word + tail)?.Code);
        foreach (var good in (string[])["mustang parle au facteur", "le scooter bleu de tata zohra", "vingt chaises dans le désert", "nheb n3oum f tipaza kol sif", "rkvu-7qpl-xx3d"]) Assert.Null(PasswordRules.Check(good));
    }

    [Fact]
    public async Task A_password_of_the_operators_corpus_of_breaches_is_refused_wherever_one_is_chosen_and_no_other_is()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var (file, wrong) = (Path.Combine(folder, "breached.txt"), Path.Combine(folder, "wrong.txt"));
        string[] known = [.. Enumerable.Range(0, 500).Select(i => $"le canif numéro {i} du facteur")];
#pragma warning disable CA5350 // the corpus names passwords so
        await File.WriteAllTextAsync(file, string.Join("\r\n", known.Select(p => $"{Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes(p)))}:{p.Length}").Order(StringComparer.Ordinal)) + "\r\n");
#pragma warning restore CA5350
        await File.WriteAllTextAsync(wrong, "password\n");
        var breached = new BreachedPasswords(Set(file));
        Assert.All(known, p => Assert.Equal("password_breached", breached.Check(p)?.Code));
        Assert.All(Enumerable.Range(500, 500), i => Assert.Null(breached.Check($"le canif numéro {i} du facteur")));
        Assert.Null(new BreachedPasswords(Set(null)).Check(known[0]));
        await using (var app = await TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Passwords:BreachedFile"] = file } }))
        {
            var shop = await app.NewShopAsync();
            using var owner = await Visitor.OwnerOfAsync(app, shop);
            await owner.ReadAsync("/account");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.PostAsync("/account/password", true, ("old_password", shop.OwnerPassword), ("password", known[7]))).StatusCode);
            Assert.Contains("a fuité d'un autre site", WebUtility.HtmlDecode(owner.Html), StringComparison.Ordinal);
            await owner.SubmitAsync("/forgot", new() { ["email"] = shop.OwnerEmail });
            var link = (await app.LetterAsync(shop.OwnerEmail)).Link;
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await owner.SubmitAsync(link, new() { ["password"] = known[8] })).StatusCode);
            using var stranger = new Visitor(app).Speaking("fr");
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.SubmitAsync("/sign-up", new() { ["name"] = "Lina", ["shop"] = "Dar Lina", ["email"] = "lina@darlina.example", ["password"] = known[9] })).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await stranger.SubmitAsync("/sign-up", new() { ["name"] = "Lina", ["shop"] = "Dar Lina", ["email"] = "lina@darlina.example", ["password"] = Phrase })).StatusCode);
        }
        // What would let everything pass is said before anybody is served.
        foreach (var bad in (string[])[wrong, Path.Combine(folder, "nowhere.txt")])
            Assert.Contains("Passwords__BreachedFile", (await Assert.ThrowsAsync<StartRefused>(() => TestApp.StartAsync(Database.Sqlite, new() { Settings = new Dictionary<string, string?> { ["Passwords:BreachedFile"] = bad } }))).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);

        static IConfiguration Set(string? path) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Passwords:BreachedFile", path)]).Build();
    }

    [Fact]
    public void Passwords_of_65_and_256_characters_pass_and_longer_ones_are_refused_before_they_cost_anything()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => (char)('a' + i * 7 % 26)));
        Assert.Null(PasswordRules.Check(text[..65]));
        Assert.Null(PasswordRules.Check(text[..256]));
        Assert.Equal("password_long", PasswordRules.Check(text[..257])!.Code);
    }

    [Fact]
    public void The_shop_s_own_name_is_no_password() => Assert.Equal("password_common", PasswordRules.Check("darlina2026", "x", "Dar Lina".Replace(" ", "", StringComparison.Ordinal))!.Code);
}
