using System.Text.Json;
using OrderClosr.Catalogue;

namespace OrderClosr.Agent.Tools;

/// <summary>Finds products in the shop's catalogue.</summary>
public sealed class SearchProducts(ProductSearch search) : ITool
{
    private const int Most = 8;

    public ToolShape Shape { get; } = new("search_products",
        "Finds products of this shop by the words a customer uses (name, colour, size, in any script). Answers names, prices in dinars and which variants are available now. Call it before you say that something exists, costs so much or is available. An empty query lists everything.",
        ToolInput.Schema("""{"type":"object","properties":{"query":{"type":"string","description":"The customer's words for the product; empty for everything."}},"required":["query"],"additionalProperties":false}"""));

    public async Task<ToolReply> RunAsync(JsonElement input, TurnWork work, CancellationToken stop)
    {
        var found = await search.SearchAsync(input.Text("query"), Most + 1, stop);
        return new(new { products = found.Take(Most).Select(p => ProductWords.Show(p, work)).ToList(), more = found.Count > Most });
    }
}

/// <summary>A product as tools answer it: names, never ids.</summary>
internal static class ProductWords
{
    internal static object Show(Product product, TurnWork work)
    {
        work.Learn(product);
        work.Money.AddText(product.Description);
        work.MerchantTexts.Add(product.Description);
        work.Stock.RemoveAll(v => v.Product == product.Name);
        foreach (var variant in product.Variants) work.Stock.Add(new(product.Name, variant.Label, IsAvailable(variant)));
        return new
        {
            product = product.Name, price = product.Price, description = product.Description, notes = product.AgentNotes.Length > 0 ? product.AgentNotes : null,
            variants = product.Variants.OrderBy(v => v.Position).Select(v => new { variant = v.Label, price = v.Price ?? product.Price, available = IsAvailable(v) }).ToList(),
        };
    }

    private static bool IsAvailable(Variant variant) => variant.Stock is null or > 0;
}
