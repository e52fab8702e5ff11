using System.Globalization;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>The product's form as it stands on the page: text, also when it is not yet right, so that nothing typed is lost.</summary>
public sealed record ProductDraft
{
    /// <summary>None for a new product.</summary>
    public ProductId? Id { get; init; }
    public int Version { get; init; }
    public string Name { get; init; } = "";
    public string NameAr { get; init; } = "";
    public string OtherNames { get; init; } = "";
    public string Description { get; init; } = "";
    public string AgentNotes { get; init; } = "";
    public string Price { get; init; } = "";
    public string FloorPrice { get; init; } = "";

    /// <summary>What tells variants apart, up to three: Taille, Couleur.</summary>
    public IReadOnlyList<string> OptionNames { get; init; } = ["", "", ""];

    public IReadOnlyList<VariantDraft> Variants { get; init; } = [];

    /// <summary>The form of a product as it is.</summary>
    public static ProductDraft Of(Product product)
    {
        var names = product.Variants.FirstOrDefault()?.Options.Keys.ToList() ?? [];
        return new()
        {
            Id = product.Id, Version = product.Version, Name = product.Name, NameAr = product.NameAr, OtherNames = product.OtherNames, Description = product.Description, AgentNotes = product.AgentNotes,
            Price = product.Price.Digits, FloorPrice = product.FloorPrice?.Digits ?? "", OptionNames = [.. Enumerable.Range(0, 3).Select(i => names.ElementAtOrDefault(i) ?? "")],
            Variants = [.. product.Variants.OrderBy(v => v.Position).Select(v => new VariantDraft
            {
                Id = v.Id.ToString(), Sku = v.Sku, Price = v.Price?.Digits ?? "", Stock = $"{v.Stock}", StockWas = $"{v.Stock}",
                Values = [.. Enumerable.Range(0, 3).Select(i => names.ElementAtOrDefault(i) is { } name ? v.Options.GetValueOrDefault(name, "") : "")],
            })],
        };
    }

    /// <summary>The form as it was sent.</summary>
    public static ProductDraft Read(ProductId? id, IFormCollection form)
    {
        var variants = new List<VariantDraft>();
        for (var i = 0; i <= ProductRules.MostVariants && form.ContainsKey($"v{i}.sku"); i++)
            variants.Add(new()
            {
                Id = form[$"v{i}.id"].ToString(), Sku = form[$"v{i}.sku"].ToString(), Price = form[$"v{i}.price"].ToString(), Stock = form[$"v{i}.stock"].ToString(), StockWas = form[$"v{i}.stock_was"].ToString(),
                Values = [.. Enumerable.Range(0, 3).Select(n => form[$"v{i}.o{n}"].ToString())], Remove = form[$"v{i}.remove"] == "true",
            });
        return new()
        {
            Id = id, Version = int.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0,
            Name = form["name"].ToString(), NameAr = form["name_ar"].ToString(), OtherNames = form["other_names"].ToString(), Description = form["description"].ToString(), AgentNotes = form["agent_notes"].ToString(),
            Price = form["price"].ToString(), FloorPrice = form["floor_price"].ToString(), OptionNames = [.. Enumerable.Range(0, 3).Select(n => form[$"option{n}"].ToString())], Variants = variants,
        };
    }

    /// <summary>Rows that count: not removed, and not an empty one at the end.</summary>
    internal List<VariantDraft> Kept => [.. Variants.Where(v => !v.Remove && !v.IsBlank)];

    /// <summary>What shall be saved; amounts and numbers that cannot be read are refused by field.</summary>
    internal (ProductForm Form, List<Refusal> Wrong) ToForm()
    {
        var wrong = new List<Refusal>();
        var price = Amount(Price, "price");
        var floor = Amount(FloorPrice, "floor_price");
        if (price is null && wrong.All(w => w.Field != "price")) wrong.Add(new("price_missing", "A product needs a price above zero.", "price"));
        var rows = Kept;
        var variants = rows.Select((row, i) =>
        {
            var options = new Dictionary<string, string>();
            for (var n = 0; n < 3; n++)
            {
                if (row.Values[n].Trim().Length == 0) continue;
                var name = OptionNames[n].Trim();
                if (name.Length == 0) wrong.Add(new("option_empty", "An option needs a name and a value.", $"variants[{i}].options"));
                else options[name] = row.Values[n];
            }
            return new VariantForm
            {
                Id = VariantId.TryParse(row.Id, null, out var id) ? id : null, Sku = row.Sku, Options = options, Price = Amount(row.Price, $"variants[{i}].price"),
                Stock = Pieces(row.Stock, $"variants[{i}].stock"), StockWas = row.Id.Length == 0 ? null : Pieces(row.StockWas, $"variants[{i}].stock"),
            };
        }).ToList();
        return (new()
        {
            Name = Name, NameAr = NameAr, OtherNames = OtherNames, Description = Description, AgentNotes = AgentNotes, Price = price, FloorPrice = new(floor), Version = Id is null ? null : Version,
            Variants = variants.Count == 0 && Id is null ? null : variants,
        }, wrong);

        Dinars? Amount(string text, string field)
        {
            var read = TypedAmount.Read(text, field);
            if (read.Ok) return read.Value;
            wrong.Add(read.Refusal);
            return null;
        }

        Set<int?>? Pieces(string text, string field)
        {
            var plain = Folding.AsciiDigits(text).Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
            if (plain.Length == 0) return new(null);
            if (int.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pieces)) return new(pieces);
            wrong.Add(new("stock_unreadable", "Stock is a whole number, or empty when it is not counted.", field));
            return null;
        }
    }

    /// <summary>The form with so many empty rows for new variants at its end.</summary>
    internal ProductDraft WithEmptyRows(int rows) => this with { Variants = [.. Variants.Where(v => !v.IsBlank), .. Enumerable.Repeat(new VariantDraft(), rows)] };
}

/// <summary>A row of the variants' table as typed.</summary>
public sealed record VariantDraft
{
    /// <summary>Empty for a new one.</summary>
    public string Id { get; init; } = "";
    public string Sku { get; init; } = "";
    public IReadOnlyList<string> Values { get; init; } = ["", "", ""];
    public string Price { get; init; } = "";
    public string Stock { get; init; } = "";

    /// <summary>The stock when the page was made: pieces that orders take meanwhile are not overwritten.</summary>
    public string StockWas { get; init; } = "";
    public bool Remove { get; init; }

    internal bool IsBlank => Id.Length == 0 && string.IsNullOrWhiteSpace(Sku + Price + Stock + string.Concat(Values));

    internal string Label => string.Join(" / ", Values.Where(v => v.Length > 0));
}
