using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Privacy;
using OrderClosr.Tests.Support;
using OrderClosr.Vendors.Meta;
using OrderClosr.Workspaces;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Meta's two mandatory callbacks: whose word is taken, and what becomes of the connections of the person.</summary>
public sealed class CallbackTests
{
    private const string Vector = "j3vSMjjIudNR6AR3FNqTsPKZmq2ru08xfnDmAA3UKZg.eyJ1c2VyX2lkIjoiOTkwMDAxIiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1ZWRfYXQiOjE3ODEwMDAwMDAsImV4cGlyZXMiOjE3ODEwMDM2MDB9";

    private static readonly MetaSettings Settings = new() { AppSecret = "invented-app-secret-0001", InstagramAppSecret = "invented-instagram-secret-0001" };

    [Fact]
    public void The_vector_of_the_facts_is_read_and_nothing_else_is_taken_for_it()
    {
        Assert.Equal(new SignedRequest("990001", DateTimeOffset.FromUnixTimeSeconds(1781000000), false), SignedRequest.Read(Settings, Vector));
        Assert.Equal(new SignedRequest("178001", null, true), SignedRequest.Read(Settings, Signed("invented-instagram-secret-0001", """{"user_id":178001,"algorithm":"hmac-sha256"}""")));
        string?[] wrong =
        [
            null, "", ".", "a", "a.b", "a.b.c", Vector[1..], Vector[..^1], Vector.Replace("j3v", "k3v", StringComparison.Ordinal), Vector + ".x", "=" + Vector, Vector.Replace('.', ','), new string('A', 9000) + ".A",
            Signed("another-secret", """{"user_id":"990001","algorithm":"HMAC-SHA256"}"""), Signed("", """{"user_id":"990001","algorithm":"HMAC-SHA256"}"""), Signed(Settings.AppSecret, """{"user_id":"990001","algorithm":"NONE"}"""),
            Signed(Settings.AppSecret, """{"user_id":"990001"}"""), Signed(Settings.AppSecret, """{"algorithm":"HMAC-SHA256"}"""), Signed(Settings.AppSecret, "[]"), Signed(Settings.AppSecret, "not json"), Signed(Settings.AppSecret, """{"user_id":{},"algorithm":"HMAC-SHA256"}"""),
        ];
        Assert.All(wrong, w => Assert.Null(SignedRequest.Read(Settings, w)));
        // An app without secrets believes nobody, least of all who signs with an empty one.
        Assert.Null(SignedRequest.Read(new(), Signed("", """{"user_id":"990001","algorithm":"HMAC-SHA256"}""")));
    }

    [Theory, OnBothDatabases]
    public async Task A_person_who_left_takes_the_tokens_along_and_the_owner_is_told(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var (shop, other) = (await app.NewShopAsync(), await app.NewShopAsync());
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await app.ConnectAsync(owner, shop, "facebook", [shop.Messenger.Account], $"messenger-{shop.Messenger.Account}");
        await app.ConnectAsync(owner, shop, "instagram", [shop.Instagram.Account], $"instagram-{shop.Instagram.Account}");
        var person = await PersonOfAsync(app, shop, shop.Instagram.Account);
        await NextSecondAsync();

        // Strangers, the wrong secret, another person, and Instagram's secret for a person of Facebook: nothing happens.
        using (var bare = await app.Http.PostAsync("/webhooks/meta/deauthorize", new FormUrlEncodedContent([new("signed_request", "a.b")]))) Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        using (var json = await app.Http.PostAsJsonAsync("/webhooks/meta/data-deletion", new { signed_request = Vector })) Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.Equal(403, (await CallAsync(app, "deauthorize", new { user_id = "990001", signature = "wrong" })).Status);
        Assert.Equal(200, (await CallAsync(app, "deauthorize", new { user_id = "990002" })).Status);
        Assert.Equal(200, (await CallAsync(app, "deauthorize", new { user_id = "990001", secret = "instagram" })).Status);
        await DoneAsync(app, 2);
        Assert.All(await ChannelsAsync(app, shop), c => Assert.Equal(ChannelState.Connected, c.State));

        Assert.Equal(200, (await CallAsync(app, "deauthorize", new { user_id = "990001" })).Status);
        await DoneAsync(app, 3);
        var page = (await ChannelsAsync(app, shop)).Single(c => c.Kind == ChannelKind.Messenger);
        Assert.Equal((ChannelState.Broken, "removed_by_merchant", null, ""), (page.State, page.Trouble, page.Person, app.Get<SecretBox>().Open(shop.Id, "channel.token", page.Token)));
        Assert.Equal(2, (await ChannelsAsync(app, shop)).Count(c => c.State == ChannelState.Connected));
        Assert.Equal(3, (await ChannelsAsync(app, other)).Count(c => c.State == ChannelState.Connected));
        await Eventually.HoldsAsync(async () => (await app.LettersAsync(shop.OwnerEmail)).Any(l => l.Subject == "L'accès à un canal a été retiré"));
        Assert.Contains(await app.ReadAsync(shop, db => db.Set<AuditEntry>().AsNoTracking().ToListAsync()), e => e.Action == AuditAction.ChannelAccessRemoved && e.Actor == AuditActor.System);
        Assert.Contains("L'accès a été retiré chez Meta", await owner.ReadAsync($"/w/{shop.Slug}/channels"), StringComparison.Ordinal);
        // A look with no token asks nobody and changes nothing; the agent is silent there.
        using (await owner.PostAsync($"/w/{shop.Slug}/channels/{page.Id}/check")) { }
        Assert.Equal((ChannelState.Broken, "removed_by_merchant"), await app.ReadAsync(shop, db => db.Channels.Where(c => c.Id == page.Id).Select(c => new ValueTuple<ChannelState, string?>(c.State, c.Trouble)).SingleAsync()));

        // Connected again, and the old word comes a second time: it speaks of the agreement of before.
        var late = Signed(TestApp.MetaAppSecret, $$"""{"user_id":"990001","algorithm":"HMAC-SHA256","issued_at":{{DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds()}}}""");
        await app.ConnectAsync(owner, shop, "facebook", [shop.Messenger.Account], $"messenger-{shop.Messenger.Account}");
        for (var n = 0; n < 2; n++)
            using (var repeated = await app.Http.PostAsync("/webhooks/meta/deauthorize", new FormUrlEncodedContent([new("signed_request", late)]))) Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        await DoneAsync(app, 4);
        Assert.Equal((page.Id, ChannelState.Connected), (await ChannelsAsync(app, shop)).Where(c => c.Kind == ChannelKind.Messenger).Select(c => (c.Id, c.State)).Single());

        // Instagram's own secret speaks of who connected by Instagram.
        Assert.Equal(200, (await CallAsync(app, "deauthorize", new { user_id = person, secret = "instagram" })).Status);
        await DoneAsync(app, 5);
        Assert.Equal([ChannelState.Connected, ChannelState.Broken, ChannelState.Connected], (await ChannelsAsync(app, shop)).OrderBy(c => c.Kind).Select(c => c.State).ToList());
    }

    [Theory, OnBothDatabases]
    public async Task A_request_for_deletion_is_answered_with_a_page_that_tells_its_state_and_nothing_else(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        using var owner = await Visitor.OwnerOfAsync(app, shop);
        await app.ConnectAsync(owner, shop, "facebook", [shop.Messenger.Account], $"messenger-{shop.Messenger.Account}");
        var choice = await app.DialogAsync(owner, shop, "facebook", [shop.Messenger.Account]);
        await NextSecondAsync();

        var signed = Signed(TestApp.MetaAppSecret, $$"""{"user_id":"990001","algorithm":"HMAC-SHA256","issued_at":{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}""");
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            using var answer = await app.Http.PostAsync("/webhooks/meta/data-deletion", new FormUrlEncodedContent([new("signed_request", signed)]));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }));
        Assert.Single(answers.Distinct()); // the same request is one request
        var told = JsonDocument.Parse(answers[0]).RootElement;
        var (url, code) = (told.GetProperty("url").GetString()!, told.GetProperty("confirmation_code").GetString()!);
        Assert.Equal($"{app.Url}/deletion/{code}", url);
        Assert.Matches("^[0-9a-f]{32}$", code);
        await DoneAsync(app, 1);

        using var anybody = new Visitor(app).Speaking("fr");
        var page = await anybody.ReadAsync(new Uri(url).AbsolutePath);
        Assert.Contains("Suppression faite", page, StringComparison.Ordinal);
        foreach (var secret in (string[])["990001", shop.Name, shop.Slug, shop.Messenger.Account, shop.OwnerEmail]) Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        using (var arabic = new Visitor(app).Speaking("ar")) Assert.Contains("تم الحذف", await arabic.ReadAsync(new Uri(url).AbsolutePath), StringComparison.Ordinal);
        foreach (var wrong in (string[])[code[..^1] + (code[^1] == '0' ? '1' : '0'), code.ToUpperInvariant() + "x", "x"])
            using (var nothing = await app.Http.GetAsync($"/deletion/{wrong}")) Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);

        // What we held of the person is gone, also from a choice that was open; what customers wrote is the shop's.
        var channel = (await ChannelsAsync(app, shop)).Single(c => c.Kind == ChannelKind.Messenger);
        Assert.Equal((ChannelState.Broken, null), (channel.State, channel.Person));
        Assert.False(await app.ReadAsync(shop, db => db.ConnectAttempts.AnyAsync(a => a.Person != null)));
        Assert.Equal(HttpStatusCode.NotFound, (await owner.FollowAsync(choice.Path)).Status);
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        Assert.Null((await scope.Db.PersonRequests.SingleAsync()).Person);
    }

    /// <summary>A request tells whole seconds: what was connected within the same one would count as later.</summary>
    private static Task NextSecondAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return Eventually.HoldsAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > now);
    }

    private static async Task<(int Status, string Answer)> CallAsync(TestApp app, string which, object asked)
    {
        using var called = await app.Sandbox.PostAsJsonAsync($"/meta/_callbacks/{which}", asked);
        var json = JsonDocument.Parse(await called.Content.ReadAsStringAsync()).RootElement;
        return (json.GetProperty("status").GetInt32(), json.GetProperty("answer").GetString()!);
    }

    private static Task DoneAsync(TestApp app, int count) => Eventually.HoldsAsync(async () =>
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return await scope.Db.PersonRequests.CountAsync(r => r.DoneAt != null) == count;
    });

    private static async Task<string> PersonOfAsync(TestApp app, Shop shop, string account)
    {
        var channel = (await ChannelsAsync(app, shop)).Single(c => c.ExternalId == account);
        return app.Get<SecretBox>().Open(shop.Id, "channel.person", channel.Person!.Value);
    }

    private static Task<List<Channel>> ChannelsAsync(TestApp app, Shop shop) => app.ReadAsync(shop, db => db.Channels.AsNoTracking().ToListAsync());

    private static string Signed(string secret, string json) => OrderClosr.Sandbox.Meta.MetaSignature.SignedRequest(secret, json);
}
