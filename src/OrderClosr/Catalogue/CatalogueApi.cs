using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Api;

namespace OrderClosr.Catalogue;

/// <summary>Products for the merchant's programs.</summary>
public static class CatalogueApi
{
    public static void MapCatalogueApi(this RouteGroupBuilder api)
    {
        api.MapGet("/products", async (HttpContext http, OrderClosrDb db, MediaAddresses media, CancellationToken stop) =>
        {
            var page = ApiPage.Read(http);
            if (!page.Ok) return Problems.Of(page.Refusal);
            return ApiAnswers.Of(await page.Value.OfAsync(ProductSearch.WithParts(db.Products.AsNoTracking()), (rows, last) => rows.Where(p => p.Id < last), p => ProductShape.Of(p, media), stop));
        }).Answers<ApiList<ProductShape>>().WithSummary("Products with their variants, newest first.");

        api.MapGet("/products/{id}", async (string id, OrderClosrDb db, MediaAddresses media, CancellationToken stop) =>
        {
            var product = ProductId.TryParse(id, null, out var known) ? await ProductSearch.WithParts(db.Products.AsNoTracking()).SingleOrDefaultAsync(p => p.Id == known, stop) : null;
            return ApiAnswers.Found(product is null ? null : ProductShape.Of(product, media), "product");
        }).Answers<ProductShape>().WithSummary("One product.");

        api.MapPost("/products", (HttpContext http, SaveProduct save, MediaAddresses media) =>
            ApiWrites.WriteAsync<ProductWrite, ProductShape>(http, body => SaveAsync(http, null, body, save, media), StatusCodes.Status201Created)).Takes<ProductWrite>().Answers<ProductShape>(StatusCodes.Status201Created).WithSummary("A new product.");

        api.MapPatch("/products/{id}", (string id, HttpContext http, SaveProduct save, MediaAddresses media) =>
            ApiWrites.WriteAsync<ProductWrite, ProductShape>(http, async body =>
                ProductId.TryParse(id, null, out var known) ? await SaveAsync(http, known, body, save, media) : Refusal.NotFound("product"))).Takes<ProductWrite>().Answers<ProductShape>().WithSummary("Changes a product: what is not named stays.");
    }

    private static async Task<Result<ProductShape>> SaveAsync(HttpContext http, ProductId? id, ProductWrite body, SaveProduct save, MediaAddresses media)
    {
        var form = body.ToForm();
        if (!form.Ok) return form.Refusal;
        var saved = await save.RunAsync(id, form.Value, http.RequestAborted);
        return saved.Product is { } product ? ProductShape.Of(product, media) : saved.Refusal!;
    }
}

/// <summary>A product as the API says it.</summary>
public sealed record ProductShape(ProductId Id, string Name, string Description, Dinars Price, Dinars? FloorPrice, bool Active, IReadOnlyList<string> Photos, IReadOnlyList<VariantShape> Variants)
{
    internal static ProductShape Of(Product product, MediaAddresses media) => new(product.Id, product.Name, product.Description, product.Price, product.FloorPrice, product.Active,
        [.. product.Photos.OrderBy(p => p.Position).Select(p => media.Of(product.WorkspaceId, p.File))],
        [.. product.Variants.OrderBy(v => v.Position).Select(v => new VariantShape(v.Id, v.Sku, v.Options, v.Price ?? product.Price, v.Stock))]);
}

/// <summary>A variant as the API says it: its price is what a customer pays, its stock null when not counted.</summary>
public sealed record VariantShape(VariantId Id, string Sku, IReadOnlyDictionary<string, string> Options, Dinars Price, int? Stock);

/// <summary>What a program may write of a product. A field left out keeps its value; <c>variants</c> replaces all of them, those with an <c>id</c> are changed.</summary>
public sealed record ProductWrite
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public Dinars? Price { get; init; }

    /// <summary>0 takes the floor away.</summary>
    public Dinars? FloorPrice { get; init; }
    public bool? Active { get; init; }
    public IReadOnlyList<VariantWrite>? Variants { get; init; }

    internal Result<ProductForm> ToForm()
    {
        if (Variants?.Any(v => v is null) == true) return new Refusal("wrong_value", "A variant is an object.", "variants");
        return new ProductForm
        {
            Name = Name, Description = Description, Price = Price, FloorPrice = FloorPrice is { } floor ? new(floor == Dinars.Zero ? null : floor) : null, Active = Active,
            Variants = Variants is null ? null : [.. Variants.Select(v => new VariantForm { Id = v.Id, Sku = v.Sku, Options = v.Options, Price = v.Price, KeepsPrice = true, Stock = v.Id is null || v.Stock is not null ? new(v.Stock) : null })],
        };
    }
}

/// <summary>What a program may write of a variant; what is left out of one with an <c>id</c> keeps its value. A price of its own ends with the product's written here.</summary>
public sealed record VariantWrite
{
    public VariantId? Id { get; init; }
    public string? Sku { get; init; }
    public IReadOnlyDictionary<string, string>? Options { get; init; }
    public Dinars? Price { get; init; }
    public int? Stock { get; init; }
}
