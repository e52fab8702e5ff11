using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Events;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Knocks at the real webhook door with bodies of our own invention, signed as Meta signs.</summary>
internal static class MetaDoor
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vendors", "Meta", "payloads");

    /// <summary>A body from <c>payloads/</c>; <c>{{page}}</c>, <c>{{instagram}}</c>, <c>{{number}}</c>, <c>{{waba}}</c>, <c>{{s}}</c>, <c>{{ms}}</c> and what else is given are filled in.</summary>
    internal static string Payload(this Shop shop, string file, DateTimeOffset at, params (string Name, string Value)[] more)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file + ".json"));
        (string, string)[] usual =
        [
            ("page", shop.Messenger.Account), ("instagram", shop.Instagram.Account), ("number", shop.Whatsapp.Account), ("waba", "2" + shop.Whatsapp.Account[1..]),
            ("s", at.ToUnixTimeSeconds().ToString()), ("ms", at.ToUnixTimeMilliseconds().ToString()),
        ];
        foreach (var (name, value) in more.Concat(usual)) text = text.Replace("{{" + name + "}}", value, StringComparison.Ordinal);
        return text;
    }

    /// <summary>A delivery about the shop's number: one change of a field; <paramref name="value"/> stands beside the number's own lines.</summary>
    /// <param name="ofAccount">What is said of the whole business account names no number.</param>
    internal static string WhatsappBody(this Shop shop, string field, string value, bool ofAccount = false)
    {
        var metadata = ofAccount ? "" : $$"""
            "messaging_product":"whatsapp","metadata":{"display_phone_number":"213500009001","phone_number_id":"{{shop.Whatsapp.Account}}"},
            """;
        return $$$"""{"object":"whatsapp_business_account","entry":[{"id":"{{{"2" + shop.Whatsapp.Account[1..]}}}","changes":[{"field":"{{{field}}}","value":{{{{metadata}}}{{{value}}}}}]}]}""";
    }

    /// <summary>A delivery of events of the shop's Page or Instagram account; <paramref name="list"/> is <c>messaging</c> or <c>standby</c>.</summary>
    internal static string MessagingBody(this Shop shop, ChannelKind kind, string items, string list = "messaging")
    {
        var account = shop.On(kind).Account;
        return $$"""{"object":"{{(kind == ChannelKind.Instagram ? "instagram" : "page")}}","entry":[{"id":"{{account}}","time":{{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}},"{{list}}":[{{items}}]}]}""";
    }

    internal static Task<HttpStatusCode> KnockAsync(this TestApp app, string body, string? secret = null) => app.KnockAsync(Encoding.UTF8.GetBytes(body), Sign(Encoding.UTF8.GetBytes(body), secret));

    internal static async Task<HttpStatusCode> KnockAsync(this TestApp app, byte[] body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/meta") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (signature is not null) request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        using var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    internal static string Sign(byte[] body, string? secret = null) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret ?? TestApp.MetaAppSecret), body));

    /// <summary>Knocks, and waits until everything stored has been read.</summary>
    internal static async Task TellAsync(this TestApp app, string body, string? secret = null)
    {
        Assert.Equal(HttpStatusCode.OK, await app.KnockAsync(body, secret));
        await app.AllReadAsync();
    }

    internal static Task AllReadAsync(this TestApp app) => Eventually.HoldsAsync(async () =>
    {
        await using var scope = app.Get<WorkspaceScopes>().OpenNone();
        return !await scope.Db.InboundEvents.AnyAsync(e => e.State == EventState.Unread);
    }, TimeSpan.FromSeconds(90));

    internal static async Task<T> ReadAsync<T>(this TestApp app, Shop shop, Func<OrderClosrDb, Task<T>> read)
    {
        await using var scope = app.In(shop.Id);
        return await read(scope.Db);
    }

    /// <summary>The customer wrote by the shop's number and this was sent to them ten minutes ago.</summary>
    /// <returns>The conversation and the channel's id of what was sent.</returns>
    internal static async Task<(ConversationId Conversation, string Id)> SentAsync(this TestApp app, Shop shop, string customer, Author author = Author.Agent)
    {
        var ago = DateTimeOffset.UtcNow.AddMinutes(-10);
        await app.TellAsync(shop.Payload("whatsapp-text", ago.AddMinutes(-1), ("from", customer), ("id", $"wamid.in.{customer}"), ("text", "salam")));
        return await app.ReadAsync(shop, async db =>
        {
            var conversation = await db.Conversations.SingleAsync(c => db.Set<Message>().Any(m => m.ConversationId == c.Id && m.ChannelMessageId == $"wamid.in.{customer}"));
            var id = $"wamid.out.{customer}";
            db.Add(new Message
            {
                Id = MessageId.New(ago), ConversationId = conversation.Id, ChannelId = conversation.ChannelId, Seq = ++conversation.LastSeq, ChannelMessageId = id, Direction = Direction.Out, Author = author,
                Kind = MessageKind.Text, Text = "3500 DA", At = ago, StoredAt = ago, SendingAt = ago, Status = MessageStatus.Sent, IsAnswer = true,
            });
            conversation.Answered();
            await db.SaveChangesAsync();
            return (conversation.Id, id);
        });
    }

    /// <summary>All messages of a shop in their order.</summary>
    internal static Task<List<Message>> MessagesAsync(this TestApp app, Shop shop) =>
        app.ReadAsync(shop, db => db.Messages.AsNoTracking().Include(m => m.Attachments).OrderBy(m => m.ConversationId).ThenBy(m => m.Seq).ToListAsync());

    internal static Task<List<Conversation>> ConversationsAsync(this TestApp app, Shop shop) =>
        app.ReadAsync(shop, db => db.Conversations.AsNoTracking().OrderBy(c => c.Id).ToListAsync());
}
