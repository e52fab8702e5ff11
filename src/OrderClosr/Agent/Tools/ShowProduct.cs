using System.Text.Json;
using OrderClosr.Catalogue;

namespace OrderClosr.Agent.Tools;

/// <summary>One product in full; its photos go to the customer.</summary>
public sealed class ShowProduct(ProductSearch search) : ITool
{
    private const int MostPhotos = 3;

    public ToolShape Shape { get; } = new("show_product",
        "Sends the photos of one product to the customer, before your words, and answers its details. Use it when the customer wants to see it or asks for a real photo. Answers how many photos go out; with 0 say honestly that there is none.",
        ToolInput.Schema("""{"type":"object","properties":{"product":{"type":"string","description":"The product's name as search_products answered it."}},"required":["product"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var found = await search.FindProductAsync(input.Text("product"), stop);
        if (!found.Ok) return found.Refusal;
        var product = found.Value;
        var photos = product.Photos.OrderBy(p => p.Position).Take(MostPhotos).Select(p => new Conversations.StoredPhoto(p.File, p.MediaType)).ToList();
        if (photos.Count > 0 && !work.Effects.OfType<PhotosEffect>().Any(e => e.Photos.SequenceEqual(photos))) work.Effects.Add(new PhotosEffect(photos));
        return new(new { product = ProductWords.Show(product, work), photos = photos.Count });
    }
}
