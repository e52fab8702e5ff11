using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrderClosr.Sandbox.Meta;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Sandbox.Meta;

public sealed class WebhookTests
{
    private const string MetaSecret = "invented-app-secret-0001", InstagramSecret = "invented-instagram-secret-0001";

    [Theory]
    [InlineData("messenger", MetaSecret, "page")]
    [InlineData("instagram", InstagramSecret, "instagram")]
    [InlineData("whatsapp", MetaSecret, "whatsapp_business_account")]
    public async Task A_customers_words_arrive_escaped_and_signed_with_the_products_secret(string channel, string secret, string about)
    {
        await using var meta = await MetaPlay.StartAsync();
        var hook = await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel, name = "Lina", text = "بشحال؟ https://x.dz" }));
        Assert.Equal(about, (string)hook.Json["object"]!);
        Assert.Equal(MetaSignature.Sha256(secret, Encoding.UTF8.GetBytes(hook.Raw)), hook.Signature);
        Assert.Contains("\\u0628\\u0634\\u062d\\u0627\\u0644\\u061f https:\\/\\/x.dz", hook.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain(hook.Raw, c => c > 127);
    }

    [Fact]
    public async Task Times_are_milliseconds_on_messenger_and_text_seconds_on_whatsapp()
    {
        await using var meta = await MetaPlay.StartAsync();
        var page = await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "messenger", text = "slm" }));
        Assert.True((long)page.Event["timestamp"]! > 100_000_000_000);
        Assert.Equal(MetaPlay.Page, (string)page.Entry["id"]!);
        var phone = await meta.MessageHookAsync(await meta.SayAsync("lina", new { channel = "whatsapp", text = "slm" }));
        Assert.Matches("^[0-9]{10}$", (string)phone.Event["messages"]![0]!["timestamp"]!);
        Assert.Equal(MetaPlay.Waba, (string)phone.Entry["id"]!);
        Assert.Equal(MetaPlay.Phone, (string)phone.Event["metadata"]!["phone_number_id"]!);
    }

    [Fact]
    public async Task Nothing_arrives_without_a_subscription_and_all_arrives_after_it()
    {
        await using var meta = await MetaPlay.StartAsync(subscribed: false);
        Assert.False((bool)(await meta.DoorAsync(HttpMethod.Post, "customers/lina/say", new { channel = "messenger", text = "slm" })).Json["webhook"]!);
        Assert.Empty((await meta.GraphAsync(HttpMethod.Get, $"{MetaPlay.Page}/subscribed_apps", MetaPlay.PageToken)).Json["data"]!.AsArray());

        var wrong = await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/subscribed_apps?subscribed_fields=messages,messaging_seen", MetaPlay.PageToken);
        Assert.Equal((400, 100), (wrong.Status, (int)wrong.Json["error"]!["code"]!));
        Assert.False((bool)(await meta.DoorAsync(HttpMethod.Post, "customers/lina/say", new { channel = "messenger", text = "slm" })).Json["webhook"]!);

        Assert.Equal(200, (await meta.GraphAsync(HttpMethod.Post, $"{MetaPlay.Page}/subscribed_apps?subscribed_fields=messages", MetaPlay.PageToken)).Status);
        var id = await meta.SayAsync("lina", new { channel = "messenger", text = "wesh" });
        await meta.MessageHookAsync(id);
        Assert.Single(meta.Hooks);
        // A field that was not asked for stays silent.
        Assert.False((bool)(await meta.DoorAsync(HttpMethod.Post, "customers/lina/say", new { channel = "messenger", reaction = new { mid = id, emoji = "❤" } })).Json["webhook"]!);
    }

    [Fact]
    public async Task A_customer_known_only_by_a_business_scoped_id_shows_no_number()
    {
        await using var meta = await MetaPlay.StartAsync();
        var value = (await meta.MessageHookAsync(await meta.SayAsync("sofia", new { channel = "whatsapp", text = "slm", user_id_only = true }))).Event;
        Assert.Null(value["messages"]![0]!["from"]);
        Assert.Null(value["contacts"]![0]!["wa_id"]);
        Assert.StartsWith("DZ.", (string)value["contacts"]![0]!["user_id"]!, StringComparison.Ordinal);
        Assert.Equal((string)value["contacts"]![0]!["user_id"]!, (string)value["messages"]![0]!["from_user_id"]!);
    }

    [Fact]
    public async Task Orders_buttons_places_voice_and_ads_have_their_own_shapes_on_whatsapp()
    {
        await using var meta = await MetaPlay.StartAsync();
        async Task<JsonNode> SaidAsync(object say) => (await meta.MessageHookAsync(await meta.SayAsync("lina", say))).Event["messages"]![0]!;
        var order = await SaidAsync(new { channel = "whatsapp", order = new { items = new[] { new { retailer_id = "ROBE-M-NOIR", quantity = 2 } }, text = "لوهران" } });
        Assert.Equal(3500, (int)order["order"]!["product_items"]![0]!["item_price"]!);
        var place = await SaidAsync(new { channel = "whatsapp", location = new { lat = 35.7, @long = -0.6 } });
        Assert.Equal(-0.6, (double)place["location"]!["longitude"]!);
        var voice = await SaidAsync(new { channel = "whatsapp", audio = Convert.ToBase64String("OggS voice"u8) });
        Assert.Equal(("audio/ogg; codecs=opus", true), ((string)voice["audio"]!["mime_type"]!, (bool)voice["audio"]!["voice"]!));
        var ad = await SaidAsync(new { channel = "whatsapp", text = "c combien", referral = new { ad_id = "991", headline = "Robe" } });
        Assert.Equal(("991", "ad"), ((string)ad["referral"]!["source_id"]!, (string)ad["referral"]!["source_type"]!));
        var card = await SaidAsync(new { channel = "whatsapp", contact = new { phone = "+213500000012" } });
        Assert.Equal("213500000012", (string)card["contacts"]![0]!["phones"]![0]!["wa_id"]!);
    }

    [Fact]
    public async Task A_picture_with_words_is_one_message_on_whatsapp_and_two_in_order_elsewhere()
    {
        await using var meta = await MetaPlay.StartAsync();
        var image = Convert.ToBase64String([0x89, 0x50, 0x4E, 0x47, 1, 2, 3]);
        var one = (await meta.DoorAsync(HttpMethod.Post, "customers/lina/say", new { channel = "whatsapp", image, text = "hadi" })).Json["ids"]!.AsArray();
        Assert.Single(one);
        var two = (await meta.DoorAsync(HttpMethod.Post, "customers/lina/say", new { channel = "messenger", image, text = "hadi" })).Json["ids"]!.AsArray();
        var (picture, words) = (await meta.MessageHookAsync((string)two[0]!), await meta.MessageHookAsync((string)two[1]!));
        Assert.Equal("image", (string)picture.Event["message"]!["attachments"]![0]!["type"]!);
        Assert.True((long)picture.Event["timestamp"]! < (long)words.Event["timestamp"]!);
    }

    [Fact]
    public async Task Edits_unsends_and_reactions_name_the_message_they_change()
    {
        await using var meta = await MetaPlay.StartAsync();
        var id = await meta.SayAsync("lina", new { channel = "messenger", text = "slm" });
        await meta.SayAsync("lina", new { channel = "messenger", edit_of = id, text = "salam" });
        var edit = await meta.HookAsync(h => h.Event["message_edit"] is not null);
        Assert.Equal((id, "salam", 1), ((string)edit.Event["message_edit"]!["mid"]!, (string)edit.Event["message_edit"]!["text"]!, (int)edit.Event["message_edit"]!["num_edit"]!));
        await meta.SayAsync("lina", new { channel = "messenger", unsend = id });
        Assert.Equal(id, (string)(await meta.HookAsync(h => h.Event["message"]?["is_deleted"] is not null)).Event["message"]!["mid"]!);
        var wamid = await meta.SayAsync("lina", new { channel = "whatsapp", text = "slm" });
        await meta.SayAsync("lina", new { channel = "whatsapp", reaction = new { mid = wamid, emoji = "👍" } });
        Assert.Equal(wamid, (string)(await meta.HookAsync(h => h.Event["messages"]?[0]!["reaction"] is not null)).Event["messages"]![0]!["reaction"]!["message_id"]!);
    }

    [Fact]
    public async Task Events_of_many_accounts_travel_in_one_delivery_with_a_broken_one_between_them()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.DoorAsync(HttpMethod.Post, "accounts", new { kind = "page", id = "101000000000009", name = "Other", token = "invented-other", subscribed = true });
        await meta.FaultAsync(new { kind = "batch", value = "4" });
        await meta.FaultAsync(new { kind = "malformed-in-batch", count = 1 });
        for (var i = 0; i < 4; i++) await meta.SayAsync("c" + i, new { channel = "messenger", account = i % 2 == 0 ? MetaPlay.Page : "101000000000009", text = "slm" + i });
        var hook = await meta.HookAsync(_ => true);
        var entries = hook.Json["entry"]!.AsArray();
        Assert.Equal(3, entries.Count);
        Assert.Equal("soon", (string)entries[1]!["time"]!);
        Assert.Equal(2, entries[0]!["messaging"]!.AsArray().Count);
        Assert.NotEqual((string)entries[0]!["id"]!, (string)entries[2]!["id"]!);
    }

    [Fact]
    public async Task An_hour_of_failures_ends_the_subscription_of_a_page()
    {
        var time = new TestClock(new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };
        await using var meta = await MetaPlay.StartAsync(time: time);
        meta.ProductSays = HttpStatusCode.InternalServerError;
        await meta.SayAsync("lina", new { channel = "messenger", text = "slm" });
        await Eventually.HoldsAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(2));
            return (await meta.GraphAsync(HttpMethod.Get, $"{MetaPlay.Page}/subscribed_apps", MetaPlay.PageToken)).Json["data"]!.AsArray().Count == 0;
        });
        Assert.True(meta.Hooks.Count() > 3);
        Assert.True(time.GetUtcNow() - new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero) >= TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData("duplicate", 2)]
    [InlineData("concurrent-duplicate", 2)]
    [InlineData("wrong-signature", 1)]
    [InlineData("missing-signature", 1)]
    [InlineData("raw-utf8", 1)]
    public async Task A_delivery_can_be_made_to_go_wrong(string kind, int times)
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.FaultAsync(new { kind, count = 1 });
        await meta.SayAsync("lina", new { channel = "messenger", text = "سلام" });
        await Eventually.HoldsAsync(() => meta.Hooks.Count() == times);
        var hook = meta.Hooks.First();
        var right = MetaSignature.Sha256(MetaSecret, Encoding.UTF8.GetBytes(hook.Raw));
        if (kind == "missing-signature") Assert.Null(hook.Signature);
        else if (kind == "wrong-signature") Assert.NotEqual(right, hook.Signature);
        else Assert.Equal(right, hook.Signature);
        Assert.Equal(kind == "raw-utf8", hook.Raw.Contains("سلام", StringComparison.Ordinal));
        if (times == 2) Assert.Equal(meta.Hooks.First().Raw, meta.Hooks.Last().Raw);
    }

    [Fact]
    public async Task A_phantom_edit_has_no_sender_and_the_message_can_be_looked_up()
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.FaultAsync(new { kind = "phantom-edit", count = 1 });
        var mid = await meta.SayAsync("lina", new { channel = "instagram", text = "ch7al?" });
        var hook = await meta.MessageHookAsync(mid);
        Assert.Null(hook.Event["sender"]);
        Assert.Equal(0, (int)hook.Event["message_edit"]!["num_edit"]!);
        var found = await meta.GraphAsync(HttpMethod.Get, $"{mid}?fields=from,to,message,created_time", MetaPlay.InstagramToken);
        Assert.Equal("ch7al?", (string)found.Json["message"]!);
        Assert.Equal(MetaPlay.Instagram, (string)found.Json["to"]!["data"]![0]!["id"]!);
    }

    [Theory]
    [InlineData("messenger")]
    [InlineData("whatsapp")]
    public async Task An_edit_can_overtake_its_message(string channel)
    {
        await using var meta = await MetaPlay.StartAsync();
        await meta.FaultAsync(new { kind = "edit-first", count = 1, value = "3 robes", seconds = 0.1 });
        var id = await meta.SayAsync("lina", new { channel, text = "2 robes" });
        await Eventually.HoldsAsync(() => meta.Hooks.Count() == 2);
        var (first, second) = (meta.Hooks.First(), meta.Hooks.Last());
        Assert.Contains("3 robes", first.Raw, StringComparison.Ordinal);
        Assert.Contains(id, first.Raw, StringComparison.Ordinal);
        Assert.Contains("2 robes", second.Raw, StringComparison.Ordinal);
        Assert.Contains(id, second.Raw, StringComparison.Ordinal);
    }
}
