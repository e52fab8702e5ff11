namespace OrderClosr.Customers;

/// <summary>Who writes to the merchant.</summary>
public static class CustomersSetup
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services.AddScoped<KnownCustomers>();
}
