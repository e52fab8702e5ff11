using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Catalogue;

/// <summary>Products, variants, photos, stock.</summary>
public static class CatalogueSetup
{
    /// <summary>Adds the room.</summary>
    public static IServiceCollection AddCatalogue(this IServiceCollection services)
    {
        services.AddScoped<ProductSearch>().AddScoped<Stock>().AddScoped<SaveProduct>().AddScoped<Photos>().AddScoped<ImportCatalogue>();
        services.AddNavItem(new NavItem("catalogue", NavGroup.Shop, 110, "tag", "catalogue", Needs: Capability.SeeShop));
        return services;
    }
}
