using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Channels;
using OrderClosr.Conversations;
using OrderClosr.Ground.Running;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Vendors.Meta;

/// <summary>Photos and voice notes of customers (facts/meta.md section 8).</summary>
public sealed class MediaInTests
{
    /// <summary>A whole PNG of one point.</summary>
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private static async Task<Attachment> SendPhotoAsync(TestApp app, Shop shop, ChannelKind kind)
    {
        using var said = await app.Sandbox.PostAsJsonAsync("/meta/_customers/karim/say", new { channel = kind.ToString().ToLowerInvariant(), account = shop.On(kind).Account, name = "Karim", image = Png });
        Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
        return await Eventually.FindsAsync(() => app.ReadAsync(shop, db => db.Attachments.AsNoTracking()
            .Where(a => (a.File != null || a.Trouble != null) && db.Set<Message>().Any(m => m.Id == a.MessageId && m.ChannelId == shop.On(kind).Id)).OrderByDescending(a => a.Id).FirstOrDefaultAsync()), TimeSpan.FromSeconds(30));
    }

    [Theory, OnBothDatabases]
    public async Task A_photo_is_copied_from_each_channel_and_typed_by_its_content(Database database)
    {
        await using var app = await TestApp.StartAsync(database, TestAppOptions.AgentSleeps);
        var shop = await app.NewShopAsync();
        foreach (var kind in Enum.GetValues<ChannelKind>())
        {
            var photo = await SendPhotoAsync(app, shop, kind);
            Assert.Equal((null, "image/png", null), (photo.Trouble, photo.MediaType, photo.Url));
            await using var content = app.Get<MediaFiles>().Open(shop.Id, photo.File!)!.Value.Content;
            Assert.Equal(Convert.FromBase64String(Png).Length, content.Length);
        }
    }

    [Theory]
    [InlineData("media-404", "gone")]
    [InlineData("media-html", "not_media")]
    [InlineData("media-huge", "too_big")]
    public async Task What_cannot_be_a_photo_is_refused_with_its_reason(string knob, string trouble)
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = knob });
        Assert.Equal((trouble, null), await SendPhotoAsync(app, shop, ChannelKind.Whatsapp) is var photo ? (photo.Trouble, photo.File) : default);
        Assert.Single(await app.ConversationsAsync(shop));
    }

    [Fact]
    public async Task An_expired_address_is_looked_up_again()
    {
        await using var app = await TestApp.StartAsync(Database.Sqlite);
        var shop = await app.NewShopAsync();
        await app.FaultAsync(new { kind = "media-url-in-webhook" });
        await app.FaultAsync(new { kind = "media-expired", count = 1 });
        Assert.Equal((null, "image/png"), await SendPhotoAsync(app, shop, ChannelKind.Whatsapp) is var photo ? (photo.Trouble, photo.MediaType) : default);
    }
}
