using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue;
using OrderClosr.Channels;
using OrderClosr.Tests.Support;

namespace OrderClosr.Tests.Road;

/// <summary>A customer who wants to see the article gets its photo before the words, on each channel.</summary>
public sealed class PhotoTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Theory, OnBothDatabases]
    public async Task Asked_for_a_photo_the_agent_sends_it_on_each_channel(Database database)
    {
        await using var app = await TestApp.StartAsync(database);
        var shop = await app.NewShopAsync();
        await using (var scope = app.In(shop.Id))
        {
            using var photo = new MemoryStream(Convert.FromBase64String(Png));
            var added = await scope.Get<Photos>().AddAsync(shop.Products["sac"], photo, default);
            Assert.True(added.Ok, added.Refusal?.Words);
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
                return seen.Count >= 2;
            }, TimeSpan.FromSeconds(60));
            Assert.Equal("image", seen[0].Kind);
            Assert.Contains("Sac", seen[1].Text);
            // What arrived is the photo itself, byte for byte.
            Assert.Equal(Convert.FromBase64String(Png), await app.Sandbox.GetByteArrayAsync(new Uri(seen[0].Image!).PathAndQuery));
        }
    }
}
