using OrderClosr.Conversations;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders.Pages;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Orders;

/// <summary>Services of the orders' room.</summary>
public static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddScoped<OrderHolds>().AddScoped<DraftItems>().AddScoped<Drafts>().AddScoped<ConfirmOrder>().AddScoped<CancelOrder>().AddScoped<FollowOrder>().AddScoped<CreateOrder>().AddScoped<ChangeOrder>()
        .AddScoped<Leads>().AddScoped<LeadReader>().AddScoped<SaveOrderSettings>().AddScoped<OrderViews>().AddScoped<OrderSheets>().AddScoped<OrderPageParts>().AddScoped<HiddenNumbers>()
        .AddScoped<TakeOrder>().AddScoped<IListener<MemberChanged>, FreeOnMemberChanged>().AddScoped<IListener<MemberDisabled>, FreeOnMemberChanged>()
        .AddScoped<RiskReader>().AddScoped<ICustomerErasure, OrdersErasure>().AddScoped<IListener<OrderChanged>, JudgeOnOrderChanged>()
        .AddScoped<IListener<OrderConfirmed>, ConvertLeadsOnOrderChanged>().AddScoped<IListener<OrderChanged>, ConvertLeadsOnOrderChanged>().AddScoped<IListener<OrderCancelled>, ConvertLeadsOnOrderChanged>()
        .AddScoped<IListener<CommentReceived>, LeadOnCommentReceived>().AddScoped<IListener<CartReceived>, DraftOnCartReceived>().AddScoped<IListener<CustomerOptedOut>, CallOnCustomerOptedOut>()
        .AddJob<WakePostponed, WakePostponedHandler>().AddJob<TryAgain, TryAgainHandler>()
        .AddSingleton<NavItem>(all => new("confirm", NavGroup.Work, 20, "call", "orders/confirm", PhonePlace: 10, Needs: Capability.Confirm, Count: (db, _, stop) => OrderViews.WaitingAsync(db, all.GetRequiredService<TimeProvider>().GetUtcNow(), stop)))
        .AddNavItem(new("orders", NavGroup.Work, 30, "orders", "orders", PhonePlace: 30, Needs: Capability.SeeOrders))
        .AddNavItem(new("leads", NavGroup.Work, 40, "flag", "leads", Needs: Capability.SeeOrders))
        .AddNavItem(new("order_settings", NavGroup.Settings, 40, "orders", "settings/orders", Needs: Capability.SeeShop));
}
