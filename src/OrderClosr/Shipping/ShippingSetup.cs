using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Shipping;

/// <summary>Places, the fee table.</summary>
public static class ShippingSetup
{
    /// <summary>Adds the room.</summary>
    public static IServiceCollection AddShipping(this IServiceCollection services)
    {
        services.AddSingleton<Places>();
        services.AddScoped<FeeTable>().AddScoped<SaveFees>();
        services.AddNavItem(new NavItem("shipping", NavGroup.Shop, 120, "truck", "shipping", Needs: Capability.SeeShop));
        return services;
    }
}
