using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Compares the rows of a file with the catalogue: a row belongs to the variant with its code, else to the product of its name.</summary>
internal sealed class ImportPlanning(IReadOnlyList<Product> products)
{
    private readonly Dictionary<string, Product> _bySku = products.SelectMany(p => p.Variants.Select(v => (v.Sku, p))).DistinctBy(x => x.Sku, StringComparer.OrdinalIgnoreCase).ToDictionary(x => x.Sku, x => x.p, StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, Product> _byName = products.ToLookup(p => Folding.Fold(p.Name));

    internal ImportPlan Plan(CatalogueRowsOfFile file)
    {
        var plan = new ImportPlan { Ignored = [.. file.Ignored] };
        var groups = new Dictionary<string, (Product? Product, List<CatalogueRow> Rows)>();
        foreach (var row in file.Rows)
        {
            var name = PlainText.Line(row["product"]);
            if (name.Length == 0 || name.Length > ProductRules.NameLength)
            {
                plan.Problems.Add(Problem(row, name.Length == 0 ? new("name_missing", "A product needs a name.", "product") : TooLong("product", ProductRules.NameLength)));
                continue;
            }
            var sku = PlainText.Line(row["sku"]);
            var named = _byName[Folding.Fold(name)].ToList();
            var product = sku.Length > 0 && _bySku.TryGetValue(sku, out var owner) ? owner : named.Count == 1 ? named[0] : null;
            if (product is null && named.Count > 1)
            {
                plan.Problems.Add(Problem(row, new("product_name_twice", "Several products have this name: give the code.", "sku")));
                continue;
            }
            var key = product is null ? $"new {Folding.Fold(name)}" : product.Id.ToString();
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = (product, []);
            group.Rows.Add(row);
        }
        foreach (var (product, rows) in groups.Values)
        {
            var problems = new List<ImportProblem>();
            var item = Item(product, rows, problems);
            if (problems.Count > 0) plan.Problems.AddRange(problems);
            else if (item.Changes.Count == 0) plan.Unchanged++;
            else plan.Items.Add(item);
        }
        plan.Problems.Sort((a, b) => a.Line.CompareTo(b.Line));
        return plan;
    }

    private static ImportItem Item(Product? product, List<CatalogueRow> rows, List<ImportProblem> problems)
    {
        var changes = new List<ImportChange>();
        var form = new ProductForm
        {
            Version = product?.Version,
            Name = Text("product", product?.Name, PlainText.Line, ProductRules.NameLength, mayBeEmpty: false), NameAr = Text("name_ar", product?.NameAr, PlainText.Line, ProductRules.NameLength),
            OtherNames = Text("other_names", product?.OtherNames, PlainText.Line, ProductRules.OtherNamesLength), Description = Text("description", product?.Description, PlainText.Lines, ProductRules.TextLength),
            AgentNotes = Text("agent_notes", product?.AgentNotes, PlainText.Lines, ProductRules.TextLength), Active = Active(), FloorPrice = Floor(),
        };

        var wanted = new List<(Variant? Variant, CatalogueRow Row, Dinars Price, Dictionary<string, string>? Options, Set<int?>? Stock)>();
        foreach (var row in rows)
        {
            var price = TypedAmount.Read(row["price"], "price");
            var stock = Stock(row);
            var options = row["options"] is { Length: > 0 } text ? CatalogueFile.ReadOptions(text) : null;
            var variant = product is null ? null : Variant(product, row, options);
            if (!price.Ok) problems.Add(Problem(row, price.Refusal));
            else if (price.Value is not { Amount: > 0 }) problems.Add(Problem(row, new("price_missing", "A product needs a price above zero.", "price")));
            else if (variant is not null && wanted.Exists(w => w.Variant == variant)) problems.Add(Problem(row, new("variant_twice", "Two lines are the same variant.", "sku")));
            else if (stock is { } read) wanted.Add((variant, row, price.Value.Value, options, read.Stock));
        }
        if (problems.Count > 0 || wanted.Count == 0) return new() { Name = rows[0]["product"]!, Form = form };

        var isWhole = product is null || product.Variants.All(v => wanted.Exists(w => w.Variant == v));
        var common = isWhole && wanted.TrueForAll(w => w.Price == wanted[0].Price) ? wanted[0].Price : product?.Price ?? wanted[0].Price;
        var variants = new List<VariantForm>();
        foreach (var variant in product?.Variants ?? [])
        {
            var at = wanted.FindIndex(w => w.Variant == variant);
            // What the file does not name keeps its price, also when the product's changes.
            var asIs = new VariantForm { Id = variant.Id, Sku = variant.Sku, Options = variant.Options, Price = variant.Price ?? product!.Price };
            variants.Add(at < 0 ? asIs : Changed(asIs, variant, wanted[at]));
        }
        foreach (var (_, row, price, options, stock) in wanted.Where(w => w.Variant is null))
        {
            variants.Add(new() { Sku = PlainText.Line(row["sku"]), Options = options ?? [], Price = price, Stock = stock });
            string[] told = [price.ToString(), $"{stock?.To}", options is { Count: > 0 } ? PlainText.Line(row["sku"]) : ""];
            changes.Add(new("variant", Label(options, row), null, string.Join(" · ", told.Where(t => t.Length > 0))));
        }
        return new() { Id = product?.Id, Name = product?.Name ?? PlainText.Line(rows[0]["product"]), Form = form with { Price = common, Variants = variants }, Changes = changes };

        VariantForm Changed(VariantForm asIs, Variant variant, (Variant? Variant, CatalogueRow Row, Dinars Price, Dictionary<string, string>? Options, Set<int?>? Stock) to)
        {
            if (asIs.Price != to.Price) changes.Add(new("price", variant.Label, asIs.Price?.ToString(), to.Price.ToString()));
            var options = to.Options is { Count: > 0 } typed && !typed.SequenceEqual(variant.Options) ? typed : variant.Options;
            if (!options.SequenceEqual(variant.Options)) changes.Add(new("options", variant.Label, CatalogueFile.OptionsText(variant.Options), CatalogueFile.OptionsText(options)));
            var sku = PlainText.Line(to.Row["sku"]);
            if (sku.Length > 0 && sku != variant.Sku) changes.Add(new("sku", variant.Label, variant.Sku, sku));
            var stock = to.Stock is { } set && set.To != variant.Stock ? set : null;
            if (stock is not null) changes.Add(new("stock", variant.Label, $"{variant.Stock}", $"{stock.To}"));
            return asIs with { Price = to.Price, Options = options, Sku = sku.Length > 0 ? sku : variant.Sku, Stock = stock, StockWas = stock is null ? null : new(variant.Stock) };
        }

        // A product's own columns: said on one of its lines is enough; two that disagree are a mistake.
        Set<T>? Said<T>(string column, Func<string?, string> clean, Func<string, Result<T>> read)
        {
            Set<T>? said = null;
            foreach (var row in rows)
            {
                if (clean(row[column]) is not { Length: > 0 } cell) continue;
                var value = read(cell);
                if (!value.Ok) problems.Add(Problem(row, value.Refusal));
                else if (said is null)
                {
                    said = new(value.Value);
                    continue;
                }
                else if (EqualityComparer<T>.Default.Equals(said.To, value.Value)) continue;
                else problems.Add(Problem(row, new("lines_differ", "The lines of one product say different things.", column)));
                break;
            }
            return said;
        }

        string? Text(string column, string? now, Func<string?, string> clean, int most, bool mayBeEmpty = true)
        {
            var said = Said<string>(column, clean, text => text.Length > most ? TooLong(column, most) : text)?.To;
            if (said is null) return mayBeEmpty && rows[0][column] is not null && now is { Length: > 0 } ? Note(column, now, "") : null;
            return said == (now ?? "") ? null : product is null && column == "product" ? said : Note(column, now, said);
        }

        string Note(string column, string? old, string now)
        {
            changes.Add(new(column, null, old, now));
            return now;
        }

        bool? Active()
        {
            var said = Said<bool>("active", PlainText.Line, cell => Folding.Compact(cell) switch
            {
                "1" or "true" or "vrai" or "oui" or "yes" or "o" or "y" or "نعم" => true,
                "0" or "false" or "faux" or "non" or "no" or "n" or "لا" => false,
                _ => new Refusal("active_unreadable", "Write 1 or 0.", "active"),
            });
            if (said is not null && product?.Active != said.To) changes.Add(new("active", null, product is null ? null : product.Active ? "1" : "0", said.To ? "1" : "0"));
            return said?.To;
        }

        Set<Dinars?>? Floor()
        {
            if (rows[0]["floor_price"] is null) return null;
            var floor = Said("floor_price", PlainText.Line, cell => TypedAmount.Read(cell, "floor_price")) ?? new(null);
            if (product?.FloorPrice != floor.To) changes.Add(new("floor_price", null, product?.FloorPrice?.ToString(), floor.To?.ToString()));
            return floor;
        }

        (Set<int?>? Stock, bool Read)? Stock(CatalogueRow row)
        {
            if (row["stock"] is not { } cell) return (null, true);
            if (cell.Length == 0) return (new(null), true);
            if (int.TryParse(Folding.AsciiDigits(cell), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var pieces) && pieces is >= 0 and <= ProductRules.MostStock) return (new(pieces), true);
            problems.Add(Problem(row, cell.TrimStart().StartsWith('-') ? new("stock_below_zero", "Stock cannot be below zero.", "stock") : new("stock_unreadable", "Stock is a whole number, or empty when it is not counted.", "stock")));
            return null;
        }
    }

    private static Variant? Variant(Product product, CatalogueRow row, Dictionary<string, string>? options)
    {
        var sku = PlainText.Line(row["sku"]);
        if (sku.Length > 0 && product.Variants.Find(v => v.Sku.Equals(sku, StringComparison.OrdinalIgnoreCase)) is { } bySku) return bySku;
        var label = Folding.Fold(string.Join(" / ", options?.Values ?? Enumerable.Empty<string>()));
        return product.Variants.Find(v => Folding.Fold(v.Label) == label);
    }

    private static string Label(Dictionary<string, string>? options, CatalogueRow row) =>
        options is { Count: > 0 } ? string.Join(" / ", options.Values) : PlainText.Line(row["sku"]);

    private static Refusal TooLong(string column, int most) => new("too_long", $"At most {most} characters.", column, [$"{most}"]);

    private static ImportProblem Problem(CatalogueRow row, Refusal refusal)
    {
        var product = PlainText.Line(row["product"]);
        return new(row.Line, product.Length > 60 ? product[..60] + "…" : product, refusal.Code, refusal.Field, refusal.Suggestions, refusal.Words);
    }
}
