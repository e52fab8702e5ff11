using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Catalogue;

/// <inheritdoc cref="IRoomExport"/>
internal sealed class CatalogueExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Product>("products", "What the shop sells.", p => p.Id, p => p.Name, p => p.NameAr, p => p.OtherNames, p => p.Description, p => p.Price, p => p.FloorPrice, p => p.Active, p => p.AgentNotes, p => p.CreatedAt)
            .With("photos", p => p.Photos, TableExport.Of<Photo>("photos", "Pictures of a product; the file itself lies in media.", p => p.Id, p => p.File, p => p.MediaType, p => p.Position))
            .With("variants", p => p.Variants, TableExport.Of<Variant>("variants", "Choices of a product; a price of null is the product's.", v => v.Id, v => v.Sku, v => v.Options, v => v.Price, v => v.Stock, v => v.Position)),
        TableExport.LeftOut<CatalogueImport>("A file that was looked at and not applied; gone after an hour."),
    ];
}
