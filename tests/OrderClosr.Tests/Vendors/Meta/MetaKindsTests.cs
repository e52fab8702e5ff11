using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>What a customer can send, kind by kind, through the door: what Meta says (facts/meta.md sections 3.1, 4.2 and 5.2) and what the shop reads.</summary>
public sealed class MetaKindsTests
{
    /// <summary>Nobody wakes the agent, and files that exist nowhere are not fetched.</summary>
    private static readonly TestAppOptions FilesStay = TestAppOptions.AgentSleeps with
    {
        Services = services =>
        {
            TestAppOptions.AgentSleeps.Services!(services);
            services.Remove(services.Single(s => s.ImplementationType == typeof(FetchOnMessageReceived)));
        },
    };

    private const string Nothing = "nothing";

    /// <summary>Inside <c>message</c>, besides its <c>mid</c>.</summary>
    private static readonly (string Sent, string Read)[] OnAPage =
    [
        (""" "text":"بشحال؟" """, """Text "بشحال؟" """),
        (""" "text":"M","quick_reply":{"payload":"SIZE_M"} """, """Button "M" {"payload":"SIZE_M"} """),
        (""" "text":"hadi","reply_to":{"mid":"m_q","is_self_reply":true} """, """Text "hadi" to m_q"""),
        // Media.
        (""" "attachments":[{"type":"image","payload":{"url":"https:\/\/x.fbcdn.net\/1"}},{"type":"image","payload":{"url":"https:\/\/x.fbcdn.net\/2"}}] """, "Image [Image https://x.fbcdn.net/1] [Image https://x.fbcdn.net/2]"),
        (""" "text":"hadi","attachments":[{"type":"image","payload":null}] """, """Image "hadi" [Image gone]"""),
        (""" "attachments":[{"type":"audio","payload":{"url":"https:\/\/x.fbcdn.net\/v"}}] """, "Audio [Audio https://x.fbcdn.net/v]"),
        (""" "attachments":[{"type":"video","payload":{"url":"https:\/\/x.fbcdn.net\/v"}}] """, "Video [Video https://x.fbcdn.net/v]"),
        (""" "attachments":[{"type":"file","payload":{"url":"https:\/\/x.fbcdn.net\/f"}}] """, "File [File https://x.fbcdn.net/f]"),
        // Stickers: the old form, the new one, both at once; the thumbs-up in its sizes.
        (""" "attachments":[{"type":"image","payload":{"url":"https:\/\/x.fbcdn.net\/s","sticker_id":12}}] """, "Sticker [Sticker https://x.fbcdn.net/s]"),
        (""" "attachments":[{"type":"sticker","payload":{"url":"https:\/\/x.fbcdn.net\/s","sticker_id":"12"}}] """, "Sticker [Sticker https://x.fbcdn.net/s]"),
        (""" "attachments":[{"type":"image","payload":{"url":"https:\/\/x.fbcdn.net\/s","sticker_id":12}},{"type":"sticker","payload":{"url":"https:\/\/x.fbcdn.net\/s","sticker_id":"12"}}] """, "Sticker [Sticker https://x.fbcdn.net/s]"),
        (""" "attachments":[{"type":"image","payload":{"sticker_id":369239343222814}}] """, """Sticker "👍" """),
        (""" "attachments":[{"type":"sticker","payload":{"sticker_id":"369239383222810"}}] """, """Sticker "👍" """),
        // What is shared.
        (""" "text":"chouf","attachments":[{"type":"fallback","payload":{"url":"https:\/\/example.org\/r","title":"Robe"}}] """, """Share "chouf" {"link":"https://example.org/r","title":"Robe"}"""),
        (""" "text":"chouf","attachments":[{"type":"fallback","payload":null,"url":"https:\/\/example.org\/r","title":"Robe"}] """, """Share "chouf" {"link":"https://example.org/r","title":"Robe"}"""),
        (""" "attachments":[{"type":"reel","payload":{"url":"\/reel\/9","title":"Promo","reel_video_id":9}}] """, """Share {"link":"https://www.facebook.com/reel/9","title":"Promo"}"""),
        (""" "attachments":[{"type":"ig_reel","payload":{"url":"https:\/\/www.instagram.com\/reel\/9"}}] """, """Share {"link":"https://www.instagram.com/reel/9"}"""),
        (""" "attachments":[{"type":"post","payload":{"url":"https:\/\/www.facebook.com\/5","title":"Soldes","id":"5"}}] """, """Share {"link":"https://www.facebook.com/5","title":"Soldes"}"""),
        (""" "attachments":[{"type":"ig_post","payload":{"url":"https:\/\/www.instagram.com\/p\/5","id":"5"}}] """, """Share {"link":"https://www.instagram.com/p/5"}"""),
        // Products, and where the customer came from.
        (""" "attachments":[{"type":"template","payload":{"product":{"elements":[{"id":"1","retailer_id":"ROBE-M-NOIR","title":"Robe"}]}}}] """, """Share {"productCode":"ROBE-M-NOIR","title":"Robe"}"""),
        (""" "text":"dispo?","referral":{"product":{"id":"77"}} """, """Text "dispo?" {"productCode":"77"} from {"productCode":"77"}"""),
        (""" "text":"prix","referral":{"ref":"r1","ad_id":6021,"source":"ADS","type":"OPEN_THREAD","ads_context_data":{"ad_title":"Soldes","post_id":"55","product_id":"77"}} """,
            """Text "prix" from {"adId":"6021","postId":"55","productCode":"77","title":"Soldes","ref":"r1","source":"ADS"}"""),
        // The rest.
        (""" "attachments":[{"type":"location","payload":{"coordinates":{"lat":36.75,"long":3.05}}}] """, """Location {"latitude":36.75,"longitude":3.05}"""),
        (""" "attachments":[{"type":"appointment_booking","payload":{"booking_id":"b","status":"CONFIRMED","start_time":1,"end_time":2,"timezone":"Africa\/Algiers"}}] """, "Unsupported"),
        (""" "is_unsupported":true """, "Unsupported"),
        (""" "text":"salam","prior_message":{"source":"page","identifier":"x"} """, """Text "salam" """),
        (""" "commands":[{"name":"start"}] """, Nothing),
        (""" "is_deleted":true """, "Text taken back"),
    ];

    /// <summary>Inside <c>message</c>, besides its <c>mid</c>.</summary>
    private static readonly (string Sent, string Read)[] OnInstagram =
    [
        (""" "text":"بشحال؟" """, """Text "بشحال؟" """),
        (""" "text":"M","quick_reply":{"payload":"SIZE_M"} """, """Button "M" {"payload":"SIZE_M"} """),
        (""" "text":"hadi","reply_to":{"mid":"m_q"} """, """Text "hadi" to m_q"""),
        (""" "attachments":[{"type":"image","payload":{"url":"https:\/\/lookaside.fbsbx.com\/1"}}] """, "Image [Image https://lookaside.fbsbx.com/1]"),
        (""" "attachments":[{"type":"audio","payload":{"url":"https:\/\/lookaside.fbsbx.com\/1"}}] """, "Audio [Audio https://lookaside.fbsbx.com/1]"),
        (""" "attachments":[{"type":"video","payload":{"url":"https:\/\/lookaside.fbsbx.com\/1"}}] """, "Video [Video https://lookaside.fbsbx.com/1]"),
        (""" "attachments":[{"type":"file","payload":{"url":"https:\/\/lookaside.fbsbx.com\/1"}}] """, "File [File https://lookaside.fbsbx.com/1]"),
        // What is shared: one thing may be announced in two forms.
        (""" "attachments":[{"type":"share","payload":{"url":"https:\/\/www.instagram.com\/p\/1"}}] """, """Share {"link":"https://www.instagram.com/p/1"}"""),
        (""" "attachments":[{"type":"share","payload":{"url":"https:\/\/www.instagram.com\/p\/1"}},{"type":"ig_post","payload":{"url":"https:\/\/www.instagram.com\/p\/1","title":"Robe","ig_post_media_id":"1"}}] """,
            """Share {"link":"https://www.instagram.com/p/1","title":"Robe"}"""),
        (""" "attachments":[{"type":"ig_reel","payload":{"url":"\/reel\/9","title":"Promo","reel_video_id":"9"}}] """, """Share {"link":"https://www.instagram.com/reel/9","title":"Promo"}"""),
        (""" "attachments":[{"type":"ig_story","payload":{"story_media_id":"1","story_media_url":"https:\/\/lookaside.fbsbx.com\/s"}}] """, """Share {"link":"https://lookaside.fbsbx.com/s"}"""),
        // Stories: a mention asks nothing.
        (""" "attachments":[{"type":"story_mention","payload":{"url":"https:\/\/lookaside.fbsbx.com\/s"}}] """, "StoryMention [Image https://lookaside.fbsbx.com/s] silent nothing_asked"),
        (""" "text":"dispo?","reply_to":{"story":{"id":"1","url":"https:\/\/lookaside.fbsbx.com\/s"}} """, """StoryReply "dispo?" {"link":"https://lookaside.fbsbx.com/s"}"""),
        (""" "text":"dispo?","reply_to":{"story":{"id":"1"}} """, """StoryReply "dispo?" """),
        (""" "attachments":[{"type":"like_heart"}] """, """Sticker "❤️" """),
        (""" "attachments":[{"type":"ephemeral"}] """, "Unsupported"),
        (""" "attachments":[{"type":"unsupported_type"}] """, "Unsupported"),
        (""" "is_unsupported":true """, "Unsupported"),
        (""" "attachments":[{"type":"template","payload":{"product":{"elements":[{"id":"1","retailer_id":"ROBE-M-NOIR","title":"Robe"}]}}}] """, """Share {"productCode":"ROBE-M-NOIR","title":"Robe"}"""),
        (""" "text":"dispo?","referral":{"product":{"id":"77"}} """, """Text "dispo?" {"productCode":"77"} from {"productCode":"77"}"""),
        (""" "text":"salam","referral":{"ref":"bio","source":"A_NEW_WORD","type":"OPEN_THREAD"} """, """Text "salam" from {"ref":"bio","source":"A_NEW_WORD"}"""),
        (""" "text":"moi","is_self":true """, Nothing),
        (""" "is_deleted":true """, "Text taken back"),
    ];

    /// <summary>Inside one of <c>messages[]</c>, besides <c>from</c>, <c>id</c> and <c>timestamp</c>.</summary>
    private static readonly (string Sent, string Read)[] OnWhatsapp =
    [
        (""" "type":"text","text":{"body":"بشحال؟"} """, """Text "بشحال؟" """),
        (""" "type":"text","text":{"body":"hadi"},"context":{"from":"213500009001","id":"wamid.Q"} """, """Text "hadi" to wamid.Q"""),
        (""" "type":"text","text":{"body":"chouf"},"context":{"forwarded":true,"frequently_forwarded":true} """, """Text "chouf" """),
        // Media: by their id; the address in the webhook lives five minutes.
        (""" "type":"image","image":{"id":"91","mime_type":"image\/jpeg","sha256":"x","caption":"hadi?","url":"https:\/\/lookaside.fbsbx.com\/1"} """, """Image "hadi?" [Image 91]"""),
        (""" "type":"audio","audio":{"id":"92","mime_type":"audio\/ogg; codecs=opus","sha256":"x","voice":true} """, "Audio [Audio 92]"),
        (""" "type":"voice","voice":{"id":"93","mime_type":"audio\/ogg","sha256":"x"} """, "Audio [Audio 93]"),
        (""" "type":"video","video":{"id":"94","mime_type":"video\/mp4","caption":"chouf"} """, """Video "chouf" [Video 94]"""),
        (""" "type":"document","document":{"id":"95","mime_type":"application\/pdf","filename":"bon.pdf","caption":"le bon"} """, """File "le bon" [File 95]"""),
        (""" "type":"sticker","sticker":{"id":"96","mime_type":"image\/webp","animated":false} """, "Sticker [Sticker 96]"),
        (""" "type":"video","video":{"id":"97"},"errors":[{"code":131052,"title":"Media download error"}] """, "Video [Video 97 gone]"),
        // Places and people.
        (""" "type":"location","location":{"latitude":36.75,"longitude":"3.05"} """, """Location {"latitude":36.75,"longitude":3.05}"""),
        (""" "type":"location","location":{"latitude":36.75,"longitude":3.05,"name":"Alger","address":"Didouche","url":"https:\/\/example.org\/m"} """, """Location "Alger, Didouche" {"latitude":36.75,"longitude":3.05,"link":"https://example.org/m"}"""),
        (""" "type":"contacts","contacts":[{"name":{"formatted_name":"Lina"},"phones":[{"phone":"0500 00 00 12"},{"wa_id":"213500000013"}]},{"name":{"formatted_name":"Sara"}}] """, """Contacts "Lina, Sara" {"phones":["0500 00 00 12","213500000013"]}"""),
        // Taps.
        (""" "type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"ok:42","title":"Confirmer"}} """, """Button "Confirmer" {"payload":"ok:42"}"""),
        (""" "type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"row1","title":"Oran","description":"600 DA"}} """, """Button "Oran" {"payload":"row1"}"""),
        (""" "type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{}"}} """, """Button "Sent" {"payload":"{}"}"""),
        (""" "type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}} """, """Button {"payload":"call_permission"}"""),
        (""" "type":"interactive","interactive":{"type":"a_new_one"} """, "Unsupported"),
        (""" "type":"button","button":{"text":"Oui","payload":"YES"},"context":{"from":"213500009001","id":"wamid.T"} """, """Button "Oui" to wamid.T {"payload":"YES"}"""),
        (""" "type":"request_welcome" """, """Button {"payload":"welcome"}"""),
        // Buying, and where the customer came from.
        (""" "type":"order","order":{"catalog_id":"1","text":"pour Oran","product_items":[{"product_retailer_id":"ROBE-M-NOIR","quantity":"2","item_price":"1","currency":"DZD"},{"product_retailer_id":"SAC-CAMEL","quantity":1,"item_price":1}]} """,
            """Order "pour Oran" {"items":[{"productCode":"ROBE-M-NOIR","quantity":2},{"productCode":"SAC-CAMEL","quantity":1}]}"""),
        (""" "type":"text","text":{"body":"hadi?"},"context":{"referred_product":{"catalog_id":"1","product_retailer_id":"HIJAB-BEIGE"}} """, """Text "hadi?" {"productCode":"HIJAB-BEIGE"}"""),
        (""" "type":"text","text":{"body":"prix"},"referral":{"source_url":"https:\/\/fb.me\/1","source_id":"6021","source_type":"ad","headline":"Soldes","ctwa_clid":"clid1"} """,
            """Text "prix" from {"adId":"6021","title":"Soldes","link":"https://fb.me/1","source":"ad","clickId":"clid1"}"""),
        (""" "type":"text","text":{"body":"prix"},"referral":{"source_url":"https:\/\/fb.me\/2","source_id":"55","source_type":"post","body":"Robe"} """,
            """Text "prix" from {"postId":"55","link":"https://fb.me/2","source":"post"}"""),
        // The rest.
        (""" "type":"unsupported","errors":[{"code":131051,"title":"Unsupported"}],"unsupported":{"type":"poll"} """, "Unsupported"),
        (""" "type":"unknown","errors":[{"code":131051}] """, "Unsupported"),
        (""" "type":"hologram","hologram":{"id":"1"} """, "Unsupported"),
        (""" "type":"text","text":{"body":"à tous"},"group_id":"G1" """, """Text "à tous" silent group"""),
        (""" "type":"edit","edit":{"original_message_id":"w_late","message":{"type":"text","text":{"body":"new words"}}} """, """Text "new words" edited"""),
        (""" "type":"revoke","revoke":{"original_message_id":"w_gone"} """, "Text taken back"),
        (""" "type":"system","system":{"type":"customer_identity_changed","body":"x"} """, Nothing),
    ];

    [Theory, OnBothDatabases]
    public async Task Each_kind_of_message_on_a_Page_is_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, FilesStay);
        var shop = await app.NewShopAsync();
        await ReadsAsync(app, shop, OnAPage, Messaging("page", shop.Messenger.Account, OnAPage));
    }

    [Theory, OnBothDatabases]
    public async Task Each_kind_of_message_on_Instagram_is_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, FilesStay);
        var shop = await app.NewShopAsync();
        await ReadsAsync(app, shop, OnInstagram, Messaging("instagram", shop.Instagram.Account, OnInstagram));
    }

    [Theory, OnBothDatabases]
    public async Task Each_kind_of_message_on_WhatsApp_is_read(Database database)
    {
        await using var app = await TestApp.StartAsync(database, FilesStay);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var messages = string.Join(',', OnWhatsapp.Select((row, i) => $$$"""{"from":"{{{Writer(i)}}}","id":"k{{{i}}}","timestamp":"{{{now}}}",{{{row.Sent}}}}"""));
        await ReadsAsync(app, shop, OnWhatsapp, shop.WhatsappBody("messages", $"\"messages\":[{messages}]"));
    }

    private static string Messaging(string channel, string account, (string Sent, string Read)[] rows)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var items = string.Join(',', rows.Select((row, i) => $$$"""{"sender":{"id":"{{{Writer(i)}}}"},"recipient":{"id":"{{{account}}}"},"timestamp":{{{now}}},"message":{"mid":"k{{{i}}}",{{{row.Sent}}}}}"""));
        return $$"""{"object":"{{channel}}","entry":[{"id":"{{account}}","time":{{now}},"messaging":[{{items}}]}]}""";
    }

    /// <summary>Each row has a writer of its own, so that each stands in a conversation of its own.</summary>
    private static string Writer(int row) => (213500000100 + row).ToString(CultureInfo.InvariantCulture);

    /// <summary>All rows in one delivery: each reads as its table says, and nothing is left that could not be understood.</summary>
    private static async Task ReadsAsync(TestApp app, Shop shop, (string Sent, string Read)[] rows, string body)
    {
        await app.TellAsync(body);
        var conversations = (await app.ConversationsAsync(shop)).ToDictionary(c => c.Id);
        var messages = (await app.MessagesAsync(shop)).ToLookup(m => m.ConversationId);
        var handles = await app.ReadAsync(shop, db => db.CustomerHandles.AsNoTracking().ToDictionaryAsync(h => h.Handle, h => h.CustomerId));
        var read = rows.Select((row, i) => handles.TryGetValue(Writer(i), out var customer) && conversations.Values.SingleOrDefault(c => c.CustomerId == customer) is { } conversation
            ? string.Join(" + ", messages[conversation.Id].Select(m => Shown(m, conversation))) : Nothing).ToList();
        Assert.Equal(rows.Select(r => $"{r.Sent.Trim()} => {r.Read.Trim()}"), rows.Zip(read, (row, shown) => $"{row.Sent.Trim()} => {shown}"));
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        Assert.Equal(EventState.Read, (await scope.Db.InboundEvents.AsNoTracking().SingleAsync()).State);
    }

    private static string Shown(Message message, Conversation conversation) => string.Join(' ', ((string?[])
    [
        message.Kind.ToString(),
        message.Text.Length > 0 ? $"\"{message.Text}\"" : null,
        message.RepliesTo is { } quoted ? $"to {quoted}" : null,
        message.Extras,
        .. message.Attachments.OrderBy(a => a.Position).Select(a => $"[{string.Join(' ', ((string?[])[a.Kind.ToString(), a.MediaId ?? a.Url, a.Trouble]).OfType<string>())}]"),
        conversation.Referral is { } from ? $"from {from}" : null,
        message.EditedAt is null ? null : "edited",
        message.DeletedAt is null ? null : "taken back",
        conversation.SilentBecause is { } silent ? $"silent {silent}" : null,
    ]).OfType<string>());
}
