using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;

namespace OrderClosr.Customers;

/// <summary>Who writes to the merchant.</summary>
public static class CustomersSetup
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services.AddScoped<KnownCustomers>().AddScoped<EraseCustomer>().AddScoped<ICustomerErasure, CustomersErasure>().AddScoped<IListener<ErasureReplayed>, EraseAgainOnErasureReplayed>();
}
