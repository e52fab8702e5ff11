using System.Text.Json;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Ground.Running;
using OrderClosr.Tests.Ground;
using OrderClosr.Tests.Support;
using SkiaSharp;

namespace OrderClosr.Tests.Road;

/// <summary>A customer who wants to see the article gets its photo before the words, on each channel.</summary>
public sealed class PhotoTests
{
    [Theory, OnBothDatabases]
    public async Task Asked_for_a_photo_the_agent_sends_it_on_each_channel(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            // One as shops upload it today, one as it was kept before: Meta takes no WebP as a photo.
            using var photo = new MemoryStream(PicturesTests.Photo(SKEncodedImageFormat.Webp));
            var added = await scope.Get<Photos>().AddAsync(shop.Products["sac"], photo, default);
            Assert.True(added.Ok, added.Refusal?.Words);
            photo.Position = 0;
            var old = await scope.Get<MediaFiles>().SaveAsync(shop.Id, photo, MediaFiles.Photos, MediaFiles.MostPhotoBytes, default);
            Assert.Equal("image/webp", old.Value.MediaType);
            scope.Db.Photos.Add(new() { Id = PhotoId.New(DateTimeOffset.UtcNow), ProductId = shop.Products["sac"], File = old.Value.File, MediaType = old.Value.MediaType, Position = 1 });
            await scope.Db.SaveChangesAsync();
        }
        foreach (var kind in Enum.GetValues<ChannelKind>())
        {
            var channel = kind.ToString().ToLowerInvariant();
            using var said = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(app.Sandbox, "/meta/_customers/karim/say", new { channel, account = shop.On(kind).Account, name = "Karim", text = "slm b3atli tsawer ta3 sac" });
            Assert.True(said.IsSuccessStatusCode, await said.Content.ReadAsStringAsync());
        }
        foreach (var kind in Enum.GetValues<ChannelKind>())
        {
            var channel = kind.ToString().ToLowerInvariant();
            List<(string Kind, string? Image, string Text)> seen = [];
            await Eventually.HoldsAsync(async () =>
            {
                using var thread = JsonDocument.Parse(await app.Sandbox.GetStringAsync($"/meta/_customers/karim/thread?channel={channel}&account={shop.On(kind).Account}"));
                seen = [.. thread.RootElement.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("from").GetString() == "business").Select(i => (i.GetProperty("kind").GetString()!, i.GetProperty("image_url").GetString(), i.GetProperty("text").GetString()!))];
                return seen.Count >= 3;
            });
            Assert.Equal(["image", "image"], seen.Take(2).Select(s => s.Kind));
            Assert.Contains("Sac", seen[2].Text);
            foreach (var (_, image, _) in seen.Take(2)) Assert.True(Pictures.IsBare(await app.Sandbox.GetByteArrayAsync(new Uri(image!).PathAndQuery)));
        }
    }
}
