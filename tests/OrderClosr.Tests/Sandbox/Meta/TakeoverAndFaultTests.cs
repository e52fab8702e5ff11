using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Meta;

public sealed class TakeoverAndFaultTests
{
    [Fact]
    public async Task Our_own_message_comes_back_as_an_echo_that_says_so_only_on_messenger()
    {
        await using var meta = await MetaPlay.StartAsync();
        var sent = await meta.SendTextAsync(await meta.WriterAsync("lina"), "3500 DA");
        var echo = (await meta.HookAsync(h => h.Event["message"]?["is_echo"] is not null)).Event;
        Assert.Equal(((string)sent.Json["message_id"]!, "424200000000001", "turn-1", MetaPlay.Page),
            ((string)echo["message"]!["mid"]!, echo["message"]!["app_id"]!.ToJsonString(), (string)echo["message"]!["metadata"]!, (string)echo["sender"]!["id"]!));
        var instagram = await meta.SendInstagramAsync(await meta.WriterAsync("lina", "instagram"), "3500 DA");
        var silent = (await meta.MessageHookAsync((string)instagram.Json["message_id"]!)).Event["message"]!;
        Assert.True((bool)silent["is_echo"]!);
        Assert.Null(silent["app_id"]);
        Assert.Null(silent["metadata"]);
    }

    [Theory]
    [InlineData("messenger", "inbox", "263902037430900")]
    [InlineData("messenger", "phone-app", null)]
    [InlineData("instagram", "inbox", null)]
    public async Task A_person_who_answers_elsewhere_is_an_echo_that_is_not_ours(string channel, string how, string? app)
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.WriterAsync("lina", channel);
        var (_, said) = await meta.DoorAsync(HttpMethod.Post, "business/lina/say", new { channel, text = "salam, c'est Karim", how });
        var message = (await meta.MessageHookAsync((string)said["id"]!)).Event["message"]!;
        Assert.True((bool)message["is_echo"]!);
        Assert.Equal(app, message["app_id"]?.ToJsonString());
    }

    [Fact]
    public async Task A_person_on_the_whatsapp_phone_is_an_smb_echo()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        var (_, said) = await meta.DoorAsync(HttpMethod.Post, "business/213500000012/say", new { channel = "whatsapp", text = "salam", how = "smb" });
        var hook = await meta.MessageHookAsync((string)said["id"]!);
        Assert.Equal("smb_message_echoes", (string)hook.Entry["changes"]![0]!["field"]!);
        Assert.Equal(("213500009001", "213500000012"), ((string)hook.Event["message_echoes"]![0]!["from"]!, (string)hook.Event["message_echoes"]![0]!["to"]!));
    }

    [Fact]
    public async Task With_routing_the_inbox_owns_the_thread_until_it_is_taken_back()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var meta = await MetaPlay.StartAsync(time: time);
        await meta.FaultAsync(new { kind = "conversation-routing" });
        var psid = await meta.WriterAsync("lina");
        await meta.DoorAsync(HttpMethod.Post, "business/lina/say", new { channel = "messenger", text = "Karim ici", how = "inbox" });
        Assert.NotNull((await meta.HookAsync(h => h.Entry["messaging"]?[0]!["take_thread_control"] is not null)).Event);
        var customer = await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "messenger", text = "merci" }));
        Assert.NotNull(customer.Entry["standby"]);
        var refused = await meta.SendTextAsync(psid, "moi aussi");
        Assert.Equal((10, 2018300), ((int)refused.Json["error"]!["code"]!, (int)refused.Json["error"]!["error_subcode"]!));
        var owner = await meta.GraphAsync(HttpMethod.Get, $"{MetaPlay.Page}/thread_owner?recipient={psid}", MetaPlay.PageToken);
        Assert.Equal("263902037430900", (string)owner.Json["data"]![0]!["thread_owner"]!["app_id"]!);
        await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/take_thread_control", MetaPlay.PageToken, new JsonObject { ["recipient"] = new JsonObject { ["id"] = psid } });
        Assert.Equal(200, (await meta.SendTextAsync(psid, "me revoilà")).Status);
    }

    [Fact]
    public async Task An_echo_can_arrive_before_the_answer_of_the_send_call()
    {
        await using var meta = await MetaPlay.StartAsync();
        var psid = await meta.WriterAsync("lina");
        await meta.FaultAsync(new { kind = "echo-before-answer", count = 1, seconds = 0.5 });
        var sending = meta.SendTextAsync(psid, "3500 DA");
        var echo = await meta.HookAsync(h => h.Event["message"]?["is_echo"] is not null);
        Assert.False(sending.IsCompleted);
        Assert.Equal((string)echo.Event["message"]!["mid"]!, (string)(await sending).Json["message_id"]!);
    }

    [Fact]
    public async Task An_accepted_whatsapp_message_can_fail_later_with_a_code()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        await meta.FaultAsync(new { kind = "fail-later", count = 1, code = 131053 });
        var sent = await meta.SendWhatsAppAsync("213500000012", "x");
        Assert.Equal(200, sent.Status);
        var status = (await meta.HookAsync(h => h.Event["statuses"] is not null)).Event["statuses"]![0]!;
        Assert.Equal(("failed", 131053, (string)sent.Json["messages"]![0]!["id"]!), ((string)status["status"]!, (int)status["errors"]![0]!["code"]!, (string)status["id"]!));
        Assert.DoesNotContain(await meta.ThreadAsync("213500000012", "whatsapp"), i => (string)i!["from"]! == "business");
    }

    [Fact]
    public async Task A_send_that_times_out_after_the_work_has_reached_the_customer()
    {
        await using var meta = await MetaPlay.StartAsync();
        var psid = await meta.WriterAsync("lina");
        await meta.FaultAsync(new { kind = "timeout-after-work", count = 1, seconds = 0, path = $"/{MetaPlay.Page}/messages" });
        await Assert.ThrowsAsync<HttpRequestException>(() => meta.SendTextAsync(psid, "3500 DA"));
        Assert.Contains(await meta.ThreadAsync("lina", "messenger"), i => (string)i!["text"]! == "3500 DA");
    }

    [Theory]
    [InlineData(429, 613, null)]
    [InlineData(500, 131000, null)]
    [InlineData(400, 190, 460)]
    public async Task An_injected_error_has_metas_shape(int status, int code, int? subcode)
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.FaultAsync(new { kind = "error", count = 1, status, code, subcode });
        var (got, json) = await meta.GraphAsync(HttpMethod.Get, "me", MetaPlay.PageToken);
        Assert.Equal((status, code, subcode, "OAuthException"), (got, (int)json["error"]!["code"]!, (int?)json["error"]!["error_subcode"], (string)json["error"]!["type"]!));
        Assert.Equal(200, (await meta.GraphAsync(HttpMethod.Get, "me", MetaPlay.PageToken)).Status);
    }

    [Fact]
    public async Task Media_is_fetched_with_the_token_for_five_minutes()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var meta = await MetaPlay.StartAsync(time: time);
        var bytes = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");
        var image = (await meta.MessageHookAsync(await meta.SayAsync("213500000012", new { channel = "whatsapp", image = Convert.ToBase64String(bytes), text = "hadi" }))).Event["messages"]![0]!["image"]!;
        Assert.Equal(("image/png", "hadi"), ((string)image["mime_type"]!, (string)image["caption"]!));
        async Task<(int, byte[])> GetAsync(string url, string? token, string agent = "product/1")
        {
            using var bare = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            if (agent.Length > 0) request.Headers.UserAgent.ParseAdd(agent);
            using var answer = await bare.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
        }
        var found = (await meta.GraphAsync(HttpMethod.Get, (string)image["id"]!, MetaPlay.PhoneToken)).Json;
        var url = (string)found["url"]!;
        Assert.Equal(bytes, (await GetAsync(url, MetaPlay.PhoneToken)).Item2);
        Assert.Equal(401, (await GetAsync(url, null)).Item1);
        Assert.StartsWith("<!doctype html>", Encoding.UTF8.GetString((await GetAsync(url, MetaPlay.PhoneToken, "")).Item2), StringComparison.Ordinal);
        Assert.Equal(404, (await GetAsync(url.Replace("oh=", "oh=0", StringComparison.Ordinal), MetaPlay.PhoneToken)).Item1);
        time.Advance(TimeSpan.FromMinutes(5.1));
        Assert.Equal(404, (await GetAsync(url, MetaPlay.PhoneToken)).Item1);
        Assert.Equal(200, (await GetAsync((string)(await meta.GraphAsync(HttpMethod.Get, (string)image["id"]!, MetaPlay.PhoneToken)).Json["url"]!, MetaPlay.PhoneToken)).Item1);
        time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(400, (await meta.GraphAsync(HttpMethod.Get, (string)image["id"]!, MetaPlay.PhoneToken)).Status);

        var photo = (await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "messenger", image = Convert.ToBase64String(bytes) }))).Event["message"]!["attachments"]![0]!;
        Assert.Equal(bytes, (await GetAsync((string)photo["payload"]!["url"]!, null)).Item2);
    }

    [Theory]
    [InlineData("messenger", 10900, null)]
    [InlineData("instagram", 100, 2534025)]
    public async Task A_comment_gets_one_private_reply(string channel, int code, int? subcode)
    {
        await using var meta = await MetaPlay.StartAsync();
        var (_, comment) = await meta.DoorAsync(HttpMethod.Post, "comments", new { channel, from = "lina", text = "Prix svp", post = "55" });
        var hook = await meta.HookAsync(h => h.Raw.Contains("Prix svp", StringComparison.Ordinal));
        Assert.Equal(channel == "messenger" ? "feed" : "comments", (string)hook.Entry["changes"]![0]!["field"]!);
        Assert.True((long)hook.Entry["time"]! < 100_000_000_000);
        var (account, token) = channel == "messenger" ? (MetaPlay.Page, MetaPlay.PageToken) : (MetaPlay.Instagram, MetaPlay.InstagramToken);
        Task<(int Status, JsonObject Json)> ReplyAsync() => meta.GraphAsync(HttpMethod.Post, $"{account}/messages", token, new JsonObject
        {
            ["recipient"] = new JsonObject { ["comment_id"] = (string)comment["id"]! }, ["messaging_type"] = "RESPONSE", ["message"] = new JsonObject { ["text"] = "3500 DA" },
        });
        Assert.Equal(200, (await ReplyAsync()).Status);
        var second = (await ReplyAsync()).Json["error"]!;
        Assert.Equal((code, subcode), ((int)second["code"]!, (int?)second["error_subcode"]));
    }

    [Fact]
    public async Task A_raw_body_is_signed_as_given_and_the_products_answer_comes_back()
    {
        await using var meta = await MetaPlay.StartAsync();
        using var body = new StringContent("""{"object":"page","entry":[]}""", Encoding.UTF8, "application/json");
        using var answer = await meta.Http.PostAsync("/meta/_raw?secret=meta", body);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(200, (int)json["status"]!);
        Assert.True((long)json["ms"]! >= 0);
        Assert.Equal("sha256=35cac75e11280172ec742b29033b76db1eb04a6f4215715dae6650142100e6c9", meta.Hooks.Single().Signature);
    }

    [Fact]
    public async Task The_handshake_tells_whether_the_challenge_came_back()
    {
        await using var meta = await MetaPlay.StartAsync();
        Assert.True((bool)(await meta.DoorAsync(HttpMethod.Post, "verify")).Json["ok"]!);
        var wrong = (await meta.DoorAsync(HttpMethod.Post, "verify?token=wrong")).Json;
        Assert.Equal((false, 403), ((bool)wrong["ok"]!, (int)wrong["status"]!));
    }

    [Fact]
    public async Task Accounts_and_the_log_never_show_a_token()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.GraphAsync(HttpMethod.Get, $"me?access_token={MetaPlay.PageToken}", null);
        var shown = (await meta.DoorAsync(HttpMethod.Get, "accounts")).Json.ToJsonString() + (await meta.DoorAsync(HttpMethod.Get, "log")).Json.ToJsonString();
        Assert.Contains(MetaPlay.Page, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("invented-page-token", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forgetting_brings_the_seed_back()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.WriterAsync("lina");
        await meta.DoorAsync(HttpMethod.Post, $"accounts/{MetaPlay.Page}", new { token = "invented-page-token-2" });
        await meta.DoorAsync(HttpMethod.Delete, "state");
        Assert.Empty(await meta.ThreadAsync("lina", "messenger"));
        Assert.Equal(200, (await meta.GraphAsync(HttpMethod.Get, "me", MetaPlay.PageToken)).Status);
    }

    [Fact]
    public async Task Connecting_an_account_again_keeps_its_conversations()
    {
        await using var meta = await MetaPlay.StartAsync();
        var psid = await meta.WriterAsync("lina");
        Assert.Equal(200, (await meta.DoorAsync(HttpMethod.Post, "accounts", new { kind = "page", id = MetaPlay.Page, name = "Dar Lina", token = "invented-page-token-2" })).Status);
        Assert.Equal(400, (await meta.SendTextAsync(psid, "old token")).Status);
        await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "messenger", text = "encore" }));
        Assert.Equal(2, (await meta.ThreadAsync("lina", "messenger")).Count);
    }

    [Fact]
    public async Task Every_try_of_a_webhook_can_be_seen()
    {
        await using var meta = await MetaPlay.StartAsync();
        meta.ProductSays = System.Net.HttpStatusCode.ServiceUnavailable;
        await meta.SayAsync("lina", new { channel = "messenger", text = "slm" });
        await Eventually.HoldsAsync(() => meta.Hooks.Count() >= 2);
        var tries = (await meta.DoorAsync(HttpMethod.Get, "deliveries")).Json["items"]!.AsArray();
        Assert.Equal((503, 1), ((int)tries[0]!["status"]!, (int)tries[0]!["try"]!));
    }

    [Fact]
    public async Task A_customer_is_the_same_person_after_the_sandbox_restarts()
    {
        await using var first = await MetaPlay.StartAsync();
        await using var second = await MetaPlay.StartAsync();
        Assert.Equal(await first.WriterAsync("lina"), await second.WriterAsync("lina"));
        Assert.NotEqual(await first.SayAsync("lina", new { channel = "messenger", text = "a" }), await second.SayAsync("lina", new { channel = "messenger", text = "a" }));
    }

    [Fact]
    public async Task A_thousand_customers_can_write_at_once()
    {
        await using var meta = await MetaPlay.StartAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await meta.SayAsync("c" + i, new { channel = "messenger", text = "slm" }));
        await Eventually.HoldsAsync(() => meta.Hooks.Count() == 1000);
        Assert.Equal(1000, meta.Hooks.Select(h => (string)h.Event["sender"]!["id"]!).Distinct().Count());
    }
}
