using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Parcels;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Cash;

/// <summary>Services of the money's room.</summary>
public static class CashSetup
{
    public static IServiceCollection AddCash(this IServiceCollection services)
    {
        services.AddScoped<CashBook>().AddScoped<Terms>().AddScoped<ReturnFees>().AddScoped<Overdue>().AddScoped<SlipPlanning>().AddScoped<ImportSlip>().AddScoped<UndoSlip>().AddScoped<ResolveDifference>().AddScoped<Claims>();
        services.AddScoped<IListener<ParcelDelivered>, CashListeners>().AddScoped<IListener<ParcelReturned>, CashListeners>().AddScoped<IListener<ParcelMoved>, CashListeners>().AddScoped<IListener<ParcelMoneyHeard>, CashListeners>();
        services.AddScoped<CashViews>().AddScoped<CashExport>().AddScoped<ICustomerErasure, CashErasure>();
        services.AddJob<MarkOverdue, MarkOverdueHandler>();
        services.AddNavItem(new("cash", NavGroup.Work, 60, "cash", "cash", Needs: Capability.SeeCash, Count: (db, _, stop) => CashViews.WaitingAsync(db, stop)));
        return services;
    }
}
