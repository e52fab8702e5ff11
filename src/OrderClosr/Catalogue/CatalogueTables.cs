using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderClosr.Ground.Data;

namespace OrderClosr.Catalogue;

internal sealed class CatalogueTables : IEntityTypeConfiguration<Product>, IEntityTypeConfiguration<Variant>, IEntityTypeConfiguration<Photo>, IEntityTypeConfiguration<CatalogueImport>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("products");
        builder.HasIndex(p => new { p.WorkspaceId, p.CreatedAt });
        builder.HasMany(p => p.Variants).WithOne().HasForeignKey(v => v.ProductId);
        builder.HasMany(p => p.Photos).WithOne().HasForeignKey(p => p.ProductId);
    }

    public void Configure(EntityTypeBuilder<Variant> builder)
    {
        builder.ToTable("variants");
        builder.Ignore(v => v.Label);
        builder.HasIndex(v => new { v.WorkspaceId, v.Sku }).IsUnique();
        builder.Property(v => v.Options).HasConversion(
            options => JsonSerializer.Serialize(options, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<Dictionary<string, string>>((a, b) => a!.SequenceEqual(b!), o => o.Aggregate(0, (h, p) => HashCode.Combine(h, p.Key, p.Value)), o => new(o)));
    }

    public void Configure(EntityTypeBuilder<Photo> builder) => builder.ToTable("photos");

    public void Configure(EntityTypeBuilder<CatalogueImport> builder)
    {
        builder.ToTable("catalogue_imports");
        builder.HasIndex(i => new { i.WorkspaceId, i.ExpiresAt });
    }
}

/// <summary>Tables of the catalogue.</summary>
public static class CatalogueRows
{
    extension(OrderClosrDb db)
    {
        public DbSet<Product> Products => db.Set<Product>();
        public DbSet<Variant> Variants => db.Set<Variant>();
        public DbSet<Photo> Photos => db.Set<Photo>();
        public DbSet<CatalogueImport> CatalogueImports => db.Set<CatalogueImport>();
    }
}
