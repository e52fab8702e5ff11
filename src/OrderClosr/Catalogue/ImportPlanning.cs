using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>Compares the rows of a file with the catalogue: a row belongs to the variant with its code, else to the product of its name.</summary>
internal sealed class ImportPlanning(IReadOnlyList<Product> products)
{
    private readonly Dictionary<string, Product> _bySku = products.SelectMany(p => p.Variants.Select(v => (v.Sku, p))).ToDictionary(x => x.Sku, x => x.p, StringComparer.OrdinalIgnoreCase);
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
            Name = Text("product", product?.Name, PlainText.Line, mayBeEmpty: false), NameAr = Text("name_ar", product?.NameAr, PlainText.Line), OtherNames = Text("other_names", product?.OtherNames, PlainText.Line),
            Description = Text("description", product?.Description, PlainText.Lines), AgentNotes = Text("agent_notes", product?.AgentNotes, PlainText.Lines), Active = Active(), FloorPrice = Floor(),
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
            changes.Add(new("variant", Label(options, row), null, new Dinars(price.Amount).ToString() + (stock?.To is { } pieces ? $" · {pieces}" : "")));
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
        string? Text(string column, string? now, Func<string?, string> clean, bool mayBeEmpty = true)
        {
            var said = rows.Select(r => (Row: r, Text: r[column])).Where(r => r.Text is not null).Select(r => (r.Row, Text: clean(r.Text))).ToList();
            if (said.Count == 0) return null;
            var first = said.Find(s => s.Text.Length > 0);
            if (first.Row is null) return mayBeEmpty && now is { Length: > 0 } ? Note(column, now, "") : null;
            if (said.Find(s => s.Text.Length > 0 && s.Text != first.Text) is { Row: not null } other)
                problems.Add(Problem(other.Row, new("lines_differ", "The lines of one product say different things.", column)));
            if (first.Text.Length > (column is "description" or "agent_notes" ? ProductRules.TextLength : ProductRules.OtherNamesLength)) problems.Add(Problem(first.Row, TooLong(column, ProductRules.TextLength)));
            return first.Text == (now ?? "") ? null : now is null && product is null ? first.Text : Note(column, now, first.Text);
        }

        string Note(string column, string? old, string now)
        {
            changes.Add(new(column, null, old, now));
            return now;
        }

        bool? Active()
        {
            var cell = rows.Select(r => r["active"]).FirstOrDefault(c => c is { Length: > 0 });
            if (cell is null) return null;
            var active = Folding.Compact(cell) is "1" or "true" or "vrai" or "oui" or "yes" or "o" or "y" or "نعم";
            if (!active && Folding.Compact(cell) is not ("0" or "false" or "faux" or "non" or "no" or "n" or "لا")) problems.Add(Problem(rows[0], new("active_unreadable", "Write 1 or 0.", "active")));
            if (product is not null && product.Active != active) changes.Add(new("active", null, product.Active ? "1" : "0", active ? "1" : "0"));
            return active;
        }

        Set<Dinars?>? Floor()
        {
            if (rows[0]["floor_price"] is null) return null;
            var row = rows.Find(r => r["floor_price"] is { Length: > 0 });
            var floor = TypedAmount.Read(row?["floor_price"], "floor_price");
            if (!floor.Ok)
            {
                problems.Add(Problem(row!, floor.Refusal));
                return null;
            }
            if (product is not null && product.FloorPrice != floor.Value) changes.Add(new("floor_price", null, product.FloorPrice?.ToString(), floor.Value?.ToString()));
            return new(floor.Value);
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
