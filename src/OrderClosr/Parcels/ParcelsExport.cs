using OrderClosr.Ground.Data;
using OrderClosr.Ground.Tenancy;
using OrderClosr.Orders;

namespace OrderClosr.Parcels;

/// <inheritdoc cref="IRoomExport"/>
/// <remarks>What opens something without a sign-in stays: a courier account's credentials and webhook address, a label's address, the key of a tracking page.</remarks>
internal sealed class ParcelsExport : IRoomExport
{
    public IReadOnlyList<TableExport> Tables { get; } =
    [
        TableExport.Of<Parcel>("parcels", "What couriers carry.", p => p.Id, p => p.OrderId, p => p.AccountId, p => p.Courier, p => p.Reference, p => p.Sequence, p => p.Tracking, p => p.TheirId, p => p.State, p => p.StateAt, p => p.RawReason, p => p.CashState,
                p => p.ToCollect, p => p.Collected, p => p.DeliveryFee, p => p.CourierFee, p => p.Delivery, p => p.WilayaCode, p => p.CommuneCode, p => p.WilayaPlaceId, p => p.CommunePlaceId, p => p.DeskPlaceId, p => p.Weight, p => p.IsExchange,
                p => p.ToTakeBack, p => p.MayOpen, p => p.IsFragile, p => p.Note, p => p.MayExist, p => p.PostedAt, p => p.TakenBackAt, p => p.DamagedPieces, p => p.PrintedAt, p => p.HeardAt, p => p.CancelAskedAt, p => p.CreatedAt)
            .As("raw_state", p => p.Raw).As("trouble", p => p.Trouble == null ? null : new ParcelTroubleShape(p.Trouble, p.TroubleWords ?? "", p.Suggestions)).File(p => p.LabelFile)
            .OfCustomer(Of),
        TableExport.Of<ParcelEvent>("parcel_events", "Each line of a parcel's story.", e => e.Id, e => e.ParcelId, e => e.At, e => e.HeardAt, e => e.Actor, e => e.AccountId, e => e.From, e => e.State, e => e.Movement, e => e.Effect, e => e.Raw, e => e.Reason, e => e.Where)
            .OfCustomer((db, customer) =>
            {
                var parcels = Of(db, customer).Select(p => p.Id);
                return db.ParcelEvents.Where(e => parcels.Contains(e.ParcelId));
            }),
        TableExport.Of<Rescue>("rescues", "Tries to save a parcel that could come back.", r => r.Id, r => r.ParcelId, r => r.OrderId, r => r.CustomerId, r => r.ConversationId, r => r.State, r => r.StateAt, r => r.Kind, r => r.RawReason, r => r.Attempts, r => r.AtStake,
                r => r.DueAt, r => r.AskedBy, r => r.AskedAt, r => r.RemindedAt, r => r.Needs, r => r.ToType, r => r.CameToAPerson, r => r.Answer, r => r.NewDay, r => r.NewPhone, r => r.NewAddress, r => r.NewCommuneCode, r => r.NewDeskId, r => r.TakesFromDesk,
                r => r.WrittenAt, r => r.CreatedAt, r => r.FinishedAt, r => r.IsSaved)
            .OfCustomer(Rescues),
        TableExport.Of<RescueStep>("rescue_steps", "Each line of a rescue's story.", s => s.Id, s => s.RescueId, s => s.At, s => s.Actor, s => s.AccountId, s => s.What, s => s.From, s => s.State, s => s.Reason, s => s.MessageId)
            .OfCustomer((db, customer) =>
            {
                var rescues = Rescues(db, customer).Select(r => r.Id);
                return db.RescueSteps.Where(s => rescues.Contains(s.RescueId));
            }),
        TableExport.Of<DeliveryNotice>("delivery_notices", "That a customer was told the driver is on the way.", n => n.Id, n => n.ParcelId, n => n.CustomerId, n => n.Day, n => n.At, n => n.MessageId)
            .OfCustomer((db, customer) =>
            {
                var of = new CustomerId(customer);
                return db.DeliveryNotices.Where(n => n.CustomerId == of);
            }),
        TableExport.Of<Exchange>("exchanges", "Goods that come back for others.", e => e.Id, e => e.ParcelId, e => e.OrderId, e => e.NewOrderId, e => e.Lines, e => e.Reason, e => e.Note, e => e.Courier, e => e.MadeAt, e => e.MadeBy, e => e.TakenBackAt, e => e.DamagedPieces,
                e => e.GivenBackAt, e => e.GivenBackBy)
            .OfCustomer((db, customer) =>
            {
                var orders = OrdersExport.Of(db, customer).Select(o => o.Id);
                return db.Exchanges.Where(e => orders.Contains(e.OrderId));
            }),
        TableExport.Of<CourierAccount>("courier_accounts", "Accounts at couriers, without their keys.", a => a.Id, a => a.Courier, a => a.Name, a => a.BaseUrl, a => a.OriginWilaya, a => a.Variants, a => a.State, a => a.Trouble, a => a.TroubleWords, a => a.TroubleAt,
            a => a.LastEventAt, a => a.LastAnswerAt, a => a.IsDefault, a => a.SyncedAt, a => a.PausedAt, a => a.ExtraKilo, a => a.IncludedKilos, a => a.ConnectedAt),
        TableExport.Of<CourierPlace>("courier_places", "Wilayas, communes and desks as a courier lists them.", p => p.Id, p => p.AccountId, p => p.Kind, p => p.Ref, p => p.WilayaRef, p => p.CommuneRef, p => p.Name, p => p.NameAr, p => p.Address, p => p.PostalCode, p => p.WilayaCode,
            p => p.CommuneCode, p => p.IsMatchedByHand, p => p.ServesHome, p => p.ServesDesk, p => p.DaysFrom, p => p.DaysTo, p => p.DeskId, p => p.Active),
        TableExport.Of<CourierFee>("courier_fees", "What a courier bills.", f => f.Id, f => f.AccountId, f => f.WilayaRef, f => f.CommuneRef, f => f.Home, f => f.Desk, f => f.Return, f => f.PerExtraKilo, f => f.OverweightFrom),
        TableExport.Of<CourierRule>("courier_rules", "Which courier takes which parcels.", r => r.Id, r => r.Position, r => r.AccountId, r => r.WilayaCode, r => r.ProductId, r => r.Delivery, r => r.From, r => r.To),
        TableExport.Of<ParcelSettings>("parcel_settings", "The shop's rules about parcels.", s => s.BooksAlone, s => s.ReleasesAlone, s => s.MayOpen, s => s.UsualWeight),
        TableExport.Of<RescueSettings>("rescue_settings", "The shop's rules about parcels that could come back.", s => s.WritesAlone, s => s.SilentAfterHours, s => s.RemindAfterDays, s => s.DeskKeepsDays, s => s.WakesAtHour, s => s.SleepsAtHour, s => s.TellsDelivery,
            s => s.AttemptTemplate, s => s.DeskTemplate, s => s.ReminderTemplate),
        TableExport.Of<ShipBatch>("ship_batches", "Orders sent off together.", b => b.Id, b => b.AccountId, b => b.CreatedAt, b => b.Rows, b => b.Done, b => b.FinishedAt),
        TableExport.Of<LabelPrint>("label_prints", "Labels put on paper together.", p => p.Id, p => p.AccountId, p => p.CreatedAt, p => p.Format, p => p.Parcels, p => p.Gaps, p => p.File, p => p.Labels, p => p.FinishedAt),
        TableExport.Of<LabelReading>("label_readings", "What a member said a courier's word means.", r => r.Id, r => r.Courier, r => r.Label, r => r.Movement, r => r.AccountId, r => r.At),
        TableExport.LeftOut<CallBudget>("How often a courier was called in the last hours, so that its limits are kept."),
    ];

    /// <summary>The parcels of one customer.</summary>
    internal static IQueryable<Parcel> Of(OrderClosrDb db, Guid customer)
    {
        var orders = OrdersExport.Of(db, customer).Select(o => o.Id);
        return db.Parcels.Where(p => orders.Contains(p.OrderId));
    }

    private static IQueryable<Rescue> Rescues(OrderClosrDb db, Guid customer)
    {
        var of = new CustomerId(customer);
        return db.Rescues.Where(r => r.CustomerId == of);
    }
}
