using OrderClosr.Ground.Jobs;

namespace OrderClosr.Orders;

/// <summary>Services of the orders' room.</summary>
public static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddScoped<DraftItems>().AddScoped<Drafts>().AddScoped<ConfirmOrder>().AddScoped<CancelOrder>().AddScoped<FollowOrder>().AddScoped<ChangeOrder>()
        .AddScoped<Leads>()
        .AddJob<WakePostponed, WakePostponedHandler>();
}
