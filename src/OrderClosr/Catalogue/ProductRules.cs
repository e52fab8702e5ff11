using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>What a product must be; every door says the same no.</summary>
internal static class ProductRules
{
    internal const int NameLength = 200, TextLength = 4_000, OtherNamesLength = 1_000, SkuLength = 60, OptionLength = 60, MostVariants = 200, MostOptions = 3, MostStock = 1_000_000, MostPhotos = 5;

    /// <summary>Everything that is wrong, by field.</summary>
    internal static List<Refusal> Check(Product product)
    {
        var wrong = new List<Refusal>();
        if (product.Name.Length == 0) wrong.Add(new("name_missing", "A product needs a name.", "name"));
        TooLong(product.Name, NameLength, "name");
        TooLong(product.NameAr, NameLength, "name_ar");
        TooLong(product.OtherNames, OtherNamesLength, "other_names");
        TooLong(product.Description, TextLength, "description");
        TooLong(product.AgentNotes, TextLength, "agent_notes");
        Amount(product.Price, "price");
        if (product.Variants.Count == 0) wrong.Add(new("variant_missing", "A product has at least one variant.", "variants"));
        if (product.Variants.Count > MostVariants) wrong.Add(new("variants_too_many", $"A product may have {MostVariants} variants.", "variants", [$"{MostVariants}"]));

        var names = product.Variants.FirstOrDefault()?.Options.Keys.ToHashSet() ?? [];
        var labels = new HashSet<string>();
        var codes = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < product.Variants.Count; i++)
        {
            var variant = product.Variants[i];
            var at = $"variants[{i}]";
            if (variant.Price is { } own) Amount(own, $"{at}.price");
            if (variant.Stock is < 0) wrong.Add(new("stock_below_zero", "Stock cannot be below zero.", $"{at}.stock"));
            if (variant.Stock > MostStock) wrong.Add(new("stock_too_large", "This stock is too large.", $"{at}.stock"));
            TooLong(variant.Sku, SkuLength, $"{at}.sku");
            if (!codes.Add(variant.Sku)) wrong.Add(new("sku_taken", "This code is used by another variant.", $"{at}.sku"));
            if (variant.Options.Count > MostOptions) wrong.Add(new("options_too_many", $"A variant is told apart by {MostOptions} options at most.", $"{at}.options", [$"{MostOptions}"]));
            if (variant.Options.Any(o => o.Key.Length == 0 || o.Value.Length == 0)) wrong.Add(new("option_empty", "An option needs a name and a value.", $"{at}.options"));
            if (variant.Options.Any(o => o.Key.Length > OptionLength || o.Value.Length > OptionLength)) wrong.Add(new("too_long", $"At most {OptionLength} characters.", $"{at}.options", [$"{OptionLength}"]));
            if (!names.SetEquals(variant.Options.Keys)) wrong.Add(new("options_differ", "All variants of a product have the same options.", $"{at}.options", [.. names]));
            else if (!labels.Add(Folding.Fold(variant.Label))) wrong.Add(new("variant_twice", "Two variants are the same.", $"{at}.options", variant.Label.Length > 0 ? [variant.Label] : null));
        }

        if (product.FloorPrice is { } floor)
        {
            var lowest = product.Variants.Select(v => v.Price ?? product.Price).Append(product.Price).Min();
            if (floor <= Dinars.Zero) wrong.Add(new("amount_below_zero", "An amount must be above zero.", "floor_price"));
            else if (floor > lowest) wrong.Add(new("floor_above_price", $"The floor is at most the lowest price, {lowest.Amount}.", "floor_price", [lowest.ToString()]));
        }
        return wrong;

        void TooLong(string text, int most, string field)
        {
            if (text.Length > most) wrong.Add(new("too_long", $"At most {most} characters.", field, [$"{most}"]));
        }

        void Amount(Dinars amount, string field)
        {
            if (amount < Dinars.Zero) wrong.Add(new("amount_below_zero", "An amount must be above zero.", field));
            else if (amount == Dinars.Zero) wrong.Add(new("price_missing", "A product needs a price above zero.", field));
            else if (amount > TypedAmount.Most) wrong.Add(new("amount_too_large", "This amount is too large.", field));
        }
    }

    /// <summary>What the product is found by.</summary>
    internal static string SearchOf(Product product) => Folding.Fold(string.Join(' ',
        [product.Name, product.NameAr, product.OtherNames, .. product.Variants.SelectMany(v => v.Options.Values.Append(v.Sku)).Distinct(), product.Description]));

    /// <summary>The code of what has no Latin letters, but for its number.</summary>
    internal const string NoWords = "P";

    /// <summary>A code from the name and the choice: <c>ROBE-DETE-M-NOIR</c>; Arabic names have none, so their code is a number.</summary>
    internal static string SkuOf(Product product, Variant variant)
    {
        var words = Folding.Words($"{product.Name} {variant.Label}").Where(w => w.All(char.IsAscii)).Select(w => w.ToUpperInvariant());
        var code = string.Join('-', words);
        if (code.Length == 0) return NoWords;
        return code.Length > 40 ? code[..40].TrimEnd('-') : code;
    }
}
