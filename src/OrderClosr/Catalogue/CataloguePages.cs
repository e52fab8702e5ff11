using Microsoft.EntityFrameworkCore;
using OrderClosr.Catalogue.Pages;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Values;
using OrderClosr.Web;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Catalogue;

/// <summary>The merchant's catalogue: list, product, photos, file.</summary>
public static class CataloguePages
{
    /// <summary>At or below so many pieces a variant is "low".</summary>
    internal const int Low = 3;

    private const int PageSize = 50;

    public static void MapCataloguePages(this RouteGroupBuilder workspace)
    {
        var see = workspace.MapGroup("/catalogue").Needs(Capability.SeeShop);
        see.MapGet("", ListAsync);
        see.MapGet("/{id}", OpenAsync);
        workspace.MapGroup("").Needs(Capability.ChangeCatalogue).MapGet("/catalogue/export", async (OrderClosrDb db, TimeProvider time, CancellationToken stop) =>
            Results.File(CatalogueFile.Write(await ProductSearch.WithParts(db.Products.AsNoTracking().OrderBy(p => p.Name)).ToListAsync(stop)), "text/csv; charset=utf-8", $"catalogue-{time.TodayInAlgiers():yyyy-MM-dd}.csv"));

        var change = workspace.MapGroup("/catalogue").Needs(Capability.ChangeCatalogue);
        change.MapGet("/new", () => Results.Page<ProductPage>(new { Draft = new ProductDraft { OptionNames = ["", "", ""] }.WithEmptyRows(3) }));
        change.MapPost("/new", (HttpContext http, Shop shop, SaveProduct save) => SaveAsync(http, shop, save, null, null));
        change.MapPost("/{id}", async (HttpContext http, string id, Shop shop, SaveProduct save, OrderClosrDb db) =>
            await FindAsync(db, id, http.RequestAborted) is { } product ? await SaveAsync(http, shop, save, product.Id, product) : Results.NotFound());
        change.MapPost("/{id}/active", async (HttpContext http, string id, Shop shop, SaveProduct save) =>
        {
            if (!ProductId.TryParse(id, null, out var known)) return Results.NotFound();
            var active = (await http.Request.ReadFormAsync(http.RequestAborted))["active"] == "true";
            var saved = await save.RunAsync(known, new() { Active = active }, http.RequestAborted);
            return saved.Product is null ? Results.NotFound() : Results.Back(http, shop.Link($"catalogue/{known}"), active ? "catalogue.said_active" : "catalogue.said_archived");
        });
        change.MapPost("/{id}/photos", AddPhotoAsync);
        change.MapPost("/{id}/photos/{photo}/remove", async (HttpContext http, string id, string photo, Shop shop, Photos photos) =>
            ProductId.TryParse(id, null, out var known) && PhotoId.TryParse(photo, null, out var which) && (await photos.RemoveAsync(known, which, http.RequestAborted)).Ok
                ? Results.Back(http, shop.Link($"catalogue/{known}")) : Results.NotFound());

        change.MapGet("/import", () => Results.Page<ImportPage>());
        change.MapPost("/import", PreviewAsync);
        change.MapGet("/import/{id}", async (string id, OrderClosrDb db, TimeProvider time, CancellationToken stop) =>
            await FindImportAsync(db, id, time, stop) is { } import ? Results.Page<ImportPage>(new { Import = import, Plan = import.Read() }) : Results.NotFound());
        change.MapPost("/import/{id}", async (HttpContext http, string id, Shop shop, ImportCatalogue files, OrderClosrDb db, TimeProvider time) =>
        {
            if (await FindImportAsync(db, id, time, http.RequestAborted) is not { } import) return Results.NotFound();
            var applied = await files.ApplyAsync(import.Id, http.RequestAborted);
            return applied.Ok ? Results.Back(http, shop.Link("catalogue"), "catalogue.said_imported") : Results.Refused<ImportPage>(applied.Refusal, new { applied.Refusal, Import = import, Plan = import.Read() });
        });
    }

    private static async Task<IResult> ListAsync(HttpContext http, OrderClosrDb db, ProductSearch search, string? q, string? view, string? before, CancellationToken stop)
    {
        var query = PlainText.Line(q);
        var products = ProductSearch.WithParts(db.Products.AsNoTracking());
        products = view switch
        {
            "archived" => products.Where(p => !p.Active),
            "low" => products.Where(p => p.Active && p.Variants.Any(v => v.Stock <= Low)),
            _ => products.Where(p => p.Active),
        };
        IReadOnlyList<Product> found;
        string? next = null;
        if (query.Length > 0)
        {
            var all = await search.SearchAsync(query, PageSize, stop, alsoArchived: true);
            found = [.. all.Where(p => view switch { "archived" => !p.Active, "low" => p.Active && p.Variants.Exists(v => v.Stock <= Low), _ => p.Active })];
        }
        else
        {
            if (ProductId.TryParse(before, null, out var last)) products = products.Where(p => p.Id < last);
            var page = await products.OrderByDescending(p => p.Id).Take(PageSize + 1).ToListAsync(stop);
            found = [.. page.Take(PageSize)];
            if (page.Count > PageSize) next = found[^1].Id.ToString();
        }
        var isEmpty = found.Count == 0 && !await db.Products.AnyAsync(stop);
        var low = await db.Products.CountAsync(p => p.Active && p.Variants.Any(v => v.Stock <= Low), stop);
        return Results.Page<CataloguePage>(new { Products = found, Query = query, View = view is "archived" or "low" ? view : "active", Next = next, IsFirst = before is null, LowCount = low, IsEmpty = isEmpty });
    }

    private static async Task<IResult> OpenAsync(string id, OrderClosrDb db, CancellationToken stop) =>
        await FindAsync(db, id, stop) is { } product ? Results.Page<ProductPage>(new { Draft = ProductDraft.Of(product).WithEmptyRows(1), Product = product }) : Results.NotFound();

    private static async Task<IResult> SaveAsync(HttpContext http, Shop shop, SaveProduct save, ProductId? id, Product? product)
    {
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        var draft = ProductDraft.Read(id, sent);
        if (sent["do"] == "rows") return Results.Page<ProductPage>(new { Draft = draft.WithEmptyRows(draft.Variants.Count(v => v.IsBlank) + 3), Product = product });
        var (form, wrong) = draft.ToForm();
        var saved = wrong.Count > 0 ? new(null, wrong) : await save.RunAsync(id, form, http.RequestAborted);
        if (saved.Product is { } made) return Results.Back(http, shop.Link($"catalogue/{made.Id}"), "ui.saved");
        return Results.Refused<ProductPage>(saved.Refusal!, new { Draft = draft.WithEmptyRows(1), Product = product, saved.Wrong });
    }

    private static async Task<IResult> AddPhotoAsync(HttpContext http, string id, Shop shop, Photos photos, OrderClosrDb db)
    {
        if (await FindAsync(db, id, http.RequestAborted) is not { } product) return Results.NotFound();
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        Refusal? refusal = sent.Files.Count == 0 ? new("file_missing", "Choose a file.", "file") : null;
        foreach (var file in sent.Files)
        {
            await using var content = file.OpenReadStream();
            var added = await photos.AddAsync(product.Id, content, http.RequestAborted);
            if (!added.Ok) refusal = added.Refusal;
        }
        if (refusal is null) return Results.Back(http, shop.Link($"catalogue/{product.Id}"), "catalogue.said_photo");
        var now = await FindAsync(db, id, http.RequestAborted) ?? product;
        return Results.Refused<ProductPage>(refusal, new { Draft = ProductDraft.Of(now).WithEmptyRows(1), Product = now, Wrong = (IReadOnlyList<Refusal>)[refusal] });
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, Shop shop, ImportCatalogue files)
    {
        var sent = await http.Request.ReadFormAsync(http.RequestAborted);
        if (sent.Files.GetFile("file") is not { Length: > 0 } file) return Refused(new("file_missing", "Choose a file.", "file"));
        if (file.Length > CatalogueFile.MostBytes) return Refused(new("csv_too_large", "The file is too large.", "file", [$"{CatalogueFile.MostBytes / (1024 * 1024)} MB"]));
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, http.RequestAborted);
        var looked = await files.PreviewAsync(bytes.ToArray(), file.FileName, shop.AccountId, http.RequestAborted);
        return looked.Ok ? Results.Back(http, shop.Link($"catalogue/import/{looked.Value.Id}")) : Refused(looked.Refusal);

        static IResult Refused(Refusal refusal) => Results.Refused<ImportPage>(refusal, new { Refusal = refusal });
    }

    private static async Task<Product?> FindAsync(OrderClosrDb db, string id, CancellationToken stop) =>
        ProductId.TryParse(id, null, out var known) ? await ProductSearch.WithParts(db.Products.AsNoTracking()).SingleOrDefaultAsync(p => p.Id == known, stop) : null;

    private static async Task<CatalogueImport?> FindImportAsync(OrderClosrDb db, string id, TimeProvider time, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        return Id<CatalogueImport>.TryParse(id, null, out var known) ? await db.CatalogueImports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == known && i.ExpiresAt > now, stop) : null;
    }
}
