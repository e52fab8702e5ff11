using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Customers;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>What Meta tells beside new messages, through the door (facts/meta.md sections 3.2, 3.3, 4.2, 4.3 and 5.2 to 5.5).</summary>
public sealed class MetaEventsTests
{
    /// <summary>What is said of one message of ours, in this order, and how far it then is.</summary>
    private static readonly (string[] Told, MessageStatus Ends)[] Statuses =
    [
        (["sent"], MessageStatus.Sent),
        (["sent", "delivered"], MessageStatus.Delivered),
        (["delivered", "sent"], MessageStatus.Delivered),
        (["read"], MessageStatus.Read),
        (["read", "delivered"], MessageStatus.Read),
        (["played"], MessageStatus.Read),
        (["failed", "sent"], MessageStatus.Failed),
        (["failed", "delivered"], MessageStatus.Delivered),
        (["delivered", "failed"], MessageStatus.Delivered),
        (["deleted", "warning", "a_new_word"], MessageStatus.Sent),
    ];

    [Theory, OnBothDatabases]
    public async Task A_status_only_moves_forward_in_whatever_order_they_come_and_wakes_nobody(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        for (var i = 0; i < Statuses.Length; i++)
        {
            var (told, ends) = Statuses[i];
            var (conversation, id) = await app.SentAsync(shop, $"2135000001{i:00}", Author.Member);
            var words = told.Select(status => $$$"""{"id":"{{{id}}}","status":"{{{status}}}","timestamp":"{{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}","recipient_user_id":"DZ.1","recipient_parent_user_id":"DZ.ENT.1","pricing":{"billable":false}}""");
            await app.TellAsync(shop.WhatsappBody("messages", $"\"statuses\":[{string.Join(',', words)}]"));
            Assert.Equal((string.Join(' ', told), ends), (string.Join(' ', told), (await app.OutAsync(shop, conversation)).Single().Status));
            Assert.Null((await app.ConversationAsync(shop, conversation)).DueAt);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_Page_and_Instagram_tell_of_one_message_or_of_all_up_to_a_moment(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        (ChannelKind Kind, string Told, MessageStatus First, MessageStatus Second)[] rows =
        [
            (ChannelKind.Messenger, """ "delivery":{"mids":["{first}"]} """, MessageStatus.Delivered, MessageStatus.Sent),
            (ChannelKind.Messenger, """ "delivery":{"watermark":{now},"seq":0} """, MessageStatus.Delivered, MessageStatus.Delivered),
            (ChannelKind.Messenger, """ "delivery":{"mids":["{second}"],"watermark":"{between}"} """, MessageStatus.Delivered, MessageStatus.Delivered),
            (ChannelKind.Messenger, """ "read":{"watermark":"{between}"} """, MessageStatus.Read, MessageStatus.Sent),
            (ChannelKind.Instagram, """ "read":{"mid":"{second}"} """, MessageStatus.Sent, MessageStatus.Read),
        ];
        for (var i = 0; i < rows.Length; i++)
        {
            var (kind, told, first, second) = rows[i];
            var now = DateTimeOffset.UtcNow;
            await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, $"90{i}", now.AddMinutes(-9), $$""" "message":{"mid":"in{{i}}","text":"salam"} """)));
            await app.ReadAsync(shop, async db =>
            {
                var conversation = await db.Conversations.SingleAsync(c => db.Set<Message>().Any(m => m.ConversationId == c.Id && m.ChannelMessageId == $"in{i}"));
                foreach (var (id, ago) in ((string, int)[])[($"first{i}", 8), ($"second{i}", 2)])
                    db.Add(new Message
                    {
                        Id = MessageId.New(now), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, ChannelMessageId = id, Direction = Direction.Out, Author = Author.Agent,
                        Kind = MessageKind.Text, Text = "3500 DA", At = now.AddMinutes(-ago), StoredAt = now, Status = MessageStatus.Sent,
                    });
                return await db.SaveChangesAsync();
            });
            var said = told.Replace("{first}", $"first{i}", StringComparison.Ordinal).Replace("{second}", $"second{i}", StringComparison.Ordinal).Replace("{now}", $"{now.ToUnixTimeMilliseconds()}", StringComparison.Ordinal).Replace("{between}", $"{now.AddMinutes(-5).ToUnixTimeMilliseconds()}", StringComparison.Ordinal);
            await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, $"90{i}", now, said)));
            var messages = (await app.MessagesAsync(shop)).ToDictionary(m => m.ChannelMessageId!);
            Assert.Equal((told, first, second), (told, messages[$"first{i}"].Status, messages[$"second{i}"].Status));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_reaction_is_shown_and_taken_off_and_asks_nothing(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        foreach (var (kind, who) in ((ChannelKind, string)[])[(ChannelKind.Messenger, "901"), (ChannelKind.Instagram, "902")])
        {
            await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, who, now, $$""" "message":{"mid":"m{{who}}","text":"salam"} """)));
            foreach (var (told, shown) in ((string, string?)[])
            [
                (""" "action":"react","reaction":"love","emoji":"❤" """, "❤"), (""" "action":"react","reaction":"wow" """, "😮"), (""" "action":"react","reaction":"other" """, "•"), (""" "action":"unreact" """, null),
            ])
            {
                await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, who, now, $$""" "reaction":{"mid":"m{{who}}",{{told}}} """)));
                Assert.Equal((told, shown), (told, (await app.MessagesAsync(shop)).Single(m => m.ChannelMessageId == $"m{who}").Reaction));
            }
        }
        var (_, id) = await app.SentAsync(shop, "213500000051");
        foreach (var (told, shown) in ((string, string?)[])[(""" ,"emoji":"👍" """, "👍"), (""" ,"emoji":"" """, null), (""" ,"emoji":"🙏" """, "🙏"), ("", null)])
        {
            await app.TellAsync(shop.WhatsappBody("messages", $$$"""
                "messages":[{"from":"213500000051","id":"r","timestamp":"{{{now.ToUnixTimeSeconds()}}}","type":"reaction","reaction":{"message_id":"{{{id}}}"{{{told}}}}}]
                """));
            Assert.Equal((told, shown), (told, (await app.MessagesAsync(shop)).Single(m => m.ChannelMessageId == id).Reaction));
        }
        Assert.Equal(4, (await app.MessagesAsync(shop)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_person_on_the_shops_phone_takes_over_by_what_they_write_change_or_take_back_and_by_no_emoji(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        (string Did, bool TakesOver, string Thread)[] rows =
        [
            (""" "type":"text","text":{"body":"je suis là"} """, true, "salam | 3500 DA | je suis là"),
            (""" "type":"image","image":{"id":"1","caption":"hadi"} """, true, "salam | 3500 DA | hadi"),
            (""" "type":"reaction","reaction":{"message_id":"{in}","emoji":"👍"} """, false, "salam | 3500 DA"),
            (""" "type":"reaction","reaction":{"message_id":"{in}"} """, false, "salam | 3500 DA"),
            (""" "type":"edit","edit":{"original_message_id":"{out}","message":{"type":"text","text":{"body":"3200 DA"}}} """, true, "salam | 3200 DA"),
            (""" "type":"revoke","revoke":{"original_message_id":"{out}"} """, true, "salam | "),
            (""" "type":"edit","edit":{"original_message_id":"unknown","message":{"type":"text","text":{"body":"?"}}} """, true, "salam | 3500 DA"),
        ];
        for (var i = 0; i < rows.Length; i++)
        {
            var (did, takesOver, thread) = rows[i];
            var customer = $"2135000001{i:00}";
            var (conversation, id) = await app.SentAsync(shop, customer);
            await app.TellAsync(shop.WhatsappBody("smb_message_echoes", $$$"""
                "message_echoes":[{"from":"213500009001","to":"{{{customer}}}","id":"echo{{{i}}}","timestamp":"{{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}",{{{did.Replace("{in}", $"wamid.in.{customer}", StringComparison.Ordinal).Replace("{out}", id, StringComparison.Ordinal)}}}}]
                """));
            var after = await app.ConversationAsync(shop, conversation);
            Assert.Equal((did, takesOver ? HeldBy.Person : HeldBy.Agent), (did, after.HeldBy));
            Assert.Equal((did, thread), (did, string.Join(" | ", (await app.MessagesAsync(shop)).Where(m => m.ConversationId == conversation).Select(m => m.Text))));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_thread_that_another_app_owns_is_shown_and_not_answered_until_it_comes_back(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        var ours = "424200000000001";
        (string Told, string List, HeldBy By, string Shown)[] rows =
        [
            (""" "message":{"mid":"a{who}","text":"salam"} """, "standby", HeldBy.Person, "salam"),
            (""" "postback":{"title":"Commander"} """, "standby", HeldBy.Person, "Commander"),
            (""" "take_thread_control":{"previous_owner_app_id":424200000000001,"new_owner_app_id":263902037430900,"metadata":""} """, "messaging", HeldBy.Person, ""),
            (""" "pass_thread_control":{"previous_owner_app_id":"424200000000001","new_owner_app_id":"26390203743090","metadata":"x"} """, "messaging", HeldBy.Person, ""),
            (""" "take_thread_control":{"previous_owner_app_id":424200000000001,"new_owner_app_id":null} """, "messaging", HeldBy.Person, ""),
            (""" "request_thread_control":{"requested_owner_app_id":"26390203743090"} """, "messaging", HeldBy.Agent, ""),
            (""" "delivery":{"watermark":1} """, "standby", HeldBy.Agent, ""),
            (""" "read":{"watermark":1} """, "standby", HeldBy.Agent, ""),
        ];
        for (var i = 0; i < rows.Length; i++)
        {
            var (told, list, by, shown) = rows[i];
            foreach (var kind in (ChannelKind[])[ChannelKind.Messenger, ChannelKind.Instagram])
            {
                var who = $"90{i}{(int)kind}";
                await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, who, now, $$""" "message":{"mid":"in{{who}}","text":"first"} """)));
                await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, who, now.AddSeconds(1), told.Replace("{who}", who, StringComparison.Ordinal)), list));
                var messages = await app.MessagesAsync(shop);
                var conversation = messages.Single(m => m.ChannelMessageId == $"in{who}").ConversationId;
                Assert.Equal((told, kind, by), (told, kind, (await app.ConversationAsync(shop, conversation)).HeldBy));
                Assert.Equal((told, shown), (told, string.Concat(messages.Where(m => m.ConversationId == conversation).Skip(1).Select(m => m.Text))));

                await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, who, now.AddSeconds(2), $$""" "pass_thread_control":{"previous_owner_app_id":"26390203743090","new_owner_app_id":"{{ours}}"} """)));
                var back = await app.ConversationAsync(shop, conversation);
                Assert.Equal((told, HeldBy.Agent, true), (told, back.HeldBy, back.DueAt is not null));
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task Where_a_customer_came_from_is_remembered_without_a_word_of_theirs(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        (ChannelKind Kind, string Told, string From, string Said)[] rows =
        [
            (ChannelKind.Messenger, """ "referral":{"ref":"r1","source":"SHORTLINK","type":"OPEN_THREAD"} """, """{"ref":"r1","source":"SHORTLINK"}""", ""),
            (ChannelKind.Messenger, """ "referral":{"ad_id":"6021","source":"ADS","type":"OPEN_THREAD","ads_context_data":{"ad_title":"Soldes"}} """, """{"adId":"6021","title":"Soldes","source":"ADS"}""", ""),
            (ChannelKind.Messenger, """ "postback":{"mid":"m_p","title":"Commander","payload":"START","referral":{"ad_id":"6021","source":"ADS","type":"OPEN_THREAD"}} """, """{"adId":"6021","source":"ADS"}""", """Commander {"payload":"START"}"""),
            (ChannelKind.Instagram, """ "referral":{"ref":"bio","source":"A_NEW_WORD","type":"OPEN_THREAD"} """, """{"ref":"bio","source":"A_NEW_WORD"}""", ""),
            (ChannelKind.Instagram, """ "postback":{"mid":"m_i","title":"Les prix?","payload":"ICE_1"} """, "", """Les prix? {"payload":"ICE_1"}"""),
        ];
        for (var i = 0; i < rows.Length; i++)
        {
            var (kind, told, from, said) = rows[i];
            await app.TellAsync(shop.MessagingBody(kind, Item(shop, kind, $"90{i}", DateTimeOffset.UtcNow, told)));
            var conversation = await app.ReadAsync(shop, db => db.Conversations.AsNoTracking().SingleAsync(c => db.Set<CustomerHandle>().Any(h => h.CustomerId == c.CustomerId && h.Handle == $"90{i}")));
            var message = (await app.MessagesAsync(shop)).SingleOrDefault(m => m.ConversationId == conversation.Id);
            Assert.Equal((told, from, said), (told, conversation.Referral ?? "", message is null ? "" : $"{message.Text} {message.Extras}"));
            Assert.NotNull(conversation.LastCustomerActionAt);
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_is_no_message_makes_no_conversation_and_is_not_unreadable(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var now = DateTimeOffset.UtcNow;
        string[] told =
        [
            """ "optin":{"type":"one_time_notif_req","payload":"x"} """, """ "account_linking":{"status":"linked"} """, """ "app_roles":{"1":["primary_receiver"]} """, """ "response_feedback":{"feedback":"Good bot","mid":"m"} """,
            """ "game_play":{"game_id":"1"} """, """ "message":{"mid":"c","commands":[{"name":"start"}]} """, """ "a_new_kind":{"mid":"x"} """,
        ];
        foreach (var kind in (ChannelKind[])[ChannelKind.Messenger, ChannelKind.Instagram])
            await app.TellAsync(shop.MessagingBody(kind, string.Join(',', told.Select(t => Item(shop, kind, "901", now, t)).Append($$$"""{"recipient":{"id":"1"},"timestamp":1,"optin":{"user_ref":"r","ref":"x"}}"""))));
        foreach (var field in (string[])["smb_app_state_sync", "automatic_events", "flows", "calls", "group_lifecycle_update", "business_username_update", "partner_solutions", "payment_configuration_update", "a_new_field"])
            await app.TellAsync(shop.WhatsappBody(field, """ "calls":[{"id":"1"}],"state_sync":[{"type":"contact"}] """));
        await app.TellAsync(shop.WhatsappBody("messages", """ "errors":[{"code":131000,"title":"Something went wrong"}] """));
        await app.TellAsync($$$"""{"object":"page","entry":[{"id":"{{{shop.Messenger.Account}}}","time":1,"changes":[{"field":"mention","value":{"item":"post"}},{"field":"ratings","value":{"item":"rating"}},{"field":"feed","value":{"item":"reaction","verb":"add"}}]}]}""");
        await app.TellAsync($$$"""{"object":"instagram","entry":[{"id":"{{{shop.Instagram.Account}}}","time":1,"changes":[{"field":"mentions","value":{"media_id":"1","comment_id":"2"}},{"field":"story_insights","value":{"media_id":"1"}}]}]}""");
        await app.TellAsync("""{"object":"a_new_object","entry":[{"id":"1"}]}""");
        Assert.Empty(await app.ConversationsAsync(shop));
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        Assert.All(await scope.Db.InboundEvents.AsNoTracking().ToListAsync(), e => Assert.Equal(EventState.Read, e.State));
    }

    [Theory, OnBothDatabases]
    public async Task Comments_are_kept_with_their_last_words_and_our_own_are_not(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var (page, instagram, second) = (shop.Messenger.Account, shop.Instagram.Account, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        (string Id, string[] Told, string Kept)[] onPage =
        [
            ("1", ["""{"item":"comment","verb":"add","from":{"id":"7002","name":"Lina"},"post_id":"9_55","parent_id":"9_55","message":"Prix svp"}"""], "Lina: Prix svp"),
            ("2", ["""{"item":"comment","verb":"add","sender_id":7002,"sender_name":"Lina","message":"Prix?"}"""], "Lina: Prix?"),
            ("3", ["""{"item":"comment","verb":"add","message":"Prix?"}"""], ": Prix?"),
            ("4", ["""{"item":"comment","verb":"add","from":{"id":"7002","name":"Lina"},"message":"Pri"}""", """{"item":"comment","verb":"edited","from":{"id":"7002"},"message":"Prix"}"""], "Lina: Prix edited"),
            ("5", ["""{"item":"comment","verb":"edit","from":{"id":"7002","name":"Lina"},"message":"Prix"}"""], "Lina: Prix edited"),
            ("6", ["""{"item":"comment","verb":"add","from":{"id":"7002","name":"Lina"},"message":"Prix"}""", """{"item":"comment","verb":"remove","from":{"id":"7002"}}"""], "Lina:  removed"),
            ("7", ["""{"item":"comment","verb":"hide","from":{"id":"7002","name":"Lina"},"message":"Prix"}"""], "Lina:  removed"),
            ("8", [$$$"""{"item":"comment","verb":"add","from":{"id":"{{{page}}}","name":"Nous"},"message":"Voilà"}"""], "nothing"),
        ];
        (string Id, string[] Told, string Kept)[] onInstagram =
        [
            ("i1", ["""{"from":{"id":"8002","username":"lina"},"text":"Prix?","media":{"id":"1","media_product_type":"AD","ad_id":"6021"}}"""], "lina: Prix?"),
            ("i2", ["""{"from":{"id":"8002","username":"lina"},"text":"Prix?","parent_id":"i1","media":{"id":"1"}}"""], "lina: Prix?"),
            ("i3", [$$$"""{"from":{"id":"{{{instagram}}}","username":"shop"},"text":"Voilà","media":{"id":"1"}}"""], "nothing"),
            ("i4", [$$$"""{"from":{"id":"1","self_ig_scoped_id":"{{{instagram}}}","username":"shop"},"text":"Voilà","media":{"id":"1"}}"""], "nothing"),
        ];
        foreach (var (id, told, _) in onPage)
            foreach (var value in told)
                await app.TellAsync($$$"""{"object":"page","entry":[{"id":"{{{page}}}","time":{{{second}}},"changes":[{"field":"feed","value":{"comment_id":"{{{id}}}","created_time":{{{second}}},{{{value[1..]}}}}]}]}""");
        foreach (var field in (string[])["comments", "live_comments"])
            foreach (var (id, told, _) in onInstagram)
            {
                var value = $$$"""{"id":"{{{field[0]}}}{{{id}}}",{{{told[0][1..]}}}""";
                // As the documentation has it and as it is seen.
                var change = $"\"field\":\"{field}\",\"value\":{value}";
                await app.TellAsync($$$"""{"object":"instagram","entry":[{"id":"{{{instagram}}}","time":{{{second}}},{{{(field == "comments" ? change : "\"changes\":[{" + change + "}]")}}}}]}""");
            }
        var comments = (await app.ReadAsync(shop, db => db.Comments.AsNoTracking().ToListAsync())).ToDictionary(c => c.ChannelCommentId);
        var expected = onPage.Concat(onInstagram.Select(r => (Id: "c" + r.Id, r.Told, r.Kept))).Concat(onInstagram.Select(r => (Id: "l" + r.Id, r.Told, r.Kept))).ToList();
        Assert.Equal(expected.Select(r => $"{r.Id} {r.Kept}"), expected.Select(r => $"{r.Id} {Shown(comments.GetValueOrDefault(r.Id))}"));
        Assert.Empty(await app.ConversationsAsync(shop));

        static string Shown(Comment? comment) => comment is null ? "nothing" : $"{comment.AuthorName}: {comment.Text}{(comment.EditedAt is null ? "" : " edited")}{(comment.RemovedAt is null ? "" : " removed")}";
    }

    [Theory, OnBothDatabases]
    public async Task A_customer_who_changed_their_number_or_id_is_the_same_customer(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var second = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (string Old, string New, string Field, string Told)[] rows =
        [
            ("213500000061", "213500000071", "messages", """ "messages":[{"from":"213500000061","id":"s1","timestamp":"{s}","type":"system","system":{"type":"user_changed_number","body":"x","wa_id":"213500000071"}}] """),
            ("213500000062", "213500000072", "messages", """ "messages":[{"from":"213500000062","id":"s2","timestamp":"{s}","type":"system","system":{"type":"customer_changed_number","body":"x","new_wa_id":"213500000072"}}] """),
            ("DZ.63", "DZ.73", "messages", """ "messages":[{"from_user_id":"DZ.63","id":"s3","timestamp":"{s}","type":"system","system":{"type":"user_changed_user_id","user_id":"DZ.73"}}] """),
            ("DZ.64", "DZ.74", "user_id_update", """ "user_id_update":[{"user_id":{"previous":"DZ.64","current":"DZ.74"},"timestamp":"{s}"}] """),
        ];
        foreach (var (old, now, field, told) in rows)
        {
            await WritesAsync(old);
            await app.TellAsync(shop.WhatsappBody(field, told.Replace("{s}", $"{second}", StringComparison.Ordinal)));
            await WritesAsync(now);
            var messages = await app.MessagesAsync(shop);
            Assert.Equal((told, messages.Single(m => m.ChannelMessageId == "m" + old).ConversationId), (told, messages.Single(m => m.ChannelMessageId == "m" + now).ConversationId));
        }

        Task WritesAsync(string who) => app.TellAsync(shop.WhatsappBody("messages",
            $$$""" "messages":[{"{{{(who[0] == 'D' ? "from_user_id" : "from")}}}":"{{{who}}}","id":"m{{{who}}}","timestamp":"{{{second}}}","type":"text","text":{"body":"salam"}}] """));
    }

    [Theory, OnBothDatabases]
    public async Task Who_stops_advertising_is_known_and_may_take_it_up_again(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        await app.SentAsync(shop, "213500000081");
        foreach (var (category, value, stopped) in ((string, string, bool)[])[("utility_messages", "stop", false), ("marketing_messages", "stop", true), ("marketing_messages", "resume", false)])
        {
            await app.TellAsync(shop.WhatsappBody("user_preferences", $$$"""
                "contacts":[{"wa_id":"213500000081"}],"user_preferences":[{"wa_id":"213500000081","category":"{{{category}}}","value":"{{{value}}}","timestamp":"{{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}}"}]
                """));
            Assert.Equal((category, value, stopped), (category, value, (await app.ReadAsync(shop, db => db.Customers.AsNoTracking().SingleAsync())).AdvertisingStoppedAt is not null));
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_phones_past_is_shown_and_never_answered_and_takes_nothing_over(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        var second = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds();
        await app.TellAsync(shop.WhatsappBody("history", $$$"""
            "history":[{"metadata":{"phase":0,"chunk_order":1,"progress":50},"threads":[{"id":"213500000091","messages":[
            {"from":"213500000091","id":"h1","timestamp":"{{{second}}}","type":"text","text":{"body":"salam"}},
            {"from":"213500009001","to":"213500000091","id":"h2","timestamp":"{{{second + 1}}}","type":"text","text":{"body":"marhba"}},
            {"from":"213500009001","to":"213500000091","id":"h3","timestamp":"{{{second + 2}}}","type":"reaction","reaction":{"message_id":"h1","emoji":"👍"}},
            {"from":"213500000091","id":"h4","timestamp":"{{{second + 3}}}","type":"reaction","reaction":{"message_id":"h2","emoji":"👍"}}]}]}]
            """));
        Assert.Equal(["salam", "marhba"], (await app.MessagesAsync(shop)).Select(m => m.Text));
        Assert.All(await app.MessagesAsync(shop), m => Assert.True(m.IsHistoric));
        var conversation = (await app.ConversationsAsync(shop)).Single();
        Assert.Equal((HeldBy.Agent, null), (conversation.HeldBy, conversation.DueAt));
    }

    private static string Item(Shop shop, ChannelKind kind, string who, DateTimeOffset at, string told) =>
        $$$"""{"sender":{"id":"{{{who}}}"},"recipient":{"id":"{{{shop.On(kind).Account}}}"},"timestamp":{{{at.ToUnixTimeMilliseconds()}}},{{{told}}}}""";
}
