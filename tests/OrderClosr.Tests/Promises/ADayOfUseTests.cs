using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Values;
using OrderClosr.Parcels;
using OrderClosr.Tests.Api;
using OrderClosr.Tests.Parcels;
using OrderClosr.Tests.Road;
using OrderClosr.Tests.Support;
using OrderClosr.Tests.Workspaces;
using OrderClosr.Workspaces;
using Sentry.AspNetCore;

namespace OrderClosr.Tests.Promises;

/// <summary>After a day of use nothing that is secret or somebody's stands in clear where it must not: tables, files, write-ahead log, backups, exports, logs, metrics, what Sentry got, what each vendor was told.</summary>
/// <remarks>Knows nothing of where things are meant to be: more than sixty needles are planted through the product's doors, then every place is read as bytes.
/// Seen to fail: with a key of the API kept whole in its row, with the e-mail of whoever mistyped a password in a log line.</remarks>
[Collection(P10_SentryGetsScrubbedEvents.OneHub)]
public sealed class ADayOfUseTests
{
    private const string Name = "Zoubida Aiguillette", Street = "Cite Aiguille-Bleue bat 7", Phone = "0500000077", Words = "parole-aiguille", Note = "note-aiguille-interne", Colleague = "aiguille.nour@example.test";

    /// <summary>Somebody's own, as it may be spelled: at home in our tables, in the shop's export and with those who need it, and nowhere else.</summary>
    private static readonly string[] Personal =
    [
        "Zoubida", "Aiguillette", "Aiguille-Bleue", "0500000077", "500000077", "213500000077", "500 00 00 77", "0500 00 00 77", Words, Note, "reponse-aiguille", "aiguille.nour", "Khadidja-Aiguille", "0500000078", "213500000078",
        "rue Aiguille-Verte", "produit-aiguille", "mot-messenger-aiguille", "mot-instagram-aiguille", "mot-whatsapp-aiguille", "حي الإبرة الزرقاء", "aiguille@client.example", "cherche-aiguille",
    ];

    [Theory, OnBothDatabases]
    public async Task Nothing_planted_through_the_doors_is_found_where_it_must_not_be(Database database)
    {
        await using var road = await RoadWorld.StartAsync(database, new()
        {
            Settings = new Dictionary<string, string?> { ["Sentry:Dsn"] = "http://0123456789abcdef0123456789abcdef@{sandbox}/sentry/42" },
            Services = services => services.AddSingleton(typeof(ILoggerProvider), typeof(SentryAspNetCoreOptions).Assembly.GetType("Sentry.AspNetCore.SentryAspNetCoreLoggerProvider", throwOnError: true)!),
        });
        var (app, shop) = (road.App, road.Shop);
        var other = await app.NewShopAsync();
        var secrets = new Dictionary<string, string>
        {
            ["our key"] = TestApp.FernetKey, ["Meta's app secret"] = TestApp.MetaAppSecret, ["Instagram's app secret"] = TestApp.InstagramAppSecret, ["Meta's verify token"] = TestApp.VerifyToken, ["Claude's key"] = "invented-claude-key-0001",
            ["the owner's password"] = shop.OwnerPassword, ["a colleague's password"] = "aiguille longue et grise", ["a new password"] = "aiguille neuve et verte", ["a guessed password"] = "aiguille devinee trop tard",
        };
        foreach (var channel in (ShopChannel[])[shop.Messenger, shop.Instagram, shop.Whatsapp]) secrets[$"the token of {channel.Kind}"] = channel.Token;

        await CustomersAsync(road);
        var (order, key) = await ShippedAsync(app, shop, secrets);
        using var owner = new Visitor(app).Speaking("fr");
        secrets["a session"] = SessionOf(await owner.SignInAsync(shop.OwnerEmail, shop.OwnerPassword));
        await PeopleAsync(app, shop, owner, secrets);
        await TroubleAsync(road, owner);
        var export = await ExportAsync(app, shop, owner);
        using var stranger = await Visitor.OwnerOfAsync(app, other);
        var foreign = await ExportAsync(app, other, stranger);
        var backup = (await app.Get<Backups>().MakeAsync(default))!;
        Assert.True(secrets.Count + Personal.Length >= 60, $"{secrets.Count} secrets and {Personal.Length} words are planted");

        // Where everything may be looked for and nothing found.
        var logs = string.Join('\n', app.Logs.Lines);
        var metrics = await app.Http.GetStringAsync("/metrics");
        var sentry = await app.Sandbox.GetStringAsync("/sentry/_items") + await app.Sandbox.GetStringAsync("/sentry/_log");
        Assert.Contains("\"event\"", sentry, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration", metrics, StringComparison.Ordinal);
        var sealedCopy = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(backup.File));
        foreach (var (place, content) in new[] { ("the logs", logs), ("the metrics", metrics), ("Sentry", sentry), ("a backup", sealedCopy) })
        {
            foreach (var (what, secret) in secrets) Assert.False(content.Contains(secret, StringComparison.Ordinal), $"{what} stands in {place}: {Around(content, secret)}");
            foreach (var word in Personal) Assert.False(content.Contains(word, StringComparison.OrdinalIgnoreCase), $"{word} stands in {place}: {Around(content, word)}");
        }

        // Secrets are in no table, no file and no index; what people wrote is found there, so the scan can see.
        var tables = await P02_P03_SecretsLieSealed.EverythingAsync(app);
        foreach (var word in (string[])[Name, "Aiguille-Bleue", Words, Note, Colleague]) Assert.Contains(word, tables, StringComparison.Ordinal);
        foreach (var (what, secret) in secrets)
        {
            Assert.False(tables.Contains(secret, StringComparison.Ordinal), $"{what} stands in a table: {Around(tables, secret)}");
            var files = await P13_ADeletedWorkspaceIsGoneWithin30Days.HoldsAsync(app, secret);
            Assert.True(files.Count == 0, $"{what} stands in {string.Join(", ", files)}");
        }

        // The export has the shop's people and no secret; another shop's has neither.
        foreach (var word in (string[])[Name, Words, Note]) Assert.Contains(word, export, StringComparison.Ordinal);
        foreach (var (what, secret) in secrets) Assert.False(export.Contains(secret, StringComparison.Ordinal) || foreign.Contains(secret, StringComparison.Ordinal), $"{what} stands in an export");
        foreach (var word in Personal) Assert.DoesNotContain(word, foreign, StringComparison.OrdinalIgnoreCase);

        // Each vendor hears what is its own: no other's secret, and nothing of anybody in an address.
        foreach (var vendor in (string[])["meta", "claude", "yalidine", "zr", "procolis", "ecotrack", "maystro", "noest", "sentry", "mail"])
            foreach (var call in await road.LogAsync(vendor))
            {
                var (path, said) = ((string)call["path"]!, call.ToJsonString(Plain));
                // Ecotrack takes a parcel's fields in the address and in no other way (its folder's README).
                foreach (var word in vendor == "ecotrack" ? [] : Personal) Assert.False(path.Contains(word, StringComparison.OrdinalIgnoreCase), $"{word} stands in an address of {vendor}: {path}");
                foreach (var (what, secret) in secrets)
                {
                    Assert.False(path.Contains(secret, StringComparison.Ordinal), $"{what} stands in an address of {vendor}");
                    if (vendor == "mail" && what.StartsWith("a link", StringComparison.Ordinal)) continue;
                    if (what.StartsWith($"a key of {vendor}", StringComparison.Ordinal)) continue;
                    Assert.False(said.Contains(secret, StringComparison.Ordinal), $"{vendor} was told {what}: {Around(said, secret)}");
                }
            }

        // Saved is not shown again: no page that the owner can open has a secret in it.
        foreach (var page in (string[])["more", "channels", "shipping", "shipping/couriers", "settings/workspaces", "settings/api", "settings/audit", "agent", "controls", "inbox", "orders", $"orders/{order}", "parcels", "cash"])
        {
            var answer = await owner.GetAsync($"/w/{shop.Slug}/{page}");
            if (answer.StatusCode == HttpStatusCode.NotFound) Assert.Fail($"There is no page {page}.");
            foreach (var (what, secret) in secrets) Assert.False(owner.Html.Contains(secret, StringComparison.Ordinal), $"{what} stands on {page}");
        }
        Assert.Equal(HttpStatusCode.OK, (await new ApiClient(app, key).GetAsync("/orders")).Status);
    }

    /// <summary>On each channel somebody writes, with a name and words of their own.</summary>
    private static async Task CustomersAsync(RoadWorld road)
    {
        foreach (var kind in (ChannelKind[])[ChannelKind.Messenger, ChannelKind.Instagram, ChannelKind.Whatsapp])
        {
            var customer = road.Customer(kind);
            await customer.DoAsync(new { name = Name, text = $"slm ch7al robe d'été? {Words}" });
            await customer.HearAsync();
            await customer.DoAsync(new { name = Name, text = $"{Name} {Phone} {Street} alger bab ezzouar, حي الإبرة الزرقاء, aiguille@client.example mot-{kind.ToString().ToLowerInvariant()}-aiguille" });
            await customer.HearAsync();
        }
    }

    /// <summary>Couriers are connected, an order comes in through the API, is confirmed and goes out.</summary>
    private static async Task<(string Order, string Key)> ShippedAsync(TestApp app, Shop shop, Dictionary<string, string> secrets)
    {
        await using (var scope = app.In(shop.Id))
        {
            scope.Db.Add(new ParcelSettings { Id = Id<ParcelSettings>.New(app.Get<TimeProvider>().GetUtcNow()), BooksAlone = false });
            await scope.Db.SaveChangesAsync();
        }
        foreach (var courier in CourierRoad.All)
        {
            // Each serves Alger alone: lists of 58 wilayas would only wait for the couriers' limits.
            using var fault = await app.Sandbox.PostAsJsonAsync($"/{courier.Vendor}/_faults", new { kind = "unserved", value = string.Join(',', Enumerable.Range(1, 58).Except([16])) });
            await using var scope = app.In(shop.Id);
            Assert.True((await scope.Get<ConnectCourier>().RunAsync(new(courier.Name, courier.Fields, 16) { WebhookSecret = courier.Secret }, default)).Ok);
            foreach (var (field, value) in courier.Fields) if (value.StartsWith("invented-", StringComparison.Ordinal)) secrets[$"a key of {courier.Vendor} ({field})"] = value;
            if (courier.Secret is not null) secrets[$"a key of {courier.Vendor} (webhooks)"] = courier.Secret;
        }
        var key = (await ApiClient.KeyAsync(app, shop)).Key;
        secrets["a key of our API"] = key;
        var api = new ApiClient(app, key);
        var made = await api.PostAsync("/orders", new { lines = new[] { new { variant_id = shop.Variants["HIJAB-BEIGE"].ToString(), quantity = 1 } }, name = "Khadidja-Aiguille", phone = "0500000078", wilaya = "Alger", commune = "Bab Ezzouar", address = "rue Aiguille-Verte 3", delivery = "home" });
        Assert.True(made.Code is 200 or 201, made.Json?.ToJsonString());
        var order = made.Text("id");
        Assert.Equal(200, (await api.PostAsync($"/orders/{order}/confirm")).Code);
        await Eventually.HoldsAsync(async () =>
        {
            await using var scope = app.In(shop.Id);
            return await scope.Db.CourierAccounts.AnyAsync(a => a.Courier == "ecotrack" && a.SyncedAt != null);
        }, TimeSpan.FromSeconds(90));
        var shipped = await api.PostAsync($"/orders/{order}/ship", new { courier = "ecotrack" });
        Assert.True(shipped.Code == 200, shipped.Json?.ToJsonString());
        await Eventually.HoldsAsync(async () => (await app.Sandbox.GetStringAsync("/ecotrack/_parcels")).Contains("tracking\":\"", StringComparison.Ordinal), TimeSpan.FromSeconds(90));
        return (order, key);
    }

    /// <summary>The people of the shop: a second step, a guest, somebody who guesses, a forgotten password, notes and answers.</summary>
    private static async Task PeopleAsync(TestApp app, Shop shop, Visitor owner, Dictionary<string, string> secrets)
    {
        await owner.SubmitAsync("/account/second-step", new() { ["password"] = shop.OwnerPassword });
        secrets["a second step"] = SecondStepTests.SecretOn(await owner.ReadAsync("/account/second-step"));
        var code = OneTimeCode.Of(secrets["a second step"], OneTimeCode.StepOf(app.Get<TimeProvider>().GetUtcNow()));
        Assert.Equal(HttpStatusCode.OK, (await owner.PostAsync("/account/second-step/confirm", true, ("code", code))).StatusCode);
        foreach (var (paper, n) in SecondStepTests.CodesOn(owner.Html).Select((c, n) => (c, n))) secrets[$"recovery code {n}"] = paper;

        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync($"/w/{shop.Slug}/settings/invitations", new() { ["email"] = Colleague, ["role"] = "manager" }, page: $"/w/{shop.Slug}/settings/workspaces")).StatusCode);
        var invitation = (await app.LetterAsync(Colleague)).Link;
        secrets["a link (invitation)"] = invitation.Split('/')[^1];
        using var nour = new Visitor(app).Speaking("fr");
        await nour.ReadAsync(invitation);
        var entered = await nour.PostAsync($"{invitation}/account", true, ("name", "Nour"), ("password", secrets["a colleague's password"]));
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
        secrets["a colleague's session"] = SessionOf(entered);
        await nour.GetAsync("/forgot");
        await nour.PostAsync("/forgot", true, ("email", Colleague));
        var reset = (await Eventually.FindsAsync(async () => (await app.LettersAsync(Colleague)).FirstOrDefault(l => l.Text.Contains("/reset/", StringComparison.Ordinal)))).Link;
        secrets["a link (reset)"] = reset.Split('/')[^1];
        await nour.ReadAsync(reset);
        Assert.Equal(HttpStatusCode.Redirect, (await nour.PostAsync(reset, true, ("password", secrets["a new password"]))).StatusCode);
        using var guesser = new Visitor(app).Speaking("fr");
        await guesser.SignInAsync(Colleague, secrets["a guessed password"]);

        // Notes and answers in the conversation, a reason for a cancelled order.
        await using var scope = app.In(shop.Id);
        var conversation = (await scope.Db.Conversations.AsNoTracking().FirstAsync()).Id;
        await owner.ReadAsync($"/w/{shop.Slug}/inbox/{conversation}");
        Assert.True((int)(await owner.PostAsync($"/w/{shop.Slug}/inbox/{conversation}/note", true, ("text", Note))).StatusCode < 400, owner.Html);
        Assert.True((int)(await owner.PostAsync($"/w/{shop.Slug}/inbox/{conversation}/say", true, ("text", "reponse-aiguille"))).StatusCode < 400, owner.Html);
    }

    /// <summary>What goes wrong is what gets logged: vendors fail with our own words in their answers, a delivery cannot be read, a page is asked for that is not there.</summary>
    private static async Task TroubleAsync(RoadWorld road, Visitor owner)
    {
        var app = road.App;
        await road.FaultAsync("claude", new { kind = "html", count = 1 });
        await road.FaultAsync("meta", new { kind = "error", status = 400, count = 1 });
        var customer = road.Customer(ChannelKind.Messenger);
        await customer.DoAsync(new { name = Name, text = $"{Words} ch7al produit-aiguille?" });
        await customer.HearAsync();
        await app.Sandbox.PostAsync("/meta/_raw", new StringContent($"{{\"object\":\"page\",\"entry\":[{{\"id\":\"{road.Shop.Messenger.Account}\",\"messaging\":\"{Words}\"}}]}}"));
        await app.Http.PostAsync("/webhooks/meta", new StringContent($"{{\"{Words}\":1}}"));
        await owner.GetAsync($"/w/{road.Shop.Slug}/orders?q={Uri.EscapeDataString(Name)}");
        await owner.GetAsync($"/w/{road.Shop.Slug}/nowhere/{Words}?q={Phone}");
        await owner.GetAsync($"/w/{road.Shop.Slug}/inbox?q=cherche-aiguille");
        // Whatever the product reports by itself goes to Sentry; one line is ours, so that there is something to look at.
        app.Get<ILoggerFactory>().CreateLogger("OrderClosr.Day").LogError("The day ended with {Count} orders.", 1);
        await Eventually.HoldsAsync(async () => (await app.Sandbox.GetStringAsync("/sentry/_items")).Contains("\"event\"", StringComparison.Ordinal));
    }

    /// <summary>The shop's data as the owner fetches it, unpacked.</summary>
    private static async Task<string> ExportAsync(TestApp app, Shop shop, Visitor owner)
    {
        var page = $"/w/{shop.Slug}/settings/workspaces/export";
        await owner.ReadAsync(page);
        Assert.True((int)(await owner.PostAsync(page, true, ("password", shop.OwnerPassword), ("format", "document"))).StatusCode < 400, owner.Html);
        var link = await Eventually.FindsAsync(async () => Regex.Match(await owner.ReadAsync(page), $"href=\"({Regex.Escape(page)}/[0-9a-f]{{32}})\"") is { Success: true } match ? match.Groups[1].Value : null);
        return await owner.Http.GetStringAsync(link);
    }

    private static string SessionOf(HttpResponseMessage entered) => entered.Headers.GetValues("Set-Cookie").Select(c => c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..c.IndexOf(';', StringComparison.Ordinal)]).MaxBy(v => v.Length)!;

    private static string Around(string text, string found)
    {
        var at = text.IndexOf(found, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + found.Length + 60)];
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
