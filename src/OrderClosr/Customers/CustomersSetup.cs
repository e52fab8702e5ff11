using OrderClosr.Customers.Pages;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Customers;

/// <summary>Who writes to the merchant.</summary>
public static class CustomersSetup
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services.AddScoped<KnownCustomers>().AddScoped<CustomerReader>().AddScoped<EraseCustomer>().AddScoped<ICustomerErasure, CustomersErasure>().AddScoped<IListener<ErasureReplayed>, EraseAgainOnErasureReplayed>()
        .AddNavItem(new("customers", NavGroup.Work, 70, "people", "customers", Needs: Capability.SeeCustomers));
}
