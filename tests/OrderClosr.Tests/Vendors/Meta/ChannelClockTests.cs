using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Secrets;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>What clocks do for channels: renew tokens, warn ahead, notice a silence, show each switch.</summary>
public sealed class ChannelClockTests
{
    /// <summary>A Monday, ten o'clock in Algiers.</summary>
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_silence_is_measured_in_the_hours_of_the_day_and_by_the_channels_own_past()
    {
        DateTimeOffset At(int day, double hour) => new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.FromHours(1)).AddHours(hour);
        Assert.Equal(TimeSpan.FromHours(2), Silence.Awake(At(20, 22), At(21, 9)));
        Assert.Equal(TimeSpan.Zero, Silence.Awake(At(20, 23), At(21, 8)));
        Assert.Equal(TimeSpan.FromHours(15), Silence.Awake(At(20, 0), At(21, 0)));
        Assert.Equal(TimeSpan.FromHours(32), Silence.Awake(At(20, 22), At(23, 9)));
        Assert.Equal(TimeSpan.Zero, Silence.Awake(At(21, 9), At(20, 9)));

        // Every two hours of the day for five days: three hours. A quiet afternoon of six stretches it to nine.
        var busy = Enumerable.Range(0, 5).SelectMany(d => Enumerable.Range(0, 8).Select(n => At(16 + d, 8 + (2 * n)))).ToList();
        Assert.Equal(TimeSpan.FromHours(3), Silence.LimitOf(busy));
        Assert.Equal(TimeSpan.FromHours(9), Silence.LimitOf(busy.Where(t => t <= At(18, 10) || t >= At(18, 16))));
        // Never sooner than three hours; and too little past says nothing.
        Assert.Equal(Silence.ShortestSilence, Silence.LimitOf(Enumerable.Range(0, 5).SelectMany(d => Enumerable.Range(0, 100).Select(n => At(16 + d, 8 + (n * 0.15))))));
        Assert.Null(Silence.LimitOf(busy.Take(19)));
        Assert.Null(Silence.LimitOf(Enumerable.Range(0, 40).Select(n => At(16 + (n % 4), 10 + (n * 0.1)))));
    }

    [Theory, OnBothDatabases]
    public async Task Clocks_renew_what_can_be_renewed_warn_of_what_cannot_and_notice_a_silence_once(Database database)
    {
        var time = new TestClock(Monday);
        await using var app = await TestApp.StartAsync(database, new() { Time = time, Started = false, VendorsPlay = true });
        var (shop, quiet) = (await app.NewShopAsync(), await app.NewShopAsync());
        var (page, instagram, number) = (shop.Messenger, shop.Instagram, shop.Whatsapp);
        await using (var scope = app.In(shop.Id))
        {
            var connecting = scope.Get<Connecting>();
            Assert.True((await connecting.ConnectAsync(new(ChannelKind.Messenger, page.Account, null, page.Token) { By = new("990001", null, false) }, default)).Ok);
            Assert.True((await connecting.ConnectAsync(new(ChannelKind.Instagram, instagram.Account, null, instagram.Token) { By = new("178", time.GetUtcNow().AddDays(60), false) }, default)).Ok);
        }

        // Fresh: not renewed, whatever a clock says.
        await RunAsync(new RenewTokens());
        Assert.Equal(0, await CountAsync("renew_token"));
        Assert.Equal(instagram.Token, await TokenAsync(instagram));
        // 31 days later it is: sixty days more. The old one goes on working, so nothing is lost between.
        time.Advance(TimeSpan.FromDays(31));
        await RunAsync(new RenewTokens());
        await RunDueAsync("renew_token");
        var renewed = await ChannelAsync(instagram);
        Assert.Equal(time.GetUtcNow().AddDays(60), renewed.TokenEndsAt);
        Assert.NotEqual(instagram.Token, await TokenAsync(instagram));
        Assert.Equal(ChannelState.Connected, renewed.State);
        await RunAsync(new RenewTokens());
        Assert.Equal(0, await DueAsync("renew_token"));
        // A pasted one whose end nobody knows is renewed once.
        Assert.Equal(time.GetUtcNow().AddDays(60), await app.ReadAsync(quiet, async db =>
        {
            await RunDueOfAsync(quiet, "renew_token");
            return (await db.Channels.AsNoTracking().SingleAsync(c => c.Id == quiet.Instagram.Id)).TokenEndsAt;
        }));

        // Refused while it still works: the look finds it alive, and the next day tries again. Dead: broken, and the owner told.
        time.Advance(TimeSpan.FromDays(35));
        await app.FaultAsync(new { kind = "error", path = "/refresh_access_token", status = 400, code = 100, count = 1 });
        await RunAsync(new RenewTokens());
        await RunDueAsync("renew_token");
        Assert.Equal((ChannelState.Connected, renewed.TokenEndsAt), ((await ChannelAsync(instagram)).State, (await ChannelAsync(instagram)).TokenEndsAt));
        await app.ChangeAccountAsync(instagram.Account, new { token_dead = 463 });
        time.Advance(TimeSpan.FromHours(1));
        await RunAsync(new RenewTokens());
        await RunDueAsync("renew_token");
        Assert.Equal((ChannelState.Broken, "token_refused"), ((await ChannelAsync(instagram)).State, (await ChannelAsync(instagram)).Trouble));

        // The Page's permission ends 90 days after it was given and only a person renews it: told once, seven days ahead.
        await GrantAsync();
        time.Advance(TimeSpan.FromDays(82));
        await CheckAsync(page);
        Assert.Empty(await LettersAsync(OwnerLetter.Ends));
        time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await CheckAsync(page);
        await CheckAsync(page);
        Assert.Single(await LettersAsync(OwnerLetter.Ends));
        Assert.Contains(Connecting.ChecksOf(await ChannelAsync(page)), c => c is { Check: "lasting", Ok: false });
        Assert.Equal(ChannelState.Connected, (await ChannelAsync(page)).State);

        // A number that customers write to every two hours, then nothing. Nights do not count.
        time.SetUtcNow(AlgiersTime.StartOf(new(2027, 5, 10)).AddHours(20));
        await WriteAsync(shop, number, 14);
        await WriteAsync(quiet, quiet.Whatsapp, 3);
        time.SetUtcNow(AlgiersTime.StartOf(new(2027, 5, 10)).AddHours(23));
        await WatchAsync();
        time.SetUtcNow(AlgiersTime.StartOf(new(2027, 5, 11)).AddHours(9));
        await WatchAsync();
        Assert.Empty(await LettersAsync(OwnerLetter.Silent));
        await app.ChangeAccountAsync(number.Account, new { subscribed = false });
        time.SetUtcNow(AlgiersTime.StartOf(new(2027, 5, 11)).AddHours(12));
        await WatchAsync();
        await WatchAsync();
        time.Advance(TimeSpan.FromDays(2));
        await WatchAsync();
        Assert.Single(await LettersAsync(OwnerLetter.Silent));
        // The lost subscription was taken again: the next message comes, and begins another silence.
        using (var said = await app.Sandbox.PostAsJsonAsync("/meta/_customers/213500000012/say", new { channel = "whatsapp", account = number.Account, text = "salam" }))
            Assert.Contains("\"webhook\":true", await said.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await RunDueAsync("send_owner_letter");
        var letters = await app.LettersAsync(shop.OwnerEmail);
        Assert.Contains(letters, l => l.Subject == "Plus aucun message sur un canal" && l.Text.Contains("Whatsapp", StringComparison.Ordinal) && l.Link == $"/w/{shop.Slug}/channels");
        Assert.Contains(letters, l => l.Subject == "Une connexion de votre boutique finit bientôt");
        Assert.Contains(letters, l => l.Subject == "Un canal de votre boutique est en panne");
        Assert.Empty(await app.LettersAsync(quiet.OwnerEmail));

        // Each switch by itself: quality, limit and name of a number only inform.
        await app.ChangeAccountAsync(number.Account, new { quality = "RED", name_status = "DECLINED" });
        await CheckAsync(number);
        var seen = await ChannelAsync(number);
        Assert.Equal(ChannelState.Connected, seen.State);
        Assert.Equal([("limit", true, "250"), ("name", false, "Shop 1"), ("quality", false, "RED")],
            Connecting.ChecksOf(seen).Where(c => c.Check is "quality" or "limit" or "name").OrderBy(c => c.Check, StringComparer.Ordinal).Select(c => (c.Check, c.Ok!.Value, c.Detail!)).ToList());

        async Task GrantAsync()
        {
            var code = System.Text.RegularExpressions.Regex.Match((await DialogAsync()).Headers.Location!.ToString(), "code=([^&]+)").Groups[1].Value;
            using var brief = await app.Sandbox.GetAsync($"/meta/v25.0/oauth/access_token?client_id=424200000000001&client_secret={TestApp.MetaAppSecret}&redirect_uri={Uri.EscapeDataString(app.Url + "/back")}&code={code}");
            var token = System.Text.Json.JsonDocument.Parse(await brief.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString();
            using var lasting = await app.Sandbox.GetAsync($"/meta/v25.0/oauth/access_token?client_id=424200000000001&client_secret={TestApp.MetaAppSecret}&grant_type=fb_exchange_token&fb_exchange_token={token}");
            token = System.Text.Json.JsonDocument.Parse(await lasting.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString();
            using var pages = await app.Sandbox.GetAsync($"/meta/v25.0/me/accounts?access_token={token}");
            Assert.True(pages.IsSuccessStatusCode);
        }

        async Task<HttpResponseMessage> DialogAsync()
        {
            using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            return await browser.PostAsync($"{app.Vendors}/meta/v25.0/dialog/oauth?client_id=424200000000001&redirect_uri={Uri.EscapeDataString(app.Url + "/back")}&state=state-nobody-guesses&response_type=code&config_id=1",
                new FormUrlEncodedContent([new("do", "agree"), new("target", page.Account), .. ((string[])["pages_show_list", "pages_messaging", "pages_manage_metadata"]).Select(s => KeyValuePair.Create("scope", s))]));
        }

        Task<Channel> ChannelAsync(ShopChannel of) => app.ReadAsync(shop, db => db.Channels.AsNoTracking().SingleAsync(c => c.Id == of.Id));
        async Task<string> TokenAsync(ShopChannel of) => app.Get<SecretBox>().Open(shop.Id, "channel.token", (await ChannelAsync(of)).Token);
        Task<int> CountAsync(string kind) => app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == kind));
        Task<int> DueAsync(string kind) => app.ReadAsync(shop, db => db.Jobs.CountAsync(j => j.Kind == kind && j.State == JobState.Waiting));
        async Task<List<Job>> LettersAsync(OwnerLetter letter) => [.. (await app.ReadAsync(shop, db => db.Jobs.AsNoTracking().Where(j => j.Kind == "send_owner_letter").ToListAsync())).Where(j => j.Payload.Contains($"\"letter\":{(int)letter},", StringComparison.Ordinal))];

        async Task CheckAsync(ShopChannel of)
        {
            await using var scope = app.In(shop.Id);
            Assert.Null(await scope.Get<Connecting>().CheckAsync(of.Id, default));
        }

        async Task WatchAsync()
        {
            await RunAsync(new WatchChannels());
            await RunDueAsync("watch_channel");
            await RunDueOfAsync(quiet, "watch_channel");
        }

        Task RunDueAsync(string kind) => RunDueOfAsync(shop, kind);

        async Task RunDueOfAsync(Shop of, string kind)
        {
            foreach (var id in await app.ReadAsync(of, db => db.Jobs.Where(j => j.Kind == kind && j.State == JobState.Waiting).OrderBy(j => j.Id).Select(j => j.Id).ToListAsync())) await app.Get<JobRunner>().RunAsync(new(id, of.Id), default);
        }

        async Task RunAsync<T>(T job) where T : IJob
        {
            await using var scope = app.Get<WorkspaceScopes>().OpenNone();
            Job? row = null;
            await scope.Db.InTransactionAsync(async () =>
            {
                row = await scope.Db.LaterOfNobodyAsync(job, time.GetUtcNow(), default);
                await scope.Db.SaveChangesAsync();
            }, default);
            await app.Get<JobRunner>().RunAsync(new(row!.Id, default), default);
        }

        // Every two hours from eight to eight, so many days until now.
        async Task WriteAsync(Shop of, ShopChannel channel, int days)
        {
            var end = time.GetUtcNow();
            var news = Enumerable.Range(0, days).SelectMany(d => Enumerable.Range(0, 7).Select(n => end.AddDays(-d).AddHours(-2 * n))).Order()
                .Select((at, n) => new ChannelNews(channel.Id, new MessageNews($"{of.Slug}-{n}", new([new(HandleKind.WaId, "213500000099")]), at, MessageKind.Text, "salam"))).ToArray();
            await app.ReceiveAsync(of, news);
            await app.ReadAsync(of, db => db.Channels.Where(c => c.Id == channel.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.LastEventAt, end)));
        }
    }
}
