using OrderClosr.Ground.Events;
using OrderClosr.Ground.Jobs;
using OrderClosr.Ground.Running;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;
using OrderClosr.Parcels.Pages;
using OrderClosr.Web.Ui;
using OrderClosr.Workspaces;

namespace OrderClosr.Parcels;

/// <summary>Services of the parcels' room.</summary>
public static class ParcelsSetup
{
    public static IServiceCollection AddParcels(this IServiceCollection services)
    {
        services.AddSingleton<CourierPaces>().AddSingleton<Couriers>();
        services.AddScoped<CourierHealth>().AddScoped<ConnectCourier>().AddScoped<KeepLists>().AddScoped<Destinations>().AddScoped<Choosing>();
        services.AddScoped<Moving>().AddScoped<ShipOrder>().AddScoped<ChangeParcel>().AddScoped<ParcelsToBook>().AddScoped<BookingEnds>().AddScoped<CourierCalls>().AddScoped<Polling>();
        services.AddScoped<BilledFees>().AddScoped<MatchPlace>().AddScoped<CourierRules>().AddScoped<CourierViews>().AddScoped<CourierPageParts>();
        services.AddScoped<ShipMany>().AddScoped<ReadStatus>().AddScoped<HandOver>().AddScoped<TakeBack>().AddScoped<UndoRescue>().AddScoped<SaveRescueSettings>().AddScoped<RescueSheets>().AddScoped<RescueParts>().AddScoped<MakeExchange>().AddScoped<CorrectLater>().AddScoped<TakeBackExchange>().AddScoped<ExchangeViews>().AddScoped<ExchangeParts>().AddScoped<PrintLabels>().AddJob<MergeLabels, MergeLabelsHandler>().AddJob<RunShipBatch, RunShipBatchHandler>();
        services.AddScoped<IListener<OrderConfirmed>, BookOnOrderConfirmed>().AddScoped<IListener<OrderCancelled>, CancelOnOrderCancelled>().AddScoped<IListener<OrderChanged>, UpdateOnOrderChanged>();
        services.AddScoped<IListener<LaneBroken>, BreakCourierOnLaneBroken>().AddScoped<IListener<DatabaseRestored>, LookFirstOnDatabaseRestored>();
        services.AddScoped<IOrderHold, HoldWhileShipped>().AddScoped<IParcelRecords, ParcelRecords>().AddScoped<ICustomerErasure, ParcelsErasure>();
        services.AddSingleton<IEventSource, CourierEvents>();
        services.AddJob<BookParcels, BookParcelsHandler>().AddJob<CancelAtCourier, CancelAtCourierHandler>().AddJob<ReleaseParcel, ReleaseParcelHandler>().AddJob<UpdateParcel, UpdateParcelHandler>();
        services.AddJob<FetchLabel, FetchLabelHandler>().AddJob<TrackParcels, TrackParcelsHandler>().AddJob<PollCouriers, PollCouriersHandler>().AddJob<RegisterWebhook, RegisterWebhookHandler>();
        services.AddJob<ReadLists, ReadListsHandler>().AddJob<SyncCouriers, SyncCouriersHandler>().AddJob<PlaceParcel, PlaceParcelHandler>();
        services.AddScoped<BoardViews>().AddScoped<ParcelSheets>().AddScoped<ParcelPageParts>().AddScoped<ShipPageParts>().AddScoped<HandoverParts>();
        services.AddNavItem(new("parcels", NavGroup.Work, 50, "parcel", "parcels", Needs: Capability.SeeParcels, Count: (db, _, stop) => BoardViews.WaitingAsync(db, stop), Calls: true))
            .AddNavItem(new("rescue", NavGroup.Work, 55, "alert", "parcels/rescue", Needs: Capability.SeeParcels, Count: (db, _, stop) => RescueQueue.WaitingAsync(db, stop), Calls: true));
        services.AddScoped<IListener<ParcelMoved>, RescueOnParcelMoved>().AddScoped<IListener<ParcelMoved>, NoticeOnParcelMoved>();
        services.AddScoped<RescueQueue>().AddScoped<WorkRescue>().AddScoped<RescueSteps>().AddScoped<AnswerRescue>().AddScoped<RescueWords>().AddScoped<DeliveryNotices>();
        services.AddJob<StepRescue, StepRescueHandler>().AddJob<WriteRescue, WriteRescueHandler>().AddJob<AskAttempt, AskAttemptHandler>().AddJob<TellDelivery, TellDeliveryHandler>();
        // The courier's own limits count calls, not jobs: see CallLedger.
        services.AddSingleton(new LaneRule("courier/", new(4)));
        return services;
    }
}
