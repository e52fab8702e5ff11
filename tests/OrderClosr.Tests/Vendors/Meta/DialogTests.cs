using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Tests.Promises;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Connecting by Meta's own dialogues, through the browser's way: Facebook Login, Instagram Login, WhatsApp's sign-up.</summary>
/// <remarks>Seen to fail: when an answer counts in any browser and more than once, one that comes again is taken.</remarks>
public sealed class DialogTests
{
    private const string Page = "666000111", Linked = "666000222", Own = "666000333", Number = "666000444", Business = "666000555";

    private static TestAppOptions Options(FakeTimeProvider? time = null, params (string Name, string Value)[] settings) => TestAppOptions.AgentSleeps with
    {
        Time = time, Settings = new Dictionary<string, string?>(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))) { ["Meta:WhatsappConfigId"] = "config-of-whatsapp" },
    };

    private static async Task NewAccountsAsync(TestApp app)
    {
        await app.NewAccountAsync(new { kind = "page", id = Page, name = "Maison Nour", token = "EAAinvented-seed-of-the-page" });
        await app.NewAccountAsync(new { kind = "instagram", id = Linked, name = "maison.nour", token = "EAAinvented-seed-of-the-linked", page_id = Page });
        await app.NewAccountAsync(new { kind = "instagram", id = Own, name = "nour.seule", token = "IGinvented-seed-of-instagram" });
        await app.NewAccountAsync(new { kind = "whatsapp", id = Number, name = "Maison Nour", token = "EAAinvented-seed-of-the-number", waba_id = Business, display_phone = "213500009077", registered = false });
    }

    private static Task<Channel> ChannelAsync(TestApp app, Shop shop, string id) => app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.ExternalId == id));

    [Theory, OnBothDatabases]
    public async Task A_person_agrees_chooses_and_each_accounts_messages_come(Database database)
    {
        await using var app = await TestApp.StartAsync(database, Options());
        var shop = await app.NewShopAsync();
        await NewAccountsAsync(app);
        await app.Sandbox.PostAsJsonAsync("/meta/_faults", new { kind = "page-size", value = "2" });
        await app.Sandbox.PostAsJsonAsync("/meta/_faults", new { kind = "require-appsecret-proof" });
        using var owner = await Visitor.OwnerOfAsync(app, shop);

        await app.ConnectAsync(owner, shop, "facebook", [Page], $"messenger-{Page}", $"instagram-{Linked}");
        await app.Sandbox.DeleteAsync("/meta/_faults");
        await app.ConnectAsync(owner, shop, "instagram", [Own], $"instagram-{Own}");
        await app.ConnectAsync(owner, shop, "whatsapp", [Number], $"whatsapp-{Number}");
        var page = await owner.ReadAsync($"/w/{shop.Slug}/channels");
        Assert.Contains("Maison Nour", page, StringComparison.Ordinal);
        Assert.Contains("+213500009077", page, StringComparison.Ordinal);

        foreach (var (id, kind, parent) in ((string, string, string?)[])[(Page, "messenger", null), (Linked, "instagram", Page), (Own, "instagram", null), (Number, "whatsapp", Business)])
        {
            var channel = await ChannelAsync(app, shop, id);
            Assert.Equal((ChannelState.Connected, null, parent), (channel.State, channel.Trouble, channel.ParentId));
            Assert.NotNull(channel.Person);
            Assert.All(Connecting.ChecksOf(channel).Where(c => c.Check != "events"), c => Assert.True(c.Ok, $"{id} {c.Check} {c.Detail}"));
            using var said = await app.Sandbox.PostAsJsonAsync("/meta/_customers/nadia/say", new { channel = kind, account = id, name = "Nadia", text = "salam" });
            Assert.Contains("\"webhook\":true", await said.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Messages.AnyAsync(m => m.ChannelId == channel.Id)));
        }
        // A Page's token was made from a lasting one; a number was registered under a PIN that lies sealed; nothing of the dialogue is left.
        Assert.DoesNotContain(Connecting.ChecksOf(await ChannelAsync(app, shop, Page)), c => c is { Check: "lasting", Ok: false });
        Assert.NotNull((await ChannelAsync(app, shop, Number)).Pin);
        Assert.False(await app.ReadAsync(shop, db => db.ConnectAttempts.AnyAsync()));

        // Tokens and PIN: not in the database, not in a log, not on a page, not in an address.
        var secrets = app.Get<SecretBox>();
        var open = await app.ReadAsync(shop, db => db.Channels.AsNoTracking().Where(c => c.Person != null).ToListAsync());
        var tokens = open.Select(c => secrets.Open(shop.Id, "channel.token", c.Token)).ToList();
        Assert.All(tokens, t => Assert.True(t.Length > 20));
        var everything = await P02_P03_SecretsLieSealed.EverythingAsync(app);
        var seen = $"{string.Join('\n', app.Logs.Lines)}\n{page}\n{await owner.ReadAsync($"/w/{shop.Slug}/channels/connect")}";
        foreach (var text in (string[])[everything, seen])
        {
            foreach (var token in tokens) Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            // What every token and code of the played Meta begins with.
            foreach (var start in (string[])["EAAinvented", "EAApageinvented", "EAAbusinessinvented", "IGlonginvented", "IGshortinvented", "AQinvented"]) Assert.DoesNotContain(start, text, StringComparison.Ordinal);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_channel_that_is_connected_again_is_the_same_and_what_waited_is_answered_once(Database database)
    {
        await using var app = await TestApp.StartAsync(database, new());
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var account = shop.Messenger.Account;
        await SayAsync("salam");
        await Eventually.HoldsAsync(async () => await SpokenAsync() >= 1);

        await app.ChangeAccountAsync(account, new { token_dead = 460 });
        await SayAsync("ch7al robe d'été?");
        await Eventually.HoldsAsync(async () => (await ChannelAsync(app, shop, account)).State == ChannelState.Broken);
        await SayAsync("w livraison l wahran?");
        await Eventually.HoldsAsync(async () => await app.ReadAsync(shop, db => db.Messages.CountAsync(m => m.Direction == Direction.In)) == 3);
        var before = await SpokenAsync();
        // The owner is told once, however much waits.
        await Eventually.HoldsAsync(async () => await TroubleLettersAsync() == 1);

        await app.ConnectAsync(owner, shop, "facebook", [account], $"messenger-{account}");
        var channel = await ChannelAsync(app, shop, account);
        Assert.Equal((shop.Messenger.Id, ChannelState.Connected, null), (channel.Id, channel.State, channel.Trouble));
        await Eventually.HoldsAsync(async () => await SpokenAsync() > before && await app.ReadAsync(shop, db => db.Conversations.AllAsync(c => c.FirstUnansweredAt == null))
            && await app.ReadAsync(shop, db => db.Messages.Where(m => m.Direction == Direction.Out).AllAsync(m => m.ChannelMessageId != null)), TimeSpan.FromSeconds(60));
        Assert.Equal(1, await app.ReadAsync(shop, db => db.Conversations.CountAsync()));
        Assert.Equal(1, await TroubleLettersAsync());
        // Everything the agent wrote is on the customer's phone, each once.
        Assert.Equal(await app.ReadAsync(shop, db => db.Messages.CountAsync(m => m.Direction == Direction.Out && m.DeletedAt == null)), await SpokenAsync());

        async Task SayAsync(string text)
        {
            using var said = await app.Sandbox.PostAsJsonAsync("/meta/_customers/nadia/say", new { channel = "messenger", account, name = "Nadia", text });
            Assert.Equal(HttpStatusCode.Accepted, said.StatusCode);
        }

        async Task<int> SpokenAsync() => JsonDocument.Parse(await app.Sandbox.GetStringAsync($"/meta/_customers/nadia/thread?channel=messenger&account={account}")).RootElement.GetProperty("items").EnumerateArray().Count(i => i.GetProperty("from").GetString() == "business");

        async Task<int> TroubleLettersAsync() => (await app.LettersAsync(shop.OwnerEmail)).Count(l => l.Subject == "Un canal de votre boutique est en panne" && l.Link == $"/w/{shop.Slug}/channels");
    }

    [Fact]
    public async Task Every_way_a_dialogue_can_fail_says_what_to_do_and_connects_nothing()
    {
        var time = new TestClock(DateTimeOffset.UtcNow);
        await using var app = await TestApp.StartAsync(Database.Sqlite, Options(time));
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        await NewAccountsAsync(app);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        using var stranger = await Visitor.OwnerOfAsync(app, other);
        using var elsewhere = await Visitor.OwnerOfAsync(app, shop);

        // The person says no, leaves a permission out, leaves every Page out.
        await ShowsAsync(await app.DialogAsync(owner, shop, "facebook", [Page], agrees: false), HttpStatusCode.Conflict, "Vous avez annulé chez Meta");
        await ShowsAsync(await app.DialogAsync(owner, shop, "facebook", [Page], without: ["pages_messaging"]), HttpStatusCode.Conflict, "laissez-la cochée : pages_messaging");
        await ShowsAsync(await app.DialogAsync(owner, shop, "instagram", [Own], without: ["instagram_business_manage_messages"]), HttpStatusCode.Conflict, "instagram_business_manage_messages");
        await ShowsAsync(await app.DialogAsync(owner, shop, "whatsapp", [Number], without: ["whatsapp_business_management"]), HttpStatusCode.Conflict, "whatsapp_business_management");
        await ShowsAsync(await app.DialogAsync(owner, shop, "facebook", [Page], without: ["pages_show_list"]), HttpStatusCode.Conflict, "pages_show_list");

        // What came back is taken once, by the browser and the shop that began it, within ten minutes.
        var back = await app.AnswerAsync(await owner.OpenDialogAsync(shop, "facebook"), [Page]);
        await ShowsAsync(await elsewhere.FollowAsync(back), HttpStatusCode.UnprocessableEntity, "dans ce navigateur");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.FollowAsync(back)).Status);
        await ShowsAsync(await stranger.FollowAsync(back.Replace($"state={shop.Slug}.", $"state={other.Slug}.", StringComparison.Ordinal)), HttpStatusCode.UnprocessableEntity, "dans ce navigateur");
        await ShowsAsync(await owner.FollowAsync(back[..^3] + "abc"), HttpStatusCode.UnprocessableEntity, "dans ce navigateur");
        Assert.Equal(HttpStatusCode.NotFound, (await owner.FollowAsync("/connect/back?code=x&state=https://elsewhere.test/.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).Status);
        var (status, choice, _) = await owner.FollowAsync(back);
        Assert.Equal(HttpStatusCode.OK, status);
        await ShowsAsync(await owner.FollowAsync(back), HttpStatusCode.Conflict, "a déjà servi");
        await ShowsAsync(await elsewhere.FollowAsync(choice), HttpStatusCode.UnprocessableEntity, "dans ce navigateur");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.FollowAsync(choice.Replace(shop.Slug, other.Slug, StringComparison.Ordinal))).Status);
        using (var nothing = await owner.PostAsync(choice, true, ("pick", "messenger-123"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, nothing.StatusCode);

        back = await app.AnswerAsync(await owner.OpenDialogAsync(shop, "facebook"), [Page]);
        time.Advance(TimeSpan.FromMinutes(10));
        await ShowsAsync(await owner.FollowAsync(back), HttpStatusCode.Conflict, "plus de 10 minutes");
        // WhatsApp's code lives for half a minute; one that somebody used already is refused by Meta.
        back = await app.AnswerAsync(await owner.OpenDialogAsync(shop, "whatsapp"), [Number]);
        time.Advance(TimeSpan.FromSeconds(31));
        await ShowsAsync(await owner.FollowAsync(back), HttpStatusCode.Conflict, "trop tardive");
        back = await app.AnswerAsync(await owner.OpenDialogAsync(shop, "facebook"), [Page]);
        var code = back.Split("code=")[1].Split('&')[0];
        using (var used = await app.Sandbox.GetAsync($"/meta/v25.0/oauth/access_token?client_id=424200000000001&client_secret={TestApp.MetaAppSecret}&redirect_uri={Uri.EscapeDataString(app.Url + "/connect/back")}&code={code}")) Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        await ShowsAsync(await owner.FollowAsync(back), HttpStatusCode.Conflict, "déjà utilisée");
        back = await app.AnswerAsync(await owner.OpenDialogAsync(shop, "facebook"), [Page]);
        await app.Sandbox.PostAsJsonAsync("/meta/_faults", new { kind = "error", path = "/oauth/access_token", status = 503, count = 1 });
        await ShowsAsync(await owner.FollowAsync(back), HttpStatusCode.Conflict, "Meta ne répond pas");

        // Accounts that cannot be taken say why, beside those that can.
        await app.ChangeAccountAsync(other.Messenger.Account, new { tasks = new[] { "ADVERTISE", "ANALYZE" } });
        var (_, _, offers) = await app.DialogAsync(owner, shop, "facebook", [Page, other.Messenger.Account]);
        Assert.Contains("Votre rôle sur cette Page ne suffit pas", offers, StringComparison.Ordinal);
        Assert.Contains("Vous ne l'avez pas coché", offers, StringComparison.Ordinal); // the shop's own Page
        Assert.Contains($"value=\"messenger-{Page}\"", offers, StringComparison.Ordinal);
        await app.ChangeAccountAsync(other.Messenger.Account, new { tasks = new[] { "MESSAGING", "MODERATE" } });
        (_, choice, offers) = await app.DialogAsync(owner, shop, "facebook", [Page, other.Messenger.Account], without: ["instagram_manage_messages"]);
        Assert.Contains("Déjà connecté à une autre boutique", offers, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Slug, offers, StringComparison.Ordinal);
        Assert.Contains("instagram_manage_messages", offers, StringComparison.Ordinal);
        Assert.Contains("Aucun compte Instagram professionnel", offers, StringComparison.Ordinal);
        using (var taken = await owner.PostAsync(choice, true, ("pick", $"messenger-{other.Messenger.Account}"))) Assert.Equal(HttpStatusCode.UnprocessableEntity, taken.StatusCode);
        // A choice that stays open for an hour is over.
        time.Advance(TimeSpan.FromHours(1));
        using (var late = await owner.PostAsync(choice, true, ("pick", $"messenger-{Page}"))) Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);

        await app.ChangeAccountAsync(Own, new { professional = false });
        await ShowsAsync(await app.DialogAsync(owner, shop, "instagram", [Own]), HttpStatusCode.Conflict, "est personnel");
        Assert.Equal(3, await app.ReadAsync(shop, db => db.Channels.CountAsync()));
        Assert.DoesNotContain("AQinvented", string.Join('\n', app.Logs.Lines), StringComparison.Ordinal);

        static Task ShowsAsync((HttpStatusCode Status, string Path, string Html) seen, HttpStatusCode status, string words)
        {
            Assert.Equal(status, seen.Status);
            Assert.Contains(words, seen.Html, StringComparison.Ordinal);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_number_is_registered_under_its_own_PIN_and_one_that_stays_on_the_phone_never()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, Options());
        var shop = await app.NewShopAsync();
        await NewAccountsAsync(app);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await app.ChangeAccountAsync(Number, new { pin = "271828", elsewhere = "ON_PREMISE" });
        await app.ConnectAsync(owner, shop, "whatsapp", [Number], $"whatsapp-{Number}");
        var channel = await ChannelAsync(app, shop, Number);
        Assert.Equal((ChannelState.Broken, "number_elsewhere"), (channel.State, channel.Trouble));
        Assert.Contains("enregistré chez un autre service", await owner.ReadAsync($"/w/{shop.Slug}/channels"), StringComparison.Ordinal);

        await app.ChangeAccountAsync(Number, new { elsewhere = "" });
        Assert.Equal((HttpStatusCode.Conflict, "pin_needed"), await RegisterAsync(""));
        Assert.Null((await ChannelAsync(app, shop, Number)).Pin); // ours was refused: it is not the number's
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "pin_needed"), await RegisterAsync("12ab"));
        Assert.Equal((HttpStatusCode.Conflict, "pin_needed"), await RegisterAsync("314159"));
        Assert.Equal((HttpStatusCode.Redirect, null), await RegisterAsync("271828"));
        channel = await ChannelAsync(app, shop, Number);
        Assert.Equal(ChannelState.Connected, channel.State);
        Assert.Equal("271828", app.Get<SecretBox>().Open(shop.Id, "channel.pin", channel.Pin!.Value));
        Assert.DoesNotContain("271828", await owner.ReadAsync($"/w/{shop.Slug}/channels"), StringComparison.Ordinal);

        // Given back: not registered any more, so that whoever takes it next chooses a PIN.
        using (await owner.PostAsync($"/w/{shop.Slug}/channels/{channel.Id}/disconnect")) { }
        Assert.False((await SandboxAsync()).GetProperty("registered").GetBoolean());
        Assert.Null((await ChannelAsync(app, shop, Number)).Pin);

        await app.ConnectAsync(owner, shop, "whatsapp_on_phone", [Number], $"whatsapp-{Number}");
        channel = await ChannelAsync(app, shop, Number);
        Assert.Equal((ChannelState.Connected, true, null), (channel.State, channel.IsOnPhone, channel.Trouble));
        Assert.False((await SandboxAsync()).GetProperty("registered").GetBoolean());
        await Eventually.HoldsAsync(async () => (await SandboxAsync()).GetProperty("synced").GetArrayLength() == 2);
        await app.ConnectAsync(owner, shop, "whatsapp_on_phone", [Number], $"whatsapp-{Number}");
        Assert.Equal(1, await app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == "share_from_phone")));

        async Task<(HttpStatusCode, string?)> RegisterAsync(string pin)
        {
            using var answer = await owner.PostAsync($"/w/{shop.Slug}/channels/{channel.Id}/register", true, ("pin", pin));
            return (answer.StatusCode, (await ChannelAsync(app, shop, Number)).Trouble);
        }

        async Task<JsonElement> SandboxAsync() => JsonDocument.Parse(await app.Sandbox.GetStringAsync("/meta/_accounts")).RootElement.GetProperty("items").EnumerateArray().Single(a => a.GetProperty("id").GetString() == Number).Clone();
    }

    [Fact]
    public async Task Where_the_operator_chose_Metas_script_one_page_permits_it_and_its_answer_is_checked_like_any()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite, Options(null, ("Meta:WhatsappSignup", "script")));
        var shop = await app.NewShopAsync();
        await NewAccountsAsync(app);
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        var connect = $"/w/{shop.Slug}/channels/connect";
        using var page = await owner.GetAsync($"{connect}/go?way=whatsapp");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var origin = new Uri(app.Vendors!).GetLeftPart(UriPartial.Authority);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains($"script-src 'self' {origin}; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("same-origin-allow-popups", page.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        using (var others = await owner.GetAsync(connect)) Assert.DoesNotContain(origin, others.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        // As the script would: its dialogue has no address of ours, gives its code to the script, and tells ids that may be anybody's.
        using (await owner.GetAsync($"{connect}/go?way=whatsapp")) { }
        var state = System.Text.RegularExpressions.Regex.Match(owner.Html, "name=\"state\" value=\"([^\"]+)\"").Groups[1].Value;
        var extras = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(owner.Html, "data-extras=\"([^\"]+)\"").Groups[1].Value);
        using var window = new HttpClient();
        var dialog = $"{app.Vendors}/meta/v25.0/dialog/oauth?client_id=424200000000001&config_id=config-of-whatsapp&response_type=code&override_default_response_type=true&display=popup&extras={Uri.EscapeDataString(extras)}";
        using var agreed = await window.PostAsync(dialog, new FormUrlEncodedContent([new("do", "agree"), new("target", Number), new("scope", "whatsapp_business_messaging"), new("scope", "whatsapp_business_management")]));
        var code = System.Text.RegularExpressions.Regex.Match(await agreed.Content.ReadAsStringAsync(), "AQinvented\\w+").Value;
        var foreign = JsonSerializer.Serialize(new { type = "WA_EMBEDDED_SIGNUP", @event = "FINISH", data = new { phone_number_id = shop.Whatsapp.Account, waba_id = "1" } });
        using (var refused = await owner.PostAsync($"{connect}/back", true, ("state", state), ("code", code), ("told", foreign))) Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);

        using (await owner.GetAsync($"{connect}/go?way=whatsapp")) { }
        state = System.Text.RegularExpressions.Regex.Match(owner.Html, "name=\"state\" value=\"([^\"]+)\"").Groups[1].Value;
        using var again = await window.PostAsync(dialog, new FormUrlEncodedContent([new("do", "agree"), new("target", Number), new("scope", "whatsapp_business_messaging"), new("scope", "whatsapp_business_management")]));
        code = System.Text.RegularExpressions.Regex.Match(await again.Content.ReadAsStringAsync(), "AQinvented\\w+").Value;
        using var back = await owner.PostAsync($"{connect}/back", true, ("state", state), ("code", code), ("told", foreign.Replace(shop.Whatsapp.Account, Number, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        await owner.ReadAsync(back.Headers.Location!.ToString());
        using var done = await owner.PostAsync(back.Headers.Location!.ToString(), true, ("pick", $"whatsapp-{Number}"));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Equal(ChannelState.Connected, (await ChannelAsync(app, shop, Number)).State);
    }
}
