using System.Text.Json.Nodes;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Meta;

public sealed class SendingTests
{
    private static (int Status, int Code, int? Subcode) No((int Status, JsonObject Json) answer) =>
        (answer.Status, (int)answer.Json["error"]!["code"]!, (int?)answer.Json["error"]!["error_subcode"]);

    [Fact]
    public async Task A_window_closes_24_hours_after_the_customers_last_word()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var meta = await MetaPlay.StartAsync(time: time);
        var (psid, igsid) = (await meta.WriterAsync("lina"), await meta.WriterAsync("lina", "instagram"));
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await meta.SendTextAsync(psid, "ok")).Status);
        Assert.Equal(200, (await meta.SendInstagramAsync(igsid, "ok")).Status);
        Assert.Equal(200, (await meta.SendWhatsAppAsync("+213500000012", "ok")).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((400, 10, 2018278), No(await meta.SendTextAsync(psid, "late")));
        Assert.Equal((400, 10, 2534022), No(await meta.SendInstagramAsync(igsid, "late")));
        Assert.Equal((400, 131047, null), No(await meta.SendWhatsAppAsync("+213500000012", "late")));
        Assert.DoesNotContain(await meta.ThreadAsync("lina", "messenger"), i => (string)i!["text"]! == "late");
    }

    [Fact]
    public async Task A_person_may_answer_for_seven_days_and_retired_tags_are_refused()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var meta = await MetaPlay.StartAsync(time: time);
        var psid = await meta.WriterAsync("lina");
        Task<(int, JsonObject)> TaggedAsync(string tag) => meta.GraphAsync(HttpMethod.Post, "me/messages", MetaPlay.PageToken,
            new JsonObject { ["recipient"] = new JsonObject { ["id"] = psid }, ["messaging_type"] = "MESSAGE_TAG", ["tag"] = tag, ["message"] = new JsonObject { ["text"] = "x" } });
        time.Advance(TimeSpan.FromDays(6));
        Assert.Equal(200, (await TaggedAsync("HUMAN_AGENT")).Item1);
        Assert.Equal((400, 100, null), No(await TaggedAsync("CONFIRMED_EVENT_UPDATE")));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((400, 10, 2018278), No(await TaggedAsync("HUMAN_AGENT")));
    }

    [Fact]
    public async Task One_person_can_be_sent_45_at_once_and_then_one_each_six_seconds()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
        await using var meta = await MetaPlay.StartAsync(time: time);
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        await meta.SayAsync("213500000013", new { channel = "whatsapp", text = "slm" });
        for (var i = 0; i < 45; i++) Assert.Equal(200, (await meta.SendWhatsAppAsync("213500000012", "n" + i)).Status);
        Assert.Equal((400, 131056, null), No(await meta.SendWhatsAppAsync("213500000012", "too much")));
        Assert.Equal(200, (await meta.SendWhatsAppAsync("213500000013", "another person")).Status);
        time.Advance(TimeSpan.FromSeconds(6.1));
        Assert.Equal(200, (await meta.SendWhatsAppAsync("213500000012", "again")).Status);
        Assert.Equal(131056, No(await meta.SendWhatsAppAsync("213500000012", "too much")).Code);
    }

    [Theory]
    [InlineData("messenger", 'a', 2000, 2001)]
    [InlineData("instagram", 'م', 500, 501)]
    [InlineData("whatsapp", 'م', 4096, 4097)]
    public async Task A_text_has_its_channels_limit(string channel, char letter, int most, int tooMany)
    {
        await using var meta = await MetaPlay.StartAsync();
        var handle = channel == "whatsapp" ? "213500000012" : await meta.WriterAsync("lina", channel);
        if (channel == "whatsapp") await meta.SayAsync(handle, new { channel, text = "slm" });
        Task<(int, JsonObject)> SendAsync(int length) => channel switch
        {
            "messenger" => meta.SendTextAsync(handle, new(letter, length)),
            "instagram" => meta.SendInstagramAsync(handle, new(letter, length)),
            _ => meta.SendWhatsAppAsync(handle, new(letter, length)),
        };
        Assert.Equal(200, (await SendAsync(most)).Item1);
        Assert.Equal((400, 100, null), No(await SendAsync(tooMany)));
        Assert.Equal(400, (await SendAsync(0)).Item1);
    }

    [Fact]
    public async Task Whatsapp_refuses_what_its_documents_forbid()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        async Task<int> CodeAsync(string body)
        {
            var (status, json) = await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Phone}/messages", MetaPlay.PhoneToken, JsonNode.Parse(body));
            return status == 200 ? 0 : (int)json["error"]!["code"]!;
        }
        string Buttons(string buttons) => """{"messaging_product":"whatsapp","to":"213500000012","type":"interactive","interactive":{"type":"button","body":{"text":"?"},"action":{"buttons":[BUTTONS]}}}""".Replace("BUTTONS", buttons, StringComparison.Ordinal);
        const string One = """{"type":"reply","reply":{"id":"1","title":"Oui"}}""";
        Assert.Equal(0, await CodeAsync(Buttons(One)));
        Assert.Equal(131009, await CodeAsync(Buttons(One + "," + One)));
        Assert.Equal(131009, await CodeAsync(Buttons(string.Join(',', Enumerable.Range(0, 4).Select(i => One.Replace("1", $"{i}", StringComparison.Ordinal).Replace("Oui", $"{i}", StringComparison.Ordinal))))));
        Assert.Equal(100, await CodeAsync(Buttons("""{"type":"reply","reply":{"id":"1","title":"A title of more than 20"}}""")));
        Assert.Equal(100, await CodeAsync("""{"to":"213500000012","type":"text","text":{"body":"x"}}"""));
        Assert.Equal(100, await CodeAsync("""{"messaging_product":"whatsapp","to":"213500000012","type":"text","text":{"body":"x","boddy":"y"}}"""));
        Assert.Equal(100, await CodeAsync("""{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}"""));
        Assert.Equal(100, await CodeAsync("""{"messaging_product":"whatsapp","to":"213500000012","type":"image","image":{"id":"77"}}"""));
        Assert.Equal(132001, await CodeAsync("""{"messaging_product":"whatsapp","to":"213500000012","type":"template","template":{"name":"no_such","language":{"code":"fr"}}}"""));
        Assert.Equal(132000, await CodeAsync("""{"messaging_product":"whatsapp","to":"213500000012","type":"template","template":{"name":"order_confirmed","language":{"code":"fr"}}}"""));
        Assert.Equal(131009, await CodeAsync("""{"messaging_product":"whatsapp","status":"read","message_id":"wamid.NOBODY"}"""));
    }

    [Fact]
    public async Task A_number_without_its_country_gets_the_businesss_and_is_not_delivered()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        await meta.FaultAsync(new { kind = "window-fails-later" });
        var (status, json) = await meta.SendWhatsAppAsync("0500000012", "lost");
        Assert.Equal((200, "2130500000012"), (status, (string)json["contacts"]![0]!["wa_id"]!));
        var failed = await meta.HookAsync(h => h.Event["statuses"]?[0]!["status"]?.ToString() == "failed");
        Assert.Equal((string)json["messages"]![0]!["id"]!, (string)failed.Event["statuses"]![0]!["id"]!);
        Assert.DoesNotContain(await meta.ThreadAsync("213500000012", "whatsapp"), i => (string)i!["text"]! == "lost");
    }

    [Fact]
    public async Task Only_the_accounts_own_living_token_opens_it()
    {
        await using var meta = await MetaPlay.StartAsync();
        var psid = await meta.WriterAsync("lina");
        var body = new JsonObject { ["recipient"] = new JsonObject { ["id"] = psid }, ["messaging_type"] = "RESPONSE", ["message"] = new JsonObject { ["text"] = "x" } };
        Assert.Equal((400, 100, 33), No(await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/messages", MetaPlay.PhoneToken, body.DeepClone())));
        Assert.Equal((400, 190, null), No(await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/messages", "invented-wrong", body.DeepClone())));
        Assert.Equal((401, 190, null), No(await meta.GraphAsync(HttpMethod.Get, MetaPlay.Phone, "invented-wrong")));
        Assert.Equal(104, No(await meta.GraphAsync(HttpMethod.Get, "me", null)).Code);
        await meta.DoorAsync(HttpMethod.Post, $"accounts/{MetaPlay.Page}", new { token_dead = 460 });
        Assert.Equal((400, 190, 460), No(await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/messages", MetaPlay.PageToken, body.DeepClone())));
        var debug = (await meta.GraphAsync(HttpMethod.Get, $"debug_token?input_token={MetaPlay.PageToken}", "424200000000001|invented-app-secret-0001")).Json["data"]!;
        Assert.Equal((false, 460), ((bool)debug["is_valid"]!, (int)debug["error"]!["subcode"]!));
        await meta.DoorAsync(HttpMethod.Post, $"accounts/{MetaPlay.Page}", new { token = "invented-page-token-2" });
        Assert.Equal(200, (await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/messages", "invented-page-token-2", body.DeepClone())).Status);
        await meta.FaultAsync(new { kind = "permission-removed", value = "pages_messaging" });
        Assert.Equal((403, 200, null), No(await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/messages", "invented-page-token-2", body.DeepClone())));
    }

    [Fact]
    public async Task An_instagram_account_behind_a_page_is_spoken_to_through_the_page()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.DoorAsync(HttpMethod.Post, "accounts", new { kind = "instagram", id = "178000000000009", name = "linked", token = MetaPlay.PageToken, page_id = MetaPlay.Page });
        var hook = await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "instagram", account = "178000000000009", text = "slm" }));
        Assert.Equal(OrderClosr.Sandbox.Meta.MetaSignature.Sha256("invented-app-secret-0001", System.Text.Encoding.UTF8.GetBytes(hook.Raw)), hook.Signature);
        var igsid = (string)hook.Event["sender"]!["id"]!;
        Assert.Equal(200, (await meta.SendTextAsync(igsid, "3500 DA")).Status);
        Assert.Contains(await meta.ThreadAsync("lina", "instagram"), i => (string)i!["text"]! == "3500 DA");
        Assert.Equal(100, No(await meta.SendInstagramAsync(igsid, "x")).Code);
    }

    [Fact]
    public async Task A_person_who_agrees_brings_a_code_that_opens_the_pages_once()
    {
        await using var meta = await MetaPlay.StartAsync();
        using var bare = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = meta.Http.BaseAddress };
        const string Address = "/meta/v25.0/dialog/oauth?client_id=424200000000001&redirect_uri=http%3A%2F%2Fproduct.test%2Fback&state=state-nobody-guesses&response_type=code&scope=pages_show_list,pages_messaging";
        Assert.Contains("Dar Lina", await bare.GetStringAsync(Address), StringComparison.Ordinal);
        foreach (var wrong in (string[])[Address.Replace("product.test", "elsewhere.test"), Address.Replace("state-nobody-guesses", "s1"), Address.Replace("pages_messaging", "pages_everything"), Address.Replace("&scope=pages_show_list,pages_messaging", "")])
        {
            using var refused = await bare.GetAsync(wrong);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var no = await bare.PostAsync(Address, new FormUrlEncodedContent([new("do", "refuse")]));
        Assert.Contains("error=access_denied", no.Headers.Location!.ToString(), StringComparison.Ordinal);
        using var dialog = await bare.PostAsync(Address, new FormUrlEncodedContent([new("do", "agree"), new("user", "990001"), new("target", MetaPlay.Page), new("scope", "pages_show_list"), new("scope", "pages_messaging")]));
        var back = dialog.Headers.Location!.ToString();
        Assert.StartsWith("http://product.test/back?code=", back, StringComparison.Ordinal);
        Assert.EndsWith("&state=state-nobody-guesses", back, StringComparison.Ordinal);
        var code = back.Split("code=")[1].Split('&')[0];
        var exchange = $"oauth/access_token?client_id=424200000000001&client_secret=invented-app-secret-0001&redirect_uri=http%3A%2F%2Fproduct.test%2Fback&code={code}";
        var user = (string)(await meta.GraphAsync(HttpMethod.Get, exchange, null)).Json["access_token"]!;
        var pages = (await meta.GraphAsync(HttpMethod.Get, "me/accounts?fields=id,name,access_token,tasks", user)).Json["data"]!.AsArray();
        Assert.Equal(MetaPlay.PageToken, (string)pages.Single()!["access_token"]!);
        Assert.Equal(100, No(await meta.GraphAsync(HttpMethod.Get, exchange, null)).Code);
    }

    [Fact]
    public async Task Instagram_tells_two_ids_and_only_one_is_in_webhooks()
    {
        await using var meta = await MetaPlay.StartAsync();
        var me = (await meta.GraphAsync(HttpMethod.Get, "me?fields=id,user_id,username", MetaPlay.InstagramToken)).Json;
        Assert.Equal(MetaPlay.Instagram, (string)me["user_id"]!);
        Assert.NotEqual((string)me["id"]!, (string)me["user_id"]!);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"messaging_product":"whatsapp","messaging_product":"whatsapp"}""")]
    [InlineData("""{"messaging_product":"whatsapp","to":{"a":1},"type":"text","text":["x"]}""")]
    public async Task A_body_that_is_no_message_is_refused_and_never_an_accident(string body)
    {
        await using var meta = await MetaPlay.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/meta/v25.0/{MetaPlay.Phone}/messages") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + MetaPlay.PhoneToken);
        using var answer = await meta.Http.SendAsync(request);
        Assert.Equal((400, 100), ((int)answer.StatusCode, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!["code"]!));
    }

    [Fact]
    public async Task Unknown_paths_have_metas_own_error()
    {
        await using var meta = await MetaPlay.StartAsync();
        var (status, json) = await meta.GraphAsync(HttpMethod.Get, "a/b/c", MetaPlay.PageToken);
        Assert.Equal((400, 2500, "OAuthException"), (status, (int)json["error"]!["code"]!, (string)json["error"]!["type"]!));
        Assert.NotNull(json["error"]!["fbtrace_id"]);
    }

    [Fact]
    public async Task A_linked_picture_must_be_one()
    {
        await using var meta = await MetaPlay.StartAsync();
        var psid = await meta.WriterAsync("lina");
        var body = new JsonObject
        {
            ["recipient"] = new JsonObject { ["id"] = psid }, ["messaging_type"] = "RESPONSE",
            ["message"] = new JsonObject { ["attachment"] = new JsonObject { ["type"] = "image", ["payload"] = new JsonObject { ["url"] = "http://product.test/no-picture" } } },
        };
        Assert.Equal(100, No(await meta.GraphAsync(HttpMethod.Post, "me/messages", MetaPlay.PageToken, body)).Code);
        await meta.SayAsync("213500000012", new { channel = "whatsapp", text = "slm" });
        var sent = await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Phone}/messages", MetaPlay.PhoneToken,
            new JsonObject { ["messaging_product"] = "whatsapp", ["to"] = "213500000012", ["type"] = "image", ["image"] = new JsonObject { ["link"] = "http://product.test/no-picture" } });
        Assert.Equal(200, sent.Status);
        var failed = await meta.HookAsync(h => h.Event["statuses"]?[0]!["status"]?.ToString() == "failed");
        Assert.Equal(131053, (int)failed.Event["statuses"]![0]!["errors"]![0]!["code"]!);
    }
}
