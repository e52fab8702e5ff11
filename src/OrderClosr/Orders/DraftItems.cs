using OrderClosr.Catalogue;
using OrderClosr.Ground.Values;

namespace OrderClosr.Orders;

/// <summary>Reads wanted lines against the catalogue: which product, which variant, how many, at what price; or says what is wrong and what could be meant.</summary>
public sealed class DraftItems(ProductSearch search)
{
    /// <summary>The most pieces of one line.</summary>
    public const int MostPieces = 99;

    /// <summary>The most lines of one order.</summary>
    public const int MostLines = 40;

    /// <summary>The lines, priced by the catalogue, or the first thing wrong with them.</summary>
    /// <param name="agreed">The order that is changed: it may keep the pieces it took from stock, and its variants cost what was agreed, whatever the catalogue says by now.</param>
    internal async Task<Result<IReadOnlyList<WantedLine>>> ReadAsync(IReadOnlyList<DraftItem> items, Order? agreed, bool ignoresFloor, CancellationToken stop)
    {
        if (items.Count > MostLines) return new Refusal("too_many_items", $"At most {MostLines} lines.", "items");
        var lines = new List<WantedLine>();
        foreach (var item in items)
        {
            if (item.Quantity is < 1 or > MostPieces) return new Refusal("quantity_out_of_range", $"A quantity is 1 to {MostPieces}.", "quantity");
            var found = await FindAsync(item, agreed, stop);
            if (!found.Ok) return found.Refusal;
            var (product, variant) = found.Value;
            var before = agreed?.Lines.FindAll(l => l.VariantId == variant.Id) ?? [];
            var listPrice = before.Count > 0 && !(item.UnitPrice > before[0].ListPrice) ? before[0].ListPrice : found.Value.Price;
            var price = item.UnitPrice ?? listPrice;
            if (price > listPrice) return new Refusal("above_price", "The price is higher than the catalogue's.", "unit_price", [listPrice.ToString()]);
            if (price < Dinars.Zero) return new Refusal("below_floor", "A price is not below zero.", "unit_price", [listPrice.ToString()]);
            if (!ignoresFloor && price < listPrice && !before.Exists(l => l.UnitPrice == price) && (product.FloorPrice is not { } floor || price < floor))
                // The floor itself is never told: who hears it (a model, and through it a customer) would pay no more.
                return new Refusal("below_floor", "The shop does not sell it at this price.", "unit_price", [listPrice.ToString()]);
            if (lines.Find(l => l.Variant.Id == variant.Id && l.UnitPrice == price) is { } same)
            {
                lines.Remove(same);
                lines.Add(same with { Quantity = same.Quantity + item.Quantity });
            }
            else lines.Add(new(product, variant, item.Quantity, listPrice, price));
        }
        foreach (var variant in lines.GroupBy(l => l.Variant.Id))
        {
            var wanted = variant.Sum(l => l.Quantity);
            if (wanted > MostPieces) return new Refusal("quantity_out_of_range", $"A quantity is 1 to {MostPieces}.", "quantity");
            var line = variant.First();
            var held = agreed is { HasStock: true } ? agreed.Lines.Where(l => l.VariantId == variant.Key).Sum(l => l.Quantity) : 0;
            if (line.Variant.Stock is { } left && left + held < wanted)
            {
                var others = line.Product.Variants.Where(v => v.Id != variant.Key && v.Stock is null or > 0).Select(v => v.Label).Where(l => l.Length > 0);
                var words = left <= 0 ? $"{Called(line)} is out of stock." : $"Only {left} left of {Called(line)}.";
                return new Refusal("out_of_stock", words, "items", [.. others.Take(8)], RefusalKind.Conflict);
            }
        }
        return lines;
    }

    private static string Called(WantedLine line) => line.Variant.Label.Length == 0 ? line.Product.Name : $"{line.Product.Name}, {line.Variant.Label}";

    private async Task<Result<FoundVariant>> FindAsync(DraftItem item, Order? agreed, CancellationToken stop)
    {
        if (item.VariantId is { } id)
            // What the shop no longer offers stays on the orders that hold it.
            return await search.ByIdAsync(id, stop) is { } variant && (variant.Product.Active || agreed?.Lines.Exists(l => l.VariantId == id) == true) ? variant : new Refusal("variant_unknown", "There is no such variant.", "variant_id");
        if (item.Sku is { Length: > 0 } sku)
            return await search.BySkuAsync(sku, stop) is { } coded ? coded : new Refusal("product_unknown", "The catalogue has no such code.", "items");
        return await search.FindVariantAsync(item.Product, item.Variant, stop);
    }
}

/// <summary>A line that the catalogue knows.</summary>
internal sealed record WantedLine(Product Product, Variant Variant, int Quantity, Dinars ListPrice, Dinars UnitPrice);
