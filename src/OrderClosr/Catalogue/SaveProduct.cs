using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Workspaces;

namespace OrderClosr.Catalogue;

/// <summary>Makes and changes products for every door: page, API, file.</summary>
public sealed class SaveProduct(OrderClosrDb db, Audit audit, TimeProvider time)
{
    /// <summary>Makes a product, or changes the one with this id.</summary>
    /// <returns>The product; or everything that is wrong, first things first, with nothing written.</returns>
    public async Task<Saved> RunAsync(ProductId? id, ProductForm form, CancellationToken stop)
    {
        try
        {
            return await db.InTransactionAsync(async () =>
            {
                await LockCodesAsync(stop);
                Product? product = null;
                if (id is { } known)
                {
                    await db.Dialect.LockRowAsync(db, "products", known.Value, stop);
                    product = await ProductSearch.WithParts(db.Products).SingleOrDefaultAsync(p => p.Id == known, stop);
                    if (product is null) return new(null, [Refusal.NotFound("product")]);
                }
                var saved = Fill(product, form, await TakenCodesAsync(stop));
                if (saved.Product is null) db.ChangeTracker.Clear();
                else await db.SaveChangesAsync(stop);
                return saved;
            }, stop);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return new(null, [Changed]);
        }
    }

    /// <summary>Until the transaction ends nobody else gives a code: of two who want one code at the same moment, in whatever letters, the second sees that it is taken.</summary>
    internal Task LockCodesAsync(CancellationToken stop) => db.Dialect.LockRowAsync(db, "workspaces", db.WorkspaceId.Value, stop);

    /// <summary>The codes of the workspace's variants and whose they are.</summary>
    internal async Task<TakenCodes> TakenCodesAsync(CancellationToken stop) =>
        new(await db.Variants.AsNoTracking().Select(v => KeyValuePair.Create(v.Sku, v.ProductId)).ToListAsync(stop));

    /// <summary>Fills a product of this context, or a new one, without saving; adds its codes to <paramref name="taken"/>.</summary>
    internal Saved Fill(Product? product, ProductForm form, TakenCodes taken)
    {
        var isNew = product is null;
        var was = product is null ? null : PricesOf(product);
        if (product is null)
        {
            product = new Product { Id = ProductId.New(time.GetUtcNow()), Name = "", Price = Dinars.Zero, CreatedAt = time.GetUtcNow() };
            db.Add(product);
        }
        else
        {
            if (form.Version is { } seen && seen != product.Version) return new(null, [Changed]);
            // A change of its variants alone is a change of the product, too.
            db.Entry(product).State = EntityState.Modified;
        }

        if (form.Name is not null) product.Name = PlainText.Line(form.Name);
        if (form.NameAr is not null) product.NameAr = PlainText.Line(form.NameAr);
        if (form.OtherNames is not null) product.OtherNames = PlainText.Line(form.OtherNames);
        if (form.Description is not null) product.Description = PlainText.Lines(form.Description);
        if (form.AgentNotes is not null) product.AgentNotes = PlainText.Lines(form.AgentNotes);
        if (form.Price is { } price) product.Price = price;
        if (form.FloorPrice is { } floor) product.FloorPrice = floor.To;
        if (form.Active is { } active) product.Active = active;
        var variants = form.Variants ?? (isNew ? [new VariantForm()] : null);
        var wrong = variants is null ? [] : Take(product, variants);
        wrong.AddRange(Codes(product, taken));
        wrong.AddRange(ProductRules.Check(product));
        if (wrong.Count > 0) return new(null, wrong);
        foreach (var variant in product.Variants) taken.Take(variant.Sku, product.Id);
        product.Search = ProductRules.SearchOf(product);
        if (was is not null) audit.Write(AuditAction.PriceChanged, product.Id, product.Name, was, PricesOf(product));
        db.Tell("product", product.Id);
        return new(product, []);
    }

    /// <summary>The product's prices and those of the variants that have their own, for the audit log.</summary>
    private static Dictionary<string, Dinars?> PricesOf(Product product) =>
        new(product.Variants.Where(v => v.Price is not null).Select(v => KeyValuePair.Create($"price/{v.Sku}", v.Price))) { ["price"] = product.Price, ["floor_price"] = product.FloorPrice };

    private List<Refusal> Take(Product product, IReadOnlyList<VariantForm> forms)
    {
        var wrong = new List<Refusal>();
        var kept = new List<Variant>();
        for (var i = 0; i < forms.Count; i++)
        {
            var form = forms[i];
            var variant = form.Id is { } id ? product.Variants.Find(v => v.Id == id) : new Variant { Id = VariantId.New(time.GetUtcNow()), ProductId = product.Id, Sku = "" };
            if (variant is null || kept.Contains(variant))
            {
                wrong.Add(new("variant_unknown", "The product has no such variant.", $"variants[{i}].id"));
                continue;
            }
            if (form.Sku is not null) variant.Sku = PlainText.Line(form.Sku);
            var options = new Dictionary<string, string>(form.Options is null ? variant.Options : []);
            foreach (var (name, value) in form.Options ?? new Dictionary<string, string>())
                if (!options.TryAdd(PlainText.Line(name), PlainText.Line(value))) wrong.Add(new("option_twice", "An option has one value.", $"variants[{i}].options"));
            if (!variant.Options.SequenceEqual(options)) variant.Options = options;
            if (form.Price is not null || !form.KeepsPrice) variant.Price = form.Price == product.Price ? null : form.Price;
            variant.Position = i;
            if (form.Stock is { } stock && (form.StockWas is null || form.StockWas.To != stock.To))
            {
                if (form.StockWas is { } was && was.To != variant.Stock && form.Id is not null)
                    wrong.Add(new("stock_changed", "Pieces were taken or given back meanwhile: look again.", $"variants[{i}].stock", [$"{variant.Stock}"], RefusalKind.Conflict));
                else variant.Stock = stock.To;
            }
            kept.Add(variant);
        }
        foreach (var gone in product.Variants.Except(kept).ToList())
        {
            product.Variants.Remove(gone);
            db.Remove(gone);
        }
        foreach (var variant in kept.Where(v => !product.Variants.Contains(v)))
        {
            product.Variants.Add(variant);
            db.Add(variant);
        }
        product.Variants.Sort((a, b) => a.Position.CompareTo(b.Position));
        return wrong;
    }

    /// <summary>Makes missing codes and refuses those that another product has.</summary>
    private static List<Refusal> Codes(Product product, TakenCodes taken)
    {
        var wrong = new List<Refusal>();
        for (var i = 0; i < product.Variants.Count; i++)
            if (taken.IsOfAnother(product.Variants[i].Sku, product.Id)) wrong.Add(new("sku_taken", "This code is used by another variant.", $"variants[{i}].sku"));
        foreach (var variant in product.Variants.Where(v => v.Sku.Length == 0)) variant.Sku = taken.Free(product, variant);
        return wrong;
    }

    private static readonly Refusal Changed = new("changed_meanwhile", "Somebody else changed this product meanwhile: look again.", Kind: RefusalKind.Conflict);
}

/// <summary>The codes of a workspace's variants and whose they are, while one save or one file gives new ones. Capitals make no other code.</summary>
internal sealed class TakenCodes
{
    private readonly Dictionary<string, ProductId> _owners = new(StringComparer.OrdinalIgnoreCase);

    // Where the last search for a free number ended: thousands of products without Latin letters all begin with the same code.
    private readonly Dictionary<string, int> _next = [];

    internal TakenCodes(IEnumerable<KeyValuePair<string, ProductId>> codes)
    {
        foreach (var (code, owner) in codes) _owners.TryAdd(code, owner);
    }

    internal bool IsOfAnother(string code, ProductId product) => _owners.TryGetValue(code, out var owner) && owner != product;

    internal void Take(string code, ProductId product) => _owners[code] = product;

    /// <summary>A code for a variant that has none: from its name and choice, with the first number that is free.</summary>
    internal string Free(Product product, Variant variant)
    {
        var words = ProductRules.SkuOf(product, variant);
        for (var number = _next.GetValueOrDefault(words, 1); ; number++)
        {
            var code = number == 1 && words != ProductRules.NoWords ? words : $"{words}-{number}";
            if (IsOfAnother(code, product.Id) || product.Variants.Exists(v => v.Sku.Equals(code, StringComparison.OrdinalIgnoreCase))) continue;
            _next[words] = number + 1;
            return code;
        }
    }
}

/// <summary>What came of a save: the product, or everything that is wrong.</summary>
public sealed record Saved(Product? Product, IReadOnlyList<Refusal> Wrong)
{
    /// <summary>The first thing that is wrong, for doors that say one.</summary>
    public Refusal? Refusal => Wrong.Count > 0 ? Wrong[0] : null;
}
