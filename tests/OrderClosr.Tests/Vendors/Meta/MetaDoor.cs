using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>All messages of a shop in their order.</summary>
    internal static Task<List<Message>> MessagesAsync(this TestApp app, Shop shop) =>
        app.ReadAsync(shop, db => db.Messages.AsNoTracking().Include(m => m.Attachments).OrderBy(m => m.ConversationId).ThenBy(m => m.Seq).ToListAsync());

    internal static Task<List<Conversation>> ConversationsAsync(this TestApp app, Shop shop) =>
        app.ReadAsync(shop, db => db.Conversations.AsNoTracking().OrderBy(c => c.Id).ToListAsync());
}
