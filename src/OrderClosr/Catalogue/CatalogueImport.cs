using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Ground.Values;

namespace OrderClosr.Catalogue;

/// <summary>A file that was looked at and not yet applied; gone after an hour or when it is applied.</summary>
public sealed class CatalogueImport : IOfWorkspace, IVersioned, IHasId<CatalogueImport>
{
    public required Id<CatalogueImport> Id { get; init; }
    public WorkspaceId WorkspaceId { get; init; }

    /// <summary>Who looked.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>The file's name, to recognise it.</summary>
    public required string FileName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The <see cref="ImportPlan"/> as JSON.</summary>
    public required string Plan { get; init; }

    public int Version { get; private set; }

    /// <summary>The plan.</summary>
    public ImportPlan Read() => JsonSerializer.Deserialize<ImportPlan>(Plan, JsonSerializerOptions.Default)!;
}

/// <summary>Looks at a file, keeps what it would change, and applies exactly that.</summary>
public sealed class ImportCatalogue(OrderClosrDb db, SaveProduct save, TimeProvider time)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    /// <summary>Works out what a file would change; writes nothing but the plan.</summary>
    public async Task<Result<CatalogueImport>> PreviewAsync(byte[] bytes, string fileName, Guid accountId, CancellationToken stop)
    {
        var file = CatalogueFile.Read(bytes);
        if (!file.Ok) return file.Refusal;
        var products = await ProductSearch.WithParts(db.Products).ToListAsync(stop);
        var plan = new ImportPlanning(products).Plan(file.Value);
        Check(plan, products, file.Value, await save.TakenCodesAsync(stop));
        db.ChangeTracker.Clear();

        var now = time.GetUtcNow();
        var name = PlainText.Line(Path.GetFileName(fileName));
        var import = new CatalogueImport
        {
            Id = Id<CatalogueImport>.New(now), AccountId = accountId, FileName = name.Length > 100 ? name[..100] : name, CreatedAt = now, ExpiresAt = now + Lasts,
            Plan = JsonSerializer.Serialize(plan, JsonSerializerOptions.Default),
        };
        db.RemoveRange(await db.CatalogueImports.Where(i => i.ExpiresAt < now).ToListAsync(stop));
        db.Add(import);
        await db.SaveChangesAsync(stop);
        return import;
    }

    /// <summary>Applies a plan whole; refused when something it changes is no longer as it was seen.</summary>
    /// <returns>How many products were made or changed.</returns>
    public async Task<Result<int>> ApplyAsync(Id<CatalogueImport> id, CancellationToken stop)
    {
        try
        {
            return await db.InTransactionAsync<Result<int>>(async () =>
            {
                await save.LockCodesAsync(stop);
                await db.Dialect.LockRowAsync(db, "catalogue_imports", id.Value, stop);
                var import = await db.CatalogueImports.SingleOrDefaultAsync(i => i.Id == id, stop);
                if (import is null || import.ExpiresAt < time.GetUtcNow()) return Refusal.NotFound("import");
                var plan = import.Read();
                var ids = plan.Items.Where(i => i.Id is not null).Select(i => i.Id!.Value).ToHashSet();
                var products = (await ProductSearch.WithParts(db.Products).ToListAsync(stop)).Where(p => ids.Contains(p.Id)).ToDictionary(p => p.Id);
                var taken = await save.TakenCodesAsync(stop);
                foreach (var item in plan.Items)
                {
                    var product = item.Id is { } known ? products.GetValueOrDefault(known) : null;
                    if ((item.Id is null || product is not null) && save.Fill(product, item.Form, taken).Product is not null) continue;
                    db.ChangeTracker.Clear();
                    return Outdated;
                }
                db.Remove(import);
                await db.SaveChangesAsync(stop);
                return plan.Items.Count;
            }, stop);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody saved one of them in this very moment.
            db.ChangeTracker.Clear();
            return Outdated;
        }
    }

    /// <summary>Runs the plan's saves without saving: what the rules refuse becomes a problem of its product's first line.</summary>
    private void Check(ImportPlan plan, List<Product> products, CatalogueRowsOfFile file, TakenCodes taken)
    {
        var byId = products.ToDictionary(p => p.Id);
        var lines = new Dictionary<string, int>();
        foreach (var row in file.Rows) lines.TryAdd(Folding.Fold(PlainText.Line(row["product"])), row.Line);
        foreach (var item in plan.Items.ToList())
        {
            var filled = save.Fill(item.Id is { } id ? byId[id] : null, item.Form, taken);
            if (filled.Product is not null) continue;
            plan.Items.Remove(item);
            var line = lines.GetValueOrDefault(Folding.Fold(item.Form.Name ?? item.Name));
            plan.Problems.AddRange(filled.Wrong.Take(5).Select(w => new ImportProblem(line, item.Name, w.Code, w.Field, w.Suggestions, w.Words)));
        }
        plan.Problems.Sort((a, b) => a.Line.CompareTo(b.Line));
    }

    private static readonly Refusal Outdated = new("import_outdated", "The catalogue changed since the file was looked at: look at it again.", Kind: RefusalKind.Conflict);
}
