using Microsoft.EntityFrameworkCore;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Parcels;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Sheets;

/// <summary>Services of the mirror.</summary>
public static class SheetsSetup
{
    public static IServiceCollection AddSheets(this IServiceCollection services)
    {
        services.AddSingleton<SheetKeys>().AddScoped<SheetColumns>().AddScoped<SheetMarks>().AddScoped<SheetHealth>().AddScoped<ReadBack>().AddScoped<MirrorTab>().AddScoped<TakeIn>().AddScoped<ConnectSheet>().AddScoped<SheetViews>();
        services.AddScoped<ICustomerErasure, SheetsErasure>().AddScoped<IListener<DeletionAsked>, LetGoOfSheetOnDeletionAsked>();
        services.AddScoped<IListener<OrderConfirmed>, MirrorListeners>().AddScoped<IListener<OrderCancelled>, MirrorListeners>().AddScoped<IListener<OrderChanged>, MirrorListeners>().AddScoped<IListener<LeadNoted>, MirrorListeners>()
            .AddScoped<IListener<ParcelMoved>, MirrorListeners>().AddScoped<IListener<ParcelRegistered>, MirrorListeners>();
        services.AddJob<MirrorSheet, MirrorSheetHandler>().AddJob<TickSheets, TickSheetsHandler>().AddJob<CallIntake, CallIntakeHandler>().AddJob<SendSheetLetter, SendSheetLetterHandler>();
        // One writer of a spreadsheet over all machines.
        services.AddSingleton(new LaneRule("sheet/", new LaneBudget(1)));
        services.AddNavItem(new("sheet", NavGroup.Settings, 30, "sheet", "settings/sheet", Needs: Capability.SeeShop, Calls: true,
            Count: (db, _, stop) => db.SheetConnections.CountAsync(c => c.State == SheetState.Broken, stop)));
        return services;
    }
}
